//! Two texts of a lock → the parts that differ: the head, the classes of errors, a prompt, or a tool.
//!
//! Parts are told by their first lines, which no other line of a lock looks like. Lines are compared without their ends,
//! which git may write in another way on Windows.

use super::{Change, diff::diff};
use crate::{
    Writes,
    lock::{self, Subject},
};

/// The head, or what is said of one thing.
#[derive(Debug)]
pub(super) struct Part<'t> {
    about: About,
    lines: Vec<Line<'t>>,
}

/// What a part is about.
#[derive(Debug, Clone, PartialEq, Eq)]
enum About {
    Head,
    /// The line between the other parts and the tools.
    Tools,
    Subject(Subject),
}

/// A line of a lock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'t> {
    /// The byte where it begins.
    pub(super) at: usize,
    /// Without its end.
    pub(super) text: &'t str,
}

/// Returns the parts of a lock's text, the head first; without writes, nothing of them.
pub(super) fn parts(text: &str, writes: Writes) -> Vec<Part<'_>> {
    let head = Part {
        about: About::Head,
        lines: Vec::new(),
    };
    let (mut parts, mut at, mut is_meant) = (vec![head], 0, true);
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end_matches(['\n', '\r']).trim_start_matches('\u{feff}');
        if let Some((subject, is_write)) = lock::first_line(line) {
            is_meant = writes == Writes::Included || !is_write;
            if is_meant {
                let (about, lines) = (About::Subject(subject), Vec::new());
                parts.push(Part { about, lines });
            }
        } else if lock::is_before_tools(line) {
            is_meant = true;
            let (about, lines) = (About::Tools, Vec::new());
            parts.push(Part { about, lines });
        }
        let of_writes = parts.len() == 1 && writes == Writes::Excluded && lock::is_digest_of_all(line);
        if let Some(part) = parts.last_mut().filter(|_| is_meant && !of_writes) {
            part.lines.push(Line { at, text: line });
        }
        at += whole.len();
    }
    // Those between the parts.
    for part in &mut parts {
        while part.lines.last().is_some_and(|line| line.text.is_empty()) {
            part.lines.pop();
        }
    }
    parts
}

/// A part that differs.
#[derive(Debug)]
pub(super) struct Difference {
    pub(super) change: Change,
    /// The byte of the old text where it begins.
    pub(super) at: usize,
    /// What differs, as in a diff.
    pub(super) lines: Vec<String>,
}

/// Compares the parts of two locks.
pub(super) fn differences(old: &[Part], new: &[Part]) -> Vec<Difference> {
    let mut found = Vec::new();
    for (index, now) in new.iter().enumerate() {
        let before = in_parts(old, &now.about);
        let (lines, at) = diff(before.map_or(&[], |part| &part.lines), &now.lines);
        let change = match &now.about {
            _ if lines.is_empty() => continue,
            About::Head | About::Tools => Change::Around,
            About::Subject(subject) if before.is_some() => Change::Changed(subject.clone()),
            About::Subject(subject) => Change::New(subject.clone()),
        };
        // What is new belongs before the next one that is not.
        let next = || {
            new.iter()
                .skip(index)
                .find_map(|part| in_parts(old, &part.about)?.lines.first())
        };
        let at = at.or_else(|| next().map(|line| line.at)).unwrap_or_else(|| end(old));
        found.push(Difference { change, at, lines });
    }
    for before in old {
        if let (About::Subject(subject), None) = (&before.about, in_parts(new, &before.about)) {
            let (lines, at) = diff(&before.lines, &[]);
            let (change, at) = (Change::Gone(subject.clone()), at.unwrap_or_default());
            found.push(Difference { change, at, lines });
        }
    }
    if found.is_empty() {
        found.extend(misplaced(old, new));
    }
    found
}

/// Returns the first part that stands where another should: the order is another, or one stands twice.
fn misplaced(old: &[Part], new: &[Part]) -> Option<Difference> {
    let mut places = old.iter().enumerate();
    let (_, part) = places.find(|(index, part)| new.get(*index).is_none_or(|now| now.about != part.about))?;
    let first = part.lines.first()?;
    Some(Difference {
        change: Change::Around,
        at: first.at,
        lines: vec![format!("-{}", first.text)],
    })
}

fn in_parts<'p, 't>(parts: &'p [Part<'t>], about: &About) -> Option<&'p Part<'t>> {
    parts.iter().find(|part| part.about == *about)
}

fn end(parts: &[Part]) -> usize {
    let last = parts.iter().filter_map(|part| part.lines.last()).next_back();
    last.map_or(0, |line| line.at)
}
