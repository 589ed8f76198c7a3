//! Gives a write's free texts names of their own, so that a second run does not meet what the first one made.
//!
//! Invariant: what comes out is within the same bounds, and a case that is about a text's length keeps that.

use std::time::SystemTime;

use super::case::{Case, Expected};
use super::cases::free_text;
use crate::decode::JsonObject;
use crate::tool::{Absent, Kind, ToolSpec};

/// The names of one run: its start, and a counter.
#[derive(Debug)]
pub(crate) struct Names {
    start: u64,
    count: u64,
}

impl Names {
    /// Begins a run.
    pub(crate) fn from(start: SystemTime) -> Self {
        let since = start.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self {
            start: since.as_secs(),
            count: 0,
        }
    }

    /// Returns the arguments to run a case with: of a write, each required text of any form gets an end that no other has.
    pub(crate) fn arguments(&mut self, spec: &ToolSpec, case: &Case) -> JsonObject {
        let mut arguments = case.arguments.clone();
        if spec.kind == Kind::Read || case.expected == Expected::Refused {
            return arguments;
        }
        self.count += 1;
        let end = format!(" {:x}-{}", self.start, self.count);
        for argument in spec
            .arguments
            .iter()
            .filter(|argument| argument.absent == Absent::Required)
        {
            let Some((_, max)) = free_text(argument) else { continue };
            let text = arguments.get(argument.name).and_then(|value| value.as_str());
            let named = text.and_then(|text| named(text, &end, max, case.exact == Some(argument.name)));
            if let Some(named) = named {
                arguments.insert(argument.name.to_owned(), named.into());
            }
        }
        arguments
    }
}

/// Adds the end to a text, or puts it in the place of the text's own; nothing if there is no room for it.
fn named(text: &str, end: &str, max: usize, keeps_length: bool) -> Option<String> {
    let (count, added) = (text.chars().count(), end.chars().count());
    let kept = if keeps_length {
        count.checked_sub(added)?
    } else {
        count.min(max.checked_sub(added)?)
    };
    // An end alone would be trimmed, and be another text than the one that the case is about.
    (kept > 0).then(|| text.chars().take(kept).chain(end.chars()).collect())
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_name_of_its_own_is_within_the_bounds() {
        for (text, max, keeps_length, expected) in [
            ("Suppliers", 100, false, Some("Suppliers 1-2")),
            ("Suppliers", 10, false, Some("Suppli 1-2")),
            ("Suppliers", 4, false, None),
            ("aaaaaaaa", 8, true, Some("aaaa 1-2")),
            ("é😀é😀é😀", 100, true, Some("é😀 1-2")),
            ("a", 100, true, None),
            ("abcd", 100, true, None),
        ] {
            assert_eq!(named(text, " 1-2", max, keeps_length).as_deref(), expected, "{text}");
        }
    }
}
