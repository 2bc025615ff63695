//! The child that gives a file to another node: says how long it is and what its SHA-256 is, then gives the pieces asked for.

use kinode_process_lib::{await_message, timer, vfs, Address, Message, Response};

use crate::{path, PIECE};

/// A file of which no piece was asked for this long is given up, in milliseconds.
const IDLE: u64 = 120_000;

pub fn run(our: &Address, name: &str) {
    let path = path(our, "offered", name);
    let Ok(file) = vfs::open_file(&path, false, None) else {
        return answer("error: there is no such file".to_string());
    };
    let (Ok(metadata), Some(hash)) = (file.metadata(), hash(&path)) else {
        return answer("error: the file cannot be read".to_string());
    };
    answer(format!("{} {hash}", metadata.len));
    let mut asked = true;
    timer::set_timer(IDLE, None);
    loop {
        match await_message() {
            Ok(Message::Request { body, .. }) => {
                asked = true;
                match String::from_utf8_lossy(&body).split_once(' ') {
                    Some(("read", place)) => give(&file, place.parse().unwrap_or(0), metadata.len),
                    _ => return,
                }
            }
            Ok(_) if !asked => return,
            Ok(_) => {
                asked = false;
                timer::set_timer(IDLE, None);
            }
            Err(_) => return,
        }
    }
}

fn answer(text: String) {
    Response::new().body(text).send().expect("a response with a body");
}

fn give(file: &vfs::File, place: u64, len: u64) {
    let mut piece = vec![0; PIECE.min(len.saturating_sub(place)) as usize];
    let mut cursor = vfs::File::new(&file.path, file.timeout);
    let read = cursor.seek(vfs::SeekFrom::Start(place)).and_then(|_| cursor.read_at(&mut piece));
    std::mem::forget(cursor); // the file stays open
    match read {
        Ok(_) => Response::new().body("piece").blob_bytes(piece).send().expect("a response with a body"),
        Err(error) => answer(format!("error: {error}")),
    }
}

/// SHA-256 of a file, in hex.
pub fn hash(path: &str) -> Option<String> {
    let answer = vfs::vfs_request(path, vfs::VfsAction::Hash).send_and_await_response(crate::PATIENCE).ok()?.ok()?;
    match vfs::parse_response(answer.body()).ok()? {
        vfs::VfsResponse::Hash(bytes) => Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
        _ => None,
    }
}
