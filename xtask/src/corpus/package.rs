//! Adopted APIs → one package each, in a workspace of their own, and one `cargo check` over all of them.
//!
//! The workspace takes this repository's lock file and profiles and builds in its target folder, so that dependencies are
//! built once.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use appsync_mcp_codegen::{LOCK, Sources, Writes, generate};
use serde_json::Value;

use super::api::Api;

/// Writes, compiles, and notes down what became of each API.
pub(super) fn compile(apis: &mut [Api], repository: &Path, target: &Path) -> Result<(), String> {
    fs::create_dir_all(target).map_err(|error| format!("{}: {error}", target.display()))?;
    let target = target
        .canonicalize()
        .map_err(|error| format!("{}: {error}", target.display()))?;
    let root = target.join("check-corpus");
    let mut members = Vec::new();
    for api in apis.iter().filter(|api| !api.files().is_empty()) {
        write_package(api, &root, repository)?;
        members.push(package_name(api));
    }
    if !members.is_empty() {
        write(&root.join("Cargo.toml"), &workspace(&members))?;
        let lock = read(&repository.join("Cargo.lock"))?;
        write(&root.join("Cargo.lock"), &lock)?;
    }
    let compiled = if members.is_empty() {
        BTreeSet::new()
    } else {
        check(&root, &target)?
    };
    for api in apis {
        let manifest = root.join(package_name(api)).join("Cargo.toml");
        let is_compiled = api.files().is_empty() || compiled.contains(&manifest);
        api.compiled(is_compiled);
    }
    Ok(())
}

fn package_name(api: &Api) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    format!("corpus-{}", api.name.chars().map(plain).collect::<String>())
}

fn workspace(members: &[String]) -> String {
    format!(
        "[workspace]\nmembers = {members:?}\nresolver = \"3\"\n\n\
         [profile.dev]\ndebug = \"line-tables-only\"\n\n[profile.dev.package.\"*\"]\ndebug = false\n"
    )
}

/// Writes a package as a project of its own would be; what stood there before goes.
fn write_package(api: &Api, root: &Path, repository: &Path) -> Result<(), String> {
    let folder = root.join(package_name(api));
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let manifest = format!(
        "[package]\nname = \"{}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\nappsync-mcp = {{ path = '{}', default-features = false }}\ncynic = \"3\"\n\n\
         [build-dependencies]\nappsync-mcp-codegen = {{ path = '{}' }}\n",
        package_name(api),
        repository.display(),
        repository.join("codegen").display(),
    );
    write(&folder.join("Cargo.toml"), &manifest)?;
    let build = "fn main() -> std::process::ExitCode {\n    appsync_mcp_codegen::build(appsync_mcp_codegen::Writes::Included)\n}\n";
    write(&folder.join("build.rs"), build)?;
    write(
        &folder.join("src/main.rs"),
        "#![deny(warnings)]\n\nappsync_mcp::server!();\n",
    )?;
    for file in api.files() {
        write(&folder.join(&file.path), &file.text)?;
    }
    // Whoever checks a corpus reviews no tools: the lock is what is there.
    let sources = Sources::read(&folder).map_err(|error| error.to_string())?;
    match generate(&sources, Writes::Included) {
        Ok(generated) => write(&folder.join(LOCK), &generated.lock),
        // The build says it.
        Err(_) => Ok(()),
    }
}

/// Returns the manifests of the packages that compile. What rustc says goes to standard error.
fn check(root: &Path, target: &Path) -> Result<BTreeSet<PathBuf>, String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "check",
            "--quiet",
            "--keep-going",
            "--message-format=json-render-diagnostics",
        ])
        .current_dir(root)
        .env("CARGO_TARGET_DIR", target)
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo can't be started: {error}"))?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let compiled = messages.filter(|message| {
        let is = |place: &str, wanted: &str| message.pointer(place).and_then(Value::as_str) == Some(wanted);
        is("/reason", "compiler-artifact") && is("/target/kind/0", "bin")
    });
    Ok(compiled
        .filter_map(|message| Some(PathBuf::from(message.get("manifest_path")?.as_str()?)))
        .collect())
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let written = path
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, text));
    written.map_err(|error| format!("{}: {error}", path.display()))
}
