//! The lines of two parts → what differs between them, as people read it.
//!
//! Invariant: bounded, whatever the parts are.

use similar::{Algorithm, DiffOp, DiffTag, capture_diff_slices, group_diff_ops};

use super::difference::Line;
use crate::{diagnostic::shown, lock};

/// The most lines that are shown.
const LINES_MAX: usize = 20;

/// Lines that are shown before and after what differs.
const AROUND: usize = 1;

/// Returns what differs, each line with ` `, `-` or `+` before it, and the byte of the old text where it begins. Where
/// nothing differs there are no lines.
pub(super) fn diff(old: &[Line], new: &[Line]) -> (Vec<String>, Option<usize>) {
    if texts(old) == texts(new) {
        return (Vec::new(), None);
    }
    // What follows from the rest says something only if it is all that differs.
    let rest = (telling(old), telling(new));
    let (old, new) = if texts(&rest.0) == texts(&rest.1) {
        (old.to_vec(), new.to_vec())
    } else {
        rest
    };
    let (before, after) = (texts(&old), texts(&new));
    let ops = capture_diff_slices(Algorithm::Myers, &before, &after);
    let first = ops.iter().find(|op| op.tag() != DiffTag::Equal);
    let at = first.and_then(|op| old.get(op.old_range().start)).map(|line| line.at);
    let mut lines: Vec<_> = group_diff_ops(ops, AROUND)
        .iter()
        .flat_map(|group| hunk(group, &before, &after))
        .collect();
    bound(&mut lines);
    (lines, at)
}

/// Leaves out what would be too much to read.
pub(super) fn bound(lines: &mut Vec<String>) {
    let more = lines.len().saturating_sub(LINES_MAX);
    if more > 1 {
        lines.truncate(LINES_MAX);
        lines.push(format!("… {more} more lines"));
    }
}

fn texts<'t>(lines: &[Line<'t>]) -> Vec<&'t str> {
    lines.iter().map(|line| line.text).collect()
}

fn telling<'t>(lines: &[Line<'t>]) -> Vec<Line<'t>> {
    lines.iter().filter(|line| !lock::follows(line.text)).copied().collect()
}

/// Returns the lines of what differs in one place. One that begins in the middle of a value has the value's key above it.
fn hunk(ops: &[DiffOp], before: &[&str], after: &[&str]) -> Vec<String> {
    let mut lines = Vec::new();
    let start = ops.first().map_or(0, |op| op.old_range().start);
    if before.get(start).is_some_and(|line| lock::key(line).is_none()) {
        let mut above = before.iter().take(start).rev();
        lines.extend(above.find_map(|line| lock::key(line)).map(|key| format!("@@ {key}")));
    }
    for op in ops {
        let old = before.get(op.old_range()).unwrap_or_default();
        let new = after.get(op.new_range()).unwrap_or_default();
        let excerpt = |sign: char, line: &str, other: Option<&&str>| {
            let line = &ending_seen(line);
            format!("{sign}{}", shown(line, other.map_or(0, |other| common(line, other))).0)
        };
        if op.tag() == DiffTag::Equal {
            lines.extend(old.iter().map(|line| excerpt(' ', line, None)));
        } else {
            lines.extend(old.iter().enumerate().map(|(at, line)| excerpt('-', line, new.get(at))));
            lines.extend(new.iter().enumerate().map(|(at, line)| excerpt('+', line, old.get(at))));
        }
    }
    lines
}

/// Returns a line with a `·` for each blank at its end, which nobody would see.
fn ending_seen(line: &str) -> String {
    let text = line.trim_end();
    let blanks = line.chars().count() - text.chars().count();
    format!("{text}{}", "·".repeat(blanks))
}

/// Returns how many characters two lines have in common at their beginning.
fn common(line: &str, other: &str) -> usize {
    line.chars().zip(other.chars()).take_while(|(a, b)| a == b).count()
}
