/* A process that does what it is told over messages; README.md describes the language. */
#include "probe.h"

/* Commands that are carried out once when the process starts. A test may write its own over this region in the
 * component file, from the marker on; the whole region is one comment until then. */
#define LINE_64 "################################################################"
#define LINES_512 LINE_64 LINE_64 LINE_64 LINE_64 LINE_64 LINE_64 LINE_64 LINE_64
static char start_script[] = "#ashlar-probe-start#" LINES_512 LINES_512 LINES_512 LINES_512;

static bool quiet, done;
static struct { uint64_t requests, responses, errors; } seen;
/* What `serve` answered, and how many of those were not numbered one after the last. */
static bool serving;
static uint64_t served, astray;

enum { MOST_QUEUED = 64, LONGEST_ADDRESS = 1024 };
static ashlar_outgoing queued[MOST_QUEUED]; /* within one script: its parts lie in the arena */
static size_t queued_count;

/* An address that scripts name by a word, because its text is known only when they run. */
typedef struct { uint8_t text[LONGEST_ADDRESS]; size_t size; } remembered;
static remembered last_source, last_child;

static void remember(remembered *r, ashlar_bytes text) {
    if (text.size > LONGEST_ADDRESS) script_mistake("address too long: ", text);
    __builtin_memcpy(r->text, text.data, text.size);
    r->size = text.size;
}

/* ---- arguments that stand for values of the world ---- */

static ashlar_bytes our_text(void) {
    ashlar_address our;
    ashlar_our(&our);
    return ashlar_address_text(&our);
}

static ashlar_address address_from(ashlar_bytes text) {
    ashlar_address result;
    if (ashlar_equal(text, ASHLAR_TEXT("$source"))) text = (ashlar_bytes){last_source.text, last_source.size};
    if (ashlar_equal(text, ASHLAR_TEXT("$child"))) text = (ashlar_bytes){last_child.text, last_child.size};
    if (ashlar_equal(text, ASHLAR_TEXT("$our"))) text = our_text();
    if (!ashlar_parse_address(text, &result)) script_mistake("not an address: ", text);
    return result;
}

/* "LEFT|RIGHT" */
static void split_pair(ashlar_bytes pair, ashlar_bytes *left, ashlar_bytes *right) {
    size_t bar = 0;
    while (bar < pair.size && pair.data[bar] != '|') bar++;
    if (bar == pair.size) script_mistake("no | in ", pair);
    *left = (ashlar_bytes){pair.data, bar};
    *right = (ashlar_bytes){pair.data + bar + 1, pair.size - bar - 1};
}

static ashlar_capabilities capabilities_from(const command *c, const char *name) {
    ashlar_capabilities result = {ashlar_alloc(sizeof(ashlar_capability[MOST_ARGUMENTS])), 0};
    for (size_t i = script_find(c, name, 0); i < c->count; i = script_find(c, name, i + 1)) {
        ashlar_bytes issuer;
        ashlar_capability *next = &result.items[result.count++];
        split_pair(c->arguments[i].value.value, &issuer, &next->params);
        next->issuer = address_from(issuer);
    }
    return result;
}

static ashlar_bytes sized_bytes(const command *c, const char *value_name, const char *size_name) {
    ashlar_optional_u64 size = script_number(c, size_name);
    if (!size.present) return script_value(c, value_name);
    ashlar_bytes result = {ashlar_alloc(size.value), size.value};
    for (size_t i = 0; i < result.size; i++) result.data[i] = (uint8_t)(i % 251);
    return result;
}

static ashlar_optional_blob blob_from(const command *c) {
    if (!script_flag(c, "blob") && !script_flag(c, "blob-size")) return (ashlar_optional_blob){0};
    return (ashlar_optional_blob){true, {script_optional(c, "mime"), sized_bytes(c, "blob", "blob-size")}};
}

static ashlar_outgoing outgoing_from(const command *c) {
    return (ashlar_outgoing){
        .target = address_from(script_required(c, "to")),
        .request = {
            .inherit = script_flag(c, "inherit"),
            .expects_response = script_number(c, "expects"),
            .body = sized_bytes(c, "body", "body-size"),
            .metadata = script_optional(c, "metadata"),
            .capabilities = capabilities_from(c, "cap"),
        },
        .context = script_optional(c, "context"),
        .blob = blob_from(c),
    };
}

