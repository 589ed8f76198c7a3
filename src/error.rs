//! What can go wrong in a call, one variant for each thing that the reader would do differently.
//!
//! The reader is the model: `Display` is written for it, and says the next step. Sources, [`Reason`] among them, are for logs.
//! Invariant: no `Display` here shows a host, a credential, an account, or the API's own words, unless the contract lists
//! the error's type as showable; then they are cleaned first.

mod doubt;

pub(crate) use doubt::doubt;

use std::borrow::Cow;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use appsync_mcp_client::{
    AuthorizationError, DecodeError, ErrorClass, ErrorTypes, GraphQlError, Mode, Phase, SendError,
};

use self::doubt::is_about_the_document;
use crate::problem::Problems;
use crate::quote;
use crate::told;
use crate::tool::{Access, Kind, Rate, ToolSpec};

/// How long to wait when the API says "too many" and not for how long, in seconds.
const THROTTLED_SECONDS: u64 = 5;

/// What is said of an API that has no error of its own for what went wrong, each with the next step.
const UNAVAILABLE: &str = "the API is not available just now; try again later";
const FAILED: &str = "the API failed on its side; try again later, and tell the user if it fails again";
const REFUSED: &str =
    "the API refused this request; the same arguments will be refused again: change them, or tell the user";
const NOT_CARRIED_OUT: &str = "the API could not carry this out; change the arguments, or tell the user";
const NOT_THE_API: &str =
    "what answers is not the API; tell the user that whoever runs this server has to check its endpoint";
const BLOCKED: &str =
    "something before the API, such as a firewall, refused this request; change the arguments, or tell the user";
const OUTDATED: &str = "the API does not take what this tool asks for; tell the user that the tool has to be built anew if the API has changed";
const REDIRECTED: &str = "the API's address only answers with a redirect, which is not followed; tell the user that whoever runs this server has to check its endpoint";

/// What is said of a credential that did not do.
const NOT_ALLOWED: &str =
    "the API refused the credential or does not allow it this; repeating the call does not help: tell the user";
const EXPIRED: &str = "the credential has expired; tell the user to sign in again or renew it, then repeat the call";

/// What is said when time ran out.
const NOT_CONNECTED: &str = "no connection to the API was made in time, and nothing was sent; try again later";
const NO_ANSWER: &str = "there was no answer in time, and nothing was changed; ask for less, or try again later";
const GAVE_UP: &str = "the API gave up before it was done, and nothing was changed; ask for less, or try again later";

