//! The run time of an MCP server in front of an AWS AppSync GraphQL API: one GraphQL operation is one tool.
//!
//! The build turns a schema and a folder of operations into a [`tool::Contract`], which is data and nothing else. At run time
//! a call of a tool goes through [`call`], which is read top to bottom:
//!
//! ```text
//!                                                                    ┌──── retry ────┐
//! arguments ─▶ decode ─▶ bind ─▶ allow (permit, rate) ─▶ request ─▶ send (client) ─▶ shape ─▶ result
//!                 └─────────┴──────────┴────────── CallError ───────────┴───────────────┘
//! ```
//!
//! Invariant: modules are listed in reading order, and none uses one that is listed after it, but for [`call`] and its steps.

// Generated code names this crate from outside; the sample's stands inside.
#[cfg(feature = "sample")]
extern crate self as appsync_mcp;

pub mod tool;

mod maybe;
mod object;
mod output_enum;
mod quote;
mod told;

pub mod country;
pub mod problem;

pub mod error;

mod bind;
pub mod decode;
mod exchange;
pub mod permit;
pub mod rate;
mod request;
mod retry;
pub mod shape;
mod turn;

pub mod call;

mod drift;

mod offer;

mod dispatch;
mod doctor;
mod inputs;
mod instructions;
mod prompt;
mod resource;
mod server;
mod table;

mod config;

mod cli;

mod verify;

mod panic_report;
mod run;

mod project;

#[cfg(test)]
mod example;
#[cfg(test)]
mod specimen;

pub use appsync_mcp_client::{ErrorTypes, Mode};
pub use cli::SandboxOptions;
pub use run::{App, Sandbox, SandboxFuture, SandboxStarter, run};

/// What generated code needs and nobody else should use.
#[doc(hidden)]
pub mod __private {
    pub use crate::object::{Object, object};
    pub use crate::output_enum::{OutputEnum, enum_value};
    pub use {schemars, serde, serde_json};

    /// Writes what came back of a union's member that the operation selects nothing of: its name.
    pub fn typename<S: serde::Serializer>(name: &str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([("__typename", name)])
    }

    /// Reads a nullable field that has to be there: null is an answer, nothing is none.
    pub fn present<'de, T: serde::Deserialize<'de>, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }

    /// Reads a field that may be missing: what is there is kept apart from nothing, be it null.
    pub fn some<'de, T: serde::Deserialize<'de>, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        T::deserialize(deserializer).map(Some)
    }
}

/// This repository's own API, as the build generated it from `schema/` and `operations/`.
#[cfg(feature = "sample")]
#[allow(clippy::all, clippy::pedantic, missing_docs, reason = "written by the build script")]
pub mod sample {
    crate::generated!();
}
