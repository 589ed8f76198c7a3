//! A description, and the names around it → whether it says anything that they do not.
//!
//! `createdAt` of an `Order` with "When the order was created." is such a one. The rule is cautious: each word has to be one
//! of the names' or one that carries no meaning by itself, and a `not` does carry one. In a language other than English, it
//! finds nothing.

use heck::ToSnakeCase as _;

/// Words that say nothing by themselves of what a field holds.
const EMPTY: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "been", "by", "for", "from", "had", "has", "have", "here", "how", "in",
    "is", "it", "its", "many", "much", "of", "on", "or", "s", "that", "the", "their", "there", "these", "this",
    "those", "to", "was", "were", "what", "when", "where", "whether", "which", "who", "whom", "whose", "with",
];

/// Whether a description has no word but the names' own and such as mean nothing by themselves.
pub(super) fn is_redundant<'n>(description: &str, names: impl IntoIterator<Item = &'n str>) -> bool {
    let names: Vec<_> = names.into_iter().flat_map(words).collect();
    let mut words = words(description).into_iter();
    words.all(|word| EMPTY.contains(&word.as_str()) || names.contains(&word))
}

/// Returns the words of a text or of a name in camel case, in lower case and without a plural's ending.
fn words(text: &str) -> Vec<String> {
    let snake = text.to_snake_case();
    let words = snake.split('_').filter(|word| !word.is_empty());
    words.map(singular).collect()
}

/// What it makes of a word need be no word, as long as it makes the same of both forms.
fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with('s') => stem.to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_of_the_names_own_words_is_redundant() {
        for (description, names) in [
            ("", vec![]),
            ("The company.", vec!["company"]),
            ("The company's website.", vec!["website", "Company"]),
            ("When the order was created.", vec!["createdAt", "Order"]),
            ("Whether it is active", vec!["isActive"]),
            ("Its categories", vec!["category"]),
            ("The URL of the page", vec!["pageURL"]),
            ("The HTTP status", vec!["HTTPStatus"]),
        ] {
            assert!(is_redundant(description, names), "{description}");
        }
    }

    #[test]
    fn a_description_with_one_word_more_is_not() {
        for (description, names) in [
            ("The company.", vec!["employer"]),
            ("Whether it is not active.", vec!["active"]),
            ("The amount, in cents.", vec!["amount"]),
            ("From 0 to 1.", vec!["score"]),
            ("Null on the last page.", vec!["nextToken"]),
            ("The id, such as `c-1`.", vec!["id"]),
            ("Der Name.", vec!["name"]),
            ("名前", vec!["name"]),
        ] {
            assert!(!is_redundant(description, names), "{description}");
        }
    }
}
