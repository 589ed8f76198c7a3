//! Turns what an error of the API says beside its type and its words into one line for the log.
//!
//! Invariant: the line is of bounded length. It may hold whatever the API does, as the API's words may.

use appsync_mcp_client::{GraphQlError, Location};

use crate::quote;

/// The most steps of a path that are told.
const STEPS_MAX: usize = 20;

/// The most places in the document that are told.
const LOCATIONS_MAX: usize = 5;

/// Returns the field that failed, where it stands in the document, and what the resolver adds; nothing if there is none.
pub(crate) fn beside(error: &GraphQlError) -> String {
    let path = joined(error.path.iter().flatten().take(STEPS_MAX), ".");
    let locations = joined(error.locations.iter().take(LOCATIONS_MAX).map(location), ", ");
    let info = error.error_info.as_ref().map(ToString::to_string).unwrap_or_default();
    let parts = [("path", path), ("line", locations), ("info", info)];
    let told = parts.iter().filter(|(_, text)| !text.is_empty());
    joined(told.map(|(name, text)| format!("{name} {}", quote::line(text))), "; ")
}

fn location(location: &Location) -> String {
    let Location {
        line,
        column,
        source_name,
    } = location;
    let source = source_name.as_ref().map(|name| format!(" of {name}"));
    format!("{line}:{column}{}", source.unwrap_or_default())
}

fn joined(parts: impl Iterator<Item = impl ToString>, separator: &str) -> String {
    parts.map(|part| part.to_string()).collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn told(error: Value) -> String {
        beside(&serde_json::from_value(error).unwrap())
    }

    #[test]
    fn tells_what_there_is() {
        let place = json!({"line": 2, "column": 3, "sourceName": null});
        let named = json!({"line": 4, "column": 5, "sourceName": "part\n2"});
        for (error, expected) in [
            (json!({"message": "m", "errorType": "T", "data": {"x": 1}}), ""),
            (json!({"path": [], "locations": [], "errorInfo": null}), ""),
            (json!({"path": ["items", 0, null]}), "path items.0.?"),
            (json!({"locations": [place]}), "line 2:3"),
            (json!({"errorInfo": "again later"}), r#"info "again later""#),
            (
                json!({"path": ["a"], "locations": [place, named], "errorInfo": {"retryAfter": 5}}),
                r#"path a; line 2:3, 4:5 of part 2; info {"retryAfter":5}"#,
            ),
        ] {
            assert_eq!(told(error.clone()), expected, "{error}");
        }
    }

    #[test]
    fn is_of_bounded_length() {
        // Longer ones are not read.
        let many = |value: Value| Value::from(vec![value; 30]);
        let place = json!({"line": 1, "column": 1, "sourceName": "x".repeat(90)});
        let error = json!({
            "path": many(json!("x".repeat(100))),
            "locations": many(place),
            "errorInfo": many(json!("x".repeat(100))),
        });
        let length = told(error).chars().count();
        assert!((900..1_000).contains(&length), "{length}");
    }
}
