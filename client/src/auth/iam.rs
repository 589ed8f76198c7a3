//! Signs requests with credentials of the standard AWS chain: environment, profile (also SSO, a process, an assumed role), web
//! identity, container, instance metadata.
//!
//! Invariant: credentials are asked for before they expire, and kept until then.
//! Invariant: the chain's own requests are sent by this crate's HTTP client, under its TLS rules.
//! Invariant: the chain, which reads files as if nothing else was to be done meanwhile, has a thread of its own, and one only.
//! Invariant: a question to the chain goes on if nobody waits for it any more, and ends by itself.

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use aws_config::BehaviorVersion;
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_types::region::Region;
use reqwest::header::HeaderMap;
use tokio::sync::Mutex;

use super::aws_http::{AwsHttp, ProxyFailed};
use super::command::clean;
use super::kept::{Age, Kept};
use super::sigv4::{self, X_AMZ_SECURITY_TOKEN};
use super::{AuthorizationError, Outgoing, Refused};
use crate::http_client::{is_of_certificate, wants_proxy_credential};
use crate::proxy::Proxies;
use crate::secret::Secret;

/// Credentials are renewed this long before they expire; a signature is good for five minutes.
const RENEW_BEFORE: Duration = Duration::from_mins(5);

/// The longest that the whole chain may take: a profile's `credential_process` may ask a person, as a token command may. A call
/// may wait for less.
const TIMEOUT: Duration = Duration::from_mins(1);

/// What stands in the chain's words before what a process said.
const PROCESS_SAID: &str = ". Stderr: ";

/// A clock that is off by more than this is corrected. AWS refuses a signature that is off by five minutes.
const SKEW_MIN_S: u64 = 4 * 60;

/// Error types that say that these credentials are good for nothing any more, while others may be.
const RENEWABLE: [&str; 6] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "RequestExpired",
    "UnauthorizedException",
    "UnrecognizedClientException",
];

/// AWS credentials from the standard chain, and the region that signatures are for.
pub struct Iam {
    chain: Arc<Chain>,
    kept: Arc<Kept<Credentials, (Lack, String)>>,
    /// How far this machine's clock is behind the API's, in seconds.
    behind_s: AtomicI64,
}

/// What the environment says to the chain, as far as that is not for the chain itself to read.
#[derive(Clone, Debug, Default)]
pub struct AwsEnvironment {
    /// The profile, if the environment names one or has a blank in its place.
    pub(crate) profile: Option<String>,
    /// The region.
    pub(crate) region: Option<String>,
    /// The variables that are blank, which the chain takes for values.
    pub(crate) blank: Vec<&'static str>,
    /// What leads to STS and single sign-on.
    pub(crate) proxies: Proxies,
}

