//! A [`Config`] -> a running sandbox.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::auth::{AccessKey, Claims, Credentials, Issuer};
use crate::cache;
use crate::fault::Fault;
use crate::generate::World;
use crate::journal::{Journal, Received};
use crate::progress::Progress;
use crate::schedule::{FaultRule, Faults, When};
use crate::schema::Schema;
use crate::server::{self, Shared};
use crate::sigv4::REGION;
use crate::store::Store;

/// What a sandbox is like.
#[derive(Debug, Clone)]
pub struct Config {
    /// How many companies there are.
    pub companies: u32,
    /// What they are made from: the same seed makes the same companies.
    pub seed: u64,
    /// The port on loopback; 0 is any free one.
    pub port: u16,
    /// The credits that each caller of `requestEmailDiscovery` starts with.
    pub credits: u32,
    /// What goes wrong from the start.
    pub faults: Faults,
    /// The SDL to serve, with roots named `Query` and `Mutation`; `None` is the one that this crate was built with. A field that
    /// the data has nothing for is null.
    pub schema: Option<String>,
    /// Whether callers may ask for the schema, as AppSync's `introspectionConfig` says.
    pub introspection: bool,
    /// Where the data of many companies is kept; `None` is the platform's cache folder.
    pub cache: Option<PathBuf>,
    /// Where it is shown that such data is made.
    pub progress: Progress,
}

impl Default for Config {
    /// Ten thousand companies on any free port, fifty credits, no faults, and the schema for everybody to see.
    fn default() -> Self {
        Self {
            companies: 10_000,
            seed: 1,
            port: 0,
            credits: 50,
            faults: Faults::NONE,
            schema: None,
            introspection: true,
            cache: None,
            progress: Progress::Silent,
        }
    }
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The schema is not one that it can serve.
    #[error("failed to read the schema: {0}")]
    Schema(String),
    /// The data could not be made, kept or read.
    #[error("failed to make the data")]
    Data(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The port could not be bound.
    #[error("failed to listen on port {port} of the loopback interface")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// What the operating system said.
        source: std::io::Error,
    },
}

/// A local API that behaves like AppSync. It stops when it is dropped.
pub struct Sandbox {
    endpoint: String,
    bearer: String,
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    server: JoinHandle<Result<(), std::io::Error>>,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sandbox")
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

impl Sandbox {
    /// The caller that [`Self::bearer`] stands for, who owns a few collections from the start.
    pub const SUBJECT: &str = "user-1";

    /// The AWS region that signatures have to be for.
    pub const REGION: &str = REGION;

    /// Makes the data and serves it.
    pub async fn start(config: Config) -> Result<Self, Error> {
        let Config {
            companies,
            seed,
            port,
            credits,
            faults,
            schema,
            introspection,
            cache,
            progress,
        } = config;
        let schema = Schema::read(schema.as_deref(), introspection)?;
        let world = World { seed, companies };
        let cached = tokio::task::spawn_blocking(move || cache::index(world, cache, progress));
        let cached = cached
            .await
            .map_err(|error| Error::Data(error.into()))?
            .map_err(|error| Error::Data(error.into()))?;
        let store = Store::new(world, credits).map_err(|error| Error::Data(error.into()))?;
        let listen = |source| Error::Listen { port, source };
        let listener = server::bind(port).await.map_err(listen)?;
        let endpoint = format!("http://{}/graphql", listener.local_addr().map_err(listen)?);
        let (stop, stopping) = watch::channel(false);
        let shared = Arc::new(Shared {
            schema,
            cached,
            store,
            world,
            credentials: Credentials::new(),
            faults: Mutex::new(faults),
            journal: Journal::default(),
            stopping,
        });
        let bearer = shared.credentials.issue(Claims {
            subject: Self::SUBJECT.to_owned(),
            issuer: Issuer::OpenIdConnect,
            expires_in_seconds: 30 * 86_400,
        });
        let server = tokio::spawn(server::serve(listener, Arc::clone(&shared)));
        Ok(Self {
            endpoint,
            bearer,
            shared,
            stop,
            server,
        })
    }

    /// The URL to send requests to, such as `http://127.0.0.1:4000/graphql`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The file that the companies are read from; none if they are few, and made anew each time.
    pub fn data_file(&self) -> Option<&Path> {
        self.shared.cached.file.as_deref()
    }

    /// The API key, for the header `x-api-key`.
    pub fn api_key(&self) -> &str {
        &self.shared.credentials.api_key
    }

    /// An OIDC token of [`Self::SUBJECT`], for the header `authorization`, which takes it without `Bearer`.
    pub fn bearer(&self) -> &str {
        &self.bearer
    }

    /// An access key, to sign requests with for the region [`Self::REGION`] and the service `appsync`.
    pub fn access_key(&self) -> &AccessKey {
        &self.shared.credentials.access_key
    }

    /// Temporary credentials: an access key with a session token, until they expire. Of expired ones, the number is negative.
    pub fn issue_access_key(&self, expires_in_seconds: i64) -> AccessKey {
        self.shared.credentials.issue_access_key(expires_in_seconds)
    }

    /// A token that says what the claims say.
    pub fn issue_token(&self, claims: Claims) -> String {
        self.shared.credentials.issue(claims)
    }

    /// How many POST requests reached the sandbox.
    pub fn requests(&self) -> u64 {
        self.shared.journal.requests()
    }

    /// The newest of them, oldest first: ten thousand, unless they are very long.
    pub fn received(&self) -> Vec<Received> {
        self.shared.journal.newest()
    }

    /// How many times the resolver of a root field ran, such as `createCollection`, whatever became of the answer.
    pub fn carried_out(&self, field: &str) -> u64 {
        debug_assert!(
            ["Query", "Mutation"]
                .iter()
                .any(|root| self.shared.schema.field(root, field).is_some()),
            "there is no root field `{field}`"
        );
        self.shared.journal.carried_out(field)
    }

    /// Switches a fault on, from the next request on; other rules for the same fault end.
    pub fn set_fault(&self, rule: impl Into<FaultRule>) {
        self.faults().set(rule.into());
    }

    /// Switches a fault on for the next so many requests.
    pub fn set_fault_times(&self, fault: Fault, requests: u32) {
        let when = When::Requests {
            first: 1,
            last: Some(requests.into()),
        };
        self.faults().set(FaultRule { fault, when });
    }

    /// Switches a fault off.
    pub fn clear_fault(&self, fault: Fault) {
        self.faults().clear(fault);
    }

    /// Says how late answers come under [`Fault::Slow`].
    pub fn set_delay_ms(&self, delay_ms: u64) {
        self.faults().set_delay_ms(delay_ms);
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.shared.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops: takes no new connection, finishes the requests that are being carried out, lets go of those that hang.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        // However the server ended, it is gone.
        drop((&mut self.server).await);
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}
