/* More commands for the probe: what a process can do through WASI 0.2. */
#include "probe.h"

#define WASI(interface, name) __attribute__((import_module("wasi:" interface "@0.2.3"), import_name(name)))

typedef int32_t handle;

/* error-code is an enum of at most 256 cases: one byte. */
typedef struct { uint8_t failed, error; } wasi_result;
/* With a handle, or two, when it went well. */
typedef struct { uint8_t failed; union { uint8_t error; handle ok[2]; }; } wasi_handles;

typedef struct { ashlar_bytes *items; size_t count; } strings;
typedef struct { struct { ashlar_bytes name, value; } *items; size_t count; } pairs;
typedef struct { struct { handle descriptor; ashlar_bytes path; } *items; size_t count; } directories;

/* ---- standard streams ---- */

typedef struct { uint8_t failed; struct { uint8_t kind; handle error; } error; } stream_result;

WASI("cli/stdout", "get-stdout") handle get_stdout(void);
WASI("cli/stderr", "get-stderr") handle get_stderr(void);
WASI("io/streams", "[method]output-stream.blocking-write-and-flush")
void blocking_write(handle stream, uint8_t *bytes, size_t size, stream_result *result);
WASI("io/streams", "[resource-drop]output-stream") void drop_output_stream(handle stream);
WASI("io/streams", "[resource-drop]input-stream") void drop_input_stream(handle stream);
WASI("io/error", "[resource-drop]error") void drop_error(handle error);

/* The interface takes at most this much at once. */
enum { MOST_AT_ONCE = 4096 };

static bool write_all(handle stream, ashlar_bytes text) {
    while (text.size > 0) {
        size_t size = text.size < MOST_AT_ONCE ? text.size : MOST_AT_ONCE;
        stream_result result;
        blocking_write(stream, text.data, size, &result);
        if (result.failed) {
            if (result.error.kind == 0) drop_error(result.error.error);
            return false;
        }
        text.data += size;
        text.size -= size;
    }
    return true;
}

/* "line N" filled up with dots to width bytes, the line break included. */
static ashlar_bytes numbered_line(uint64_t number, size_t width) {
    ashlar_bytes start = ashlar_concat(ASHLAR_TEXT("line "), ashlar_decimal(number));
    if (width < start.size + 1) width = start.size + 1;
    ashlar_bytes line = {ashlar_alloc(width), width};
    __builtin_memset(line.data, '.', width);
    __builtin_memcpy(line.data, start.data, start.size);
    line.data[width - 1] = '\n';
    return line;
}

static bool write_lines(handle stream, uint64_t count, size_t width) {
    ashlar_place place = ashlar_here();
    for (uint64_t i = 1; i <= count; i++) {
        ashlar_release(place);
        if (!write_all(stream, numbered_line(i, width))) return false;
    }
    return true;
}

static void do_stream(const command *c) {
    handle stream = script_verb_is(c, "stdout") ? get_stdout() : get_stderr();
    bool ok = write_all(stream, script_value(c, "text"))
        && write_lines(stream, script_number(c, "lines").value, script_number(c, "width").value);
    drop_output_stream(stream);
    journal_begin("written");
    journal_bool("ok", ok);
    journal_end();
}

static void do_panic(const command *c) {
    write_all(get_stderr(), script_value(c, "text"));
    __builtin_trap();
}

/* ---- surroundings, clocks, random ---- */

struct wall_time { uint64_t seconds; uint32_t nanoseconds; };

WASI("cli/environment", "get-environment") void get_environment(pairs *result);
WASI("cli/environment", "get-arguments") void get_arguments(strings *result);
WASI("clocks/wall-clock", "now") void wall_clock_now(struct wall_time *result);
WASI("clocks/monotonic-clock", "now") uint64_t monotonic_now(void);
WASI("random/random", "get-random-bytes") void get_random_bytes(uint64_t size, ashlar_bytes *result);

static void do_environment(const command *c) {
    pairs all;
    get_environment(&all);
    journal_begin("environment");
    journal_number("count", all.count);
    journal_end();
    for (size_t i = 0; i < all.count; i++) {
        journal_begin("variable");
        journal_field("name", all.items[i].name);
        journal_field("value", all.items[i].value);
        journal_end();
    }
}

static void do_arguments(const command *c) {
    strings all;
    get_arguments(&all);
    journal_begin("arguments");
    journal_number("count", all.count);
    for (size_t i = 0; i < all.count; i++) journal_field("argument", all.items[i]);
    journal_end();
}

static void do_clocks(const command *c) {
    struct wall_time now;
    wall_clock_now(&now);
    journal_begin("clocks");
    journal_number("seconds", now.seconds);
    journal_number("nanoseconds", now.nanoseconds);
    journal_number("monotonic", monotonic_now());
    journal_end();
}

static void do_random(const command *c) {
    ashlar_bytes bytes;
    get_random_bytes(script_number(c, "size").value, &bytes);
    journal_begin("random");
    journal_field("bytes", bytes);
    journal_end();
}

/* ---- files ---- */

struct written { uint8_t failed; union { uint8_t error; uint64_t size; }; };
struct content { uint8_t failed; union { uint8_t error; struct { ashlar_bytes bytes; bool at_end; } ok; }; };

WASI("filesystem/preopens", "get-directories") void get_directories(directories *result);
WASI("filesystem/types", "[method]descriptor.open-at")
void open_at(handle directory, int path_flags, uint8_t *path, size_t path_size, int open_flags, int descriptor_flags,
             wasi_handles *result);
