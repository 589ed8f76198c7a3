//! Turns a value that is spelled in another way than the contract asks for into the value that it is.
//!
//! Clients and models write a number, a list or an object as text, an id as a number, JSON as what it stands for, and an
//! empty object as an empty list (PHP has but one of the two).
//!
//! Invariant: nothing is lost and nothing is guessed. What could mean something else stays as it is, and is then refused.
//! Invariant: a text is read once, by a parser that has a bottom of its own; what comes of it is not read as text again.
//! Invariant: what the contract takes as it is stays as it is.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Number, Value, from_str};

use super::JsonObject;
use crate::tool::Input;

/// The largest whole number that every client's JSON carries exactly (RFC 8259, section 6): 2^53 - 1. Of a larger one nobody
/// knows whether digits were lost before it came here.
const EXACT_MAX: u64 = 9_007_199_254_740_991;

/// Returns the value as the contract spells it.
pub(super) fn plain(input: &Input, value: Value) -> Value {
    let value = match value {
        Value::String(text) => read(input, text),
        value => value,
    };
    match (input, value) {
        (Input::Object { .. }, Value::Array(items)) if items.is_empty() => JsonObject::new().into(),
        (Input::Text { scalar: "ID", .. }, Value::Number(number)) if is_exact_integer(&number) => {
            number.to_string().into()
        }
        (Input::Text { scalar: "AWSJSON", .. }, value) if is_exact_json(&value) => value.to_string().into(),
        (_, value) => value,
    }
}

/// Returns what a text holds, if that is exactly one JSON value of the type or null; where a text is asked for, it is the
/// value itself.
fn read(input: &Input, text: String) -> Value {
    let read = match input {
        Input::Boolean => json::<bool>(&text),
        Input::Integer { .. } | Input::Float { .. } => json::<Number>(&text),
        Input::List { .. } => json::<Vec<Value>>(&text),
        Input::Object { .. } => json::<JsonObject>(&text).or_else(|| {
            let empty: [IgnoredAny; 0] = from_str(&text).ok()?;
            Some(Vec::from(empty.map(|_| Value::Null)).into())
        }),
        Input::Text { .. } | Input::Enum { .. } => None,
    };
    read.unwrap_or(Value::String(text))
}

fn json<T: DeserializeOwned + Into<Value>>(text: &str) -> Option<Value> {
    let value: Option<T> = from_str(text).ok()?;
    Some(value.map_or(Value::Null, Into::into))
}

fn is_exact_integer(number: &Number) -> bool {
    number.as_i64().is_some_and(|number| number.unsigned_abs() <= EXACT_MAX)
}

/// Whether a value is JSON that is not written as text yet, and can be without a loss.
fn is_exact_json(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::String(_)) && is_exact(value)
}

/// Whether no number in a value is so large that digits of it may have been lost.
fn is_exact(value: &Value) -> bool {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "the bound itself is exact")]
        Value::Number(number) => number.as_f64().is_some_and(|number| number.abs() <= EXACT_MAX as f64),
        Value::Array(items) => items.iter().all(is_exact),
        Value::Object(fields) => fields.values().all(is_exact),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}
