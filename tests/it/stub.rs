//! Something on loopback that answers each request as a test says, to what its body holds.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use crate::api::Folder;

/// Says what is answered with status 200 to a body.
pub(crate) type Answers = fn(&str) -> String;

/// What listens, for as long as the test's process runs.
pub(crate) struct Stub {
    address: SocketAddr,
    folder: Folder,
}

impl Stub {
    pub(crate) fn start(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming() {
                thread::spawn(move || answer(&stream.unwrap(), answers));
            }
        });
        let folder = Folder::new();
        folder.write("key", "da2-abcdefghijklmnopqrstuvwxyz");
        Self { address, folder }
    }

    /// The flags that lead a program here, with an API key.
    pub(crate) fn flags(&self) -> Vec<String> {
        let endpoint = format!("http://{}/graphql", self.address);
        let key = self.folder.path("key").to_str().unwrap().to_owned();
        ["--endpoint", &endpoint, "--api-key-file", &key]
            .map(str::to_owned)
            .to_vec()
    }
}

fn answer(mut stream: &TcpStream, answers: Answers) {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or_default() == 0 {
            return;
        }
        let line = line.trim().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let text = answers(&String::from_utf8(body).unwrap());
    let length = text.len();
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{text}"
    );
}
