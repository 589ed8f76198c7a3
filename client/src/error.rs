//! What can go wrong between a request and its answer, one variant for each thing a caller would do differently.
//!
//! Invariant: no `Display` here shows a URL, a host, a credential or the API's own words; sources are for logs.

use std::error::Error;
use std::time::{Duration, SystemTime};

use crate::auth::AuthorizationError;
#[cfg(feature = "iam")]
use crate::auth::Lack;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// There was no credential to send. Nothing was sent.
    #[error(transparent)]
    Authorization(AuthorizationError),
    /// No connection could be made: name resolution, TCP, proxy or TLS. Nothing was sent.
    #[error("failed to reach the API; nothing was sent")]
    Unreachable(#[source] Box<dyn Error + Send + Sync>),
    /// No connection could be made through a proxy. Nothing was sent.
    #[error("failed to reach the API through the proxy that `{variable}` names; nothing was sent")]
    ProxyFailed {
        /// The variable that names the proxy.
        variable: &'static str,
        /// What went wrong.
        source: Box<dyn Error + Send + Sync>,
    },
    /// This machine, as it is set up, does not let requests through, and won't until somebody changes that. Nothing was sent.
    #[error("{fault}; nothing was sent")]
    Local {
        /// What is in the way.
        fault: LocalFault,
        /// What went wrong.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The connection broke after the request had been, or may have been, sent.
    #[error("lost the connection to the API before its answer was complete")]
    ConnectionLost {
        /// AppSync's name for this request in its logs, if the head of the answer was read.
        request_id: Option<String>,
        /// How it broke.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Time ran out.
    #[error("{}", match phase {
        Phase::Connecting => "timed out while connecting to the API; nothing was sent",
        Phase::AfterSending => "timed out while waiting for the API's answer",
    })]
    TimedOut {
        /// How far the call had come.
        phase: Phase,
        /// AppSync's name for this request in its logs, if the head of the answer was read.
        request_id: Option<String>,
    },
    /// The answer is larger than the request allows; the rest of it was not read.
    #[error("the API's answer is larger than {limit_bytes} bytes")]
    TooLarge {
        /// [`Request::response_bytes_max`](crate::Request::response_bytes_max).
        limit_bytes: usize,
        /// AppSync's name for this request in its logs.
        request_id: Option<String>,
    },
    /// The answer's status is not 200.
    #[error("the API answered HTTP {status}{}", error_type.as_ref().map(|ty| format!(" ({ty})")).unwrap_or_default())]
    Status {
        /// The HTTP status.
        status: u16,
        /// AppSync's type of the first error, such as `UnauthorizedException`.
        error_type: Option<String>,
        /// The API's own words about the first error. For logs: they may name accounts and resources.
        message: Option<String>,
        /// Whether the body tells that a resolver was begun: it has data, or an error of a resolver.
        was_begun: bool,
        /// AppSync's name for this request in its logs.
        request_id: Option<String>,
        /// How long the API asks to wait before the next request.
        retry_after: Option<Duration>,
        /// When it answered, by its own clock.
        date: Option<SystemTime>,
    },
    /// The answer sends the caller elsewhere. AppSync never does; the credential was not sent on.
    #[error("the API answered with a redirect (HTTP {status}), which is never followed; check the endpoint")]
    Redirected {
        /// The HTTP status.
        status: u16,
        /// AppSync's name for this request in its logs.
        request_id: Option<String>,
    },
}

/// What on this machine is in the way of all requests until somebody changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocalFault {
    /// HTTP 407.
    #[error("{} wants a user name and a password, or other ones (HTTP 407)", proxy_text(*variable))]
    ProxyCredential {
        /// The variable that names the proxy; without one, it is the operating system's settings.
        variable: Option<&'static str>,
    },
    /// The certificate that was shown is not valid, or of nobody who is trusted.
    #[error(
        "this machine does not trust the certificate that it was shown in place of the API's \
         (it trusts the authorities in its own store, or those that `SSL_CERT_FILE` or `SSL_CERT_DIR` names)"
    )]
    Certificate,
    /// As [`LocalFault::Certificate`], through a proxy to which the connection is encrypted as well.
    #[error(
        "this machine does not trust the certificate that it was shown by the proxy that `{variable}` names, or in place of the \
         API's (it trusts the authorities in its own store, or those that `SSL_CERT_FILE` or `SSL_CERT_DIR` names)"
    )]
    ProxyCertificate {
        /// The variable that names the proxy.
        variable: &'static str,
    },
    /// The URL of the proxy says `https`, and what is there speaks something else.
    #[error("the proxy that `{variable}` names does not speak TLS; its URL has to begin with `http://`")]
    ProxyWithoutTls {
        /// The variable that names the proxy.
        variable: &'static str,
    },
    /// There are no CA certificates, or none that can be used.
    #[error(
        "this machine has no CA certificates that could be used (its own, or those that `SSL_CERT_FILE` or `SSL_CERT_DIR` names)"
    )]
    NoCertificates,
}

fn proxy_text(variable: Option<&str>) -> String {
    match variable {
        Some(variable) => format!("the proxy that `{variable}` names"),
        None => "the proxy in this machine's settings".to_owned(),
    }
}

/// How far a call had come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The request's body had not been handed to a connection: nothing can have been carried out.
    Connecting,
    /// The request had been, or may have been, sent.
    AfterSending,
}

impl From<AuthorizationError> for SendError {
    /// What is in the way to whoever gives a credential is told as what is in the way to the API.
    fn from(error: AuthorizationError) -> SendError {
        #[cfg(feature = "iam")]
        if let AuthorizationError::Credentials { lack, reason } = &error {
            let source = reason.clone().into();
            let fault = match *lack {
                Lack::Proxy(variable) => return SendError::ProxyFailed { variable, source },
                Lack::ProxyCredential(variable) => LocalFault::ProxyCredential {
                    variable: Some(variable),
                },
                Lack::Certificate => LocalFault::Certificate,
                Lack::NotSetUp | Lack::BadlySetUp | Lack::NotGiven | Lack::Late => {
                    return SendError::Authorization(error);
                }
            };
            return SendError::Local { fault, source };
        }
        SendError::Authorization(error)
    }
}

impl SendError {
    /// Says whether a write may have been carried out although its answer is missing.
    ///
    /// An answer that refuses the request (4xx) is an answer: nothing was carried out, unless its body tells of a resolver. A
    /// redirect may be one to the result
    /// of what was done, 408 does not say how far the request came, and a proxy says 499 of whom it answered for.
    pub fn may_have_taken_effect(&self) -> bool {
        match self {
            SendError::Authorization(_)
            | SendError::Unreachable(_)
            | SendError::ProxyFailed { .. }
            | SendError::Local { .. } => false,
            SendError::TimedOut { phase, .. } => *phase == Phase::AfterSending,
            SendError::ConnectionLost { .. } | SendError::TooLarge { .. } | SendError::Redirected { .. } => true,
            SendError::Status { status, was_begun, .. } => {
                *was_begun || matches!(*status, 408 | 499) || !(400..500).contains(status)
            }
        }
    }

    /// Returns AppSync's name for the request, where an answer told it.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            SendError::ConnectionLost { request_id, .. }
            | SendError::TimedOut { request_id, .. }
            | SendError::TooLarge { request_id, .. }
            | SendError::Status { request_id, .. }
            | SendError::Redirected { request_id, .. } => request_id.as_deref(),
            SendError::Authorization(_)
            | SendError::Unreachable(_)
            | SendError::ProxyFailed { .. }
            | SendError::Local { .. } => None,
        }
    }
}
