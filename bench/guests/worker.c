/* Does what a benchmark asks for in the body of a Request, and answers with figures as decimal text:
 *
 *   rounds MILLISECONDS ADDRESS   send-and-await of a 64-byte body until the time is over
 *                                 -> rounds done, nanoseconds
 *   samples COUNT ADDRESS         the same COUNT times, the clock read around each
 *                                 -> nanoseconds of each as 32-bit little-endian numbers
 *   spawn COUNT PATH              spawns COUNT children of the component at PATH -> nanoseconds
 *   state COUNT BYTES             set-state COUNT times -> nanoseconds
 *   blob BYTES ADDRESS            one send-and-await with a blob of BYTES -> nanoseconds
 *   write COUNT BYTES             COUNT blobs of BYTES to a file through vfs, then SyncAll -> nanoseconds
 *   durable COUNT BYTES           the same with a SyncAll after each -> nanoseconds
 *   read COUNT BYTES              reads what write wrote -> nanoseconds
 *   flood ADDRESS                 sends Requests that want no answer, without end
 *   spin                          computes without end and without calling the host
 *
 * The last two do not answer; the benchmark kills the process. */
#include "ashlar.h"

__attribute__((import_module("wasi:clocks/monotonic-clock@0.2.3"), import_name("now"))) uint64_t now(void);

enum { BODY = 64, ROUNDS_BETWEEN_LOOKS = 32, ANSWER_SECONDS = 60 };

static uint8_t body[BODY];

static ashlar_outgoing_plain to(ashlar_bytes target) {
    ashlar_outgoing_plain outgoing = {
        .request = {.expects_response = {true, ANSWER_SECONDS}, .body = {body, BODY}},
    };
    if (!ashlar_parse_address(target, &outgoing.target)) __builtin_trap();
    return outgoing;
}

static void round_trip(const ashlar_outgoing_plain *outgoing) {
    ashlar_place start = ashlar_here();
    ashlar_awaited answer;
    ashlar_send_and_await(outgoing, &answer);
    if (answer.failed || answer.message.response.body.size != BODY) __builtin_trap();
    ashlar_release(start);
}

static ashlar_bytes pair(uint64_t first, uint64_t second) {
    return ashlar_concat(ashlar_concat(ashlar_decimal(first), ASHLAR_TEXT(" ")), ashlar_decimal(second));
}

static ashlar_bytes rounds(uint64_t milliseconds, ashlar_bytes target) {
    ashlar_outgoing_plain outgoing = to(target);
    uint64_t done = 0, start = now(), end = start + milliseconds * 1000000, at;
    do {
        for (int i = 0; i < ROUNDS_BETWEEN_LOOKS; i++) round_trip(&outgoing);
        done += ROUNDS_BETWEEN_LOOKS;
        at = now();
    } while (at < end);
    return pair(done, at - start);
}

static ashlar_bytes samples(uint64_t count, ashlar_bytes target) {
    ashlar_outgoing_plain outgoing = to(target);
    uint32_t *taken = ashlar_alloc(count * sizeof *taken);
    uint64_t before = now();
    for (uint64_t i = 0; i < count; i++) {
        round_trip(&outgoing);
        uint64_t after = now(), elapsed = after - before;
        taken[i] = elapsed > UINT32_MAX ? UINT32_MAX : (uint32_t)elapsed;
        before = after;
    }
    return (ashlar_bytes){(uint8_t *)taken, count * sizeof *taken};
}

static ashlar_bytes spawn(uint64_t count, ashlar_bytes path) {
    ashlar_on_exit none = {.kind = ASHLAR_EXIT_NONE};
    uint64_t start = now();
    for (uint64_t i = 0; i < count; i++) {
        ashlar_place place = ashlar_here();
        ashlar_spawned child;
        ashlar_spawn(NULL, path, &none, (ashlar_capabilities){0}, NULL, 0, false, &child);
        if (child.failed) __builtin_trap();
        ashlar_release(place);
    }
    return ashlar_decimal(now() - start);
}

static ashlar_bytes state(uint64_t count, uint64_t bytes) {
    ashlar_bytes value = {ashlar_alloc(bytes), bytes};
    uint64_t start = now();
    for (uint64_t i = 0; i < count; i++) {
        value.data[i % bytes]++;
        ashlar_set_state(value);
    }
    return ashlar_decimal(now() - start);
}

static ashlar_bytes blob(uint64_t bytes, ashlar_bytes target) {
    ashlar_outgoing_plain outgoing = to(target);
    outgoing.blob = (ashlar_optional_blob){true, {.bytes = {ashlar_alloc(bytes), bytes}}};
    uint64_t start = now();
    round_trip(&outgoing);
    return ashlar_decimal(now() - start);
}

static const ashlar_bytes vfs = ASHLAR_TEXT("our@vfs:distro:sys");

