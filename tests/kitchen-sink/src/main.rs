//! The server of this project's tools.

appsync_mcp::server!(contract: appsync_mcp_kitchen_sink::generated::CONTRACT);
