//! The checks of the way to the API: credential, endpoint, authorization, clock.
//!
//! One small request tells the last three: `query AppsyncMcpPing { __typename }`, which needs no resolver.

use std::time::{Duration, Instant, SystemTime};

use appsync_mcp_client::{
    AuthorizationError, Client, CommandFailure, Envelope, ErrorClass, ErrorTypes, GraphQlError, LocalFault, Mode,
    Phase, Request, Response, SendError,
};
use serde_json::{Value, json};

use super::{Check, Patient, State, TIMEOUT, chain};
use crate::quote;

const PING: &str = "query AppsyncMcpPing { __typename }";
const OPERATION: &str = "AppsyncMcpPing";
const RESPONSE_BYTES_MAX: usize = 1024 * 1024;

/// A token that is good for less should be renewed before work begins.
const SOON: Duration = Duration::from_mins(5);

/// AWS takes signatures that are five minutes off.
const CLOCK_MAX: Duration = Duration::from_mins(4);

const CHECK_ENDPOINT: &str = "check `--endpoint`: AppSync's ends in `/graphql`";

const UNTRUSTED: &str = "the certificate is not trusted by this machine";

const TRUST: &str = "if a proxy or the API has a certificate of your own authority, add that to this machine's trusted ones \
                     (on Linux, `SSL_CERT_FILE` names a file); else check that the endpoint's host is the API's";

/// What an answer tells of the authorization.
enum Authorized {
    Yes,
    No {
        said: String,
        has_expired: bool,
    },
    /// It was not refused, and something else was.
    NotRefused {
        said: String,
    },
    /// Nothing; why.
    NotTold(String),
}

/// Makes the four checks.
pub(super) async fn checks(patient: &Patient) -> Vec<Check> {
    let client = patient.dispatcher.client();
    let errors = &patient.dispatcher.offer().contract().errors;
    let credential = credential(client).await;
    if credential.state == State::Failed {
        let moot = ["endpoint", "authorization", "clock"].map(|check| Check::skipped(check, "the credential failed"));
        return std::iter::once(credential).chain(moot).collect();
    }
    let start = Instant::now();
    let answer = ping(client).await;
    let took = start.elapsed();
    let (endpoint, authorized) = match &answer {
        Ok(response) => match Envelope::<Value>::decode(&response.body) {
            Ok(envelope) => (reached(patient, took), of_envelope(&envelope, errors)),
            Err(error) => unusable(200, &error.to_string()),
        },
        Err(SendError::Status {
            status,
            error_type,
            message,
            ..
        }) => {
            let said = said(*status, error_type.as_deref(), message.as_deref());
            match errors.classify_status(*status, error_type.as_deref(), message.as_deref()) {
                class @ (ErrorClass::Unauthorized | ErrorClass::Expired) => {
                    let has_expired = class == ErrorClass::Expired;
                    (reached(patient, took), Authorized::No { said, has_expired })
                }
                ErrorClass::Throttled => (
                    Check::new(
                        "endpoint",
                        State::Warning,
                        format!("the API gets too many requests: {said}"),
                        "wait, and try again; raise the API's limits if this lasts",
                    ),
                    Authorized::NotTold("the API is throttled".to_owned()),
                ),
                _ => unusable(*status, &said),
            }
        }
        Err(error) => (
            unreachable(error),
            Authorized::NotTold("the endpoint failed".to_owned()),
        ),
    };
    let date = match &answer {
        Ok(response) => response.date,
        Err(SendError::Status { date, .. }) => *date,
        Err(_) => None,
    };
    let clock = clock(date, client.mode());
    vec![credential, endpoint, authorization(authorized, client.mode()), clock]
}

async fn credential(client: &Client) -> Check {
    // A command, a chain and a file have times of their own.
    let expires = match client.expires().await {
        Ok(expires) => expires,
        Err(error) => {
            let advice = match client.mode() {
                _ if is_not_run(&error) => {
                    "correct `--token-command`: write the whole path of the program; no shell reads it"
                }
                _ if error.is_transient() => {
                    "run the token command, or read the file, by itself, and see what it waits for"
                }
                Mode::ApiKey => "write the API key, and nothing else, to the file that `--api-key-file` names",
                Mode::Iam => {
                    "`aws sts get-caller-identity` shows what the AWS environment or profile gives; sign in there"
                }
                _ => "sign in again or renew the token where `--bearer-file` or `--token-command` takes it from",
            };
            return Check::failed("credential", chain(&error), advice);
        }
    };
    let mode = client.mode();
    let Some(left) = expires.map(|expires| expires.duration_since(SystemTime::now()).unwrap_or_default()) else {
        return Check::ok("credential", format!("there is one for `{mode}`"));
    };
    let detail = format!("a token for `{mode}` that expires in {}", in_words(left));
    if left < SOON {
        return Check::new("credential", State::Warning, detail, "renew it soon");
    }
    Check::ok("credential", detail)
}

