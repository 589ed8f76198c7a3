//! `key=value` and JSON objects from a shell become a tool's arguments, by the types of its contract.
//!
//! Invariant: a value that its type does not take goes on as the text it is, so that decoding reports it with all else.

use serde_json::{Map, Number, Value};

use crate::tool::{Argument, Input};

/// The words are no arguments.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ArgumentError {
    /// Neither `key=value` nor a JSON object.
    #[error("expected KEY=VALUE or a JSON object, got `{word}`")]
    NoPair { word: String },
    /// It begins like a JSON object.
    #[error("this is not a JSON object: {error}")]
    Json { error: String },
    /// Only lists grow.
    #[error("`{key}` is given twice; only a list may be")]
    Twice { key: String },
}

/// Returns the arguments that the words of a command line stand for.
pub(crate) fn parse(words: &[String], arguments: &[Argument]) -> Result<Map<String, Value>, ArgumentError> {
    let mut parsed = Map::new();
    for word in words {
        if word.trim_start().starts_with('{') {
            let object: Map<String, Value> = serde_json::from_str(word).map_err(|error| ArgumentError::Json {
                error: error.to_string(),
            })?;
            for (key, value) in object {
                put(&mut parsed, key, value)?;
            }
        } else {
            let Some((key, text)) = word.split_once('=').filter(|(key, _)| !key.is_empty()) else {
                return Err(ArgumentError::NoPair {
                    word: crate::quote::name(word),
                });
            };
            let input = arguments
                .iter()
                .find(|argument| argument.name == key)
                .map(|argument| &argument.value.input);
            let value = input.map_or_else(|| Value::from(text), |input| convert(input, text));
            put(&mut parsed, key.to_owned(), value)?;
        }
    }
    Ok(parsed)
}

/// Adds a value; a list to a list.
fn put(parsed: &mut Map<String, Value>, key: String, value: Value) -> Result<(), ArgumentError> {
    match (parsed.get_mut(&key), value) {
        (None, value) => {
            parsed.insert(key, value);
        }
        (Some(Value::Array(items)), Value::Array(more)) => items.extend(more),
        (Some(_), _) => return Err(ArgumentError::Twice { key }),
    }
    Ok(())
}

fn convert(input: &Input, text: &str) -> Value {
    let converted = match input {
        Input::Boolean => text.parse::<bool>().ok().map(Value::from),
        // Also `1e2` and `1.0`: which numbers are whole is for decoding to say.
        Input::Integer { .. } | Input::Float { .. } => serde_json::from_str::<Number>(text).ok().map(Value::from),
        Input::Text { .. } | Input::Enum { .. } => None,
        Input::List { item, .. } => Some(list(&item.input, text)),
        Input::Object { .. } => serde_json::from_str::<Map<String, Value>>(text).ok().map(Value::from),
    };
    converted.unwrap_or_else(|| Value::from(text))
}

fn list(item: &Input, text: &str) -> Value {
    if let Ok(items @ Value::Array(_)) = serde_json::from_str(text) {
        return items;
    }
    if text.is_empty() {
        return Value::Array(Vec::new());
    }
    // An object has commas of its own.
    if let Input::Object { .. } = item {
        return Value::Array(vec![convert(item, text)]);
    }
    text.split(',').map(|part| convert(item, part.trim())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::tool::{Absent, Excess, Position};

    const TEXT: Input = Input::Text {
        scalar: "String",
        normalize: &[],
        length_min: 0,
        length_max: 10,
        pattern: None,
    };
    const NUMBER: Input = Input::Integer {
        min: 0,
        max: 9,
        excess: Excess::Reject,
    };
    const TEXT_ITEM: Position = Position {
        input: TEXT,
        nullable: false,
    };
    const NUMBER_ITEM: Position = Position {
        input: NUMBER,
        nullable: false,
    };

    const fn argument(name: &'static str, input: Input) -> Argument {
        let value = Position { input, nullable: false };
        Argument {
            name,
            description: "",
            value,
            absent: Absent::Omitted,
            example: None,
        }
    }

    const fn list_of(item: &'static Position) -> Input {
        Input::List {
            item,
            items_min: 0,
            items_max: 9,
            unique: false,
        }
    }

    static ARGUMENTS: [Argument; 7] = [
        argument("text", TEXT),
        argument("limit", NUMBER),
        argument(
            "ratio",
            Input::Float {
                min: 0.0,
                max: 1.0,
                excess: Excess::Reject,
            },
        ),
        argument("deep", Input::Boolean),
        argument("ids", list_of(&TEXT_ITEM)),
        argument("years", list_of(&NUMBER_ITEM)),
        argument(
            "filter",
            Input::Object {
                name: "Filter",
                fields: &[],
            },
        ),
    ];

    fn check(words: &[&str], expected: Result<Value, &str>) {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let parsed = parse(&words, &ARGUMENTS)
            .map(Value::Object)
            .map_err(|error| error.to_string());
        assert_eq!(parsed, expected.map_err(str::to_owned), "{words:?}");
    }

    #[test]
    fn values_take_the_contracts_types() {
        check(
            &["text=7", "limit=7", "ratio=0.5", "deep=true"],
            Ok(json!({"text": "7", "limit": 7, "ratio": 0.5, "deep": true})),
        );
        check(&["text=a=b", "limit=-3"], Ok(json!({"text": "a=b", "limit": -3})));
        check(&["text=", "limit=1e2"], Ok(json!({"text": "", "limit": 1e2})));
        check(&["filter={\"a\": 1}"], Ok(json!({"filter": {"a": 1}})));
    }

    #[test]
    fn lists_come_by_commas_by_repetition_or_as_json() {
        check(
            &["ids=a,b", "years=1, 2"],
            Ok(json!({"ids": ["a", "b"], "years": [1, 2]})),
        );
        check(&["ids=a", "ids=b,c"], Ok(json!({"ids": ["a", "b", "c"]})));
        check(
            &[r#"ids=["a,b", "c"]"#, "years=[1,null]"],
            Ok(json!({"ids": ["a,b", "c"], "years": [1, null]})),
        );
        check(&["ids=", "years=7"], Ok(json!({"ids": [], "years": [7]})));
    }

    #[test]
    fn what_does_not_fit_goes_on_as_text() {
        check(
            &[
                "limit=ten",
                "deep=yes",
                "years=1,x",
                "filter=x",
                "unknown=1",
                "ratio=NaN",
            ],
            Ok(
                json!({"limit": "ten", "deep": "yes", "years": [1, "x"], "filter": "x", "unknown": "1", "ratio": "NaN"}),
            ),
        );
    }

    #[test]
    fn objects_and_pairs_can_be_mixed() {
        check(
            &[r#"{"text": "a", "limit": null}"#, "deep=true"],
            Ok(json!({"text": "a", "limit": null, "deep": true})),
        );
        check(&[], Ok(json!({})));
    }

    #[test]
    fn what_is_no_argument_is_refused() {
        check(&["SaaS"], Err("expected KEY=VALUE or a JSON object, got `SaaS`"));
        check(&["=x"], Err("expected KEY=VALUE or a JSON object, got `=x`"));
        check(
            &["{text}"],
            Err("this is not a JSON object: key must be a string at line 1 column 2"),
        );
        check(&["text=a", "text=b"], Err("`text` is given twice; only a list may be"));
        check(
            &["limit=1", r#"{"limit": 2}"#],
            Err("`limit` is given twice; only a list may be"),
        );
    }
}
