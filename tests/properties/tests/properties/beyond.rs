//! Arguments → the same as the advertised schema asks for them; and of those that it accepts, the values that are sent, or
//! nothing, where the contract says more than the schema does.
//!
//! This is the whole list of exceptions to "what is advertised is what is enforced", and it is that of `docs/operations.md`
//! ("What schema and server disagree on"). The server refuses what the schema lets through:
//!
//! - A name that is none of the arguments', or of an input object's fields'.
//! - A whole number beyond what the API's type holds.
//! - A normalised text advertises no lengths and no pattern: they hold for what it is rewritten to. A country's name has to
//!   be one.
//! - A list without duplicates advertises no `maxItems`, and its bounds hold for what is left of it.
//! - An `AWSJSON` is advertised as a text, and has to be JSON.
//! - Input objects that hold themselves end somewhere.
//!
//! And it takes what the schema does not let through (`plain` and `advertised`):
//!
//! - Null for an optional argument or field, unless the contract gives it a meaning, is as if it was not given. So is an
//!   empty text, and one that trimming leaves empty, unless the contract says `@length(min: 0)`.
//! - A text that is exactly one JSON value of the type is that value, or null; for a text or an enum it is the text.
//! - A whole number of up to 2^53 - 1 is an `ID`, and JSON that is no text is an `AWSJSON` as long as its numbers are exact.
//! - An empty list is an empty object.
//! - Null for an item of a list whose items may be null.
//!
//! A number that is clamped is in any case accepted, and `1.0` is an integer in JSON Schema too.

use appsync_mcp::country;
use appsync_mcp::decode::JsonObject;
use appsync_mcp::tool::{Absent, Argument, Excess, Input, Normalize, Position};
use serde_json::{Value, json};

use crate::arguments;

/// The most lists and input objects within one another.
const DEPTH_MAX: usize = 32;

/// The largest whole number that JSON carries exactly everywhere.
const EXACT_MAX: f64 = 9_007_199_254_740_991.0;

/// Returns arguments or fields as the schema asks for them. What is of no use stays as it is.
pub(crate) fn plain(fields: &[Argument], given: &JsonObject) -> JsonObject {
    let entry = |(name, value): (&String, &Value)| {
        let Some(field) = fields.iter().find(|field| field.name == name) else {
            return Some((name.clone(), value.clone()));
        };
        let value = respelt(&field.value, value.clone());
        let is_optional = field.absent != Absent::Required;
        let is_given = match (&value, &field.value.input) {
            (Value::Null, _) => field.value.nullable,
            (Value::String(text), Input::Text { normalize, empty, .. }) => {
                let trims = normalize.contains(&Normalize::Trim) || normalize.contains(&Normalize::CountryCode);
                let text = if trims { text.trim() } else { text };
                *empty || !text.is_empty()
            }
            (Value::String(text), _) => !text.is_empty(),
            _ => true,
        };
        (is_given || !is_optional).then(|| (name.clone(), value))
    };
    given.iter().filter_map(entry).collect()
}

/// Returns a value in the spelling that the schema asks for, if it is one in another spelling.
fn respelt(position: &Position, value: Value) -> Value {
    let read = |value: Value, is_wanted: fn(&Value) -> bool| {
        let read = value.as_str().and_then(|text| serde_json::from_str(text).ok());
        read.filter(|read: &Value| read.is_null() || is_wanted(read))
            .unwrap_or(value)
    };
    match &position.input {
        Input::Boolean => read(value, Value::is_boolean),
        Input::Integer { .. } | Input::Float { .. } => read(value, Value::is_number),
        Input::List { item, .. } => match read(value, Value::is_array) {
            Value::Array(items) => items.into_iter().map(|value| respelt(item, value)).collect(),
            value => value,
        },
        Input::Object { fields, .. } => match read(value, |value| value.is_object() || *value == json!([])) {
            Value::Array(items) if items.is_empty() => json!({}),
            Value::Object(given) => plain(fields, &given).into(),
            value => value,
        },
        Input::Text { scalar: "ID", .. } if value.is_i64() && has_exact_numbers(&value) => value.to_string().into(),
        Input::Text { scalar: "AWSJSON", .. }
            if !value.is_string() && !value.is_null() && has_exact_numbers(&value) =>
        {
            value.to_string().into()
        }
        Input::Text { .. } | Input::Enum { .. } => value,
    }
}

fn has_exact_numbers(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_f64().is_some_and(|number| number.abs() <= EXACT_MAX),
        Value::Array(items) => items.iter().all(has_exact_numbers),
        Value::Object(fields) => fields.values().all(has_exact_numbers),
        _ => true,
    }
}

/// Returns the values of an object's fields, defaults included.
pub(crate) fn values(fields: &[Argument], given: &JsonObject) -> Option<JsonObject> {
    object(fields, given, 0)
}

/// Whether a value is accepted where the schema has accepted it.
pub(crate) fn allows(position: &Position, given: &Value) -> bool {
    value(position, given, 0).is_some()
}

