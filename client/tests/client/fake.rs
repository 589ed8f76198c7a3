//! A server on loopback that answers with the bytes it is told, and keeps the bytes it got.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use crate::MINUTES;

/// What the server does on a connection, in order.
pub(crate) enum Act {
    /// Reads one request and writes these bytes.
    Answer(Vec<u8>),
    /// Reads one request, does this, and writes these bytes.
    Meanwhile(Box<dyn FnOnce() + Send>, Vec<u8>),
    /// Reads one request and writes a head, and then a body byte by byte, each after this time.
    Drip(Vec<u8>, Vec<u8>, Duration),
    /// Reads one request and writes nothing until the client goes away.
    Hang,
    /// Never reads, never writes, until the client goes away.
    Stall,
}

/// What the server saw.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A request on the connection with this number, counted from 0.
    Request(usize, String),
    /// The client closed this connection.
    Gone(usize),
}

pub(crate) struct Fake {
    pub(crate) address: SocketAddr,
    events: mpsc::UnboundedReceiver<Event>,
}

impl Fake {
    /// Starts a server; each inner list is one connection, which is closed after its last act.
    pub(crate) async fn start(connections: Vec<Vec<Act>>) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, events) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            for (index, acts) in connections.into_iter().enumerate() {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(play(index, stream, acts, sender.clone()));
            }
        });
        Fake { address, events }
    }

    /// Starts a server that answers one request.
    pub(crate) async fn answering(answer: impl Into<Vec<u8>>) -> Fake {
        Fake::start(vec![vec![Act::Answer(answer.into())]]).await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/graphql", self.address)
    }

    pub(crate) async fn event(&mut self) -> Event {
        // Only a test that has failed waits so long.
        let event = tokio::time::timeout(MINUTES, self.events.recv());
        event.await.unwrap().unwrap()
    }

    /// Returns the bytes of the next request.
    pub(crate) async fn request(&mut self) -> String {
        match self.event().await {
            Event::Request(_, text) => text,
            Event::Gone(index) => panic!("connection {index} was closed"),
        }
    }

    /// Returns the bytes of the next request that the server has already seen.
    pub(crate) fn seen(&mut self) -> Option<String> {
        match self.events.try_recv() {
            Ok(Event::Request(_, text)) => Some(text),
            _ => None,
        }
    }

    /// Says whether the server saw anything so far.
    pub(crate) fn saw_nothing(&mut self) -> bool {
        self.events.try_recv().is_err()
    }
}

/// Makes an answer with a `content-length`.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

pub(crate) fn ok(body: &str) -> Vec<u8> {
    answer("200 OK", "content-type: application/json\r\n", body)
}

async fn play(index: usize, mut stream: TcpStream, acts: Vec<Act>, events: mpsc::UnboundedSender<Event>) {
    for act in acts {
        match act {
            Act::Answer(bytes) => {
                let Some(request) = read_request(&mut stream).await else {
                    break;
                };
                drop(events.send(Event::Request(index, request)));
                stream.write_all(&bytes).await.unwrap();
            }
            Act::Meanwhile(act, bytes) => {
                let Some(request) = read_request(&mut stream).await else {
                    break;
                };
                drop(events.send(Event::Request(index, request)));
                act();
                stream.write_all(&bytes).await.unwrap();
            }
            Act::Drip(head, body, pause) => {
                let Some(request) = read_request(&mut stream).await else {
                    break;
                };
                drop(events.send(Event::Request(index, request)));
                stream.write_all(&head).await.unwrap();
                for byte in body {
                    tokio::time::sleep(pause).await;
                    // A client that has had enough goes away.
                    if stream.write_all(&[byte]).await.is_err() {
                        break;
                    }
                }
            }
            Act::Hang => {
                let Some(request) = read_request(&mut stream).await else {
                    break;
                };
                drop(events.send(Event::Request(index, request)));
                until_gone(&mut stream).await;
                drop(events.send(Event::Gone(index)));
            }
            Act::Stall => {
                until_gone(&mut stream).await;
                drop(events.send(Event::Gone(index)));
            }
        }
    }
}

/// Reads one request, with a body if there is a `content-length`, or nothing if the client closes.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .unwrap_or("0");
            if body.len() >= length.parse().unwrap() {
                return Some(text);
            }
        }
        if stream.read_buf(&mut bytes).await.unwrap() == 0 {
            return None;
        }
    }
}

async fn until_gone(stream: &mut TcpStream) {
    let mut bytes = [0; 1024];
    while !matches!(stream.read(&mut bytes).await, Ok(0) | Err(_)) {}
}
