//! A rule of the grammar that the parser does not keep: it passes over an argument or an input field without a value
//! (<https://spec.graphql.org/September2025/#Argument>), and what was written is lost in silence.

use apollo_parser::{Lexer, Token, TokenKind};

use crate::diagnostic::{Diagnostic, Span};

/// Finds the names that stand where an argument or an input field begins, without a `:` behind them.
pub(super) fn arguments(text: &str, file: usize) -> Vec<Diagnostic> {
    let (tokens, _) = Lexer::new(text).lex();
    let tokens: Vec<_> = tokens
        .into_iter()
        .filter(|token| is_significant(token.kind()))
        .collect();
    let mut open = Vec::new();
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let next = |more: usize| tokens.get(at + more).map(Token::kind);
        if is_key(&open, token.kind()) && next(1) != Some(TokenKind::Colon) {
            found.push(problem(token, file));
            // What follows is the value, but for a colon missed; unless it is the next name.
            if next(2) != Some(TokenKind::Colon) {
                open.pop();
                open.push(Open::Named { next: Next::Value });
            }
            continue;
        }
        step(&mut open, token.kind(), tokens.get(..at).unwrap_or_default());
    }
    found
}

/// What is open, and in what has names and values what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    /// Arguments, or an object's fields.
    Named {
        next: Next,
    },
    /// The variables' definitions.
    Variables,
    List,
    Selection,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Key,
    Colon,
    Value,
    /// A variable's name, after its `$`.
    Variable,
}

fn is_key(open: &[Open], kind: TokenKind) -> bool {
    open.last() == Some(&Open::Named { next: Next::Key }) && kind == TokenKind::Name
}

fn step(open: &mut Vec<Open>, kind: TokenKind, before: &[Token<'_>]) {
    match kind {
        TokenKind::RParen | TokenKind::RCurly | TokenKind::RBracket => {
            open.pop();
        }
        kind => {
            if let Some(Open::Named { next }) = open.last_mut() {
                *next = after(*next, kind);
            }
            open.extend(opened(kind, open, before));
        }
    }
}

/// Returns what comes after a token in what has names and values.
fn after(next: Next, kind: TokenKind) -> Next {
    match (next, kind) {
        (Next::Key, TokenKind::Name) => Next::Colon,
        (Next::Colon, TokenKind::Colon) => Next::Value,
        (Next::Value, TokenKind::Dollar) => Next::Variable,
        // The parser tells of any other token that stands in a wrong place.
        _ => Next::Key,
    }
}

fn opened(kind: TokenKind, open: &[Open], before: &[Token<'_>]) -> Option<Open> {
    let named = Open::Named { next: Next::Key };
    let of_a_directive = || matches!(before, [.., at, _] if at.kind() == TokenKind::At);
    let in_parentheses = || {
        open.iter()
            .any(|open| matches!(open, Open::Named { .. } | Open::Variables))
    };
    match kind {
        TokenKind::LParen if open.is_empty() && !of_a_directive() => Some(Open::Variables),
        TokenKind::LParen => Some(named),
        // Within parentheses braces are a value.
        TokenKind::LCurly if in_parentheses() => Some(named),
        TokenKind::LCurly => Some(Open::Selection),
        TokenKind::LBracket => Some(Open::List),
        _ => None,
    }
}

fn is_significant(kind: TokenKind) -> bool {
    !matches!(kind, TokenKind::Whitespace | TokenKind::Comment | TokenKind::Comma)
}

fn problem(name: &Token<'_>, file: usize) -> Diagnostic {
    let span = Span {
        file,
        bytes: name.index()..name.index() + name.data().len(),
    };
    let message = format!("the argument `{}` has no value", name.data());
    Diagnostic::error(span, message, "value missing").help(format!("write `{}: …`, or remove it", name.data()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        arguments(text, 0).len()
    }

    #[test]
    fn finds_names_without_a_value() {
        for text in [
            "query Q($a: Int @range(min: 1, max: 100, excess CLAMP)) { f }",
            "query Q @tool(title: \"t\", idempotent true) { f }",
            "query Q { f(limit limit: $limit) }",
            "query Q { f(a: { b }) g(a: [{ b: 1, c }]) { h(d) } }",
            "query Q($a: In = { b 1 }) { f }",
        ] {
            assert!(count(text) > 0, "{text}");
        }
        assert_eq!(count("{ f(a: { b }) g(a: [{ b: 1, c }]) { h(d) } }"), 3);
        assert_eq!(count("{ f(a A, b b: $c, d $e, f { g: 1 }, h: I) }"), 4);
    }

    #[test]
    fn leaves_everything_else_alone() {
        for text in [
            "query Q($a: [In!]! = [{ b: 1 c: [D E] }] @range(min: 1), $b: E = F @example(value: X)) @tool(title: \"t\") { a: f(b: $a, c: $b d: { e: E, f: $b g: {} }) @list(max: 3) { g ... on T { h } ...F } } fragment F on T @x { i(j: true) }",
            "{ f(a: [] b: [[1] [{}]] c: null) }",
            "query type Q { f",
        ] {
            assert_eq!(count(text), 0, "{text}");
        }
    }
}
