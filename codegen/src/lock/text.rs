//! Values → TOML that people review: strings that hide nothing, and JSON of which a line is a fact.
//!
//! Invariant: a character that can't be seen is written as an escape; what a line shows is what it says.

use std::fmt::Write as _;

use serde_json::Value;

use crate::hidden::is_hidden;

/// The longest line that JSON is put on.
const LINE_MAX: usize = 120;

/// Returns a value as one line of TOML.
pub(super) fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => basic(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(inline).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(key, value)| format!("{key} = {}", inline(value)))
                .collect();
            format!("{{ {} }}", fields.join(", "))
        }
        // TOML writes them as JSON does.
        other => other.to_string(),
    }
}

/// Returns a text as a TOML string: as it is over several lines, where it has some and a literal can hold it.
pub(super) fn text(text: &str) -> String {
    let is_literal = text.contains('\n')
        && !text.contains("'''")
        && !text.ends_with('\'')
        && !text.chars().any(|c| c != '\n' && is_hidden(c))
        && text
            .lines()
            .all(|line| super::first_line(line).is_none() && !super::is_before_tools(line));
    if is_literal { literal(text) } else { basic(text) }
}

/// Returns a JSON value as a TOML string.
pub(super) fn json(value: &Value) -> String {
    let mut text = String::new();
    pretty(value, 0, 0, &mut text);
    text.push('\n');
    literal(&text)
}

/// A literal's first line end is none of its text.
fn literal(text: &str) -> String {
    format!("'''\n{text}'''")
}

fn basic(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => {
                let _ = match u32::from(c) {
                    code @ ..=0xFFFF => write!(out, "\\u{code:04X}"),
                    code => write!(out, "\\U{code:08X}"),
                };
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Writes JSON: what fits into a line is one. `column` is where it begins.
fn pretty(value: &Value, indent: usize, column: usize, out: &mut String) {
    let flat = flat(value);
    if column + flat.chars().count() < LINE_MAX {
        out.push_str(&flat);
        return;
    }
    let inner = indent + 2;
    let parts: Vec<(String, &Value)> = match value {
        Value::Array(items) if !items.is_empty() => items.iter().map(|item| (String::new(), item)).collect(),
        Value::Object(fields) if !fields.is_empty() => fields
            .iter()
            .map(|(key, value)| (format!("{}: ", string(key)), value))
            .collect(),
        _ => {
            out.push_str(&flat);
            return;
        }
    };
    let (open, close) = if value.is_array() { ("[", "]") } else { ("{", "}") };
    out.push_str(open);
    for (at, (key, value)) in parts.into_iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(out, "{comma}\n{:inner$}{key}", "");
        pretty(value, inner, inner + key.chars().count(), out);
    }
    let _ = write!(out, "\n{:indent$}{close}", "");
}

fn flat(value: &Value) -> String {
    match value {
        Value::String(text) => string(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(flat).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(fields) if !fields.is_empty() => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(key, value)| format!("{}: {}", string(key), flat(value)))
                .collect();
            format!("{{ {} }}", fields.join(", "))
        }
        other => other.to_string(),
    }
}

/// Returns a JSON string that a TOML literal can hold.
fn string(text: &str) -> String {
    let mut out = String::new();
    for c in Value::from(text).to_string().replace("'''", "''\\u0027").chars() {
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_reads_back_and_hides_nothing() {
        for (given, written) in [
            ("", "\"\""),
            ("Say \"hello\" \\ o'clock", "\"Say \\\"hello\\\" \\\\ o'clock\""),
            ("Köln 東京", "\"Köln 東京\""),
            ("two\nlines with \\ and \"", "'''\ntwo\nlines with \\ and \"'''"),
            ("\nempty lines\n\n", "'''\n\nempty lines\n\n'''"),
            ("three '''\nquotes", "\"three '''\\nquotes\""),
            ("a quote at the end\n'", "\"a quote at the end\\n'\""),
            ("a\r\nb\tc\u{0}", "\"a\\u000D\\nb\\tc\\u0000\""),
            ("in\u{200b}visible\n\u{e0041}", "\"in\\u200Bvisible\\n\\U000E0041\""),
            (
                "like a tool:\nx.kind = \"read\"",
                "\"like a tool:\\nx.kind = \\\"read\\\"\"",
            ),
        ] {
            assert_eq!(text(given), written);
            let table: toml::Table = toml::from_str(&format!("a = {written}\n")).unwrap();
            assert_eq!(table.get("a").unwrap().as_str(), Some(given));
        }
    }

    #[test]
    fn json_has_a_line_for_each_fact() {
        let value = json!({
            "type": "object",
            "properties": {
                "name": { "type": "string", "maxLength": 9, "description": "A '''name''' that\u{202e} is \u{1f600}.\n" },
                "sort": { "type": ["string", "null"], "enum": ["A", null], "description": "x".repeat(120) },
                "free": {}, "none": [],
            },
            "required": ["name"],
        });
        let written = json(&value);
        expect![[r#"
            '''
            {
              "type": "object",
              "properties": {
                "name": { "type": "string", "maxLength": 9, "description": "A ''\u0027name''\u0027 that\u202e is 😀.\n" },
                "sort": {
                  "type": ["string", "null"],
                  "enum": ["A", null],
                  "description": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                },
                "free": {},
                "none": []
              },
              "required": ["name"]
            }
            '''"#]].assert_eq(&written);
        let table: toml::Table = toml::from_str(&format!("a = {written}\n")).unwrap();
        let read: Value = serde_json::from_str(table.get("a").unwrap().as_str().unwrap()).unwrap();
        assert_eq!(read, value);
    }

    #[test]
    fn a_value_is_one_line() {
        let value = json!({ "a": true, "b": [1, 2.5], "c": ["x\n", "y"] });
        assert_eq!(inline(&value), r#"{ a = true, b = [1, 2.5], c = ["x\n", "y"] }"#);
        assert_eq!(inline(&json!([])), "[]");
    }
}
