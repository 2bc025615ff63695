/* Counts what it sends and what becomes of it, while the parts of the node under it are replaced.
 *
 * Each counter sends numbered Requests to one peer, one after another: the next when the last was answered and a pause (a
 * Request to the timer) is over, so that there is always one outstanding. It may be started again at any receive; all that it
 * knows is in its state before it comes to the next one. README.md lists the commands.
 */
#include "ashlar.h"

enum { IDLE, PINGER, AWAITER };

/* The state, as it is kept. All numbers count from the beginning. */
typedef struct {
    uint64_t role, pace;               /* pace: milliseconds between an answer and the next Request */
    uint64_t sent, answered, failed;   /* Requests to the peer */
    uint64_t wrong;                    /* answers with another number than that of the Request */
    uint64_t taken, responded;         /* the peers' Requests */
    uint64_t astray;                   /* of those, such with another number than the one after the last */
    uint64_t timers, fired, broken;    /* Requests to the timer; answered; failed */
    uint64_t runs;
    uint64_t peer_size;
    uint8_t peer[256];
} state_t;

static state_t state;

static uint64_t number(ashlar_bytes text) {
    uint64_t value = 0;
    for (size_t i = 0; i < text.size && text.data[i] >= '0' && text.data[i] <= '9'; i++) value = value * 10 + text.data[i] - '0';
    return value;
}

/* What follows the first space of text; text becomes what is before it. */
static ashlar_bytes split(ashlar_bytes *text) {
    size_t at = 0;
    while (at < text->size && text->data[at] != ' ') at++;
    ashlar_bytes rest = {text->data + at + 1, at < text->size ? text->size - at - 1 : 0};
    text->size = at;
    return rest;
}

static void load(void) {
    ashlar_optional_bytes kept;
    ashlar_get_state(&kept);
    if (kept.present && kept.value.size == sizeof state) __builtin_memcpy(&state, kept.value.data, sizeof state);
    state.runs++;
}

static void save(void) {
    ashlar_set_state((ashlar_bytes){(uint8_t *)&state, sizeof state});
}

static void request(ashlar_bytes address, ashlar_bytes body, ashlar_bytes context, uint64_t seconds) {
    ashlar_outgoing out = {.request = {.expects_response = {true, seconds}, .body = body}, .context = {true, context}};
    if (ashlar_parse_address(address, &out.target)) ashlar_send(&out);
}

static void set_timer(uint64_t millis, ashlar_bytes context) {
    ashlar_bytes body = ashlar_concat(ashlar_concat(ASHLAR_TEXT("{\"SetTimer\":"), ashlar_decimal(millis)), ASHLAR_TEXT("}"));
    request(ASHLAR_TEXT("our@timer:distro:sys"), body, context, 7200);
    state.timers++;
}

static void await_timer(ashlar_bytes millis) {
    ashlar_outgoing_plain out = {.request = {.expects_response = {true, 7200}, .body =
        ashlar_concat(ashlar_concat(ASHLAR_TEXT("{\"SetTimer\":"), millis), ASHLAR_TEXT("}"))}};
    ashlar_awaited result;
    ashlar_parse_address(ASHLAR_TEXT("our@timer:distro:sys"), &out.target);
    ashlar_send_and_await(&out, &result);
}

static ashlar_bytes peer(void) {
    return (ashlar_bytes){state.peer, state.peer_size};
}

static void answered(ashlar_bytes body) {
    state.answered++;
    if (number(body) != state.sent) state.wrong++;
    if (state.role != IDLE) set_timer(state.pace, ASHLAR_TEXT("pace"));
}

static void await_next(ashlar_bytes body) {
    ashlar_outgoing_plain out = {.request = {.expects_response = {true, 600}, .body = body}};
    ashlar_awaited result;
    if (!ashlar_parse_address(peer(), &out.target)) return;
    ashlar_send_and_await(&out, &result);
    if (result.failed) state.failed++;
    else answered(result.message.response.body);
}

static void next(void) {
    if (state.role == IDLE) return;
    ashlar_bytes text = ashlar_decimal(++state.sent);
    if (state.role == AWAITER) await_next(ashlar_concat(ASHLAR_TEXT("keep "), text));
    else request(peer(), ashlar_concat(ASHLAR_TEXT("ping "), text), ASHLAR_TEXT("ping"), 600);
}