/// Why the chain has no credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// Nothing is set up.
    NotSetUp,
    /// What is set up can't work.
    BadlySetUp,
    /// What is set up gave none this time, for instance because somebody has to sign in.
    NotGiven,
    /// What is set up did not come to an end in its time.
    Late,
    /// The proxy that this variable names did not lead to AWS.
    Proxy(&'static str),
    /// The proxy that this variable names wants a user name and a password, or other ones.
    ProxyCredential(&'static str),
    /// This machine does not trust the certificate that it was shown on the way to AWS.
    Certificate,
}

/// The chain, which is not built anew for every question.
struct Chain {
    region: String,
    environment: AwsEnvironment,
    /// Held by the thread that asks it.
    built: Arc<Mutex<Option<DefaultCredentialsChain>>>,
    /// Whether it remembers what may not be so any more.
    is_stale: AtomicBool,
}

impl Iam {
    /// Makes signatures for a region, such as `eu-west-1`. Does no input or output.
    pub fn new(region: impl Into<String>, environment: AwsEnvironment) -> Iam {
        Iam {
            chain: Arc::new(Chain {
                region: region.into(),
                environment,
                built: Arc::default(),
                is_stale: AtomicBool::new(false),
            }),
            kept: Arc::default(),
            behind_s: AtomicI64::new(0),
        }
    }

    /// Returns the region that the environment or the profile names, as AWS's own programs read them.
    pub async fn region_of_chain(environment: &AwsEnvironment) -> Option<String> {
        Some(environment.regions().region().await?.to_string())
    }

    /// Returns the proxies that credentials are asked for through.
    pub(crate) fn proxies(&self) -> Proxies {
        self.chain.environment.proxies.clone()
    }

    /// Says whether the chain has credentials.
    pub(super) async fn check(&self) -> Result<(), AuthorizationError> {
        self.credentials().await.map(drop)
    }

    /// Returns the headers that carry the signature.
    pub(super) async fn headers(&self, outgoing: Outgoing<'_>) -> Result<HeaderMap, AuthorizationError> {
        let credentials = self.credentials().await?;
        Ok(sigv4::sign(outgoing, &credentials, &self.chain.region, self.now())?)
    }

    /// Returns new headers where the refusal is a matter of the clock or of credentials that have been replaced.
    pub(super) async fn renewed_headers(
        &self,
        outgoing: Outgoing<'_>,
        refused: Refused<'_>,
        sent: &HeaderMap,
    ) -> Result<Option<HeaderMap>, AuthorizationError> {
        if is_of_signature(refused) && self.correct_clock(refused.date, sent) {
            return self.headers(outgoing).await.map(Some);
        }
        let is_renewable = refused.error_type.is_some_and(|name| RENEWABLE.contains(&name));
        if !is_renewable {
            return Ok(None);
        }
        let is_refused = |kept: &Credentials| was_signed_by(sent, kept);
        if self.kept.forget(refused.sent_at, is_refused) {
            // It remembers what it once found in the profile's files.
            self.chain.is_stale.store(true, Ordering::Relaxed);
        }
        let credentials = self.credentials().await?;
        if was_signed_by(sent, &credentials) {
            return Ok(None);
        }
        Ok(Some(sigv4::sign(
            outgoing,
            &credentials,
            &self.chain.region,
            self.now(),
        )?))
    }

    /// Takes over the API's time if the request was signed for another one; says whether it was.
    fn correct_clock(&self, date: Option<SystemTime>, sent: &HeaderMap) -> bool {
        let (Some(date), Some(signed_at)) = (date, sigv4::signed_at(sent)) else {
            return false;
        };
        // By the request and not by the clock, which another call may have corrected in the meantime.
        let is_off = seconds_between(signed_at, date).unsigned_abs() > SKEW_MIN_S;
        if is_off {
            let behind_s = seconds_between(SystemTime::now(), date);
            self.behind_s.store(behind_s, Ordering::Relaxed);
        }
        is_off
    }

    /// Returns the time as the API sees it, as far as it is known.
    fn now(&self) -> SystemTime {
        let behind_s = self.behind_s.load(Ordering::Relaxed);
        let distance = Duration::from_secs(behind_s.unsigned_abs());
        let now = SystemTime::now();
        let corrected = if behind_s < 0 {
            now.checked_sub(distance)
        } else {
            now.checked_add(distance)
        };
        corrected.unwrap_or(now)
    }

    /// Says whether the chain is being asked, and there are no credentials that could be used.
    pub(super) fn is_coming(&self) -> bool {
        self.kept.is_coming(age_at(self.now()))
    }

    async fn credentials(&self) -> Result<Credentials, AuthorizationError> {
        let (chain, age) = (Arc::clone(&self.chain), age_at(self.now()));
        let credentials = self.kept.get(age, || Ok(async move { chain.ask().await })).await;
        credentials.map_err(|failure| {
            let expired = || {
                (
                    Lack::NotGiven,
                    "the credentials that were given have expired".to_owned(),
                )
            };
            let (lack, reason) = failure.unwrap_or_else(expired);
            AuthorizationError::Credentials { lack, reason }
        })
    }
}

impl Chain {
    async fn ask(self: Arc<Self>) -> Result<Credentials, (Lack, String)> {
        let asked = async {
            let mut built = Arc::clone(&self.built).lock_owned().await;
            let this = Arc::clone(&self);
            let answer = tokio::task::spawn_blocking(move || this.ask_on_thread(&mut built)).await;
            answer.unwrap_or_else(|error| Err(CredentialsError::unhandled(error)))
        };
        let answer = tokio::time::timeout(TIMEOUT, asked).await;
        let answer = answer.unwrap_or_else(|_elapsed| Err(CredentialsError::provider_timed_out(TIMEOUT)));
        answer.map_err(|error| self.lack(&error)).and_then(sound)
    }

    /// Returns why there are no credentials, on one line.
    fn lack(&self, error: &CredentialsError) -> (Lack, String) {
        let (lack, reason) = lack(error);
        match &*self.environment.blank {
            [] => (lack, reason),
            blank => (
                lack,
                format!(
                    "{reason}; AWS's code takes for values what is empty, so unset: `{}`",
                    blank.join("`, `")
                ),
            ),
        }
    }

    async fn build(&self) -> Result<DefaultCredentialsChain, CredentialsError> {
        let environment = &self.environment;
        let http = AwsHttp::new(environment.proxies.clone()).map_err(CredentialsError::not_loaded)?;
        let config = ProviderConfig::without_region()
            .with_behavior_version(Some(BehaviorVersion::latest()))
            .with_http_client(http);
        // Named here, since the chain's own default would ask for it at the address of the instance's metadata, and there is
        // none on a desk. STS is in the API's region as well.
        let region = environment.regions().or_else(Region::new(self.region.clone()));
        let mut chain = DefaultCredentialsChain::builder().configure(config).region(region);
        if let Some(profile) = &environment.profile {
            chain = chain.profile_name(profile);
        }
        Ok(chain.build().await)
    }

    /// Blocks. The runtime is the thread's own: the program's may be shut down meanwhile, and what waits for a time of that
    /// would panic.
    fn ask_on_thread(&self, built: &mut Option<DefaultCredentialsChain>) -> Result<Credentials, CredentialsError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(CredentialsError::unhandled)?;
        let answer = runtime.block_on(self.ask_here(built));
        // A name that is still being resolved is of no use any more.
        runtime.shutdown_background();
        answer
    }

    /// May block. One that found nothing remembers that, and is not kept.
    async fn ask_here(&self, built: &mut Option<DefaultCredentialsChain>) -> Result<Credentials, CredentialsError> {
        let is_stale = self.is_stale.swap(false, Ordering::Relaxed);
        let chain = match built.take().filter(|_| !is_stale) {
            Some(chain) => chain,
            None => self.build().await?,
        };
        // What hangs gives way to the next one, unless it blocks.
        let credentials = tokio::time::timeout(TIMEOUT, chain.provide_credentials()).await;
        let credentials = credentials.map_err(|_elapsed| CredentialsError::provider_timed_out(TIMEOUT))??;
        *built = Some(chain);
        Ok(credentials)
    }
}

