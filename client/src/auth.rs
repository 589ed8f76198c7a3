//! Turns an authorization mode and its credential into the headers of one request.
//!
//! A file is read anew for every request: that costs microseconds beside a network call, never sends a stale token, and
//! keeps the token in memory no longer than needed.
//!
//! Invariant: the value of every header made here is marked sensitive.
//! Invariant: a token whose `exp` has come is not sent.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use zeroize::Zeroizing;

use crate::jwt::{self, Validity};
use crate::secret::{Secret, SecretFileError};

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// How a request is authorized.
#[derive(Debug)]
pub enum Authorization {
    /// An API key, in `x-api-key`.
    ApiKey(ApiKey),
    /// A token of an OpenID Connect provider, raw in `Authorization`.
    Oidc(Bearer),
    /// A token of an Amazon Cognito user pool, raw in `Authorization`.
    CognitoUserPools(Bearer),
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
    File(PathBuf),
}

/// Where the JSON Web Token is.
#[derive(Debug)]
pub enum Bearer {
    /// In memory, the same for ever.
    Value(Secret),
    /// In a file that is rewritten by whoever renews the token.
    File(PathBuf),
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
}

impl AuthorizationError {
    /// Says whether the credential may well be there and only can't be read just now, as when too many files are open.
    pub fn is_transient(&self) -> bool {
        let kind = match self {
            AuthorizationError::File(SecretFileError::Unreadable { source, .. }) => source.kind(),
            _ => return false,
        };
        !matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied)
    }
}

impl Authorization {
    /// Returns the mode, without the credential.
    pub fn mode(&self) -> Mode {
        match self {
            Authorization::ApiKey(_) => Mode::ApiKey,
            Authorization::Oidc(_) => Mode::Oidc,
            Authorization::CognitoUserPools(_) => Mode::CognitoUserPools,
        }
    }

    /// Gets the credential and returns the headers that carry it.
    pub(crate) fn headers(&self) -> Result<HeaderMap, AuthorizationError> {
        let value = match self {
            Authorization::ApiKey(ApiKey::Value(key)) => sensitive(key.expose()),
            Authorization::ApiKey(ApiKey::File(path)) => sensitive(read(path)?.expose()),
            // AppSync wants the token raw: with `Bearer ` before it, it can't parse it.
            Authorization::Oidc(bearer) | Authorization::CognitoUserPools(bearer) => bearer.header_value()?,
        };
        Ok(HeaderMap::from_iter([(self.header_name(), value)]))
    }

    /// Returns the headers with something else than the credential in them, without getting it.
    pub(crate) fn redacted_headers(&self) -> HeaderMap {
        HeaderMap::from_iter([(self.header_name(), sensitive("[redacted]"))])
    }

    fn header_name(&self) -> HeaderName {
        match self {
            Authorization::ApiKey(_) => X_API_KEY,
            Authorization::Oidc(_) | Authorization::CognitoUserPools(_) => AUTHORIZATION,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Mode::ApiKey => "api-key",
            Mode::Iam => "iam",
            Mode::Oidc => "oidc",
            Mode::CognitoUserPools => "cognito-user-pools",
            Mode::Lambda => "lambda",
        })
    }
}

impl Bearer {
    /// Says whether there is a token that could be sent now.
    pub fn check(&self) -> Result<(), AuthorizationError> {
        self.header_value().map(drop)
    }

    fn header_value(&self) -> Result<HeaderValue, AuthorizationError> {
        match self {
            Bearer::Value(token) => current(token, None),
            Bearer::File(path) => current(&read(path)?, Some(path)),
        }
    }
}

/// Makes the header's value of a token that can be sent now.
fn current(secret: &Secret, path: Option<&Path>) -> Result<HeaderValue, AuthorizationError> {
    let token = without_scheme(secret.expose());
    let path = path.map(Path::to_owned);
    match jwt::validity(token, SystemTime::now()) {
        Validity::Current => Ok(sensitive(token)),
        Validity::Expired => Err(AuthorizationError::Expired { path }),
        Validity::NotAJwt => Err(AuthorizationError::NotAJwt { path }),
    }
}

fn of_file(path: Option<&Path>) -> String {
    path.map(|path| format!(" in `{}`", path.display())).unwrap_or_default()
}

/// Reads a secret. On the asynchronous thread: a small regular file takes some ten microseconds, less than handing the work
/// to another thread and back.
fn read(path: &Path) -> Result<Secret, AuthorizationError> {
    // A pipe would give the token once and then block for ever.
    if std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(AuthorizationError::NotRegular { path: path.to_owned() });
    }
    Ok(Secret::from_file(path)?)
}

/// Takes off the `Bearer ` of people who copied a whole header; the scheme's name is case-insensitive.
fn without_scheme(token: &str) -> &str {
    match token.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim_start(),
        _ => token,
    }
}

/// Makes a header value that is left out of logs and out of HTTP/2's header compression table.
fn sensitive(text: &str) -> HeaderValue {
    // The value's own memory is overwritten too, once the last copy of it is dropped.
    let bytes = Bytes::from_owner(Zeroizing::new(text.as_bytes().to_vec()));
    let mut value =
        HeaderValue::from_maybe_shared(bytes).unwrap_or_else(|_| unreachable!("a secret has no control characters"));
    value.set_sensitive(true);
    value
}
