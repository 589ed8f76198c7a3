//! A local API that behaves like AWS AppSync as far as a client can see, over data that it makes up.
//!
//! `sandbox` starts it, `server` speaks HTTP, `auth` and `sigv4` say who is calling, `schema` reads the SDL and validates
//! documents by `rules`, `execute` runs them, and `resolver` finds what the fields are. `generate` makes companies up, `search` finds
//! them in an `index`, which `cache` keeps; `store` holds what callers write. `envelope` and `response` say what AppSync would
//! answer, `fault` is what can go wrong and `schedule` when, and the `journal` counts and lists what came.
//!
//! Invariant: it listens on the loopback interface only, and nothing in it knows the server that it is for.

mod auth;
mod cache;
mod coerce;
mod datetime;
mod envelope;
mod execute;
mod failure;
mod fault;
mod generate;
mod index;
mod journal;
mod page;
mod posting;
mod progress;
mod resolver;
mod response;
mod rules;
mod sandbox;
mod schedule;
mod schema;
mod search;
mod server;
mod sigv4;
mod store;
mod words;

pub use auth::{AccessKey, AuthorizationMode, Claims, Issuer};
pub use fault::{Fault, InvalidFault};
pub use journal::Received;
pub use progress::Progress;
pub use sandbox::{Config, Error, Sandbox};
pub use schedule::{FaultRule, Faults, When};
