//! A tool's schemas → what in them some client can't read.
//!
//! Clients hand the schemas of all tools to a model's provider at once, and many providers read less than JSON Schema: one
//! schema that is refused costs the user every tool of the server. What is asked for here is what all of them read. At the
//! top there is an object, without alternatives. Every part is an object that names one type, or lists alternatives that
//! do; lists of types and bare `true` are what MCP Inspector's `--strict` finds. A reference stays inside, since nobody
//! fetches. A keyword is one of those that the build has a use for: `additionalProperties` and `examples` are none. In an
//! input schema, null is an alternative where it means something of its own, and nowhere else.
//!
//! Nothing that an author writes should lead here: the schemas are made by the build.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{input, output};
use crate::{
    diagnostic::Diagnostic,
    model::{Input, Model, Position, Tool},
};

/// The keywords that are used; each means in draft 2020-12 what it is used for here.
const KEYWORDS: &[&str] = &[
    "$defs",
    "$ref",
    "anyOf",
    "const",
    "default",
    "description",
    "enum",
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

/// What no schema has at its top.
const NOT_AT_THE_TOP: &[&str] = &["$ref", "anyOf", "enum", "not"];

/// Returns what some client can't read of a tool's schemas.
pub(crate) fn unportable(tool: &Tool, model: &Model) -> Vec<Diagnostic> {
    let (input, output) = (input(tool, model), output(tool, model));
    let mut found = told(tool, "input", findings(&input));
    found.extend(told(tool, "input", stray_nulls(&input, tool, model)));
    found.extend(told(tool, "output", findings(&output)));
    found
}

fn told(tool: &Tool, which: &str, found: Vec<String>) -> Vec<Diagnostic> {
    found
        .into_iter()
        .map(|finding| {
            let message = format!(
                "some clients can't read the {which} schema of `{}`: {finding}",
                tool.name
            );
            Diagnostic::error(tool.head.clone(), message, "unreadable schema")
                .help("please report it: the build itself wrote this")
        })
        .collect()
}

/// Returns where an input schema has null and the contract does not, or the other way round.
fn stray_nulls(schema: &Value, tool: &Tool, model: &Model) -> Vec<String> {
    let (mut advertised, mut meant) = (BTreeSet::new(), BTreeSet::new());
    nulls(schema, "", &mut advertised);
    for variable in tool.arguments() {
        let at = format!("/properties/{}", variable.name);
        meant_nulls(&variable.value, &at, model, &mut meant);
    }
    let differing = advertised.symmetric_difference(&meant);
    differing
        .map(|at| {
            if advertised.contains(at) {
                format!("`{at}` has null, which means nothing of its own there")
            } else {
                format!("`{at}` lacks null, which means something of its own there")
            }
        })
        .collect()
}

/// Adds the places of a schema that have null as an alternative. An alternative stands where its alternatives do.
fn nulls(schema: &Value, at: &str, found: &mut BTreeSet<String>) {
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        match (keyword.as_str(), value) {
            ("type", Value::String(ty)) if ty == "null" => {
                found.insert(at.to_owned());
            }
            ("anyOf", Value::Array(any)) => any.iter().for_each(|schema| nulls(schema, at, found)),
            ("items", schema) => nulls(schema, &format!("{at}/items"), found),
            // A definition has one place, wherever it is used.
            ("$defs", Value::Object(schemas)) => {
                for (name, schema) in schemas {
                    nulls(schema, &format!("/$defs/{name}"), found);
                }
            }
            ("properties", Value::Object(schemas)) => {
                for (name, schema) in schemas {
                    nulls(schema, &format!("{at}/properties/{name}"), found);
                }
            }
            _ => {}
        }
    }
}

/// Adds the places of a value where null means something of its own.
fn meant_nulls(position: &Position, at: &str, model: &Model, found: &mut BTreeSet<String>) {
    if position.nullable {
        found.insert(at.to_owned());
    }
    let mut input = (&position.input, at.to_owned());
    while let (Input::List { item, .. }, at) = input {
        input = (&item.input, format!("{at}/items"));
    }
    // What no contract bounds has fields of which null says nothing.
    if let (Input::Object { name, own: Some(own) }, at) = input {
        for field in model.fields(name, Some(own)) {
            meant_nulls(&field.value, &format!("{at}/properties/{}", field.name), model, found);
        }
    }
}

