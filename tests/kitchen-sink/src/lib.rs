//! Another project's server: its tools come from its own `schema/` and `operations/`.
//!
//! They hold what the sample's nine tools don't. That this compiles without a warning is the first test.

/// The generated tools.
#[allow(clippy::all, clippy::pedantic, missing_docs, reason = "written by the build script")]
pub mod generated {
    appsync_mcp::generated!();
}
