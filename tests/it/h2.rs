//! What becomes of calls over HTTP/2 when the API resets streams, sends its clients away or closes.
//!
//! The API here writes its frames itself (RFC 9113): a well-behaved library would not write these.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::io::{self, Write as _};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex};

use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream;
use http_body_util::StreamBody;
use hyper::body::{Bytes, Frame, Incoming};
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::session::{Era, Session};
use crate::tls::{NOTHING_FOUND, Stream, Tls};

const MADE: &str = r#"{"data":{"createCollection":{"id":"col-1","name":"A","description":null,"visibility":"PRIVATE","itemCount":0,"createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}}}"#;

const LOST: &str = "outcome unknown: this write may have been carried out, but its answer was lost; do not repeat it: read back what it would have changed first";
const UNREACHABLE: &str = "unreachable: the API can't be reached just now, and nothing was changed; try again later";

/// How often a read is tried.
const ATTEMPTS: usize = 5;

/// What an API's answer may have, unpacked.
const BYTES_MAX: usize = 8 * 1024 * 1024;

// Kinds of frames, their flags, and reasons (RFC 9113, sections 6 and 7).
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const NO_ERROR: u32 = 0;
const INTERNAL_ERROR: u32 = 2;
const REFUSED_STREAM: u32 = 7;
const CANCEL: u32 = 8;

/// What becomes of the connection after a trick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Connection {
    /// It serves the next request.
    Lives,
    /// It is open, and takes no more requests.
    Retires,
    /// It is closed at once.
    Closes,
}
use Connection::{Closes, Lives, Retires};

/// What a whole request is met with.
#[derive(Clone, Copy)]
struct Trick {
    name: &'static str,
    /// Makes frames, of the stream's number and of what would be the answer.
    frames: fn(u32, &str) -> Vec<u8>,
    connection: Connection,
}

const fn trick(name: &'static str, connection: Connection, frames: fn(u32, &str) -> Vec<u8>) -> Trick {
    Trick {
        name,
        frames,
        connection,
    }
}

/// HTTP/2 says that the API has not processed these requests, so that a client may repeat them by itself (section 8.7). Ours
/// leaves that to the rules for all lost calls, which repeat no write.
const NOT_PROCESSED: [Trick; 2] = [
    trick("refused", Lives, |id, _| reset(id, REFUSED_STREAM)),
    trick("sent away before it", Retires, |id, _| go_away(id.saturating_sub(2))),
];

/// Nobody knows what became of these.
const IN_DOUBT: [Trick; 8] = [
    trick("failed", Lives, |id, _| reset(id, INTERNAL_ERROR)),
    trick("cancelled", Lives, |id, _| reset(id, CANCEL)),
    trick("failed in the answer", Lives, |id, body| {
        [half(id, body), reset(id, INTERNAL_ERROR)].concat()
    }),
    trick("cancelled in the answer", Lives, |id, body| {
        [half(id, body), reset(id, CANCEL)].concat()
    }),
    trick("sent away after it, and closed", Closes, |id, _| go_away(id)),
    trick("sent away some time, and closed", Closes, |_, _| go_away(u32::MAX >> 1)),
    trick("closed", Closes, |_, _| Vec::new()),
    trick("closed in the answer", Closes, half),
];

/// These are answered.
const ANSWERED: [Trick; 3] = [
    trick("answered", Lives, whole),
    trick("sent away after it", Retires, |id, body| {
        [go_away(id), whole(id, body)].concat()
    }),
    trick("sent away some time", Retires, |id, body| {
        [go_away(u32::MAX >> 1), whole(id, body)].concat()
    }),
];

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

fn reset(id: u32, reason: u32) -> Vec<u8> {
    frame(RST_STREAM, 0, id, &reason.to_be_bytes())
}

fn go_away(last: u32) -> Vec<u8> {
    frame(GOAWAY, 0, 0, &[last.to_be_bytes(), NO_ERROR.to_be_bytes()].concat())
}

/// `:status: 200`, which has a number of its own (RFC 7541, appendix A).
fn head(id: u32) -> Vec<u8> {
    frame(HEADERS, END_HEADERS, id, &[0x88])
}

fn whole(id: u32, body: &str) -> Vec<u8> {
    [head(id), frame(DATA, END_STREAM, id, body.as_bytes())].concat()
}

