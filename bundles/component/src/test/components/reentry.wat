;; Calls the host from a function, from an allocation, and from the clean-up after a function.
(component
  (import "test:host/call@1.0.0" (instance $host (export "out" (func))))
  (core func $out (canon lower (func $host "out")))
  (core module $main
    (import "host" "out" (func $out))
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (call $out) (i32.const 8))
    (func (export "run") (call $out))
    (func (export "text") (param i32 i32))
    (func (export "number") (result i32) (i32.const 7))
    (func (export "cleanup") (param i32) (call $out)))
  (core instance $main (instantiate $main (with "host" (instance (export "out" (func $out))))))
  (func (export "run") (canon lift (core func $main "run")))
  (func (export "text") (param "t" string)
    (canon lift (core func $main "text") (memory (core memory $main "memory")) (realloc (core func $main "realloc"))))
  (func (export "number") (result u32)
    (canon lift (core func $main "number") (post-return (core func $main "cleanup"))))
)
