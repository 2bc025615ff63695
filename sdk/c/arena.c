/* Memory for a process without a libc. One that has a libc brings its own ashlar_alloc and cabi_realloc instead. */
#include "ashlar.h"

/* ---- the arena: from the end of the static data to the end of memory, which grows ---- */

extern uint8_t __heap_base;
static uintptr_t arena_next;

enum { PAGE = 65536 };

static void *arena_take(size_t size, size_t align) {
    if (arena_next == 0) arena_next = (uintptr_t)&__heap_base;
    uintptr_t start = (arena_next + align - 1) & ~(uintptr_t)(align - 1);
    uintptr_t end = start + size;
    if (end < start) __builtin_trap();
    size_t pages = __builtin_wasm_memory_size(0), needed = (end - 1) / PAGE + 1;
    if (needed > pages && __builtin_wasm_memory_grow(0, needed - pages) == (size_t)-1) __builtin_trap();
    arena_next = end;
    return (void *)start;
}

ashlar_place ashlar_here(void) { return (uintptr_t)arena_take(0, 1); }

void ashlar_release(ashlar_place place) { arena_next = place; }

void *ashlar_alloc(size_t size) {
    void *block = arena_take(size, 8);
    __builtin_memset(block, 0, size);
    return block;
}

/* The host allocates here what it passes in. It never resizes in practice; the copy keeps to the contract. */
__attribute__((export_name("cabi_realloc")))
void *ashlar_cabi_realloc(void *old, size_t old_size, size_t align, size_t size) {
    void *block = arena_take(size, align);
    if (old_size != 0) __builtin_memcpy(block, old, old_size < size ? old_size : size);
    return block;
}

/* ---- what the compiler calls for copies that it does not inline ---- */

void *memcpy(void *restrict to, const void *restrict from, size_t size) { return __builtin_memcpy(to, from, size); }

void *memmove(void *to, const void *from, size_t size) { return __builtin_memmove(to, from, size); }

void *memset(void *to, int byte, size_t size) { return __builtin_memset(to, byte, size); }

int memcmp(const void *a, const void *b, size_t size) {
    const uint8_t *x = a, *y = b;
    for (; size != 0; x++, y++, size--)
        if (*x != *y) return *x - *y;
    return 0;
}
