//! Turns an authorization mode and its credential into the headers of one request.
//!
//! Invariant: the value of every header that holds a credential is marked sensitive.
//! Invariant: a request that was refused is given new headers only if they hold another credential, or another time.

mod command;
mod command_line;
mod file;
mod kept;
mod token;

#[cfg(feature = "iam")]
mod aws_http;
#[cfg(feature = "iam")]
mod iam;
#[cfg(feature = "iam")]
mod sigv4;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use tokio::time::{Instant, timeout};
use url::Url;
use zeroize::Zeroizing;

use crate::secret::{Secret, SecretFileError};
use token::Form;

pub use command::{CommandFailure, TokenCommand, TokenCommandError};
pub use file::SecretFile;
#[cfg(feature = "iam")]
pub use iam::{AwsEnvironment, Iam, Lack};
#[cfg(feature = "iam")]
pub use sigv4::SigningError;
pub use token::{CommandSource, TokenSource};

/// How long a start waits for a credential: enough to see that none is set up. A client waits for the start.
const BEGIN_TIMEOUT: Duration = Duration::from_secs(1);

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// What a request's body is; signatures cover it.
pub(crate) const CONTENT_TYPE_JSON: &str = "application/json";

/// What stands before a token for gateways that want the scheme (RFC 6750, section 2.1).
pub(crate) const BEARER: &str = "Bearer ";

/// How a request is authorized.
#[derive(Debug)]
pub enum Authorization {
    /// An API key, in `x-api-key`.
    ApiKey(ApiKey),
    /// A signature of AWS Signature Version 4, in `Authorization`.
    #[cfg(feature = "iam")]
    Iam(Iam),
    /// A token of an OpenID Connect provider, in `Authorization`.
    Oidc(Bearer),
    /// A token of an Amazon Cognito user pool, in `Authorization`.
    CognitoUserPools(Bearer),
    /// A token for the API's own Lambda function, in `Authorization`.
    Lambda(TokenSource),
}

/// AppSync's five authorization modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `API_KEY`.
    ApiKey,
    /// `AWS_IAM`.
    Iam,
    /// `OPENID_CONNECT`.
    Oidc,
    /// `AMAZON_COGNITO_USER_POOLS`.
    CognitoUserPools,
    /// `AWS_LAMBDA`.
    Lambda,
}

/// Where the API key is.
#[derive(Debug)]
pub enum ApiKey {
    /// In memory, the same for ever.
    Value(Secret),
    /// In a file that may be rewritten when the key is rotated.
    File(SecretFile),
}

/// A JSON Web Token, and how it is written.
#[derive(Debug)]
pub struct Bearer {
    /// Where the token is.
    pub token: TokenSource,
    /// Whether `Bearer ` stands before it. AppSync itself can't read that; gateways before it may want it.
    pub prefix: bool,
}

