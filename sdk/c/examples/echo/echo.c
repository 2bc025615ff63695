/* Answers every Request with its own body and blob. */
#include "ashlar.h"

void ashlar_init(ashlar_bytes our) {
    ashlar_place start = ashlar_here();
    for (;;) {
        ashlar_release(start);
        ashlar_received mail;
        ashlar_receive(&mail);
        if (mail.failed || mail.message.kind != ASHLAR_REQUEST) continue;
        ashlar_optional_blob blob;
        ashlar_get_blob(&blob);
        ashlar_response response = {.body = mail.message.request.body};
        ashlar_respond(&response, blob.present ? &blob.value : NULL);
    }
}
