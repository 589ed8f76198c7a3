//! An API of people on loopback, which has a memory, and answers as a test says.
//!
//! Invariant: one request a connection.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::{Value, json};

/// Who is there: names by ids.
pub(crate) type People = BTreeMap<String, String>;

/// The status and the body of an answer.
pub(crate) type Answer = (u16, String);

/// The API.
pub(crate) struct Api {
    pub(crate) address: SocketAddr,
    people: Arc<Mutex<People>>,
}

/// What a request asks for.
pub(crate) struct Asked {
    /// The operation's name.
    pub(crate) operation: String,
    pub(crate) variables: Value,
}

impl Api {
    /// Starts an API. It ends with the test's process.
    pub(crate) fn start(answer: impl Fn(&Asked, &mut People) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let people = Arc::new(Mutex::new(People::new()));
        let known = Arc::clone(&people);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                // Who connects and says nothing has made one connection too many.
                let Some(asked) = read(&mut stream) else { continue };
                let (status, body) = answer(&asked, &mut known.lock().unwrap());
                let length = body.len();
                let head = format!("HTTP/1.1 {status} Status\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
                let _ = stream.write_all((head + &body).as_bytes());
            }
        });
        Self { address, people }
    }

    /// Who is there now.
    pub(crate) fn people(&self) -> People {
        self.people.lock().unwrap().clone()
    }
}

/// Does what is asked, as the schema says.
pub(crate) fn answer(asked: &Asked, people: &mut People) -> Answer {
    let text = |name: &str| asked.variables[name].as_str().unwrap().to_owned();
    let data = match asked.operation.as_str() {
        "AddPerson" => {
            let id = format!("p-{}", people.len() + 1);
            people.insert(id.clone(), text("name"));
            json!({ "addPerson": { "id": id, "name": text("name"), "email": null } })
        }
        "RemovePerson" => json!({ "removePerson": people.remove(&text("id")).is_some() }),
        "GetPerson" => {
            let found = people.get(&text("id"));
            let person = found.map(|name| json!({ "id": text("id"), "name": name, "email": null }));
            json!({ "getPerson": person })
        }
        other => panic!("{other}"),
    };
    (200, json!({ "data": data }).to_string())
}

fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(text) = line.strip_prefix("content-length:") {
            length = text.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let request: Value = serde_json::from_slice(&body).ok()?;
    Some(Asked {
        operation: request["operationName"].as_str()?.to_owned(),
        variables: request["variables"].clone(),
    })
}
