//! Answers every Request with its own body and blob.

use hyperware_process_lib::{await_message, call_init, get_blob, Address, Message, Response};

wit_bindgen::generate!({
    path: "../../../wit/hyperware",
    world: "process-v1",
});

call_init!(init);

fn init(_our: Address) {
    loop {
        if let Ok(Message::Request { body, .. }) = await_message() {
            let mut response = Response::new().body(body);
            if let Some(blob) = get_blob() {
                response = response.blob(blob);
            }
            response.send().expect("a response with a body");
        }
    }
}
