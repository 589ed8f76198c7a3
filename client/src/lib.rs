//! AppSync over HTTP: a GraphQL request and an authorization in, the decoded envelope of one answer out.
//!
//! ```text
//! Secret, TokenSource, Iam ─▶ Authorization ┐
//! Endpoint ─────────────────────────────────┼▶ Client::send(&Request) ─▶ Response ─▶ Envelope::<D>::decode
//! Limits, Proxies ──────────────────────────┘          │                                    │
//!                                                  SendError                    GraphQlError ─▶ ErrorClass
//! ```
//!
//! Beside it stands `ControlPlane`, which reads what AppSync knows of an API, over the same transport.
//!
//! Invariant: one call of [`Client::send`] is at most one request that the API processes; retrying is the caller's decision.
//! Invariant: no credential is in any `Debug` or `Display` text of this crate.
//! Invariant: nothing here knows MCP, tools or a schema.

mod auth;
mod ca;
#[cfg(feature = "iam")]
mod control_plane;
mod endpoint;
mod envelope;
mod error;
mod error_class;
mod graphql_error;
mod http_client;
mod jwt;
mod placeholder;
mod proxy;
mod refusal;
mod repair;
mod request;
mod secret;
mod transport;

pub mod quote;
pub mod settings;
pub mod suggest;

pub use auth::{
    ApiKey, Authorization, AuthorizationError, Bearer, CommandFailure, CommandSource, Mode, SecretFile, TokenCommand,
    TokenCommandError, TokenSource,
};
#[cfg(feature = "iam")]
pub use auth::{AwsEnvironment, Iam, Lack, SigningError};
pub use ca::CaError;
#[cfg(feature = "iam")]
pub use control_plane::{ControlPlane, ControlPlaneError, Resolver};
pub use endpoint::{Endpoint, EndpointError, InsecureHttp};
pub use envelope::{DecodeError, Envelope, Object};
pub use error::{LocalFault, Phase, SendError};
pub use error_class::{ErrorClass, ErrorTypes};
pub use graphql_error::{GraphQlError, Location, PathSegment};
pub use http_client::{Limits, SetUpError};
pub use proxy::{Proxies, ProxyProblem};
pub use request::{DryRun, EncodeError, Request, Response};
pub use secret::{Secret, SecretFileError, SecretProblem};
pub use transport::Client;
