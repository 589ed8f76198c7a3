//! Gets the token that goes into `Authorization`, from memory, from a file or from a command.
//!
//! A file is read anew for every request: that costs microseconds beside a network call, never sends a stale token, and
//! keeps the token in memory no longer than needed. A command is run when there is no token that can be sent, by one call
//! at a time; the others wait for what it comes to.
//!
//! Invariant: a JSON Web Token whose `exp` has come is not sent.
//! Invariant: calls side by side run a command once, be it for a token, for another one, or for nothing.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use reqwest::header::HeaderValue;
use tokio::sync::Mutex;

use super::AuthorizationError;
use super::command::{CommandFailure, TokenCommand};
use crate::jwt::{self, Validity};
use crate::secret::Secret;

/// A command's token is renewed this long before it expires, so that it does not expire on its way.
const RENEW_BEFORE: Duration = Duration::from_mins(1);

/// The longest Lambda authorization token, in bytes (AppSync's quotas).
const LAMBDA_BYTES_MAX: usize = 2_048;

/// Where a token is.
#[derive(Debug)]
pub enum TokenSource {
    /// In memory, the same for ever.
    Value(Secret),
    /// In a file that is rewritten by whoever renews the token.
    File(PathBuf),
    /// Printed by a command.
    Command(CommandSource),
}

/// A command, and what its last run came to.
pub struct CommandSource {
    command: TokenCommand,
    /// Locked while the command runs.
    last: Mutex<Last>,
}

/// What is kept of a command's runs.
#[derive(Default)]
struct Last {
    token: Option<Secret>,
    /// When the last run ended, and why it gave no token.
    run: Option<(Instant, Option<Arc<CommandFailure>>)>,
}

/// What a token must look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A JSON Web Token, raw.
    Jwt,
    /// A JSON Web Token after `Bearer `, for gateways before AppSync.
    BearerJwt,
    /// Whatever the API's Lambda authorizer takes, within AppSync's rules.
    Lambda,
}

impl From<TokenCommand> for TokenSource {
    fn from(command: TokenCommand) -> TokenSource {
        TokenSource::Command(CommandSource {
            command,
            last: Mutex::default(),
        })
    }
}

impl TokenSource {
    /// Returns a header's value with a token that can be sent now.
    pub(super) async fn header_value(&self, form: Form) -> Result<HeaderValue, AuthorizationError> {
        match self {
            TokenSource::Value(token) => form.header_value(token).map_err(|problem| problem.of(None)),
            TokenSource::File(path) => {
                let token = super::read(path)?;
                form.header_value(&token).map_err(|problem| problem.of(Some(path)))
            }
            TokenSource::Command(source) => source.header_value(form).await,
        }
    }

    /// Forgets the token that was sent at that time and refused, unless the command was run since.
    pub(super) async fn forget(&self, refused: Option<&HeaderValue>, form: Form, sent_at: Instant) {
        if let TokenSource::Command(source) = self {
            let mut last = source.last.lock().await;
            let is_refused = |token: &Secret| form.header_value(token).ok().as_ref() == refused;
            if !last.has_run_since(sent_at) && last.token.as_ref().is_some_and(is_refused) {
                last.token = None;
            }
        }
    }
}

impl CommandSource {
    async fn header_value(&self, form: Form) -> Result<HeaderValue, AuthorizationError> {
        let asked_at = Instant::now();
        let mut last = self.last.lock().await;
        let now = SystemTime::now();
        let fresh = last.token.as_ref().filter(|token| form.is_fresh(token, now));
        if let Some(Ok(value)) = fresh.map(|token| form.header_value(token)) {
            return Ok(value);
        }
        // What failed while this call waited would fail again.
        if !last.has_run_since(asked_at) {
            // Boxed, since its buffers would be a part of every call, in every mode.
            let failure = match Box::pin(self.renewed(form)).await {
                Ok(token) => {
                    last.token = Some(token);
                    None
                }
                Err(failure) => Some(Arc::new(failure)),
            };
            last.run = Some((Instant::now(), failure));
        }
        // What is to be renewed early can still be sent until it expires.
        let value = last.token.as_ref().and_then(|token| form.header_value(token).ok());
        value.ok_or_else(|| match &last.run {
            Some((_, Some(failure))) => AuthorizationError::Command {
                program: self.command.program().to_owned(),
                failure: Arc::clone(failure),
            },
            // It was good a moment ago.
            _ => AuthorizationError::Expired { path: None },
        })
    }

