//! The shapes of AppSync's answers.

use serde_json::{Value, json};

use crate::client::{only_error, post, raw, send, small};

async fn refused(body: &str) -> (u16, Value) {
    let sandbox = small().await;
    let answer = post(&sandbox, &[("x-api-key", sandbox.api_key())], body).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn what_is_no_graphql_request_is_malformed() {
    for (body, message) in [
        ("", "Request body is empty."),
        ("meow", "Unable to parse GraphQL query."),
        ("{}", "Unable to parse GraphQL query."),
        ("[]", "Unable to parse GraphQL query."),
        (r#"[{"query":"{__typename}"}]"#, "Unable to parse GraphQL query."),
        (r#"{"query":"{ getCompany(id: "}"#, "Unable to parse GraphQL query."),
        (
            r#"{"query":"{__typename}","variables":[]}"#,
            "Unable to parse GraphQL query.",
        ),
    ] {
        let error = json!({ "errors": [{ "errorType": "MalformedHttpRequestException", "message": message }] });
        assert_eq!(refused(body).await, (400, error), "{body}");
    }
}

#[tokio::test]
async fn an_error_of_the_validation_has_no_path_and_no_error_type() {
    let sandbox = small().await;
    let error = json!({
        "path": null,
        "locations": [{ "line": 1, "column": 2, "sourceName": null }],
        "message": "Validation error of type FieldUndefined: Field 'badfield' in type 'Query' is undefined @ 'badfield'",
    });
    assert_eq!(
        send(&sandbox, "{badfield}", json!({})).await,
        json!({ "data": null, "errors": [error] })
    );
}

#[tokio::test]
async fn the_validation_speaks_appsyncs_language() {
    let sandbox = small().await;
    for (document, message) in [
        (
            "{ getCompany { id } }",
            "MissingFieldArgument: Missing field argument id @ 'getCompany'",
        ),
        (
            r#"{ getCompany(id: "c", x: 1) { id } }"#,
            "UnknownArgument: Unknown field argument x @ 'getCompany'",
        ),
        (
            r#"{ getCompany(id: "c") }"#,
            "SubSelectionRequired: Sub selection required for type Company of field getCompany @ 'getCompany'",
        ),
        (
            r#"{ getCompany(id: "c") { id { x } } }"#,
            "SubSelectionNotAllowed: Sub selection not allowed on leaf type ID of field id @ 'id'",
        ),
        (
            r#"{ searchCompanies(filter: { keywords: "x" }, limit: "y") { total } }"#,
            "WrongType: argument 'limit' is not a valid 'Int'",
        ),
        (
            "{ searchCompanies(filter: {}) { total } }",
            "WrongType: argument 'filter' is missing required fields '[keywords]'",
        ),
        (
            r#"{ searchCompanies(filter: { keywords: "x", y: 1 }) { total } }"#,
            "WrongType: argument 'filter' contains a field not in 'CompanyFilterInput': 'y'",
        ),
        (
            "query($a: Nope) { getCompany(id: $a) { id } }",
            "UnknownType: Unknown type Nope",
        ),
        (
            "{ getCompany(id: $a) { id } }",
            "UndefinedVariable: Undefined variable a",
        ),
        (
            r#"query($a: Int) { getCompany(id: "c") { id } }"#,
            "UnusedVariable: Unused variable a",
        ),
        (
            r#"{ getCompany(id: "c") { ...F } }"#,
            "UndefinedFragment: Undefined fragment F",
        ),
    ] {
        let body = send(&sandbox, document, json!({})).await;
        assert_eq!(body["data"], Value::Null);
        assert_eq!(
            body["errors"][0]["message"],
            format!("Validation error of type {message}"),
            "{document}"
        );
    }
}

#[tokio::test]
async fn a_variable_that_does_not_fit_is_refused_before_anything_runs() {
    let sandbox = small().await;
    let search = "query($f: CompanyFilterInput!, $l: Int) { searchCompanies(filter: $f, limit: $l) { total } }";
    for (variables, message) in [
        (
            json!({}),
            "Variable 'f' has coerced Null value for NonNull type 'CompanyFilterInput!'",
        ),
        (
            json!({ "f": {} }),
            "Variable 'f' has coerced Null value for NonNull type 'String!'",
        ),
        (
            json!({ "f": { "keywords": "x", "y": 1 } }),
            "The variables input contains a field that is not defined for input object type 'CompanyFilterInput' ",
        ),
        (
            json!({ "f": { "keywords": "x" }, "l": "1" }),
            "Variable 'l' has an invalid value : Expected type 'Int' but was '\"1\"'.",
        ),
        (
            json!({ "f": { "keywords": "x" }, "l": 3_000_000_000_u64 }),
            "Variable 'l' has an invalid value : Expected type 'Int' but was '3000000000'.",
        ),
        (
            json!({ "f": { "keywords": "x", "industries": ["NOPE"] } }),
            "Variable 'f' has an invalid value : Invalid input for Enum 'Industry'. No value found for name 'NOPE'",
        ),
    ] {
        let body = send(&sandbox, search, variables).await;
        assert_eq!(body["data"], Value::Null);
        let error = only_error(&body);
        assert_eq!((&error["message"], &error["path"]), (&json!(message), &Value::Null));
        assert_eq!(error.get("errorType"), None);
    }
}

#[tokio::test]
async fn an_operation_is_chosen_by_name() {
    let sandbox = small().await;
    let headers = [("x-api-key", sandbox.api_key())];
    let document = r#"query A { getCompany(id: \"c-00001\") { id } } query B { getCompany(id: \"c-00002\") { id } }"#;
    let named = post(
        &sandbox,
        &headers,
        &format!(r#"{{"query":"{document}","operationName":"B"}}"#),
    )
    .await
    .json();
    assert_eq!(named["data"]["getCompany"]["id"], "c-00002");
    let unnamed = post(&sandbox, &headers, &format!(r#"{{"query":"{document}"}}"#))
        .await
        .json();
    assert_eq!(unnamed["data"], Value::Null);
    assert_eq!(
        only_error(&unnamed)["message"],
        "Must provide operation name if query contains multiple operations."
    );
    let wrong = post(
        &sandbox,
        &headers,
        &format!(r#"{{"query":"{document}","operationName":"C"}}"#),
    )
    .await
    .json();
    assert_eq!(only_error(&wrong)["message"], "Unknown operation named 'C'.");
}

#[tokio::test]
async fn a_subscription_is_not_served_over_http() {
    let (status, body) = refused(r#"{"query":"subscription { onAddToCollection { added } }"}"#).await;
    assert_eq!(
        (status, &body["errors"][0]["errorType"]),
        (400, &json!("UnsupportedOperation"))
    );
}

#[tokio::test]
async fn only_post_is_counted_and_what_it_sent_is_remembered() {
    let sandbox = small().await;
    let answer = String::from_utf8(raw(&sandbox, "GET", &[], "").await).unwrap();
    assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");
    assert_eq!(sandbox.requests(), 0);
    send(
        &sandbox,
        "query One($id: ID!) { getCompany(id: $id) { id } }",
        json!({ "id": "c-00001" }),
    )
    .await;
    post(&sandbox, &[], "meow").await;
    assert_eq!(sandbox.requests(), 2);
    let received = sandbox.received();
    assert_eq!(received[0].operation_name.as_deref(), Some("One"));
    assert_eq!(received[0].variables, json!({ "id": "c-00001" }));
    assert!(received[0].document.starts_with("query One("));
    assert_eq!(
        (received[1].operation_name.as_deref(), received[1].document.as_str()),
        (None, "")
    );
}

#[tokio::test]
async fn a_stopped_sandbox_answers_nobody() {
    let sandbox = small().await;
    let host = sandbox
        .endpoint()
        .trim_start_matches("http://")
        .trim_end_matches("/graphql")
        .to_owned();
    sandbox.stop().await;
    assert!(tokio::net::TcpStream::connect(host).await.is_err());
}
