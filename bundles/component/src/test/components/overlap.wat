;; Returns a list of COUNT lists, all of which lie on the same 60 000 bytes.
(component
  (core module $main
    (memory (export "memory") 8)
    (func (export "lists") (param $count i32) (result i32)
      (local $i i32) (local $at i32)
      (local.set $at (i32.const 65536))
      (block $done (loop $next
        (br_if $done (i32.ge_u (local.get $i) (local.get $count)))
        (i32.store (local.get $at) (i32.const 0))
        (i32.store offset=4 (local.get $at) (i32.const 60000))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))
      (i32.store (i32.const 64000) (i32.const 65536))
      (i32.store (i32.const 64004) (local.get $count))
      (i32.const 64000)))
  (core instance $main (instantiate $main))
  (func (export "lists") (param "count" u32) (result (list (list u8)))
    (canon lift (core func $main "lists") (memory (core memory $main "memory"))))
)
