//! As much of JSON Schema as the contract uses, to check values with.
//!
//! Written here and not taken from a crate: the crate's features would have `serde_json`, and all that is built on it, built
//! once more for tests. An outside validator, the official Python client's, checks the same in `.ci/run`.
//!
//! Invariant: a keyword that is not known here fails the test; none is passed over.

use serde_json::Value;

/// Returns where a value does not fit a schema, and why.
pub(crate) fn misfits(schema: &Value, value: &Value) -> Vec<String> {
    let mut misfits = Vec::new();
    check(schema, value, "", &mut misfits);
    misfits
}

pub(crate) fn fits(schema: &Value, value: &Value) -> bool {
    misfits(schema, value).is_empty()
}

fn check(schema: &Value, value: &Value, at: &str, misfits: &mut Vec<String>) {
    for (keyword, wanted) in schema.as_object().unwrap() {
        let holds = match keyword.as_str() {
            "title" | "description" | "default" => true,
            "type" => match wanted {
                Value::Array(types) => types.iter().any(|ty| is_of_type(ty.as_str().unwrap(), value)),
                ty => is_of_type(ty.as_str().unwrap(), value),
            },
            "const" => value == wanted,
            "enum" => wanted.as_array().unwrap().contains(value),
            "not" => !fits(wanted, value),
            "anyOf" => wanted.as_array().unwrap().iter().any(|schema| fits(schema, value)),
            "minLength" => value
                .as_str()
                .is_none_or(|text| text.chars().count() as u64 >= number(wanted)),
            "maxLength" => value
                .as_str()
                .is_none_or(|text| text.chars().count() as u64 <= number(wanted)),
            "minimum" => value.as_f64().is_none_or(|given| given >= wanted.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|given| given <= wanted.as_f64().unwrap()),
            "minItems" => value
                .as_array()
                .is_none_or(|items| items.len() as u64 >= number(wanted)),
            "maxItems" => value
                .as_array()
                .is_none_or(|items| items.len() as u64 <= number(wanted)),
            "required" => value.as_object().is_none_or(|object| {
                let mut keys = wanted.as_array().unwrap().iter().map(|key| key.as_str().unwrap());
                keys.all(|key| object.contains_key(key))
            }),
            "additionalProperties" => {
                assert_eq!(*wanted, false);
                value
                    .as_object()
                    .is_none_or(|object| object.keys().all(|key| schema["properties"].get(key).is_some()))
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(wanted, item, &format!("{at}/{index}"), misfits);
                }
                true
            }
            "properties" => {
                for (key, field) in value.as_object().into_iter().flatten() {
                    if let Some(schema) = wanted.get(key) {
                        check(schema, field, &format!("{at}/{key}"), misfits);
                    }
                }
                true
            }
            unknown => panic!("{at}: the keyword `{unknown}` is not known here"),
        };
        if !holds {
            misfits.push(format!("{at}: not {keyword} {wanted}"));
        }
    }
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn is_of_type(ty: &str, value: &Value) -> bool {
    match ty {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        // https://json-schema.org/draft/2020-12/json-schema-core#section-4.2.3: 1.0 is an integer.
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        unknown => panic!("the type `{unknown}` is not known here"),
    }
}

#[test]
fn the_checker_finds_what_does_not_fit() {
    let schema = serde_json::json!({
        "type": "object",
        "properties": {
            "n": {"type": ["integer", "null"], "minimum": 0, "maximum": 9},
            "s": {"type": "string", "minLength": 2, "maxLength": 3},
            "l": {"type": "array", "items": {"enum": ["A", "B"]}, "minItems": 1, "maxItems": 2},
            "u": {"anyOf": [{"const": 1}, {"type": "boolean", "not": {"const": false}}]}
        },
        "required": ["s"],
        "additionalProperties": false
    });
    let fitting = serde_json::json!({"n": 9, "s": "äöü", "l": ["A"], "u": true});
    assert_eq!(misfits(&schema, &fitting), [""; 0]);
    assert_eq!(
        misfits(&schema, &serde_json::json!({"n": null, "s": "ab", "u": 1})),
        [""; 0]
    );
    for (value, count) in [
        (serde_json::json!({"n": 10, "s": "a", "l": ["C"], "u": 2}), 4),
        (serde_json::json!({"n": -1, "l": [], "x": 1}), 4),
        (serde_json::json!({"n": 1.5, "s": "abcd", "l": ["A", "B", "A"]}), 3),
        (serde_json::json!([]), 1),
        (serde_json::json!({"s": 1, "l": {}, "u": false}), 3),
    ] {
        assert_eq!(
            misfits(&schema, &value).len(),
            count,
            "{value}: {:?}",
            misfits(&schema, &value)
        );
    }
}
