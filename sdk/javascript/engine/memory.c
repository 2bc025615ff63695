/* Memory that passes between the host and the engine, out of libc's heap: a chain of blocks, released together. */
#include <stdlib.h>
#include <string.h>
#include "engine.h"

typedef struct block { struct block *older; uint64_t content[]; } block;
static block *newest;

static void *take(size_t size) {
    block *b = malloc(sizeof(block) + size);
    if (b == NULL) abort();
    b->older = newest;
    newest = b;
    return b->content;
}

void *ashlar_alloc(size_t size) { return memset(take(size), 0, size); }

__attribute__((export_name("cabi_realloc")))
void *ashlar_cabi_realloc(void *old, size_t old_size, size_t align, size_t size) {
    void *content = take(size);
    if (old_size != 0) memcpy(content, old, old_size < size ? old_size : size);
    return content;
}

ashlar_place ashlar_here(void) { return (ashlar_place)newest; }

void ashlar_release(ashlar_place place) {
    while (newest != (block *)place) {
        block *b = newest;
        newest = b->older;
        free(b);
    }
}
