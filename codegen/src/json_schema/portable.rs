//! A tool's schemas → what in them some client can't read.
//!
//! Clients hand the schemas of all tools to a model's provider at once, and many providers read less than JSON Schema: one
//! schema that is refused costs the user every tool of the server. What is asked for here is what all of them read. At the
//! top there is an object, without alternatives. Every part is an object that names one type, or lists alternatives that
//! do; lists of types and bare `true` are what MCP Inspector's `--strict` finds. A reference stays inside, since nobody
//! fetches. A keyword is one of those that the build has a use for.
//!
//! Nothing that an author writes should lead here: the schemas are made by the build.

use serde_json::Value;

use super::{input, output};
use crate::{
    diagnostic::Diagnostic,
    model::{Model, Tool},
};

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

/// What no schema has at its top.
const NOT_AT_THE_TOP: &[&str] = &["$ref", "anyOf", "enum", "not"];

/// Returns what some client can't read of a tool's schemas.
pub(crate) fn unportable(tool: &Tool, model: &Model) -> Vec<Diagnostic> {
    let mut found = told(tool, "input", &input(tool, model));
    found.extend(told(tool, "output", &output(tool, model)));
    found
}

fn told(tool: &Tool, which: &str, schema: &Value) -> Vec<Diagnostic> {
    let found = findings(schema).into_iter();
    found
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
        // `true` and `false` are for whether there may be more, and what is excluded needs no type.
        check(
            &with(json!({ "type": "object", "additionalProperties": false, "properties": {
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
    }

    #[test]
    fn what_is_told_names_the_tool_and_the_place() {
        let sources = testing::operation("\"It.\" query Test @tool(title: \"Test\") { store }");
        let (_, model) = testing::resolved(&sources);
        let mut found = Diagnostics::default();
        found.extend(told(
            &model.tools[0],
            "input",
            &json!({ "type": "object", "properties": { "a": {} } }),
        ));
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
