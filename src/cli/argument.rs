//! `key=value` and JSON objects from a shell become a tool's arguments; a list can be written with commas.
//!
//! Invariant: any other value goes on as the text that it is: decoding reads it by its type, or says that it is none. So
//! `key=` means here what an empty text means everywhere.

use serde_json::{Map, Value};

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
            let argument = arguments.iter().find(|argument| argument.name == key);
            let value = match argument.map(|argument| &argument.value.input) {
                Some(Input::List { item, .. }) => list(&item.input, text),
                _ => text.into(),
            };
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

fn list(item: &Input, text: &str) -> Value {
    if let Ok(items @ Value::Array(_)) = serde_json::from_str(text) {
        return items;
    }
    match item {
        _ if text.is_empty() => text.into(),
        // An object has commas of its own.
        Input::Object { .. } => vec![Value::from(text)].into(),
        _ => text.split(',').map(|part| Value::from(part.trim())).collect(),
    }
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
        empty: false,
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
    fn values_are_texts_that_decoding_reads() {
        check(
            &["text=7", "limit=7", "ratio=0.5", "deep=true"],
            Ok(json!({"text": "7", "limit": "7", "ratio": "0.5", "deep": "true"})),
        );
        check(&["text=a=b", "limit=-3"], Ok(json!({"text": "a=b", "limit": "-3"})));
        check(
            &["text=", "limit=", "ids="],
            Ok(json!({"text": "", "limit": "", "ids": ""})),
        );
        check(&["filter={\"a\": 1}"], Ok(json!({"filter": "{\"a\": 1}"})));
    }

    #[test]
    fn lists_come_by_commas_by_repetition_or_as_json() {
        check(
            &["ids=a,b", "years=1, 2"],
            Ok(json!({"ids": ["a", "b"], "years": ["1", "2"]})),
        );
        check(&["ids=a", "ids=b,c"], Ok(json!({"ids": ["a", "b", "c"]})));
        check(
            &[r#"ids=["a,b", "c"]"#, "years=[1,null]"],
            Ok(json!({"ids": ["a,b", "c"], "years": [1, null]})),
        );
        check(&["ids=[]", "years=7"], Ok(json!({"ids": [], "years": ["7"]})));
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
                json!({"limit": "ten", "deep": "yes", "years": ["1", "x"], "filter": "x", "unknown": "1", "ratio": "NaN"}),
            ),
        );
    }

    #[test]
    fn objects_and_pairs_can_be_mixed() {
        check(
            &[r#"{"text": "a", "limit": null}"#, "deep=true"],
            Ok(json!({"text": "a", "limit": null, "deep": "true"})),
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