    async fn renewed(&self, form: Form) -> Result<Secret, CommandFailure> {
        let token = self.command.run().await?;
        match form.header_value(&token) {
            Ok(_) => Ok(token),
            Err(Problem::Expired) => Err(CommandFailure::Expired),
            Err(Problem::NotAJwt) => Err(CommandFailure::NotAJwt),
            Err(Problem::Lambda(problem)) => Err(CommandFailure::NotForLambda { problem }),
        }
    }
}

impl Last {
    fn has_run_since(&self, time: Instant) -> bool {
        self.run.as_ref().is_some_and(|(ended, _)| *ended >= time)
    }
}

impl fmt::Debug for CommandSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.command.fmt(f)
    }
}

/// Why a token can't be sent.
#[derive(Debug)]
enum Problem {
    Expired,
    NotAJwt,
    Lambda(&'static str),
}

impl Problem {
    fn of(self, path: Option<&Path>) -> AuthorizationError {
        let path = path.map(Path::to_owned);
        match self {
            Problem::Expired => AuthorizationError::Expired { path },
            Problem::NotAJwt => AuthorizationError::NotAJwt { path },
            Problem::Lambda(problem) => AuthorizationError::NotForLambda { path, problem },
        }
    }
}

impl Form {
    /// Makes the header's value, if the token can be sent now.
    fn header_value(self, secret: &Secret) -> Result<HeaderValue, Problem> {
        let token = secret.expose();
        if self == Form::Lambda {
            return match lambda_problem(token) {
                None => Ok(super::sensitive(token)),
                Some(problem) => Err(Problem::Lambda(problem)),
            };
        }
        let token = without_scheme(token);
        match jwt::validity(token, SystemTime::now()) {
            Validity::Current if self == Form::BearerJwt => Ok(super::sensitive_after(super::BEARER, token)),
            Validity::Current => Ok(super::sensitive(token)),
            Validity::Expired => Err(Problem::Expired),
            Validity::NotAJwt => Err(Problem::NotAJwt),
        }
    }

    /// Says whether a token will be good for a while. One that does not tell is until it is refused.
    fn is_fresh(self, secret: &Secret, now: SystemTime) -> bool {
        match jwt::validity(without_scheme(secret.expose()), now + RENEW_BEFORE) {
            Validity::Current => true,
            Validity::Expired => false,
            Validity::NotAJwt => self == Form::Lambda,
        }
    }
}

/// Says which of AppSync's rules for Lambda authorization tokens a token breaks: it would be taken for something else, and
/// the authorizer never see it.
fn lambda_problem(token: &str) -> Option<&'static str> {
    let has_scheme = |scheme: &str| {
        token
            .get(..scheme.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
    };
    if token.len() > LAMBDA_BYTES_MAX {
        Some("is longer than the 2,048 characters that AppSync takes")
    } else if has_scheme(super::BEARER) {
        Some("begins with `Bearer `, which AppSync does not take here; leave that out")
    } else if has_scheme("AWS4-HMAC-") {
        Some("begins like an IAM signature, and AppSync would take it for one")
    } else {
        None
    }
}

/// Takes off the `Bearer ` of people who copied a whole header; the scheme's name is case-insensitive.
fn without_scheme(token: &str) -> &str {
    match token.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim_start(),
        _ => token,
    }
}