fn half(id: u32, body: &str) -> Vec<u8> {
    [head(id), frame(DATA, 0, id, &body.as_bytes()[..body.len() / 2])].concat()
}

/// What requests are met with, in order; those beyond are answered.
type Plan = Arc<Mutex<VecDeque<Trick>>>;

/// Talks HTTP/2 until a trick closes the connection, or the client does.
async fn talk(mut stream: Stream, see: Sender<String>, plan: Plan) -> io::Result<()> {
    let see = |what: &str| drop(see.send(what.to_owned()));
    stream
        .read_exact(&mut [0; b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len()])
        .await?;
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
    let mut bodies: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
    loop {
        let mut start = [0; 9];
        stream.read_exact(&mut start).await?;
        let [a, b, c, kind, flags, id @ ..] = start;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        stream.read_exact(&mut payload).await?;
        let id = u32::from_be_bytes(id);
        match kind {
            DATA => bodies.entry(id).or_default().extend(payload),
            SETTINGS | PING if flags & ACK == 0 => {
                let back = if kind == PING { payload } else { Vec::new() };
                stream.write_all(&frame(kind, ACK, 0, &back)).await?;
            }
            RST_STREAM => see(&format!("reset {}", u32::from_be_bytes(payload.try_into().unwrap()))),
            _ => {}
        }
        if kind != DATA || flags & END_STREAM == 0 {
            continue;
        }
        see("request");
        let request: Value = serde_json::from_slice(&bodies.remove(&id).unwrap()).unwrap();
        let is_write = request["operationName"] == "CreateCollection";
        let next = plan.lock().unwrap().pop_front().unwrap_or(ANSWERED[0]);
        let frames = (next.frames)(id, if is_write { MADE } else { NOTHING_FOUND });
        stream.write_all(&frames).await?;
        if next.connection == Closes {
            return stream.shutdown().await;
        }
    }
}

/// A program in front of an API that has tricks.
struct Tricked {
    api: Tls,
    plan: Plan,
    session: Session,
}

impl Tricked {
    fn start() -> Self {
        let plan = Plan::default();
        let shared = Arc::clone(&plan);
        let api = Tls::start_with(&["h2"], move |stream, see| {
            let talk = talk(stream, see, Arc::clone(&shared));
            // The client may go at any moment.
            async move { drop(talk.await) }
        });
        let session = open(&api);
        Self { api, plan, session }
    }

    /// Makes a call whose requests meet these tricks, on a connection that has served before. Returns what is told, or
    /// nothing if there is a result, and what the API has seen.
    fn call(&mut self, (tool, arguments): (&str, Value), tricks: &[Trick]) -> (String, Vec<String>) {
        let (another, with) = read();
        self.session.result(another, with);
        self.api.seen();
        self.plan.lock().unwrap().extend(tricks);
        let outcome = self.session.call(tool, arguments);
        assert!(self.plan.lock().unwrap().is_empty(), "fewer requests than tricks");
        let told = if outcome.result.is_some() {
            String::new()
        } else {
            outcome.text
        };
        (told, self.api.seen())
    }
}

fn open(api: &Tls) -> Session {
    let (name, file) = api.ca();
    let mut flags = api.flags("localhost");
    flags.push("--allow-mutations".to_owned());
    Session::open_with(Era::Modern, &flags, &[(name, &file)])
}

fn read() -> (&'static str, Value) {
    ("search_companies", json!({ "keywords": "software" }))
}

fn write() -> (&'static str, Value) {
    ("create_collection", json!({ "name": "A" }))
}

#[test]
fn a_write_is_sent_once_whatever_becomes_of_its_stream() {
    let mut tricked = Tricked::start();
    for (tricks, expected) in [(&NOT_PROCESSED[..], LOST), (&IN_DOUBT, LOST), (&ANSWERED, "")] {
        for trick in tricks {
            let (told, seen) = tricked.call(write(), &[*trick]);
            assert_eq!(told, expected, "{}", trick.name);
            assert_eq!(seen, ["request"], "{}", trick.name);
        }
    }
    // Nor is it sent when nobody waits for it any more.
    tricked.session.end();
    assert!(!tricked.api.seen().contains(&"request".to_owned()));
}

