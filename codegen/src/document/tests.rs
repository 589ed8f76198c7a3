//! Documents as they are sent, for the variables that are there.

#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

use std::collections::BTreeSet;

use apollo_compiler::ExecutableDocument;
use expect_test::{Expect, expect};

use crate::{
    model::{Model, Segment, Tool},
    parse::Parsed,
    testing,
};

/// The same rule as the run time's.
fn assembled(segments: &[Segment], present: &BTreeSet<&str>) -> String {
    segments
        .iter()
        .filter(|segment| segment.any.is_empty() || segment.any.iter().any(|name| present.contains(name.as_str())))
        .map(|segment| segment.text.as_str())
        .collect()
}

/// Checks every document that a tool can send: exhaustively up to twelve variables that can be absent.
fn check_all_documents(parsed: &Parsed, tool: &Tool) -> usize {
    let (absent, always): (Vec<_>, Vec<_>) = tool.variables.iter().partition(|variable| variable.can_be_absent());
    assert!(absent.len() <= 12, "{}", tool.name);
    for subset in 0..1_u32 << absent.len() {
        let chosen = absent.iter().enumerate().filter(|(bit, _)| subset & (1 << bit) != 0);
        let present: BTreeSet<&str> = always
            .iter()
            .chain(chosen.map(|(_, variable)| variable))
            .map(|variable| variable.name.as_str())
            .collect();
        let text = assembled(&tool.document, &present);
        let document = ExecutableDocument::parse_and_validate(&parsed.schema, &text, "sent.graphql");
        let document =
            document.unwrap_or_else(|invalid| panic!("{}: {present:?}\n{text}\n{}", tool.name, invalid.errors));
        let operation = document.operations.iter().next().unwrap();
        let defined: BTreeSet<&str> = operation
            .variables
            .iter()
            .map(|variable| variable.name.as_str())
            .collect();
        assert_eq!(defined, present, "{text}");
    }
    1 << absent.len()
}

#[test]
fn every_subset_of_absent_variables_gives_a_valid_document() {
    let mut documents = 0;
    for sources in testing::projects() {
        let (parsed, model) = testing::resolved(&sources);
        documents += model
            .tools
            .iter()
            .map(|tool| check_all_documents(&parsed, tool))
            .sum::<usize>();
    }
    assert!(documents > 50, "{documents} documents");
}

/// Checks what is sent when only these variables are there, and that every other document is valid as well.
fn check(operation: &str, present: &[&str], expected: &Expect) {
    let (parsed, model): (_, Model) = testing::resolved(&testing::operation(operation));
    let tool = &model.tools[0];
    check_all_documents(&parsed, tool);
    expected.assert_eq(&assembled(&tool.document, &present.iter().copied().collect()));
}