/* ---- journal entries for values of the world ---- */

static void journal_address(const char *name, const ashlar_address *address) {
    ashlar_place place = ashlar_here();
    journal_field(name, ashlar_address_text(address));
    ashlar_release(place);
}

static void journal_capabilities(ashlar_capabilities capabilities) {
    for (size_t i = 0; i < capabilities.count; i++) {
        ashlar_place place = ashlar_here();
        ashlar_bytes issuer = ashlar_address_text(&capabilities.items[i].issuer);
        journal_field("cap", ashlar_concat(ashlar_concat(issuer, ASHLAR_TEXT("|")), capabilities.items[i].params));
        ashlar_release(place);
    }
}

static void journal_request(const ashlar_request *r) {
    journal_bool("inherit", r->inherit);
    if (r->expects_response.present) journal_number("expects", r->expects_response.value);
    journal_field("body", r->body);
    journal_optional("metadata", r->metadata);
    journal_capabilities(r->capabilities);
}

static void journal_response(const ashlar_message *m) {
    journal_bool("inherit", m->response.inherit);
    journal_field("body", m->response.body);
    journal_optional("metadata", m->response.metadata);
    journal_capabilities(m->response.capabilities);
    journal_optional("context", m->context);
}

static void journal_blob(const ashlar_optional_blob *blob) {
    enum { SHOWN = 4096 };
    if (!blob->present) {
        journal_flag("none");
        return;
    }
    ashlar_bytes bytes = blob->value.bytes;
    journal_optional("mime", blob->value.mime);
    journal_number("size", bytes.size);
    journal_field("bytes", (ashlar_bytes){bytes.data, bytes.size < SHOWN ? bytes.size : SHOWN});
}

static void journal_error(const char *verb, const ashlar_send_error *e, ashlar_optional_bytes context) {
    journal_begin(verb);
    journal_field("kind", script_text(e->kind == ASHLAR_OFFLINE ? "offline" : "timeout"));
    journal_address("target", &e->target);
    if (e->message.kind == ASHLAR_REQUEST) journal_request(&e->message.request);
    else journal_response(&e->message);
    journal_optional("context", context);
    if (e->blob.present) journal_blob(&e->blob);
    journal_end();
}

static void journal_message(const char *prefix, const ashlar_address *source, const ashlar_message *m) {
    bool is_request = m->kind == ASHLAR_REQUEST;
    journal_begin(prefix != NULL ? prefix : is_request ? "request" : "response");
    journal_address("source", source);
    if (is_request) journal_request(&m->request);
    else journal_response(m);
    journal_bool("has-blob", ashlar_has_blob());
    journal_end();
}

/* ---- messages ---- */

static void do_send(const command *c) {
    ashlar_outgoing outgoing = outgoing_from(c);
    ashlar_send(&outgoing);
}

static void do_queue(const command *c) {
    if (queued_count == MOST_QUEUED) script_mistake("too many queued", c->verb);
    queued[queued_count++] = outgoing_from(c);
}

static void do_send_queued(const command *c) {
    ashlar_send_all(queued, queued_count);
    queued_count = 0;
}

/* Bodies are the decimal numbers from 1. */
static void do_flood(const command *c) {
    ashlar_outgoing outgoing = outgoing_from(c);
    uint64_t count = script_number(c, "count").value;
    ashlar_place place = ashlar_here();
    for (uint64_t i = 1; i <= count; i++) {
        ashlar_release(place);
        outgoing.request.body = ashlar_decimal(i);
        ashlar_send(&outgoing);
    }
}

static void run_if_script(ashlar_bytes text);

/* Decimal digits alone; UINT64_MAX for everything else. */
static uint64_t number_in(ashlar_bytes body) {
    uint64_t value = 0;
    for (size_t i = 0; i < body.size; i++) {
        if (body.data[i] < '0' || body.data[i] > '9') return UINT64_MAX;
        value = value * 10 + body.data[i] - '0';
    }
    return body.size > 0 ? value : UINT64_MAX;
}

static void do_serve(const command *c) {
    serving = true;
    served = astray = 0;
}

/* Answers a number with that number. */
static void serve(ashlar_bytes body) {
    if (number_in(body) != ++served) astray++;
    ashlar_response response = {.body = body};
    ashlar_respond(&response, NULL);
}

