/* One stage of a chain of three processes: front hands each Request to middle, middle to back, and back answers.
 *
 * All three run this code; which stage it is tells the process's own name. A Request that is handed on with
 * inherit keeps the identity of the one it came from and the address that waits for the answer. So the Response
 * of back goes straight to whoever asked front, and neither front nor middle sees it. The blob travels along
 * untouched, and no stage copies it into its own memory.
 */
#include "ashlar.h"

static ashlar_bytes next_stage(ashlar_bytes name) {
    if (ashlar_equal(name, ASHLAR_TEXT("front"))) return ASHLAR_TEXT("middle");
    if (ashlar_equal(name, ASHLAR_TEXT("middle"))) return ASHLAR_TEXT("back");
    return (ashlar_bytes){0};
}

void ashlar_init(ashlar_bytes our) {
    ashlar_address self, next;
    ashlar_our(&self);
    next = self;
    next.process.process_name = next_stage(self.process.process_name);
    bool is_last = next.process.process_name.size == 0;
    ashlar_bytes mark = ashlar_concat(ASHLAR_TEXT(" > "), self.process.process_name);

    ashlar_place start = ashlar_here();
    for (;;) {
        ashlar_release(start);
        ashlar_received mail;
        ashlar_receive(&mail);
        if (mail.failed || mail.message.kind != ASHLAR_REQUEST) continue;
        ashlar_bytes body = ashlar_concat(mail.message.request.body, mark);
        if (is_last) {
            ashlar_response response = {.inherit = true, .body = body};
            ashlar_respond(&response, NULL);
        } else {
            ashlar_outgoing onward = {.target = next, .request = {.inherit = true, .body = body}};
            ashlar_send(&onward);
        }
    }
}
