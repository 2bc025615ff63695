//! The process that takes orders: `get NODE NAME` and `status` from this node, `open NAME` from others, and what its children
//! report. It never waits, so that many transfers go on side by side.

use std::collections::BTreeMap;

use kinode_process_lib::{
    await_message, get_state, our_capabilities, println, set_state, spawn, vfs, Address, Capability, Message, OnExit, Request, Response,
};

use crate::{is_name, path};

/// Transfers to and from this node at one time.
const MOST: usize = 16;

/// What is being fetched: node and name, and how far it is.
type Fetches = BTreeMap<(String, String), String>;

pub fn run(our: &Address) {
    for drive in ["offered", "received"] {
        if let Err(error) = vfs::create_drive(our.package_id(), drive, None) {
            println!("the drive {drive} cannot be made: {error}");
        }
    }
    let mut fetches = Fetches::new();
    for line in String::from_utf8_lossy(&get_state().unwrap_or_default()).lines() {
        if let Some((node, name)) = line.split_once(' ') {
            start(our, &mut fetches, node, name, false);
        }
    }
    loop {
        if let Ok(Message::Request { source, body, .. }) = await_message() {
            let order = String::from_utf8_lossy(&body).into_owned();
            let words: Vec<&str> = order.splitn(4, ' ').collect();
            let answer = if source.node() == our.node() && source.package_id() == our.package_id() {
                report(&mut fetches, &words)
            } else if source.node() == our.node() {
                order_of_person(our, &mut fetches, &words)
            } else {
                order_of_node(our, &words)
            };
            if let Some(text) = answer {
                Response::new().body(text).send().expect("a response with a body");
            }
        }
    }
}

/// None: a child answers.
fn order_of_person(our: &Address, fetches: &mut Fetches, words: &[&str]) -> Option<String> {
    match *words {
        ["get", node, name] if is_name(name) => start(our, fetches, node, name, true),
        ["get", _, name] => Some(format!("error: \"{name}\" is no name of a file here")),
        ["status"] if fetches.is_empty() => Some("nothing is being fetched".to_string()),
        ["status"] => {
            let lines = fetches.iter().map(|((node, name), progress)| format!("{name} of {node}: {progress}"));
            Some(lines.collect::<Vec<_>>().join("\n"))
        }
        _ => Some("unknown: say \"get NODE NAME\" or \"status\"".to_string()),
    }
}

fn order_of_node(our: &Address, words: &[&str]) -> Option<String> {
    match *words {
        ["open", name] if is_name(name) => match child(our) {
            Ok(child) => {
                hand_on(&child, &format!("open {name}"), true);
                None
            }
            Err(reason) => Some(reason),
        },
        _ => Some("error: there is no such file".to_string()),
    }
}

fn report(fetches: &mut Fetches, words: &[&str]) -> Option<String> {
    match *words {
        ["progress", node, name, progress] => {
            if let Some(known) = fetches.get_mut(&(node.to_string(), name.to_string())) {
                *known = progress.to_string();
            }
        }
        ["ended", node, name] => {
            fetches.remove(&(node.to_string(), name.to_string()));
            keep(fetches);
        }
        _ => {}
    }
    None
}

/// The child's answer goes to whoever asked (`inherit`), if anybody did.
fn start(our: &Address, fetches: &mut Fetches, node: &str, name: &str, asked: bool) -> Option<String> {
    let id = (node.to_string(), name.to_string());
    if fetches.contains_key(&id) {
        return Some(format!("{name} is being fetched from {node} already: {}", fetches[&id]));
    }
    if fetches.len() >= MOST {
        return Some(format!("error: {MOST} files are being fetched already"));
    }
    match child(our) {
        Ok(child) => {
            fetches.insert(id, "begins".to_string());
            keep(fetches);
            hand_on(&child, &format!("fetch {node} {name}"), asked);
            None
        }
        Err(reason) => Some(reason),
    }
}

fn hand_on(child: &Address, order: &str, asked: bool) {
    Request::to(child).inherit(asked).body(order).send().expect("a request with a body");
}

/// A child may do what this process may: use the network, and files.
fn child(our: &Address) -> Result<Address, String> {
    let rights: Vec<Capability> = our_capabilities()
        .into_iter()
        .filter(|right| right.params() == "\"network\"" || right.issuer().process() == "vfs")
        .collect();
    let component = path(our, "pkg", "transfer.wasm");
    spawn(None, &component, OnExit::None, rights, vec![], false)
        .map(|id| Address::new(our.node(), id))
        .map_err(|error| format!("error: no worker can be started: {error:?}"))
}

/// What is being fetched is taken up again by the next run of this process.
fn keep(fetches: &Fetches) {
    let lines: Vec<String> = fetches.keys().map(|(node, name)| format!("{node} {name}")).collect();
    set_state(lines.join("\n").as_bytes());
}
