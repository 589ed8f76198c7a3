//! Turns other people's text into text that is fit to be shown: to a model, or in a log.
//!
//! Invariant: what is returned is bounded, and has no control, invisible or direction-changing characters.
//! Invariant: pure; how much is read of a long text is bounded too.

pub(crate) use appsync_mcp_client::quote::{is_invisible, name};
use serde_json::Value;

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

/// Returns an API's message as one line of bounded length, unless anything in it looks internal.
pub(crate) fn message(text: &str) -> Option<String> {
    let line = one_line(text);
    (!line.is_empty() && !is_internal(&line)).then(|| shortened(line))
}

/// Returns a text of somebody else as one line of bounded length.
pub(crate) fn line(text: &str) -> String {
    shortened(one_line(text))
}

fn one_line(text: &str) -> String {
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
        shown.push_str(word);
    }
    shown
}

fn shortened(mut shown: String) -> String {
    if let Some((end, _)) = shown.char_indices().nth(MESSAGE_CHARS_MAX) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

/// Words that come with machinery or with credentials, and not with what a caller did wrong.
const INTERNAL_WORDS: [&str; 14] = [
    "api key",
    "api_key",
    "apikey",
    "authorization",
    "bearer",
    "credential",
    "da2-",
    "exception",
    "eyj",
    "localhost",
    "passphrase",
    "passw",
    "secret",
    "traceback",
];

/// The numbers of AWS's accounts have this many digits, in groups or not.
const ACCOUNT_DIGITS: usize = 12;

/// An access key's id has 20 letters and digits.
const ACCESS_KEY_CHARS_MIN: usize = 16;

/// Longer than a UUID, and so a key, a signature or a digest.
const TOKEN_CHARS_MIN: usize = 40;

/// Says whether a text may name a machine, an account, a credential or a place in a program.
///
/// What is said to a caller is prose, so whatever is no prose counts: better one message too few is shown.
fn is_internal(text: &str) -> bool {
    let text: String = text.chars().map(plain).collect();
    let lower = text.to_ascii_lowercase();
    INTERNAL_WORDS.iter().any(|word| lower.contains(word))
        || text.contains(['=', '@', '/', '\\', '<', '>', '[', ']', '{', '}'])
        || has_account(&text)
        || text
            .split(|c: char| !(c.is_alphanumeric() || "-_+.".contains(c)))
            .any(is_host)
        || text
            .split(|c: char| !(c.is_ascii_alphanumeric() || "-_+".contains(c)))
            .any(|word| word.len() >= TOKEN_CHARS_MIN)
        || text.split(|c: char| !c.is_ascii_alphanumeric()).any(is_access_key)
        || has_glued_colon(&text)
        || lower.split_whitespace().any(|word| word == "token:" || word == "key:")
}

/// Returns the ASCII character that another one looks like, of those that tell machinery from prose.
fn plain(c: char) -> char {
    match c {
        // The full-width forms are ASCII's, in its order.
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{02D0}' | '\u{2236}' | '\u{A789}' | '\u{FE13}' | '\u{FE55}' => ':',
        '\u{2024}' | '\u{FE52}' => '.',
        '\u{2044}' | '\u{2215}' => '/',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => '-',
        '\u{FE66}' => '=',
        _ => c,
    }
}

/// Says whether there are as many digits in a row as an account's number has, spaces and dashes aside.
fn has_account(text: &str) -> bool {
    text.split(|c: char| !(c.is_numeric() || " -_.".contains(c)))
        .any(|run| run.chars().filter(|c| c.is_numeric()).count() >= ACCOUNT_DIGITS)
}

/// Says whether a word has a dot before a letter, as host names, files and classes have, or is an address.
fn is_host(word: &str) -> bool {
    let mut parts = word.split('.').filter(|part| !part.is_empty());
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let count = parts.clone().count();
    let is_private_name = word
        .to_ascii_lowercase()
        .strip_prefix("ip-")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    // "3.5" and "e.g." are prose.
    let is_prose = count < 4 && (parts.clone().all(is_number) || parts.all(|part| part.chars().count() == 1));
    is_private_name || (count > 1 && !is_prose)
}

fn is_access_key(word: &str) -> bool {
    word.len() >= ACCESS_KEY_CHARS_MIN
        && ["AKIA", "ASIA", "AROA", "AIDA"]
            .iter()
            .any(|prefix| word.contains(prefix))
}

/// Says whether a colon comes right before something, as in `HOST:PORT`, `key:value` and ARNs.
fn has_glued_colon(text: &str) -> bool {
    text.split(':')
        .skip(1)
        .any(|rest| rest.starts_with(|c: char| c.is_ascii_graphic()))
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
    fn shows_a_message_on_one_line() {
        for (given, expected) in [
            ("a collection of that name exists", "a collection of that name exists"),
            ("two\nlines\tand\u{0}more", "two lines and more"),
            ("in\u{200b}visi\u{e0041}ble \u{202e}txet", "invisible txet"),
            ("order 12345678901 exists", "order 12345678901 exists"),
            (
                "`a`, 'b' and \"c\" (e.g. 3.5) aren't free: 50% short.",
                "`a`, 'b' and \"c\" (e.g. 3.5) aren't free: 50% short.",
            ),
            (
                "No company has the id '1f0e3dad-9990-4345-b767-3c1f21a8c0e2'.",
                "No company has the id '1f0e3dad-9990-4345-b767-3c1f21a8c0e2'.",
            ),
            ("Invalid pagination token given.", "Invalid pagination token given."),
            (
                "名前：この名前はすでに使われています。別の名前を入力してください",
                "名前：この名前はすでに使われています。別の名前を入力してください",
            ),
        ] {
            assert_eq!(message(given).as_deref(), Some(expected));
        }
        assert_eq!(message(&"ab ".repeat(1_000_000)).unwrap().chars().count(), 301);
        // A number that the end would cut through counts whole.
        assert_eq!(message(&format!("{}123456789012", "ab ".repeat(96))), None);
        assert_eq!(message(&"\u{200b}".repeat(1_000_000)), None);
        assert_eq!(message(" \n "), None);
    }

    #[test]
    fn shows_no_message_that_has_anything_internal_in_it() {
        for given in [
            "User: arn:aws:sts::123456789012:assumed-role/x is not allowed",
            "arn：aws:iam::123456789012:role/x",
            "arn：aws：iam：：x",
            "account 123456789012.",
            "account=123456789012",
            "account:123456789012",
            "id(123456789012)x",
            "1234-5678-9012",
            "1234 5678 9012",
            "x123456789012x",
            "１２３４５６７８９０１２",
            "see https://abc.appsync-api.eu-west-1.amazonaws.com/graphql now",
            "host db-1.cluster.eu.rds.amazonaws.com is down",
            "db-1.prod.corp.example.com:5432",
            "redis.prod.cluster.local:6379",
            "(redis.local)",
            "redis．prod．local",
            "10.0.3.17:5432",
            "10.0.3.17",
            "ip-10-0-3-17 is down",
            "fe80::1",
            "db1:5432",
            "key AKIAIOSFODNN7EXAMPLE is bad",
            "key=AKIAIOSFODNN7EXAMPLE",
            "xAKIAIOSFODNN7EXAMPLE",
            r#""accessKeyId":"ASIAIOSFODNN7EXAMPLE""#,
            r#""accessKeyId":"ASIA...""#,
            "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY is bad",
            "token eyJhbGciOiJIUzI1NiJ9.e30.x is bad",
            "token: abcdef",
            "key da2-abcdef is bad",
            "password=hunter2",
            "password hunter2",
            "Bearer abcdef",
            "/var/task/index.js:12",
            r"C:\app\index",
            "index.js failed",
            "at com.corp.Foo.bar(Foo.java:12)",
            "NullPointerException",
            "ann@example",
            "\u{1b}[31mred",
            "<html>",
            "{x}",
        ] {
            assert_eq!(message(given), None, "{given}");
            assert_eq!(message(&format!("It failed. {given} is why")), None, "{given}");
        }
    }
}
