//! A way to the sandbox that breaks: a proxy on loopback that cuts exchanges where it is told to.
//!
//! Invariant: what it passes on to the API is over, carried out or not, before the server sees its connection close.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use crate::api::Api;

/// Where an exchange is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// Nowhere.
    Nowhere,
    /// Before any of the request is read.
    BeforeRequest,
    /// In the midst of the request's head; what was read of it goes on to the API.
    InHead,
    /// In the midst of the request's body; what was read of it goes on to the API.
    InBody,
    /// After the request was read, which does not go on to the API.
    AfterRequest,
    /// After the API has answered, before any of it goes back.
    BeforeAnswer,
    /// In the midst of the answer.
    InAnswer,
    /// After the answer: what is cut is the connection, which nobody needs just then.
    AfterAnswer,
}

impl Place {
    pub(crate) const ALL: [Self; 8] = [
        Self::Nowhere,
        Self::BeforeRequest,
        Self::InHead,
        Self::InBody,
        Self::AfterRequest,
        Self::BeforeAnswer,
        Self::InAnswer,
        Self::AfterAnswer,
    ];
}

/// A cut: the place, and how much of what is cut in its midst comes through, in 256ths.
pub(crate) type Cut = (Place, u8);

/// A proxy that listens.
pub(crate) struct Proxy {
    address: SocketAddr,
    plan: Arc<Plan>,
    stopping: Arc<AtomicBool>,
    listener: JoinHandle<()>,
}

/// What becomes of the exchanges, and what became of them.
struct Plan {
    next: Mutex<Box<dyn FnMut() -> Cut + Send>>,
    done: Mutex<BTreeMap<Place, usize>>,
}

impl Proxy {
    /// Listens, and asks `next` at the beginning of each exchange.
    pub(crate) fn start(api: &Api, next: impl FnMut() -> Cut + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let endpoint = api.sandbox.endpoint();
        let host = endpoint.strip_prefix("http://").and_then(|rest| rest.split('/').next());
        let to: SocketAddr = host.unwrap().parse().unwrap();
        let plan = Arc::new(Plan {
            next: Mutex::new(Box::new(next)),
            done: Mutex::default(),
        });
        let stopping = Arc::new(AtomicBool::new(false));
        let shared = (plan.clone(), stopping.clone());
        let listener = thread::spawn(move || {
            let (plan, stopping) = shared;
            for client in listener.incoming() {
                if stopping.load(Ordering::SeqCst) {
                    break;
                }
                let (client, plan) = (client.unwrap(), plan.clone());
                // Either side may go at any moment.
                thread::spawn(move || drop(pass(client, to, &plan)));
            }
        });
        Self {
            address,
            plan,
            stopping,
            listener,
        }
    }

    /// The flags that lead a program to the API through here.
    pub(crate) fn flags(&self, api: &Api) -> Vec<String> {
        let mut flags = api.flags();
        flags[1] = format!("http://{}/graphql", self.address);
        flags
    }

    /// How many exchanges were cut where.
    pub(crate) fn done(&self) -> BTreeMap<Place, usize> {
        self.plan.done.lock().unwrap().clone()
    }

    /// Listens no more: the next connection is refused.
    pub(crate) fn close(self) {
        self.stopping.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        self.listener.join().unwrap();
    }
}

/// Passes on exchanges until one is cut or the client is gone.
fn pass(mut client: TcpStream, api: SocketAddr, plan: &Plan) -> io::Result<()> {
    client.set_nodelay(true)?;
    while client.peek(&mut [0])? > 0 {
        let (place, part) = (plan.next.lock().unwrap())();
        *plan.done.lock().unwrap().entry(place).or_default() += 1;
        let within = |bytes: usize| (bytes * usize::from(part) / 256).max(1);
        if place == Place::BeforeRequest {
            break;
        }
        let mut request = Vec::new();
        if place == Place::InHead {
            // Less than any head has.
            request.resize(within(200), 0);
            client.read_exact(&mut request)?;
            return pass_part(&request, api);
        }
        let body_bytes = read_head(&mut client, &mut request)?.unwrap_or(0);
        let body_bytes = if place == Place::InBody {
            within(body_bytes - 1)
        } else {
            body_bytes
        };
        read_body(&mut client, &mut request, body_bytes)?;
        match place {
            Place::InBody => return pass_part(&request, api),
            Place::AfterRequest => break,
            _ => {}
        }
        let answer = exchange(&request, api)?;
        let answer = match place {
            Place::BeforeAnswer => break,
            Place::InAnswer => &answer[..within(answer.len() - 1)],
            _ => &answer,
        };
        client.write_all(answer)?;
        if matches!(place, Place::InAnswer | Place::AfterAnswer) {
            break;
        }
    }
    Ok(())
}

/// Lets the API have a part of a request, until it has given up on it.
fn pass_part(part: &[u8], api: SocketAddr) -> io::Result<()> {
    let mut upstream = TcpStream::connect(api)?;
    upstream.write_all(part)?;
    upstream.shutdown(Shutdown::Write)?;
    upstream.read_to_end(&mut Vec::new()).map(drop)
}

/// Has the API answer a request.
fn exchange(request: &[u8], api: SocketAddr) -> io::Result<Vec<u8>> {
    let mut upstream = TcpStream::connect(api)?;
    upstream.write_all(request)?;
    let mut answer = Vec::new();
    let body_bytes = read_head(&mut upstream, &mut answer)?;
    read_body(&mut upstream, &mut answer, body_bytes.unwrap())?;
    Ok(answer)
}

/// Reads to the end of the head, and returns how long the body is, if that is said.
fn read_head(from: &mut TcpStream, message: &mut Vec<u8>) -> io::Result<Option<usize>> {
    while !message.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        from.read_exact(&mut byte)?;
        message.extend(byte);
    }
    let head = String::from_utf8_lossy(message).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    Ok(length.map(|length| length.trim().parse().unwrap()))
}

fn read_body(from: &mut TcpStream, message: &mut Vec<u8>, bytes: usize) -> io::Result<()> {
    let head_bytes = message.len();
    message.resize(head_bytes + bytes, 0);
    from.read_exact(&mut message[head_bytes..])
}
