//! Gets the token that goes into `Authorization`, from memory, from a file or from a command.
//!
//! A file is read anew for every request, which keeps the token in memory no longer than needed. A command is run when there is
//! no token that can be sent, and in the background when there is none that can be for long.
//!
//! Invariant: a JSON Web Token whose `exp` has come is not sent.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::HeaderValue;
use tokio::time::Instant;

use super::AuthorizationError;
use super::command::{CommandFailure, TokenCommand};
use super::file::SecretFile;
use super::kept::{Age, Kept};
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
    File(SecretFile),
    /// Printed by a command.
    Command(CommandSource),
}

/// A command, and the token that it printed.
pub struct CommandSource {
    command: Arc<TokenCommand>,
    kept: Arc<Kept<Arc<Secret>, Arc<CommandFailure>>>,
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
            command: Arc::new(command),
            kept: Arc::default(),
        })
    }
}

impl TokenSource {
    /// Returns a header's value with a token that can be sent now.
    pub(super) async fn header_value(&self, form: Form) -> Result<HeaderValue, AuthorizationError> {
        match self {
            TokenSource::Value(token) => form.header_value(token).map_err(|problem| problem.of(None)),
            TokenSource::File(file) => {
                let token = file.read().await?;
                form.header_value(&token)
                    .map_err(|problem| problem.of(Some(file.path())))
            }
            TokenSource::Command(source) => source.header_value(form).await,
        }
    }

    /// Forgets the token that was sent at that time and refused, unless the command was run since.
    pub(super) fn forget(&self, refused: Option<&HeaderValue>, form: Form, sent_at: Instant) {
        if let TokenSource::Command(source) = self {
            let is_refused = |token: &Arc<Secret>| form.header_value(token).ok().as_ref() == refused;
            source.kept.forget(sent_at, is_refused);
        }
    }
}

impl CommandSource {
    async fn header_value(&self, form: Form) -> Result<HeaderValue, AuthorizationError> {
        let token = self.kept.get(age_in(form), || self.start(form)).await;
        let token = token.map_err(|failure| self.failed(failure))?;
        form.header_value(&token).map_err(|problem| problem.of(None))
    }

    /// Starts the command, unless there is a token that can be sent.
    pub(super) fn begin(&self, form: Form) -> Result<(), AuthorizationError> {
        let found = self.kept.find(age_in(form), || self.start(form));
        found.map(drop).map_err(|failure| self.failed(failure))
    }

    /// Says whether the command is running, and there is no token that can be sent.
    pub(super) fn is_coming(&self, form: Form) -> bool {
        self.kept.is_coming(age_in(form))
    }

    pub(super) fn late(&self) -> String {
        format!("the token command `{}` did not end", self.command.program())
    }

    fn start(
        &self,
        form: Form,
    ) -> Result<impl Future<Output = Result<Arc<Secret>, Arc<CommandFailure>>> + Send + use<>, Arc<CommandFailure>>
    {
        let running = self.command.start()?;
        Ok(async move {
            let token = running.await?;
            match form.header_value(&token) {
                Ok(_) => Ok(Arc::new(token)),
                Err(Problem::Expired) => Err(CommandFailure::Expired),
                Err(Problem::NotAJwt) => Err(CommandFailure::NotAJwt),
                Err(Problem::Lambda(problem)) => Err(CommandFailure::NotForLambda { problem }),
            }
            .map_err(Arc::new)
        })
    }

    fn failed(&self, failure: Option<Arc<CommandFailure>>) -> AuthorizationError {
        match failure {
            Some(failure) => AuthorizationError::Command {
                program: self.command.program().to_owned(),
                failure,
            },
            None => AuthorizationError::Expired { path: None },
        }
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

    /// Says how far a token is from its end. One that does not tell is good until it is refused.
    fn age(self, secret: &Secret, now: SystemTime) -> Age {
        let at = |time| jwt::validity(without_scheme(secret.expose()), time);
        match (at(now), at(now + RENEW_BEFORE)) {
            (Validity::Current, Validity::Current) => Age::Fresh,
            (Validity::Current, _) => Age::Ageing,
            (Validity::NotAJwt, _) if self == Form::Lambda => Age::Fresh,
            // What becomes of it is for the API's own function to say.
            (Validity::Expired, _) if self == Form::Lambda => Age::Ageing,
            _ => Age::Expired,
        }
    }
}

fn age_in(form: Form) -> impl Fn(&Arc<Secret>) -> Age {
    move |token| form.age(token, SystemTime::now())
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
