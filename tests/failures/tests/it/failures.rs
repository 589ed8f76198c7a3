//! The table of failures: each file in `cases/` says what an API does, and what the model and the operator are told of it.
//!
//! `UPDATE_EXPECT=1` writes what was seen into the files; `--nocapture` prints the table.
//!
//! Invariant: every file of the folder is a case, and every word in it is understood.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use appsync_mcp_failures::generated::CONTRACT;
use expect_test::expect_file;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answer::Filling;
use crate::credential::{Change, Credential, Mode};
use crate::program::{Program, is_write};
use crate::upstream::{Exchange, RESET_AFTER, Upstream};

/// How many programs run at a time; most of them wait.
const WORKERS: usize = 12;

/// What a call may take beyond its tool's timeout on a machine that is busy, in milliseconds.
const GRACE_MS: u64 = 5_000;

/// What must be in no text for a model: this machine, the parts of the server, and the API's own words.
const INTERNALS: [&str; 17] = [
    "127.0.0.1",
    "localhost",
    "://",
    "/graphql",
    "Bearer",
    "eyJ",
    "da2-",
    "AKIA",
    "arn:",
    "Lambda",
    "DynamoDB",
    "VTL",
    "<html",
    "reqwest",
    "hyper",
    "serde",
    "INTERNAL",
];

/// A file in `cases/`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What goes wrong.
    #[serde(rename = "about")]
    _about: String,
    /// What the API does.
    upstream: Vec<Exchange>,
    /// Whether the client is told to speak TLS.
    #[serde(default)]
    https: bool,
    /// The tools that are called.
    #[serde(default = "both")]
    tools: Vec<String>,
    /// How often each is called by one program; what the last call comes to is what counts.
    #[serde(default = "once")]
    calls: u32,
    /// What becomes of the credential as soon as a request has come.
    credential: Option<Change>,
    /// The modes that they are called in.
    #[serde(default = "api_key")]
    modes: Vec<Mode>,
    /// What may come of it as well, where the outcome depends on who is quicker; the first that a tool has is what is kept.
    #[serde(default)]
    either: Vec<Either>,
    /// What came of it; written by the test.
    #[serde(rename = "seen", default)]
    _seen: Vec<Seen>,
}

/// One of several things that may come of a call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Either {
    tool: String,
    outcome: String,
    told: String,
}

/// What came of a call, the same in several modes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    tool: String,
    modes: Vec<Mode>,
    /// The kind in the log.
    outcome: String,
    /// What the model reads.
    told: String,
    /// How many requests reached the API whole.
    requests: usize,
    /// How many attempts it saw, whole requests or not.
    attempts: usize,
    /// Which credential each request brought: 0 is the first, 2 what is there instead. Left out where it is always that.
    #[serde(default, skip_serializing_if = "is_first")]
    credentials: Vec<usize>,
}

/// A call of a case.
struct Job<'a> {
    name: &'a str,
    case: &'a Case,
    tool: &'a str,
    mode: Mode,
}

/// One line of the table.
struct Row {
    name: String,
    seen: Seen,
    /// How many connections were made.
    connections: usize,
    ms: u64,
}

fn both() -> Vec<String> {
    vec!["get_item".to_owned(), "make_item".to_owned()]
}

fn api_key() -> Vec<Mode> {
    vec![Mode::ApiKey]
}

fn is_first(credentials: &[usize]) -> bool {
    credentials.iter().all(|number| *number == 0)
}

fn once() -> u32 {
    1
}

#[test]
fn each_failure_is_told_as_it_should_be() {
    let files = files();
    assert!(files.len() >= 40, "{}", files.len());
    let cases: Vec<(String, Case)> = files
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).unwrap();
            let case = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), case)
        })
        .collect();
    let jobs = cases.iter().flat_map(|(name, case)| {
        case.tools.iter().flat_map(move |tool| {
            case.modes.iter().map(move |mode| Job {
                name,
                case,
                tool,
                mode: *mode,
            })
        })
    });
    let rows = run_all(jobs.collect());

    println!("{}", table(&rows));
    let differ: Vec<&PathBuf> = files
        .iter()
        .zip(&cases)
        .filter(|(path, (name, _))| {
            let expected = with_seen(path, seen(&rows, name));
            catch_unwind(AssertUnwindSafe(|| expect_file![path].assert_eq(&expected))).is_err()
        })
        .map(|(path, _)| path)
        .collect();
    assert!(differ.is_empty(), "{differ:?}");
}

/// The cases, in the order of their names.
fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    for file in &files {
        assert!(
            file.extension().is_some_and(|extension| extension == "json"),
            "{} is no case",
            file.display()
        );
    }
    files.sort();
    files
}

/// Runs the jobs, some at a time, and returns the rows in the jobs' order.
fn run_all(jobs: Vec<Job<'_>>) -> Vec<Row> {
    let queue: Mutex<VecDeque<(usize, Job<'_>)>> = Mutex::new(jobs.into_iter().enumerate().collect());
    let rows = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                loop {
                    let next = queue.lock().unwrap().pop_front();
                    let Some((number, job)) = next else { break };
                    let row = run(&job);
                    rows.lock().unwrap().push((number, row));
                }
            });
        }
    });
    let mut rows = rows.into_inner().unwrap();
    rows.sort_by_key(|(number, _)| *number);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Calls a tool once, with a program and an API of its own.
