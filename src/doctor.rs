//! A program's configuration and its API → a list of checks, each with its state and what to do about it.
//!
//! In order: configuration, credential, endpoint, authorization, clock, schema, and each tool. What an earlier failure makes moot
//! is skipped; a schema that can't be compared makes no tool moot.
//!
//! Invariant: writes are never called, and reads at most once, with the least that their contract admits.
//! Invariant: each check has a longest time.
//! Invariant: no credential is in a check. The endpoint's host may be: the reader is the operator.

mod connection;
mod tools;

use std::time::Duration;

use serde_json::{Value, json};

use crate::dispatch::Dispatcher;
use crate::drift::{self, CheckError, Drift, Means};
use crate::error::in_full;
use crate::quote;
use crate::tool::Contract;

/// The longest that one check waits.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The longest that all tools' documents may take to be validated, a few at a time.
const SCHEMA_TIMEOUT: Duration = Duration::from_secs(30);

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// All is well.
    Ok,
    /// It works, and should be looked at.
    Warning,
    /// It does not work.
    Failed,
    /// It was not looked at.
    Skipped,
}

impl State {
    /// Returns the state's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Check {
    /// What was looked at, such as `endpoint`.
    pub(crate) name: String,
    /// How it went.
    pub(crate) state: State,
    /// What was found.
    pub(crate) detail: String,
    /// The next step; empty if there is none to take.
    pub(crate) advice: String,
}

impl Check {
    fn new(name: &str, state: State, detail: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            state,
            detail: detail.into(),
            advice: advice.into(),
        }
    }

    fn ok(name: &str, detail: impl Into<String>) -> Self {
        Self::new(name, State::Ok, detail, "")
    }

    fn failed(name: &str, detail: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(name, State::Failed, detail, advice)
    }

    fn skipped(name: &str, because: impl Into<String>) -> Self {
        Self::new(name, State::Skipped, because, "")
    }
}

/// What is looked at.
#[derive(Debug)]
pub(crate) struct Patient {
    /// What the configuration says, for the first check.
    pub(crate) configuration: String,
    /// What is odd in the configuration, and keeps nothing from working.
    pub(crate) warnings: Vec<String>,
    /// Whether others than this machine and the API can read what is sent.
    pub(crate) is_readable_on_the_way: bool,
    /// Whether connections are encrypted.
    pub(crate) is_https: bool,
    /// What calls go through.
    pub(crate) dispatcher: Dispatcher,
    /// Whether reads are called.
    pub(crate) calls: bool,
}

/// Says that the configuration is wrong; all else is moot then.
pub(crate) fn unconfigured(contract: &Contract, problem: String) -> Vec<Check> {
    let advice = "correct what the message names; `--help` lists this program's own settings, and the README the variables of proxies, \
                  certificates and AWS";
    let mut checks = vec![Check::failed("configuration", problem, advice)];
    let others = ["credential", "endpoint", "authorization", "clock", "schema"];
    checks.extend(others.map(|check| Check::skipped(check, "the configuration is wrong")));
    checks.extend(tools::skipped(contract, "the configuration is wrong"));
    checks
}

/// Looks at everything.
pub(crate) async fn examine(patient: Patient) -> Vec<Check> {
    let Patient {
        configuration,
        dispatcher,
        calls,
        ..
    } = &patient;
    let contract = dispatcher.offer().contract();
    let mut checks = vec![if patient.warnings.is_empty() {
        Check::ok("configuration", configuration)
    } else {
        let found = format!("{configuration}; {}", patient.warnings.join("; "));
        Check::new("configuration", State::Warning, found, "correct it, or unset it")
    }];
    checks.extend(connection::checks(&patient).await);
    if let Some(failed) = checks
        .iter()
        .find(|check| check.state == State::Failed && check.name != "clock")
    {
        let because = format!("the {} failed", failed.name);
        checks.push(Check::skipped("schema", &because));
        checks.extend(tools::skipped(contract, &because));
        return checks;
    }
    let drift = drift::check(dispatcher.client(), contract, SCHEMA_TIMEOUT).await;
    checks.push(schema(&drift, contract));
    checks.extend(tools::checks(dispatcher, drift.ok().as_ref(), *calls).await);
    checks
}

fn schema(drift: &Result<Drift, CheckError>, contract: &Contract) -> Check {
    const REFRESH: &str = "refresh the schema (`cargo xtask refresh-schema`), correct the operations, and build anew";
    match drift {
        Ok(drift) => {
            let by = match drift.means {
                Means::Introspection => "compared by introspection",
                Means::Validation => "the API does not tell its schema; its validation was asked about each document",
            };
            match drift.tools().collect::<Vec<_>>().as_slice() {
                [] => Check::ok("schema", format!("{by}; all {} tools fit", contract.tools.len())),
                tools => {
                    let tools = tools.join(", ");
                    Check::failed("schema", format!("{by}; these tools do not fit: {tools}"), REFRESH)
                }
            }
        }
        Err(error) => {
            let advice = match error {
                CheckError::NotValidating { .. } => {
                    "check that `--endpoint` is AppSync's own; what is between has to pass GraphQL's validation errors on"
                }
                _ => "try again; if only this fails, look at the API's own logs and at a firewall before it",
            };
            Check::failed("schema", format!("it could not be compared: {}", chain(error)), advice)
        }
    }
}

/// Returns an error with those behind it, on one line.
fn chain(error: &dyn std::error::Error) -> String {
    quote::line(&in_full(error))
}

/// Returns the checks for machines.
pub(crate) fn json(checks: &[Check]) -> Value {
    let checks = checks.iter().map(|check| {
        json!({
            "check": check.name,
            "state": check.state.name(),
            "detail": check.detail,
            "advice": check.advice,
        })
    });
    json!({ "checks": checks.collect::<Vec<_>>() })
}