WASI("filesystem/types", "[method]descriptor.write")
void write_at(handle file, uint8_t *bytes, size_t size, uint64_t offset, struct written *result);
WASI("filesystem/types", "[method]descriptor.read")
void read_at(handle file, uint64_t size, uint64_t offset, struct content *result);
WASI("filesystem/types", "[resource-drop]descriptor") void drop_descriptor(handle descriptor);

enum { OPEN_CREATE = 1, FLAG_READ = 1, FLAG_WRITE = 2 };

static void do_preopens(const command *c) {
    directories all;
    get_directories(&all);
    journal_begin("preopens");
    journal_number("count", all.count);
    for (size_t i = 0; i < all.count; i++) {
        journal_field("path", all.items[i].path);
        drop_descriptor(all.items[i].descriptor);
    }
    journal_end();
}

/* The number of the case in WASI's error-code. */
static void journal_failure(const char *verb, const char *step, uint8_t error) {
    journal_begin(verb);
    journal_field("step", script_text(step));
    journal_number("error", error);
    journal_end();
}

/* Opens path below the first preopened directory. */
static bool open_file(const command *c, int open_flags, int descriptor_flags, handle *file) {
    ashlar_bytes path = script_required(c, "path");
    directories all;
    get_directories(&all);
    if (all.count == 0) script_mistake("no directory to open ", path);
    wasi_handles result;
    open_at(all.items[0].descriptor, 0, path.data, path.size, open_flags, descriptor_flags, &result);
    for (size_t i = 0; i < all.count; i++) drop_descriptor(all.items[i].descriptor);
    if (result.failed) journal_failure("file-error", "open", result.error);
    *file = result.ok[0];
    return !result.failed;
}

static void do_write_file(const command *c) {
    handle file;
    if (!open_file(c, OPEN_CREATE, FLAG_READ | FLAG_WRITE, &file)) return;
    ashlar_bytes bytes = script_value(c, "text");
    ashlar_optional_u64 size = script_number(c, "size");
    if (size.present) bytes = (ashlar_bytes){ashlar_alloc(size.value), size.value};
    struct written result;
    write_at(file, bytes.data, bytes.size, script_number(c, "at").value, &result);
    drop_descriptor(file);
    if (result.failed) {
        journal_failure("file-error", "write", result.error);
        return;
    }
    journal_begin("file-written");
    journal_number("size", result.size);
    journal_end();
}

static void do_read_file(const command *c) {
    handle file;
    if (!open_file(c, 0, FLAG_READ, &file)) return;
    struct content result;
    read_at(file, script_number(c, "size").value, script_number(c, "at").value, &result);
    drop_descriptor(file);
    if (result.failed) {
        journal_failure("file-error", "read", result.error);
        return;
    }
    journal_begin("file-content");
    journal_field("bytes", result.ok.bytes);
    journal_bool("at-end", result.ok.at_end);
    journal_end();
}

/* ---- sockets ---- */

WASI("sockets/instance-network", "instance-network") handle instance_network(void);
WASI("sockets/network", "[resource-drop]network") void drop_network(handle network);
WASI("sockets/tcp-create-socket", "create-tcp-socket") void create_tcp_socket(int family, wasi_handles *result);
/* An IPv4 address uses the first five of the variant's flattened fields: port and four bytes. */
WASI("sockets/tcp", "[method]tcp-socket.start-connect")
void start_connect(handle socket, handle network, int version, int port, int a, int b, int c, int d, int unused5,
                   int unused6, int unused7, int unused8, int unused9, int unused10, wasi_result *result);
WASI("sockets/tcp", "[method]tcp-socket.finish-connect") void finish_connect(handle socket, wasi_handles *result);
WASI("sockets/tcp", "[resource-drop]tcp-socket") void drop_tcp_socket(handle socket);

enum { IPV4 = 0 };

static bool connect(handle socket, int port) {
    wasi_result result;
    handle network = instance_network();
    start_connect(socket, network, IPV4, port, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, &result);
    drop_network(network);
    if (result.failed) {
        journal_failure("tcp-error", "start-connect", result.error);
        return false;
    }
    wasi_handles streams;
    finish_connect(socket, &streams);
    if (streams.failed) {
        journal_failure("tcp-error", "finish-connect", streams.error);
        return false;
    }
    drop_input_stream(streams.ok[0]);
    drop_output_stream(streams.ok[1]);
    return true;
}

/* Tries to connect to 127.0.0.1. */
static void do_tcp_connect(const command *c) {
    wasi_handles created;
    create_tcp_socket(IPV4, &created);
    if (created.failed) {
        journal_failure("tcp-error", "create", created.error);
        return;
    }
    bool connected = connect(created.ok[0], (int)script_number(c, "port").value);
    drop_tcp_socket(created.ok[0]);
    if (!connected) return;
    journal_begin("tcp-connected");
    journal_end();
}

bool probe_more(const command *c) {
    static const struct { const char *verb; void (*action)(const command *); } actions[] = {
        {"stderr", do_stream}, {"stdout", do_stream}, {"panic", do_panic}, {"environment", do_environment},
        {"arguments", do_arguments}, {"clocks", do_clocks}, {"random", do_random}, {"preopens", do_preopens},
        {"write-file", do_write_file}, {"read-file", do_read_file}, {"tcp-connect", do_tcp_connect},
    };
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (!script_verb_is(c, actions[i].verb)) continue;
        actions[i].action(c);
        return true;
    }
    return false;
}