static void do_served(const command *c) {
    journal_begin("served");
    journal_number("requests", served);
    journal_number("astray", astray);
    journal_end();
}

/* Requests with bodies 1, 2, ..., of which at most `window` wait for an answer. */
static void do_stream(const command *c) {
    ashlar_outgoing outgoing = outgoing_from(c);
    uint64_t count = script_number(c, "count").value, window = script_number(c, "window").value;
    uint64_t sent = 0, answered = 0, failed = 0, wrong = 0;
    ashlar_place place = ashlar_here();
    while (answered + failed < count) {
        ashlar_release(place);
        if (sent < count && sent - answered - failed < window) {
            outgoing.request.body = ashlar_decimal(++sent);
            ashlar_send(&outgoing);
            continue;
        }
        ashlar_received mail;
        ashlar_receive(&mail);
        if (mail.failed) failed++;
        else if (mail.message.kind == ASHLAR_REQUEST) run_if_script(mail.message.request.body);
        else if (number_in(mail.message.response.body) != ++answered) wrong++;
    }
    ashlar_release(place);
    journal_begin("streamed");
    journal_number("answered", answered);
    journal_number("failed", failed);
    journal_number("wrong", wrong);
    journal_end();
}

static void do_await(const command *c) {
    ashlar_outgoing o = outgoing_from(c);
    ashlar_outgoing_plain plain = {.target = o.target, .request = o.request, .blob = o.blob};
    ashlar_awaited result;
    ashlar_send_and_await(&plain, &result);
    if (result.failed) journal_error("awaited-error", &result.error, (ashlar_optional_bytes){0});
    else journal_message("awaited", &result.source, &result.message);
}

static void respond(const command *c, ashlar_bytes body) {
    ashlar_optional_blob blob = blob_from(c);
    ashlar_response response = {
        .inherit = script_flag(c, "inherit"),
        .body = body,
        .metadata = script_optional(c, "metadata"),
        .capabilities = capabilities_from(c, "cap"),
    };
    ashlar_respond(&response, blob.present ? &blob.value : NULL);
}

static void do_respond(const command *c) { respond(c, sized_bytes(c, "body", "body-size")); }

static void do_report(const command *c) {
    respond(c, journal_all());
    if (!script_flag(c, "keep")) journal_clear();
}

static void receive(ashlar_received *mail) {
    ashlar_receive(mail);
    if (mail->failed) {
        seen.errors++;
        if (!quiet) journal_error("error", &mail->error, mail->error_context);
        return;
    }
    if (mail->message.kind == ASHLAR_REQUEST) seen.requests++;
    else seen.responses++;
    remember(&last_source, ashlar_address_text(&mail->source));
    if (!quiet) journal_message(NULL, &mail->source, &mail->message);
}

static void do_receive(const command *c) {
    ashlar_optional_u64 count = script_number(c, "count");
    ashlar_received mail;
    for (uint64_t i = count.present ? count.value : 1; i > 0; i--) receive(&mail);
}

static void do_blob(const command *c) {
    ashlar_optional_blob blob;
    bool current = script_verb_is(c, "get-blob");
    if (current) ashlar_get_blob(&blob);
    else ashlar_last_blob(&blob);
    journal_begin(current ? "blob" : "last-blob");
    journal_blob(&blob);
    journal_end();
}

static void do_has_blob(const command *c) {
    journal_begin("has-blob");
    journal_bool("value", ashlar_has_blob());
    journal_end();
}

/* ---- state, life cycle, capabilities ---- */

static void do_get_state(const command *c) {
    ashlar_optional_bytes state;
    ashlar_get_state(&state);
    journal_begin("state");
    if (state.present) journal_field("value", state.value);
    else journal_flag("none");
    journal_end();
}

static void do_set_state(const command *c) { ashlar_set_state(sized_bytes(c, "value", "size")); }

static void do_clear_state(const command *c) { ashlar_clear_state(); }

