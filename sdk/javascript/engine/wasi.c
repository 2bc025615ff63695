/* The five WASI preview-1 functions that libc's part of the engine reaches, without an adapter: clocks become the wall
 * clock of WASI 0.2, output becomes terminal lines, and there are no files. */
#include <errno.h>
#include <wasi/api.h>
#include "ashlar.h"

struct wall_time { uint64_t seconds; uint32_t nanoseconds; };
__attribute__((import_module("wasi:clocks/wall-clock@0.2.3"), import_name("now")))
void wall_clock_now(struct wall_time *result);

/* The linker takes these in place of the imports that libc declares. */
int32_t __imported_wasi_snapshot_preview1_clock_time_get(int32_t clock, int64_t precision, int32_t result) {
    struct wall_time now;
    wall_clock_now(&now);
    *(uint64_t *)result = now.seconds * 1000000000 + now.nanoseconds;
    return 0;
}

int32_t __imported_wasi_snapshot_preview1_fd_write(int32_t fd, int32_t vectors, int32_t count, int32_t written) {
    const __wasi_ciovec_t *part = (const __wasi_ciovec_t *)vectors;
    size_t size = 0;
    for (int32_t i = 0; i < count; i++) {
        ashlar_bytes text = {(uint8_t *)part[i].buf, part[i].buf_len};
        if (text.size > 0) ashlar_print(0, text);
        size += text.size;
    }
    *(size_t *)written = size;
    return 0;
}

int32_t __imported_wasi_snapshot_preview1_fd_close(int32_t fd) { return __WASI_ERRNO_BADF; }

int32_t __imported_wasi_snapshot_preview1_fd_fdstat_get(int32_t fd, int32_t result) { return __WASI_ERRNO_BADF; }

int32_t __imported_wasi_snapshot_preview1_fd_seek(int32_t fd, int64_t offset, int32_t whence, int32_t result) {
    return __WASI_ERRNO_BADF;
}
