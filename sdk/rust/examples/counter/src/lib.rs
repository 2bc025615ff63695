//! Counts, and keeps the count: `increment` adds one and answers the count, `get` only answers it.

use kinode_process_lib::{await_message, call_init, get_state, set_state, Address, Message, Response};

wit_bindgen::generate!({
    path: "../../../wit/kinode",
    world: "process-v1",
});

call_init!(init);

fn init(_our: Address) {
    loop {
        if let Ok(Message::Request { body, .. }) = await_message() {
            Response::new()
                .body(answer(&body))
                .send()
                .expect("a response with a body");
        }
    }
}

fn answer(body: &[u8]) -> String {
    match body {
        b"get" => kept_count().to_string(),
        b"increment" => {
            let count = kept_count() + 1;
            set_state(&count.to_le_bytes());
            count.to_string()
        }
        _ => "unknown: say increment or get".to_string(),
    }
}

/// The count of this life and all earlier ones: what was set last, safe on disk since then.
fn kept_count() -> u64 {
    get_state()
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, u64::from_le_bytes)
}
