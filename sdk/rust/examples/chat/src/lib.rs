//! Lines between the people of two nodes. A person says `tell NODE TEXT` or `history` to the chat of their own node; chats of
//! other nodes send the text alone. The last lines are kept over restarts.

use kinode_process_lib::{await_message, call_init, get_state, println, set_state, Address, Message, Request, Response, SendErrorKind};

wit_bindgen::generate!({
    path: "../../../wit/kinode",
    world: "process-v1",
});

call_init!(init);

/// Lines kept.
const HISTORY: usize = 100;
/// Longest text taken, in bytes.
const LONGEST: usize = 1_000;
/// Seconds that the other chat may take to answer.
const PATIENCE: u64 = 20;

fn init(our: Address) {
    let mut history = kept_history();
    loop {
        if let Ok(Message::Request { source, body, .. }) = await_message() {
            let text = String::from_utf8_lossy(&body[..body.len().min(LONGEST)]).into_owned();
            let answer = if source.node() == our.node() {
                from_the_person(&our, &text, &mut history)
            } else {
                from_another_node(&our, &source, &text, &mut history)
            };
            Response::new().body(answer).send().expect("a response with a body");
        }
    }
}

fn from_the_person(our: &Address, said: &str, history: &mut Vec<String>) -> String {
    let mut words = said.splitn(3, ' ');
    match (words.next(), words.next(), words.next()) {
        (Some("tell"), Some(node), Some(text)) => tell(our, node, text, history),
        (Some("history"), None, None) => history.join("\n"),
        _ => "unknown: say \"tell NODE TEXT\" or \"history\"".to_string(),
    }
}

/// The chat of the other node has the same name as this one.
fn tell(our: &Address, node: &str, text: &str, history: &mut Vec<String>) -> String {
    let there = Address::new(node, (our.process(), our.package(), our.publisher()));
    let answer = Request::to(there)
        .body(text)
        .send_and_await_response(PATIENCE)
        .expect("a request with a body");
    match answer {
        Ok(_) => {
            keep(history, format!("to {node}: {text}"));
            format!("{node} has it")
        }
        Err(error) if matches!(error.kind, SendErrorKind::Offline) => format!("{node} cannot be reached"),
        Err(_) => format!("{node} does not answer; is its chat installed?"),
    }
}

/// Only chats are listened to: whoever else is on that node would speak in the person's name.
fn from_another_node(our: &Address, source: &Address, text: &str, history: &mut Vec<String>) -> String {
    if (source.process(), source.package_id()) != (our.process(), our.package_id()) {
        return "unknown".to_string();
    }
    println!("{}: {text}", source.node());
    keep(history, format!("{}: {text}", source.node()));
    "ok".to_string()
}

fn keep(history: &mut Vec<String>, line: String) {
    history.push(line.replace(['\n', '\r'], " "));
    if history.len() > HISTORY {
        history.remove(0);
    }
    set_state(history.join("\n").as_bytes());
}

fn kept_history() -> Vec<String> {
    get_state().map_or(Vec::new(), |bytes| String::from_utf8_lossy(&bytes).lines().map(str::to_string).collect())
}
