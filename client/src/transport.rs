//! Turns a request into an HTTP answer with status 200, or says how far it came.
//!
//! Invariant: the only user of reqwest and rustls.
//! Invariant: whether a request "may have been sent" is decided by one fact, whether its body was handed to a connection.
//! Invariant: no answer that is handed on holds the credential that was sent.
//! Invariant: redirects are never followed, and a loopback endpoint is never reached through a proxy.

use std::convert::Infallible;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::{Frame, SizeHint};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use reqwest::redirect::Policy;
use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::sync::OnceCell;

use crate::auth::{Authorization, Mode};
use crate::endpoint::Endpoint;
use crate::error::{Phase, SendError, SetUpError};
use crate::refusal;
use crate::request::{DryRun, Request, Response};

/// The most idle connections that are kept: enough for a conversation, and no load on the process's descriptors.
const IDLE_MAX: usize = 4;

/// An idle connection is given up before the load balancers on the way do so (60 s is common), so that a write is not
/// lost to a connection that closes under it.
const IDLE_TIMEOUT: Duration = Duration::from_secs(45);

/// While a call waits, HTTP/2 connections are asked this often whether they still live, and get this long to answer.
const PING_INTERVAL: Duration = Duration::from_secs(10);
const PING_TIMEOUT: Duration = Duration::from_secs(5);

const APPLICATION_JSON: HeaderValue = HeaderValue::from_static("application/json");
const USER_AGENT_VALUE: HeaderValue = HeaderValue::from_static(concat!("appsync-mcp/", env!("CARGO_PKG_VERSION")));

/// Sends requests to one endpoint under one authorization. Shares its connections between calls.
pub struct Client {
    endpoint: Endpoint,
    authorization: Authorization,
    limits: Limits,
    /// Set up at the first need: the CA certificates cost milliseconds that a start does not have.
    http: OnceCell<reqwest::Client>,
}

/// Bounds that are the same for all calls; a [`Request`] brings its own.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The longest wait for a connection, TLS included.
    pub connect_timeout: Duration,
}

impl Client {
    /// Makes a client. Does no input or output, and takes microseconds.
    pub fn new(endpoint: Endpoint, authorization: Authorization, limits: Limits) -> Client {
        Client {
            endpoint,
            authorization,
            limits,
            http: OnceCell::new(),
        }
    }

    /// Returns the mode that requests are authorized under.
    pub fn mode(&self) -> Mode {
        self.authorization.mode()
    }

    /// Loads the CA certificates, so that the first call need not; without it, the first call does.
    pub async fn prepare(&self) -> Result<(), SetUpError> {
        self.http().await.map(drop)
    }

    /// Sends one request and reads its whole answer. Dropping the future drops the request.
    pub async fn send(&self, request: &Request) -> Result<Response, SendError> {
        let sent = Sent::default();
        match tokio::time::timeout(request.timeout, self.exchange(request, &sent)).await {
            Ok(outcome) => outcome,
            Err(_elapsed) => Err(SendError::TimedOut { phase: sent.phase() }),
        }
    }

    /// Returns what [`Client::send`] would send, without getting the credential and without sending.
    pub fn dry_run(&self, request: &Request) -> DryRun {
        let headers = with_common_headers(self.authorization.redacted_headers());
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        DryRun {
            method: "POST",
            url: self.endpoint.to_string(),
            headers: headers
                .iter()
                .map(|(name, value)| (name.to_string(), text(value)))
                .collect(),
            body: request.body.clone(),
        }
    }

    async fn exchange(&self, request: &Request, sent: &Sent) -> Result<Response, SendError> {
        let headers = with_common_headers(self.authorization.headers()?);
        let http = self
            .http()
            .await
            .map_err(|error| SendError::Unreachable(error.into()))?;

        let outgoing = http
            .post(self.endpoint.url().clone())
            .headers(headers.clone())
            .body(reqwest::Body::wrap(RequestBody {
                bytes: Some(request.body.clone()),
                sent: sent.clone(),
            }));
        let response = outgoing.send().await.map_err(|error| no_answer(error, sent))?;

        let status = response.status();
        if status.is_redirection() {
            return Err(SendError::Redirected {
                status: status.as_u16(),
            });
        }
        if status != reqwest::StatusCode::OK {
            return Err(refused(response, &headers).await);
        }
        let request_id = refusal::request_id(response.headers(), &headers);
        match read(response, request.response_bytes_max).await {
            Ok(mut body) => {
                refusal::hide(&headers, &mut body);
                let body = body.freeze();
                Ok(Response { body, request_id })
            }
            Err(ReadError::TooLarge) => Err(SendError::TooLarge {
                limit_bytes: request.response_bytes_max,
                request_id,
            }),
            Err(ReadError::Broken(error)) => Err(SendError::ConnectionLost(error.without_url().into())),
        }
    }

