//! Rules on the regular expressions of a variable.
//!
//! The model's client reads them by ECMA 262 (in its Unicode mode, as JSON Schema asks), the server by Rust's `regex`:
//! what the two read differently is refused.

use std::iter::Peekable;
use std::str::Chars;

use crate::{
    diagnostic::Diagnostic,
    model::{Constraint, Rule, TextPattern, Variable},
};

fn patterns(variable: &Variable) -> impl Iterator<Item = (&Constraint, &TextPattern)> {
    variable
        .constraints
        .iter()
        .filter_map(|constraint| match &constraint.rule {
            Rule::Pattern(pattern) => Some((constraint, pattern)),
            _ => None,
        })
}

pub(super) fn unreadable_pattern(variable: &Variable) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (constraint, pattern) in patterns(variable) {
        if let Err(error) = regex_lite::Regex::new(&pattern.regex) {
            let message = format!("the pattern of `${}` can't be read: {error}", variable.name);
            found.push(
                Diagnostic::error(constraint.span.clone(), message, "not a pattern").help(
                    "in a GraphQL string a backslash is written twice, as in `[0-9]{2}\\\\.[0-9]`; \
                 look-around and references back are not supported",
                ),
            );
        }
    }
    found
}

pub(super) fn unportable_pattern(variable: &Variable) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (constraint, pattern) in patterns(variable) {
        if regex_lite::Regex::new(&pattern.regex).is_ok()
            && let Err((written, instead)) = portable(&pattern.regex)
        {
            let message = format!(
                "clients read `{written}` in the pattern of `${}` otherwise",
                variable.name
            );
            found.push(Diagnostic::error(constraint.span.clone(), message, "not portable").help(instead));
        }
    }
    found
}

/// The model is told a pattern in words, or it can't mend its text.
pub(super) fn empty_hint(variable: &Variable) -> Vec<Diagnostic> {
    let empty = patterns(variable).filter(|(_, pattern)| pattern.hint.trim().is_empty());
    empty
        .map(|(constraint, _)| {
            let message = format!("the pattern of `${}` has an empty hint", variable.name);
            Diagnostic::error(constraint.span.clone(), message, "empty")
                .help("say what the text must be, in words that follow \"expected\": \"a code such as `AB-12`\"")
        })
        .collect()
}

