//! What is told while tools are verified: one JSON object a line, for whoever drives this program.
//!
//! Invariant: what there is nothing to say of is left out; the order of the members is fixed.

use serde::Serialize;
use serde_json::Value;

use crate::decode::JsonObject;

/// One line.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Line<'a> {
    /// The first one.
    Begin {
        /// The digest of all tools.
        digest: &'a str,
        /// `sandbox`, or a hash of the endpoint; nothing in a replay.
        #[serde(skip_serializing_if = "Option::is_none")]
        endpoint: Option<String>,
        /// How many tools are told of.
        tools: usize,
        /// How many cases are.
        cases: usize,
    },
    /// A case is over.
    Case {
        tool: &'a str,
        case: &'a str,
        outcome: Outcome,
        ms: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        problem: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        request: Option<Value>,
        #[serde(skip_serializing_if = "Option::is_none")]
        response: Option<String>,
    },
    /// All cases of a tool are over.
    #[serde(rename_all = "camelCase")]
    Tool {
        tool: &'a str,
        kind: &'a str,
        #[serde(flatten)]
        counts: Counts,
        /// What the cases that failed have in common.
        #[serde(skip_serializing_if = "Option::is_none")]
        because: Option<String>,
        /// Why nothing is known of the tool, whatever passed or failed.
        #[serde(skip_serializing_if = "Option::is_none")]
        not_verified: Option<String>,
        /// What else there is to know of what was done.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    /// Something that the case before made, or may have made; it follows that at once.
    #[serde(rename_all = "camelCase")]
    Created {
        tool: &'a str,
        /// What the API answered; null where nobody knows whether it was made.
        result: Option<&'a JsonObject>,
        /// What was sent, where that is all that is known.
        #[serde(skip_serializing_if = "Option::is_none")]
        arguments: Option<&'a JsonObject>,
        /// Whether it is not known that it was made.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        maybe: bool,
        /// The tool that takes it back, if the contract names one.
        #[serde(skip_serializing_if = "Option::is_none")]
        undone_by: Option<&'a str>,
        /// Whether that was done.
        undone: bool,
    },
    /// The last one.
    End(Counts),
}

/// What came of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    Passed,
    Failed,
    Skipped,
}

/// How many cases came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

impl Counts {
    pub(crate) fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Passed => self.passed += 1,
            Outcome::Failed => self.failed += 1,
            Outcome::Skipped => self.skipped += 1,
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}
