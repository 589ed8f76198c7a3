//! `cargo xtask`: commands for those who maintain the schema and the operations.

fn main() -> std::process::ExitCode {
    appsync_mcp_xtask::main()
}