    async fn http(&self) -> Result<&reqwest::Client, SetUpError> {
        self.http
            .get_or_try_init(async || {
                if !self.endpoint.is_https() {
                    return http_client(&self.endpoint, self.limits);
                }
                let (endpoint, limits) = (self.endpoint.clone(), self.limits);
                // Reads and parses some hundred files on some systems.
                tokio::task::spawn_blocking(move || http_client(&endpoint, limits))
                    .await
                    .unwrap_or_else(|join_error| Err(SetUpError(join_error.into())))
            })
            .await
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoint", &self.endpoint)
            .field("authorization", &self.authorization)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// A request's body that remembers whether it was taken.
///
/// reqwest would send a body of its own again when a server takes back an HTTP/2 stream; this one it can't, which leaves
/// all repeating to the caller.
struct RequestBody {
    bytes: Option<Bytes>,
    sent: Sent,
}

/// Whether a request's body was handed to a connection. Headers alone have no effect on a GraphQL API.
#[derive(Clone, Default)]
struct Sent(Arc<AtomicBool>);

impl Sent {
    fn phase(&self) -> Phase {
        if self.0.load(Ordering::Acquire) {
            Phase::AfterSending
        } else {
            Phase::Connecting
        }
    }
}

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.sent.0.store(true, Ordering::Release);
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, Bytes::len) as u64)
    }
}

/// Why an answer's body is not there.
enum ReadError {
    TooLarge,
    Broken(reqwest::Error),
}

fn http_client(endpoint: &Endpoint, limits: Limits) -> Result<reqwest::Client, SetUpError> {
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls(endpoint)?)
        .redirect(Policy::none())
        .connect_timeout(limits.connect_timeout)
        .pool_idle_timeout(IDLE_TIMEOUT)
        .pool_max_idle_per_host(IDLE_MAX)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(PING_INTERVAL)
        .http2_keep_alive_timeout(PING_TIMEOUT);
    if endpoint.is_loopback() {
        // `localhost` is this machine whatever a name server says (RFC 6761, section 6.3). The URL's port stands.
        let addresses = [
            SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            SocketAddr::from((Ipv6Addr::LOCALHOST, 0)),
        ];
        builder = builder.no_proxy().resolve_to_addrs("localhost", &addresses);
    }
    builder.build().map_err(|error| SetUpError(error.without_url().into()))
}

fn tls(endpoint: &Endpoint) -> Result<ClientConfig, SetUpError> {
    // Named here, so that no process-wide provider is needed or changed.
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| SetUpError(error.into()))?;
    let builder = if endpoint.is_https() {
        builder
            .with_platform_verifier()
            .map_err(|error| SetUpError(error.into()))?
    } else {
        // reqwest wants a configuration in any case; one without roots trusts nobody and costs nothing.
        builder.with_root_certificates(rustls::RootCertStore::empty())
    };
    let mut tls = builder.with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(tls)
}

fn with_common_headers(mut headers: HeaderMap) -> HeaderMap {
    headers.insert(CONTENT_TYPE, APPLICATION_JSON);
    headers.insert(ACCEPT, APPLICATION_JSON);
    headers.insert(USER_AGENT, USER_AGENT_VALUE);
    headers
}

fn no_answer(error: reqwest::Error, sent: &Sent) -> SendError {
    let timed_out = error.is_timeout();
    let source = error.without_url().into();
    match sent.phase() {
        Phase::Connecting if timed_out => SendError::TimedOut {
            phase: Phase::Connecting,
        },
        Phase::Connecting => SendError::Unreachable(source),
        Phase::AfterSending => SendError::ConnectionLost(source),
    }
}

/// Makes the error of an answer that is not 200. Its body may be missing, huge or anything; the status counts.
async fn refused(response: reqwest::Response, sent_headers: &HeaderMap) -> SendError {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let mut body = read(response, refusal::BODY_BYTES_MAX).await.unwrap_or_default();
    refusal::hide(sent_headers, &mut body);
    let (error_type, message) = refusal::first_error(&headers, &body);
    SendError::Status {
        status,
        error_type,
        message,
        request_id: refusal::request_id(&headers, sent_headers),
        retry_after: refusal::retry_after(&headers),
    }
}

async fn read(mut response: reqwest::Response, bytes_max: usize) -> Result<BytesMut, ReadError> {
    let announced = response.content_length().map(usize::try_from);
    let capacity = match announced {
        Some(Ok(announced)) if announced <= bytes_max => announced,
        Some(_) => return Err(ReadError::TooLarge),
        None => 0,
    };
    let mut body = BytesMut::with_capacity(capacity);
    while let Some(chunk) = response.chunk().await.map_err(ReadError::Broken)? {
        if chunk.len() > bytes_max - body.len() {
            return Err(ReadError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
