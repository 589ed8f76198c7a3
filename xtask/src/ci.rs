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

use crate::{project, tools, voice};

/// The project's own script, which takes the place of all steps.
const OWN: &str = ".ci/run";

/// The file without which nothing is verified yet.
const VERIFIED: &str = "schema/verified.lock";

/// What names the live API: its id, or else the endpoint as the program takes it.
const API_ID: &str = "APPSYNC_API_ID";
const ENDPOINT: &str = "APPSYNC_MCP_ENDPOINT";

/// One thing that CI runs.
struct Step {
    /// The command line: variables to set, then a program with its arguments, of which `$NAME` stands for a variable's value.
    line: &'static str,
    /// Why it has nothing to do in this project, if so.
    left_out: fn(&Path) -> Option<String>,
}

/// The steps, the quick ones first.
const STEPS: &[Step] = &[
    always("cargo fmt --all --check"),
    always("cargo xtask check"),
    Step {
        line: "cargo xtask tools --check",
        left_out: |root| (!tools::has_place(root)).then(|| "README.md has no place for the table of tools".to_owned()),
    },
    Step {
        line: "cargo xtask refresh-schema --check --api-id $APPSYNC_API_ID",
        left_out: |_| (!is_set(API_ID)).then(|| format!("`{API_ID}` is not set")),
    },
    Step {
        line: "cargo xtask refresh-schema --check",
        left_out: |_| match (is_set(API_ID), is_set(ENDPOINT)) {
            (true, _) => Some(format!("`{API_ID}` names the API")),
            (false, true) => None,
            (false, false) => Some(format!("`{ENDPOINT}` is not set")),
        },
    },
    always("cargo clippy --workspace --all-targets --locked -- -D warnings"),
    always("cargo build --workspace --locked"),
    always("cargo test --workspace --locked"),
    always("RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --no-deps --locked"),
    Step {
        line: "APPSYNC_MCP_REQUIRE_VERIFIED=1 cargo check --workspace --locked",
        left_out: |root| {
            (!root.join(VERIFIED).exists())
                .then(|| format!("there is no `{VERIFIED}` yet; `cargo xtask verify` writes it"))
        },
    },
];

const fn always(line: &'static str) -> Step {
    Step {
        line,
        left_out: |_| None,
    }
}

/// Whether a variable is set; CI sets what a repository has no value for to nothing.
fn is_set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}

/// Runs them, and prints what became of each.
pub(crate) fn run() -> ExitCode {
    let root = Path::new(".");
    if root.join(OWN).exists() {
        return voice::end(run_line("bash .ci/run"));
    }
    let (mut summary, mut failed) = (String::new(), None);
    for step in STEPS {
        let began = Instant::now();
        let (outcome, about) = match (&failed, (step.left_out)(root)) {
            (Some(_), _) => ("not run", String::new()),
            (None, Some(why)) => ("left out", format!("   ({why})")),
            (None, None) => match run_line(step.line) {
                Ok(()) => ("ok", String::new()),
                Err(error) => {
                    failed = Some(error);
                    ("FAILED", String::new())
                }
            },
        };
        let seconds = began.elapsed().as_secs();
        let _ = writeln!(summary, "{outcome:<8} {seconds:>4} s  {}{about}", step.line);
    }
    let printed = project::print(&summary).map_err(|error| error.to_string());
    voice::end(failed.map_or(Ok(()), Err).and(printed))
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
    let words = words.map(|word| match word.strip_prefix('$') {
        Some(name) => env::var_os(name).unwrap_or_default(),
        None => word.into(),
    });
    let status = command.args(words).envs(variables).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{line}` failed ({status})")),
        Err(error) => Err(format!("`{line}` can't be started: {error}")),
    }
}
