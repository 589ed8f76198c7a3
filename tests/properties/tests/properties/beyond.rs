//! Arguments that the advertised schema accepts → the values that are sent; or nothing, where the contract says more than
//! the schema does.
//!
//! This is the whole list of exceptions to "what is advertised is what is enforced", and it is that of `docs/operations.md`
//! ("What the schema and the server disagree on"). The server refuses what the schema lets through:
//!
//! - A name that is none of the arguments', or of an input object's fields'.
//! - A whole number beyond what the API's type holds.
//! - A normalised text advertises no lengths and no pattern: they hold for what it is rewritten to. A country's name has to
//!   be one.
//! - A list without duplicates advertises no `maxItems`, and its bounds hold for what is left of it.
//! - An `AWSJSON` is advertised as a text, and has to be JSON.
//! - Input objects that hold themselves end somewhere.
//!
//! And it takes what the schema does not let through (`plain`):
//!
//! - Null for what may be left out, and for an item of a list whose items may be null.
//!
//! A number that is clamped is in any case accepted, and `1.0` is an integer in JSON Schema too.

use appsync_mcp::country;
use appsync_mcp::decode::JsonObject;
use appsync_mcp::tool::{Absent, Argument, Excess, Input, Normalize, Position};
use serde_json::{Value, json};

use crate::arguments;

/// The most lists and input objects within one another.
const DEPTH_MAX: usize = 32;

/// Returns the values of an object's fields, defaults included.
pub(crate) fn values(fields: &[Argument], given: &JsonObject) -> Option<JsonObject> {
    object(fields, given, 0)
}

/// Whether a value is accepted where the schema has accepted it.
pub(crate) fn allows(position: &Position, given: &Value) -> bool {
    value(position, given, 0).is_some()
}

/// Returns arguments without what the decoder takes and the schema does not let through.
pub(crate) fn plain(fields: &'static [Argument], given: &JsonObject) -> JsonObject {
    let field_of = |name: &str| fields.iter().find(|field| field.name == name);
    let kept = given.iter().filter_map(|(name, given)| match field_of(name) {
        Some(field) if given.is_null() && !field.value.nullable && field.absent != Absent::Required => None,
        Some(field) => Some((name.clone(), plain_value(&field.value, given))),
        None => Some((name.clone(), given.clone())),
    });
    kept.collect()
}

fn plain_value(position: &'static Position, given: &Value) -> Value {
    match (&position.input, given) {
        (Input::List { item, .. }, Value::Array(items)) => {
            let plain = |given: &Value| match given {
                Value::Null if item.nullable => arguments::some(item),
                given => plain_value(item, given),
            };
            items.iter().map(plain).collect()
        }
        (Input::Object { fields, .. }, Value::Object(given)) => plain(fields, given).into(),
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
