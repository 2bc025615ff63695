//! Fetches files from other nodes. What lies in the drive `offered` of this package can be fetched by every node that this one
//! knows; what was fetched lies in the drive `received`.
//!
//! One process, `transfer`, takes orders; every transfer is done by a pair of children, one on each node, which run the same
//! component under names of their own. A fetch that was interrupted, by the death of either node too, goes on where it was.

mod fetch;
mod offer;
mod transfer;

use kinode_process_lib::{call_init, Address};

wit_bindgen::generate!({
    path: "../../../wit/kinode",
    world: "process-v1",
});

call_init!(init);

/// The name that the manifest gives to the process that takes orders.
const MAIN: &str = "transfer";
/// Bytes of a file in one message.
const PIECE: u64 = 256 * 1024;
/// Seconds that the other node may take to answer, hashing a large file included.
const PATIENCE: u64 = 60;

fn init(our: Address) {
    if our.process() == MAIN {
        transfer::run(&our);
    } else {
        work(&our);
    }
}

/// A child does the one thing it is asked for first, and ends.
fn work(our: &Address) {
    use kinode_process_lib::{await_message, Message};
    if let Ok(Message::Request { body, .. }) = await_message() {
        let order = String::from_utf8_lossy(&body).into_owned();
        match order.split(' ').collect::<Vec<_>>()[..] {
            ["fetch", node, name] => fetch::run(our, node, name),
            ["open", name] => offer::run(our, name),
            _ => {}
        }
    }
}

/// Whether `name` names a file of a drive's top folder, and is no part file.
fn is_name(name: &str) -> bool {
    name.len() <= 100
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.chars().all(|each| each.is_ascii_alphanumeric() || "._-".contains(each))
}

fn path(our: &Address, drive: &str, name: &str) -> String {
    format!("/{}/{drive}/{name}", our.package_id())
}
