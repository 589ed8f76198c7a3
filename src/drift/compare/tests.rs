use super::super::live::{Data, Live};
use super::*;
use crate::tool::UsedInput;
use serde_json::{Value, json};

/// A small schema, one type a line: kind, name, then what it has.
const SCHEMA: &str = "\
OBJECT Query | books(filter: Filter!, limit: Int, genre: Genre): [Book!]! | find(text: String!): Result
OBJECT Book | id: ID! | title: String | author: Author
OBJECT Author | name: String!
INTERFACE Owned | owner: String = Book, Author
UNION Result = Book, Author
INPUT_OBJECT Filter | text: String! | pages: [Int!] | genre: Genre
ENUM Genre | NOVEL | POEM";

static USES: [Use; 9] = [
    Use::Root {
        operation: "query",
        ty: "Query",
    },
    Use::Fields {
        of: "Query",
        fields: &[
            UsedField::new(
                "books",
                "[Book!]!",
                &[Given::variable("filter", "Filter!"), Given::variable("limit", "Int")],
            ),
            UsedField::new("find", "Result", &[Given::variable("text", "String!")]),
        ],
    },
    Use::Fields {
        of: "Book",
        fields: &[UsedField::new("id", "ID!", &[]), UsedField::new("title", "String", &[])],
    },
    Use::Fields {
        of: "Result",
        fields: &[],
    },
    Use::Fragment {
        of: "Result",
        on: "Book",
    },
    Use::Fragment {
        of: "Result",
        on: "Owned",
    },
    Use::Fields {
        of: "Owned",
        fields: &[UsedField::new("owner", "String", &[])],
    },
    Use::Input(&UsedInput {
        name: "Filter",
        fields: &[
            Given::value("text", "String!"),
            Given::value("pages", "[Int!]"),
            Given::value("genre", "Genre"),
        ],
    }),
    Use::Values {
        of: "Genre",
        values: &["NOVEL", "POEM"],
    },
];

fn reference(ty: &str) -> Value {
    if let Some(inner) = ty.strip_suffix('!') {
        json!({ "kind": "NON_NULL", "ofType": reference(inner) })
    } else if let Some(item) = ty.strip_prefix('[') {
        json!({ "kind": "LIST", "ofType": reference(item.strip_suffix(']').unwrap()) })
    } else {
        json!({ "kind": "SCALAR", "name": ty, "ofType": null })
    }
}

/// Reads `name: Type = default`.
fn input(text: &str) -> Value {
    let (text, default) = match text.split_once(" = ") {
        Some((text, default)) => (text, Some(default)),
        None => (text, None),
    };
    let (name, ty) = text.split_once(": ").unwrap();
    json!({ "name": name, "type": reference(ty), "defaultValue": default })
}

/// Reads `name(argument: Type, …): Type`.
fn field(text: &str) -> Value {
    let (head, ty) = text.rsplit_once(": ").unwrap();
    let (name, arguments) = head.split_once('(').unwrap_or((head, ")"));
    let arguments = arguments.strip_suffix(')').unwrap();
    let arguments = arguments.split(", ").filter(|argument| !argument.is_empty());
    json!({ "name": name, "args": arguments.map(input).collect::<Vec<_>>(), "type": reference(ty) })
}

fn told(line: &str) -> Value {
    let is_union = line.starts_with("UNION") || line.starts_with("INTERFACE");
    let (line, possible) = match line.rsplit_once(" = ") {
        Some((line, possible)) if is_union => (line, possible),
        _ => (line, ""),
    };
    let mut parts = line.split(" | ");
    let (kind, name) = parts.next().unwrap().split_once(' ').unwrap();
    let parts: Vec<_> = parts.collect();
    let named = |names: &[&str]| names.iter().map(|name| json!({ "name": name })).collect::<Value>();
    let possible: Vec<_> = possible.split(", ").collect();
    match kind {
        "ENUM" => json!({ "kind": kind, "name": name, "enumValues": named(&parts) }),
        "INPUT_OBJECT" => {
            json!({ "kind": kind, "name": name, "fields": null, "inputFields": parts.into_iter().map(input).collect::<Value>() })
        }
        _ => {
            let fields: Value = parts.into_iter().map(field).collect();
            json!({ "kind": kind, "name": name, "fields": fields, "possibleTypes": named(&possible) })
        }
    }
}

fn live(schema: &str) -> Live {
    let types: Value = schema.lines().map(told).collect();
    let data = json!({ "__schema": { "queryType": { "name": "Query" }, "types": types } });
    serde_json::from_value::<Data>(data).unwrap().into_live().unwrap()
}

/// Changes the schema and compares.
fn check(from: &str, to: &str, expected: &[&str]) {
    assert!(from.is_empty() || SCHEMA.contains(from), "{from}");
    let schema = if from.is_empty() {
        format!("{SCHEMA}{to}")
    } else {
        SCHEMA.replacen(from, to, 1)
    };
    assert_eq!(reasons(&USES, &live(&schema)), expected, "{from} -> {to}");
}