/// Why there is no credential. Nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum AuthorizationError {
    /// The file gave no credential.
    #[error(transparent)]
    File(#[from] SecretFileError),
    /// The file is a pipe, a device or a folder, which can't be read again and again.
    #[error("`{}` is not a regular file", path.display())]
    NotRegular {
        /// The file as the caller named it.
        path: PathBuf,
    },
    /// The file is the standard input of a program that reads something else from there.
    #[error("`{}` is this program's standard input, which is its client's; name another file or pipe", path.display())]
    StandardInput {
        /// The file as the caller named it.
        path: PathBuf,
    },
    /// The token's `exp` has come.
    #[error("the token{} has expired; sign in again or renew it", of_file(path.as_deref()))]
    Expired {
        /// The file as the caller named it, if it is one.
        path: Option<PathBuf>,
    },
    /// What is there is something else than one JSON Web Token.
    #[error("the token{} is not a JSON Web Token; there must be the token itself and nothing else", of_file(path.as_deref()))]
    NotAJwt {
        /// The file as the caller named it, if it is one.
        path: Option<PathBuf>,
    },
    /// AppSync would not hand the token to the API's Lambda function.
    #[error("the token{} {problem}", of_file(path.as_deref()))]
    NotForLambda {
        /// The file as the caller named it, if it is one.
        path: Option<PathBuf>,
        /// Which rule it breaks, as in "begins with …".
        problem: &'static str,
    },
    /// The command gave no token.
    #[error("the token command `{program}` {failure}")]
    Command {
        /// The program, without its arguments.
        program: String,
        /// What came of it.
        failure: Arc<CommandFailure>,
    },
    /// It did not come in time. Getting it goes on, and a later request may have it.
    #[error("{what} in time; that goes on, and serves later calls")]
    Late {
        /// What did not happen, as in "the token command did not end".
        what: String,
    },
    /// The AWS chain gave no credentials.
    #[cfg(feature = "iam")]
    #[error("no AWS credentials{lack}: {reason}")]
    Credentials {
        /// What is missing.
        lack: Lack,
        /// What the chain's parts said, on one line, without tokens.
        reason: String,
    },
    /// The request can't be signed.
    #[cfg(feature = "iam")]
    #[error(transparent)]
    Signing(#[from] SigningError),
}

/// The parts of a request that a signature covers.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "iam"), allow(dead_code, reason = "only signatures cover the request"))]
pub(crate) struct Outgoing<'a> {
    pub(crate) method: &'a Method,
    pub(crate) url: &'a Url,
    pub(crate) body: &'a Bytes,
}

/// What an answer that refuses a request tells of why.
#[derive(Clone, Copy)]
#[cfg_attr(
    not(feature = "iam"),
    allow(dead_code, reason = "only of signatures is more than the status of interest")
)]
pub(crate) struct Refused<'a> {
    pub(crate) status: u16,
    pub(crate) error_type: Option<&'a str>,
    pub(crate) message: Option<&'a str>,
    /// The API's clock.
    pub(crate) date: Option<SystemTime>,
    /// When the credential was sent that was refused.
    pub(crate) sent_at: Instant,
}

impl AuthorizationError {
    /// Says whether the credential may well be there and only can't be got just now, as when too many files are open.
    pub fn is_transient(&self) -> bool {
        let kind = match self {
            AuthorizationError::File(SecretFileError::Unreadable { source, .. }) => source.kind(),
            AuthorizationError::Command { failure, .. } => {
                return matches!(**failure, CommandFailure::TimedOut { .. });
            }
            AuthorizationError::Late { .. } => return true,
            #[cfg(feature = "iam")]
            AuthorizationError::Credentials { lack, .. } => return *lack == Lack::Late,
            _ => return false,
        };
        !matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied)
    }

    /// Says whether only somebody's doing is missing, such as signing in, while everything is set up as it has to be.
    pub fn is_for_a_person(&self) -> bool {
        match self {
            AuthorizationError::Expired { .. } => true,
            AuthorizationError::Command { failure, .. } => {
                use CommandFailure::{Expired, Failed, TimedOut};
                matches!(**failure, TimedOut { .. } | Failed { .. } | Expired)
            }
            #[cfg(feature = "iam")]
            AuthorizationError::Credentials { lack, .. } => !matches!(lack, Lack::NotSetUp | Lack::BadlySetUp),
            _ => false,
        }
    }
}

