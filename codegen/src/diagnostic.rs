//! [`Diagnostics`] → text in rustc's shape, for the author of an operation.
//!
//! Invariant: one renderer; no phase formats its own.
//! Invariant: what is rendered has no hidden characters: names and lines may be an API's, and are read in terminals.

use std::{
    collections::{HashMap, HashSet},
    fmt::Write as _,
    ops::Range,
};

use crate::{
    hidden::{masked, visible},
    source::{SourceFile, Sources},
};

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
    diff: Box<[String]>,
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
            diff: Box::default(),
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

    /// Shows the lines of a diff instead of the place's own.
    pub(crate) fn diff(mut self, lines: Vec<String>) -> Self {
        self.diff = lines.into();
        self
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

    /// Returns the fact, with names in backticks.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the place.
    pub(crate) fn span(&self) -> &Span {
        &self.span
    }

    fn render(&self, file: &SourceFile, starts: &[usize], out: &mut String) {
        let place = Place::of(&file.text, starts, &self.span.bytes);
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let gutter = " ".repeat(place.line.to_string().len());
        let _ = writeln!(out, "{severity}: {}", visible(&self.message));
        let _ = writeln!(
            out,
            "{gutter}--> {}:{}:{}",
            visible(&file.path),
            place.line,
            place.column
        );
        if self.diff.is_empty() {
            let _ = writeln!(out, "{} | {}", place.line, masked(&place.text));
            let marks = format!("{}{} {}", place.indent, "^".repeat(place.width), visible(&self.label));
            let _ = writeln!(out, "{gutter} | {}", marks.trim_end());
        }
        for line in &self.diff {
            let _ = writeln!(out, "{gutter} | {}", visible(line.trim_end()));
        }
        if let Some(help) = &self.help {
            let _ = writeln!(out, "help: {}", visible(help));
        }
    }
}

/// The most characters that are shown of a line.
const SHOWN_MAX: usize = 160;

/// The most of them that come before the marked ones, where not all are shown.
const SHOWN_BEFORE: usize = 60;

/// The first line of a span, for people: lines and columns count from 1, columns in characters.
struct Place {
    line: usize,
    column: usize,
    /// What is shown of the line.
    text: String,
    indent: String,
    width: usize,
}

impl Place {
    fn of(text: &str, starts: &[usize], bytes: &Range<usize>) -> Self {
        let line = starts.partition_point(|line| *line <= bytes.start).max(1);
        let line_start = starts.get(line - 1).copied().unwrap_or_default();
        let start = floor_char(text, bytes.start).max(line_start);
        let end = floor_char(text, bytes.end).max(start);
        let rest = text.get(line_start..).unwrap_or_default();
        let line_text = rest.split(['\n', '\r']).next().unwrap_or_default();
        let lead = text.get(line_start..start).unwrap_or_default();
        let marked = text
            .get(start..end.min(line_start + line_text.len()).max(start))
            .unwrap_or_default();
        let column = lead.chars().count() + 1;
        let (shown, cut) = shown(line_text, column - 1);
        let indent = shown.chars().take(column - 1 - cut);
        let indent: String = indent.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let room = shown.chars().count().saturating_sub(column - 1 - cut);
        Self {
            line,
            column,
            width: marked.chars().count().min(room).max(1),
            text: shown,
            indent,
        }
    }
}

/// Returns what is shown of a line around a character (its index), and how many characters that is cut by at the beginning.
pub(crate) fn shown(line: &str, at: usize) -> (String, usize) {
    let count = line.chars().count();
    if count <= SHOWN_MAX {
        return (line.to_owned(), 0);
    }
    let cut = at.saturating_sub(SHOWN_BEFORE).min(count - SHOWN_MAX);
    let mut shown: Vec<char> = line.chars().skip(cut).take(SHOWN_MAX).collect();
    if let Some(first) = shown.first_mut().filter(|_| cut > 0) {
        *first = '…';
    }
    if let Some(last) = shown.last_mut().filter(|_| cut + SHOWN_MAX < count) {
        *last = '…';
    }
    (shown.into_iter().collect(), cut)
}

/// Returns where each line begins. LF, CRLF and CR end a line
/// (<https://spec.graphql.org/September2025/#LineTerminator>); a byte order mark is no character of the first one.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let first = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    std::iter::once(first).chain(ends.map(|(at, _)| at + 1)).collect()
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
    /// The file, the bytes and the message of each.
    seen: HashSet<(usize, Range<usize>, String)>,
}

impl Diagnostics {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        // A mistake in a shared fragment is met once for each operation that uses it; some are met by two rules.
        let Span { file, bytes } = diagnostic.span.clone();
        if self.seen.insert((file, bytes, diagnostic.message.clone())) {
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
        let mut starts = HashMap::new();
        for diagnostic in sorted {
            let Some(file) = sources.files.get(diagnostic.span.file) else {
                continue;
            };
            if !out.is_empty() {
                out.push('\n');
            }
            let starts = starts
                .entry(diagnostic.span.file)
                .or_insert_with(|| line_starts(&file.text));
            diagnostic.render(file, starts, &mut out);
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