/* Requests are those queued so far; they leave the queue. */
static ashlar_on_exit on_exit_from(const command *c, const char *name) {
    ashlar_on_exit result = {.kind = ASHLAR_EXIT_NONE};
    ashlar_bytes kind = script_value(c, name);
    if (ashlar_equal(kind, ASHLAR_TEXT("restart"))) result.kind = ASHLAR_EXIT_RESTART;
    else if (ashlar_equal(kind, ASHLAR_TEXT("requests"))) {
        result.kind = ASHLAR_EXIT_REQUESTS;
        result.requests.items = ashlar_alloc(sizeof(ashlar_outgoing_plain) * queued_count);
        for (; result.requests.count < queued_count; result.requests.count++) {
            ashlar_outgoing *o = &queued[result.requests.count];
            result.requests.items[result.requests.count] = (ashlar_outgoing_plain){o->target, o->request, o->blob};
        }
        queued_count = 0;
    } else if (kind.size != 0 && !ashlar_equal(kind, ASHLAR_TEXT("none"))) script_mistake("not an on-exit: ", kind);
    return result;
}

static void do_set_on_exit(const command *c) {
    ashlar_on_exit on_exit = on_exit_from(c, "kind");
    ashlar_set_on_exit(&on_exit);
}

static void do_get_on_exit(const command *c) {
    static const char *const kinds[] = {"none", "restart", "requests"};
    ashlar_on_exit on_exit;
    ashlar_get_on_exit(&on_exit);
    journal_begin("on-exit");
    journal_field("kind", script_text(kinds[on_exit.kind]));
    journal_end();
    for (size_t i = 0; on_exit.kind == ASHLAR_EXIT_REQUESTS && i < on_exit.requests.count; i++) {
        journal_begin("on-exit-request");
        journal_address("target", &on_exit.requests.items[i].target);
        journal_request(&on_exit.requests.items[i].request);
        if (on_exit.requests.items[i].blob.present) journal_blob(&on_exit.requests.items[i].blob);
        journal_end();
    }
}

static void journal_child(const ashlar_process_id *child) {
    ashlar_address address;
    ashlar_our(&address);
    address.process = *child;
    ashlar_bytes text = ashlar_address_text(&address);
    remember(&last_child, text);
    journal_begin("spawned");
    journal_field("address", text);
    journal_end();
}

static void do_spawn(const command *c) {
    ashlar_optional_bytes name = script_optional(c, "name");
    ashlar_on_exit on_exit = on_exit_from(c, "on-exit");
    ashlar_grant *grants = ashlar_alloc(sizeof(ashlar_grant[MOST_ARGUMENTS]));
    size_t grant_count = 0;
    for (size_t i = script_find(c, "grant", 0); i < c->count; i = script_find(c, "grant", i + 1)) {
        ashlar_bytes process;
        ashlar_grant *next = &grants[grant_count++];
        split_pair(c->arguments[i].value.value, &process, &next->params);
        if (!ashlar_parse_process_id(process, &next->process)) script_mistake("not a process id: ", process);
    }
    ashlar_spawned result;
    ashlar_spawn(name.present ? &name.value : NULL, script_required(c, "path"), &on_exit, capabilities_from(c, "cap"),
                 grants, grant_count, script_flag(c, "public"), &result);
    if (!result.failed) {
        journal_child(&result.child);
        return;
    }
    journal_begin("spawn-error");
    journal_field("kind", script_text(result.error == ASHLAR_NAME_TAKEN ? "name-taken" : "no-file-at-path"));
    journal_end();
}

static void do_save_caps(const command *c) { ashlar_save_capabilities(capabilities_from(c, "cap")); }

static void do_drop_caps(const command *c) { ashlar_drop_capabilities(capabilities_from(c, "cap")); }

static void do_our_caps(const command *c) {
    ashlar_capabilities ours;
    ashlar_our_capabilities(&ours);
    journal_begin("caps");
    journal_number("count", ours.count);
    journal_capabilities(ours);
    journal_end();
}

static void do_our(const command *c) {
    journal_begin("our");
    journal_field("address", our_text());
    journal_end();
}

static void do_print(const command *c) {
    ashlar_print((uint8_t)script_number(c, "level").value, script_value(c, "text"));
}

/* ---- the journal and the process itself ---- */

static void do_note(const command *c) {
    journal_begin("note");
    journal_field("text", script_value(c, "text"));
    journal_end();
}

static void do_clear(const command *c) { journal_clear(); }

static void do_quiet(const command *c) { quiet = true; }

static void do_loud(const command *c) { quiet = false; }

