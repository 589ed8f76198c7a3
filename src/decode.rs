//! Turns the arguments of a call into values that the contract allows, or into all that is wrong with them.
//!
//! What is spelled in another way is read, a text is normalised, a list freed of duplicates, and only then are bounds
//! checked. Null and an empty text stand for what is not given, unless the contract gives them a meaning of their own.
//!
//! Invariant: values that come out fit the operation's variables, so that the typed decode after this can't fail.
//! Invariant: pure. Recursion follows the contract, not the arguments, and has a bottom (`DEPTH_MAX`); what is read of a
//! text, or written as JSON, goes no deeper than the parser that the arguments came through.
//! Invariant: a value of the wrong type is never walked; every message is bounded.

mod dropped;
mod number;
mod pattern;
mod spelling;

use std::collections::HashSet;

use appsync_mcp_client::suggest;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use crate::country;
use crate::problem::Problems;
use crate::quote;
use crate::tool::{Absent, Argument, Input, Kind, Normalize, Pattern, Position, ToolSpec};

use dropped::Dropped;
use spelling::plain;

/// A JSON object: a tool's arguments, or its result.
pub type JsonObject = Map<String, Value>;

/// The most lists and input objects within one another; only an input object that holds itself can reach it.
const DEPTH_MAX: usize = 32;

/// The most arguments that are named of those that were capped, and of those that were taken as not given.
const NOTES_MAX: usize = 10;

/// The most values of an enum that a message lists.
const ENUM_VALUES_MAX: usize = 30;

/// Arguments that the contract allows.
#[derive(Debug, PartialEq)]
pub struct Decoded {
    /// The values that are present, defaults included, in the order in which the contract declares them.
    pub values: JsonObject,
    /// What was changed and the model should know, such as a number that was capped; sentences without full stop.
    pub notes: Vec<String>,
}

/// Checks the arguments of a call against its contract.
///
/// Null stands for "absent", and so does an empty text for what can be absent, unless the contract gives it a meaning of its
/// own. Who changes something may have meant it to clear what was there, and is told.
pub fn decode(spec: &ToolSpec, arguments: JsonObject) -> Result<Decoded, Problems> {
    let mut walk = Walk::default();
    let values = walk.fields(spec.arguments, arguments, "argument");
    let Walk {
        problems,
        mut notes,
        more_notes,
        dropped,
        ..
    } = walk;
    if !problems.is_empty() {
        return Err(problems);
    }
    if more_notes > 0 {
        notes.push(format!("{more_notes} more arguments were capped in the same way"));
    }
    if spec.kind != Kind::Read {
        notes.extend(dropped.note());
    }
    Ok(Decoded { values, notes })
}

/// Says whether a value is right at a position.
pub(crate) fn admits(position: &Position, value: Value) -> bool {
    let mut walk = Walk::default();
    walk.value(position, plain(&position.input, value)).is_some() && walk.problems.is_empty()
}

/// One walk over the arguments, alongside the contract.
#[derive(Default)]
struct Walk {
    /// Where the walk is, as a JSON Pointer.
    pointer: String,
    /// How many lists and objects the walk is in.
    depth: usize,
    problems: Problems,
    notes: Vec<String>,
    more_notes: usize,
    dropped: Dropped,
    /// Whether the walk is in a default of the contract: nobody gave it, and what its author wrote is meant.
    in_default: bool,
}

impl Walk {
    /// Returns the fields that are present and right; `what` is the word for one of them.
    fn fields(&mut self, fields: &[Argument], mut given: JsonObject, what: &str) -> JsonObject {
        let mut values = JsonObject::new();
        for field in fields {
            let value = given.shift_remove(field.name);
            if let Some(value) = self.within(field.name, |walk| walk.field(field, value)) {
                values.insert(field.name.to_owned(), value);
            }
        }
        for unknown in given.keys() {
            self.within(&quote::name(unknown), |walk| {
                walk.problem(|| format!("unknown {what}{}", meant(unknown, fields)));
            });
        }
        values
    }

    fn field(&mut self, field: &Argument, given: Option<Value>) -> Option<Value> {
        if let Some(value) = given.map(|value| plain(&field.value.input, value)) {
            if !self.is_nothing(field, &value) {
                return self.value(&field.value, value);
            }
            if !self.in_default {
                self.dropped.add(name(&self.pointer), &value);
            }
        }
        match field.absent {
            Absent::Omitted => None,
            Absent::Default(text) => self.filled(&field.value, text),
            Absent::Required => {
                self.problem(|| format!("missing; {} is required", expectation(&field.value.input)));
                None
            }
        }
    }