/// Returns what is wrong with a schema, each with its place as a JSON Pointer.
fn findings(root: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if root.get("type").is_none_or(|ty| ty != "object") {
        found.push("at the top there is no object".to_owned());
    }
    for keyword in NOT_AT_THE_TOP {
        if root.get(*keyword).is_some() {
            found.push(format!("`/{keyword}` stands at the top"));
        }
    }
    if root.is_object() {
        walk(root, root, "", &mut found);
    }
    found
}

fn walk(schema: &Value, root: &Value, at: &str, found: &mut Vec<String>) {
    let Value::Object(keywords) = schema else {
        found.push(format!("`{at}` is no object"));
        return;
    };
    match (keywords.get("type"), keywords.get("anyOf")) {
        (Some(Value::String(_)), _) | (None, Some(_)) => {}
        (Some(_), _) => found.push(format!("`{at}/type` is not one type")),
        (None, None) => found.push(format!("`{at}` has no type")),
    }
    for (keyword, value) in keywords {
        let at = format!("{at}/{keyword}");
        match (keyword.as_str(), value) {
            ("$ref", reference) => {
                let pointer = reference.as_str().and_then(|text| text.strip_prefix('#'));
                if pointer.and_then(|pointer| root.pointer(pointer)).is_none() {
                    found.push(format!("`{at}` leads to nothing in it"));
                }
            }
            ("properties" | "$defs", Value::Object(schemas)) => {
                for (name, schema) in schemas {
                    walk(schema, root, &format!("{at}/{name}"), found);
                }
            }
            ("anyOf", Value::Array(schemas)) => {
                for (index, schema) in schemas.iter().enumerate() {
                    walk(schema, root, &format!("{at}/{index}"), found);
                }
            }
            ("items", schema) => walk(schema, root, &at, found),
            (keyword, _) if !KEYWORDS.contains(&keyword) => {
                found.push(format!("`{at}` is not a keyword that all of them know"));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;
    use serde_json::json;

    use super::*;
    use crate::{Diagnostics, testing};

    fn check(schema: &Value, expected: &[&str]) {
        assert_eq!(findings(schema), expected, "{schema}");
    }

    #[test]
    fn every_schema_of_this_repository_can_be_read() {
        for sources in testing::projects() {
            let (_, model) = testing::resolved(&sources);
            for tool in &model.tools {
                assert!(unportable(tool, &model).is_empty(), "{}", tool.name);
            }
        }
    }

    #[test]
    fn at_the_top_there_is_an_object_and_nothing_else() {
        check(&json!({ "type": "object" }), &[]);
        check(&json!({ "type": "string" }), &["at the top there is no object"]);
        check(&json!(true), &["at the top there is no object"]);
        check(
            &json!({ "anyOf": [{ "type": "object" }] }),
            &["at the top there is no object", "`/anyOf` stands at the top"],
        );
        check(
            &json!({ "type": "object", "$ref": "#/$defs/a", "$defs": { "a": { "type": "object" } } }),
            &["`/$ref` stands at the top"],
        );
    }

    #[test]
    fn every_part_has_one_type_or_alternatives_that_do() {
        let with = |schema: Value| json!({ "type": "object", "properties": { "a": schema } });
        check(&with(json!({ "type": "string" })), &[]);
        check(
            &with(json!({ "anyOf": [{ "type": "string" }, { "type": "null" }], "description": "It." })),
            &[],
        );
        check(
            &with(json!({ "type": ["string", "null"] })),
            &["`/properties/a/type` is not one type"],
        );
        check(&with(json!({ "description": "It." })), &["`/properties/a` has no type"]);
        check(&with(json!(true)), &["`/properties/a` is no object"]);
        check(
            &with(json!({ "anyOf": [{ "enum": ["A"] }, { "type": "array", "items": {} }] })),
            &[
                "`/properties/a/anyOf/0` has no type",
                "`/properties/a/anyOf/1/items` has no type",
            ],
        );
        // What is excluded needs no type.
        check(
            &with(json!({ "type": "object", "properties": {
                    "b": { "type": "string", "not": { "enum": ["x"] } },
                } })),
            &[],
        );
    }

    #[test]
    fn references_stay_inside() {
        let with = |reference: &str| {
            json!({
                "type": "object",
                "properties": { "a": { "type": "object", "$ref": reference } },
                "$defs": { "A": { "type": "object", "properties": { "a": { "$ref": "#/$defs/A" } } } },
            })
        };
        check(&with("#/$defs/A"), &["`/$defs/A/properties/a` has no type"]);
        for outside in ["#/$defs/B", "https://example.com/a.json", "A", ""] {
            check(
                &with(outside),
                &[
                    "`/properties/a/$ref` leads to nothing in it",
                    "`/$defs/A/properties/a` has no type",
                ],
            );
        }
    }

    #[test]
    fn keywords_are_those_that_all_know() {
        check(
            &json!({ "type": "object", "properties": { "a": { "type": "string", "format": "date" } }, "allOf": [] }),
            &[
                "`/properties/a/format` is not a keyword that all of them know",
                "`/allOf` is not a keyword that all of them know",
            ],
        );
        // google-genai refuses the tool, wherever this stands; LangChain.js mangles lists of examples, Google refuses them.
        check(
            &json!({
                "type": "object",
                "properties": {
                    "a": { "type": "string", "examples": ["x"] },
                    "b": { "type": "object", "additionalProperties": false },
                },
                "additionalProperties": false,
            }),
            &[
                "`/properties/a/examples` is not a keyword that all of them know",
                "`/properties/b/additionalProperties` is not a keyword that all of them know",
                "`/additionalProperties` is not a keyword that all of them know",
            ],
        );
    }

    #[test]
    fn null_stands_where_it_means_something_and_nowhere_else() {
        let sources = testing::operation(
            "\"It.\" query Test(\"One.\" $a: Int @nullable, \"Other.\" $b: [Int], \"Filter.\" $c: BookFilter @length(min: 1, at: \"title\"))
             @tool(title: \"Test\") { one: books(limit: $a) { nextToken } store(marks: $b) other: books(filter: $c) { nextToken } }",
        );
        let (_, mut model) = testing::resolved(&sources);
        let check = |model: &Model, change: fn(&mut Value), expected: &[&str]| {
            let tool = &model.tools[0];
            let mut schema = input(tool, model);
            change(&mut schema);
            assert_eq!(stray_nulls(&schema, tool, model), expected, "{schema}");
        };
        check(&model, |_| {}, &[]);
        check(
            &model,
            |schema| {
                schema["properties"]["a"] = json!({ "type": "integer" });
                schema["properties"]["b"]["items"] = json!({ "anyOf": [{ "type": "integer" }, { "type": "null" }] });
                schema["properties"]["c"]["properties"]["title"]["type"] = json!("null");
                schema["$defs"] = json!({ "X": { "type": "null" } });
            },
            &[
                "`/$defs/X` has null, which means nothing of its own there",
                "`/properties/a` lacks null, which means something of its own there",
                "`/properties/b/items` has null, which means nothing of its own there",
                "`/properties/c/properties/title` has null, which means nothing of its own there",
            ],
        );
        // A field of this variable's own copy.
        let Input::Object { own: Some(own), .. } = &mut model.tools[0].variables[2].value.input else {
            panic!("a contract bounds it")
        };
        own[0].value.nullable = true;
        check(&model, |_| {}, &[]);
    }

    #[test]
    fn what_is_told_names_the_tool_and_the_place() {
        let sources = testing::operation("\"It.\" query Test @tool(title: \"Test\") { store }");
        let (_, model) = testing::resolved(&sources);
        let mut found = Diagnostics::default();
        let schema = json!({ "type": "object", "properties": { "a": {} } });
        found.extend(told(&model.tools[0], "input", findings(&schema)));
        expect![[r#"
            error: some clients can't read the input schema of `test`: `/properties/a` has no type
             --> operations/read/test.graphql:1:7
            1 | "It." query Test @tool(title: "Test") { store }
              |       ^^^^^^^^^^ unreadable schema
            help: please report it: the build itself wrote this
        "#]]
        .assert_eq(&found.render(&sources));
    }
}