#[test]
fn empty_parentheses_go() {
    let operation = "query Test($id: ID) { owned(by: $id) { id } }";
    check(
        operation,
        &["id"],
        &expect![[r#"
        query Test($id: ID) {
          owned(by: $id) {
            id
          }
        }
    "#]],
    );
    check(
        operation,
        &[],
        &expect![[r#"
        query Test {
          owned {
            id
          }
        }
    "#]],
    );
}

#[test]
fn an_emptied_object_goes_upwards() {
    let operation =
        "query Test($from: Int, $to: Int) { books(filter: { pages: { from: $from, to: $to } }) { nextToken } }";
    check(
        operation,
        &[],
        &expect![[r#"
        query Test {
          books {
            nextToken
          }
        }
    "#]],
    );
    check(
        operation,
        &["to"],
        &expect![[r#"
        query Test( $to: Int) {
          books(filter: {pages: { to: $to}}) {
            nextToken
          }
        }
    "#]],
    );
    check(
        operation,
        &["from", "to"],
        &expect![[r#"
        query Test($from: Int $to: Int) {
          books(filter: {pages: {from: $from to: $to}}) {
            nextToken
          }
        }
    "#]],
    );
}

#[test]
fn what_holds_something_else_stays() {
    let operation =
        r#"query Test($from: Int) { books(filter: { title: "x", pages: { from: $from } }, limit: 1) { nextToken } }"#;
    check(
        operation,
        &[],
        &expect![[r#"
        query Test {
          books(filter: {title: "x"} limit: 1) {
            nextToken
          }
        }
    "#]],
    );
}

#[test]
fn a_list_item_stays() {
    let operation = "query Test($from: Int) { store(windows: [{ from: $from }, { from: 1, to: $from }]) }";
    check(
        operation,
        &[],
        &expect![[r#"
        query Test {
          store(windows: [{} {from: 1}])
        }
    "#]],
    );
    check(
        operation,
        &["from"],
        &expect![[r#"
        query Test($from: Int) {
          store(windows: [{from: $from} {from: 1 to: $from}])
        }
    "#]],
    );
}

#[test]
fn an_object_that_stands_for_a_list_is_its_item() {
    check(
        "query Test($from: Int) { store(windows: { from: $from }) }",
        &[],
        &expect![[r#"
            query Test {
              store(windows: {})
            }
        "#]],
    );
}

#[test]
fn an_object_goes_within_a_list_item() {
    check(
        "query Test($from: Int) { books(filter: { any: [{ pages: { from: $from } }] }) { nextToken } }",
        &[],
        &expect![[r#"
            query Test {
              books(filter: {any: [{}]}) {
                nextToken
              }
            }
        "#]],
    );
}

#[test]
fn an_object_where_the_schema_has_a_default_stays() {
    check(
        "query Test($from: Int) { store(window: { from: $from }) }",
        &[],
        &expect![[r#"
            query Test {
              store(window: {})
            }
        "#]],
    );
}

#[test]
fn an_object_at_a_non_null_place_stays() {
    let operation = "query Test($from: Int, $size: Int) { place(window: { from: $from }, shape: { window: { from: $from }, inner: { window: {}, size: $size } }) }";
    check(
        operation,
        &[],
        &expect![[r#"
        query Test {
          place(window: {} shape: {window: {} inner: {window: {}}})
        }
    "#]],
    );
    check(
        operation,
        &["size"],
        &expect![[r#"
        query Test( $size: Int) {
          place(window: {} shape: {window: {} inner: {window: {} size: $size}})
        }
    "#]],
    );
    check(
        operation,
        &["from", "size"],
        &expect![[r#"
        query Test($from: Int $size: Int) {
          place(window: {from: $from} shape: {window: {from: $from} inner: {window: {} size: $size}})
        }
    "#]],
    );
}

#[test]
fn braces_that_the_author_left_empty_stay() {
    check(
        "query Test($id: ID) { store(window: {}) owned(by: $id) { id } }",
        &[],
        &expect![[r#"
            query Test {
              store(window: {})
              owned {
                id
              }
            }
        "#]],
    );
}

#[test]
fn a_whole_object_or_list_is_absent_as_one() {
    let operation =
        "query Test($filter: BookFilter, $genres: [Genre!]) { books(filter: $filter, genres: $genres) { nextToken } }";
    check(
        operation,
        &["genres"],
        &expect![[r#"
        query Test( $genres: [Genre!]) {
          books( genres: $genres) {
            nextToken
          }
        }
    "#]],
    );
}

#[test]
fn fragments_lose_what_is_absent_too() {
    let operation = "query Test($first: Int) { book(id: 1) { ...Parts } } fragment Parts on Book { chapters(first: $first) { title } }";
    check(
        operation,
        &[],
        &expect![[r#"
        query Test {
          book(id: 1) {
            ...Parts
          }
        }

        fragment Parts on Book {
          chapters {
            title
          }
        }
    "#]],
    );
    check(
        operation,
        &["first"],
        &expect![[r#"
        query Test($first: Int) {
          book(id: 1) {
            ...Parts
          }
        }

        fragment Parts on Book {
          chapters(first: $first) {
            title
          }
        }
    "#]],
    );
}

#[test]
fn aliases_fragments_and_directives_stay_as_written() {
    let operation = r#"
        query Test($yes: Boolean! = true, $title: String) @tool(title: "x") {
            one: book(id: "a") { ... on Book @include(if: $yes) { name: title } ... on Owned { id @skip(if: false) } ... { genre } }
            one: book(id: "a") { tags @list(max: 3) ...Parts @include(if: $yes) }
            books(filter: { title: $title }) { __typename }
        }
        fragment Parts on Book { pages }
    "#;
    check(
        operation,
        &["yes"],
        &expect![[r#"
        query Test($yes: Boolean! = true) {
          one: book(id: "a") {
            ... on Book @include(if: $yes) {
              name: title
            }
            ... on Owned {
              id @skip(if: false)
            }
            ... {
              genre
            }
          }
          one: book(id: "a") {
            tags
            ...Parts @include(if: $yes)
          }
          books {
            __typename
          }
        }

        fragment Parts on Book {
          pages
        }
    "#]],
    );
}

#[test]
fn literals_keep_their_meaning() {
    let operation = r#"
        query Test($text: String! = "a \"b\" \\ \n 日本", $genres: [Genre!] = [NOVEL, POETRY], $any: BookFilter = { title: "x", pages: { from: 1 } }) {
            a: search(text: """
                a block with "quotes" and \"""
                  and an indent
            """) { __typename }
            b: search(text: "\u00e9 \t \/ { }") { __typename }
            c: books(genres: $genres, filter: $any, ids: [1, "2"], limit: 3) { nextToken }
            d: price(of: { id: 1, count: -2 }, currency: null)
            e: store(settings: { deep: [{ a: 1.5e3, b: true, c: NAME }] })
            f: search(text: $text) { __typename }
        }
    "#;
    check(
        operation,
        &["text", "genres", "any"],
        &expect![[r#"
        query Test($text: String! = "a \"b\" \\ \n 日本" $genres: [Genre!] = [NOVEL, POETRY] $any: BookFilter = {title: "x", pages: {from: 1}}) {
          a: search(text: "a block with \"quotes\" and \"\"\"\n  and an indent") {
            __typename
          }
          b: search(text: "é 	 / { }") {
            __typename
          }
          c: books(genres: $genres filter: $any ids: [1 "2"] limit: 3) {
            nextToken
          }
          d: price(of: {id: 1 count: -2} currency: null)
          e: store(settings: {deep: [{a: 1.5e3 b: true c: NAME}]})
          f: search(text: $text) {
            __typename
          }
        }
    "#]],
    );
}