#[test]
fn a_read_is_sent_again_on_the_same_connection_as_long_as_that_lives() {
    let mut tricked = Tricked::start();
    for trick in NOT_PROCESSED.into_iter().chain(IN_DOUBT) {
        let (told, seen) = tricked.call(read(), &[trick]);
        let expected: &[&str] = if trick.connection == Lives {
            &["request", "request"]
        } else {
            &["request", "connection", "request"]
        };
        assert_eq!(told, "", "{}", trick.name);
        assert_eq!(seen, expected, "{}", trick.name);
    }
    for trick in ANSWERED {
        let (told, seen) = tricked.call(read(), &[trick]);
        assert_eq!(told, "", "{}", trick.name);
        assert_eq!(seen, ["request"], "{}", trick.name);
    }
}

/// Nothing below the rules for repeated calls repeats any of them.
#[test]
fn a_read_that_is_never_processed_is_tried_as_often_as_any() {
    let mut tricked = Tricked::start();
    for trick in NOT_PROCESSED {
        let (told, seen) = tricked.call(read(), &[trick; ATTEMPTS]);
        let requests = seen.iter().filter(|seen| *seen == "request").count();
        assert_eq!((&*told, requests), (UNREACHABLE, ATTEMPTS), "{}", trick.name);
    }
}

#[test]
fn a_cancelled_call_resets_its_stream_and_leaves_the_connection() {
    let mut tricked = Tricked::start();
    for (tool, arguments) in [read(), write()] {
        tricked.call(read(), &[]);
        let silence = trick("nothing", Lives, |_, _| Vec::new());
        tricked.plan.lock().unwrap().push_back(silence);
        let id = tricked
            .session
            .ask("tools/call", json!({ "name": tool, "arguments": arguments }));
        assert_eq!(tricked.api.sees(), "request");
        let cancelled = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": id } });
        tricked.session.send(&cancelled.to_string());
        assert_eq!(tricked.api.sees(), format!("reset {CANCEL}"));
        let (another, with) = read();
        tricked.session.result(another, with);
        assert_eq!(tricked.api.seen(), ["request"]);
    }
}

/// An API that says the same to everything, piece by piece and without a length, packed or not.
fn monotonous(body: &[u8], is_packed: bool) -> Tls {
    let pieces: Vec<Bytes> = body.chunks(100_000).map(Bytes::copy_from_slice).collect();
    Tls::start_with(&["h2"], move |stream, see| {
        let pieces = pieces.clone();
        let answer = move |_: Request<Incoming>| {
            drop(see.send("request".to_owned()));
            let frames = pieces.clone().into_iter().map(Frame::data).map(Ok::<_, Infallible>);
            let mut answer = Response::new(StreamBody::new(stream::iter(frames)));
            if is_packed {
                answer.headers_mut().insert("content-encoding", "gzip".parse().unwrap());
            }
            async { Ok::<_, Infallible>(answer) }
        };
        async move {
            let connection = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
            let _ = connection
                .serve_connection(TokioIo::new(stream), hyper::service::service_fn(answer))
                .await;
        }
    })
}

#[test]
fn an_answer_is_read_up_to_8_mib_unpacked() {
    for is_packed in [false, true] {
        for (bytes, is_taken) in [(BYTES_MAX, true), (BYTES_MAX + 1, false)] {
            let mut body = NOTHING_FOUND.as_bytes().to_vec();
            body.resize(bytes, b' ');
            if is_packed {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(&body).unwrap();
                body = encoder.finish().unwrap();
            }
            let api = monotonous(&body, is_packed);
            let mut session = open(&api);
            let (tool, arguments) = read();
            let outcome = session.call(tool, arguments);
            assert_eq!(outcome.result.is_some(), is_taken, "{}", outcome.text);
            assert_eq!(api.seen(), ["connection", "request"]);
            if is_taken {
                continue;
            }
            assert_eq!(
                outcome.text,
                format!("too large: the answer is larger than {BYTES_MAX} bytes; ask for less, such as fewer items")
            );
            let (tool, arguments) = write();
            let text = session.failure(tool, arguments);
            assert!(text.starts_with("outcome unknown: "), "{text}");
            assert!(text.contains("but its answer is too large to be taken"), "{text}");
            assert_eq!(api.seen(), ["request"]);
        }
    }
}
