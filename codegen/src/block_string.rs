//! A description's text → a GraphQL string that stands above what it describes.
//!
//! Invariant: what is written is read back as the same text, but for white space at its ends.

/// Returns the description's lines at an indentation, with a line end behind: one line in quotes where that is enough.
pub(crate) fn description(text: &str, indent: &str) -> String {
    let text = text.trim();
    if text.contains(|c: char| c.is_control() && c != '\n') {
        // A block has no escapes.
        return format!("{indent}{}\n", quoted(text));
    }
    if !text.contains(['\n', '"', '\\']) {
        return format!("{indent}\"{text}\"\n");
    }
    let mut block = format!("{indent}\"\"\"\n");
    for line in text.replace("\"\"\"", "\\\"\"\"").lines() {
        if !line.trim().is_empty() {
            block.push_str(indent);
            block.push_str(line);
        }
        block.push('\n');
    }
    block.push_str(indent);
    block.push_str("\"\"\"\n");
    block
}

/// Returns a string in quotes. JSON's escapes are GraphQL's
/// (<https://spec.graphql.org/September2025/#EscapedCharacter>).
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::description::blank;

    #[test]
    fn is_read_back_as_it_was() {
        for text in [
            "One line.",
            "Says \"hello\" and `a\\b`.",
            "Two lines,\n  the second indented.\n\nAnd a third after an empty one.",
            "Ends with a quote: \"",
            "Holds \"\"\" and \\\"\"\" too.",
            "A tab\tand a carriage return\r, and a bell \u{7}.",
            "日本語 ✓",
        ] {
            for indent in ["", "  "] {
                let described = blank(&format!("{}query Q {{ f }}", description(text, indent))).unwrap();
                let read: Vec<_> = described.descriptions.into_values().map(|found| found.text).collect();
                assert_eq!(read, [text], "{text}");
            }
        }
    }
}
