//! What people type -> the words that are looked for.
//!
//! Invariant: only letters and digits get through, so whatever is typed is looked for and never understood as a syntax.

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

/// The words of a text as they are looked for, each once.
pub(crate) fn folded_words(text: &str) -> Vec<String> {
    let mut folded = Vec::new();
    for word in words(text).map(fold) {
        if !folded.contains(&word) {
            folded.push(word);
        }
    }
    folded
}

/// Small letters without their marks, so that `Krakow` finds Kraków.
pub(crate) fn fold(text: &str) -> String {
    // Nearly all are, and there is no quicker way.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let plain = |sign| match sign {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ł' => 'l',
        'ñ' => 'n',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        _ => sign,
    };
    text.chars().flat_map(char::to_lowercase).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::{folded_words, telling_words};

    #[test]
    fn operators_are_words_like_any_other() {
        assert_eq!(folded_words(r#"SaaS" OR * NEAR(x) saas"#), ["saas", "or", "near", "x"]);
        assert!(folded_words(r#" "*()-: "#).is_empty());
    }

    #[test]
    fn marks_make_no_difference() {
        for (one, other) in [
            ("KRAKÓW", "krakow"),
            ("Düsseldorf", "dusseldorf"),
            ("Wrocław", "wroclaw"),
        ] {
            assert_eq!(folded_words(one), [other]);
        }
    }

    #[test]
    fn a_question_is_its_telling_words() {
        assert_eq!(
            telling_words("Which software companies in Berlin have recently raised money in Berlin?"),
            ["software", "berlin"]
        );
    }
}
