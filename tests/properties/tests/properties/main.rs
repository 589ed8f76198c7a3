//! What holds for whatever a model may say, over random arguments.
//!
//! - `agreement`: the decoder accepts what the advertised schema accepts, but for what the contract says beyond it.
//! - `requests`: what is sent is valid GraphQL, and for what is not accepted nothing is sent.
//! - `results`: every result of the sandbox is what the output schema says, whatever goes wrong.
//! - `answers`: so is the result of every answer that an API may give, for the tools that read.
//! - `types`: the schemas are equivalent to what the generated types say of themselves.
//!
//! `arguments` makes arguments from the contract, `beyond` is what the contract says beyond the schema, `cases` runs a
//! property, `project` has the two contracts, `server` is the program over its pipes, and `graphql_js` the specification's
//! reference implementation.
//!
//! There are 256 cases for each tool and property, always the same ones; `PROPTEST_CASES` and `PROPTEST_RNG_SEED` ask for
//! others. One that failed is kept in `regressions/`, and tried first from then on.
//!
//! Invariant: everything here is made from the contract alone, so that a new tool is covered as it comes; only `types` names
//! the tools' modules, and misses one that it does not name.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that can't go on has failed"
)]

mod arguments;
mod beyond;
mod cases;
mod graphql_js;
mod project;
mod server;

mod agreement;
mod answers;
mod requests;
mod results;
mod types;
