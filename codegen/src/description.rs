//! An operation file → its descriptions, and the same text with them blanked.
//!
//! Descriptions on operations, fragments and variables came with the September 2025 edition of GraphQL
//! (<https://spec.graphql.org/September2025/#sec-Descriptions>); the parser that validates does not read them yet.
//! They are blanked with one space a byte, line ends kept, so that its positions stay those of the author's file.

use std::{collections::BTreeMap, ops::Range};

use apollo_compiler::ast::{Definition, Document, Selection, Value};
use apollo_parser::{Lexer, Token, TokenKind};

/// A file's text without its descriptions, and the descriptions.
#[derive(Debug, Default)]
pub(crate) struct Described {
    /// The text, as long as the file's.
    pub(crate) blanked: String,
    /// By the byte where the described thing begins: its keyword or its `$`.
    pub(crate) descriptions: BTreeMap<usize, Description>,
}

/// A description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Description {
    /// What it says: escapes resolved, a block's common indentation removed.
    pub(crate) text: String,
    /// Where it stands.
    pub(crate) bytes: Range<usize>,
}

/// Finds the descriptions of a file and blanks them.
///
/// # Errors
/// The first characters that are no token; the parser would be led astray by them.
pub(crate) fn blank(text: &str) -> Result<Described, apollo_parser::Error> {
    let (tokens, errors) = Lexer::new(text).lex();
    let mut described = Described {
        blanked: text.to_owned(),
        descriptions: BTreeMap::new(),
    };
    if let Some(first) = errors.into_iter().next() {
        return Err(first);
    }
    let tokens: Vec<_> = tokens
        .into_iter()
        .filter(|token| {
            !matches!(
                token.kind(),
                TokenKind::Whitespace | TokenKind::Comment | TokenKind::Comma
            )
        })
        .collect();
    for [string, next] in describing_pairs(&tokens) {
        let bytes = string.index()..string.index() + string.data().len();
        let text = unquote(string.data());
        described.blanked.replace_range(bytes.clone(), &spaces(string.data()));
        described.descriptions.insert(next.index(), Description { text, bytes });
    }
    Ok(described)
}

/// Returns each string token that describes something, with the first token of what it describes.
///
/// At the top level that is a string before a definition: at the file's beginning, or after the brace that ends another.
/// Among an operation's variables it is a string before a `$`, unless it belongs to the variable before: its default.
fn describing_pairs<'t, 'a>(tokens: &'t [Token<'a>]) -> Vec<[&'t Token<'a>; 2]> {
    let mut pairs = Vec::new();
    let (mut curly, mut paren) = (0_usize, 0_usize);
    for (at, token) in tokens.iter().enumerate() {
        match token.kind() {
            TokenKind::LCurly => curly += 1,
            TokenKind::RCurly => curly = curly.saturating_sub(1),
            TokenKind::LParen => paren += 1,
            TokenKind::RParen => paren = paren.saturating_sub(1),
            TokenKind::StringValue if curly == 0 => {
                let before = at.checked_sub(1).and_then(|at| tokens.get(at)).map(Token::kind);
                let Some(next) = tokens.get(at + 1) else { continue };
                let describes = match paren {
                    0 => {
                        matches!(before, None | Some(TokenKind::RCurly))
                            && matches!(next.kind(), TokenKind::Name | TokenKind::LCurly)
                    }
                    1 => next.kind() == TokenKind::Dollar && !before.is_some_and(wants_more),
                    _ => false,
                };
                if describes {
                    pairs.push([token, next]);
                }
            }
            _ => {}
        }
    }
    pairs
}

/// Whether what comes after a token belongs to it.
fn wants_more(before: TokenKind) -> bool {
    matches!(
        before,
        TokenKind::Eq | TokenKind::Colon | TokenKind::At | TokenKind::Dollar
    )
}

/// Returns one space a byte, line ends kept.
pub(crate) fn spaces(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if matches!(byte, b'\n' | b'\r') {
                char::from(byte)
            } else {
                ' '
            }
        })
        .collect()
}

/// Returns what a string token means, by the rules of the parser itself.
fn unquote(token: &str) -> String {
    let parsed = Document::parse(format!("{{ f(a: {token}) }}"), "description");
    let document = match &parsed {
        Ok(document) => document,
        Err(failed) => &failed.partial,
    };
    let argument = document.definitions.first().and_then(|definition| match definition {
        Definition::OperationDefinition(operation) => match operation.selection_set.first() {
            Some(Selection::Field(field)) => field.arguments.first(),
            _ => None,
        },
        _ => None,
    });
    match argument.map(|argument| argument.value.as_ref()) {
        Some(Value::String(text)) => text.trim().to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn descriptions(text: &str) -> Vec<String> {
        let described = blank(text).unwrap();
        assert_eq!(described.blanked.len(), text.len());
        described
            .descriptions
            .into_values()
            .map(|description| description.text)
            .collect()
    }

    #[test]
    fn finds_descriptions_of_operations_variables_and_fragments() {
        let text = "\"\"\"\n  Two\n    lines.\n\"\"\"\nquery Q(\"first \\\"a\\\"\" $a: Int, \"second\" $b: Int) { f }\n\"third\" fragment F on T { f }";
        assert_eq!(descriptions(text), ["Two\n  lines.", "first \"a\"", "second", "third"]);
    }

    #[test]
    fn leaves_strings_alone_that_are_values() {
        let text = "query Q($a: String = \"default\" $b: [String] = [\"x\"] @length(hint: \"h\") $c: Int) @tool(title: \"t\") { f(a: \"v\") }";
        assert_eq!(descriptions(text), [""; 0]);
        assert_eq!(blank(text).unwrap().blanked, text);
    }

    #[test]
    fn leaves_stray_strings_to_the_parser() {
        for text in [
            "query \"stray\" Q { f }",
            "query Q @tool(title: \"t\") \"stray\" { f }",
            "query Q { f } fragment \"stray\" F on T { f }",
            "query Q(\"first\" $a: Int) \"stray\" { f }",
            "query Q($a: \"stray\" $b: Int) { f }",
        ] {
            assert!(!descriptions(text).contains(&"stray".to_owned()), "{text}");
        }
    }

    #[test]
    fn keeps_line_ends_of_every_kind() {
        let text = "\"\"\"a\r\nb\rc\nd\"\"\" query Q { f }";
        let blanked = blank(text).unwrap().blanked;
        assert_eq!(blanked, "    \r\n \r \n     query Q { f }");
    }
}
