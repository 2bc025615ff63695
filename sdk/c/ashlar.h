/* Ashlar SDK for C: a process is one function, ashlar_init, which receives messages and answers them.
 *
 * The structs below have exactly the memory layout that the Component Model's canonical ABI gives the types of
 * sdk/wit/kinode/process.wit on wasm32; ashlar.c asserts it. So nothing is converted or copied on the way to or
 * from the host, and the order of fields is binding.
 *
 * Memory: whatever the host hands over, and whatever ashlar_alloc returns, lies in one arena. Note a place in it
 * with ashlar_here and give back everything newer with ashlar_release, usually once per received message.
 * A process has one thread; no function here may be called from a signal or a second thread.
 */
#ifndef ASHLAR_H
#define ASHLAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The world's package: "kinode" or "hyperware". A component built for one does not start under the other's name. */
#ifndef ASHLAR_NAMESPACE
#define ASHLAR_NAMESPACE "kinode"
#endif
#define ASHLAR_IMPORT(name) \
    __attribute__((import_module(ASHLAR_NAMESPACE ":process/standard@1.0.0"), import_name(name)))

/* ---- values ---- */

/* A string (UTF-8, no final zero) or any bytes; data may be anything when size is 0. */
typedef struct { uint8_t *data; size_t size; } ashlar_bytes;
/* Where present is false, value is whatever was there before: never look at it. */
typedef struct { bool present; ashlar_bytes value; } ashlar_optional_bytes;
typedef struct { bool present; uint64_t value; } ashlar_optional_u64;

typedef struct { ashlar_bytes process_name, package_name, publisher_node; } ashlar_process_id;
typedef struct { ashlar_bytes node; ashlar_process_id process; } ashlar_address;

/* Bytes that travel beside a message. */
typedef struct { ashlar_optional_bytes mime; ashlar_bytes bytes; } ashlar_blob;
typedef struct { bool present; ashlar_blob value; } ashlar_optional_blob;

/* params is JSON text; "\"messaging\"" allows to send to the issuer. */
typedef struct { ashlar_address issuer; ashlar_bytes params; } ashlar_capability;
typedef struct { ashlar_capability *items; size_t count; } ashlar_capabilities;

typedef struct {
    bool inherit;                         /* go on with the conversation of the Request being handled */
    ashlar_optional_u64 expects_response; /* seconds */
    ashlar_bytes body;
    ashlar_optional_bytes metadata; /* JSON text by convention */
    ashlar_capabilities capabilities;
} ashlar_request;

typedef struct {
    bool inherit; /* answer with the received blob instead of a given one */
    ashlar_bytes body;
    ashlar_optional_bytes metadata;
    ashlar_capabilities capabilities;
} ashlar_response;

enum { ASHLAR_REQUEST = 0, ASHLAR_RESPONSE = 1 };
typedef struct {
    uint8_t kind;
    union {
        ashlar_request request;
        struct { ashlar_response response; ashlar_optional_bytes context; };
    };
} ashlar_message;

enum { ASHLAR_OFFLINE = 0, ASHLAR_TIMEOUT = 1 };
typedef struct {
    uint8_t kind;
    ashlar_address target;
    ashlar_message message; /* the Request that failed */
    ashlar_optional_blob blob;
} ashlar_send_error;

/* What ashlar_receive yields: mail from a source, or the news that a Request of ours failed. */
typedef struct {
    bool failed;
    union {
        struct { ashlar_address source; ashlar_message message; };
        struct { ashlar_send_error error; ashlar_optional_bytes error_context; };
    };
} ashlar_received;

/* What ashlar_send_and_await yields. */
typedef struct {
    bool failed;
    union {
        struct { ashlar_address source; ashlar_message message; };
        ashlar_send_error error;
    };
} ashlar_awaited;

/* A Request with all that goes with it. The context comes back with its Response or its failure. */
typedef struct {
    ashlar_address target;
    ashlar_request request;
    ashlar_optional_bytes context;
    ashlar_optional_blob blob;
} ashlar_outgoing;

/* A Request without context: one that is awaited, or that is sent when the process ends. */
typedef struct {
    ashlar_address target;
    ashlar_request request;
    ashlar_optional_blob blob;
} ashlar_outgoing_plain;

enum { ASHLAR_EXIT_NONE = 0, ASHLAR_EXIT_RESTART = 1, ASHLAR_EXIT_REQUESTS = 2 };
typedef struct {
    uint8_t kind;
    struct { ashlar_outgoing_plain *items; size_t count; } requests; /* with ASHLAR_EXIT_REQUESTS only */
} ashlar_on_exit;