/// Says whether there was no token command that could be run.
fn is_not_run(error: &AuthorizationError) -> bool {
    matches!(error, AuthorizationError::Command { failure, .. }
        if matches!(**failure, CommandFailure::NotRun(_) | CommandFailure::NoProgram { .. }))
}

async fn ping(client: &Client) -> Result<Response, SendError> {
    let body = Request::encode(PING, OPERATION, &json!({})).map_err(|error| SendError::Unreachable(error.into()))?;
    let request = Request {
        body,
        timeout: TIMEOUT,
        response_bytes_max: RESPONSE_BYTES_MAX,
    };
    client.send(&request).await
}

fn reached(patient: &Patient, took: Duration) -> Check {
    let ms = took.as_millis();
    if patient.is_readable_on_the_way {
        return Check::new(
            "endpoint",
            State::Warning,
            format!("it answered in {ms} ms, over `http`: everybody on the way can read the credential and all data"),
            "use `https`",
        );
    }
    let over = if patient.is_https {
        "with a certificate that this machine trusts"
    } else {
        "over `http`, on this machine"
    };
    Check::ok("endpoint", format!("it answered in {ms} ms, {over}"))
}

/// An answer that is neither AppSync's data nor its refusal of a credential.
fn unusable(status: u16, said: &str) -> (Check, Authorized) {
    let advice = match status {
        500.. => "try again later; if it lasts, look at the API's logs and at AWS's status page",
        403 => "a firewall before the API (AWS WAF) may refuse this machine: ask who runs it",
        _ => CHECK_ENDPOINT,
    };
    let check = Check::failed(
        "endpoint",
        format!("what answers does not answer as the API would: {said}"),
        advice,
    );
    (check, Authorized::NotTold("the endpoint failed".to_owned()))
}

/// No answer: which step of the way failed is in the words of those who took it.
fn unreachable(error: &SendError) -> Check {
    let words = chain(error);
    let lower = words.to_ascii_lowercase();
    let says = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
    let (what, advice) = match error {
        SendError::Redirected { .. } => ("it answers with a redirect", CHECK_ENDPOINT),
        SendError::TooLarge { .. } => ("what answers is not AppSync", CHECK_ENDPOINT),
        SendError::TimedOut {
            phase: Phase::AfterSending,
            ..
        }
        | SendError::ConnectionLost { .. } => (
            "a connection was made, and no answer came",
            "try again; if it lasts, look at the API's logs and at proxies on the way",
        ),
        SendError::Local {
            fault: LocalFault::ProxyCredential { .. },
            ..
        } => {
            let advice = "write them into the variable, as `http://USER:PASSWORD@HOST:PORT`, percent-encoded, or have the proxy \
                          let this machine through";
            return Check::failed("endpoint", words, advice);
        }
        SendError::ProxyFailed { .. } => {
            let advice = "check the proxy; if the API is to be reached without one, put its host into `NO_PROXY`";
            return Check::failed("endpoint", words, advice);
        }
        SendError::TimedOut { .. } => (
            "no connection was made in time",
            "check the network: a firewall, a VPN that is off, or a private API that can't be reached from here",
        ),
        _ if says(&["certificate", "tls", "handshake"]) => {
            return match untrusted(&words) {
                Some((why, advice)) => Check::failed("endpoint", format!("{UNTRUSTED}: {why}"), advice),
                None => Check::failed("endpoint", format!("{UNTRUSTED}, or TLS failed: {words}"), TRUST),
            };
        }
        _ if says(&["dns", "lookup", "resolve"]) => (
            "the host's name does not resolve",
            "check the host in `--endpoint`, and this machine's name servers",
        ),
        _ if says(&["refused"]) => (
            "the connection is refused",
            "check host and port in `--endpoint`, and whether something listens there",
        ),
        _ => (
            "it can't be reached",
            "check the network and, if one is set, the proxy (`HTTPS_PROXY`)",
        ),
    };
    Check::failed("endpoint", format!("{what}: {words}"), advice)
}

/// Says in plain words what is wrong with a certificate, and what to do. What verifies it knows names of its own only.
fn untrusted(words: &str) -> Option<(&'static str, &'static str)> {
    const WHY: [(&str, &str, &str); 5] = [
        ("CaUsedAsEndEntity", "it is self-signed", TRUST),
        (
            "UnknownIssuer",
            "it is self-signed, or of an authority that this machine does not know",
            TRUST,
        ),
        (
            "not valid for name",
            "it is for another host",
            "check that the endpoint's host is the API's",
        ),
        (
            "certificate expired",
            "it has expired",
            "check this machine's clock; if that is right, whoever runs the API has to renew the certificate",
        ),
        (
            "not valid yet",
            "it is not valid yet",
            "check this machine's clock; if that is right, ask whoever runs the API",
        ),
    ];
    let found = WHY.iter().find(|(name, ..)| words.contains(name));
    found.map(|(_, why, advice)| (*why, *advice))
}

