//! The server of the lab's tools; `.ci/emulators/` calls them.

appsync_mcp::server!();
