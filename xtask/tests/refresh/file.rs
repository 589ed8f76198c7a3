//! A schema from a file: what is written, what is said, and the exit code.

use std::{fs, io::Write as _, process::Stdio};

use serde_json::json;

use crate::project::{API, Project, SCHEMA};

#[test]
fn a_new_schema_is_written_in_canonical_form_and_only_then() {
    let project = Project::new();
    let before = project.schema_folder();
    project.write(
        "new.graphql",
        "type Query { books(limit: Int = 20): [Book!]! @aws_iam, book(id: ID!): Book }
         type Book @aws_api_key { title: String! @aws_iam, pages: Int, id: ID! }",
    );
    let done = project.run(&["--from", "new.graphql"]);
    assert_eq!(
        (done.code, &*done.out, &*done.err),
        (
            0,
            "nothing changes: the schema means what it did\nup to date: nothing to write\n",
            ""
        )
    );
    assert_eq!(project.schema_folder(), before);

    project.write("new.graphql", &SCHEMA.replace("  pages: Int\n", "  isbn: String\n"));
    // What a killed run has left.
    project.write("schema/.schema.graphql.4000000000.new", "type Query {");
    let done = project.run(&["--from", "new.graphql"]);
    assert_eq!(
        (done.code, &*done.out, &*done.err),
        (
            0,
            "breaking   the field `Book.pages` is gone\n\
             safe       the field `Book.isbn` is new, of the type `String`\n\
             2 changes: 1 breaking, 0 dangerous, 1 safe; no tool is touched\n\
             schema/schema.graphql: written\n",
            "next: `cargo xtask check` says what the build says of it, `cargo xtask bless` accepts what it changes of the \
             tools\n"
        )
    );
    let after = project.schema_folder();
    assert_eq!(
        after.keys().collect::<Vec<_>>(),
        ["api.json", "api.local.json", "schema.graphql"]
    );
    for name in ["api.json", "api.local.json"] {
        assert_eq!(after[name], before[name]);
    }
    assert_eq!(
        after["schema.graphql"].0,
        "type Book @aws_api_key {\n  id: ID!\n  isbn: String\n  title: String! @aws_iam\n}\n\n\
         type Query {\n  book(id: ID!): Book\n  books(limit: Int = 20): [Book!]! @aws_iam\n}\n"
    );
}

#[test]
fn a_check_writes_nothing_and_fails_for_what_tools_use() {
    for (from, to, code, breaking, touched) in [
        (
            "title: String! @aws_iam",
            "title: String @aws_iam",
            1,
            1,
            json!(["get_book"]),
        ),
        // Nobody uses it.
        ("  pages: Int\n", "", 0, 1, json!([])),
        ("  pages: Int\n", "  pages: Int\n  isbn: String\n", 0, 0, json!([])),
        ("", "", 0, 0, json!([])),
    ] {
        let project = Project::new();
        let before = project.schema_folder();
        project.write("new.graphql", &SCHEMA.replacen(from, to, 1));
        let done = project.run(&["--from", "new.graphql", "--check", "--json"]);
        assert_eq!(done.code, code, "{done:?}");
        let json = done.json();
        assert_eq!(json["breaking"], breaking, "{json}");
        assert_eq!(json["touched"], touched, "{json}");
        assert_eq!(json["wrote"], json!([]));
        let differs = if from == to {
            json!([])
        } else {
            json!(["schema/schema.graphql"])
        };
        assert_eq!(json["differs"], differs);
        assert_eq!(json["source"], "file");
        assert_eq!(project.schema_folder(), before);
        assert_eq!(done.err.contains("not up to date"), from != to, "{done:?}");

        let text = project.run(&["--from", "new.graphql", "--check"]);
        assert_eq!((text.code, text.out, text.err), (code, done.err, String::new()));
    }
}

/// What is in such a file, nobody knows: that a change touches no tool is not proven.
#[test]
fn a_check_fails_for_what_a_file_may_use_that_does_not_parse() {
    for path in [
        "operations/read/broken.graphql",
        "operations/write/broken.graphql",
        "operations/fragments/broken.graphql",
    ] {
        for (from, to, code) in [
            ("  pages: Int\n", "", 1),
            ("  pages: Int\n", "  pages: Int\n  isbn: String\n", 0),
            ("", "", 0),
        ] {
            let project = Project::new();
            project.write(path, "query Broken { book(");
            project.write("new.graphql", &SCHEMA.replacen(from, to, 1));
            let done = project.run(&["--from", "new.graphql", "--check", "--json"]);
            assert_eq!(done.code, code, "{done:?}");
            assert_eq!(done.json()["unread"], json!([path]));
            assert!(
                done.err
                    .contains(&format!("warning: not read, since it does not parse: {path};")),
                "{done:?}"
            );
            assert!(!done.err.contains("no tool is touched"), "{done:?}");
        }
    }
}

#[test]
fn json_says_what_was_written() {
    let project = Project::new();
    project.write("new.graphql", &SCHEMA.replace("  pages: Int\n", ""));
    let done = project.run(&["--from", "new.graphql", "--json"]);
    assert_eq!(
        done.json(),
        json!({
            "changes": [{
                "class": "breaking",
                "kind": "field-removed",
                "coordinate": "Book.pages",
                "message": "the field `Book.pages` is gone",
                "operations": [],
            }],
            "source": "file",
            "wrote": ["schema/schema.graphql"],
            "differs": ["schema/schema.graphql"],
            "compared": true,
            "breaking": 1,
            "touched": [],
            "unread": [],
            "directivesTold": true,
            "unknownDirectives": [],
            "droppedResolvers": [],
        })
    );
}

