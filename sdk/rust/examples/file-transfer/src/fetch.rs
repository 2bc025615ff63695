//! The child that fetches a file. Pieces are appended to a part file whose name carries the hash of the whole, so that a later
//! run goes on with it if the file over there is still the same; when all of it is here its hash is compared, and then it gets
//! its name.

use kinode_process_lib::{get_blob, println, timer, vfs, Address, Request, Response};

use crate::offer::hash;
use crate::{path, MAIN, PATIENCE, PIECE};

/// Attempts in a row, without a piece in between, and the milliseconds from one to the next.
const ATTEMPTS: u32 = 60;
const WAIT: u64 = 2_000;
/// Hex digits of the hash in the name of a part file.
const DIGITS: usize = 16;

struct Fetch<'a> {
    our: &'a Address,
    node: &'a str,
    name: &'a str,
    attempts: u32,
}

/// Whether another attempt may help.
enum Failure {
    Passing(String),
    Final(String),
}

pub fn run(our: &Address, node: &str, name: &str) {
    let mut fetch = Fetch { our, node, name, attempts: 0 };
    let ended = loop {
        match fetch.attempt() {
            Ok(text) => break text,
            Err(Failure::Passing(reason)) if fetch.attempts < ATTEMPTS => {
                fetch.attempts += 1;
                fetch.tell_main(&format!("progress {node} {name} waits: {reason}"));
                let _ = timer::set_and_await_timer(WAIT);
            }
            Err(Failure::Passing(reason) | Failure::Final(reason)) => break format!("error: {reason}"),
        }
    };
    println!("{ended}");
    fetch.tell_main(&format!("ended {node} {name}"));
    Response::new().body(ended).send().expect("a response with a body");
}

impl Fetch<'_> {
    fn attempt(&mut self) -> Result<String, Failure> {
        let (worker, len, expected) = self.open()?;
        let part = path(self.our, "received", &format!(".{}.{}.part", self.name, &expected[..DIGITS]));
        let mut file = vfs::open_file(&part, true, None).map_err(here)?;
        let mut done = file.metadata().map_err(here)?.len;
        if done > 0 && done < len {
            println!("{} of {} goes on at byte {done} of {len}", self.name, self.node);
        }
        while done < len {
            let piece = self.piece(&worker, done, len)?;
            file.append(&piece).map_err(here)?;
            let before = tenth(done, len);
            done += piece.len() as u64;
            self.attempts = 0;
            self.tell_main(&format!("progress {} {} {done} of {len} bytes", self.node, self.name));
            if tenth(done, len) != before {
                println!("{} of {}: {} %", self.name, self.node, tenth(done, len) * 10);
            }
        }
        let _ = Request::to(&worker).body("end").send();
        file.sync_all().map_err(here)?;
        if hash(&part).as_ref() != Some(&expected) {
            drop(file);
            let _ = vfs::remove_file(&part, None);
            return Err(Failure::Passing("what arrived is not what was sent; it is fetched anew".to_string()));
        }
        drop(file);
        self.give_name(&part)?;
        Ok(format!("{} of {}: {len} bytes, sha256 {expected}", self.name, self.node))
    }

    /// Has a child made over there; it is what answers. @return its address, and length and hash of the file
    fn open(&self) -> Result<(Address, u64, String), Failure> {
        let main = Address::new(self.node, (MAIN, self.our.package(), self.our.publisher()));
        let answer = Request::to(main)
            .body(format!("open {}", self.name))
            .send_and_await_response(PATIENCE)
            .expect("a request with a body")
            .map_err(|error| Failure::Passing(format!("{}: {:?}", self.node, error.kind)))?;
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        match text.split_once(' ') {
            Some((len, hash)) if len.parse::<u64>().is_ok() && hash.len() == 64 && hash.chars().all(|digit| digit.is_ascii_hexdigit()) => {
                Ok((answer.source().clone(), len.parse().unwrap_or(0), hash.to_string()))
            }
            _ => Err(Failure::Final(format!("{} of {}: {text}", self.name, self.node))),
        }
    }

    fn piece(&self, worker: &Address, place: u64, len: u64) -> Result<Vec<u8>, Failure> {
        Request::to(worker)
            .body(format!("read {place}"))
            .send_and_await_response(PATIENCE)
            .expect("a request with a body")
            .map_err(|error| Failure::Passing(format!("{}: {:?}", self.node, error.kind)))?;
        let piece = get_blob().unwrap_or_default().bytes;
        if piece.len() as u64 == PIECE.min(len - place) {
            Ok(piece)
        } else {
            Err(Failure::Passing(format!("{} gave {} bytes", self.node, piece.len())))
        }
    }

    fn give_name(&self, part: &str) -> Result<(), Failure> {
        let new_path = path(self.our, "received", self.name);
        vfs::vfs_request(part, vfs::VfsAction::Rename { new_path })
            .send_and_await_response(PATIENCE)
            .expect("a request with a body")
            .map_err(|error| Failure::Passing(format!("{:?}", error.kind)))
            .and_then(|answer| match vfs::parse_response(answer.body()) {
                Ok(vfs::VfsResponse::Ok) => Ok(()),
                other => Err(Failure::Final(format!("the file cannot be named: {other:?}"))),
            })
    }

    fn tell_main(&self, text: &str) {
        let main = Address::new(self.our.node(), (MAIN, self.our.package(), self.our.publisher()));
        Request::to(main).body(text).send().expect("a request with a body");
    }
}

/// A drive that is full, or a disk that fails.
fn here(error: vfs::VfsError) -> Failure {
    Failure::Final(format!("the file cannot be written here: {error}"))
}

fn tenth(done: u64, len: u64) -> u64 {
    done * 10 / len
}
