//! Headers -> who is calling, and directives -> whether they may.
//!
//! Invariant: a token is accepted if, and only if, this sandbox issued it. No token is verified by its signature, which is
//! random; so a token of another sandbox, or one that was changed by a byte, is a stranger's.
//! Invariant: no credential is in a `Debug` output, a log or an error.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::{Mutex, PoisonError};

use async_graphql::Positioned;
use async_graphql::parser::types::{ConstDirective, FieldDefinition};
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::datetime::now;
use crate::sigv4::{self, Signed};

/// How a caller proves who they are, as AppSync calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuthorizationMode {
    /// An API key.
    ApiKey,
    /// A request that is signed with an access key (`SigV4`).
    AwsIam,
    /// A token that a Lambda function understands.
    AwsLambda,
    /// A token of an OpenID Connect provider.
    OpenidConnect,
    /// A token of an Amazon Cognito user pool.
    AmazonCognitoUserPools,
}

/// Who issued a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Issuer {
    /// An OpenID Connect provider.
    OpenIdConnect,
    /// An Amazon Cognito user pool.
    CognitoUserPool {
        /// The groups that the caller is in.
        groups: Vec<String>,
    },
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// The caller, such as `user-1`.
    pub subject: String,
    /// Who issued the token.
    pub issuer: Issuer,
    /// Seconds until it expires; an expired token has a negative number.
    pub expires_in_seconds: i64,
}

/// The caller of one request.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) mode: AuthorizationMode,
    /// The subject of the caller's token; an API key and an access key have none.
    pub(crate) subject: Option<String>,
    groups: Vec<String>,
}

/// Why a caller is turned away, before GraphQL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) error_type: &'static str,
    pub(crate) message: Cow<'static, str>,
}

const NOTHING_GIVEN: Refusal = refusal("Valid authorization header not provided.");
const NOT_A_JWT: Refusal = refusal("Unable to parse JWT token.");
const NOT_AUTHORIZED: Refusal = refusal("You are not authorized to make this call.");
/// What an expired token is answered with.
pub(crate) const EXPIRED: Refusal = refusal("Token has expired.");
/// What temporary credentials are answered with that are too old.
const KEY_EXPIRED: Refusal = Refusal {
    status: 403,
    error_type: "ExpiredTokenException",
    message: Cow::Borrowed("The security token included in the request is expired"),
};

const fn refusal(message: &'static str) -> Refusal {
    Refusal {
        status: 401,
        error_type: "UnauthorizedException",
        message: Cow::Borrowed(message),
    }
}

/// An access key of AWS, to sign requests with.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessKey {
    /// Such as `AKIA0123456789ABCDEF`.
    pub id: String,
    /// The secret access key.
    pub secret: String,
    /// What comes with temporary credentials.
    pub session_token: Option<String>,
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AccessKey({})", self.id)
    }
}

/// What this sandbox accepts.
pub(crate) struct Credentials {
    pub(crate) api_key: String,
    pub(crate) access_key: AccessKey,
    issued: Mutex<HashMap<String, Issued>>,
    /// Those with a session token, each with the time when it expires.
    temporary_keys: Mutex<HashMap<String, (AccessKey, i64)>>,
}

struct Issued {
    identity: Identity,
    expires: i64,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credentials { .. }")
    }
}

impl Credentials {
    /// A new API key, a new access key, and no token.
    pub(crate) fn new() -> Self {
        Self {
            api_key: format!("da2-{:.26}", random_hex()),
            access_key: access_key("AKIA", None),
            issued: Mutex::default(),
            temporary_keys: Mutex::default(),
        }
    }

    /// Temporary credentials that this sandbox will accept until they expire.
    pub(crate) fn issue_access_key(&self, expires_in_seconds: i64) -> AccessKey {
        let key = access_key("ASIA", Some(STANDARD.encode(random_hex())));
        let expires = now().saturating_add(expires_in_seconds);
        self.temporary_keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(key.id.clone(), (key.clone(), expires));
        key
    }

