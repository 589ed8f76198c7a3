//! Turns a request into an HTTP answer with status 200, or says how far it came.
//!
//! Invariant: whether a request "may have been sent" is decided by one fact, whether its body was handed to a connection.
//! Invariant: no answer that is handed on holds the credential that was sent.
//! Invariant: a request is sent again only after an answer that refused its credential, once, and with another one.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::auth::{Authorization, AuthorizationError, CONTENT_TYPE_JSON, Mode, Outgoing, Refused};
use crate::endpoint::Endpoint;
use crate::error::{LocalFault, Phase, SendError};
use crate::http_client::{
    Limits, Reach, ReadError, SetUpError, http_client, is_of_certificate, is_of_plain_text, read,
    wants_proxy_credential,
};
use crate::proxy::Proxies;
use crate::refusal;
use crate::request::{DryRun, Request, Response};

const APPLICATION_JSON: HeaderValue = HeaderValue::from_static(CONTENT_TYPE_JSON);
const USER_AGENT_VALUE: HeaderValue = HeaderValue::from_static(concat!("appsync-mcp/", env!("CARGO_PKG_VERSION")));

/// How long the body of a refusal is waited for; its status says what counts.
const REFUSAL_TIMEOUT: Duration = Duration::from_secs(2);

/// Sends requests to one endpoint under one authorization. Shares its connections between calls.
pub struct Client {
    endpoint: Endpoint,
    authorization: Authorization,
    limits: Limits,
    proxies: Proxies,
    /// Set up at the first need: the CA certificates cost milliseconds that a start does not have.
    http: OnceCell<reqwest::Client>,
}

impl Client {
    /// Makes a client. Does no input or output, and takes microseconds.
    pub fn new(endpoint: Endpoint, authorization: Authorization, limits: Limits) -> Client {
        Client {
            endpoint,
            authorization,
            limits,
            proxies: Proxies::default(),
            http: OnceCell::new(),
        }
    }

    /// Goes through these proxies to whatever is not on this machine.
    #[must_use]
    pub fn through(mut self, proxies: Proxies) -> Client {
        self.proxies = proxies;
        self
    }

