//! The table of failures: each file in `cases/` says what an API does, and what the model and the operator are told of it.
//!
//! `UPDATE_EXPECT=1` writes what was seen into the files; `--nocapture` prints the table.
//!
//! Invariant: no write reaches an API more often than it was called, but for answers that refuse the credential.
//! Invariant: no text shows a credential, nor a model anything of this machine or of the API's own words.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use appsync_mcp_failures::generated::CONTRACT;
use expect_test::expect_file;

use crate::answer::Filling;
use crate::case::{self, Case, Seen};
use crate::credential::{Credential, Mode};
use crate::program::{Program, Told, is_write};
use crate::upstream::{Exchange, Upstream};

/// How many programs run at a time; most of them wait.
const WORKERS: usize = 24;

/// How often a call is made until its tool's time was enough for what comes before the API leaves it waiting.
const TRIES: u32 = 100;

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

#[test]
fn each_failure_is_told_as_it_should_be() {
    let cases = case::read_all();
    assert!(cases.len() >= 40, "{}", cases.len());
    let jobs = cases.iter().flat_map(|(path, case)| {
        case.tools.iter().flat_map(move |tool| {
            case.modes.iter().map(move |mode| Job {
                name: name(path),
                case,
                tool,
                mode: *mode,
            })
        })
    });
    let rows = run_all(jobs.collect());

    println!("{}", table(&rows));
    let is_other = |path: &&PathBuf| {
        let expected = case::with_seen(path, seen(&rows, name(path)));
        catch_unwind(AssertUnwindSafe(|| expect_file![path].assert_eq(&expected))).is_err()
    };
    let differ: Vec<&PathBuf> = cases.iter().map(|(path, _)| path).filter(is_other).collect();
    assert!(differ.is_empty(), "{differ:?}");
}

/// What a case is called.
fn name(path: &Path) -> &str {
    path.file_stem().unwrap().to_str().unwrap()
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
                    let mut tries = (0..TRIES).filter_map(|_| run(&job));
                    let row = tries
                        .next()
                        .unwrap_or_else(|| panic!("{}: the call had no time", job.name));
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
///
/// Nothing is shown, and `None` returned, if the API is to leave the call waiting and half of the call's time was over before
/// it did: on a busy machine, whatever comes before may have had no time.
fn run(job: &Job<'_>) -> Option<Row> {
    let Job { name, case, tool, mode } = *job;
    let what = format!("{name} {tool} {mode:?}");
    let credential = Arc::new(Credential::new(mode));
    let elsewhere = Upstream::start(Vec::new(), |_| {});
    let filling = Filling {
        root: root(tool),
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
        upstream.told();
        program.round_trip();
    }
    let start = Instant::now();
    program.ask(case.calls.into(), tool);
    let told = program.told();
    let log = program.end();
    let timeout = timeout(tool);
    let is_shown = |stalled: Instant| stalled.duration_since(start) < timeout / 2;
    if case.upstream.iter().any(Exchange::stalls) && !upstream.stalled().is_some_and(is_shown) {
        return None;
    }

    check_texts(&what, &told, &log, &credential);
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
    let (outcome, text) = case.kept(tool, member("outcome"), &told.text);
    if is_write(tool) {
        assert!(
            upstream.attempts() <= case.attempts_of_a_write(),
            "{what}: a write went out again"
        );
    }
    Some(Row {
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
    })
}

/// Checks that no text shows what it must not.
fn check_texts(what: &str, told: &Told, log: &str, credential: &Credential) {
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
}

/// The root field of a tool's operation.
fn root(tool: &str) -> &'static str {
    match tool {
        "list_items" => "listItems",
        "make_item_in_one_step" => "makeItemInOneStep",
        _ if is_write(tool) => "makeItem",
        _ => "getItem",
    }
}

fn timeout(tool: &str) -> Duration {
    let mut specs = CONTRACT.tools.iter().map(appsync_mcp::tool::Tool::spec);
    let spec = specs.find(|spec| spec.name == tool);
    let spec = spec.unwrap_or_else(|| panic!("there is no `{tool}`"));
    Duration::from_secs(spec.timeout_seconds.into())
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
