//! The server of this project's tools.

appsync_mcp::server!(contract: appsync_mcp_failures::generated::CONTRACT);