    /// Returns the variable that names the proxy that requests go through, if they do and a variable names it.
    pub fn proxy_variable(&self) -> Option<&'static str> {
        let url = self.endpoint.url();
        self.proxies.variable_for(url).filter(|_| !self.endpoint.is_loopback())
    }

    /// Gets the credential, as a request would, and says whether there is one that could be sent now.
    pub async fn check(&self) -> Result<(), AuthorizationError> {
        self.authorization.check().await
    }

    /// Says whether the credential is not there yet ([`Authorization::is_coming`]).
    pub fn is_credential_coming(&self) -> bool {
        self.authorization.is_coming()
    }

    /// Says whether AppSync may take the token for another mode's ([`Authorization::is_lambda_with_jwt`]).
    pub async fn is_lambda_with_jwt(&self) -> bool {
        self.authorization.is_lambda_with_jwt().await
    }

    /// Gets the credential, and returns when it expires, if it is a token that says so.
    pub async fn expires(&self) -> Result<Option<SystemTime>, AuthorizationError> {
        self.authorization.expires().await
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
        self.send_to(&Method::POST, self.endpoint.url(), request).await
    }

    /// Sends one request without a body to another URL of the endpoint's host, and reads its whole answer.
    #[cfg(feature = "iam")]
    pub(crate) async fn get(
        &self,
        url: &Url,
        timeout: Duration,
        response_bytes_max: usize,
    ) -> Result<Response, SendError> {
        let request = Request {
            body: Bytes::new(),
            timeout,
            response_bytes_max,
        };
        self.send_to(&Method::GET, url, &request).await
    }

    /// Returns where requests go.
    #[cfg(feature = "iam")]
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    async fn send_to(&self, method: &Method, url: &Url, request: &Request) -> Result<Response, SendError> {
        let outgoing = Outgoing {
            method,
            url,
            body: &request.body,
        };
        let sent = Sent::default();
        let deadline = Instant::now() + request.timeout;
        // On the heap, as what follows, since they are large and each future around them would hold them once more.
        let headers = timeout_at(deadline, Box::pin(self.authorization.headers(outgoing))).await;
        let headers = headers.unwrap_or_else(|_elapsed| Err(self.authorization.late()))?;
        let exchange = self.exchange(outgoing, headers, request.response_bytes_max, &sent, deadline);
        match timeout_at(deadline, Box::pin(exchange)).await {
            Ok(outcome) => outcome,
            Err(elapsed) => Err(match (sent.phase(), self.proxy_variable()) {
                (Phase::Connecting, Some(variable)) => SendError::ProxyFailed {
                    variable,
                    source: elapsed.into(),
                },
                (phase, _) => SendError::TimedOut {
                    phase,
                    request_id: sent.take_request_id(),
                },
            }),
        }
    }

    /// Returns what [`Client::send`] would send, without getting the credential and without sending.
    pub fn dry_run(&self, request: &Request) -> DryRun {
        let headers = with_common_headers(self.authorization.redacted_headers(), &Method::POST);
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

    async fn exchange(
        &self,
        outgoing: Outgoing<'_>,
        headers: HeaderMap,
        response_bytes_max: usize,
        sent: &Sent,
        deadline: Instant,
    ) -> Result<Response, SendError> {
        let sent_at = Instant::now();
        let error = match self.attempt(outgoing, response_bytes_max, &headers, sent).await {
            Err(error) => error,
            answer => return answer,
        };
        let Some(refused) = refused_credential(&error, sent_at) else {
            return Err(error);
        };
        let renewed = self.authorization.renewed_headers(outgoing, refused, &headers);
        // Where there is no other credential in time, the refusal is what the call came to.
        match timeout_at(deadline, renewed).await {
            Err(_elapsed) => Err(error),
            Ok(renewed) => match renewed? {
                None => Err(error),
                Some(headers) => {
                    // Nothing was carried out, so that what comes now is as if it was the first time.
                    sent.forget();
                    self.attempt(outgoing, response_bytes_max, &headers, sent).await
                }
            },
        }
    }

    /// Sends a request once.
    async fn attempt(
        &self,
        outgoing: Outgoing<'_>,
        response_bytes_max: usize,
        headers: &HeaderMap,
        sent: &Sent,
    ) -> Result<Response, SendError> {
        let headers = with_common_headers(headers.clone(), outgoing.method);
        let http = self.http().await.map_err(|error| SendError::Local {
            fault: LocalFault::NoCertificates,
            source: error.into(),
        })?;

        let has_body = !outgoing.body.is_empty();
        // Where there is no body to be taken, all counts as sent, but for what has no connection.
        sent.0.is_body_taken.store(!has_body, Ordering::Release);
        let request = http
            .request(outgoing.method.clone(), outgoing.url.clone())
            .headers(headers.clone())
            .body(reqwest::Body::wrap(RequestBody {
                bytes: has_body.then(|| outgoing.body.clone()),
                sent: sent.clone(),
            }));
        let answer = request.send().await;
        let response = answer.map_err(|error| self.no_answer(error, sent, &headers))?;

        let status = response.status();
        let request_id = refusal::request_id(response.headers(), &headers);
        sent.keep_request_id(request_id.clone());
        if status.is_redirection() {
            return Err(SendError::Redirected {
                status: status.as_u16(),
                request_id,
            });
        }
        // Within TLS it is the API that answers.
        if status == reqwest::StatusCode::PROXY_AUTHENTICATION_REQUIRED
            && !self.endpoint.is_https()
            && let variable @ Some(_) = self.proxy_variable()
        {
            return Err(SendError::Local {
                fault: LocalFault::ProxyCredential { variable },
                source: "the proxy answered HTTP 407".into(),
            });
        }
        if status != reqwest::StatusCode::OK {
            return Err(refused(response, &headers, request_id).await);
        }
        let date = refusal::date(response.headers());
        match read(response, response_bytes_max).await {
            Ok(mut body) => {
                refusal::hide(&headers, &mut body);
                let body = body.freeze();
                Ok(Response { body, request_id, date })
            }
            Err(ReadError::TooLarge) => Err(SendError::TooLarge {
                limit_bytes: response_bytes_max,
                request_id,
            }),
            Err(error @ ReadError::Broken(_)) => Err(SendError::ConnectionLost {
                request_id,
                source: words(&error, &headers),
            }),
        }
    }

    async fn http(&self) -> Result<&reqwest::Client, SetUpError> {
        self.http
            .get_or_try_init(async || {
                let reach = Reach {
                    is_https: self.endpoint.is_https(),
                    proxies: (!self.endpoint.is_loopback()).then(|| self.proxies.clone()),
                };
                let limits = self.limits;
                if !reach.is_https {
                    return http_client(reach, limits);
                }
                // Reads and parses some hundred files on some systems.
                tokio::task::spawn_blocking(move || http_client(reach, limits))
                    .await
                    .unwrap_or_else(|_| Err(SetUpError("the task broke down".into())))
            })
            .await
    }

    fn no_answer(&self, error: reqwest::Error, sent: &Sent, sent_headers: &HeaderMap) -> SendError {
        let timed_out = error.is_timeout();
        if error.is_connect() {
            sent.forget();
        }
        let variable = self.proxy_variable();
        let https_proxy = variable.filter(|_| {
            self.proxies
                .url_for(self.endpoint.url())
                .is_some_and(|url| url.scheme() == "https")
        });
        let fault = match https_proxy {
            // Whose of the two it was is not told.
            Some(variable) if is_of_certificate(&error) => Some(LocalFault::ProxyCertificate { variable }),
            Some(variable) if is_of_plain_text(&error) => Some(LocalFault::ProxyWithoutTls { variable }),
            _ if is_of_certificate(&error) => Some(LocalFault::Certificate),
            _ if wants_proxy_credential(&error) => Some(LocalFault::ProxyCredential { variable }),
            _ => None,
        };
        let source = words(&error.without_url(), sent_headers);
        match (sent.phase(), fault, variable) {
            (Phase::Connecting, _, None) if timed_out => SendError::TimedOut {
                phase: Phase::Connecting,
                request_id: None,
            },
            (Phase::Connecting, Some(fault), _) => SendError::Local { fault, source },
            (Phase::Connecting, None, Some(variable)) => SendError::ProxyFailed { variable, source },
            (Phase::Connecting, None, None) => SendError::Unreachable(source),
            (Phase::AfterSending, ..) => SendError::ConnectionLost {
                request_id: None,
                source,
            },
        }
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

/// How far a request came, for whoever stops waiting for it.
#[derive(Clone, Default)]
struct Sent(Arc<Progress>);

#[derive(Default)]
struct Progress {
    /// Whether the body was handed to a connection. Headers alone have no effect on a GraphQL API.
    is_body_taken: AtomicBool,
    /// AppSync's name for the request, once the head of the answer was read.
    request_id: Mutex<Option<String>>,
}

impl Sent {
    fn phase(&self) -> Phase {
        if self.0.is_body_taken.load(Ordering::Acquire) {
            Phase::AfterSending
        } else {
            Phase::Connecting
        }
    }

    fn forget(&self) {
        self.0.is_body_taken.store(false, Ordering::Release);
        self.keep_request_id(None);
    }

    fn keep_request_id(&self, request_id: Option<String>) {
        *self.request_id() = request_id;
    }

    fn take_request_id(&self) -> Option<String> {
        self.request_id().take()
    }

    fn request_id(&self) -> MutexGuard<'_, Option<String>> {
        self.0.request_id.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl http_body::Body for RequestBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.sent.0.is_body_taken.store(true, Ordering::Release);
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, Bytes::len) as u64)
    }
}

