//! Turns AppSync's `errorType` strings and HTTP statuses into what a caller can do about them.
//!
//! Invariant: what an API's own table says wins over what is built in here.

use crate::graphql_error::GraphQlError;

/// What kind of failure an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorClass {
    /// The credential is missing or bad, or not allowed this.
    Unauthorized,
    /// The credential has expired.
    Expired,
    /// Too many requests; wait.
    Throttled,
    /// The page's token is not one of the API's, or has expired; begin again without one.
    StaleToken,
    /// What was asked for does not exist.
    NotFound,
    /// A condition on the stored state does not hold; read it again.
    Conflict,
    /// The request asks for more than the API gives at once; ask for less.
    TooLarge,
    /// The API gave up waiting for itself. A write may have been carried out.
    TimedOut,
    /// Anything else that went wrong behind the API.
    Upstream,
}

/// The API's own error types, compared as they are.
#[derive(Clone, Copy, Debug, Default)]
pub struct ErrorTypes {
    /// Those that mean [`ErrorClass::NotFound`].
    pub not_found: &'static [&'static str],
    /// Those that mean [`ErrorClass::Conflict`].
    pub conflict: &'static [&'static str],
    /// Those that mean [`ErrorClass::Throttled`].
    pub throttled: &'static [&'static str],
    /// Those that mean [`ErrorClass::StaleToken`].
    pub stale_token: &'static [&'static str],
    /// Those whose `message` is written for whoever asks, and may be shown. Whether anything was done is another question.
    pub showable: &'static [&'static str],
    /// Those of which the API promises that nothing was done.
    pub not_carried_out: &'static [&'static str],
}

impl ErrorTypes {
    /// Returns the class of a GraphQL error. That a page's token is stale is mostly told in words only.
    pub fn classify(&self, error: &GraphQlError) -> ErrorClass {
        let known = error
            .error_type
            .as_deref()
            .and_then(|error_type| self.known(error_type));
        known.unwrap_or(if says_stale_token(&error.message) {
            ErrorClass::StaleToken
        } else {
            ErrorClass::Upstream
        })
    }

    /// Returns the class of an answer that is not 200. The type says more than the status, where there is one; AppSync tells
    /// only in words that a token or an API key has expired.
    pub fn classify_status(&self, status: u16, error_type: Option<&str>, message: Option<&str>) -> ErrorClass {
        let class = error_type
            .and_then(|error_type| self.known(error_type))
            .unwrap_or(match status {
                // AppSync and API Gateway say what they refuse; a firewall before them shows a page.
                403 if error_type.is_none() && message.is_none() => ErrorClass::Upstream,
                401 | 403 => ErrorClass::Unauthorized,
                408 | 504 => ErrorClass::TimedOut,
                413 => ErrorClass::TooLarge,
                429 => ErrorClass::Throttled,
                _ => ErrorClass::Upstream,
            });
        // A signature that does not fit comes as a mere bad request.
        let class = match class {
            ErrorClass::Upstream if message.is_some_and(|message| message.contains(SIGNATURE_MISMATCH)) => {
                ErrorClass::Unauthorized
            }
            class => class,
        };
        match class {
            ErrorClass::Unauthorized if message.is_some_and(says_expired) => ErrorClass::Expired,
            class => class,
        }
    }

    /// Says whether the message of such an error may be shown to whoever asks.
    pub fn is_showable(&self, error_type: Option<&str>) -> bool {
        error_type.is_some_and(|error_type| self.showable.contains(&error_type))
    }

    /// Says whether the API promises of such an error that nothing was done.
    pub fn is_not_carried_out(&self, error_type: Option<&str>) -> bool {
        error_type.is_some_and(|error_type| self.not_carried_out.contains(&error_type))
    }

    fn known(&self, error_type: &str) -> Option<ErrorClass> {
        if self.not_found.contains(&error_type) {
            Some(ErrorClass::NotFound)
        } else if self.conflict.contains(&error_type) {
            Some(ErrorClass::Conflict)
        } else if self.throttled.contains(&error_type) {
            Some(ErrorClass::Throttled)
        } else if self.stale_token.contains(&error_type) {
            Some(ErrorClass::StaleToken)
        } else {
            built_in(error_type)
        }
    }
}

