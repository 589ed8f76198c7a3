//! The sample's server, for tests that look at a whole process.

appsync_mcp::server!(contract: appsync_mcp::sample::CONTRACT);
