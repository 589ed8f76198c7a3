//! AppSync's answer to `GetGraphqlApi` → the text of `schema/api.json`.
//!
//! Invariant: what is written is read here key by key, each value of its own shape. The answer also holds ARNs, accounts, ids
//! of pools and clients, addresses and tags: none of that has a way through, nor into an error's message.
//! The answer: <https://docs.aws.amazon.com/appsync/latest/APIReference/API_GetGraphqlApi.html>.

use std::{collections::BTreeMap, fmt};

use apollo_compiler::Name;
use serde_json::{Map, Value};

use crate::{
    api::{Mode, ResolverKind},
    hidden::visible_json,
};

/// Why `schema/api.json` can't be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiJsonError(String);

impl fmt::Display for ApiJsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ApiJsonError {}

/// Returns the text of `schema/api.json`: those of its keys that the answer has, in the order in which they are documented.
///
/// `resolvers` are the schema coordinates of all fields that have a resolver, such as `Query.getCompany`, in any order, with the
/// kinds of these resolvers, as far as they are known; nothing, where nobody could list them.
///
/// # Errors
/// When the answer is none, lacks the name or the default authorization mode, or a value is not of the shape that AppSync
/// documents; or when a resolver is no coordinate. The message says which, and never the value.
///
/// ```
/// let answer = r#"{ "graphqlApi": { "arn": "…", "authenticationType": "API_KEY", "name": "bookshop" } }"#;
/// let text = appsync_mcp_codegen::api_json(answer, Some(&[("Query.books".to_owned(), None)]))?;
/// assert_eq!(text, r#"{
///   "name": "bookshop",
///   "authenticationType": "API_KEY",
///   "resolvers": [
///     "Query.books"
///   ]
/// }
/// "#);
/// # Ok::<(), appsync_mcp_codegen::ApiJsonError>(())
/// ```
pub fn api_json(
    get_graphql_api: &str,
    resolvers: Option<&[(String, Option<ResolverKind>)]>,
) -> Result<String, ApiJsonError> {
    let answer: Value = serde_json::from_str(get_graphql_api.trim_start_matches('\u{feff}'))
        .map_err(|error| ApiJsonError(format!("the answer to `GetGraphqlApi` is no JSON: {error}")))?;
    let Some(Value::Object(api)) = answer.get("graphqlApi") else {
        let fact = "`graphqlApi` is missing: this is no answer to `GetGraphqlApi`";
        return Err(ApiJsonError(fact.to_owned()));
    };
    let required = |key: &str| {
        ApiJsonError(format!(
            "`graphqlApi.{key}` is missing in the answer to `GetGraphqlApi`"
        ))
    };
    let name = told(api, "name", "a text", Value::as_str)?.ok_or_else(|| required("name"))?;
    let default = told(api, AUTHENTICATION_TYPE, &modes(), mode)?.ok_or_else(|| required(AUTHENTICATION_TYPE))?;
    let mut entries = vec![
        // Whoever reviews the file sees all of it.
        ("name", visible_json(&Value::from(name).to_string())),
        (AUTHENTICATION_TYPE, Value::from(default.name()).to_string()),
    ];
    if let Some(providers) = told(api, PROVIDERS, "a list of objects", Value::as_array)? {
        entries.push((PROVIDERS, on_one_line(&additional(providers)?)));
    }
    for limit in ["queryDepthLimit", "resolverCountLimit"] {
        if let Some(limited) = told(api, limit, "a limit, a whole number", whole)? {
            entries.push((limit, limited.to_string()));
        }
    }
    if let Some(introspection) = told(api, "introspectionConfig", "`ENABLED` or `DISABLED`", switch)? {
        entries.push(("introspectionConfig", Value::from(introspection).to_string()));
    }
    if let Some(resolvers) = resolvers {
        entries.push(("resolvers", one_a_line(&coordinates(resolvers)?)));
    }
    let entries: Vec<_> = entries
        .iter()
        .map(|(key, value)| format!("  \"{key}\": {value}"))
        .collect();
    Ok(format!("{{\n{}\n}}\n", entries.join(",\n")))
}