fn with_common_headers(mut headers: HeaderMap, method: &Method) -> HeaderMap {
    if method == Method::POST {
        headers.insert(CONTENT_TYPE, APPLICATION_JSON);
    }
    headers.insert(ACCEPT, APPLICATION_JSON);
    headers.insert(USER_AGENT, USER_AGENT_VALUE);
    headers
}

/// Returns what an error and those behind it say, without the credential: in HTTP/2 a server can say something as it closes a
/// connection.
fn words(error: &dyn Error, sent_headers: &HeaderMap) -> Box<dyn Error + Send + Sync> {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        words = format!("{words}: {error}");
        source = error.source();
    }
    let mut words = words.into_bytes();
    refusal::hide(sent_headers, &mut words);
    String::from_utf8_lossy(&words).into()
}

/// Reads an error, if it is an answer that may be a matter of the credential. Nothing was carried out then.
fn refused_credential(error: &SendError, sent_at: Instant) -> Option<Refused<'_>> {
    match error {
        SendError::Status {
            status: status @ (400 | 401 | 403),
            error_type,
            message,
            date,
            was_begun: false,
            ..
        } => Some(Refused {
            status: *status,
            error_type: error_type.as_deref(),
            message: message.as_deref(),
            date: *date,
            sent_at,
        }),
        _ => None,
    }
}

/// Makes the error of an answer that is not 200. Its body may be missing, huge or anything; the status counts.
async fn refused(response: reqwest::Response, sent_headers: &HeaderMap, request_id: Option<String>) -> SendError {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let body = tokio::time::timeout(REFUSAL_TIMEOUT, read(response, refusal::BODY_BYTES_MAX)).await;
    let mut body = body.ok().and_then(Result::ok).unwrap_or_default();
    refusal::hide(sent_headers, &mut body);
    let (error_type, message, was_begun) = refusal::first_error(&headers, sent_headers, &body);
    SendError::Status {
        status,
        error_type,
        message,
        was_begun,
        request_id,
        retry_after: refusal::retry_after(&headers),
        date: refusal::date(&headers),
    }
}
