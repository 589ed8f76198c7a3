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
/// once, each with its file, line and column; so does a tool that is not as `schema/tools.lock` has it.
pub fn build(writes: Writes) -> ExitCode {
    println("cargo::rerun-if-changed=schema");
    println("cargo::rerun-if-changed=operations");
    match run(writes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln(&message);
            ExitCode::FAILURE
        }
    }
}

fn run(writes: Writes) -> Result<(), String> {
    let variable =
        |name: &str| env::var(name).map_err(|_| format!("`{name}` is not set: call `build` from a build script"));
    let (root, out) = (variable("CARGO_MANIFEST_DIR")?, variable("OUT_DIR")?);
    let sources = Sources::read(Path::new(&root)).map_err(|error| format!("error: {error}"))?;
    let told = |found: Diagnostics| format!("\n{}", found.render(&sources));
    let generated = generate(&sources, writes).map_err(told)?;
    for line in generated.warnings.render(&sources).lines() {
        println(&format!("cargo::warning={line}"));
    }
    review(&sources, &generated, writes).map_err(told)?;
    let file = Path::new(&out).join("generated.rs");
    fs::write(&file, generated.code).map_err(|error| format!("error: {}: {error}", file.display()))?;
    cynic_codegen::register_schema("appsync")
        .from_sdl(&generated.sdl)
        .and_then(cynic_codegen::registration::SchemaRegistration::as_default)
        .map_err(|error| format!("error: cynic refuses the schema: {error}"))?;
    Ok(())
}

/// Cargo reads a build script's standard output.
#[expect(clippy::print_stdout, reason = "this is how a build script speaks to Cargo")]
fn println(line: &str) {
    println!("{line}");
}

fn eprintln(text: &str) {
    eprintln!("{text}");
}