impl AwsEnvironment {
    /// Returns what says the region: the environment, then the profile.
    fn regions(&self) -> RegionProviderChain {
        let mut profile = ProfileFileRegionProvider::builder();
        if let Some(name) = &self.profile {
            profile = profile.profile_name(name);
        }
        RegionProviderChain::first_try(self.region.clone().map(Region::new)).or_else(profile.build())
    }
}

/// Takes off what stands around credentials, and refuses what can't be in a header, by whose they are. Files, programs and
/// services hand over whatever was put into them.
fn sound(credentials: Credentials) -> Result<Credentials, (Lack, String)> {
    let part = |name: &str, text: &str| match Secret::parse(text) {
        Ok(secret) => Ok(secret),
        Err(problem) => Err((
            Lack::BadlySetUp,
            format!("the {name} of {} {problem}", source(&credentials)),
        )),
    };
    let key_id = part("access key id", credentials.access_key_id())?;
    let key = part("secret access key", credentials.secret_access_key())?;
    let token = credentials.session_token().filter(|token| !token.trim().is_empty());
    let token = token.map(|token| part("session token", token)).transpose()?;
    let is_as_it_was = key_id.expose() == credentials.access_key_id()
        && key.expose() == credentials.secret_access_key()
        && token.as_ref().map(Secret::expose) == credentials.session_token();
    if is_as_it_was {
        return Ok(credentials);
    }
    let mut builder = Credentials::builder()
        .access_key_id(key_id.expose())
        .secret_access_key(key.expose())
        .provider_name("appsync-mcp");
    builder.set_session_token(token.map(|token| token.expose().to_owned()));
    builder.set_expiry(credentials.expiry());
    Ok(builder.build())
}

