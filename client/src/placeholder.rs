//! Knows the placeholders that launchers, shells and templates would have replaced: a text in, whether it is one out.

/// Says whether a text is nothing but a placeholder, such as `${NAME}`, `$NAME`, `%NAME%`, `${env:NAME}`, `${input:name}`,
/// `{{name}}`, `{env:NAME}` or `<your key>`.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let text = text.trim().trim_matches(['"', '\'']);
    let between = |start, end| text.strip_prefix(start).and_then(|rest: &str| rest.strip_suffix(end));
    let is_braced = |(start, end)| between(start, end).is_some();
    let brackets = [
        ("${", "}"),
        ("$(", ")"),
        ("{{", "}}"),
        ("{env:", "}"),
        ("{file:", "}"),
        ("<", ">"),
    ];
    let variable = text
        .strip_prefix('$')
        .map(|name| match name.split_at_checked("env:".len()) {
            Some((scope, name)) if scope.eq_ignore_ascii_case("env:") => name,
            _ => name,
        });
    brackets.into_iter().any(is_braced) || variable.or_else(|| between("%", "%")).is_some_and(is_name)
}

/// Says whether a placeholder stands in a text that can't hold what one is written with, such as a URL.
pub(crate) fn has_placeholder(text: &str) -> bool {
    is_placeholder(text) || ["${", "{{", "}}", "<", ">"].iter().any(|part| text.contains(part))
}

fn is_name(text: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !text.is_empty() && !text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().all(is_of_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_values() {
        for text in [
            "${X}",
            "$X",
            "%X%",
            "${env:X}",
            "${input:api-key}",
            "${X:-}",
            "${{ secrets.X }}",
            "$env:X",
            "$Env:X",
            "$(X)",
            "{{X}}",
            "{{ api key }}",
            "{env:X}",
            "<your key>",
            " ${X}\r\n",
            "\"${X}\"",
            "'$X'",
        ] {
            assert!(is_placeholder(text) && has_placeholder(text), "{text}");
        }
        for text in [
            "",
            "$",
            "%%",
            "x",
            "$1",
            "100%",
            "a$X",
            "$X/y",
            "%X%/y",
            "$a.b",
            "da2-abc",
            "e30.e30.x",
            "{\"a\":1}",
            "a<b",
            "eu-west-1",
            "https://api.example.com/graphql",
        ] {
            assert!(!is_placeholder(text), "{text}");
        }
        for (text, expected) in [
            ("https://${HOST}/graphql", true),
            ("https://<id>.appsync-api.eu-west-1.amazonaws.com/graphql", true),
            ("https://{{host}}/graphql", true),
            ("https://api.example.com/graphql?a={b}&c=%20%20", false),
        ] {
            assert_eq!(has_placeholder(text), expected, "{text}");
        }
    }
}