/// Why a call has no result.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The arguments are not what the contract asks for. Nothing was sent.
    #[error(transparent)]
    InvalidInput(#[from] Problems),
    /// The server was not started for this. Nothing was sent.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The caller calls the tool more often than its contract allows. Nothing was sent.
    #[error(
        "rate limited: this tool takes {}; wait {seconds} s and call it again",
        rate_text(*rate)
    )]
    RateLimited {
        /// The contract's limit.
        rate: Rate,
        /// When the next call is allowed, in seconds from now; at least 1.
        seconds: u64,
    },
    /// Too many other calls are under way, of this tool or of all. Nothing was sent.
    #[error(
        "busy: too many other calls are under way, and nothing was sent; wait until some have ended, then call it again"
    )]
    Busy,
    /// There is no credential that could be sent. Nothing was sent.
    #[error("{}", if _0.is_transient() {
        "credential unreadable: the server could not read its credential just now, and nothing was sent; try again"
    } else {
        "unauthorized: there is no valid credential to send; sign in again or renew it, then repeat the call"
    })]
    NoCredential(#[source] AuthorizationError),
    /// The API refused the credential, or does not allow it this.
    #[error("unauthorized: {}{}", if *has_expired { EXPIRED } else { NOT_ALLOWED }, id_text(request_id.as_deref()))]
    Unauthorized {
        /// Whether the API said that the credential has expired.
        has_expired: bool,
        /// AppSync's name for the request.
        request_id: Option<String>,
        /// What the API said.
        source: Reason,
    },
    /// The API gets too many requests.
    #[error("throttled: the API gets too many requests; wait {seconds} s and call it again{}", id_text(request_id.as_deref()))]
    Throttled {
        /// How long to wait, in seconds; at least 1.
        seconds: u64,
        /// AppSync's name for the request.
        request_id: Option<String>,
        /// What the API said.
        source: Reason,
    },
    /// The API does not take the page's token, although it did or would have another one.
    #[error(
        "stale token: the API does not take this `{argument}`; it has expired, or belongs to other arguments; call again with \
         the same arguments and without `{argument}`, and begin at the first page{}",
        id_text(request_id.as_deref())
    )]
    StaleToken {
        /// The argument that held it.
        argument: &'static str,
        /// AppSync's name for the request.
        request_id: Option<String>,
        /// What the API said.
        source: Reason,
    },
    /// What the arguments name does not exist.
    #[error("not found: {}{}", message.as_deref().unwrap_or("nothing in the API belongs to these arguments"), id_text(request_id.as_deref()))]
    NotFound {
        /// The API's own words, if they may be shown, cleaned.
        message: Option<String>,
        /// AppSync's name for the request.
        request_id: Option<String>,
        /// What the API said.
        source: Reason,
    },
    /// The stored state is not one in which this can be done.
    #[error("conflict: {}{}", message.as_deref().unwrap_or("something else was stored in the meantime; read it again before trying once more"), id_text(request_id.as_deref()))]
    Conflict {
        /// The API's own words, if they may be shown, cleaned.
        message: Option<String>,
        /// AppSync's name for the request.
        request_id: Option<String>,
        /// What the API said.
        source: Reason,
    },
    /// Something else went wrong behind the API.
    #[error("upstream error: {message}{}", id_text(request_id.as_deref()))]
    Upstream {
        /// The API's own words, if they may be shown, cleaned; or what to do.
        message: Cow<'static, str>,
        /// AppSync's name for the request.
        request_id: Option<String>,
        /// What the API said.
        source: Reason,
    },
    /// The API can't be reached, or the connection broke. Nothing was changed.
    #[error("unreachable: {}{}", unreachable_text(_0), id_text(_0.request_id()))]
    Unreachable(#[source] SendError),
    /// Time ran out. Nothing was changed.
    #[error("timed out: {why}{}", id_text(request_id.as_deref()))]
    TimedOut {
        /// How far the call came, and what to do.
        why: &'static str,
        /// AppSync's name for the request, if its answer had begun.
        request_id: Option<String>,
        /// What the API or the transport said.
        source: Reason,
    },
    /// A write may have been carried out; its answer is missing or can't be used.
    #[error(
        "outcome unknown: this write may have been carried out, {why}{}; do not repeat it: read back what it would have changed first{}",
        message.as_ref().map(|message| format!(" ({message})")).unwrap_or_default(),
        id_text(request_id.as_deref())
    )]
    OutcomeUnknown {
        /// What became of it: "but its answer was lost".
        why: &'static str,
        /// What the API answered, if it did.
        class: Option<ErrorClass>,
        /// The API's own words, if they may be shown, cleaned.
        message: Option<String>,
        /// AppSync's name for the request.
        request_id: Option<String>,
        /// What went wrong.
        #[source]
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// The result is larger than the contract or the transport allows, and can't be cut.
    #[error("too large: the answer is larger than {bytes_max} bytes; ask for less, such as fewer items{}", id_text(request_id.as_deref()))]
    TooLarge {
        /// The limit that was met, in bytes.
        bytes_max: usize,
        /// AppSync's name for the request.
        request_id: Option<String>,
    },
    /// The API would have to do more work than it is set up to do at once.
    #[error("too large: this asks for more than the API gives at once; ask for less, such as fewer items{}", id_text(request_id.as_deref()))]
    AsksTooMuch {
        /// AppSync's name for the request.
        request_id: Option<String>,
        /// What the API said.
        source: Reason,
    },
    /// The answer is not what the API's schema says, or none of the API's at all.
    #[error("unexpected response: {source}; {}{}", advice(source), id_text(request_id.as_deref()))]
    UnexpectedResponse {
        /// Where the first mismatch is.
        source: DecodeError,
        /// AppSync's name for the request.
        request_id: Option<String>,
    },
    /// The program has a fault that this call met. Nothing was changed.
    #[error(
        "internal error: a fault of this server ended the call, and nothing was changed; repeating it does not help: \
         tell the user"
    )]
    Internal,
}

