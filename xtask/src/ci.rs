//! A project → whether it passes what CI runs: the project's own `.ci/run`, or else the steps below, one after the other.
//!
//! Invariant: what is left out is said, with the reason.

use std::{
    env,
    fmt::Write as _,
    path::Path,
    process::{Command, ExitCode},
    time::Instant,
};

use serde_json::Value;

use crate::{project, tools, voice};

/// The project's own script, which takes the place of all steps.
const OWN: &str = ".ci/run";

/// What stands for `-p NAME` of each of the workspace's own packages.
const MEMBERS: &str = "$MEMBERS";

/// One thing that CI runs.
struct Step {
    /// The command line: variables to set, then a program with its arguments, of which `$NAME` stands for a variable's value,
    /// and [`MEMBERS`] for the workspace's packages.
    line: &'static str,
    /// Why it has nothing to do, if so.
    left_out: fn(&Ground) -> Option<&'static str>,
}

/// What there is to go by.
struct Ground {
    /// Whether the README has a place for the table of tools.
    has_table: bool,
    /// Whether anything was verified.
    has_verified: bool,
    /// What names the live API.
    live: Live,
}

/// What names the live API, the one that tells more if both do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Live {
    ApiId,
    Endpoint,
    Nothing,
}

/// The steps, the quick ones first.
const STEPS: &[Step] = &[
    // Not `--all`, which formats what the project depends on by its path, too.
    always("cargo fmt --check $MEMBERS"),
    always("cargo xtask check"),
    Step {
        line: "cargo xtask tools --check",
        left_out: |ground| (!ground.has_table).then_some("README.md has no place for the table of tools"),
    },
    Step {
        line: "cargo xtask refresh-schema --check --api-id $APPSYNC_API_ID",
        left_out: |ground| (ground.live != Live::ApiId).then_some("`APPSYNC_API_ID` is not set"),
    },
    Step {
        line: "cargo xtask refresh-schema --check",
        left_out: |ground| match ground.live {
            Live::ApiId => Some("`APPSYNC_API_ID` is set"),
            Live::Endpoint => None,
            Live::Nothing => Some("`APPSYNC_MCP_ENDPOINT` is not set"),
        },
    },
    always("cargo clippy --workspace --all-targets --locked -- -D warnings"),
    always("cargo build --workspace --locked"),
    always("cargo test --workspace --locked"),
    always("RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --no-deps --locked"),
    Step {
        line: "APPSYNC_MCP_REQUIRE_VERIFIED=1 cargo check --workspace --locked",
        left_out: |ground| {
            (!ground.has_verified).then_some("there is no `schema/verified.lock`; `cargo xtask verify` writes it")
        },
    },
];

const fn always(line: &'static str) -> Step {
    Step {
        line,
        left_out: |_| None,
    }
}

impl Ground {
    fn of(root: &Path) -> Self {
        // CI sets what a repository has no value for to nothing.
        let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        Self {
            has_table: tools::has_place(root),
            has_verified: root.join("schema/verified.lock").exists(),
            live: match (is_set("APPSYNC_API_ID"), is_set("APPSYNC_MCP_ENDPOINT")) {
                (true, _) => Live::ApiId,
                (false, true) => Live::Endpoint,
                (false, false) => Live::Nothing,
            },
        }
    }
}

/// Runs them, and prints what became of each.
pub(crate) fn run() -> ExitCode {
    let root = Path::new(".");
    if root.join(OWN).exists() {
        return voice::end(run_line("bash .ci/run"));
    }
    let (report, done) = go(&Ground::of(root), run_line);
    let printed = project::print(&report).map_err(|error| error.to_string());
    voice::end(done.and(printed))
}

