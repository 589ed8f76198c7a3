//! A build script's whole work.
//!
//! Invariant: with `source.rs`, the only file of this crate that knows the outside world: Cargo's environment, the
//! output folder, standard output and standard error.

use std::{env, fs, path::Path, process::ExitCode};

use crate::{Diagnostics, Sources, Writes, generate, review};

/// Generates the project's code into `OUT_DIR` and registers its schema with cynic.
///
/// Call it from `build.rs` with whether the project's operations that write are compiled in; in a project with a feature
/// `writes` that is `cfg!(feature = "writes")`. Mistakes in `schema/` and `operations/` fail the build, all of a phase at
/// once, each with its file, line and column; so does a tool that is not as `schema/tools.lock` has it and, with
/// `APPSYNC_MCP_REQUIRE_VERIFIED=1`, one that is not verified.
pub fn build(writes: Writes) -> ExitCode {
    println("cargo::rerun-if-changed=schema");
    println("cargo::rerun-if-changed=operations");
    println(&format!("cargo::rerun-if-env-changed={REQUIRE_VERIFIED}"));
    match run(writes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln(&message);
            ExitCode::FAILURE
        }
    }
}

/// The variable that asks for a build of verified tools only.
const REQUIRE_VERIFIED: &str = "APPSYNC_MCP_REQUIRE_VERIFIED";

fn run(writes: Writes) -> Result<(), String> {
    let variable =
        |name: &str| env::var(name).map_err(|_| format!("`{name}` is not set: call `build` from a build script"));
    let verified_only = is_on(&env::var_os(REQUIRE_VERIFIED).unwrap_or_default().to_string_lossy())?;
    let (root, out) = (variable("CARGO_MANIFEST_DIR")?, variable("OUT_DIR")?);
    let sources = Sources::read(Path::new(&root)).map_err(|error| format!("error: {error}"))?;
    let told = |found: Diagnostics| format!("\n{}", found.render(&sources));
    let generated = generate(&sources, writes).map_err(told)?;
    for line in generated.warnings.render(&sources).lines() {
        println(&format!("cargo::warning={line}"));
    }
    review(&sources, &generated, writes).map_err(told)?;
    if verified_only && !generated.unverified.is_empty() {
        return Err(told(generated.unverified));
    }
    let file = Path::new(&out).join("generated.rs");
    fs::write(&file, generated.code).map_err(|error| format!("error: {}: {error}", file.display()))?;
    cynic_codegen::register_schema("appsync")
        .from_sdl(&generated.sdl)
        .and_then(cynic_codegen::registration::SchemaRegistration::as_default)
        .map_err(|error| format!("error: cynic refuses the schema: {error}"))?;
    Ok(())
}

/// Reads the variable's value. What is not understood must not open a gate.
fn is_on(value: &str) -> Result<bool, String> {
    match value {
        "1" => Ok(true),
        "" | "0" => Ok(false),
        _ => Err(format!(
            "error: `{REQUIRE_VERIFIED}` is {value:?}: set it to `1` to refuse tools that are not verified, or to `0`"
        )),
    }
}

/// Cargo reads a build script's standard output.
#[expect(clippy::print_stdout, reason = "this is how a build script speaks to Cargo")]
fn println(line: &str) {
    println!("{line}");
}

fn eprintln(text: &str) {
    eprintln!("{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_is_shut_open_or_an_error() {
        for (value, expected) in [("1", Some(true)), ("0", Some(false)), ("", Some(false))] {
            assert_eq!(is_on(value).ok(), expected, "{value}");
        }
        for value in ["true", "yes", "2", " 1"] {
            let error = is_on(value).unwrap_err();
            assert!(error.contains(&format!("is {value:?}: set it to `1`")), "{error}");
        }
    }
}