    /// A token that this sandbox will accept until it expires.
    pub(crate) fn issue(&self, claims: Claims) -> String {
        let now = now();
        let expires = now.saturating_add(claims.expires_in_seconds);
        let (mode, issuer, groups) = match claims.issuer {
            Issuer::OpenIdConnect => (AuthorizationMode::OpenidConnect, "https://issuer.example", None),
            Issuer::CognitoUserPool { groups } => {
                let mode = AuthorizationMode::AmazonCognitoUserPools;
                (mode, "https://user-pool.example", Some(groups))
            }
        };
        let mut payload = json!({
            "sub": claims.subject,
            "iss": issuer,
            "aud": "appsync-mcp-sandbox",
            "iat": now.min(expires),
            "exp": expires,
        });
        if let (Some(groups), Some(payload)) = (&groups, payload.as_object_mut()) {
            payload.insert("cognito:groups".to_owned(), json!(groups));
        }
        let header = json!({ "alg": "HS256", "typ": "JWT" });
        let [header, payload] = [header, payload].map(|part: Value| URL_SAFE_NO_PAD.encode(part.to_string()));
        let token = format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode(random_hex()));
        let identity = Identity {
            mode,
            subject: Some(claims.subject),
            groups: groups.unwrap_or_default(),
        };
        self.issued
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(token.clone(), Issued { identity, expires });
        token
    }

    /// Tells who is calling.
    pub(crate) fn authenticate(&self, request: Signed<'_>) -> Result<Identity, Refusal> {
        let headers = request.headers;
        if let Some(key) = headers.get("x-api-key") {
            let identity = Identity {
                mode: AuthorizationMode::ApiKey,
                subject: None,
                groups: Vec::new(),
            };
            return if key.as_bytes() == self.api_key.as_bytes() {
                Ok(identity)
            } else {
                Err(NOT_AUTHORIZED)
            };
        }
        let authorization = headers.get(AUTHORIZATION).ok_or(NOTHING_GIVEN)?;
        let token = authorization.to_str().map_err(|_| NOT_A_JWT)?;
        if sigv4::is_signature(token) {
            return self.authenticate_signature(request);
        }
        if !is_jwt(token) {
            return Err(NOT_A_JWT);
        }
        let issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        let Issued { identity, expires } = issued.get(token).ok_or(NOT_AUTHORIZED)?;
        if *expires <= now() {
            Err(EXPIRED)
        } else {
            Ok(identity.clone())
        }
    }

    fn authenticate_signature(&self, request: Signed<'_>) -> Result<Identity, Refusal> {
        let now = now();
        let temporary = self.temporary_keys.lock().unwrap_or_else(PoisonError::into_inner);
        let find = |id: &str| {
            let long_term = (self.access_key.id == id).then(|| self.access_key.clone());
            long_term.or_else(|| temporary.get(id).map(|(key, _)| key.clone()))
        };
        let key = sigv4::verify(request, find, now)?;
        match temporary.get(&key.id) {
            Some((_, expires)) if *expires <= now => Err(KEY_EXPIRED),
            _ => Ok(Identity {
                mode: AuthorizationMode::AwsIam,
                subject: None,
                groups: Vec::new(),
            }),
        }
    }
}

fn access_key(prefix: &str, session_token: Option<String>) -> AccessKey {
    AccessKey {
        id: format!("{prefix}{:.16}", random_hex().to_uppercase()),
        // Forty characters, some of which have to be written in another way in a URL.
        secret: format!("{:.38}/+", STANDARD.encode(random_hex())),
        session_token,
    }
}

impl Identity {
    /// Whether the caller may have the field: its own directives count, else its type's, else the API's default mode.
    pub(crate) fn may_access(
        &self,
        type_directives: &[Positioned<ConstDirective>],
        field: &FieldDefinition,
        default_mode: AuthorizationMode,
    ) -> bool {
        self.is_named_in(&field.directives)
            .or_else(|| self.is_named_in(type_directives))
            .unwrap_or(self.mode == default_mode)
    }

    /// None if the directives say nothing about authorization.
    fn is_named_in(&self, directives: &[Positioned<ConstDirective>]) -> Option<bool> {
        let mut named = None;
        for directive in directives {
            let mode = match directive.node.name.node.as_str() {
                "aws_api_key" => AuthorizationMode::ApiKey,
                "aws_iam" => AuthorizationMode::AwsIam,
                "aws_lambda" => AuthorizationMode::AwsLambda,
                "aws_oidc" => AuthorizationMode::OpenidConnect,
                "aws_cognito_user_pools" | "aws_auth" => AuthorizationMode::AmazonCognitoUserPools,
                _ => continue,
            };
            let is_named = mode == self.mode && self.is_in_group_of(&directive.node);
            named = Some(named.unwrap_or(false) || is_named);
        }
        named
    }

    fn is_in_group_of(&self, directive: &ConstDirective) -> bool {
        match directive
            .get_argument("cognito_groups")
            .map(|groups| groups.node.clone().into_json())
        {
            Some(Ok(Value::Array(groups))) => groups.iter().any(|group| self.groups.iter().any(|own| group == own)),
            _ => true,
        }
    }
}

/// Three parts, of which the first two are JSON objects.
fn is_jwt(token: &str) -> bool {
    let is_object = |part: &str| {
        let json = URL_SAFE_NO_PAD.decode(part).ok();
        json.and_then(|json| serde_json::from_slice::<Value>(&json).ok())
            .is_some_and(|json| json.is_object())
    };
    let parts: Vec<_> = token.split('.').collect();
    matches!(parts.as_slice(), [header, payload, _] if is_object(header) && is_object(payload))
}

/// 128 random bits: the keys of two of `std`'s hashers, which come from the operating system.
pub(crate) fn random_hex() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", random(), random())
}