static void do_count(const command *c) {
    journal_begin("count");
    journal_number("requests", seen.requests);
    journal_number("responses", seen.responses);
    journal_number("errors", seen.errors);
    journal_end();
}

static void do_trap(const command *c) { __builtin_trap(); }

static void do_exit(const command *c) { done = true; }

/* Computes without calling the host: count rounds, or for ever. */
static void do_spin(const command *c) {
    ashlar_optional_u64 count = script_number(c, "count");
    for (volatile uint64_t i = 0; !count.present || i < count.value; i++) {}
}

/* Grows the memory by pages of 64 KiB, or until that fails, and writes to each. */
static void do_grow(const command *c) {
    enum { PAGE = 65536 };
    ashlar_optional_u64 most = script_number(c, "pages");
    uint64_t grown = 0;
    for (; !most.present || grown < most.value; grown++) {
        size_t before = __builtin_wasm_memory_grow(0, 1);
        if (before == (size_t)-1) break;
        *(volatile uint8_t *)(before * PAGE) = 1;
    }
    journal_begin("grown");
    journal_number("pages", grown);
    journal_end();
}

/* Calls itself without end and without using the stack in memory, so that the engine's own stack overflows. */
__attribute__((noinline)) static uint64_t recurse(uint64_t depth) {
    if (depth == 0) return 0;
    uint64_t deeper = recurse(depth - 1);
    __asm__ volatile("" : "+r"(deeper)); /* keeps the compiler from making a loop of it */
    return deeper + depth;
}

static void do_recurse(const command *c) { recurse(UINT64_MAX); }

__attribute__((weak)) bool probe_more(const command *c) { return false; }

static void carry_out(const command *c) {
    static const struct { const char *verb; void (*action)(const command *); } actions[] = {
        {"send", do_send}, {"queue", do_queue}, {"send-queued", do_send_queued}, {"flood", do_flood}, {"stream", do_stream}, {"serve", do_serve}, {"served", do_served},
        {"await", do_await}, {"respond", do_respond}, {"report", do_report}, {"receive", do_receive},
        {"get-blob", do_blob}, {"last-blob", do_blob}, {"has-blob", do_has_blob}, {"get-state", do_get_state},
        {"set-state", do_set_state}, {"clear-state", do_clear_state}, {"get-on-exit", do_get_on_exit},
        {"set-on-exit", do_set_on_exit}, {"spawn", do_spawn}, {"save-caps", do_save_caps},
        {"drop-caps", do_drop_caps}, {"our-caps", do_our_caps}, {"our", do_our}, {"print", do_print},
        {"note", do_note}, {"clear", do_clear}, {"quiet", do_quiet}, {"loud", do_loud}, {"count", do_count},
        {"trap", do_trap}, {"exit", do_exit}, {"spin", do_spin}, {"grow", do_grow}, {"recurse", do_recurse},
    };
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (script_verb_is(c, actions[i].verb)) {
            actions[i].action(c);
            return;
        }
    }
    if (!probe_more(c)) script_mistake("unknown command ", c->verb);
}

static void run(ashlar_bytes script) {
    command c;
    queued_count = 0;
    while (!done && script_next(&script, &c)) carry_out(&c);
}

/* Runs what comes after the '!', if text is a script. */
static void run_if_script(ashlar_bytes text) {
    if (text.size > 0 && text.data[0] == '!') run((ashlar_bytes){text.data + 1, text.size - 1});
}

static void run_context(ashlar_optional_bytes context) {
    if (context.present) run_if_script(context.value);
}

void ashlar_init(ashlar_bytes our) {
    journal_begin("init");
    journal_field("text", our);
    journal_end();
    char *start = start_script;
    __asm__("" : "+r"(start)); /* its content may differ from what the compiler sees */
    run((ashlar_bytes){(uint8_t *)start, sizeof start_script - 1});
    ashlar_place place = ashlar_here();
    while (!done) {
        ashlar_release(place);
        ashlar_received mail;
        receive(&mail);
        if (mail.failed) run_context(mail.error_context);
        else if (mail.message.kind != ASHLAR_REQUEST) run_context(mail.message.context);
        else if (serving && number_in(mail.message.request.body) != UINT64_MAX) serve(mail.message.request.body);
        else run_if_script(mail.message.request.body);
    }
}
