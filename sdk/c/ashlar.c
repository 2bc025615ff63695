#include "ashlar.h"

/* ---- layout: the canonical ABI's sizes and offsets ---- */

_Static_assert(sizeof(ashlar_address) == 32, "address");
_Static_assert(sizeof(ashlar_capability) == 40, "capability");
_Static_assert(sizeof(ashlar_optional_blob) == 24, "option<lazy-load-blob>");
_Static_assert(sizeof(ashlar_request) == 56 && offsetof(ashlar_request, body) == 24, "request");
_Static_assert(sizeof(ashlar_response) == 32, "response");
_Static_assert(sizeof(ashlar_message) == 64 && offsetof(ashlar_message, context) == 40, "message");
_Static_assert(sizeof(ashlar_send_error) == 128 && offsetof(ashlar_send_error, message) == 40, "send-error");
_Static_assert(offsetof(ashlar_received, message) == 40, "receive, result");
_Static_assert(offsetof(ashlar_received, error_context) == 136, "receive, error");
_Static_assert(sizeof(ashlar_outgoing) == 128 && offsetof(ashlar_outgoing, context) == 88, "send-request");
_Static_assert(sizeof(ashlar_outgoing_plain) == 112, "send-and-await-response");
_Static_assert(sizeof(ashlar_on_exit) == 12, "on-exit");
_Static_assert(sizeof(ashlar_spawned) == 28, "spawn");

__attribute__((export_name("init")))
void ashlar_export_init(uint8_t *our, size_t our_size) { ashlar_init((ashlar_bytes){our, our_size}); }

/* ---- imports whose parameters are passed one by one ---- */

ASHLAR_IMPORT("send-response")
void ashlar_import_send_response(int inherit, uint8_t *body, size_t body_size, int has_metadata, uint8_t *metadata,
                                 size_t metadata_size, ashlar_capability *capabilities, size_t capability_count,
                                 int has_blob, int has_mime, uint8_t *mime, size_t mime_size, uint8_t *bytes,
                                 size_t bytes_size);
ASHLAR_IMPORT("print-to-terminal") void ashlar_import_print(int verbosity, uint8_t *text, size_t size);
ASHLAR_IMPORT("set-state") void ashlar_import_set_state(uint8_t *bytes, size_t size);
ASHLAR_IMPORT("set-on-exit") void ashlar_import_set_on_exit(int kind, ashlar_outgoing_plain *items, size_t count);
ASHLAR_IMPORT("save-capabilities") void ashlar_import_save_capabilities(ashlar_capability *items, size_t count);
ASHLAR_IMPORT("drop-capabilities") void ashlar_import_drop_capabilities(ashlar_capability *items, size_t count);
ASHLAR_IMPORT("spawn")
void ashlar_import_spawn(int has_name, uint8_t *name, size_t name_size, uint8_t *path, size_t path_size,
                         int on_exit_kind, ashlar_outgoing_plain *on_exit, size_t on_exit_count,
                         ashlar_capability *request, size_t request_count, const ashlar_grant *grants,
                         size_t grant_count, int is_public, ashlar_spawned *result);

void ashlar_respond(const ashlar_response *r, const ashlar_blob *blob) {
    static const ashlar_blob none;
    const ashlar_blob *b = blob != NULL ? blob : &none;
    ashlar_import_send_response(r->inherit, r->body.data, r->body.size, r->metadata.present, r->metadata.value.data,
                                r->metadata.value.size, r->capabilities.items, r->capabilities.count, blob != NULL,
                                b->mime.present, b->mime.value.data, b->mime.value.size, b->bytes.data,
                                b->bytes.size);
}

void ashlar_print(uint8_t verbosity, ashlar_bytes text) { ashlar_import_print(verbosity, text.data, text.size); }

void ashlar_set_state(ashlar_bytes state) { ashlar_import_set_state(state.data, state.size); }

void ashlar_set_on_exit(const ashlar_on_exit *on_exit) {
    ashlar_import_set_on_exit(on_exit->kind, on_exit->requests.items, on_exit->requests.count);
}

void ashlar_save_capabilities(ashlar_capabilities c) { ashlar_import_save_capabilities(c.items, c.count); }

void ashlar_drop_capabilities(ashlar_capabilities c) { ashlar_import_drop_capabilities(c.items, c.count); }

void ashlar_spawn(const ashlar_bytes *name, ashlar_bytes wasm_path, const ashlar_on_exit *on_exit,
                  ashlar_capabilities request, const ashlar_grant *grants, size_t grant_count, bool is_public,
                  ashlar_spawned *result) {
    ashlar_bytes given = name != NULL ? *name : (ashlar_bytes){0};
    ashlar_import_spawn(name != NULL, given.data, given.size, wasm_path.data, wasm_path.size, on_exit->kind,
                        on_exit->requests.items, on_exit->requests.count, request.items, request.count, grants,
                        grant_count, is_public, result);
}

/* ---- bytes, text and addresses ---- */

bool ashlar_equal(ashlar_bytes a, ashlar_bytes b) {
    return a.size == b.size && __builtin_memcmp(a.data, b.data, a.size) == 0;
}

bool ashlar_starts_with(ashlar_bytes text, ashlar_bytes prefix) {
    return text.size >= prefix.size && __builtin_memcmp(text.data, prefix.data, prefix.size) == 0;
}

ashlar_bytes ashlar_concat(ashlar_bytes a, ashlar_bytes b) {
    ashlar_bytes whole = {ashlar_alloc(a.size + b.size), a.size + b.size};
    __builtin_memcpy(whole.data, a.data, a.size);
    __builtin_memcpy(whole.data + a.size, b.data, b.size);
    return whole;
}

ashlar_bytes ashlar_decimal(uint64_t number) {
    enum { MOST_DIGITS = 20 };
    uint8_t *end = (uint8_t *)ashlar_alloc(MOST_DIGITS) + MOST_DIGITS, *start = end;
    do *--start = (uint8_t)('0' + number % 10);
    while ((number /= 10) != 0);
    return (ashlar_bytes){start, (size_t)(end - start)};
}

/* Splits text at its only separator into two non-empty parts. */
static bool split(ashlar_bytes text, uint8_t separator, ashlar_bytes *before, ashlar_bytes *after) {
    size_t at = 0;
    while (at < text.size && text.data[at] != separator) at++;
    if (at == 0 || at + 1 >= text.size) return false;
    *before = (ashlar_bytes){text.data, at};
    *after = (ashlar_bytes){text.data + at + 1, text.size - at - 1};
    return true;
}

bool ashlar_parse_process_id(ashlar_bytes text, ashlar_process_id *result) {
    ashlar_bytes rest, none;
    return split(text, ':', &result->process_name, &rest) && split(rest, ':', &result->package_name, &rest)
        && (result->publisher_node = rest, !split(rest, ':', &none, &none)) && rest.data[rest.size - 1] != ':';
}

bool ashlar_parse_address(ashlar_bytes text, ashlar_address *result) {
    ashlar_bytes process;
    return split(text, '@', &result->node, &process) && ashlar_parse_process_id(process, &result->process);
}

static ashlar_bytes join(ashlar_bytes a, char separator, ashlar_bytes b) {
    return ashlar_concat(ashlar_concat(a, (ashlar_bytes){(uint8_t *)&separator, 1}), b);
}

ashlar_bytes ashlar_process_id_text(const ashlar_process_id *p) {
    return join(join(p->process_name, ':', p->package_name), ':', p->publisher_node);
}

ashlar_bytes ashlar_address_text(const ashlar_address *a) { return join(a->node, '@', ashlar_process_id_text(&a->process)); }
