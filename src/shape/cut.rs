//! Holds a result to its largest number of bytes, by dropping whole items of its outer lists.
//!
//! Invariant: the text is at most `result_bytes_max` bytes, notes included, or there is an error.
//! Invariant: sizes are measured once an item; a result that fits is written once.

use std::io;

use serde_json::Value;

use super::list::{only, only_mut, token_argument, withheld_text, withhold};
use super::{Asked, NOTES, keys_in_result};
use crate::decode::JsonObject;
use crate::error::CallError;
use crate::tool::{Kind, ListBound, ListMax, Output};

/// What a first note costs beside its own bytes: `,"__notes":[]`, and each one: `,""`.
const NOTES_BYTES: usize = 16;

/// A token that is shorter than the null in its place: `""`.
const TOKEN_BYTES: usize = 2;

/// A list that items can be dropped from: one that no other list holds.
struct Outer<'a> {
    bound: &'a ListBound,
    keys: Vec<&'static str>,
    /// The bytes of each item with the comma after it.
    sizes: Vec<usize>,
    /// Whether the page comes with a token, which would skip what is dropped.
    has_token: bool,
}

/// Adds the notes, drops items as far as needed, and writes the text.
pub(super) fn cut(
    asked: &Asked<'_>,
    mut result: JsonObject,
    mut notes: Vec<String>,
) -> Result<(JsonObject, String), CallError> {
    let max = asked.spec.result_bytes_max;
    set_notes(&mut result, &notes);
    let text = text(&result);
    if text.len() <= max {
        return Ok((result, text));
    }
    let mut excess = text.len() - max;
    drop(text);
    for outer in outer_lists(asked, &result) {
        if excess == 0 {
            break;
        }
        let (note, left) = cut_list(asked, &outer, &mut result, excess)?;
        excess = left;
        notes.extend(note);
    }
    set_notes(&mut result, &notes);
    let text = self::text(&result);
    if excess > 0 || text.len() > max {
        Err(too_large(asked))
    } else {
        Ok((result, text))
    }
}

/// Returns the outer lists, the one with the most bytes first.
fn outer_lists<'a>(asked: &Asked<'a>, result: &JsonObject) -> Vec<Outer<'a>> {
    let outer = |bound: &'a ListBound| {
        let keys = keys_in_result(&asked.spec.output, bound.path);
        let (key, holder) = only(&keys, result)?;
        let items = holder.get(key)?.as_array().filter(|items| !items.is_empty())?;
        let sizes = items.iter().map(|item| bytes(item) + 1).collect();
        let token = bound.next_token.as_ref().and_then(|token| holder.get(token.key));
        let has_token = token.is_some_and(|token| !token.is_null());
        Some(Outer {
            bound,
            keys,
            sizes,
            has_token,
        })
    };
    let mut lists: Vec<_> = asked.spec.lists.iter().filter_map(outer).collect();
    lists.sort_by_key(|list| std::cmp::Reverse(list.sizes.iter().sum::<usize>()));
    lists
}

/// Drops as many items from the end as bring the result below its bytes; returns the note and the bytes that are still too many.
fn cut_list(
    asked: &Asked<'_>,
    outer: &Outer<'_>,
    result: &mut JsonObject,
    excess: usize,
) -> Result<(Option<String>, usize), CallError> {
    let given = outer.sizes.len();
    // The note is as long as it can get: no other number in it has more digits.
    let mut left = excess + note(asked, outer, given).len() + NOTES_BYTES + TOKEN_BYTES;
    let mut kept = given;
    for size in outer.sizes.iter().rev() {
        if left == 0 {
            break;
        }
        left = left.saturating_sub(*size);
        kept -= 1;
    }
    if kept == 0 && is_page(asked, outer.bound) {
        return Err(too_large(asked));
    }
    if let Some((key, holder)) = only_mut(&outer.keys, result) {
        if let Some(Value::Array(items)) = holder.get_mut(key) {
            items.truncate(kept);
        }
        withhold(outer.bound, holder);
    }
    Ok((Some(note(asked, outer, kept)), left))
}

/// Says what was dropped, and how to get it.
fn note(asked: &Asked<'_>, outer: &Outer<'_>, kept: usize) -> String {
    let (name, given) = (outer.keys.join("."), outer.sizes.len());
    let max = asked.spec.result_bytes_max;
    let token = token_argument(asked.spec, outer.bound);
    let rest = match (&outer.bound.max, token) {
        (ListMax::Argument(limit), Some(token)) => {
            format!(
                "call again with the same arguments, the same `{token}` if there was one, and a `{limit}` of {kept} or less"
            )
        }
        (ListMax::Items(_), Some(token)) => {
            format!("call again with the same `{token}` if there was one, and ask for less at once")
        }
        (ListMax::Items(_) | ListMax::Argument(_), None) => "call again and ask for less at once".to_owned(),
    };
    let withheld = match outer.bound.next_token.as_ref().filter(|_| outer.has_token) {
        Some(token) if token.nullable => withheld_text(outer.bound),
        Some(token) => format!(
            "; do not go on with this result's `{}`, which would skip them",
            token.key
        ),
        None => String::new(),
    };
    format!(
        "`{name}`: the first {kept} of {given} items are here, the others would make the result larger than {max} bytes{withheld}; to get the others, {rest}"
    )
}

/// Says whether the list is what the tool is for, so that without any item of it there is no result.
fn is_page(asked: &Asked<'_>, bound: &ListBound) -> bool {
    matches!(asked.spec.output, Output::Items { .. }) || token_argument(asked.spec, bound).is_some()
}

fn too_large(asked: &Asked<'_>) -> CallError {
    let request_id = asked.request_id.clone();
    match asked.spec.kind {
        Kind::Read => CallError::TooLarge {
            bytes_max: asked.spec.result_bytes_max,
            request_id,
        },
        Kind::Write { .. } => CallError::in_doubt("but its answer is too large to be shown", request_id, None),
    }
}

fn set_notes(result: &mut JsonObject, notes: &[String]) {
    if !notes.is_empty() {
        result.insert(NOTES.to_owned(), notes.iter().cloned().map(Value::String).collect());
    }
}

fn text(result: &JsonObject) -> String {
    serde_json::to_string(result).unwrap_or_else(|_| unreachable!("a JSON value is written as JSON"))
}

/// Returns how many bytes a value has as JSON text.
fn bytes(value: &Value) -> usize {
    let mut count = Count(0);
    // Counting can't fail.
    let _ = serde_json::to_writer(&mut count, value);
    count.0
}

/// Counts what is written.
struct Count(usize);

impl io::Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