/// What the modes have in common, by what their headers are made of.
enum Maker<'a> {
    Key(&'a ApiKey),
    #[cfg(feature = "iam")]
    Signature(&'a Iam),
    Token(&'a TokenSource, Form),
}

impl Authorization {
    /// Returns the mode, without the credential.
    pub fn mode(&self) -> Mode {
        match self {
            Authorization::ApiKey(_) => Mode::ApiKey,
            #[cfg(feature = "iam")]
            Authorization::Iam(_) => Mode::Iam,
            Authorization::Oidc(_) => Mode::Oidc,
            Authorization::CognitoUserPools(_) => Mode::CognitoUserPools,
            Authorization::Lambda(_) => Mode::Lambda,
        }
    }

    /// Gets the credential, as a request would, and says whether there is one that could be sent now.
    pub async fn check(&self) -> Result<(), AuthorizationError> {
        match self.maker() {
            Maker::Key(key) => key.header_value().await.map(drop),
            #[cfg(feature = "iam")]
            Maker::Signature(iam) => iam.check().await,
            Maker::Token(token, form) => token.header_value(form).await.map(drop),
        }
    }

    /// Does what [`Authorization::check`] does, but waits a moment only for what may take long, and for a command, which may
    /// wait for a person, not at all: both go on ([`Authorization::is_coming`]). Standard input is taken to be somebody else's.
    pub async fn begin(&self) -> Result<(), AuthorizationError> {
        match self.maker() {
            Maker::Token(TokenSource::Command(source), form) => return source.begin(form),
            Maker::Key(ApiKey::File(file)) | Maker::Token(TokenSource::File(file), _) if file.is_standard_input() => {
                let path = file.path().to_owned();
                return Err(AuthorizationError::StandardInput { path });
            }
            _ => {}
        }
        timeout(BEGIN_TIMEOUT, self.check()).await.unwrap_or(Ok(()))
    }

    /// Says whether the credential is being got, and is not there yet.
    pub fn is_coming(&self) -> bool {
        match self.maker() {
            Maker::Token(TokenSource::Command(source), form) => source.is_coming(form),
            Maker::Key(ApiKey::File(file)) | Maker::Token(TokenSource::File(file), _) => file.is_being_read(),
            #[cfg(feature = "iam")]
            Maker::Signature(iam) => iam.is_coming(),
            Maker::Key(ApiKey::Value(_)) | Maker::Token(TokenSource::Value(_), _) => false,
        }
    }

    /// Says that the credential did not come in the time that somebody had for it.
    pub(crate) fn late(&self) -> AuthorizationError {
        let not_read = |file: &SecretFile| format!("`{}` was not read", file.path().display());
        let what = match self.maker() {
            Maker::Key(ApiKey::File(file)) | Maker::Token(TokenSource::File(file), _) => not_read(file),
            Maker::Token(TokenSource::Command(source), _) => source.late(),
            #[cfg(feature = "iam")]
            Maker::Signature(_) => "AWS gave no credentials".to_owned(),
            Maker::Key(ApiKey::Value(_)) | Maker::Token(TokenSource::Value(_), _) => {
                "the credential was not written".to_owned()
            }
        };
        AuthorizationError::Late { what }
    }

    /// Gets the credential, and returns when it expires, if it is a token that says so.
    pub async fn expires(&self) -> Result<Option<SystemTime>, AuthorizationError> {
        let Maker::Token(token, form) = self.maker() else {
            return self.check().await.map(|()| None);
        };
        let value = token.header_value(form).await?;
        let text = value.to_str().unwrap_or_default();
        Ok(crate::jwt::expires(text.strip_prefix(BEARER).unwrap_or(text)))
    }

    /// Says whether AppSync, where an API has modes for JSON Web Tokens as well, takes the token for one of theirs and never
    /// asks the Lambda function ("Circumventing `SigV4` and OIDC token authorization limitations" in its developer guide).
    pub async fn is_lambda_with_jwt(&self) -> bool {
        let Authorization::Lambda(token) = self else {
            return false;
        };
        let value = token.header_value(Form::Lambda).await;
        value.is_ok_and(|value| value.to_str().is_ok_and(crate::jwt::is_whole_jwt))
    }

    /// Gets the credential and returns the headers that carry it.
    #[cfg_attr(
        not(feature = "iam"),
        allow(unused_variables, reason = "only signatures cover the request")
    )]
    pub(crate) async fn headers(&self, outgoing: Outgoing<'_>) -> Result<HeaderMap, AuthorizationError> {
        Ok(match self.maker() {
            Maker::Key(key) => HeaderMap::from_iter([(X_API_KEY, key.header_value().await?)]),
            #[cfg(feature = "iam")]
            Maker::Signature(iam) => iam.headers(outgoing).await?,
            Maker::Token(token, form) => HeaderMap::from_iter([(AUTHORIZATION, token.header_value(form).await?)]),
        })
    }

    /// Returns other headers for a request that was refused, if there is another credential by now or the clock was wrong.
    pub(crate) async fn renewed_headers(
        &self,
        outgoing: Outgoing<'_>,
        refused: Refused<'_>,
        sent: &HeaderMap,
    ) -> Result<Option<HeaderMap>, AuthorizationError> {
        match self.maker() {
            #[cfg(feature = "iam")]
            Maker::Signature(iam) => return iam.renewed_headers(outgoing, refused, sent).await,
            _ if refused.status != 401 => return Ok(None),
            Maker::Token(token, form) => token.forget(sent.get(AUTHORIZATION), form, refused.sent_at),
            Maker::Key(_) => {}
        }
        let headers = self.headers(outgoing).await?;
        let is_another = headers.iter().any(|(name, value)| sent.get(name) != Some(value));
        Ok(is_another.then_some(headers))
    }

    /// Returns the headers with something else than the credential in them, without getting it.
    pub(crate) fn redacted_headers(&self) -> HeaderMap {
        let name = match self {
            Authorization::ApiKey(_) => X_API_KEY,
            _ => AUTHORIZATION,
        };
        HeaderMap::from_iter([(name, sensitive("[redacted]"))])
    }

    fn maker(&self) -> Maker<'_> {
        match self {
            Authorization::ApiKey(key) => Maker::Key(key),
            #[cfg(feature = "iam")]
            Authorization::Iam(iam) => Maker::Signature(iam),
            Authorization::Oidc(Bearer { token, prefix })
            | Authorization::CognitoUserPools(Bearer { token, prefix }) => {
                Maker::Token(token, if *prefix { Form::BearerJwt } else { Form::Jwt })
            }
            Authorization::Lambda(token) => Maker::Token(token, Form::Lambda),
        }
    }
}

