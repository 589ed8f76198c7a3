//! What a project writes to be a server: two macros.
//!
//! Invariant: the macros only put names together; whatever can be a function is one.

/// Brings in what the build script has generated: `CONTRACT`, and the types it needs.
///
/// For a module of its own, in a package whose build script calls `appsync_mcp_codegen`.
#[macro_export]
macro_rules! generated {
    () => {
        include!(concat!(env!("OUT_DIR"), "/generated.rs"));
    };
}

/// Defines `main`, so that a project's whole `main.rs` is `appsync_mcp::server!();`.
///
/// Where the generated code stands elsewhere, or there is a sandbox:
/// `appsync_mcp::server!(contract: my_api::CONTRACT, sandbox: Some(start));`, where `start` is a
/// [`SandboxStarter`](crate::SandboxStarter).
#[macro_export]
macro_rules! server {
    () => {
        #[allow(clippy::all, clippy::pedantic, missing_docs, unreachable_pub, reason = "written by the build script")]
        mod generated {
            $crate::generated!();
        }
        $crate::server!(contract: generated::CONTRACT);
    };
    (contract: $contract:path $(,)?) => {
        $crate::server!(contract: $contract, sandbox: ::core::option::Option::None);
    };
    (contract: $contract:path, sandbox: $sandbox:expr $(,)?) => {
        fn main() -> ::std::process::ExitCode {
            $crate::run(&$crate::App {
                name: env!("CARGO_BIN_NAME"),
                version: env!("CARGO_PKG_VERSION"),
                contract: &$contract,
                sandbox: $sandbox,
            })
        }
    };
}