/// What the API or the transport said of a failure, on one line of bounded length. For logs.
#[derive(Debug, thiserror::Error)]
#[error("{what}{}{message}", if message.is_empty() { "" } else { ": " })]
pub struct Reason {
    /// What kind of failure it was.
    what: Box<str>,
    /// The API's own words, or nothing. They may hold whatever the API does.
    message: Box<str>,
    /// What the API says beside them, or nothing. So may this.
    beside: Box<str>,
}

/// Why the server does not carry out a call. Nothing was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// AppSync does not let the tool through in the authorization mode of this start.
    #[error(
        "the API does not open all of this to the authorization mode `{mode}`; start with one of: {}",
        modes_text(access)
    )]
    Mode {
        /// The mode that the server was started with.
        mode: Mode,
        /// The modes that can call the tool.
        access: &'static [Access],
    },
    /// The server was started without writes.
    #[error("mutations are disabled; start with --allow-mutations to enable write operations")]
    Mutations,
    /// The server was started with some writes, and this is none of them.
    #[error("mutations are disabled for `{tool}`; add it to the names in --allow-mutations to enable it")]
    Mutation {
        /// The tool's name.
        tool: &'static str,
    },
    /// The permit is for another tool.
    #[error("the permit is for `{permitted}`, not for `{tool}`")]
    OtherTool {
        /// The tool's name.
        tool: &'static str,
        /// The name of the tool that may be called.
        permitted: &'static str,
    },
    /// The contract says that the tool is not offered.
    #[error("`{tool}` is disabled: {}", reason.trim_end_matches(['.', ' ']))]
    Disabled {
        /// The tool's name.
        tool: &'static str,
        /// Why.
        reason: &'static str,
    },
    /// The operation has a variable that this server can't fill in.
    #[error("`{tool}` takes a value that only the server can fill in, and this one can't: `{variable}`")]
    Unfilled {
        /// The tool's name.
        tool: &'static str,
        /// The variable's name.
        variable: &'static str,
    },
    /// The API's schema has changed, so that the tool would fail.
    #[error(
        "`{tool}` does not fit the API's schema any more: {reason}; \
         tell the user that whoever runs this server has to refresh its schema and build it anew"
    )]
    Drift {
        /// The tool's name.
        tool: &'static str,
        /// What has changed.
        reason: Arc<str>,
    },
}

impl Denied {
    /// Whether it is a matter of `--allow-mutations`.
    pub(crate) fn is_of_mutations(&self) -> bool {
        match self {
            Self::Mutations | Self::Mutation { .. } | Self::OtherTool { .. } => true,
            Self::Mode { .. } | Self::Disabled { .. } | Self::Unfilled { .. } | Self::Drift { .. } => false,
        }
    }
}

