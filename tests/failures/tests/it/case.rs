//! A row of the table of failures: a file in `cases/` that says what an API does, and what came of it.
//!
//! Invariant: every file of the folder is a case, and every word in it is understood.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::credential::{Change, Mode};
use crate::upstream::Exchange;

/// A file in `cases/`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What goes wrong.
    #[serde(rename = "about")]
    _about: String,
    /// What the API does.
    pub(crate) upstream: Vec<Exchange>,
    /// Whether the client is told to speak TLS.
    #[serde(default)]
    pub(crate) https: bool,
    /// The tools that are called.
    #[serde(default = "both")]
    pub(crate) tools: Vec<String>,
    /// How often each is called by one program; what the last call comes to is what counts.
    #[serde(default = "once")]
    pub(crate) calls: u32,
    /// What becomes of the credential as soon as a request has come.
    pub(crate) credential: Option<Change>,
    /// The modes that they are called in.
    #[serde(default = "api_key")]
    pub(crate) modes: Vec<Mode>,
    /// What may come of it as well, where the outcome depends on who is quicker; the first that a tool has is what is kept.
    #[serde(default)]
    pub(crate) either: Vec<Either>,
    /// What came of it; written by the test.
    #[serde(rename = "seen", default)]
    _seen: Vec<Seen>,
}

/// One of several things that may come of a call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Either {
    pub(crate) tool: String,
    pub(crate) outcome: String,
    pub(crate) told: String,
}

/// What came of a call, the same in several modes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Seen {
    pub(crate) tool: String,
    pub(crate) modes: Vec<Mode>,
    /// The kind in the log.
    pub(crate) outcome: String,
    /// What the model reads.
    pub(crate) told: String,
    /// How many requests reached the API whole.
    pub(crate) requests: usize,
    /// How many attempts it saw, whole requests or not.
    pub(crate) attempts: usize,
    /// Which credential each request brought: 0 is the first, 2 what is there instead. Left out where it is always that.
    #[serde(default, skip_serializing_if = "is_first")]
    pub(crate) credentials: Vec<usize>,
}

impl Case {
    /// Returns what came of a call in the words of the case, where the outcome depends on who is quicker.
    pub(crate) fn kept(&self, tool: &str, outcome: &str, told: &str) -> (String, String) {
        let of_tool: Vec<&Either> = self.either.iter().filter(|either| either.tool == tool).collect();
        let is_there = |either: &&Either| either.outcome == outcome && either.told == told;
        match of_tool.as_slice() {
            [first, ..] if of_tool.iter().any(is_there) => (first.outcome.clone(), first.told.clone()),
            _ => (outcome.to_owned(), told.to_owned()),
        }
    }

    /// How many attempts a write may take at most. What refuses the credential is an answer: nothing was carried out, and
    /// the same request may go with another one.
    pub(crate) fn attempts_of_a_write(&self) -> usize {
        let refusals = self.upstream.iter().filter(|exchange| exchange.refuses()).count();
        usize::try_from(self.calls).unwrap() + refusals
    }
}

/// Reads all cases, in the order of their names.
pub(crate) fn read_all() -> Vec<(PathBuf, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let read = |path: PathBuf| {
        let is_case = path.extension().is_some_and(|extension| extension == "json");
        assert!(is_case, "{} is no case", path.display());
        let text = fs::read_to_string(&path).unwrap();
        let case = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (path, case)
    };
    files.into_iter().map(read).collect()
}

/// The text of a case's file with what was seen in it.
pub(crate) fn with_seen(path: &Path, seen: Vec<Seen>) -> String {
    let mut case: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    case["seen"] = serde_json::to_value(seen).unwrap();
    format!("{}\n", serde_json::to_string_pretty(&case).unwrap())
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
