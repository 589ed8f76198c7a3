//! Standard input and output as a transport: one JSON-RPC message a line.
//!
//! Not the SDK's own, which drops what it can't read: a client would wait for an answer for ever to a request whose
//! arguments are nested too deeply or hold a number that is none. Here each request is answered.
//!
//! Invariant: what is read is bounded; a longer line is passed over and answered.
//! Invariant: what waits to be written is bounded too: a client that does not read is not read from.
//! Invariant: a line is written whole, whatever becomes of the task that writes it.
//! Invariant: where nothing can be written any more, nothing more is read: the session ends.
//! Invariant: of the requests that are being answered, no two have the same id; a request that was given up is one of them
//! until nothing works on it any more, and its answer is not written.
//! Invariant: of what the client has given up, all that can be read is read before anything else goes on.

use std::collections::{HashMap, HashSet};
use std::future::poll_fn;
use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt as _};
use rmcp::ErrorData;
use rmcp::model::{
    ClientJsonRpcMessage, ClientNotification, ClientRequest, GetExtensions as _, GetMeta as _, ProtocolVersion,
    RequestId, ServerJsonRpcMessage,
};
use rmcp::service::RoleServer;
use rmcp::transport::Transport;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Mutex;
use tokio_util::codec::{AnyDelimiterCodec, AnyDelimiterCodecError, BytesCodec, FramedRead, FramedWrite};
use tokio_util::sync::CancellationToken;

use super::VERSIONS;
use super::message::{Read, read};
use crate::quote;

/// The longest line that is read, in bytes. The largest arguments that a contract allows are far below.
const LINE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How many answers may wait for the client to read before nothing more is read from it.
const UNWRITTEN_MAX: usize = 64;

/// How many subscriptions a client may hold at a time. One has all that there is to subscribe to, which is nothing.
const LISTENING_MAX: usize = 4;

/// How long the end waits for a client to read what is left.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

type Writer<W> = Arc<Mutex<FramedWrite<W, BytesCodec>>>;

/// When a session ends.
#[derive(Debug, Clone, Default)]
pub(super) struct End {
    /// Somebody asks for it: nothing more is read.
    pub(super) asked: CancellationToken,
    /// Nothing more will be read.
    pub(super) begun: CancellationToken,
    /// Nothing can be written any more; and why, unless the client had left before.
    broken: Arc<OnceLock<Option<io::ErrorKind>>>,
}

impl End {
    /// Returns why a client that still spoke got nothing any more, if that was so.
    pub(super) fn failure(&self) -> Option<io::ErrorKind> {
        self.broken.get().copied().flatten()
    }

    /// Ends the session, since a write has failed. Those that follow are not tried.
    fn break_off(&self, error: &io::Error) {
        // A client that has ended the session need not read what is left.
        let failure = (!self.begun.is_cancelled()).then(|| error.kind());
        // The first reason is it.
        let _ = self.broken.set(failure);
        self.asked.cancel();
    }
}

/// Whether a request is given up. Goes with it, as one of its extensions: the SDK's own takes an answer that comes late for
/// that of the next request with the same id.
#[derive(Debug, Clone, Default)]
pub(super) struct GivenUp(pub(super) CancellationToken);

/// The transport.
pub(super) struct Lines<R, W> {
    read: FramedRead<R, AnyDelimiterCodec>,
    /// Whoever holds it, beside this, has an answer that is not written yet.
    write: Writer<W>,
    owed: Owed,
    in_flight: HashMap<RequestId, GivenUp>,
    /// Those of them that hold a subscription.
    listening: HashSet<RequestId>,
    end: End,
    /// Whether a request has opened the session. Before, the SDK would end at whatever is no request, for instance when a
    /// client gives up its `server/discover`.
    is_open: bool,
    /// Whether that one was no `initialize`: the SDK then wants `_meta` of each request, for good.
    is_stateless: bool,
}

/// What the transport itself has to write before it reads on. Kept here since `receive` may be dropped while it writes.
enum Owed {
    Nothing,
    Line(Bytes),
    Flush,
}