/// A construct that is read in more than one way, and what to write instead.
type Unportable = (String, &'static str);

/// Goes through a pattern that Rust can read, up to the first construct that clients read otherwise.
fn portable(regex: &str) -> Result<(), Unportable> {
    let mut rest = regex.chars().peekable();
    // What stands right before: 1 for a repetition, 2 for one that is lazy.
    let mut repeated = 0;
    while let Some(c) = rest.next() {
        match c {
            '*' | '+' | '{' if repeated > 0 => return Err(twice(c)),
            '?' if repeated > 1 => return Err(twice(c)),
            '\\' => escape(&mut rest, false)?,
            '[' => class(&mut rest)?,
            '(' => group(&mut rest)?,
            '.' => {
                let instead = "write which characters are meant: `[^\\n]` is any but the end of a line";
                return Err((".".to_owned(), instead));
            }
            ']' | '}' => return Err((c.to_string(), "write a backslash before it")),
            '{' => {
                while rest.next_if(|c| *c != '}').is_some() {}
                rest.next();
            }
            _ => {}
        }
        repeated = if matches!(c, '*' | '+' | '{' | '?') {
            repeated + 1
        } else {
            0
        };
    }
    Ok(())
}

fn twice(c: char) -> Unportable {
    (c.to_string(), "put what is repeated twice between `(?:` and `)`")
}

fn escape(rest: &mut Peekable<Chars<'_>>, in_class: bool) -> Result<(), Unportable> {
    let Some(c) = rest.next() else { return Ok(()) };
    let is_known = match c {
        '-' => in_class,
        'b' | 'B' => !in_class,
        'x' => rest.peek() != Some(&'{'),
        _ => r"^$\.*+?()[]{}|/dDwWnrtfvu".contains(c),
    };
    let instead = match c {
        _ if is_known => return Ok(()),
        's' | 'S' => "write which white space is meant, such as `[ \\t]`",
        '-' => "write `-` as it is; in a class, put it last",
        'x' => "write it as `\\u{…}`",
        _ => "write the character without the backslash",
    };
    Err((format!("\\{c}"), instead))
}

/// Goes through a class to its `]`.
fn class(rest: &mut Peekable<Chars<'_>>) -> Result<(), Unportable> {
    rest.next_if_eq(&'^');
    if rest.peek() == Some(&']') {
        return Err(("[]".to_owned(), "write a backslash before the `]`"));
    }
    while let Some(c) = rest.next() {
        match c {
            ']' => break,
            '\\' => escape(rest, true)?,
            '[' => return Err(("[[".to_owned(), "write a backslash before the inner `[`")),
            '-' if rest.peek() == Some(&c) => return Err(("--".to_owned(), "write one `-`, the last in the class")),
            '&' | '~' if rest.peek() == Some(&c) => {
                return Err((format!("{c}{c}"), "write it once: a class has each character once"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn group(rest: &mut Peekable<Chars<'_>>) -> Result<(), Unportable> {
    if rest.next_if_eq(&'?').is_none() {
        return Ok(());
    }
    match rest.next() {
        Some(':') => Ok(()),
        Some('<' | 'P') => Err(("(?<".to_owned(), "write `(?:` or `(`: names are of no use here")),
        _ => Err((
            "(?".to_owned(),
            "write both cases out, such as `[Aa]`: there are no flags",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_read_in_more_than_one_way() {
        for (regex, unportable) in [
            (r"^[A-Z]{2}-\d+$", None),
            (r"(?:a|b)?c*?[^\]\-x]", None),
            (r"a{2,3}?\.\/\u{1F600}\x41", None),
            (r"\bword\b[&~-]", None),
            (r"a?b+c", None),
            ("a.c", Some(".")),
            (r"\s", Some(r"\s")),
            (r"\S", Some(r"\S")),
            (r"\-", Some(r"\-")),
            (r"\@", Some(r"\@")),
            (r"\A", Some(r"\A")),
            (r"\x{41}", Some(r"\x")),
            ("a**", Some("*")),
            ("a+{2}", Some("{")),
            ("a{2}*", Some("*")),
            ("a?+", Some("+")),
            ("a+?+", Some("+")),
            ("a+??", Some("?")),
            ("a???", Some("?")),
            ("a+?b+?", None),
            ("a]", Some("]")),
            ("a}", Some("}")),
            ("[]a]", Some("[]")),
            ("[^]a]", Some("[]")),
            ("[a[b]]", Some("[[")),
            ("[[:alpha:]]", Some("[[")),
            ("[a-z&&b]", Some("&&")),
            ("[a--b]", Some("--")),
            ("[a~~b]", Some("~~")),
            (r"[\b]", Some(r"\b")),
            ("(?i)a", Some("(?")),
            ("(?<year>a)", Some("(?<")),
            ("(?P<year>a)", Some("(?<")),
        ] {
            let found = portable(regex).err().map(|(written, _)| written);
            assert_eq!(found.as_deref(), unportable, "{regex}");
        }
    }

    #[test]
    fn says_what_to_write_instead() {
        for (regex, instead) in [
            (r"\x{41}", "write it as `\\u{…}`"),
            (r"\s", "write which white space is meant, such as `[ \\t]`"),
            (r"\A", "write the character without the backslash"),
            (r"\-", "write `-` as it is; in a class, put it last"),
        ] {
            assert_eq!(
                portable(regex).err().map(|(_, instead)| instead),
                Some(instead),
                "{regex}"
            );
        }
    }
}
