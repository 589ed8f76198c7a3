//! The program's lines → a run: what came of each tool.
//!
//! Invariant: a run that has ended is whole, of the present sources, and its counts are those of its cases. Whoever reads it
//! opens a gate, so nothing is guessed.

use std::process::ExitStatus;

use super::event::{Begin, Case, Counts, Created, Event, Outcome, Tool};

/// A run, as far as it has come.
#[derive(Debug, Default)]
pub(super) struct Run {
    /// The digests that the program's tools may have.
    digests: Vec<String>,
    begin: Option<Begin>,
    pub(super) tools: Vec<Verified>,
    pub(super) created: Vec<Created>,
    /// The cases of the tool that is under way.
    cases: Vec<Case>,
    counts: Counts,
    has_ended: bool,
}

/// What came of a tool.
#[derive(Debug)]
pub(super) struct Verified {
    pub(super) tool: Tool,
    /// The cases that failed.
    pub(super) failures: Vec<Case>,
}

/// Why a run proves nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error("the program's tools are {0}, not those of the present sources: they have changed meanwhile; verify again")]
    OtherSources(String),
    #[error("the program wrote a line that is none of a verification ({reason}): {line}")]
    Line { line: String, reason: String },
    #[error("the program ended before the verification did ({0})")]
    Unfinished(ExitStatus),
}

/// The most characters that are shown of a line that is not understood.
const LINE_SHOWN_MAX: usize = 200;

impl Run {
    /// Returns one that has not begun, of a program whose tools have one of these digests.
    pub(super) fn of(digests: &[String]) -> Self {
        Self {
            digests: digests.to_vec(),
            ..Self::default()
        }
    }

    /// Takes the next line.
    pub(super) fn take(&mut self, line: &str) -> Result<Event, Broken> {
        let event: Event = serde_json::from_str(line).map_err(|error| broken(line, &error.to_string()))?;
        self.follow(&event).map_err(|error| match error {
            Wrong::Order(reason) => broken(line, reason),
            Wrong::Sources(digest) => Broken::OtherSources(digest),
        })?;
        Ok(event)
    }

    fn follow(&mut self, event: &Event) -> Result<(), Wrong> {
        if self.has_ended {
            return Err(Wrong::Order("it comes after the end"));
        }
        match (event, &self.begin) {
            (Event::Begin(begin), None) if self.digests.contains(&begin.digest) => self.begin = Some(begin.clone()),
            (Event::Begin(begin), None) => return Err(Wrong::Sources(begin.digest.clone())),
            (Event::Begin(_), Some(_)) => return Err(Wrong::Order("it begins again")),
            (_, None) => return Err(Wrong::Order("it comes before the beginning")),
            (Event::Case(case), _) => self.cases.push(case.clone()),
            (Event::Tool(tool), _) => self.close(tool)?,
            (Event::Created(created), _) if self.cases.last().is_none_or(|case| case.tool != created.tool) => {
                return Err(Wrong::Order("it comes after no case of its tool"));
            }
            (Event::Created(created), _) => self.created.push(created.clone()),
            (Event::End(counts), _) => {
                if *counts != self.counts || !self.cases.is_empty() {
                    return Err(Wrong::Order("its numbers are not those of the tools"));
                }
                self.has_ended = true;
            }
        }
        Ok(())
    }

    /// Puts the cases so far to their tool.
    fn close(&mut self, tool: &Tool) -> Result<(), Wrong> {
        if self.tools.iter().any(|verified| verified.tool.name == tool.name) {
            return Err(Wrong::Order("the tool was told of before"));
        }
        let cases = std::mem::take(&mut self.cases);
        let mut counts = Counts::default();
        for case in &cases {
            counts.count(case.outcome);
            self.counts.count(case.outcome);
        }
        if counts != tool.counts || cases.iter().any(|case| case.tool != tool.name) {
            return Err(Wrong::Order("its numbers are not those of the cases"));
        }
        let failures = cases.into_iter().filter(|case| case.outcome == Outcome::Failed);
        self.tools.push(Verified {
            tool: tool.clone(),
            failures: failures.collect(),
        });
        Ok(())
    }

    /// Checks that the program has said all, and ended as it says.
    pub(super) fn end(&self, status: ExitStatus) -> Result<(), Broken> {
        let expected = i32::from(self.has_failed());
        if self.has_ended && status.code() == Some(expected) {
            Ok(())
        } else {
            Err(Broken::Unfinished(status))
        }
    }

    /// Whether nothing has been called, so that nothing is known now that was not known before.
    pub(super) fn is_empty(&self) -> bool {
        self.counts.passed == 0 && self.counts.failed == 0
    }

    /// Whether a case has failed.
    pub(super) fn has_failed(&self) -> bool {
        self.counts.failed > 0
    }

    /// Returns the fingerprint of the API; nothing before the first line.
    pub(super) fn endpoint(&self) -> &str {
        self.begin.as_ref().map_or("", |begin| &begin.endpoint)
    }
}

impl Verified {
    /// Whether the tool has been called, and nothing was wrong. A case that was skipped is neither: there may be more pages
    /// than anybody waits for.
    pub(super) fn has_passed(&self) -> bool {
        let Counts { passed, failed, .. } = self.tool.counts;
        passed > 0 && failed == 0 && self.tool.not_verified.is_none()
    }
}

/// What is wrong with a line.
enum Wrong {
    Order(&'static str),
    Sources(String),
}

fn broken(line: &str, reason: &str) -> Broken {
    Broken::Line {
        line: line.chars().take(LINE_SHOWN_MAX).flat_map(char::escape_debug).collect(),
        reason: reason.to_owned(),
    }
}
