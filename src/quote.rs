//! Turns other people's text into text that is fit to be shown: to a model, or in a log.
//!
//! Invariant: what is returned is bounded, and has no control, invisible or direction-changing characters.
//! Invariant: pure; how much is read of a long text is bounded too.

use serde_json::Value;

/// The most characters that are quoted of a value.
const QUOTED_CHARS_MAX: usize = 40;

/// The most characters that are shown of an API's message.
const MESSAGE_CHARS_MAX: usize = 300;

/// Returns a value as a message shows it: `"ten"`, `10`, `null`, `a list`; the insides of a list or an object are not looked at.
pub(crate) fn value(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(value) => text(value),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// Returns a text in double quotes: its beginning, with what can't be seen escaped.
pub(crate) fn text(text: &str) -> String {
    let mut quoted = String::from("\"");
    quoted.push_str(&name(text));
    quoted.push('"');
    quoted
}

/// Returns a name that somebody else chose, such as an unknown argument's: like [`text`], without the quotes.
pub(crate) fn name(text: &str) -> String {
    let mut shown = String::new();
    let mut chars = text.chars();
    for c in chars.by_ref().take(QUOTED_CHARS_MAX) {
        match c {
            // An apostrophe needs no escape within double quotes.
            '\'' => shown.push(c),
            _ if is_invisible(c) && !c.is_control() => shown.extend(c.escape_unicode()),
            _ => shown.extend(c.escape_debug()),
        }
    }
    if chars.next().is_some() {
        shown.push('…');
    }
    shown
}

/// Returns an API's message: one line of bounded length, without what may name machines, accounts and credentials.
pub(crate) fn message(text: &str) -> String {
    let mut shown = String::new();
    // What is far beyond the most that is shown need not be read.
    let start: String = text
        .chars()
        .take(MESSAGE_CHARS_MAX * 4)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let visible: String = start.chars().filter(|c| !is_invisible(*c)).collect();
    for word in visible.split_whitespace() {
        if !shown.is_empty() {
            shown.push(' ');
        }
        shown.push_str(if is_internal(word) { "[redacted]" } else { word });
    }
    if let Some((end, _)) = shown.char_indices().nth(MESSAGE_CHARS_MAX) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

/// Says whether a word names a machine, an account or a credential.
fn is_internal(word: &str) -> bool {
    let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let is_account_id = bare.len() == 12 && bare.bytes().all(|b| b.is_ascii_digit());
    let is_access_key = bare.len() >= 16 && (bare.starts_with("AKIA") || bare.starts_with("ASIA"));
    let is_token = bare.len() >= 20 && (bare.contains("eyJ") || bare.contains("da2-"));
    let lower = word.to_ascii_lowercase();
    let is_address = ["://", ".amazonaws.", ".internal", "localhost"]
        .iter()
        .any(|part| lower.contains(part));
    is_account_id || is_access_key || is_token || is_address || lower.contains("arn:")
}

/// Says whether a character can hide text or change how it reads: format characters, fillers, tags, variation selectors.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(u32::from(c),
        0x00AD | 0x034F | 0x061C | 0x06DD | 0x070F | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F
        | 0x0600..=0x0605 | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF
        | 0xFFA0 | 0xFFF0..=0xFFFB | 0xE000..=0xF8FF | 0x1D173..=0x1D17A | 0xE_0000..=0xE_0FFF | 0xF_0000..=0x10_FFFF)
        || c.is_control()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn quotes_values_shortened_and_escaped() {
        for (given, expected) in [
            (json!(null), "null"),
            (json!(true), "true"),
            (json!(1.5), "1.5"),
            (json!("ten"), "\"ten\""),
            (json!("it's"), "\"it's\""),
            (json!("a\"b\n\u{0}"), r#""a\"b\n\0""#),
            (json!("a\u{202e}b\u{200b}"), r#""a\u{202e}b\u{200b}""#),
            (json!("Köln"), "\"Köln\""),
            (json!([[[1]]]), "a list"),
            (json!({"a": 1}), "an object"),
        ] {
            assert_eq!(value(&given), expected);
        }
        assert_eq!(value(&json!("x".repeat(1_000_000))), format!("\"{}…\"", "x".repeat(40)));
        assert_eq!(value(&json!("x".repeat(40))), format!("\"{}\"", "x".repeat(40)));
    }

    #[test]
    fn shows_a_message_on_one_line_without_what_is_internal() {
        for (given, expected) in [
            ("a collection of that name exists", "a collection of that name exists"),
            ("two\nlines\tand\u{0}more", "two lines and more"),
            ("in\u{200b}visi\u{e0041}ble \u{202e}txet", "invisible txet"),
            (
                "User: arn:aws:sts::123456789012:assumed-role/x is not allowed",
                "User: [redacted] is not allowed",
            ),
            ("account 123456789012.", "account [redacted]"),
            ("order 12345678901 exists", "order 12345678901 exists"),
            (
                "see https://abc.appsync-api.eu-west-1.amazonaws.com/graphql now",
                "see [redacted] now",
            ),
            (
                "host db-1.cluster.eu.rds.amazonaws.com:5432 is down",
                "host [redacted] is down",
            ),
            ("key AKIAIOSFODNN7EXAMPLE is bad", "key [redacted] is bad"),
            ("token=eyJhbGciOiJIUzI1NiJ9.e30.x is bad", "[redacted] is bad"),
        ] {
            assert_eq!(message(given), expected);
        }
        assert_eq!(message(&"x".repeat(1_000_000)).chars().count(), 301);
        assert_eq!(message(&"\u{200b}".repeat(1_000_000)), "");
    }
}