    /// Whether a value stands for absent: null, and an empty text where there need not be a value.
    fn is_nothing(&self, field: &Argument, value: &Value) -> bool {
        match (value, &field.value.input) {
            (Value::Null, _) => !field.value.nullable,
            (Value::String(_), _) if field.absent == Absent::Required || self.in_default => false,
            (Value::String(text), Input::Text { normalize, empty, .. }) => !empty && is_blank(text, normalize),
            (Value::String(text), _) => text.is_empty(),
            _ => false,
        }
    }

    /// Returns a default of the contract as it will be sent. The build has read the text and checked it; the walk fills in
    /// what the default itself leaves out.
    fn filled(&mut self, position: &Position, text: &str) -> Option<Value> {
        let value = serde_json::from_str(text).ok()?;
        let outer = std::mem::replace(&mut self.in_default, true);
        let value = self.value(position, value);
        self.in_default = outer;
        value
    }

    /// Returns the value, which is spelled as the contract spells it, as it will be sent; if there is none, a problem says why.
    fn value(&mut self, position: &Position, value: Value) -> Option<Value> {
        if value.is_null() && position.nullable {
            return Some(Value::Null);
        }
        match (&position.input, value) {
            (Input::Boolean, value @ Value::Bool(_)) => Some(value),
            (Input::Integer { min, max, excess }, Value::Number(number)) => {
                self.integer(&number, (*min, *max), *excess).map(Value::from)
            }
            (Input::Float { min, max, excess }, Value::Number(number)) => {
                self.float(number, (*min, *max), *excess).map(Value::Number)
            }
            (
                Input::Text {
                    scalar,
                    normalize,
                    length_min,
                    length_max,
                    pattern,
                    ..
                },
                Value::String(text),
            ) => {
                let text = self.text(text, normalize, (*length_min, *length_max), pattern.as_ref())?;
                self.scalar(scalar, text).map(Value::String)
            }
            (Input::Enum { values, .. }, Value::String(text)) => self.enum_value(values, text).map(Value::String),
            (
                Input::List {
                    item,
                    items_min,
                    items_max,
                    unique,
                },
                Value::Array(items),
            ) => self
                .nested(|walk| walk.list(item, (*items_min, *items_max), *unique, items))
                .map(Value::Array),
            (Input::Object { name, fields }, Value::Object(given)) => self
                .nested(|walk| Some(walk.fields(fields, given, &format!("field of `{name}`"))))
                .map(Value::Object),
            (input, value) => {
                self.problem(|| format!("expected {}, got {}", expectation(input), quote::value(&value)));
                None
            }
        }
    }

    fn text(
        &mut self,
        mut text: String,
        normalize: &[Normalize],
        (min, max): (usize, usize),
        pattern: Option<&Pattern>,
    ) -> Option<String> {
        for step in normalize {
            text = match step {
                Normalize::Trim => text.trim().to_owned(),
                Normalize::Lowercase => text.to_lowercase(),
                Normalize::Uppercase => text.to_uppercase(),
                Normalize::CountryCode => match country::code(&text) {
                    Ok(code) => code.to_owned(),
                    Err(unknown) => {
                        self.problem(|| unknown.to_string());
                        return None;
                    }
                },
            };
        }
        let length = text.chars().count();
        if length < min || length > max {
            self.problem(|| {
                format!(
                    "expected {}, got {}",
                    size(min, max, "character"),
                    count(length, "character")
                )
            });
            return None;
        }
        // A pattern only meets texts of bounded length.
        if let Some(pattern) = pattern.filter(|pattern| !pattern::matches(pattern.regex, &text)) {
            self.problem(|| format!("expected {}, got {}", pattern.hint, quote::text(&text)));
            return None;
        }
        Some(text)
    }

    /// Checks what no pattern can say of a scalar's text.
    fn scalar(&mut self, scalar: &str, text: String) -> Option<String> {
        if scalar == "AWSJSON" && serde_json::from_str::<IgnoredAny>(&text).is_err() {
            self.problem(|| format!("expected JSON in a string, got {}", quote::text(&text)));
            return None;
        }
        Some(text)
    }

