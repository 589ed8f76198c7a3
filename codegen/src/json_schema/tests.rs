//! The schemas that clients see: their shape over every tool in this repository, and what the design asks of them.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::{input, is_required, output};
use crate::{model::Model, testing};

const TYPES: &[&str] = &["array", "boolean", "integer", "null", "number", "object", "string"];

/// Checks a schema and all that it holds: keywords of the right form, beside the type that they are for.
fn check_schema(schema: &Value) {
    let Value::Object(map) = schema else { panic!("{schema}") };
    let ty = map.get("type").map_or("", |ty| ty.as_str().unwrap());
    assert!(ty.is_empty() || TYPES.contains(&ty), "{schema}");
    if let Some(required) = map.get("required") {
        let properties = map["properties"].as_object().unwrap();
        let mut names = required.as_array().unwrap().iter();
        assert!(!required.as_array().unwrap().is_empty(), "{schema}");
        assert!(names.all(|name| properties.contains_key(name.as_str().unwrap())));
    }
    let named = ["properties", "$defs"]
        .iter()
        .filter_map(|key| map.get(*key)?.as_object());
    let listed = map.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    let parts = named.flat_map(|map| map.values()).chain(listed);
    parts.chain(map.get("items")).for_each(check_schema);
    for (keys, wanted) in [
        (&["minimum", "maximum"][..], &["integer", "number"][..]),
        (&["minLength", "maxLength", "pattern"], &["string"]),
        (&["minItems", "maxItems", "items"], &["array"]),
        (&["properties"], &["object"]),
    ] {
        let stray = keys.iter().any(|key| map.contains_key(*key)) && !wanted.contains(&ty);
        assert!(!stray, "{keys:?} in {schema}");
    }
    assert_ne!(map.get("default"), Some(&Value::Null), "{schema}");
}

#[test]
fn what_may_be_left_out_has_its_plain_type() {
    let mut optional = 0;
    for sources in testing::projects() {
        let (_, model) = testing::resolved(&sources);
        for tool in &model.tools {
            let schema = input(tool, &model);
            check_schema(&schema);
            check_schema(&output(tool, &model));
            for variable in tool.arguments() {
                let property = &schema["properties"][&variable.name];
                let required = schema["required"].as_array();
                let required = required.is_some_and(|required| required.contains(&json!(variable.name)));
                assert_eq!(required, is_required(variable), "{}: {property}", tool.name);
                let any = property["anyOf"].as_array();
                let null = any.is_some_and(|any| any.contains(&json!({ "type": "null" })));
                assert_eq!(null, variable.nullable.is_some(), "{}: {property}", tool.name);
                optional += usize::from(!required && !null);
            }
        }
    }
    assert!(optional > 50, "{optional}");
}

fn model(operation: &str) -> Model {
    testing::resolved(&testing::operation(operation)).1
}

/// Checks one property of an input schema.
fn check(variable: &str, position: &str, expected: &Expect) {
    let model = model(&format!("query Test(\"It.\" $v: {variable}) {{ {position} }}"));
    expected.assert_eq(&input(&model.tools[0], &model)["properties"]["v"].to_string());
}

const LIMIT: &str = "books(limit: $v) { nextToken }";
const TITLE: &str = "books(filter: { title: $v }) { nextToken }";
const IDS: &str = "books(ids: $v) { nextToken }";