/// Says where credentials come from.
fn source(credentials: &Credentials) -> &'static str {
    use AwsCredentialFeature::{
        CredentialsEnvVars, CredentialsHttp, CredentialsImds, CredentialsProcess, CredentialsProfile,
        CredentialsProfileProcess,
    };
    let features = credentials.get_property::<Vec<AwsCredentialFeature>>();
    let has = |feature| features.is_some_and(|features| features.contains(&feature));
    if has(CredentialsProcess) || has(CredentialsProfileProcess) {
        "the profile's `credential_process`"
    } else if has(CredentialsEnvVars) {
        "the environment (`AWS_ACCESS_KEY_ID` and its like)"
    } else if has(CredentialsProfile) {
        "the AWS profile"
    } else if has(CredentialsHttp) {
        "the container's credentials"
    } else if has(CredentialsImds) {
        "the instance's metadata"
    } else {
        "the AWS credentials"
    }
}

/// Says how far credentials are from their end.
fn age_at(now: SystemTime) -> impl Fn(&Credentials) -> Age {
    move |credentials| match credentials.expiry() {
        Some(expiry) if expiry <= now => Age::Expired,
        Some(expiry) if expiry <= now + RENEW_BEFORE => Age::Ageing,
        _ => Age::Fresh,
    }
}

/// Returns the seconds from one time to another, negative if the other one is earlier.
fn seconds_between(from: SystemTime, to: SystemTime) -> i64 {
    let seconds = |distance: Duration| i64::try_from(distance.as_secs()).unwrap_or(i64::MAX);
    match to.duration_since(from) {
        Ok(later) => seconds(later),
        Err(earlier) => -seconds(earlier.duration()),
    }
}

impl fmt::Display for Lack {
    /// Writes what to do, where the reason does not tell it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Lack::NotSetUp => {
                "; set `AWS_PROFILE` to a profile that has some, or `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`"
            }
            _ => "",
        })
    }
}

fn lack(error: &CredentialsError) -> (Lack, String) {
    let mut lack = match error {
        CredentialsError::CredentialsNotLoaded(_) => Lack::NotSetUp,
        CredentialsError::InvalidConfiguration(_) => Lack::BadlySetUp,
        CredentialsError::ProviderTimedOut(_) => {
            let seconds = TIMEOUT.as_secs();
            return (
                Lack::Late,
                format!("what is set up for them (a `credential_process`, a service) gave none within {seconds} s"),
            );
        }
        _ => Lack::NotGiven,
    };
    let mut reason = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        if is_of_certificate(error) {
            lack = Lack::Certificate;
        } else if let Some(failed) = error.downcast_ref::<ProxyFailed>() {
            lack = if wants_proxy_credential(failed) {
                Lack::ProxyCredential(failed.variable)
            } else {
                Lack::Proxy(failed.variable)
            };
        }
        let cause = error.to_string();
        // Some have their cause in them, and some say no more than it.
        if !reason.contains(&cause) {
            reason = format!("{reason}: {cause}");
        }
        source = error.source();
    }
    // What follows is a process's standard error, which may repeat the arguments that the profile gives it.
    if let Some((before, _)) = reason.split_once(PROCESS_SAID) {
        reason = format!("{before} (run the profile's `credential_process` by itself to see what it says)");
    }
    (lack, clean(reason.as_bytes(), &[], &[]))
}

impl fmt::Debug for Iam {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iam")
            .field("region", &self.chain.region)
            .finish_non_exhaustive()
    }
}

/// Says whether a refusal may be a matter of the time in the signature. AppSync says so in words, with a type that means any bad
/// request.
fn is_of_signature(refused: Refused<'_>) -> bool {
    const TYPES: [&str; 5] = [
        "InvalidSignatureException",
        "RequestExpired",
        "RequestInTheFuture",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
    ];
    refused.error_type.is_some_and(|name| TYPES.contains(&name))
        || refused
            .message
            .is_some_and(|message| message.to_ascii_lowercase().contains("signature"))
}

/// Says whether these headers carry these credentials' signature.
fn was_signed_by(headers: &HeaderMap, credentials: &Credentials) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let scope = format!("Credential={}/", credentials.access_key_id());
    text(reqwest::header::AUTHORIZATION).is_some_and(|value| value.contains(&scope))
        && text(X_AMZ_SECURITY_TOKEN) == credentials.session_token()
}
