//! Splits a command line into words, by the rules that those who write command lines on a platform are used to.
//!
//! Invariant: no more than quotation marks and backslashes mean anything: there are no pipes, no variables and no patterns.

use std::iter::{Peekable, repeat_n};
use std::str::Chars;

/// How words are quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    /// As in a POSIX shell: `'…'`, `"…"` and `\`.
    Posix,
    /// As Windows hands a command line to a program: `"…"`, and `\` only before a quotation mark, so that it can stand in
    /// paths (<https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments>).
    Windows,
}

impl Quoting {
    /// The rules of the platform that this is built for.
    pub(super) const HERE: Quoting = if cfg!(windows) {
        Quoting::Windows
    } else {
        Quoting::Posix
    };

    /// Returns the words; nothing, if a quotation mark or a backslash has no counterpart.
    pub(super) fn split(self, text: &str) -> Option<Vec<String>> {
        match self {
            Quoting::Posix => shlex::split(text),
            Quoting::Windows => split_windows(text),
        }
    }
}

fn split_windows(text: &str) -> Option<Vec<String>> {
    let (mut chars, mut words) = (text.chars().peekable(), Vec::new());
    loop {
        while chars.next_if(char::is_ascii_whitespace).is_some() {}
        if chars.peek().is_none() {
            return Some(words);
        }
        // In the program's name, which is a path, nothing escapes a quotation mark.
        let is_escaped = !words.is_empty();
        words.push(windows_word(&mut chars, is_escaped)?);
    }
}

fn windows_word(chars: &mut Peekable<Chars<'_>>, is_escaped: bool) -> Option<String> {
    let (mut word, mut is_quoted) = (String::new(), false);
    while let Some(c) = chars.next_if(|c| is_quoted || !c.is_ascii_whitespace()) {
        match c {
            '\\' if is_escaped => {
                let mut count = 1;
                while chars.next_if_eq(&'\\').is_some() {
                    count += 1;
                }
                if chars.peek() == Some(&'"') {
                    word.extend(repeat_n('\\', count / 2));
                    if count % 2 == 1 {
                        word.extend(chars.next());
                    }
                } else {
                    word.extend(repeat_n('\\', count));
                }
            }
            // A doubled one inside of quotation marks stands for itself.
            '"' if is_escaped && is_quoted && chars.next_if_eq(&'"').is_some() => word.push('"'),
            '"' => is_quoted = !is_quoted,
            c => word.push(c),
        }
    }
    (!is_quoted).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_platform_s_command_lines_are_split_by_its_own_rules() {
        for (text, posix, windows) in [
            ("get token", Some(&["get", "token"][..]), Some(&["get", "token"][..])),
            ("  get\t token \n", Some(&["get", "token"]), Some(&["get", "token"])),
            ("", Some(&[]), Some(&[])),
            (" ", Some(&[]), Some(&[])),
            (r#"get """#, Some(&["get", ""]), Some(&["get", ""])),
            // Paths.
            (
                r"C:\tools\token.exe",
                Some(&["C:toolstoken.exe"]),
                Some(&[r"C:\tools\token.exe"]),
            ),
            (
                r#""C:\Program Files\t\token.exe" --user a\b "c d""#,
                Some(&[r"C:\Program Files\t\token.exe", "--user", "ab", "c d"]),
                Some(&[r"C:\Program Files\t\token.exe", "--user", r"a\b", "c d"]),
            ),
            (r#""C:\t\" x"#, None, Some(&[r"C:\t\", "x"])),
            (
                r"\\host\share\token.exe x\",
                None,
                Some(&[r"\\host\share\token.exe", r"x\"]),
            ),
            (
                r#"C:\Pro" "gram\x.exe y"#,
                Some(&["C:Pro gramx.exe", "y"]),
                Some(&[r"C:\Pro gram\x.exe", "y"]),
            ),
            // Microsoft's own examples, behind a program.
            (
                r#"x "abc" d e"#,
                Some(&["x", "abc", "d", "e"]),
                Some(&["x", "abc", "d", "e"]),
            ),
            (
                r#"x a\\b d"e f"g h"#,
                Some(&["x", r"a\b", "de fg", "h"]),
                Some(&["x", r"a\\b", "de fg", "h"]),
            ),
            (
                r#"x a\\\"b c d"#,
                Some(&["x", r#"a\"b"#, "c", "d"]),
                Some(&["x", r#"a\"b"#, "c", "d"]),
            ),
            (
                r#"x a\\\\"b c" d e"#,
                Some(&["x", r"a\\b c", "d", "e"]),
                Some(&["x", r"a\\b c", "d", "e"]),
            ),
            (
                r#"x "a""b c" d"#,
                Some(&["x", "ab c", "d"]),
                Some(&["x", r#"a"b c"#, "d"]),
            ),
            // A shell's other metacharacters mean nothing on Windows.
            ("x 'a b'", Some(&["x", "a b"]), Some(&["x", "'a", "b'"])),
            ("x it's", None, Some(&["x", "it's"])),
            (r"x a\ b", Some(&["x", "a b"]), Some(&["x", r"a\", "b"])),
            // Without a counterpart.
            (r#"x "a b"#, None, None),
            (r#"x "a\""#, None, None),
            (r#""C:\t"#, None, None),
        ] {
            let words = |quoting: Quoting| quoting.split(text);
            let expected =
                |words: Option<&[&str]>| words.map(|words| words.iter().map(|&word| word.to_owned()).collect());
            assert_eq!(words(Quoting::Posix), expected(posix), "{text}");
            assert_eq!(words(Quoting::Windows), expected(windows), "{text}");
        }
    }
}