    fn enum_value(&mut self, values: &'static [&'static str], text: String) -> Option<String> {
        if values.contains(&text.as_str()) {
            return Some(text);
        }
        self.problem(|| {
            let shown = values.get(..ENUM_VALUES_MAX).unwrap_or(values);
            let more = match values.len() - shown.len() {
                0 => String::new(),
                more => format!(" or {more} more"),
            };
            let known = shown.join(", ");
            let meant = suggest::did_you_mean(&text, values.iter().copied());
            format!("expected one of {known}{more}, got {}{meant}", quote::text(&text))
        });
        None
    }

    fn list(
        &mut self,
        item: &Position,
        (min, max): (usize, usize),
        unique: bool,
        items: Vec<Value>,
    ) -> Option<Vec<Value>> {
        let given = items.len();
        // Without duplicates to remove, the number is known before the items are.
        if !unique && (given < min || given > max) {
            self.problem(|| format!("expected {}, got {given}", size(min, max, "item")));
            return None;
        }
        let mut seen = HashSet::new();
        let mut values = Vec::new();
        let mut wrong = 0;
        for (index, value) in items.into_iter().enumerate() {
            let value = plain(&item.input, value);
            match self.within(&index.to_string(), |walk| walk.value(item, value)) {
                None => wrong += 1,
                Some(value) if unique && !seen.insert(value.clone()) => {}
                Some(value) => values.push(value),
            }
        }
        // A wrong item counts as one that could be put right, so that nothing is said that is not so.
        if values.len() + wrong < min || values.len() > max {
            let different = if unique { "different item" } else { "item" };
            self.problem(|| format!("expected {}, got {}", size(min, max, different), values.len() + wrong));
            return None;
        }
        (wrong == 0).then_some(values)
    }

    /// Walks one level deeper, unless that is deeper than anybody asks.
    fn nested<T>(&mut self, walk: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth == DEPTH_MAX {
            self.problem(|| format!("is nested more than {DEPTH_MAX} levels deep"));
            return None;
        }
        self.depth += 1;
        let value = walk(self);
        self.depth -= 1;
        value
    }

    /// Walks with one more step in the pointer.
    fn within<T>(&mut self, step: &str, walk: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        self.pointer.push('/');
        // https://www.rfc-editor.org/rfc/rfc6901#section-3
        self.pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
        let value = walk(self);
        self.pointer.truncate(length);
        value
    }

    fn problem(&mut self, message: impl FnOnce() -> String) {
        self.problems.push(&self.pointer, message);
    }

    /// Adds a note about the value that the walk is at.
    fn note(&mut self, note: impl FnOnce(&str) -> String) {
        if self.notes.len() == NOTES_MAX {
            self.more_notes += 1;
            return;
        }
        self.notes.push(note(name(&self.pointer)));
    }
}

/// Returns what a note calls a place: an argument by its name, what is inside it by its pointer.
fn name(pointer: &str) -> &str {
    pointer
        .strip_prefix('/')
        .filter(|name| !name.contains('/'))
        .unwrap_or(pointer)
}

/// Whether nothing is left of a text once it is rewritten.
fn is_blank(text: &str, normalize: &[Normalize]) -> bool {
    let trims = |step: &Normalize| matches!(step, Normalize::Trim | Normalize::CountryCode);
    text.is_empty() || (normalize.iter().any(trims) && text.trim().is_empty())
}

/// Says what a value must be, in words that follow "expected".
fn expectation(input: &Input) -> &'static str {
    match input {
        Input::Boolean => "true or false",
        Input::Integer { .. } => "an integer",
        Input::Float { .. } => "a number",
        Input::Text { scalar: "AWSJSON", .. } => "JSON in a string",
        Input::Text { .. } | Input::Enum { .. } => "a string",
        Input::List { .. } => "a list",
        Input::Object { .. } => "an object",
    }
}

/// Returns `; did you mean X?`, or nothing.
fn meant(unknown: &str, fields: &[Argument]) -> String {
    suggest::did_you_mean(unknown, fields.iter().map(|field| field.name))
}

fn size(min: usize, max: usize, unit: &str) -> String {
    match (min, max) {
        (min, max) if min == max => format!("exactly {}", count(min, unit)),
        (0, max) => format!("at most {}", count(max, unit)),
        (min, max) => format!("{min} to {}", count(max, unit)),
    }
}

fn count(number: usize, unit: &str) -> String {
    if number == 1 {
        format!("1 {unit}")
    } else {
        format!("{number} {unit}s")
    }
}

#[cfg(test)]
mod tests;