impl CallError {
    /// Returns the variant's name for logs and machines, such as `invalid_input`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::InvalidInput(_) => "invalid_input",
            Self::Denied(_) => "denied",
            Self::RateLimited { .. } => "rate_limited",
            Self::Busy => "busy",
            Self::NoCredential(_) => "no_credential",
            Self::Unauthorized { .. } => "unauthorized",
            Self::Throttled { .. } => "throttled",
            Self::StaleToken { .. } => "stale_token",
            Self::NotFound { .. } => "not_found",
            Self::Conflict { .. } => "conflict",
            Self::Upstream { .. } => "upstream",
            Self::Unreachable(_) => "unreachable",
            Self::TimedOut { .. } => "timed_out",
            Self::OutcomeUnknown { .. } => "outcome_unknown",
            Self::TooLarge { .. } | Self::AsksTooMuch { .. } => "too_large",
            Self::UnexpectedResponse { .. } => "unexpected_response",
            Self::Internal => "internal",
        }
    }

    /// Returns AppSync's name for the request, where an answer told it.
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::InvalidInput(_)
            | Self::Denied(_)
            | Self::RateLimited { .. }
            | Self::Busy
            | Self::NoCredential(_)
            | Self::Internal => None,
            Self::Unreachable(error) => error.request_id(),
            Self::Unauthorized { request_id, .. }
            | Self::Throttled { request_id, .. }
            | Self::StaleToken { request_id, .. }
            | Self::NotFound { request_id, .. }
            | Self::Conflict { request_id, .. }
            | Self::Upstream { request_id, .. }
            | Self::TimedOut { request_id, .. }
            | Self::OutcomeUnknown { request_id, .. }
            | Self::TooLarge { request_id, .. }
            | Self::AsksTooMuch { request_id, .. }
            | Self::UnexpectedResponse { request_id, .. } => request_id.as_deref(),
        }
    }

    /// Whoever called has given up after a write had been sent.
    pub(crate) fn not_waited_for() -> Self {
        Self::in_doubt("but its answer was not waited for", None, None)
    }

    /// A fault of the program ended a call. `may_have_taken_effect` says whether it was a write, and sent.
    pub(crate) fn panicked(may_have_taken_effect: bool) -> Self {
        if !may_have_taken_effect {
            return Self::Internal;
        }
        Self::in_doubt(
            "but a fault of this server ended the call before its answer was read",
            None,
            None,
        )
    }

    /// Turns the lack of an answer into an error.
    pub(crate) fn from_send(error: SendError, kind: Kind, errors: &ErrorTypes) -> Self {
        let request_id = error.request_id().map(str::to_owned);
        // The API gave up on itself, whatever the status.
        let is_late = matches!(&error, SendError::Status { status, error_type, .. }
            if errors.classify_status(*status, error_type.as_deref(), None) == ErrorClass::TimedOut
                && !errors.is_not_carried_out(error_type.as_deref()));
        if kind != Kind::Read && (is_late || error.may_have_taken_effect()) {
            let why = match &error {
                SendError::Redirected { .. } => "but the API answered with a redirect, which is not followed",
                SendError::TooLarge { .. } => "but its answer is too large to be taken",
                SendError::Status { status: ..400, .. } => "but what answered is not the API",
                SendError::Status { .. } if !is_late => "at least in part, before the API failed",
                SendError::Status { .. } | SendError::TimedOut { .. } => "but its answer did not come in time",
                _ => "but its answer was lost",
            };
            let source: Box<dyn Error + Send + Sync> = match error {
                SendError::Status { .. } => Box::new(Reason::of_send(&error)),
                _ => Box::new(error),
            };
            return Self::in_doubt(why, request_id, Some(source));
        }
        let source = Reason::of_send(&error);
        match error {
            SendError::Authorization(source) => Self::NoCredential(source),
            SendError::Unreachable(_)
            | SendError::ProxyFailed { .. }
            | SendError::Local { .. }
            | SendError::ConnectionLost { .. } => Self::Unreachable(error),
            SendError::Redirected { .. } => Self::Upstream {
                message: REDIRECTED.into(),
                request_id,
                source,
            },
            SendError::TimedOut { phase, .. } => Self::TimedOut {
                why: match phase {
                    Phase::Connecting => NOT_CONNECTED,
                    Phase::AfterSending => NO_ANSWER,
                },
                request_id,
                source,
            },
            SendError::TooLarge { limit_bytes, .. } => Self::TooLarge {
                bytes_max: limit_bytes,
                request_id,
            },
            SendError::Status {
                status,
                ref error_type,
                ref message,
                retry_after,
                ..
            } => Self::of_class(
                errors.classify_status(status, error_type.as_deref(), message.as_deref()),
                Told {
                    message: None,
                    otherwise: match status {
                        502 | 503 => UNAVAILABLE,
                        500.. => FAILED,
                        403 => BLOCKED,
                        404 | 405 | 407 | ..400 => NOT_THE_API,
                        400.. => REFUSED,
                    },
                    token: None,
                    source,
                    request_id,
                    retry_after,
                },
            ),
        }
    }

    /// Turns a GraphQL error that left nothing of the data into an error; `token` is the argument that held a page's token.
    pub(crate) fn from_graphql(
        error: &GraphQlError,
        spec: &ToolSpec,
        errors: &ErrorTypes,
        token: Option<&'static str>,
        request_id: Option<String>,
    ) -> Self {
        let source = Reason::of_graphql(error);
        let class = errors.classify(error);
        if let Some(why) = doubt(error, spec, errors) {
            return Self::OutcomeUnknown {
                why,
                class: Some(class),
                message: showable(error, errors),
                request_id,
                source: Some(Box::new(source)),
            };
        }
        let (class, otherwise) = if is_about_the_document(error) {
            (ErrorClass::Upstream, OUTDATED)
        } else {
            (class, NOT_CARRIED_OUT)
        };
        Self::of_class(
            class,
            Told {
                message: showable(error, errors),
                otherwise,
                token,
                source,
                request_id,
                retry_after: None,
            },
        )
    }

    /// Turns an answer that holds nothing, not even an error: a read has found nothing; of a write, the resolver ran to its end.
    pub(crate) fn null(kind: Kind, request_id: Option<String>) -> Self {
        let source = Reason::null();
        match kind {
            Kind::Read => Self::NotFound {
                message: None,
                request_id,
                source,
            },
            Kind::Write { .. } => Self::OutcomeUnknown {
                why: "but the API answered null",
                class: Some(ErrorClass::NotFound),
                message: None,
                request_id,
                source: Some(Box::new(source)),
            },
        }
    }

    /// Turns an answer that can't be read into an error.
    pub(crate) fn undecodable(source: DecodeError, kind: Kind, request_id: Option<String>) -> Self {
        match kind {
            Kind::Read => Self::UnexpectedResponse { source, request_id },
            Kind::Write { .. } => Self::in_doubt("but its answer can't be read", request_id, Some(Box::new(source))),
        }
    }

    /// Says whether the API gets too many requests, so that the same one may fare better a little later.
    pub(crate) fn is_throttled(&self) -> bool {
        matches!(
            self,
            Self::Throttled { .. }
                | Self::OutcomeUnknown {
                    class: Some(ErrorClass::Throttled),
                    ..
                }
        )
    }

    /// A write of which nobody knows what came, nor what the API would say of it.
    pub(crate) fn in_doubt(
        why: &'static str,
        request_id: Option<String>,
        source: Option<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::OutcomeUnknown {
            why,
            class: None,
            message: None,
            request_id,
            source,
        }
    }

    fn of_class(class: ErrorClass, told: Told) -> Self {
        let Told {
            message,
            otherwise,
            token,
            source,
            request_id,
            retry_after,
        } = told;
        match class {
            ErrorClass::Unauthorized | ErrorClass::Expired => Self::Unauthorized {
                has_expired: class == ErrorClass::Expired,
                request_id,
                source,
            },
            ErrorClass::Throttled => Self::Throttled {
                seconds: seconds(retry_after),
                request_id,
                source,
            },
            ErrorClass::StaleToken if let Some(argument) = token => Self::StaleToken {
                argument,
                request_id,
                source,
            },
            ErrorClass::NotFound => Self::NotFound {
                message,
                request_id,
                source,
            },
            ErrorClass::Conflict => Self::Conflict {
                message,
                request_id,
                source,
            },
            ErrorClass::TooLarge => Self::AsksTooMuch { request_id, source },
            ErrorClass::TimedOut => Self::TimedOut {
                why: GAVE_UP,
                request_id,
                source,
            },
            // A call that gave no token has to mend something else.
            ErrorClass::StaleToken | ErrorClass::Upstream => Self::Upstream {
                message: message.map_or(otherwise.into(), Cow::from),
                request_id,
                source,
            },
        }
    }
}

