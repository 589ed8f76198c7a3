//! What people type -> an FTS5 expression.
//!
//! Invariant: only letters and digits get through, each word in quotes, so whatever is typed is looked for and never
//! understood as FTS5's own syntax.

/// Words that say nothing about a company.
const STOP_WORDS: &[&str] = &[
    "a",
    "an",
    "and",
    "are",
    "at",
    "by",
    "can",
    "companies",
    "company",
    "do",
    "find",
    "firms",
    "for",
    "from",
    "has",
    "have",
    "i",
    "in",
    "is",
    "it",
    "list",
    "me",
    "money",
    "of",
    "on",
    "or",
    "our",
    "raised",
    "recently",
    "show",
    "that",
    "the",
    "their",
    "they",
    "to",
    "we",
    "what",
    "which",
    "who",
    "with",
    "work",
    "works",
];

/// The words of a text: runs of letters and digits.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// The words of a question that say something, in lower case, each once.
pub(crate) fn telling_words(question: &str) -> Vec<String> {
    let mut telling = Vec::new();
    for word in words(question).map(str::to_lowercase) {
        if !STOP_WORDS.contains(&word.as_str()) && !telling.contains(&word) {
            telling.push(word);
        }
    }
    telling
}

/// Matches what has every word of the text; nothing if it has no word.
pub(crate) fn every_word(text: &str) -> Option<String> {
    expression(words(text), " AND ")
}

/// Matches what has any of the words.
pub(crate) fn any_word(words: &[String]) -> Option<String> {
    expression(words.iter().map(String::as_str), " OR ")
}

fn expression<'a>(words: impl Iterator<Item = &'a str>, operator: &str) -> Option<String> {
    let quoted: Vec<_> = words.map(|word| format!("\"{word}\"")).collect();
    (!quoted.is_empty()).then(|| quoted.join(operator))
}

#[cfg(test)]
mod tests {
    use super::{every_word, telling_words};

    #[test]
    fn operators_are_words_like_any_other() {
        assert_eq!(
            every_word(r#"SaaS" OR * NEAR(x)"#).as_deref(),
            Some(r#""SaaS" AND "OR" AND "NEAR" AND "x""#)
        );
        assert_eq!(every_word(r#" "*()-: "#), None);
    }

    #[test]
    fn a_question_is_its_telling_words() {
        assert_eq!(
            telling_words("Which software companies in Berlin have recently raised money in Berlin?"),
            ["software", "berlin"]
        );
    }
}
