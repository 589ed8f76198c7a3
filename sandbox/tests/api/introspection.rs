//! The schema as callers may ask for it, and the one that is served.

use appsync_mcp_codegen::sdl_of_introspection;
use appsync_mcp_sandbox::{Config, Sandbox};
use serde_json::{Value, json};

use crate::client::{send, small, start};

const SDL: &str = include_str!("../../../schema/schema.graphql");

const EVERYTHING: &str = "{ __schema {
  queryType { name } mutationType { name } subscriptionType { name }
  types {
    kind name description specifiedByURL
    fields(includeDeprecated: true) {
      name description isDeprecated deprecationReason
      args { ...input }
      type { ...type }
    }
    inputFields { ...input }
    interfaces { name }
    enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
    possibleTypes { name }
  }
} }
fragment input on __InputValue { name description defaultValue type { ...type } }
fragment type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

async fn with(sdl: String, introspection: bool) -> Sandbox {
    start(Config {
        companies: 2_000,
        schema: Some(sdl),
        introspection,
        ..Config::default()
    })
    .await
}

/// The lines of an SDL without what introspection does not tell, sorted: the order of types is nobody's.
fn lines(sdl: &str) -> Vec<String> {
    let roots = "schema {\n  query: Query\n  mutation: Mutation\n  subscription: Subscription\n}\n";
    // Directives and arguments on lines of their own, and the spaces in an object, are how somebody writes.
    let sdl = sdl.replace(roots, "").replace("\n    @", " @");
    let sdl = sdl
        .replace("(\n    ", "(")
        .replace("\n    ", ", ")
        .replace("\n  )", ")");
    let sdl = sdl.replace("{ ", "{").replace(" }", "}");
    let mut lines: Vec<_> = sdl
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("directive "))
        .map(|line| match line.find(" @") {
            Some(at) if !line.contains("@deprecated") => {
                let brace = if line.ends_with('{') { " {" } else { "" };
                format!("{}{brace}", &line[..at])
            }
            _ => line.to_owned(),
        })
        // No SDL of AppSync's declares these.
        .filter(|line| !line.starts_with("scalar AWS"))
        .collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn introspection_tells_the_schema_but_for_directives() {
    let answer = send(&small().await, EVERYTHING, json!({})).await;
    assert_eq!(answer["errors"], Value::Null);
    let told = sdl_of_introspection(&answer.to_string()).unwrap();
    for (told, written) in lines(&told).iter().zip(&lines(SDL)) {
        assert_eq!(told, written);
    }
    assert_eq!(lines(&told).len(), lines(SDL).len());
    // What it tells can be served, and tells the same.
    let again = send(&with(told, true).await, EVERYTHING, json!({})).await;
    assert_eq!(again, answer);
}

#[tokio::test]
async fn a_type_can_be_asked_for_by_name_beside_data() {
    let document =
        "query Q($name: String!) { a: __type(name: $name) { kind name } __typename b: __type(name: \"No\") { name }
        getCompany(id: \"c-00001\") { __typename } }";
    let answer = send(&small().await, document, json!({ "name": "Company" })).await;
    let expected = json!({ "data": {
        "a": { "kind": "OBJECT", "name": "Company" },
        "__typename": "Query",
        "b": null,
        "getCompany": { "__typename": "Company" },
    } });
    assert_eq!(answer, expected);
}

#[tokio::test]
async fn introspection_can_be_disabled() {
    let sandbox = with(SDL.to_owned(), false).await;
    let body = send(&sandbox, "{ __schema { types { name } } }", json!({})).await;
    assert_eq!(body["data"], Value::Null);
    let message = "Validation error of type FieldUndefined: Field '__schema' in type 'Query' is undefined @ '__schema'";
    assert_eq!(body["errors"][0]["message"], message);
}

#[tokio::test]
async fn another_schema_is_served_and_what_nobody_resolves_is_null() {
    let sdl = SDL
        .replace("  website: AWSURL\n", "  websiteUrl: AWSURL\n")
        .replace("  city: String\n", "  city: String\n  mayor: String!\n");
    let sandbox = with(sdl, true).await;
    let body = send(&sandbox, "{ getCompany(id: \"c-00001\") { id websiteUrl } }", json!({})).await;
    assert_eq!(
        body,
        json!({ "data": { "getCompany": { "id": "c-00001", "websiteUrl": null } } })
    );
    let body = send(&sandbox, "{ getCompany(id: \"c-00001\") { website } }", json!({})).await;
    let message = "Validation error of type FieldUndefined: Field 'website' in type 'Company' is undefined @ 'website'";
    assert_eq!(body["errors"][0]["message"], message);
    let body = send(&sandbox, "{ getCompany(id: \"c-00001\") { mayor } }", json!({})).await;
    assert_eq!(body["data"], json!({ "getCompany": null }));
    assert_eq!(body["errors"][0]["path"], json!(["getCompany", "mayor"]));
}

#[tokio::test]
async fn what_is_no_schema_is_not_served() {
    let error = Sandbox::start(Config {
        schema: Some("type Query { a: Missing }".to_owned()),
        ..Config::default()
    })
    .await
    .unwrap_err();
    assert!(error.to_string().starts_with("failed to read the schema: "), "{error}");
}