impl Reason {
    /// The API answered null and had nothing to say.
    fn null() -> Self {
        Self::with_message("the API answered null", "")
    }

    /// Describes an error of the API, so that an operator can tell what it was.
    pub(crate) fn of_graphql(error: &GraphQlError) -> Self {
        let error_type = error.error_type.as_deref().unwrap_or("an error without a type");
        Self {
            beside: told::beside(error).into(),
            ..Self::with_message(&format!("the API answered {error_type}"), &error.message)
        }
    }

    fn of_send(error: &SendError) -> Self {
        let message = match error {
            SendError::Status { message, .. } => message.as_deref(),
            _ => None,
        };
        Self::with_message(&error.to_string(), message.unwrap_or_default())
    }

    fn with_message(what: &str, message: &str) -> Self {
        Self {
            what: quote::line(what).into(),
            message: quote::line(message).into(),
            beside: Box::default(),
        }
    }

    /// What kind of failure it was, without the API's own words.
    pub(crate) fn what(&self) -> &str {
        &self.what
    }

    /// All that the API said.
    pub(crate) fn in_full(&self) -> String {
        match &*self.beside {
            "" => self.to_string(),
            beside => format!("{self} ({beside})"),
        }
    }
}

/// What an answer tells of a failure.
struct Told {
    /// The API's own words, if they may be shown, cleaned.
    message: Option<String>,
    /// What to say without them, if the failure is of no known class.
    otherwise: &'static str,
    /// The argument that held a page's token, if one did.
    token: Option<&'static str>,
    source: Reason,
    request_id: Option<String>,
    retry_after: Option<Duration>,
}

