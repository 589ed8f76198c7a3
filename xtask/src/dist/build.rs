//! A package → its program, whose bytes say nothing of this machine: not where the project, its dependencies, the compiler or
//! the target folder are, nor what else was built here before.
//!
//! Invariant: nothing is handed on that holds a path of this machine.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::package::Package;
use crate::{project, voice};

/// Where a project's configuration of Cargo is.
const CONFIGURATION: &str = ".cargo/config.toml";

/// The compiler, as far as a program shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Compiler {
    /// The target that it builds for by itself.
    pub(crate) host: String,
    /// The commit that it was built from.
    commit: String,
    /// Where it is.
    sysroot: PathBuf,
}

/// Asks the compiler that Cargo will use.
pub(crate) fn compiler() -> Result<Compiler, String> {
    let version = rustc(&["-vV"])?;
    let fact = |name: &str| {
        let line = version
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.map(str::to_owned)
            .ok_or_else(|| format!("`rustc -vV` does not tell its {name}"))
    };
    Ok(Compiler {
        host: fact("host")?,
        commit: fact("commit-hash")?,
        sysroot: PathBuf::from(rustc(&["--print", "sysroot"])?.trim_end()),
    })
}

fn rustc(arguments: &[&str]) -> Result<String, String> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(arguments)
        .output()
        .map_err(|error| format!("rustc can't be started: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("rustc: {}", String::from_utf8_lossy(&output.stderr).trim_end()))
    }
}

/// Builds the program for a target, and returns where it is. What Cargo says goes to standard error.
pub(crate) fn build(package: &Package, compiler: &Compiler, target: &str) -> Result<PathBuf, String> {
    // A folder of its own: what an ordinary build has left there was made under other flags.
    let folder = package.target.join("dist-build");
    let places = places(package, compiler, &folder);
    let features = package
        .features
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(",");
    let arguments = [
        &["build", "--locked", "--profile", package.profile, "--target", target][..],
        &[
            "--bin",
            &package.program,
            "--no-default-features",
            "--features",
            &features,
        ],
    ]
    .concat();
    let set = set();
    if set.is_none() && are_in_configuration(&package.root) {
        voice::note(format_args!(
            "the `rustflags` of {CONFIGURATION} are left out of what is shipped; if it needs them, set `RUSTFLAGS`"
        ));
    }
    voice::command(format!("APPSYNC_MCP_REQUIRE_VERIFIED=1 cargo {}", arguments.join(" ")));
    let status = project::cargo()
        .args(&arguments)
        .arg("--target-dir")
        .arg(&folder)
        .current_dir(&package.root)
        .env("APPSYNC_MCP_REQUIRE_VERIFIED", "1")
        .env("CARGO_BUILD_BUILD_DIR", &folder)
        .env("CARGO_ENCODED_RUSTFLAGS", flags(set, &places))
        .env("CARGO_INCREMENTAL", "0")
        .status()
        .map_err(|error| format!("cargo can't be started: {error}"))?;
    if !status.success() {
        return Err("the program was not built, and nothing is written".to_owned());
    }
    let suffix = if target.contains("windows") { ".exe" } else { "" };
    let program = folder
        .join(target)
        .join(package.profile)
        .join(format!("{}{suffix}", package.program));
    check(&program, &places)?;
    Ok(program)
}

/// Returns the folders that code comes from, each with what it is called in the program. Of two that fit, the later one
/// counts.
fn places(package: &Package, compiler: &Compiler, target: &Path) -> Vec<(PathBuf, String)> {
    let elsewhere = package.elsewhere.iter();
    let mut places: Vec<_> = elsewhere
        .map(|folder| (folder.clone(), "/dependencies".to_owned()))
        .collect();
    places.push((package.root.clone(), "/project".to_owned()));
    places.push((target.to_owned(), "/target".to_owned()));
    // The standard library has this name already, unless its sources are there too.
    let library = compiler.sysroot.join("lib/rustlib/src/rust");
    places.push((library, format!("/rustc/{}", compiler.commit)));
    places.sort_by_key(|(folder, _)| folder.components().count());
    places
}

/// Returns the compiler's flags that the user has set, in Cargo's encoding.
fn set() -> Option<String> {
    env::var("CARGO_ENCODED_RUSTFLAGS").ok().or_else(|| {
        let flags = env::var("RUSTFLAGS").ok()?;
        Some(flags.split_whitespace().collect::<Vec<_>>().join("\x1f"))
    })
}