#[test]
fn what_has_not_changed_or_is_new_is_no_reason() {
    check("", "", &[]);
    check("", "\nOBJECT New | a: Int", &[]);
    check("title: String", "title: String | isbn: String!", &[]);
    check("limit: Int", "limit: Int, order: String", &[]);
    check("limit: Int", "limit: Int, order: String! = \"up\"", &[]);
    check("pages: [Int!]", "pages: [Int!] | year: Int", &[]);
    check("NOVEL | POEM", "NOVEL | POEM | ESSAY", &[]);
    check("UNION Result = Book, Author", "UNION Result = Book, Author, New", &[]);
    // What the tool does not use.
    check("\nOBJECT Author | name: String!", "", &[]);
    check(" | author: Author", "", &[]);
    check(", genre: Genre)", ")", &[]);
}

#[test]
fn results_may_become_stricter_and_not_laxer() {
    check("title: String", "title: String!", &[]);
    check("id: ID!", "id: ID", &["`Book.id` is now of type `ID`, and was `ID!`"]);
    check(
        "): [Book!]!",
        "): [Book]!",
        &["`Query.books` is now of type `[Book]!`, and was `[Book!]!`"],
    );
    check(
        "title: String",
        "title: [String]",
        &["`Book.title` is now of type `[String]`, and was `String`"],
    );
    check(
        "",
        "\nOBJECT String | value: Int",
        &[
            "`Book.title` has fields of its own now",
            "`Owned.owner` has fields of its own now",
        ],
    );
}

#[test]
fn inputs_may_become_laxer_and_not_stricter() {
    check("filter: Filter!", "filter: Filter", &[]);
    check("text: String! | pages", "text: String | pages", &[]);
    check("limit: Int", "limit: Int! = 10", &[]);
    check(
        "limit: Int",
        "limit: Int!",
        &["`Query.books(limit:)` is required now, and the tool can do without it"],
    );
    check(
        "limit: Int",
        "limit: Float",
        &["`Query.books(limit:)` is now of type `Float`, and gets `Int`"],
    );
    check(
        "pages: [Int!]",
        "pages: [Int!]!",
        &["`Filter.pages` is required now, and the tool can do without it"],
    );
    check("pages: [Int!]", "pages: [Int]", &[]);
    check(
        "NOVEL | POEM",
        "POEM",
        &["the enum `Genre` has no value `NOVEL` any more"],
    );
}

/// A field of what a variable holds is a value; a variable itself is not coerced.
#[test]
fn a_value_may_be_asked_for_as_a_list_and_a_variable_may_not() {
    check("text: String! | pages", "text: [String!]! | pages", &[]);
    check("| genre: Genre\nENUM", "| genre: [Genre!]\nENUM", &[]);
    check(
        "| genre: Genre\nENUM",
        "| genre: [Genre!]!\nENUM",
        &["`Filter.genre` is required now, and the tool can do without it"],
    );
    check(
        "limit: Int",
        "limit: [Int]",
        &["`Query.books(limit:)` is now of type `[Int]`, and gets `Int`"],
    );
}

#[test]
fn what_is_required_and_new_is_a_reason() {
    check(
        "limit: Int",
        "limit: Int, tenant: ID!",
        &["`Query.books` has a new required argument `tenant`"],
    );
    check(
        "pages: [Int!]",
        "pages: [Int!] | tenant: ID!",
        &["`Filter` has a new required field `tenant`"],
    );
}

#[test]
fn what_is_gone_is_a_reason_with_its_perhaps_new_name() {
    for (from, to, reason) in [
        (
            "title: String",
            "bookTitle: String",
            "`Book.title` is not in the API's schema any more; there is `bookTitle`",
        ),
        (
            "title: String",
            "name: String",
            "`Book.title` is not in the API's schema any more",
        ),
        (
            "limit: Int",
            "limits: Int",
            "`Query.books(limit:)` is not in the API's schema any more; there is `limits`",
        ),
        (
            "pages: [Int!]",
            "page: [Int!]",
            "`Filter.pages` is not in the API's schema any more; there is `page`",
        ),
        (
            "ENUM Genre",
            "ENUM Genres",
            "the enum `Genre` is not in the API's schema any more; there is `Genres`",
        ),
        (
            "INPUT_OBJECT Filter",
            "OBJECT Filter",
            "the input object `Filter` is not in the API's schema any more",
        ),
        (
            "UNION Result = Book, Author",
            "UNION Result = Author",
            "a value of `Result` can't be of `Book` any more",
        ),
        (
            "INTERFACE Owned | owner: String = Book, Author",
            "INTERFACE Owned | owner: String = Other",
            "a value of `Result` can't be of `Owned` any more",
        ),
    ] {
        check(from, to, &[reason]);
    }
    check(
        "OBJECT Book |",
        "OBJECT Volume |",
        &["the type `Book` is not in the API's schema any more"],
    );
}

#[test]
fn a_root_that_has_moved_is_a_reason() {
    let mut moved = live(SCHEMA);
    moved.query = Some("Root".to_owned());
    assert_eq!(
        reasons(&USES[..1], &moved),
        ["a query does not begin at `Query` any more, but at `Root`"]
    );
    let write = Use::Root {
        operation: "mutation",
        ty: "Mutation",
    };
    assert_eq!(reasons(&[write], &moved), ["the API has no mutation any more"]);
}

#[test]
fn what_an_api_calls_itself_is_escaped() {
    let schema = SCHEMA.replace("title: String", "title: \u{202e}x");
    assert_eq!(
        reasons(&USES, &live(&schema)),
        ["`Book.title` is now of type `\\u{202e}x`, and was `String`"]
    );
}