impl<R: AsyncRead + Unpin, W: AsyncWrite + Unpin> Lines<R, W> {
    pub(super) fn new(read: R, write: W, end: End) -> Self {
        let codec = AnyDelimiterCodec::new_with_max_length(b"\n".to_vec(), b"\n".to_vec(), LINE_BYTES_MAX);
        Self {
            read: FramedRead::new(read, codec),
            write: Arc::new(Mutex::new(FramedWrite::new(write, BytesCodec::new()))),
            owed: Owed::Nothing,
            in_flight: HashMap::new(),
            listening: HashSet::new(),
            end,
            is_open: false,
            is_stateless: false,
        }
    }

    /// Returns the next message that is for the SDK. Can be dropped at any moment: a line that has come in part stays in
    /// the codec, an answer in `owed`.
    async fn next(&mut self) -> Option<ClientJsonRpcMessage> {
        loop {
            if let Err(error) = self.settle().await {
                self.end.break_off(&error);
                return None;
            }
            let read = loop {
                let read = match self.read.next().await? {
                    Ok(line) => match read(&line) {
                        Read::Message(message) => self.admit(message),
                        read => read,
                    },
                    Err(AnyDelimiterCodecError::MaxChunkLengthExceeded) => {
                        // The codec says once, at once, that it has failed, and goes on behind the line.
                        let _ = self.read.next().await;
                        let text = format!("the line is longer than {LINE_BYTES_MAX} bytes");
                        refused(None, ErrorData::invalid_request(text, None))
                    }
                    Err(AnyDelimiterCodecError::Io(_)) => return None,
                };
                // What wants no answer lets nobody else have a turn: a call that is given up makes room for the next one,
                // which may be given up by the next line.
                if !matches!(read, Read::Nothing) {
                    break read;
                }
            };
            let (id, error) = match read {
                Read::Nothing => continue,
                Read::Message(message) => return Some(*message),
                // An answer by the id of another request would be taken for that one's.
                Read::Refused { id, error } => (id.filter(|id| !self.in_flight.contains_key(id)), error),
            };
            self.owed = Owed::Line(line(&ServerJsonRpcMessage::error(error, id)).ok()?);
        }
    }

    /// Writes what is owed, and waits while too many answers are not written.
    async fn settle(&mut self) -> io::Result<()> {
        // Requests that have been read are answered, and their answers taken, before more of them are read.
        tokio::task::yield_now().await;
        while Arc::strong_count(&self.write) > UNWRITTEN_MAX {
            // Writers take turns, so those that wait now are done then.
            drop(self.write.lock().await);
            tokio::task::yield_now().await;
        }
        if let Owed::Nothing = self.owed {
            return Ok(());
        }
        let mut write = self.write.lock().await;
        if let Owed::Line(line) = &self.owed {
            poll_fn(|context| SinkExt::<Bytes>::poll_ready_unpin(&mut *write, context)).await?;
            write.start_send_unpin(line.clone())?;
            self.owed = Owed::Flush;
        }
        SinkExt::<Bytes>::flush(&mut *write).await?;
        self.owed = Owed::Nothing;
        Ok(())
    }

