//! Turns what was given and means nothing into a note that names it.
//!
//! Invariant: one note, whatever was given, and of bounded length.

use serde_json::Value;

use super::NOTES_MAX;

/// The arguments and fields that were given as null or as an empty text, and were taken as not given.
#[derive(Debug, Default)]
pub(super) struct Dropped {
    names: Vec<String>,
    more: usize,
    has_null: bool,
    has_empty: bool,
}

impl Dropped {
    /// Adds an argument by its name, or a field by its pointer.
    pub(super) fn add(&mut self, name: &str, value: &Value) {
        *if value.is_null() {
            &mut self.has_null
        } else {
            &mut self.has_empty
        } = true;
        if self.names.len() == NOTES_MAX {
            self.more += 1;
        } else {
            self.names.push(format!("`{name}`"));
        }
    }

    /// Returns the note, if there is something to say.
    pub(super) fn note(self) -> Option<String> {
        let what = match (self.has_null, self.has_empty) {
            (false, false) => return None,
            (true, false) => "null",
            (false, true) => "an empty text",
            (true, true) => "null or an empty text",
        };
        let names = self.names.join(", ");
        let more = match self.more {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(format!(
            "{names}{more}: {what} was taken as not given; nothing was cleared"
        ))
    }
}
