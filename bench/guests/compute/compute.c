/* Does what the figure "cpu" asks for in the body of a Request, "KIND AMOUNT", and answers with the nanoseconds it took and its
 * checksum, as decimal text. */
#include "ashlar.h"

__attribute__((import_module("wasi:clocks/monotonic-clock@0.2.3"), import_name("now"))) uint64_t now(void);

uint32_t run(uint32_t kind, uint32_t amount);

static ashlar_bytes answer(ashlar_bytes words) {
    uint32_t numbers[2] = {0}, at = 0;
    for (size_t i = 0; i < words.size; i++) {
        if (words.data[i] == ' ') at = 1;
        else numbers[at] = numbers[at] * 10 + (words.data[i] - '0');
    }
    uint64_t start = now();
    uint32_t sum = run(numbers[0], numbers[1]);
    ashlar_bytes taken = ashlar_concat(ashlar_decimal(now() - start), ASHLAR_TEXT(" "));
    return ashlar_concat(taken, ashlar_decimal(sum));
}

void ashlar_init(ashlar_bytes our) {
    ashlar_place start = ashlar_here();
    for (;;) {
        ashlar_release(start);
        ashlar_received mail;
        ashlar_receive(&mail);
        if (mail.failed || mail.message.kind != ASHLAR_REQUEST) continue;
        ashlar_response response = {.body = answer(mail.message.request.body)};
        ashlar_respond(&response, NULL);
    }
}