const AUTHENTICATION_TYPE: &str = "authenticationType";
const PROVIDERS: &str = "additionalAuthenticationProviders";

/// Returns a key's value, if the answer has one. Null is none.
fn told<'a, T>(
    object: &'a Map<String, Value>,
    key: &str,
    shape: &str,
    read: impl Fn(&'a Value) -> Option<T>,
) -> Result<Option<T>, ApiJsonError> {
    let value = object.get(key).filter(|value| !value.is_null());
    let read = value.map(|value| {
        read(value).ok_or_else(|| ApiJsonError(format!("`{key}` in the answer to `GetGraphqlApi` is not {shape}")))
    });
    read.transpose()
}

fn mode(value: &Value) -> Option<Mode> {
    let name = value.as_str()?;
    Mode::ALL.into_iter().find(|mode| mode.name() == name)
}

fn modes() -> String {
    let names = Mode::ALL.map(|mode| format!("`{}`", mode.name()));
    format!("one of {}", names.join(", "))
}

/// Returns the modes of additional providers, each once: an API may have several user pools.
fn additional(providers: &[Value]) -> Result<Vec<&'static str>, ApiJsonError> {
    let mut names = Vec::new();
    for provider in providers {
        let told = provider
            .as_object()
            .map(|provider| told(provider, AUTHENTICATION_TYPE, &modes(), mode));
        let Some(mode) = told.transpose()?.flatten() else {
            let fact =
                format!("`{PROVIDERS}` in the answer to `GetGraphqlApi` holds one without `{AUTHENTICATION_TYPE}`");
            return Err(ApiJsonError(fact));
        };
        if !names.contains(&mode.name()) {
            names.push(mode.name());
        }
    }
    Ok(names)
}

/// Returns a number that the build can read.
fn whole(value: &Value) -> Option<u32> {
    value.as_u64()?.try_into().ok()
}

fn switch(value: &Value) -> Option<&'static str> {
    ["ENABLED", "DISABLED"]
        .into_iter()
        .find(|switch| value.as_str() == Some(switch))
}

/// Returns the resolvers in order, each once. Without any kind known, there is nothing to say but which fields have one.
fn coordinates(
    resolvers: &[(String, Option<ResolverKind>)],
) -> Result<BTreeMap<&str, Option<ResolverKind>>, ApiJsonError> {
    let is_coordinate = |text: &str| {
        let parts = text.split_once('.');
        parts.is_some_and(|(ty, field)| Name::is_valid_syntax(ty) && Name::is_valid_syntax(field))
    };
    let stranger = resolvers.iter().position(|(resolver, _)| !is_coordinate(resolver));
    match stranger {
        Some(at) => Err(ApiJsonError(format!(
            "resolver {} is not told as `Type.field`, such as `Query.getCompany`",
            at + 1
        ))),
        None => Ok(resolvers.iter().map(|(field, kind)| (field.as_str(), *kind)).collect()),
    }
}

fn on_one_line(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
    format!("[{}]", names.join(", "))
}

