//! A line of the program's subcommand `verify` → what it tells.

use serde::Deserialize;
use serde_json::{Map, Value};

/// What a line tells. The program may tell more than is read of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Event {
    /// The first line.
    Begin(Begin),
    /// A case is over.
    Case(Case),
    /// All cases of a tool are over.
    Tool(Tool),
    /// The case before has made something, or may have.
    Created(Created),
    /// The last line.
    End(Counts),
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Begin {
    /// The digest of the program's tools.
    pub(super) digest: String,
    /// `sha256:` and 64 digits over the API's URL, or `sandbox`.
    pub(super) endpoint: String,
    /// How many cases there are.
    pub(super) cases: u64,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Case {
    pub(super) tool: String,
    #[serde(rename = "case")]
    pub(super) name: String,
    pub(super) outcome: Outcome,
    /// What is wrong, of a case that failed.
    pub(super) problem: Option<String>,
    /// What was sent, of a case that failed, without secrets.
    pub(super) request: Option<Request>,
    /// What may be shown of the answer, of a case that failed.
    pub(super) response: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Outcome {
    Passed,
    Failed,
    Skipped,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) url: String,
    /// Names and values.
    #[serde(default)]
    pub(super) headers: Map<String, Value>,
    /// JSON, or its text.
    #[serde(default)]
    pub(super) body: Value,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Tool {
    #[serde(rename = "tool")]
    pub(super) name: String,
    /// `read` or `write`.
    pub(super) kind: String,
    #[serde(flatten)]
    pub(super) counts: Counts,
    /// What the cases that failed have in common.
    pub(super) because: Option<String>,
    /// Why nothing is proven of the tool, whatever passed or failed.
    pub(super) not_verified: Option<String>,
    /// What else there is to know of it.
    pub(super) note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Created {
    pub(super) tool: String,
    /// What the API answered.
    pub(super) result: Value,
    /// What was sent, if nobody knows whether it was made.
    #[serde(default)]
    pub(super) arguments: Value,
    /// Whether nobody knows that.
    #[serde(default)]
    pub(super) maybe: bool,
    /// The tool that takes it back, if there is one.
    pub(super) undone_by: Option<String>,
    /// Whether it has.
    pub(super) undone: bool,
}

/// How many cases came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Counts {
    pub(super) passed: u32,
    pub(super) failed: u32,
    pub(super) skipped: u32,
}

impl Counts {
    /// Returns how many there are.
    pub(super) fn all(self) -> u32 {
        self.passed + self.failed + self.skipped
    }

    /// Counts a case.
    pub(super) fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Passed => self.passed += 1,
            Outcome::Failed => self.failed += 1,
            Outcome::Skipped => self.skipped += 1,
        }
    }
}
