//! The author's text → the same text with what the contract adds: formatting and comments stay.

use std::ops::Range;

use apollo_parser::{Lexer, TokenKind};

/// A file's text, and where its tokens are.
pub(super) struct Text<'a> {
    text: &'a str,
    /// The bytes of each token, without white space, comments and commas.
    tokens: Vec<Range<usize>>,
}

/// Something to be written at a byte.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Insertion {
    pub(super) at: usize,
    pub(super) text: String,
}

impl<'a> Text<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let (tokens, _) = Lexer::new(text).lex();
        let tokens = tokens.iter().filter(|token| {
            !matches!(
                token.kind(),
                TokenKind::Whitespace | TokenKind::Comment | TokenKind::Comma | TokenKind::Eof
            )
        });
        let tokens = tokens
            .map(|token| token.index()..token.index() + token.data().len())
            .collect();
        Self { text, tokens }
    }

    /// Returns the byte behind the last token that begins before `end`.
    pub(super) fn end_before(&self, end: usize) -> usize {
        let count = self.tokens.partition_point(|token| token.start < end);
        count
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map_or(end, |token| token.end)
    }

    /// Returns the byte of the brace that opens a selection, whose first part begins at `first`.
    pub(super) fn brace(&self, first: usize) -> usize {
        let count = self.tokens.partition_point(|token| token.start < first);
        count
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map_or(first, |token| token.start)
    }

    /// Adds `__typename` to the selection whose first part begins at `first`, in front of it.
    pub(super) fn typename(&self, first: usize) -> Insertion {
        let before = self.text.get(..first).unwrap_or_default();
        let line = before
            .rfind('\n')
            .map_or("", |at| before.get(at + 1..).unwrap_or_default());
        let separator = if !before.is_empty() && line.trim().is_empty() && before.contains('\n') {
            format!("\n{line}")
        } else {
            " ".to_owned()
        };
        Insertion {
            at: first,
            text: format!("__typename{separator}"),
        }
    }

    /// Returns a range with the insertions in it, its lines moved to the left until one has no indentation.
    pub(super) fn with(&self, range: Range<usize>, insertions: &[Insertion]) -> String {
        let mut out = String::new();
        let mut at = range.start;
        let is_within = |insertion: &&Insertion| (range.start..=range.end).contains(&insertion.at);
        let mut sorted: Vec<_> = insertions.iter().filter(is_within).collect();
        sorted.sort();
        sorted.dedup();
        for insertion in sorted {
            out.push_str(self.text.get(at..insertion.at).unwrap_or_default());
            out.push_str(&insertion.text);
            at = insertion.at;
        }
        out.push_str(self.text.get(at..range.end).unwrap_or_default());
        let out = out.replace("\r\n", "\n").replace('\r', "\n");
        // What is in a block string is not only looks.
        if out.contains("\"\"\"") {
            return out;
        }
        let below = out.lines().skip(1).filter(|line| !line.trim().is_empty());
        let indent = below.map(indentation).min().unwrap_or(0);
        let lines: Vec<_> = out
            .lines()
            .map(|line| line.get(indent.min(indentation(line))..).unwrap_or(line).trim_end())
            .collect();
        lines.join("\n")
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_is_not_touched() {
        let source =
            "    query {\n      # A comment.\n      posts(limit: 3) { id, # why\n        tags\n      }\n    }  \n";
        let text = Text::new(source);
        let first = source.find("id").unwrap();
        let brace = text.brace(first);
        let insertion = Insertion {
            at: text.end_before(brace),
            text: " @list(max: 3)".to_owned(),
        };
        let end = text.end_before(source.len());
        assert_eq!(
            text.with(4..end, &[insertion, text.typename(first)]),
            "query {\n  # A comment.\n  posts(limit: 3) @list(max: 3) { __typename id, # why\n    tags\n  }\n}"
        );
    }

    #[test]
    fn a_name_of_its_own_line_gets_a_line_before() {
        let source = "{\n  hit {\n    ... on A { a }\n  }\n}";
        let first = source.find("...").unwrap();
        let text = Text::new(source);
        assert_eq!(
            text.with(0..source.len(), &[text.typename(first)]),
            "{\n  hit {\n    __typename\n    ... on A { a }\n  }\n}"
        );
    }
}