/// Returns the API's own words if they may be shown, cleaned.
pub(crate) fn showable(error: &GraphQlError, errors: &ErrorTypes) -> Option<String> {
    let is_showable = errors.is_showable(error.error_type.as_deref());
    is_showable.then(|| quote::message(&error.message)).flatten()
}

fn seconds(retry_after: Option<Duration>) -> u64 {
    // Whole seconds, rounded up.
    retry_after
        .map_or(THROTTLED_SECONDS, |wait| {
            wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
        })
        .max(1)
}

/// Says what to do about an answer that can't be read.
fn advice(error: &DecodeError) -> &'static str {
    match error {
        DecodeError::NotJson { .. } => {
            "it was cut off, or something in between answers in the API's place; try again later, and tell the user if it stays so"
        }
        DecodeError::Empty => {
            "something in between may answer in the API's place; try again later, and tell the user if it stays so"
        }
        DecodeError::Mismatch { .. } => {
            "this is not what the tool was built for; tell the user that it has to be built anew if the API has changed"
        }
    }
}

/// Says why the API can't be reached, and what to do: what is set up wrong on this machine is for people.
fn unreachable_text(error: &SendError) -> String {
    match error {
        SendError::Local { fault, .. } => format!(
            "{fault}; nothing was sent, and repeating the call does not help: \
             tell the user that whoever runs this server has to mend that"
        ),
        SendError::ProxyFailed { variable, .. } => format!(
            "the API can't be reached just now through the proxy that `{variable}` names, and nothing was sent; \
             try again later, and tell the user if it stays so"
        ),
        _ => "the API can't be reached just now, and nothing was changed; try again later".to_owned(),
    }
}

fn id_text(request_id: Option<&str>) -> String {
    request_id.map(|id| format!(" (request id {id})")).unwrap_or_default()
}

/// Names the modes that can call a tool.
fn modes_text(access: &[Access]) -> String {
    let modes: Vec<_> = access.iter().map(|access| access.mode.to_string()).collect();
    modes.join(", ")
}

/// Says a rate for people, such as `5 calls a minute`.
pub(crate) fn rate_text(rate: Rate) -> String {
    let calls = if rate.calls == 1 {
        "1 call".to_owned()
    } else {
        format!("{} calls", rate.calls)
    };
    match rate.per_seconds {
        1 => format!("{calls} a second"),
        60 => format!("{calls} a minute"),
        3600 => format!("{calls} an hour"),
        86400 => format!("{calls} a day"),
        seconds => format!("{calls} in {seconds} s"),
    }
}

/// Returns an error with those behind it, as far as they say what is not said yet: some have their cause in their message.
pub(crate) fn in_full(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let cause = error.to_string();
        if !text.contains(&cause) {
            text.push_str(": ");
            text.push_str(&cause);
        }
        source = error.source();
    }
    text
}
