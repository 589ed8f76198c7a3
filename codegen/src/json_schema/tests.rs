//! The schemas that clients see: their shape over every tool in this repository, and what the design asks of them.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::{input, output};
use crate::{model::Model, testing};

/// The keywords that are used; each means in draft 2020-12 what it is used for here.
const KEYWORDS: &[&str] = &[
    "$defs",
    "$ref",
    "additionalProperties",
    "anyOf",
    "const",
    "default",
    "description",
    "enum",
    "examples",
    "items",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "not",
    "pattern",
    "properties",
    "required",
    "type",
];
const TYPES: &[&str] = &["array", "boolean", "integer", "null", "number", "object", "string"];

/// Checks a schema and all that it holds: known keywords of the right form, and a type everywhere.
fn check_schema(schema: &Value, defs: &Value, needs_type: bool) {
    let Value::Object(map) = schema else { panic!("{schema}") };
    for key in map.keys() {
        assert!(KEYWORDS.contains(&key.as_str()), "`{key}` in {schema}");
    }
    let types = match &map.get("type") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    assert!(!needs_type || !types.is_empty(), "no type: {schema}");
    assert!(types.iter().all(|ty| TYPES.contains(ty)), "{schema}");
    if let Some(reference) = map.get("$ref") {
        let name = reference.as_str().unwrap().strip_prefix("#/$defs/").unwrap();
        assert!(defs.get(name).is_some(), "{reference} leads nowhere");
    }
    if let Some(required) = map.get("required") {
        let properties = map["properties"].as_object().unwrap();
        assert!(
            required
                .as_array()
                .unwrap()
                .iter()
                .all(|name| properties.contains_key(name.as_str().unwrap()))
        );
    }
    for key in ["properties", "$defs"] {
        for schema in map
            .get(key)
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|map| map.values())
        {
            check_schema(schema, defs, true);
        }
    }
    if let Some(items) = map.get("items") {
        check_schema(items, defs, true);
    }
    for schema in map.get("anyOf").and_then(Value::as_array).into_iter().flatten() {
        check_schema(schema, defs, false);
    }
    if let Some(not) = map.get("not") {
        check_schema(not, defs, false);
    }
    let of_type = |keys: &[&str], wanted: &[&str]| {
        let stray = keys.iter().any(|key| map.contains_key(*key)) && !types.iter().any(|ty| wanted.contains(ty));
        assert!(!stray, "{keys:?} in {schema}");
    };
    of_type(&["minimum", "maximum"], &["integer", "number"]);
    of_type(&["minLength", "maxLength", "pattern"], &["string"]);
    of_type(&["minItems", "maxItems", "items"], &["array"]);
    of_type(&["properties", "additionalProperties"], &["object"]);
    assert_ne!(map.get("default"), Some(&Value::Null), "{schema}");
}

#[test]
fn every_schema_is_an_object_of_typed_properties() {
    for sources in testing::projects() {
        let (_, model) = testing::resolved(&sources);
        for tool in &model.tools {
            for schema in [input(tool, &model), output(tool, &model)] {
                assert_eq!(schema["type"], "object", "{}", tool.name);
                for key in ["anyOf", "oneOf", "allOf", "$ref"] {
                    assert_eq!(schema.get(key), None, "{}", tool.name);
                }
                check_schema(&schema, &schema["$defs"], true);
            }
            let schema = input(tool, &model);
            assert_eq!(schema["additionalProperties"], false);
            for (name, property) in schema["properties"].as_object().unwrap() {
                let required = schema["required"].as_array().unwrap().contains(&json!(name));
                let null = property["type"]
                    .as_array()
                    .is_some_and(|types| types.contains(&json!("null")));
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
        &expect![[r#"{"type":["integer","null"],"minimum":-2147483648,"maximum":2147483647,"description":"It."}"#]],
    );
    check(
        "Int! = 5",
        LIMIT,
        &expect![[
            r#"{"type":["integer","null"],"minimum":-2147483648,"maximum":2147483647,"description":"It.","default":5}"#
        ]],
    );
    check(
        "Int = 5 @nullable",
        LIMIT,
        &expect![[
            r#"{"type":["integer","null"],"minimum":-2147483648,"maximum":2147483647,"description":"It.","default":5}"#
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
        &expect![[r#"{"type":["string","null"],"enum":["TITLE","AUTHOR",null],"description":"It."}"#]],
    );
    check(
        "[Genre!]",
        "books(genres: $v) { nextToken }",
        &expect![[
            r#"{"type":["array","null"],"items":{"type":"string","enum":["NOVEL","POETRY"]},"maxItems":100,"description":"It."}"#
        ]],
    );
    check(
        "[Int]",
        "store(marks: $v)",
        &expect![[
            r#"{"type":["array","null"],"items":{"type":["integer","null"],"minimum":-2147483648,"maximum":2147483647},"maxItems":100,"description":"It."}"#
        ]],
    );
    check(
        "Window",
        "store(window: $v)",
        &expect![[
            r##"{"type":["object","null"],"description":"It.","anyOf":[{"$ref":"#/$defs/Window"},{"type":"null"}]}"##
        ]],
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
                "type": "object",
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