fn one_a_line(resolvers: &BTreeMap<&str, Option<ResolverKind>>) -> String {
    if resolvers.is_empty() {
        return "[]".to_owned();
    }
    let has_kinds = resolvers.values().any(Option::is_some);
    let lines = resolvers.iter().map(|(field, kind)| match kind {
        Some(kind) => format!("    \"{field}\": \"{}\"", kind.name()),
        None if has_kinds => format!("    \"{field}\": null"),
        None => format!("    \"{field}\""),
    });
    let lines = lines.collect::<Vec<_>>().join(",\n");
    if has_kinds {
        format!("{{\n{lines}\n  }}")
    } else {
        format!("[\n{lines}\n  ]")
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use expect_test::{Expect, expect};

    use super::*;
    use crate::api::Facts;

    fn check(answer: &str, resolvers: Option<&[&str]>, expected: &Expect) {
        let resolvers = resolvers.map(|all| all.iter().map(|field| (field.to_string(), None)).collect::<Vec<_>>());
        let text = api_json(answer, resolvers.as_deref()).unwrap_or_else(|error| format!("error: {error}\n"));
        expected.assert_eq(&text);
        if !text.starts_with("error") {
            serde_json::from_str::<Facts>(&text).expect("what the build reads");
        }
    }

    /// Returns an answer with a name, a mode, and more.
    fn with(more: &str) -> String {
        format!(r#"{{ "graphqlApi": {{ "name": "shop", "authenticationType": "AWS_IAM", {more} }} }}"#)
    }

    /// All keys that AppSync documents.
    const ANSWER: &str = include_str!("../tests/api_json/answer.json");

    #[test]
    fn only_what_is_listed_gets_through() {
        let expected = expect![[r#"
            {
              "name": "company-intelligence",
              "authenticationType": "AMAZON_COGNITO_USER_POOLS",
              "additionalAuthenticationProviders": ["OPENID_CONNECT", "API_KEY", "AMAZON_COGNITO_USER_POOLS", "AWS_IAM", "AWS_LAMBDA"],
              "queryDepthLimit": 12,
              "resolverCountLimit": 2000,
              "introspectionConfig": "DISABLED",
              "resolvers": [
                "Mutation.a",
                "Query.a",
                "Query.b"
              ]
            }
        "#]];
        check(
            ANSWER,
            Some(&["Query.b", "Mutation.a", "Query.a", "Query.b"]),
            &expected,
        );
    }

    #[test]
    fn what_the_answer_lacks_is_left_out() {
        check(
            &with(r#""queryDepthLimit": null"#),
            None,
            &expect![[r#"
            {
              "name": "shop",
              "authenticationType": "AWS_IAM"
            }
        "#]],
        );
        check(
            &with(r#""additionalAuthenticationProviders": [], "resolverCountLimit": 0"#),
            Some(&[]),
            &expect![[r#"
                {
                  "name": "shop",
                  "authenticationType": "AWS_IAM",
                  "additionalAuthenticationProviders": [],
                  "resolverCountLimit": 0,
                  "resolvers": []
                }
            "#]],
        );
    }

    #[test]
    fn the_kinds_of_resolvers_are_told_where_any_is_known() {
        let of = |field: &str, kind: &str| (field.to_owned(), ResolverKind::of(kind));
        let text = api_json(
            &with(r#""queryDepthLimit": null"#),
            Some(&[of("Query.b", "PIPELINE"), of("Query.a", "UNIT"), of("Query.c", "unit")]),
        );
        expect![[r#"
            {
              "name": "shop",
              "authenticationType": "AWS_IAM",
              "resolvers": {
                "Query.a": "UNIT",
                "Query.b": "PIPELINE",
                "Query.c": null
              }
            }
        "#]]
        .assert_eq(text.as_deref().unwrap_or_default());
    }

    #[test]
    fn a_name_is_any_text() {
        let answer = r#"{ "graphqlApi": { "name": "a \"b\"\n\u0007\u202e\u009b\udb40\udc41é", "authenticationType": "AWS_IAM" } }"#;
        check(
            answer,
            None,
            &expect![[r#"
            {
              "name": "a \"b\"\n\u0007\u202e\u009b\udb40\udc41é",
              "authenticationType": "AWS_IAM"
            }
        "#]],
        );
    }

    #[test]
    fn a_value_of_another_shape_is_refused() {
        const ARN: &str = "arn:aws:appsync:eu-west-1:111122223333:apis/abcdefghijklmnopqrstuvwxyz";
        let mut told = String::new();
        for more in [
            format!(r#""queryDepthLimit": "{ARN}""#),
            r#""queryDepthLimit": 1.5"#.to_owned(),
            r#""resolverCountLimit": -1"#.to_owned(),
            r#""resolverCountLimit": 4294967296"#.to_owned(),
            format!(r#""introspectionConfig": "{ARN}""#),
            r#""introspectionConfig": { "userPoolId": "eu-west-1_AbCdEfGhI" }"#.to_owned(),
            format!(r#""additionalAuthenticationProviders": "{ARN}""#),
            format!(r#""additionalAuthenticationProviders": ["{ARN}"]"#),
            format!(r#""additionalAuthenticationProviders": [{{ "authenticationType": "{ARN}" }}]"#),
            r#""additionalAuthenticationProviders": [{ "userPoolConfig": { "userPoolId": "eu-west-1_AbCdEfGhI" } }]"#
                .to_owned(),
        ] {
            let error = api_json(&with(&more), None).unwrap_err().to_string();
            assert!(!error.contains("1111") && !error.contains("AbCd"), "{error}");
            let _ = writeln!(told, "{error}");
        }
        expect![[r#"
            `queryDepthLimit` in the answer to `GetGraphqlApi` is not a limit, a whole number
            `queryDepthLimit` in the answer to `GetGraphqlApi` is not a limit, a whole number
            `resolverCountLimit` in the answer to `GetGraphqlApi` is not a limit, a whole number
            `resolverCountLimit` in the answer to `GetGraphqlApi` is not a limit, a whole number
            `introspectionConfig` in the answer to `GetGraphqlApi` is not `ENABLED` or `DISABLED`
            `introspectionConfig` in the answer to `GetGraphqlApi` is not `ENABLED` or `DISABLED`
            `additionalAuthenticationProviders` in the answer to `GetGraphqlApi` is not a list of objects
            `additionalAuthenticationProviders` in the answer to `GetGraphqlApi` holds one without `authenticationType`
            `authenticationType` in the answer to `GetGraphqlApi` is not one of `API_KEY`, `AWS_IAM`, `AMAZON_COGNITO_USER_POOLS`, `OPENID_CONNECT`, `AWS_LAMBDA`
            `additionalAuthenticationProviders` in the answer to `GetGraphqlApi` holds one without `authenticationType`
        "#]].assert_eq(&told);
    }

    #[test]
    fn says_why_an_answer_is_none() {
        check(
            "<html>",
            None,
            &expect![[r#"
            error: the answer to `GetGraphqlApi` is no JSON: expected value at line 1 column 1
        "#]],
        );
        check(
            r#"{ "message": "No such API." }"#,
            None,
            &expect![[r#"
            error: `graphqlApi` is missing: this is no answer to `GetGraphqlApi`
        "#]],
        );
        check(
            r#"{ "graphqlApi": ["shop", "AWS_IAM"] }"#,
            None,
            &expect![[r#"
            error: `graphqlApi` is missing: this is no answer to `GetGraphqlApi`
        "#]],
        );
        check(
            r#"{ "graphqlApi": { "authenticationType": "AWS_IAM" } }"#,
            None,
            &expect![[r#"
                error: `graphqlApi.name` is missing in the answer to `GetGraphqlApi`
            "#]],
        );
        check(
            r#"{ "graphqlApi": { "name": "shop" } }"#,
            None,
            &expect![[r#"
            error: `graphqlApi.authenticationType` is missing in the answer to `GetGraphqlApi`
        "#]],
        );
        check(
            r#"{ "graphqlApi": { "name": 7, "authenticationType": "AWS_IAM" } }"#,
            None,
            &expect![[r#"
                error: `name` in the answer to `GetGraphqlApi` is not a text
            "#]],
        );
        check(
            r#"{ "graphqlApi": { "name": "shop", "authenticationType": "NONE" } }"#,
            None,
            &expect![[r#"
                error: `authenticationType` in the answer to `GetGraphqlApi` is not one of `API_KEY`, `AWS_IAM`, `AMAZON_COGNITO_USER_POOLS`, `OPENID_CONNECT`, `AWS_LAMBDA`
            "#]],
        );
        for stranger in ["Query", "Query.", ".a", "Query.a.b", "Query.a\n", "arn:aws:appsync.a"] {
            let told = api_json(
                &with(r#""arn": """#),
                Some(&[("Query.a".to_owned(), None), (stranger.to_owned(), None)]),
            );
            let expected = expect!["resolver 2 is not told as `Type.field`, such as `Query.getCompany`"];
            expected.assert_eq(&told.unwrap_err().to_string());
        }
    }
}