fn of_envelope(envelope: &Envelope<Value>, types: &ErrorTypes) -> Authorized {
    let refusal = envelope.errors.iter().find_map(|error| {
        let ty = error.error_type.as_deref();
        let class = types.classify(error);
        matches!(class, ErrorClass::Unauthorized | ErrorClass::Expired).then(|| Authorized::No {
            said: said(200, ty, Some(&error.message)),
            has_expired: class == ErrorClass::Expired,
        })
    });
    match refusal {
        Some(refusal) => refusal,
        None if envelope.data.is_some() => Authorized::Yes,
        None => {
            let error = envelope.errors.first();
            // Only the request of whoever is let in is validated.
            if error.is_some_and(is_of_validation) {
                return Authorized::Yes;
            }
            let said = error.map(|error| said(200, error.error_type.as_deref(), Some(&error.message)));
            Authorized::NotRefused {
                said: said.unwrap_or_default(),
            }
        }
    }
}

/// Says whether AppSync's validation says this. It gives its errors no type.
fn is_of_validation(error: &GraphQlError) -> bool {
    match error.error_type.as_deref() {
        None => error.message.starts_with("Validation error"),
        Some(ty) => ty == "ValidationError",
    }
}

fn authorization(authorized: Authorized, mode: Mode) -> Check {
    const NAME: &str = "authorization";
    let (said, has_expired) = match authorized {
        Authorized::Yes => return Check::ok(NAME, format!("the API takes the credential for `{mode}`")),
        Authorized::NotRefused { said } => {
            return Check::new(
                NAME,
                State::Warning,
                format!("the API does not refuse the credential for `{mode}`, and does not answer either: {said}"),
                "look at the API's logs, and at what is between: `__typename` needs no resolver",
            );
        }
        Authorized::NotTold(because) => return Check::skipped(NAME, because),
        Authorized::No { said, has_expired } => (said, has_expired),
    };
    let advice = if has_expired {
        "the credential has expired: sign in again or renew it"
    } else {
        match mode {
            Mode::ApiKey => {
                "the key is another API's, or has expired: `aws appsync list-api-keys` lists those of an API"
            }
            Mode::Iam => {
                "the caller's policy has to allow `appsync:GraphQL` on this API, and the API has to have the mode `AWS_IAM`; \
                 check region and account with `aws sts get-caller-identity`"
            }
            Mode::Oidc | Mode::CognitoUserPools => {
                "sign in again; the token has to be of the issuer and the client that the API is set up for, and without \
                 `Bearer` unless a gateway wants it"
            }
            Mode::Lambda => "the API's Lambda function refuses the token: its log says why",
        }
    };
    Check::failed(
        NAME,
        format!("the API refuses the credential for `{mode}`: {said}"),
        advice,
    )
}

/// Compares this machine's clock with the API's.
fn clock(date: Option<SystemTime>, mode: Mode) -> Check {
    let Some(date) = date else {
        return Check::skipped("clock", "no answer said what time it is");
    };
    let now = SystemTime::now();
    let (off, side) = match now.duration_since(date) {
        Ok(ahead) => (ahead, "ahead of"),
        Err(error) => (error.duration(), "behind"),
    };
    // An answer takes a moment, and its time has whole seconds.
    if off < Duration::from_secs(5) {
        return Check::ok("clock", "as the API's");
    }
    let detail = format!("{} {side} the API's", in_words(off));
    if off <= CLOCK_MAX {
        return Check::ok("clock", detail);
    }
    let state = if mode == Mode::Iam {
        State::Failed
    } else {
        State::Warning
    };
    let advice = "set this machine's clock (NTP): signatures and tokens go by it";
    Check::new("clock", state, detail, advice)
}

fn said(status: u16, error_type: Option<&str>, message: Option<&str>) -> String {
    let mut text = format!("HTTP {status}");
    for part in [error_type, message]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
    {
        text.push_str(": ");
        text.push_str(&quote::line(part));
    }
    text
}

/// Writes a duration with its largest unit.
fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (number, unit) = match seconds {
        172_800.. => (seconds / 86_400, "days"),
        7_200.. => (seconds / 3_600, "hours"),
        120.. => (seconds / 60, "minutes"),
        _ => (seconds, "seconds"),
    };
    format!("{number} {unit}")
}

#[cfg(test)]
mod tests;
