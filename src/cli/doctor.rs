//! `doctor`: the checks as a table, or as JSON.

use std::fmt::Write as _;

use crate::doctor::{self, Check, State};
use crate::table;

/// The longest line of what is told, in characters, unless a word is longer.
const LINE_CHARS_MAX: usize = 100;

/// Returns what to print.
pub(crate) fn text(checks: &[Check], json: bool) -> String {
    if json {
        return table::json(&doctor::json(checks));
    }
    let rows: Vec<_> = checks.iter().map(row).collect();
    let mut text = table::ruled(["check", "state", "what to do"], &rows);
    let count = |state: State| checks.iter().filter(|check| check.state == state).count();
    let _ = writeln!(
        text,
        "\n{} ok, {} warnings, {} failed, {} skipped",
        count(State::Ok),
        count(State::Warning),
        count(State::Failed),
        count(State::Skipped)
    );
    text
}

fn row(check: &Check) -> Vec<String> {
    let mut told = wrapped(&check.detail);
    if !check.advice.is_empty() {
        told.push_str("\n→ ");
        told.push_str(&wrapped(&check.advice).replace('\n', "\n  "));
    }
    vec![check.check.clone(), check.state.name().to_owned(), told]
}

/// Breaks a text into lines between its words.
fn wrapped(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let mut shown = String::new();
        for word in line.split(' ') {
            if !shown.is_empty() {
                if shown.chars().count() + 1 + word.chars().count() > LINE_CHARS_MAX {
                    lines.push(std::mem::take(&mut shown));
                } else {
                    shown.push(' ');
                }
            }
            shown.push_str(word);
        }
        lines.push(shown);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn each_check_has_a_row_with_its_next_step() {
        let check = |name: &str, state, detail: &str, advice: &str| Check {
            check: name.to_owned(),
            state,
            detail: detail.to_owned(),
            advice: advice.to_owned(),
        };
        let checks = [
            check("endpoint", State::Ok, "it answered", ""),
            check(
                "clock",
                State::Failed,
                &"seven minutes ahead of the API's, and a few words more; ".repeat(3),
                "set it",
            ),
            check("schema", State::Skipped, "first\nsecond", ""),
        ];
        expect![[r#"
            check     state    what to do
            ════════════════════════════════════════════════════════════════════════════════════════════════════════════════════════
            endpoint  ok       it answered
            ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            clock     failed   seven minutes ahead of the API's, and a few words more; seven minutes ahead of the API's, and a few
                               words more; seven minutes ahead of the API's, and a few words more;
                               → set it
            ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            schema    skipped  first
                               second
            1 ok, 0 warnings, 1 failed, 1 skipped
        "#]].assert_eq(&text(&checks, false));
        expect![[r#"
            {
              "checks": [
                {
                  "check": "endpoint",
                  "state": "ok",
                  "detail": "it answered",
                  "advice": ""
                }
              ]
            }
        "#]]
        .assert_eq(&text(&checks[..1], true));
    }
}
