//! Standard input and output as a transport: one JSON-RPC message a line.
//!
//! Not the SDK's own, which drops what it can't read: a client would wait for an answer for ever to a request whose
//! arguments are nested too deeply or hold a number that is none. Here each request is answered.
//!
//! Invariant: what is read is bounded; a longer line is passed over and answered.
//! Invariant: a line is written whole, whatever becomes of the task that writes it.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt as _};
use rmcp::ErrorData;
use rmcp::model::{
    ClientJsonRpcMessage, ClientRequest, ErrorCode, GetMeta as _, ProtocolVersion, RequestId, ServerJsonRpcMessage,
};
use rmcp::service::RoleServer;
use rmcp::transport::Transport;
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Mutex;
use tokio_util::codec::{AnyDelimiterCodec, AnyDelimiterCodecError, BytesCodec, FramedRead, FramedWrite};

use super::METHODS;

/// The longest line that is read, in bytes. The largest arguments that a contract allows are far below.
const LINE_BYTES_MAX: usize = 16 * 1024 * 1024;

type Writer<W> = Arc<Mutex<FramedWrite<W, BytesCodec>>>;

/// The transport.
pub(super) struct Lines<R, W> {
    read: FramedRead<R, AnyDelimiterCodec>,
    write: Writer<W>,
    /// Whether a request has opened the session. Before, the SDK would end at whatever is no request, for instance when a
    /// client gives up its `server/discover`.
    is_open: bool,
}

impl<R: AsyncRead, W: AsyncWrite> Lines<R, W> {
    pub(super) fn new(read: R, write: W) -> Self {
        let codec = AnyDelimiterCodec::new_with_max_length(b"\n".to_vec(), b"\n".to_vec(), LINE_BYTES_MAX);
        Self {
            read: FramedRead::new(read, codec),
            write: Arc::new(Mutex::new(FramedWrite::new(write, BytesCodec::new()))),
            is_open: false,
        }
    }
}

impl<R, W> Transport<RoleServer> for Lines<R, W>
where
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = io::Error;

    fn send(&mut self, message: ServerJsonRpcMessage) -> impl Future<Output = io::Result<()>> + Send + 'static {
        send(Arc::clone(&self.write), message)
    }

    /// Can be dropped at any moment: a line that has come in part stays in the codec.
    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        loop {
            let read = match self.read.next().await? {
                Ok(line) => read(&line),
                Err(AnyDelimiterCodecError::MaxChunkLengthExceeded) => {
                    // The codec says once that it has failed, and goes on behind the line.
                    let _ = self.read.next().await;
                    let text = format!("the line is longer than {LINE_BYTES_MAX} bytes");
                    Read::Unreadable {
                        id: None,
                        error: ErrorData::invalid_request(text, None),
                    }
                }
                Err(AnyDelimiterCodecError::Io(_)) => return None,
            };
            match read {
                Read::Nothing => {}
                Read::Message(message) => {
                    if let ClientJsonRpcMessage::Request(request) = &*message {
                        self.is_open |= opens(&request.request);
                        return Some(*message);
                    }
                    if self.is_open {
                        return Some(*message);
                    }
                }
                Read::Unreadable { id, error } => {
                    // On a task of its own: this one may be dropped while it writes.
                    tokio::spawn(send(Arc::clone(&self.write), ServerJsonRpcMessage::error(error, id)));
                }
            }
        }
    }

    async fn close(&mut self) -> io::Result<()> {
        SinkExt::<Bytes>::close(&mut *self.write.lock().await).await
    }
}

async fn send<W: AsyncWrite + Unpin>(write: Writer<W>, message: ServerJsonRpcMessage) -> io::Result<()> {
    let mut line = serde_json::to_vec(&message)?;
    line.push(b'\n');
    write.lock().await.send(Bytes::from(line)).await
}

/// What a line is.
enum Read {
    /// Nothing that wants an answer.
    Nothing,
    Message(Box<ClientJsonRpcMessage>),
    /// To be answered with an error.
    Unreadable {
        id: Option<RequestId>,
        error: ErrorData,
    },
}

/// What can be read of a message whatever is in its params.
#[derive(Deserialize)]
struct Head {
    id: Option<RequestId>,
    method: Option<String>,
}

fn read(line: &[u8]) -> Read {
    // A byte order mark may be passed over (RFC 8259, section 8.1).
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii();
    if line.is_empty() {
        return Read::Nothing;
    }
    if let Ok(message) = serde_json::from_slice(line) {
        return Read::Message(Box::new(message));
    }
    let unreadable = |id, code, text: &'static str| Read::Unreadable {
        id,
        error: ErrorData::new(code, text, None),
    };
    let head = serde_json::from_slice::<Head>(line)
        .ok()
        .filter(|_| line.starts_with(b"{"));
    match head {
        Some(Head {
            id: Some(id),
            method: Some(method),
        }) if METHODS.contains(&method.as_str()) => unreadable(
            Some(id),
            ErrorCode::INVALID_PARAMS,
            "the params can't be read: they are not an object, are nested too deeply, or hold a number or a text that can't be represented",
        ),
        Some(Head {
            id: Some(id),
            method: Some(_),
        }) => unreadable(Some(id), ErrorCode::METHOD_NOT_FOUND, "method not found"),
        // A notification that nobody knows, or the answer to a question that was not asked.
        Some(Head {
            id: None,
            method: Some(_),
        }) => Read::Nothing,
        Some(Head { method: None, .. }) => {
            unreadable(None, ErrorCode::INVALID_REQUEST, "the line is no JSON-RPC message")
        }
        None if serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok() => {
            unreadable(None, ErrorCode::INVALID_REQUEST, "the line is no JSON-RPC message")
        }
        None => unreadable(None, ErrorCode::PARSE_ERROR, "the line is not JSON"),
    }
}

/// Says whether the SDK takes a request for the first of a session, as opposed to a probe or one that it refuses.
fn opens(request: &ClientRequest) -> bool {
    match request {
        ClientRequest::InitializeRequest(_) => true,
        ClientRequest::PingRequest(_) | ClientRequest::DiscoverRequest(_) => false,
        request => {
            let meta = request.get_meta();
            let version = meta.protocol_version();
            version.is_some_and(|version| ProtocolVersion::KNOWN_VERSIONS.contains(&version))
                && meta.missing_required_keys(&ProtocolVersion::V_2026_07_28).is_empty()
        }
    }
}