fn run(job: &Job<'_>) -> Row {
    let Job { name, case, tool, mode } = *job;
    let what = format!("{name} {tool} {mode:?}");
    let credential = Arc::new(Credential::new(mode));
    let elsewhere = Upstream::start(Vec::new(), |_| {});
    let filling = Filling {
        root: if is_write(tool) { "makeItem" } else { "getItem" },
        credential: credential.sent()[0],
        elsewhere: &format!("http://{}/graphql", elsewhere.address),
    };
    let script = case.upstream.iter().map(|exchange| exchange.filled(&filling));
    let brought = Arc::new(Mutex::new(Vec::new()));
    let upstream = Upstream::start(script.collect(), {
        let (credential, brought, change) = (Arc::clone(&credential), Arc::clone(&brought), case.credential);
        move |request| {
            brought.lock().unwrap().push(credential.number(request));
            if let Some(change) = change {
                credential.change(change);
            }
        }
    });
    let scheme = if case.https { "https" } else { "http" };
    let endpoint = format!("{scheme}://{}/graphql", upstream.address);

    let mut program = Program::start(&endpoint, &credential);
    for id in 1..case.calls {
        program.ask(id.into(), tool);
        program.told();
        // Whatever becomes of the connection has become of it by then.
        thread::sleep(4 * RESET_AFTER);
    }
    program.ask(case.calls.into(), tool);
    let told = program.told();
    let log = program.end();

    for internal in INTERNALS {
        assert!(!told.text.contains(internal), "{what}: {internal}: {}", told.text);
    }
    for secret in credential.secrets() {
        assert!(
            !told.text.contains(secret) && !log.contains(secret),
            "{what}: a secret: {}\n{log}",
            told.text
        );
    }
    assert_eq!(elsewhere.connections(), 0, "{what}: the credential went elsewhere");
    let line = log
        .lines()
        .rfind(|line| line.contains(" call tool="))
        .unwrap_or_else(|| panic!("{what}: {log}"));
    let member = |name: &str| {
        let value = line
            .split(' ')
            .find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
        value.unwrap_or_else(|| panic!("{what}: no {name}: {line}"))
    };
    assert_eq!(member("outcome") != "ok", told.is_error, "{what}: {line}");
    let ms = member("ms").parse().unwrap();
    let timeout_ms = u64::from(timeout_seconds(tool)) * 1000;
    assert!(ms < timeout_ms + GRACE_MS, "{what}: {ms} ms");
    let of_tool: Vec<&Either> = case.either.iter().filter(|either| either.tool == tool).collect();
    let is_there = |either: &&Either| either.outcome == member("outcome") && either.told == told.text;
    let (outcome, text) = match of_tool.as_slice() {
        [first, ..] if of_tool.iter().any(is_there) => (first.outcome.clone(), first.told.clone()),
        _ => (member("outcome").to_owned(), told.text.clone()),
    };
    if is_write(tool) {
        // What refuses the credential is an answer: nothing was carried out, and the same request may go with another one.
        let most =
            usize::try_from(case.calls).unwrap() + case.upstream.iter().filter(|exchange| exchange.refuses()).count();
        assert!(upstream.attempts() <= most, "{what}: a write went out again");
    }
    Row {
        name: name.to_owned(),
        seen: Seen {
            tool: tool.to_owned(),
            modes: vec![mode],
            outcome,
            told: text,
            requests: upstream.requests(),
            attempts: upstream.attempts(),
            credentials: brought.lock().unwrap().clone(),
        },
        connections: upstream.connections(),
        ms,
    }
}

fn timeout_seconds(tool: &str) -> u32 {
    let specs = CONTRACT.tools.iter().map(appsync_mcp::tool::Tool::spec);
    let mut timeouts = specs.filter(|spec| spec.name == tool).map(|spec| spec.timeout_seconds);
    timeouts.next().unwrap_or_else(|| panic!("there is no `{tool}`"))
}

/// What was seen of a case; modes that saw the same are put together.
fn seen(rows: &[Row], name: &str) -> Vec<Seen> {
    let mut all: Vec<Seen> = Vec::new();
    for row in rows.iter().filter(|row| row.name == name) {
        let same = |other: &&mut Seen| {
            let modes = other.modes.clone();
            **other
                == Seen {
                    modes,
                    ..row.seen.clone()
                }
        };
        match all.iter_mut().find(same) {
            Some(other) => other.modes.extend(&row.seen.modes),
            None => all.push(row.seen.clone()),
        }
    }
    all
}

/// The text of a case's file with what was seen in it.
fn with_seen(path: &Path, seen: Vec<Seen>) -> String {
    let mut case: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    case["seen"] = serde_json::to_value(seen).unwrap();
    format!("{}\n", serde_json::to_string_pretty(&case).unwrap())
}

fn table(rows: &[Row]) -> String {
    let mut table = format!(
        "{:<40} {:<17} {:<26} {:<20} {:>8} {:>8} {:>11} {:>6}",
        "case", "tool", "mode", "outcome", "requests", "attempts", "connections", "ms"
    );
    for Row {
        name,
        seen,
        connections,
        ms,
    } in rows
    {
        let mode = serde_json::to_value(seen.modes[0]).unwrap();
        write!(
            table,
            "\n{name:<40} {:<17} {:<26} {:<20} {:>8} {:>8} {connections:>11} {ms:>6}",
            seen.tool,
            mode.as_str().unwrap(),
            seen.outcome,
            seen.requests,
            seen.attempts
        )
        .unwrap();
    }
    table
}