/// Returns arguments that are as the schema asks for them, but for null items of lists, with others in their place.
pub(crate) fn advertised(fields: &'static [Argument], given: &JsonObject) -> JsonObject {
    let entry = |(name, given): (&String, &Value)| {
        let field = fields.iter().find(|field| field.name == name);
        let value = field.map_or_else(|| given.clone(), |field| advertised_value(&field.value, given));
        (name.clone(), value)
    };
    given.iter().map(entry).collect()
}

fn advertised_value(position: &'static Position, given: &Value) -> Value {
    match (&position.input, given) {
        (Input::List { item, .. }, Value::Array(items)) => {
            let advertised = |given: &Value| match given {
                Value::Null if item.nullable => arguments::some(item),
                given => advertised_value(item, given),
            };
            items.iter().map(advertised).collect()
        }
        (Input::Object { fields, .. }, Value::Object(given)) => advertised(fields, given).into(),
        _ => given.clone(),
    }
}

fn object(fields: &[Argument], given: &JsonObject, depth: usize) -> Option<JsonObject> {
    if given.keys().any(|name| fields.iter().all(|field| field.name != name)) {
        return None;
    }
    let mut values = JsonObject::new();
    for field in fields {
        let given = given.get(field.name).cloned();
        let given = given.filter(|given| !given.is_null() || field.value.nullable);
        let given = given.or_else(|| match field.absent {
            Absent::Default(text) => Some(serde_json::from_str(text).expect("a default is JSON")),
            Absent::Omitted => None,
            Absent::Required => panic!("the schema lets `{}` be absent", field.name),
        });
        if let Some(given) = given {
            values.insert(field.name.to_owned(), value(&field.value, &given, depth)?);
        }
    }
    Some(values)
}

fn value(position: &Position, given: &Value, depth: usize) -> Option<Value> {
    if given.is_null() {
        return Some(Value::Null);
    }
    Some(match &position.input {
        Input::Boolean | Input::Enum { .. } => given.clone(),
        Input::Integer { min, max, excess } => {
            let whole = integer(given, *min, *max, *excess);
            (*min..=*max).contains(&whole).then_some(whole)?.into()
        }
        Input::Float { min, max, excess } => float(given, *min, *max, *excess),
        Input::Text {
            scalar,
            normalize,
            length_min,
            length_max,
            pattern,
            ..
        } => {
            let text = normalized(given.as_str().expect("a text"), normalize)?;
            if !normalize.is_empty() {
                let length = text.chars().count();
                let patterns = pattern.iter();
                let mut misfits = patterns.filter(|pattern| !matches(pattern.regex, &text));
                if length < *length_min || length > *length_max || misfits.next().is_some() {
                    return None;
                }
            }
            if *scalar == "AWSJSON" {
                serde_json::from_str::<Value>(&text).ok()?;
            }
            text.into()
        }
        Input::List {
            item,
            items_min,
            items_max,
            unique,
        } => {
            let given = given.as_array().expect("a list").iter();
            let depth = deeper(depth)?;
            let mut items = given
                .map(|given| value(item, given, depth))
                .collect::<Option<Vec<_>>>()?;
            if *unique {
                let all = std::mem::take(&mut items);
                for value in all {
                    if !items.contains(&value) {
                        items.push(value);
                    }
                }
                if items.len() < *items_min || items.len() > *items_max {
                    return None;
                }
            }
            items.into()
        }
        Input::Object { fields, .. } => object(fields, given.as_object().expect("an object"), deeper(depth)?)?.into(),
    })
}

fn deeper(depth: usize) -> Option<usize> {
    (depth < DEPTH_MAX).then_some(depth + 1)
}

fn integer(given: &Value, min: i64, max: i64, excess: Excess) -> i64 {
    let whole = given.as_i64().unwrap_or_else(|| {
        #[expect(clippy::cast_possible_truncation, reason = "the cast saturates, as clamping does")]
        let whole = given.as_f64().expect("a number") as i64;
        whole
    });
    match excess {
        Excess::Clamp => whole.clamp(min, max),
        Excess::Reject => whole,
    }
}

fn float(given: &Value, min: f64, max: f64, excess: Excess) -> Value {
    let number = given.as_f64().expect("a number");
    match excess {
        Excess::Clamp if number < min || number > max => number.clamp(min, max).into(),
        _ => given.clone(),
    }
}

fn normalized(text: &str, normalize: &[Normalize]) -> Option<String> {
    let mut text = text.to_owned();
    for step in normalize {
        text = match step {
            Normalize::Trim => text.trim().to_owned(),
            Normalize::Lowercase => text.to_lowercase(),
            Normalize::Uppercase => text.to_uppercase(),
            Normalize::CountryCode => country::code(&text).ok()?.to_owned(),
        };
    }
    Some(text)
}

/// Whether a text matches a regular expression, as JSON Schema reads it.
pub(crate) fn matches(regex: &str, text: &str) -> bool {
    jsonschema::is_valid(&json!({ "pattern": regex }), &text.into())
}
