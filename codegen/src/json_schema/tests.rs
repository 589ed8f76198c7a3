//! The schemas that clients see: their shape over every tool in this repository, and what the design asks of them.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::{input, output};
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
        (&["properties", "additionalProperties"], &["object"]),
    ] {
        let stray = keys.iter().any(|key| map.contains_key(*key)) && !wanted.contains(&ty);
        assert!(!stray, "{keys:?} in {schema}");
    }
    assert_ne!(map.get("default"), Some(&Value::Null), "{schema}");
}

#[test]
fn null_stands_beside_what_may_be_left_out() {
    for sources in testing::projects() {
        let (_, model) = testing::resolved(&sources);
        for tool in &model.tools {
            let schema = input(tool, &model);
            check_schema(&schema);
            check_schema(&output(tool, &model));
            assert_eq!(schema["additionalProperties"], false);
            for (name, property) in schema["properties"].as_object().unwrap() {
                let required = schema["required"].as_array();
                let required = required.is_some_and(|required| required.contains(&json!(name)));
                let any = property["anyOf"].as_array();
                let null = any.is_some_and(|any| any.contains(&json!({ "type": "null" })));
                assert_ne!(required, null, "{}: {property}", tool.name);
            }
        }
    }
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
fn an_optional_argument_takes_null_and_advertises_no_null_default() {
    check(
        "Int",
        LIMIT,
        &expect![[
            r#"{"anyOf":[{"type":"integer","minimum":-2147483648,"maximum":2147483647},{"type":"null"}],"description":"It."}"#
        ]],
    );
    check(
        "Int! = 5",
        LIMIT,
        &expect![[
            r#"{"anyOf":[{"type":"integer","minimum":-2147483648,"maximum":2147483647},{"type":"null"}],"description":"It.","default":5}"#
        ]],
    );
    check(
        "Int = 5 @nullable",
        LIMIT,
        &expect![[
            r#"{"anyOf":[{"type":"integer","minimum":-2147483648,"maximum":2147483647},{"type":"null"}],"description":"It.","default":5}"#
        ]],
    );
    check(
        "Int!",
        LIMIT,
        &expect![[r#"{"type":"integer","minimum":-2147483648,"maximum":2147483647,"description":"It."}"#]],
    );
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
        &expect![[
            r#"{"type":"array","items":{"type":"string","maxLength":8},"description":"It. At most 50 items; duplicates are dropped first."}"#
        ]],
    );
    check(
        "[ID!]! @items(max: 50, unique: true) @normalize(as: TRIM)",
        IDS,
        &expect![[
            r#"{"type":"array","items":{"type":"string"},"description":"It. At most 50 items; duplicates are dropped first. Each: at most 8192 characters."}"#
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
fn enums_and_input_objects_take_null_beside_their_values() {
    check(
        "Sort",
        "books(sort: $v) { nextToken }",
        &expect![[r#"{"anyOf":[{"type":"string","enum":["TITLE","AUTHOR"]},{"type":"null"}],"description":"It."}"#]],
    );
    check(
        "[Genre!]",
        "books(genres: $v) { nextToken }",
        &expect![[
            r#"{"anyOf":[{"type":"array","items":{"type":"string","enum":["NOVEL","POETRY"]},"maxItems":100},{"type":"null"}],"description":"It."}"#
        ]],
    );
    check(
        "[Int]",
        "store(marks: $v)",
        &expect![[
            r#"{"anyOf":[{"type":"array","items":{"anyOf":[{"type":"integer","minimum":-2147483648,"maximum":2147483647},{"type":"null"}]},"maxItems":100},{"type":"null"}],"description":"It."}"#
        ]],
    );
    check(
        "Window",
        "store(window: $v)",
        &expect![[r##"{"anyOf":[{"type":"object","$ref":"#/$defs/Window"},{"type":"null"}],"description":"It."}"##]],
    );
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
                        "description": "Known values: `NOVEL`, `POETRY`."
                      },
                      "tags": {
                        "type": "array",
                        "items": {
                          "type": "string"
                        },
                        "maxItems": 3
                      }
                    },
                    "required": [
                      "__typename",
                      "genre",
                      "tags"
                    ],
                    "description": "A book."
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
                    },
                    "required": [
                      "__typename"
                    ]
                  }
                ]
              },
              "maxItems": 5
            },
            "__notes": {
              "type": "array",
              "items": {
                "type": "string"
              },
              "description": "What the server has to say about this result: what was capped, dropped or could not be read."
            }
          },
          "required": [
            "items"
          ]
        }"#]].assert_eq(&format!("{:#}", output(&model.tools[0], &model)));
}