    /// Returns a message that the SDK is to see, or why it is not.
    fn admit(&mut self, mut message: Box<ClientJsonRpcMessage>) -> Read {
        match &mut *message {
            ClientJsonRpcMessage::Request(request) => {
                let id = &request.id;
                if self.in_flight.contains_key(id) {
                    let shown = quote::name(&id.to_string());
                    let text =
                        format!("a request with the id `{shown}` is still being answered; this one is not carried out");
                    return refused(None, ErrorData::invalid_request(text, None));
                }
                if !self.is_open {
                    match opens(&request.request) {
                        Ok(is_open) => self.is_open = is_open,
                        Err(error) => return refused(Some(id), error),
                    }
                    self.is_stateless = !matches!(request.request, ClientRequest::InitializeRequest(_));
                } else if self.is_stateless && matches!(request.request, ClientRequest::InitializeRequest(_)) {
                    let text = "this session has begun without `initialize`, by a request that names its protocol \
                                version in `_meta`: go on so, or start the server anew and send `initialize` first";
                    return refused(Some(id), ErrorData::invalid_request(text, None));
                }
                if matches!(request.request, ClientRequest::SubscriptionsListenRequest(_)) {
                    if self.listening.len() >= LISTENING_MAX {
                        let text = format!(
                            "{LISTENING_MAX} subscriptions are open, which is the most for a client; end one with \
                             `notifications/cancelled` first"
                        );
                        return refused(Some(id), ErrorData::invalid_request(text, None));
                    }
                    self.listening.insert(id.clone());
                }
                let given_up = GivenUp::default();
                request.request.extensions_mut().insert(given_up.clone());
                self.in_flight.insert(request.id.clone(), given_up);
                return Read::Message(message);
            }
            ClientJsonRpcMessage::Notification(notification) => {
                if let ClientNotification::CancelledNotification(cancelled) = &notification.notification
                    && let Some(id) = &cancelled.params.request_id
                    && let Some(given_up) = self.in_flight.get(id)
                {
                    given_up.0.cancel();
                    self.listening.remove(id);
                }
                return Read::Nothing;
            }
            _ => {}
        }
        if self.is_open {
            Read::Message(message)
        } else {
            Read::Nothing
        }
    }

    /// Forgets a request that nothing works on any more, and says whether it was given up.
    fn done(&mut self, id: &RequestId) -> bool {
        self.listening.remove(id);
        let given_up = self.in_flight.remove(id);
        given_up.is_some_and(|given_up| given_up.0.is_cancelled())
    }
}

impl<R, W> Transport<RoleServer> for Lines<R, W>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = io::Error;

    fn send(&mut self, message: ServerJsonRpcMessage) -> impl Future<Output = io::Result<()>> + Send + 'static {
        let id = match &message {
            ServerJsonRpcMessage::Response(response) => Some(&response.id),
            ServerJsonRpcMessage::Error(error) => error.id.as_ref(),
            _ => None,
        };
        let is_given_up = id.is_some_and(|id| self.done(id));
        let (write, end) = (Arc::clone(&self.write), self.end.clone());
        async move {
            if is_given_up {
                return Ok(());
            }
            let line = line(&message)?;
            drop(message);
            let mut write = write.lock().await;
            // The SDK would give up a write that is under way over an error here, and that has its grace.
            if end.broken.get().is_none()
                && let Err(error) = write.send(line).await
            {
                end.break_off(&error);
            }
            Ok(())
        }
    }

    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        let End { asked, begun, .. } = self.end.clone();
        let message = tokio::select! {
            biased;
            () = asked.cancelled() => None,
            message = self.next() => message,
        };
        if message.is_none() {
            begun.cancel();
        }
        message
    }

    async fn close(&mut self) -> io::Result<()> {
        if self.end.broken.get().is_some() {
            return Ok(());
        }
        // A client that does not read must not hold up the end.
        let write = Arc::clone(&self.write);
        let close = async move { SinkExt::<Bytes>::close(&mut *write.lock().await).await };
        tokio::time::timeout(CLOSE_TIMEOUT, close).await?
    }
}

fn refused(id: Option<&RequestId>, error: ErrorData) -> Read {
    Read::Refused { id: id.cloned(), error }
}

fn line(message: &ServerJsonRpcMessage) -> io::Result<Bytes> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    Ok(line.into())
}

/// Says whether the SDK takes a request for the first of a session, as opposed to a probe or one that it refuses.
fn opens(request: &ClientRequest) -> Result<bool, ErrorData> {
    match request {
        ClientRequest::InitializeRequest(_) => Ok(true),
        ClientRequest::PingRequest(_) | ClientRequest::DiscoverRequest(_) => Ok(false),
        request => {
            let meta = request.get_meta();
            let Some(version) = meta.protocol_version() else {
                let since = ProtocolVersion::NO_INITIALIZE;
                let text = format!(
                    "no session is open: send `initialize` first, or, from protocol {since} on, name the version in \
                     `_meta` of each request"
                );
                return Err(ErrorData::invalid_params(text, None));
            };
            Ok(VERSIONS.contains(&version) && meta.missing_required_keys(&ProtocolVersion::V_2026_07_28).is_empty())
        }
    }
}