/// Goes through the steps up to the first that fails. Returns what became of each, and that failure.
fn go(ground: &Ground, run: impl Fn(&'static str) -> Result<(), String>) -> (String, Result<(), String>) {
    let (mut report, mut done) = (String::new(), Ok(()));
    for step in STEPS {
        let began = Instant::now();
        let outcome = match (step.left_out)(ground) {
            Some(why) => format!("left out: {why}"),
            None if done.is_err() => "not run".to_owned(),
            None => {
                done = run(step.line);
                let outcome = if done.is_ok() { "ok" } else { "FAILED" };
                format!("{outcome}, {} s", began.elapsed().as_secs())
            }
        };
        let _ = writeln!(report, "{}: {outcome}", step.line);
    }
    (report, done)
}

/// Runs a command line, after saying it. Its words have no spaces in them.
fn run_line(line: &'static str) -> Result<(), String> {
    voice::command(line);
    let mut words = line.split(' ').peekable();
    let mut variables = Vec::new();
    while let Some(variable) = words.next_if(|word| word.contains('=')) {
        variables.extend(variable.split_once('='));
    }
    let mut command = match (words.next(), words.peek()) {
        (Some("cargo"), Some(&"xtask")) => {
            words.next();
            Command::new(env::current_exe().map_err(|error| format!("`{line}` can't be started: {error}"))?)
        }
        (Some("cargo"), _) => project::cargo(),
        (program, _) => Command::new(program.unwrap_or_default()),
    };
    for word in words {
        match word.strip_prefix('$') {
            Some(_) if word == MEMBERS => {
                let metadata = project::metadata().map_err(|error| error.to_string())?;
                command.args(members(&metadata));
            }
            Some(name) => {
                command.arg(env::var_os(name).unwrap_or_default());
            }
            None => {
                command.arg(word);
            }
        }
    }
    let status = command.envs(variables).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` failed ({status})")),
        Err(error) => Err(format!("`{line}` can't be started: {error}")),
    }
}

/// Returns the flags that name the workspace's own packages, from what Cargo knows of them.
fn members(metadata: &Value) -> Vec<&str> {
    let packages = metadata.get("packages").and_then(Value::as_array);
    let names = packages.into_iter().flatten().filter_map(|package| package.get("name"));
    names.filter_map(Value::as_str).flat_map(|name| ["-p", name]).collect()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_failure_is_the_end_and_what_is_left_out_is_said() {
        let nothing = Ground {
            has_table: false,
            has_verified: false,
            live: Live::Nothing,
        };
        let fail = |line: &'static str| {
            if line.starts_with("cargo build") {
                Err(format!("`{line}` failed"))
            } else {
                Ok(())
            }
        };
        let (report, done) = go(&nothing, fail);
        assert_eq!(done, Err("`cargo build --workspace --locked` failed".to_owned()));
        expect![[r#"
            cargo fmt --check $MEMBERS: ok, 0 s
            cargo xtask check: ok, 0 s
            cargo xtask tools --check: left out: README.md has no place for the table of tools
            cargo xtask refresh-schema --check --api-id $APPSYNC_API_ID: left out: `APPSYNC_API_ID` is not set
            cargo xtask refresh-schema --check: left out: `APPSYNC_MCP_ENDPOINT` is not set
            cargo clippy --workspace --all-targets --locked -- -D warnings: ok, 0 s
            cargo build --workspace --locked: FAILED, 0 s
            cargo test --workspace --locked: not run
            RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --no-deps --locked: not run
            APPSYNC_MCP_REQUIRE_VERIFIED=1 cargo check --workspace --locked: left out: there is no `schema/verified.lock`; `cargo xtask verify` writes it
        "#]].assert_eq(&report);
    }

    #[test]
    fn only_the_projects_own_packages_are_formatted() {
        // What a package depends on by its path stands in its `dependencies`.
        let package = |name| json!({ "name": name, "dependencies": [{ "name": "appsync-mcp", "path": "/elsewhere" }] });
        let metadata = json!({ "packages": [package("books-mcp"), package("xtask")] });
        assert_eq!(members(&metadata), ["-p", "books-mcp", "-p", "xtask"]);
        assert!(members(&json!({})).is_empty());
        assert_eq!(STEPS.iter().filter(|step| step.line.ends_with(MEMBERS)).count(), 1);
    }

    #[test]
    fn the_live_api_is_looked_at_once() {
        for (live, expected) in [
            (
                Live::ApiId,
                vec!["cargo xtask refresh-schema --check --api-id $APPSYNC_API_ID"],
            ),
            (Live::Endpoint, vec!["cargo xtask refresh-schema --check"]),
            (Live::Nothing, vec![]),
        ] {
            let ground = Ground {
                has_table: true,
                has_verified: true,
                live,
            };
            let lines = STEPS
                .iter()
                .filter(|step| (step.left_out)(&ground).is_none())
                .map(|step| step.line);
            let (drift, others): (Vec<_>, Vec<_>) = lines.partition(|line| line.contains("refresh-schema"));
            assert_eq!(drift, expected);
            assert_eq!(others.len(), STEPS.len() - 2);
        }
    }
}