/* Gives process the capability with these params that the spawned child issues. */
typedef struct { ashlar_process_id process; ashlar_bytes params; } ashlar_grant;

enum { ASHLAR_NAME_TAKEN = 0, ASHLAR_NO_FILE_AT_PATH = 1 };
typedef struct {
    bool failed;
    union { ashlar_process_id child; uint8_t error; };
} ashlar_spawned;

/* ---- the process ---- */

/* Written by you. our is the text of the process's own address. Returning ends the process normally. */
void ashlar_init(ashlar_bytes our);

/* ---- messages ---- */

/* Waits, without limit, for the next message or send error. */
ASHLAR_IMPORT("receive") void ashlar_receive(ashlar_received *result);

/* Sends one Request; that it cannot be delivered is told by a later ashlar_receive, if it expects a Response. */
ASHLAR_IMPORT("send-request") void ashlar_send(const ashlar_outgoing *outgoing);
ASHLAR_IMPORT("send-requests") void ashlar_send_all(const ashlar_outgoing *outgoing, size_t count);

/* Sends a Request that expects a Response and waits for it; other mail stays for later receives.
 * Traps when no Response is expected or the target is the process itself. */
ASHLAR_IMPORT("send-and-await-response")
void ashlar_send_and_await(const ashlar_outgoing_plain *outgoing, ashlar_awaited *result);

/* Answers the Request being handled; blob may be NULL. */
void ashlar_respond(const ashlar_response *response, const ashlar_blob *blob);

/* The blob of the message received last. */
ASHLAR_IMPORT("has-blob") bool ashlar_has_blob(void);
ASHLAR_IMPORT("get-blob") void ashlar_get_blob(ashlar_optional_blob *result);
/* The most recent blob ever received. */
ASHLAR_IMPORT("last-blob") void ashlar_last_blob(ashlar_optional_blob *result);

/* ---- the process and its surroundings ---- */

ASHLAR_IMPORT("our") void ashlar_our(ashlar_address *result);

/* Verbosity 0 is always shown, 3 almost never. */
void ashlar_print(uint8_t verbosity, ashlar_bytes text);

/* One value of bytes that survives restarts, per process. Durable when ashlar_set_state returns. */
ASHLAR_IMPORT("get-state") void ashlar_get_state(ashlar_optional_bytes *result);
void ashlar_set_state(ashlar_bytes state);
ASHLAR_IMPORT("clear-state") void ashlar_clear_state(void);

ASHLAR_IMPORT("get-on-exit") void ashlar_get_on_exit(ashlar_on_exit *result);
void ashlar_set_on_exit(const ashlar_on_exit *on_exit);

/* Starts a process of the own package; name NULL: the kernel picks one. */
void ashlar_spawn(const ashlar_bytes *name, ashlar_bytes wasm_path, const ashlar_on_exit *on_exit,
                  ashlar_capabilities request, const ashlar_grant *grants, size_t grant_count, bool is_public,
                  ashlar_spawned *result);

void ashlar_save_capabilities(ashlar_capabilities capabilities);
void ashlar_drop_capabilities(ashlar_capabilities capabilities);
ASHLAR_IMPORT("our-capabilities") void ashlar_our_capabilities(ashlar_capabilities *result);

/* ---- bytes, text and addresses ---- */

/* The bytes of a string literal. */
#define ASHLAR_TEXT(literal) ((ashlar_bytes){(uint8_t *)(literal), sizeof(literal) - 1})

bool ashlar_equal(ashlar_bytes a, ashlar_bytes b);
bool ashlar_starts_with(ashlar_bytes text, ashlar_bytes prefix);
/* a followed by b, in the arena. */
ashlar_bytes ashlar_concat(ashlar_bytes a, ashlar_bytes b);
/* Decimal text, in the arena. */
ashlar_bytes ashlar_decimal(uint64_t number);
/* "node@process:package:publisher" to its parts, which point into text; false if it is not of that form. */
bool ashlar_parse_address(ashlar_bytes text, ashlar_address *result);
bool ashlar_parse_process_id(ashlar_bytes text, ashlar_process_id *result);
/* The reverse, in the arena. */
ashlar_bytes ashlar_address_text(const ashlar_address *address);
ashlar_bytes ashlar_process_id_text(const ashlar_process_id *process);

/* ---- the arena ---- */

typedef uintptr_t ashlar_place;
ashlar_place ashlar_here(void);
/* Gives back everything allocated or received since place. */
void ashlar_release(ashlar_place place);
/* Zeroed and aligned to 8 bytes. Traps when the memory cannot grow. */
void *ashlar_alloc(size_t size);

#endif
