//! An API on loopback that does what a script says, byte by byte, and counts.
//!
//! Invariant: the n-th attempt of a client gets the n-th exchange of the script; the last one serves all further ones.
//! Invariant: an attempt is what brings a byte, or a connection that is not listened to; a client may well make one connection
//! too many while another is on its way back to it.
//! Invariant: a request is counted once its last byte has come.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;
use socket2::{Domain, SockRef, Socket, Type};

use crate::answer::{Answer, Filling};
use crate::program::PATIENCE;

/// How long half an answer has to be read before its connection breaks.
const RESET_AFTER: Duration = Duration::from_millis(50);

/// What the API does with one attempt.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exchange {
    /// How far it listens before it acts.
    #[serde(default)]
    at: Moment,
    /// What it writes.
    #[serde(default)]
    answer: Answer,
    /// What it does once that is written.
    #[serde(default)]
    then: Then,
}

/// How far the API listens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Moment {
    /// Not at all: nobody takes the connection.
    Connect,
    /// Until there is a connection.
    Accept,
    /// Until the head has begun.
    Head,
    /// Until the head has come; the body is not read.
    Body,
    /// Until the request has come.
    #[default]
    Request,
}

/// What the API does once it has written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Then {
    /// Waits for the next request on the same connection.
    #[default]
    Keep,
    /// Closes.
    Close,
    /// Closes so that the client's system is told that something broke.
    Reset,
    /// The same, once whoever called the tool has its result.
    ResetOnceTold,
    /// Writes nothing more until the client goes away.
    Hang,
}

/// The API.
pub(crate) struct Upstream {
    pub(crate) address: SocketAddr,
    seen: Arc<Seen>,
    stop: Arc<AtomicBool>,
    /// Takes the port, and no connection.
    _deaf: Option<Socket>,
}

/// What the API has seen so far.
#[derive(Debug, Default)]
struct Seen {
    attempts: AtomicUsize,
    connections: AtomicUsize,
    requests: AtomicUsize,
    /// When it first left the client waiting.
    stalled: OnceLock<Instant>,
    /// Whether whoever called a tool has its result.
    is_told: AtomicBool,
    /// Held by each connection that is about to end.
    ending: Arc<()>,
}

impl Exchange {
    /// Whether it keeps the client waiting until that gives up.
    pub(crate) fn stalls(&self) -> bool {
        self.then == Then::Hang || self.answer.is_slow()
    }

    /// Whether it refuses the credential.
    pub(crate) fn refuses(&self) -> bool {
        self.answer
            .status()
            .is_some_and(|status| ["401", "403"].contains(&status))
    }

    /// Puts in what the placeholders of the answer stand for.
    pub(crate) fn filled(&self, filling: &Filling<'_>) -> Self {
        Self {
            answer: self.answer.filled(filling),
            ..self.clone()
        }
    }
}

impl Upstream {
    /// Starts an API; `on_request` is told of each request, as text, before it is answered.
    pub(crate) fn start(script: Vec<Exchange>, on_request: impl Fn(&str) + Send + Sync + 'static) -> Self {
        let seen = Arc::new(Seen::default());
        let stop = Arc::new(AtomicBool::new(false));
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
        let address = socket.local_addr().unwrap().as_socket().unwrap();
        let is_deaf = script.iter().any(|exchange| exchange.at == Moment::Connect);
        let deaf = if is_deaf {
            Some(socket)
        } else {
            socket.listen(128).unwrap();
            let listener = TcpListener::from(socket);
            let (seen, stop) = (Arc::clone(&seen), Arc::clone(&stop));
            let on_request = Arc::new(on_request);
            thread::spawn(move || {
                for stream in listener.incoming() {
                    if stop.load(Ordering::Acquire) {
                        break;
                    }
                    seen.connections.fetch_add(1, Ordering::AcqRel);
                    let (script, seen, on_request) = (script.clone(), Arc::clone(&seen), Arc::clone(&on_request));
                    // It ends when the client goes away, at the latest with its process.
                    thread::spawn(move || serve(stream.unwrap(), &script, &seen, &*on_request));
                }
            });
            None
        };
        Self {
            address,
            seen,
            stop,
            _deaf: deaf,
        }
    }

