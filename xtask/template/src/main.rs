//! The server, with the tools that `build.rs` generates.

appsync_mcp::server!();