/// Whether the project's configuration of Cargo has flags for the compiler, which count only where no variable has any.
fn are_in_configuration(root: &Path) -> bool {
    let text = fs::read_to_string(root.join(CONFIGURATION)).unwrap_or_default();
    let configuration: toml::Table = text.parse().unwrap_or_default();
    let table = |key: &str| configuration.get(key).and_then(toml::Value::as_table);
    let of_targets = table("target").into_iter().flat_map(toml::Table::values);
    let mut tables = of_targets.filter_map(toml::Value::as_table).chain(table("build"));
    tables.any(|table| table.contains_key("rustflags"))
}

/// Returns all of the compiler's flags: those that the user has set, and ours.
fn flags(set: Option<String>, places: &[(PathBuf, String)]) -> String {
    let ours = places
        .iter()
        .map(|(folder, name)| format!("--remap-path-prefix={}={name}", folder.display()));
    let set = set.filter(|flags| !flags.is_empty());
    set.into_iter().chain(ours).collect::<Vec<_>>().join("\x1f")
}

/// Looks whether a folder's name is in the program after all.
fn check(program: &Path, places: &[(PathBuf, String)]) -> Result<(), String> {
    let bytes = fs::read(program).map_err(|error| format!("{}: {error}", program.display()))?;
    for (folder, _) in places {
        // A name as short as `/src` is part of others.
        let is_telling = folder.components().count() > 2;
        let text = format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR);
        if is_telling && contains(&bytes, text.as_bytes()) {
            return Err(format!(
                "the program holds `{text}`, a folder of this machine, so that another one would build another program; \
                 look for what puts it there, such as `env!(\"CARGO_MANIFEST_DIR\")` or `include_str!` in what is shipped"
            ));
        }
    }
    Ok(())
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_folder_counts_before_a_shorter_one() {
        let package = Package {
            program: "books".to_owned(),
            facts: super::super::package::Facts::default(),
            features: std::collections::BTreeSet::new(),
            profile: "dist",
            root: PathBuf::from("/code/books"),
            target: PathBuf::from("/code/books/target"),
            elsewhere: [
                PathBuf::from("/code"),
                PathBuf::from("/home/me/.cargo/registry/src/example"),
            ]
            .into(),
        };
        let compiler = Compiler {
            host: "x".to_owned(),
            commit: "0123".to_owned(),
            sysroot: PathBuf::from("/home/me/.rustup/x"),
        };
        let places = places(&package, &compiler, Path::new("/code/books/target/dist-build"));
        let names: Vec<_> = places.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(
            names,
            ["/dependencies", "/project", "/target", "/dependencies", "/rustc/0123"]
        );
        let text = flags(Some("-Ctarget-cpu=native".to_owned()), &places);
        assert!(
            text.starts_with("-Ctarget-cpu=native\x1f--remap-path-prefix="),
            "{text}"
        );
        assert!(
            text.contains("--remap-path-prefix=/code=/dependencies\x1f--remap-path-prefix=/code/books=/project\x1f"),
            "{text}"
        );
    }

    #[test]
    fn flags_that_would_be_lost_are_seen() {
        let root = env::temp_dir().join(format!("appsync-mcp-dist-flags-{}", std::process::id()));
        fs::create_dir_all(root.join(".cargo")).unwrap();
        for (text, expected) in [
            ("[alias]\nxtask = \"run\"\n", false),
            ("[build]\nrustflags = [\"-Ctarget-cpu=native\"]\n", true),
            ("[target.'cfg(unix)']\nrustflags = \"-Clink-arg=-s\"\n", true),
            ("[target.x86_64-unknown-linux-gnu]\nlinker = \"clang\"\n", false),
        ] {
            fs::write(root.join(CONFIGURATION), text).unwrap();
            assert_eq!(are_in_configuration(&root), expected, "{text}");
        }
        fs::remove_dir_all(&root).unwrap();
        assert!(!are_in_configuration(&root));
    }

    #[test]
    fn a_folder_of_this_machine_is_found() {
        let program = env::temp_dir().join(format!("appsync-mcp-dist-{}", std::process::id()));
        let places = [
            (PathBuf::from("/home/me/books"), "/project".to_owned()),
            (PathBuf::from("/src"), "/dependencies".to_owned()),
        ];
        for (bytes, is_clean) in [
            (
                &b"\x7fELF /project/src/main.rs core/src/num.rs /home/me/bookshelf"[..],
                true,
            ),
            (&b"\x7fELF /home/me/books/src/main.rs"[..], false),
        ] {
            fs::write(&program, bytes).unwrap();
            assert_eq!(check(&program, &places).is_ok(), is_clean);
        }
        fs::remove_file(&program).unwrap();
    }
}