#[test]
fn what_is_no_schema_touches_nothing() {
    let project = Project::new();
    let before = project.schema_folder();
    for (text, expected) in [
        ("", "the new schema"),
        ("type Query {", "expected Field Definition\n --> the new schema:1:13"),
        ("type Query { book: Bok }", "`Bok`"),
        ("{ book }", "no JSON"),
        ("{}", "`__schema` is missing"),
        (
            r#"{"errors":[{"message":"no"}]}"#,
            "the API does not tell its schema: no",
        ),
    ] {
        project.write("new.graphql", text);
        for check in [&["--from", "new.graphql"][..], &["--from", "new.graphql", "--check"]] {
            let done = project.run(check);
            assert_eq!((done.code, &*done.out), (3, ""), "{text}: {done:?}");
            assert!(
                done.err.starts_with("error: ") && done.err.contains(expected),
                "{text}: {done:?}"
            );
            assert!(!done.err.contains("error: error"), "{done:?}");
        }
    }
    let done = project.run(&["--from", "nowhere.graphql"]);
    assert_eq!((done.code, &*done.out), (3, ""));
    assert!(done.err.starts_with("error: nowhere.graphql: "), "{done:?}");
    assert_eq!(project.schema_folder(), before);
}

/// `SCHEMA` with everything in another order.
const REORDERED: &str = "\
type Query {
  books(limit: Int = 20): [Book!]! @aws_iam
  book(id: ID!): Book
}

type Book @aws_api_key {
  title: String! @aws_iam
  pages: Int
  id: ID!
}
";

#[test]
fn another_order_changes_nothing() {
    for (is, new, files) in [
        (SCHEMA, REORDERED, "up to date: nothing to write\n"),
        // Only its form is not the canonical one.
        (
            REORDERED,
            SCHEMA,
            "schema/schema.graphql: not up to date; `cargo xtask refresh-schema` without `--check` writes what is new\n",
        ),
    ] {
        let project = Project::new();
        project.write("schema/schema.graphql", is);
        project.write("new.graphql", new);
        let done = project.run(&["--from", "new.graphql", "--check"]);
        let expected = format!("nothing changes: the schema means what it did\n{files}");
        assert_eq!((done.code, &*done.out, &*done.err), (0, &*expected, ""));
        assert_eq!(project.read("schema/schema.graphql"), is);
    }
}

#[test]
fn without_a_schema_to_compare_with_it_is_written_all_the_same() {
    let project = Project::new();
    project.write("new.graphql", SCHEMA);
    fs::remove_file(project.path("schema/schema.graphql")).unwrap();
    let done = project.run(&["--from", "new.graphql", "--check"]);
    assert_eq!(
        (done.code, &*done.err),
        (
            2,
            "error: there is no schema/schema.graphql yet, so that nothing can be checked\n"
        )
    );
    let done = project.run(&["--from", "new.graphql"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(
        done.out
            .starts_with("there is no schema/schema.graphql yet, so that nothing can be compared\n")
    );
    assert_eq!(project.read("schema/schema.graphql"), SCHEMA);

    project.write("schema/schema.graphql", "type Query {");
    let done = project.run(&["--from", "new.graphql", "--check"]);
    assert_eq!(done.code, 2, "{done:?}");
    let done = project.run(&["--from", "new.graphql", "--json"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.err.contains("schema/schema.graphql:1:1"), "{done:?}");
    assert!(done.err.contains("so that nothing can be compared"), "{done:?}");
    assert_eq!(done.json()["compared"], false);
    assert_eq!(project.read("schema/schema.graphql"), SCHEMA);
    assert_eq!(project.read("schema/api.json"), API);
}

#[test]
fn standard_input_is_a_file_too() {
    let project = Project::new();
    let mut child = project
        .command(&["--from", "-", "--check"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let text = SCHEMA.replace("title: String! @aws_iam", "title: Int @aws_iam");
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("touches get_book"));
}

#[test]
fn comments_are_not_kept_which_is_said() {
    for (old, new, expected) in [("", "# licence\n", true), ("# licence\n", "", true), ("", "", false)] {
        let project = Project::new();
        project.write("schema/schema.graphql", &format!("{old}{SCHEMA}"));
        project.write("new.graphql", &format!("{new}{SCHEMA}"));
        let done = project.run(&["--from", "new.graphql"]);
        assert_eq!(done.code, 0, "{done:?}");
        assert_eq!(
            done.err.contains("note: comments (`# …`) are not kept"),
            expected,
            "{done:?}"
        );
        assert_eq!(project.read("schema/schema.graphql"), SCHEMA);
    }
}

#[test]
fn names_of_an_api_have_no_hidden_characters() {
    let project = Project::new();
    let with = |group: &str| {
        SCHEMA.replace(
            "@aws_api_key",
            &format!("@aws_cognito_user_pools(cognito_groups: [\"{group}\"])"),
        )
    };
    project.write("schema/schema.graphql", &with("a"));
    project.write("new.graphql", &with("\\u001b[2J\\u202eb"));
    for json in [&[][..], &["--json"]] {
        let done = project.run(&[&["--from", "new.graphql", "--check"], json].concat());
        assert!(done.code < 2, "{done:?}");
        let said = done.out + &done.err;
        assert!(said.contains("[2J\\u{202e}b"), "{said}");
        assert!(!said.contains(['\u{1b}', '\u{202e}']), "{said:?}");
    }
}
