//! Another project's server, whose API takes every authorization mode and whose tools have little time.
//!
//! Its tests put an API in front of it that fails in every way that we know.

/// The generated tools.
#[allow(clippy::all, clippy::pedantic, missing_docs, reason = "written by the build script")]
pub mod generated {
    appsync_mcp::generated!();
}
