;; Three levels of ten instances each: 1110 in all.
(component
  (component $leaf)
  (component $inner
    (alias outer 1 0 (component $leaf))
    (instance (instantiate $leaf)) (instance (instantiate $leaf)) (instance (instantiate $leaf))
    (instance (instantiate $leaf)) (instance (instantiate $leaf)) (instance (instantiate $leaf))
    (instance (instantiate $leaf)) (instance (instantiate $leaf)) (instance (instantiate $leaf))
    (instance (instantiate $leaf)))
  (component $outer
    (alias outer 1 1 (component $inner))
    (instance (instantiate $inner)) (instance (instantiate $inner)) (instance (instantiate $inner))
    (instance (instantiate $inner)) (instance (instantiate $inner)) (instance (instantiate $inner))
    (instance (instantiate $inner)) (instance (instantiate $inner)) (instance (instantiate $inner))
    (instance (instantiate $inner)))
  (instance (instantiate $outer)) (instance (instantiate $outer)) (instance (instantiate $outer))
  (instance (instantiate $outer)) (instance (instantiate $outer)) (instance (instantiate $outer))
  (instance (instantiate $outer)) (instance (instantiate $outer)) (instance (instantiate $outer))
  (instance (instantiate $outer))
)