#[test]
fn an_optional_argument_has_its_plain_type_and_null_only_where_that_means_something() {
    check("Int", LIMIT, &expect![[r#"{"type":"integer","description":"It."}"#]]);
    check(
        "Int! = 5",
        LIMIT,
        &expect![[r#"{"type":"integer","description":"It.","default":5}"#]],
    );
    check(
        "Int = 5 @nullable",
        LIMIT,
        &expect![[r#"{"anyOf":[{"type":"integer"},{"type":"null"}],"description":"It.","default":5}"#]],
    );
    check("Int!", LIMIT, &expect![[r#"{"type":"integer","description":"It."}"#]]);
}

#[test]
fn bounds_that_rewrite_are_told_in_words() {
    check(
        "Int! @range(min: 1, max: 9)",
        LIMIT,
        &expect![[r#"{"type":"integer","minimum":1,"maximum":9,"description":"It."}"#]],
    );
    check(
        "Int! @range(min: 1, max: 9, excess: CLAMP)",
        LIMIT,
        &expect![[r#"{"type":"integer","description":"It. From 1 to 9."}"#]],
    );
    check(
        "Int! @range(max: 9, excess: CLAMP)",
        LIMIT,
        &expect![[r#"{"type":"integer","description":"It. At most 9."}"#]],
    );
    check(
        "[ID!]! @items(max: 50, unique: true) @length(max: 8)",
        IDS,
        &expect![[r#"{"type":"array","items":{"type":"string","maxLength":8},"description":"It. At most 50 items."}"#]],
    );
    check(
        "[ID!]! @items(max: 50, unique: true) @normalize(as: TRIM)",
        IDS,
        &expect![[
            r#"{"type":"array","items":{"type":"string"},"description":"It. At most 50 items. Each: at most 8192 characters."}"#
        ]],
    );
    check(
        "String! @normalize(as: TRIM) @length(min: 2)",
        TITLE,
        &expect![[r#"{"type":"string","description":"It. From 2 to 8192 characters."}"#]],
    );
    check(
        "String! @normalize(as: COUNTRY_CODE)",
        TITLE,
        &expect![[r#"{"type":"string","description":"It."}"#]],
    );
    check(
        "String!",
        TITLE,
        &expect![[r#"{"type":"string","maxLength":8192,"description":"It."}"#]],
    );
}

#[test]
fn optional_enums_lists_and_input_objects_are_plain_too() {
    check(
        "Sort",
        "books(sort: $v) { nextToken }",
        &expect![[r#"{"type":"string","enum":["TITLE","AUTHOR"],"description":"It."}"#]],
    );
    check(
        "[Genre!]",
        "books(genres: $v) { nextToken }",
        &expect![[
            r#"{"type":"array","items":{"type":"string","enum":["NOVEL","POETRY"]},"maxItems":100,"description":"It."}"#
        ]],
    );
    check(
        "[Int]",
        "store(marks: $v)",
        &expect![[r#"{"type":"array","items":{"type":"integer"},"maxItems":100,"description":"It."}"#]],
    );
    check(
        "Window",
        "store(window: $v)",
        &expect![[r##"{"type":"object","$ref":"#/$defs/Window","description":"It."}"##]],
    );
}

#[test]
fn bounds_that_the_type_has_by_itself_are_not_told() {
    check(
        "Int! @range(min: 0)",
        LIMIT,
        &expect![[r#"{"type":"integer","minimum":0,"description":"It."}"#]],
    );
    check(
        "Int! @range(max: 0)",
        LIMIT,
        &expect![[r#"{"type":"integer","maximum":0,"description":"It."}"#]],
    );
}

#[test]
fn an_example_is_in_the_description_where_a_text_has_a_form_that_nothing_else_tells() {
    check(
        r#"String! @pattern(regex: "[A-Z]{2}", hint: "two letters") @example(value: "AB")"#,
        TITLE,
        &expect![[
            r#"{"type":"string","maxLength":8192,"pattern":"^(?:[A-Z]{2})$","description":"It. For example `AB`."}"#
        ]],
    );
    check(
        r#"[ID!]! @pattern(regex: "b-[0-9]+", hint: "an id") @example(value: ["b-1", "b-2"])"#,
        IDS,
        &expect![[
            r#"{"type":"array","items":{"type":"string","maxLength":8192,"pattern":"^(?:b-[0-9]+)$"},"maxItems":100,"description":"It. For example `b-1`."}"#
        ]],
    );
    // Not advertised, and enforced all the same.
    check(
        r#"String! @normalize(as: UPPERCASE) @pattern(regex: "[A-Z`]{2}", hint: "two letters") @example(value: "a`")"#,
        TITLE,
        &expect![[r#"{"type":"string","description":"It. At most 8192 characters. For example \"a`\"."}"#]],
    );
    for without in [
        r#"String! @example(value: "dune")"#,
        r#"String! @pattern(regex: "I.*", hint: "it") @example(value: "It")"#,
        r#"String! @pattern(regex: "I.*", hint: "it")"#,
    ] {
        let model = model(&format!("query Test(\"It.\" $v: {without}) {{ {TITLE} }}"));
        let property = &input(&model.tools[0], &model)["properties"]["v"];
        assert_eq!(property["description"], "It.", "{without}");
        assert_eq!(property.get("examples"), None, "{without}");
    }
}

#[test]
fn a_result_is_described_as_it_is_written() {
    let model = model(
        r#"query Test {
            search(text: "x") @list(max: 5) { __typename ... on Book { genre tags @list(max: 3) } }
        }"#,
    );
    expect![[r#"
        {
          "type": "object",
          "properties": {
            "items": {
              "type": "array",
              "items": {
                "anyOf": [
                  {
                    "type": "object",
                    "properties": {
                      "__typename": {
                        "type": "string",
                        "const": "Book"
                      },
                      "genre": {
                        "type": "string",
                        "description": "Known values: NOVEL, POETRY."
                      },
                      "tags": {
                        "type": "array",
                        "items": {
                          "type": "string"
                        },
                        "maxItems": 3
                      }
                    }
                  },
                  {
                    "type": "object",
                    "properties": {
                      "__typename": {
                        "type": "string",
                        "not": {
                          "enum": [
                            "Book"
                          ]
                        }
                      }
                    }
                  }
                ]
              },
              "maxItems": 5
            },
            "__notes": {
              "type": "array",
              "items": {
                "type": "string"
              }
            }
          }
        }"#]]
    .assert_eq(&format!("{:#}", output(&model.tools[0], &model)));
}
