//! The lock as it stands × what the sources say now → a diagnostic for each part that is not as it was reviewed.
//!
//! Invariant: the writes are compared where they are compiled in, all else in every build.

mod diff;
mod difference;

use std::fmt;

use crate::{
    Generated, Writes,
    diagnostic::{Diagnostic, Diagnostics, Span},
    lock::Subject,
    source::{LOCK, SourceFile, SourceKind, Sources},
};
use difference::{Difference, differences, parts};

/// The most parts whose change is shown; the others are named.
const SHOWN_MAX: usize = 5;

const HELP: &str = "if that is meant, accept it with `cargo xtask bless`, and commit the lock for review";

/// Compares `schema/tools.lock` with what was generated. Without writes, they are not compared.
///
/// # Errors
/// One for each tool, prompt or class of errors that differs; one if there is no lock, or if a merge has left its markers in it.
pub fn review(sources: &Sources, generated: &Generated, writes: Writes) -> Result<(), Diagnostics> {
    let mut found = Diagnostics::default();
    match sources.of(SourceKind::Lock).next() {
        Some((file, lock)) => found.extend(unreviewed(file, lock, generated, writes)),
        None => found.extend(missing(sources)),
    }
    found.barrier(()).map(|_| ())
}

/// How what models can see and do differs from what the lock says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The lock does not have it.
    New(Subject),
    /// It is another.
    Changed(Subject),
    /// It is not there any more.
    Gone(Subject),
    /// Something around all of them: the API's name, a digest, the order, or what a hand has written.
    Around,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New(subject) => write!(f, "{subject} is new"),
            Self::Changed(subject) => write!(f, "{subject} has changed"),
            Self::Gone(subject) => write!(f, "{subject} is gone"),
            Self::Around => write!(f, "`{LOCK}` is not what `cargo xtask bless` writes"),
        }
    }
}

/// Returns how the tools differ from `schema/tools.lock`; without one, all are new.
pub fn changes(sources: &Sources, generated: &Generated) -> Vec<Change> {
    let lock = sources.of(SourceKind::Lock).next();
    let found = found(lock.map_or("", |(_, lock)| &lock.text), generated, Writes::Included);
    found.into_iter().map(|difference| difference.change).collect()
}

/// Returns what differs, by place. What is around the parts is told only where none of them is: its digests follow from theirs.
fn found(lock: &str, generated: &Generated, writes: Writes) -> Vec<Difference> {
    let mut found = differences(&parts(lock, writes), &parts(&generated.lock, writes));
    if found.iter().any(|difference| difference.change != Change::Around) {
        found.retain(|difference| difference.change != Change::Around);
    }
    found.sort_by_key(|difference| difference.at);
    found
}

fn missing(sources: &Sources) -> Option<Diagnostic> {
    let (file, _) = sources.of(SourceKind::Schema).next()?;
    let message = format!("there is no `{LOCK}`: nobody has reviewed what models can see and do");
    let help = "write it with `cargo xtask bless`, read it, and commit it";
    Some(Diagnostic::error(Span { file, bytes: 0..0 }, message, "beside this file").help(help))
}

fn unreviewed(file: usize, lock: &SourceFile, generated: &Generated, writes: Writes) -> Vec<Diagnostic> {
    let found = found(&lock.text, generated, writes);
    if let (false, Some(marker)) = (found.is_empty(), conflict_marker(&lock.text)) {
        let message = format!("`{LOCK}` holds the markers of a merge conflict");
        let help = "merge `schema/` and `operations/`, and let `cargo xtask bless` write the lock anew";
        let span = Span {
            file,
            bytes: marker..marker + MARKER.len(),
        };
        return vec![Diagnostic::error(span, message, "a conflict").help(help)];
    }
    let told = |difference: &Difference, message: String| {
        let bytes = difference.at..difference.at;
        Diagnostic::error(Span { file, bytes }, message, "").help(HELP)
    };
    let shown = found.iter().take(SHOWN_MAX);
    let mut diagnostics: Vec<_> = shown
        .map(|difference| told(difference, difference.change.to_string()).diff(difference.lines.clone()))
        .collect();
    let rest = found.get(SHOWN_MAX..).unwrap_or_default();
    if let Some(first) = rest.first() {
        let mut lines: Vec<_> = rest.iter().map(|difference| difference.change.to_string()).collect();
        diff::bound(&mut lines);
        diagnostics.push(told(first, format!("{} more are not as the lock has them", rest.len())).diff(lines));
    }
    diagnostics
}

pub(crate) const MARKER: &str = "<<<<<<<";

/// Returns where a merge conflict begins.
pub(crate) fn conflict_marker(text: &str) -> Option<usize> {
    let at = text.match_indices(MARKER).map(|(at, _)| at);
    let mut at_line_start = at.filter(|at| *at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n'));
    at_line_start.next()
}
