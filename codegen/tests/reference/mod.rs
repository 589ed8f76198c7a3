//! `docs/operations.md`, the parts between `<!-- generated: … -->` and `<!-- end -->`: written from what the build reads and
//! says, so that the reference can't be wrong about it.
//!
//! | words | what is written |
//! |---|---|
//! | `directives`, `arguments NAME` | the contract's directives, and one's arguments, from the prelude |
//! | `scalars`, `forms` | AppSync's scalars, from the prelude, and their patterns |
//! | `bounds` | the numbers of `bounds.rs` |
//! | `schema` | the schema of the examples |
//! | `NAME PART …` | a part of the example `fixtures/reference/NAME.in`, see [`example`] |
//! | `diagnostics` | what the fixtures show of every rule |
//! | `report NAME` | the whole answer to the fixture `diagnostics/NAME.in` |
//!
//! New text is accepted with `UPDATE_EXPECT=1 cargo test -p appsync-mcp-codegen`.

mod bound;
mod diagnostic;
mod directive;
mod example;

use std::{collections::BTreeSet, fs, path::Path};

use expect_test::expect_file;

#[test]
fn the_reference_says_what_is_so() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operations.md");
    let text = fs::read_to_string(&path).expect("the reference");
    expect_file![path].assert_eq(&rewritten(&text));
}

#[test]
fn the_reference_has_every_directive_and_every_example() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operations.md");
    let text = fs::read_to_string(&path).expect("the reference");
    let blocks: BTreeSet<_> = text.lines().filter_map(words).collect();
    for directive in directive::names() {
        assert!(
            blocks.contains(format!("arguments {directive}").as_str()),
            "{directive}"
        );
    }
    for input in super::inputs("reference") {
        let name = input.file_stem().and_then(|name| name.to_str()).expect("a name");
        let shown = blocks.iter().any(|block| block.split(' ').next() == Some(name));
        assert!(shown, "{name} is not shown");
    }
}

/// Returns what a line says is written after it.
fn words(line: &str) -> Option<&str> {
    line.strip_prefix("<!-- generated: ")?.strip_suffix(" -->")
}

fn rewritten(text: &str) -> String {
    let mut out = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        if let Some(words) = words(line) {
            out.push_str(block(words).trim_end());
            out.push_str("\n<!-- end -->\n");
            assert!(lines.any(|line| line == "<!-- end -->"), "`{line}` has an end");
        }
    }
    out
}

fn block(words: &str) -> String {
    let words: Vec<_> = words.split(' ').collect();
    match words.as_slice() {
        ["directives"] => directive::all(),
        ["arguments", name] => directive::arguments(name),
        ["scalars"] => directive::scalars(),
        ["forms"] => directive::forms(),
        ["bounds"] => bound::bounds(),
        ["diagnostics"] => diagnostic::diagnostics(),
        ["schema"] => fenced("graphql", example::SCHEMA),
        ["report", name] => diagnostic::report(name),
        [name, part, names @ ..] => example::part(name, part, names),
        _ => panic!("`{words:?}` is nothing that is written"),
    }
}

fn fenced(language: &str, text: &str) -> String {
    format!("```{language}\n{}\n```", text.trim_end())
}

/// Writes a table. A `|` in a cell has a backslash, also in code.
fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<_> = head.iter().map(|&cell| cell.to_owned()).collect();
    let mut out = format!("{}|{}\n", row(&head), "---|".repeat(head.len()));
    for cells in rows {
        let cells: Vec<_> = cells
            .iter()
            .map(|cell| cell.replace('|', "\\|").replace('\n', " "))
            .collect();
        out.push_str(&row(&cells));
    }
    out
}

/// Returns a sentence as a table has it: without a full stop.
fn phrase(sentence: &str) -> String {
    sentence.trim().trim_end_matches('.').to_owned()
}