/// How AWS's words about a signature begin that does not fit.
const SIGNATURE_MISMATCH: &str = "The request signature we calculated does not match";

/// Says whether a message is about a credential that has expired. A signature that has is a matter of the clock.
fn says_expired(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    message.contains("expired") && !message.contains("signature")
}

/// How `DynamoDB` says that what was in a page's token is no key of this table; in lower case.
const STARTING_KEY: [&str; 2] = ["the provided starting key is", "exclusive start key"];

/// What APIs call a page's token, in lower case.
const TOKENS: [&str; 4] = ["nexttoken", "next token", "next_token", "pagination token"];

/// What stands before a page's token, in lower case, of which an API says that it is none of its own, any more or for these
/// arguments: `Invalid pagination token given.` is AppSync's.
const BEFORE_STALE: [&str; 4] = ["invalid", "expired", "malformed", "decode"];

/// What stands behind one.
const BEHIND_STALE: [&str; 6] = [
    "is invalid",
    "is not valid",
    "is no longer valid",
    "is malformed",
    "is expired",
    "has expired",
];

/// Says whether a message is about a page's token. By its type it can't be told from any other refused argument.
fn says_stale_token(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    let is_around = |character: char| character.is_whitespace() || "'\"`:".contains(character);
    let is_stale = |(before, behind): (&str, &str)| {
        let before = before.trim_end_matches(is_around);
        let before = before.strip_suffix(" the").unwrap_or(before);
        let behind = behind.trim_start_matches(is_around);
        BEFORE_STALE.iter().any(|words| before.ends_with(words))
            || BEHIND_STALE.iter().any(|words| behind.starts_with(words))
    };
    STARTING_KEY.iter().any(|words| message.contains(words))
        || TOKENS
            .iter()
            .any(|token| message.split_once(token).is_some_and(is_stale))
}

/// AppSync's own types, and those of AWS services, which a resolver passes on as `DynamoDB:TYPE`, `Lambda:TYPE`.
fn built_in(error_type: &str) -> Option<ErrorClass> {
    // A data source that refuses AppSync's role is a fault behind the API and nothing that signing in again mends.
    let (source, name) = match error_type.split_once(':') {
        Some((source, name)) => (Some(source), name),
        None => (None, error_type),
    };
    match (source, name) {
        (
            None,
            "Unauthorized"
            | "UnauthorizedException"
            | "AccessDeniedException"
            | "IncompleteSignatureException"
            | "InvalidSignatureException"
            | "MissingAuthenticationTokenException"
            | "UnrecognizedClientException",
        ) => Some(ErrorClass::Unauthorized),
        // The firewall that AppSync itself asks looks at the request and not at the credential.
        (None, "WAFForbiddenException") => Some(ErrorClass::Upstream),
        (None, "ExpiredToken" | "ExpiredTokenException") => Some(ErrorClass::Expired),
        (None, "NotFound" | "NotFoundException") => Some(ErrorClass::NotFound),
        (None, "QueryDepthLimitReached" | "ResolverExecutionLimitReached" | "RequestEntityTooLargeException") => {
            Some(ErrorClass::TooLarge)
        }
        (None, "ExecutionTimeout") => Some(ErrorClass::TimedOut),
        (
            _,
            "LimitExceededError"
            | "LimitExceededException"
            | "ProvisionedThroughputExceededException"
            | "RequestLimitExceeded"
            | "Throttling"
            | "ThrottlingException"
            | "TooManyRequestsException",
        ) => Some(ErrorClass::Throttled),
        (
            _,
            "ExpiredNextTokenException"
            | "InvalidNextToken"
            | "InvalidNextTokenException"
            | "InvalidPaginationToken"
            | "InvalidPaginationTokenException",
        ) => Some(ErrorClass::StaleToken),
        (
            _,
            "ConditionalCheckFailedException"
            | "ConflictError"
            | "ConflictUnhandled"
            | "MaxConflicts"
            | "TransactionCanceledException"
            | "TransactionConflictException",
        ) => Some(ErrorClass::Conflict),
        _ => None,
    }
}