impl ApiKey {
    async fn header_value(&self) -> Result<HeaderValue, AuthorizationError> {
        match self {
            ApiKey::Value(key) => Ok(sensitive(key.expose())),
            ApiKey::File(file) => {
                let key = file.read().await?;
                let path = file.path().to_owned();
                key.check_key()
                    .map_err(|problem| SecretFileError::Unusable { path, problem })?;
                Ok(sensitive(key.expose()))
            }
        }
    }
}

impl From<TokenSource> for Bearer {
    /// Writes the token raw, as AppSync wants it.
    fn from(token: TokenSource) -> Bearer {
        Bearer { token, prefix: false }
    }
}

impl Mode {
    /// Returns the name that the mode is chosen by.
    pub fn name(self) -> &'static str {
        match self {
            Mode::ApiKey => "api-key",
            Mode::Iam => "iam",
            Mode::Oidc => "oidc",
            Mode::CognitoUserPools => "cognito-user-pools",
            Mode::Lambda => "lambda",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn of_file(path: Option<&Path>) -> String {
    path.map(|path| format!(" in `{}`", path.display())).unwrap_or_default()
}

/// Makes a header value that is left out of logs and out of HTTP/2's header compression table.
fn sensitive(text: &str) -> HeaderValue {
    sensitive_after("", text)
}

fn sensitive_after(scheme: &str, text: &str) -> HeaderValue {
    let mut bytes = Vec::with_capacity(scheme.len() + text.len());
    bytes.extend_from_slice(scheme.as_bytes());
    bytes.extend_from_slice(text.as_bytes());
    // The value's own memory is overwritten too, once the last copy of it is dropped.
    let bytes = Bytes::from_owner(Zeroizing::new(bytes));
    let mut value =
        HeaderValue::from_maybe_shared(bytes).unwrap_or_else(|_| unreachable!("a secret has no control characters"));
    value.set_sensitive(true);
    value
}
