//! A parser's message → the same in our words: it names tokens as its own code does.

use crate::suggest;

/// The parser's names for punctuation, and what authors call it.
const TOKENS: &[(&str, &str)] = &[
    ("L_CURLY", "`{`"),
    ("R_CURLY", "`}`"),
    ("L_PAREN", "`(`"),
    ("R_PAREN", "`)`"),
    ("L_BRACK", "`[`"),
    ("R_BRACK", "`]`"),
    ("COLON", "`:`"),
    ("EQ", "`=`"),
    ("SPREAD", "`...`"),
    ("DOLLAR", "`$`"),
    ("PIPE", "`|`"),
    ("AT", "`@`"),
    ("EOF", "the end of the file"),
    ("<EOF>", "the end of the file"),
];

/// Rewords a syntax error's message.
pub(super) fn message(message: &str) -> String {
    let message = message
        .strip_prefix("syntax error: ")
        .unwrap_or(message)
        .trim_end_matches('.');
    let words = match message.split_once(", got ") {
        Some((expected, "EOF")) => format!("{}, got the end of the file", named(expected)),
        Some((expected, got)) => format!("{}, got `{}`", named(expected), got.lines().next().unwrap_or_default()),
        None => named(message),
    };
    let mut chars = words.chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

/// Puts the tokens' own signs in the place of the parser's names.
fn named(message: &str) -> String {
    let token = |word: &str| TOKENS.iter().find(|(name, _)| *name == word);
    let words: Vec<&str> = message
        .split(' ')
        .map(|word| token(word).map_or(word, |(_, name)| name))
        .collect();
    words.join(" ")
}

/// Says what to do, where the message tells.
pub(super) fn help(message: &str) -> Option<String> {
    let unclosed = [
        ("R_CURLY, got EOF", "}"),
        ("R_PAREN, got EOF", ")"),
        ("R_BRACK, got EOF", "]"),
    ];
    let bracket = unclosed
        .iter()
        .find(|(tail, _)| message.ends_with(tail))
        .map(|(_, bracket)| bracket);
    bracket.map(|bracket| format!("close what is still open with `{bracket}`"))
}

/// Words what the lexer says of characters that are no token.
pub(crate) fn lexical(message: &str, data: &str) -> String {
    match data.chars().next() {
        Some('"') => "a string is not closed".to_owned(),
        Some(_) if message.contains("character") => format!("`{data}` has no meaning here"),
        _ => message.to_owned(),
    }
}

/// Returns a label and a help for what serde says of a file's keys and values: the names stand in backticks.
pub(crate) fn serde_help(message: &str, add: impl Fn(&str) -> String) -> (&'static str, Option<String>) {
    let mut names = message.split('`').skip(1).step_by(2);
    let name = names.next().unwrap_or_default();
    if message.starts_with("missing field") {
        return ("something is missing", Some(add(name)));
    }
    if message.starts_with("unknown field") || message.starts_with("unknown variant") {
        return ("unknown", suggest::did_you_mean(name, names));
    }
    ("not valid", None)
}