static void respond(ashlar_bytes body) {
    ashlar_response response = {.body = body};
    ashlar_respond(&response, NULL);
}

static void take(ashlar_bytes text) {
    if (number(text) != ++state.taken) state.astray++;
}

static ashlar_bytes field(ashlar_bytes text, ashlar_bytes name, uint64_t value) {
    return ashlar_concat(ashlar_concat(text, name), ashlar_concat(ashlar_decimal(value), ASHLAR_TEXT(" ")));
}

static ashlar_bytes report(void) {
    ashlar_bytes text = {0};
    text = field(text, ASHLAR_TEXT("sent="), state.sent);
    text = field(text, ASHLAR_TEXT("answered="), state.answered);
    text = field(text, ASHLAR_TEXT("failed="), state.failed);
    text = field(text, ASHLAR_TEXT("wrong="), state.wrong);
    text = field(text, ASHLAR_TEXT("taken="), state.taken);
    text = field(text, ASHLAR_TEXT("responded="), state.responded);
    text = field(text, ASHLAR_TEXT("astray="), state.astray);
    text = field(text, ASHLAR_TEXT("timers="), state.timers);
    text = field(text, ASHLAR_TEXT("fired="), state.fired);
    text = field(text, ASHLAR_TEXT("broken="), state.broken);
    return field(text, ASHLAR_TEXT("runs="), state.runs);
}

/* begin ROLE PACE PEER */
static void begin(ashlar_bytes words) {
    ashlar_bytes pace = split(&words), address = split(&pace);
    state.role = ashlar_equal(words, ASHLAR_TEXT("awaiter")) ? AWAITER : PINGER;
    state.pace = number(pace);
    state.peer_size = address.size < sizeof state.peer ? address.size : sizeof state.peer;
    __builtin_memcpy(state.peer, address.data, state.peer_size);
    if (ashlar_equal(words, ASHLAR_TEXT("holder"))) set_timer(3600000, ASHLAR_TEXT("hour"));
    set_timer(1, ASHLAR_TEXT("pace"));
    respond(ASHLAR_TEXT("begun"));
}

static void handle_request(ashlar_bytes body) {
    ashlar_bytes rest = split(&body);
    if (ashlar_equal(body, ASHLAR_TEXT("ping"))) {
        take(rest);
        respond(rest);
        state.responded++;
    } else if (ashlar_equal(body, ASHLAR_TEXT("keep"))) {
        take(rest);
        set_timer(20, ashlar_concat(ASHLAR_TEXT("kept "), rest));
    } else if (ashlar_equal(body, ASHLAR_TEXT("begin"))) {
        begin(rest);
    } else if (ashlar_equal(body, ASHLAR_TEXT("stop"))) {
        state.role = IDLE;
        respond(ASHLAR_TEXT("stopped"));
    } else if (ashlar_equal(body, ASHLAR_TEXT("report"))) {
        respond(report());
    } else if (ashlar_equal(body, ASHLAR_TEXT("await"))) {
        await_timer(rest);
        respond(ASHLAR_TEXT("awaited"));
    } else if (ashlar_equal(body, ASHLAR_TEXT("spin"))) {
        for (volatile uint32_t turns = 0;;) turns++;
    }
}

static void handle_answer(ashlar_bytes body, ashlar_bytes context) {
    ashlar_bytes rest = split(&context);
    if (ashlar_equal(context, ASHLAR_TEXT("ping"))) {
        answered(body);
        return;
    }
    state.fired++;
    if (ashlar_equal(context, ASHLAR_TEXT("pace"))) {
        next();
    } else if (ashlar_equal(context, ASHLAR_TEXT("kept"))) {
        respond(rest); /* it is the Request that was being handled when the timer was set */
        state.responded++;
    }
}

static void handle(void) {
    ashlar_received mail;
    ashlar_receive(&mail);
    if (mail.failed) {
        bool of_peer = mail.error_context.present && ashlar_equal(mail.error_context.value, ASHLAR_TEXT("ping"));
        of_peer ? state.failed++ : state.broken++;
    } else if (mail.message.kind == ASHLAR_REQUEST) {
        handle_request(mail.message.request.body);
    } else {
        handle_answer(mail.message.response.body, mail.message.context.value);
    }
}

void ashlar_init(ashlar_bytes our) {
    (void)our;
    load();
    ashlar_place start = ashlar_here();
    for (;;) {
        ashlar_release(start);
        handle();
        save();
    }
}
