//! [`Diagnostics`] → text in rustc's shape, for the author of an operation.
//!
//! Invariant: one renderer; no phase formats its own.

use std::{fmt::Write as _, ops::Range};

use crate::source::Sources;

/// A place in an input file: a range of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The file's index in [`Sources::files`].
    pub(crate) file: usize,
    /// The bytes.
    pub(crate) bytes: Range<usize>,
}

/// Whether a diagnostic stops the build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It does.
    Error,
    /// It does not.
    Warning,
}

/// One thing that is wrong in an input file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    severity: Severity,
    span: Span,
    message: String,
    label: String,
    help: Option<String>,
}

impl Diagnostic {
    /// Makes an error: `message` is a fact with names in backticks, `label` at most a few words for the place.
    pub(crate) fn error(span: Span, message: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            span,
            message: message.into(),
            label: label.into(),
            help: None,
        }
    }

    /// Makes a warning.
    pub(crate) fn warning(span: Span, message: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(span, message, label)
        }
    }

    /// Adds what to do about it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds what to do about it, where that is known.
    pub(crate) fn help_opt(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    /// Whether it stops the build.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    fn render(&self, sources: &Sources, out: &mut String) {
        let Some(file) = sources.files.get(self.span.file) else {
            return;
        };
        let place = Place::of(&file.text, &self.span.bytes);
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let gutter = " ".repeat(place.line.to_string().len());
        let _ = writeln!(out, "{severity}: {}", self.message);
        let _ = writeln!(out, "{gutter}--> {}:{}:{}", file.path, place.line, place.column);
        let _ = writeln!(out, "{} | {}", place.line, place.text);
        let marks = format!("{}{} {}", place.indent, "^".repeat(place.width), self.label);
        let _ = writeln!(out, "{gutter} | {}", marks.trim_end());
        if let Some(help) = &self.help {
            let _ = writeln!(out, "help: {help}");
        }
    }
}

/// The first line of a span, for people: lines and columns count from 1, columns in characters.
struct Place<'a> {
    line: usize,
    column: usize,
    text: &'a str,
    indent: String,
    width: usize,
}

impl<'a> Place<'a> {
    fn of(text: &'a str, bytes: &Range<usize>) -> Self {
        let start = floor_char(text, bytes.start);
        let end = floor_char(text, bytes.end).max(start);
        // LF, CRLF and CR end a line (https://spec.graphql.org/September2025/#LineTerminator).
        let before = text.get(..start).unwrap_or_default();
        // A byte order mark is no character of the first line.
        let line_start = before
            .rfind(['\n', '\r', '\u{feff}'])
            .map_or(0, |at| at + char_width(before, at));
        let line = 1 + before.replace("\r\n", "\n").matches(['\n', '\r']).count();
        let rest = text.get(line_start..).unwrap_or_default();
        let line_text = rest
            .trim_start_matches('\u{feff}')
            .split(['\n', '\r'])
            .next()
            .unwrap_or_default();
        let lead = text.get(line_start..start).unwrap_or_default();
        let marked = text
            .get(start..end.min(line_start + line_text.len()).max(start))
            .unwrap_or_default();
        Self {
            line,
            column: lead.chars().count() + 1,
            text: line_text,
            indent: lead.chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect(),
            width: marked.chars().count().max(1),
        }
    }
}

fn char_width(text: &str, at: usize) -> usize {
    let char = text.get(at..).and_then(|rest| rest.chars().next());
    char.map_or(0, char::len_utf8)
}

fn floor_char(text: &str, at: usize) -> usize {
    (0..=at.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// What a phase has found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
}

impl Diagnostics {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        // A mistake in a shared fragment is met once for each operation that uses it; some are met by two rules.
        let same = |known: &Diagnostic| known.span == diagnostic.span && known.message == diagnostic.message;
        if !self.found.iter().any(same) {
            self.found.push(diagnostic);
        }
    }

    pub(crate) fn extend(&mut self, others: impl IntoIterator<Item = Diagnostic>) {
        for diagnostic in others {
            self.push(diagnostic);
        }
    }

    /// Ends a phase: its value if nothing stops the build, all that was found if something does.
    pub(crate) fn barrier<T>(self, value: T) -> Result<(T, Self), Self> {
        if self
            .found
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
        {
            Err(self)
        } else {
            Ok((value, self))
        }
    }

    /// Returns the diagnostics, by file and place.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        let mut sorted: Vec<_> = self.found.iter().collect();
        sorted.sort_by_key(|diagnostic| (diagnostic.span.file, diagnostic.span.bytes.start));
        sorted.into_iter()
    }

    /// Returns whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Renders all of them by path and place, with an empty line between.
    pub fn render(&self, sources: &Sources) -> String {
        let mut out = String::new();
        let mut sorted: Vec<_> = self.iter().collect();
        sorted.sort_by_key(|diagnostic| sources.files.get(diagnostic.span.file).map(|file| &file.path));
        for diagnostic in sorted {
            if !out.is_empty() {
                out.push('\n');
            }
            diagnostic.render(sources, &mut out);
        }
        out
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.found.into_iter()
    }
}