    /// How many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::Acquire)
    }

    /// How many attempts there were.
    pub(crate) fn attempts(&self) -> usize {
        self.seen.attempts.load(Ordering::Acquire)
    }

    /// How many requests came whole.
    pub(crate) fn requests(&self) -> usize {
        self.seen.requests.load(Ordering::Acquire)
    }

    /// When it first left the client waiting.
    pub(crate) fn stalled(&self) -> Option<Instant> {
        self.seen.stalled.get().copied()
    }

    /// Says that whoever called a tool has its result, and waits until the connections that are to end have ended.
    pub(crate) fn told(&self) {
        self.seen.is_told.store(true, Ordering::Release);
        let start = Instant::now();
        while Arc::strong_count(&self.seen.ending) > 1 {
            assert!(start.elapsed() < PATIENCE, "a connection does not end");
            thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        // Wakes the thread that waits for a connection.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
    }
}

/// Serves one connection.
fn serve(stream: TcpStream, script: &[Exchange], seen: &Seen, on_request: &dyn Fn(&str)) {
    let nth = |attempt: usize| script.get(attempt).or(script.last()).unwrap();
    let mut ending = None;
    // Dropped before what says that it is about to be.
    let stream = &mut { stream };
    loop {
        let is_heard = nth(seen.attempts.load(Ordering::Acquire)).at != Moment::Accept;
        if is_heard && !matches!(stream.peek(&mut [0]), Ok(1)) {
            return;
        }
        let exchange = nth(seen.attempts.fetch_add(1, Ordering::AcqRel));
        if exchange.then != Then::Keep {
            ending.get_or_insert_with(|| Arc::clone(&seen.ending));
        }
        match exchange.at {
            Moment::Connect | Moment::Accept => {}
            Moment::Head => {
                if stream.read_exact(&mut [0; 10]).is_err() {
                    return;
                }
            }
            Moment::Body => {
                if read_head(stream).is_none() {
                    return;
                }
            }
            Moment::Request => {
                let Some(request) = read_request(stream) else { return };
                seen.requests.fetch_add(1, Ordering::AcqRel);
                on_request(&request);
            }
        }
        if exchange.answer.is_slow() {
            seen.stalled.get_or_init(Instant::now);
        }
        let is_written = exchange.answer.write(stream).is_ok();
        match exchange.then {
            Then::Keep if is_written => {}
            Then::Keep | Then::Close => {
                if exchange.at == Moment::Request {
                    // Says so before whatever else the client may write makes the system say more.
                    let _ = stream.shutdown(Shutdown::Write);
                    until_gone(stream);
                }
                return;
            }
            Then::Reset | Then::ResetOnceTold => {
                // With it the system throws away what the client has not read yet.
                thread::sleep(RESET_AFTER);
                while exchange.then == Then::ResetOnceTold && !seen.is_told.load(Ordering::Acquire) {
                    thread::sleep(Duration::from_millis(1));
                }
                SockRef::from(&*stream).set_linger(Some(Duration::ZERO)).unwrap();
                return;
            }
            Then::Hang => {
                // Not before the client has begun, whether that is read or not.
                if exchange.at != Moment::Accept || matches!(stream.peek(&mut [0]), Ok(1)) {
                    seen.stalled.get_or_init(Instant::now);
                }
                until_gone(stream);
                return;
            }
        }
    }
}

/// Reads a head with its blank line, and not a byte more.
pub(crate) fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    String::from_utf8(head).ok()
}

/// Reads a request whose length is announced, or nothing if the client goes away.
pub(crate) fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut request = read_head(stream)?;
    let length = request.lines().find_map(|line| line.strip_prefix("content-length: "))?;
    let mut body = vec![0; length.parse().ok()?];
    stream.read_exact(&mut body).ok()?;
    request.push_str(std::str::from_utf8(&body).ok()?);
    Some(request)
}

/// Waits until the client has closed the connection.
pub(crate) fn until_gone(stream: &mut TcpStream) {
    let mut bytes = [0; 1024];
    while stream.read(&mut bytes).is_ok_and(|count| count > 0) {}
    let _ = stream.flush();
}