/* Asks vfs for an action on the file, and traps when the answer is an error. */
static void on_file(ashlar_bytes action, ashlar_optional_blob blob) {
    ashlar_place start = ashlar_here();
    ashlar_outgoing_plain outgoing = to(vfs);
    outgoing.request.body = ashlar_concat(ashlar_concat(
        ASHLAR_TEXT("{\"path\":\"/bench:ashlar/disk/file\",\"action\":"), action), ASHLAR_TEXT("}"));
    outgoing.blob = blob;
    ashlar_awaited answer;
    ashlar_send_and_await(&outgoing, &answer);
    if (answer.failed || ashlar_starts_with(answer.message.response.body, ASHLAR_TEXT("{\"Err\""))) __builtin_trap();
    ashlar_release(start);
}

static ashlar_bytes write(uint64_t count, uint64_t bytes, bool durable) {
    ashlar_optional_blob blob = {true, {.bytes = {ashlar_alloc(bytes), bytes}}}, none = {0};
    on_file(ASHLAR_TEXT("\"CreateDrive\""), none);
    on_file(ASHLAR_TEXT("\"CreateFile\""), none);
    uint64_t start = now();
    for (uint64_t i = 0; i < count; i++) {
        on_file(ASHLAR_TEXT("\"WriteAll\""), blob);
        if (durable || i + 1 == count) on_file(ASHLAR_TEXT("\"SyncAll\""), none);
    }
    return ashlar_decimal(now() - start);
}

static ashlar_bytes read(uint64_t count, uint64_t bytes) {
    ashlar_optional_blob none = {0};
    ashlar_bytes action = ashlar_concat(ashlar_concat(ASHLAR_TEXT("{\"ReadExact\":{\"length\":"), ashlar_decimal(bytes)),
        ASHLAR_TEXT("}}"));
    on_file(ASHLAR_TEXT("{\"OpenFile\":{\"create\":false}}"), none);
    uint64_t start = now();
    for (uint64_t i = 0; i < count; i++) {
        on_file(action, none);
        ashlar_place place = ashlar_here();
        ashlar_optional_blob blob;
        ashlar_get_blob(&blob);
        if (blob.value.bytes.size != bytes) __builtin_trap();
        ashlar_release(place);
    }
    return ashlar_decimal(now() - start);
}

static void flood(ashlar_bytes target) {
    ashlar_outgoing outgoing = {.request = {.body = {body, BODY}}};
    if (!ashlar_parse_address(target, &outgoing.target)) __builtin_trap();
    for (;;) ashlar_send(&outgoing);
}

static void spin(void) {
    for (volatile uint32_t i = 0;; i++) {}
}

/* The next word of text, which then begins behind it. */
static ashlar_bytes word(ashlar_bytes *text) {
    ashlar_bytes found = {text->data, 0};
    while (found.size < text->size && text->data[found.size] != ' ') found.size++;
    size_t taken = found.size < text->size ? found.size + 1 : found.size;
    text->data += taken;
    text->size -= taken;
    return found;
}

static uint64_t number(ashlar_bytes *text) {
    ashlar_bytes digits = word(text);
    uint64_t value = 0;
    for (size_t i = 0; i < digits.size; i++) value = value * 10 + (digits.data[i] - '0');
    return value;
}

static ashlar_bytes carry_out(ashlar_bytes text) {
    ashlar_bytes command = word(&text);
    if (ashlar_equal(command, ASHLAR_TEXT("flood"))) flood(text);
    if (ashlar_equal(command, ASHLAR_TEXT("spin"))) spin();
    uint64_t amount = number(&text);
    if (ashlar_equal(command, ASHLAR_TEXT("rounds"))) return rounds(amount, text);
    if (ashlar_equal(command, ASHLAR_TEXT("samples"))) return samples(amount, text);
    if (ashlar_equal(command, ASHLAR_TEXT("spawn"))) return spawn(amount, text);
    if (ashlar_equal(command, ASHLAR_TEXT("state"))) return state(amount, number(&text));
    if (ashlar_equal(command, ASHLAR_TEXT("blob"))) return blob(amount, text);
    if (ashlar_equal(command, ASHLAR_TEXT("write"))) return write(amount, number(&text), false);
    if (ashlar_equal(command, ASHLAR_TEXT("durable"))) return write(amount, number(&text), true);
    if (ashlar_equal(command, ASHLAR_TEXT("read"))) return read(amount, number(&text));
    __builtin_trap();
}

void ashlar_init(ashlar_bytes our) {
    ashlar_place start = ashlar_here();
    for (;;) {
        ashlar_release(start);
        ashlar_received mail;
        ashlar_receive(&mail);
        if (mail.failed || mail.message.kind != ASHLAR_REQUEST) continue;
        ashlar_response response = {.body = carry_out(mail.message.request.body)};
        ashlar_respond(&response, NULL);
    }
}
