//! Who gets in, and to what.

use appsync_mcp_sandbox::{Claims, Issuer, Sandbox};
use serde_json::json;

use crate::client::{only_error, post, send_as, small};

const BODY: &str = r#"{"query":"{getCompany(id:\"c-00042\"){id}}"}"#;

fn claims(subject: &str) -> Claims {
    Claims {
        subject: subject.to_owned(),
        issuer: Issuer::OpenIdConnect,
        expires_in_seconds: 60,
    }
}

#[tokio::test]
async fn lets_in_who_has_the_key_or_a_raw_token() {
    let sandbox = small().await;
    for credential in [("x-api-key", sandbox.api_key()), ("authorization", sandbox.bearer())] {
        let answer = post(&sandbox, &[credential], BODY).await;
        assert_eq!(
            (answer.status, answer.json()),
            (200, json!({ "data": { "getCompany": { "id": "c-00042" } } }))
        );
    }
}

#[tokio::test]
async fn turns_others_away_with_appsyncs_words() {
    let sandbox = small().await;
    let other = small().await;
    let with_prefix = format!("Bearer {}", sandbox.bearer());
    let changed = format!("{}x", sandbox.bearer());
    let expired = sandbox.issue_token(Claims {
        expires_in_seconds: -1,
        ..claims("user-1")
    });
    let cases: &[(&[(&str, &str)], &str)] = &[
        (&[], "Valid authorization header not provided."),
        (
            &[("x-api-key", "da2-wrong")],
            "You are not authorized to make this call.",
        ),
        (
            &[("x-api-key", other.api_key())],
            "You are not authorized to make this call.",
        ),
        (&[("authorization", &with_prefix)], "Unable to parse JWT token."),
        (&[("authorization", "opaque")], "Unable to parse JWT token."),
        (
            &[("authorization", &changed)],
            "You are not authorized to make this call.",
        ),
        (
            &[("authorization", other.bearer())],
            "You are not authorized to make this call.",
        ),
        (&[("authorization", &expired)], "Token has expired."),
    ];
    for (headers, message) in cases {
        let answer = post(&sandbox, headers, BODY).await;
        let body = json!({ "errors": [{ "errorType": "UnauthorizedException", "message": message }] });
        assert_eq!((answer.status, answer.json()), (401, body));
        assert!(answer.headers.contains("x-amzn-requestid: "), "{}", answer.headers);
    }
    assert_eq!(sandbox.requests(), 8);
}

#[tokio::test]
async fn credentials_are_not_in_debug_output() {
    let sandbox = small().await;
    let shown = format!("{sandbox:?}");
    assert!(
        !shown.contains(sandbox.api_key()) && !shown.contains(sandbox.bearer()),
        "{shown}"
    );
    let key = sandbox.issue_access_key(60);
    assert_eq!(format!("{key:?}"), format!("AccessKey({})", key.id));
}

#[tokio::test]
async fn a_field_whose_mode_is_another_is_null_and_an_error() {
    let sandbox = small().await;
    let document = r#"{ getCompany(id: "c-00042") { id } listCollections { nextToken } }"#;
    let body = send_as(&sandbox, ("x-api-key", sandbox.api_key()), document, json!({})).await;
    assert_eq!(
        body["data"],
        json!({ "getCompany": { "id": "c-00042" }, "listCollections": null })
    );
    let error = json!({
        "path": ["listCollections"], "data": null, "errorType": "Unauthorized", "errorInfo": null,
        "locations": [{ "line": 1, "column": 36, "sourceName": null }],
        "message": "Not Authorized to access listCollections on type Query",
    });
    assert_eq!(only_error(&body), &error);
}

#[tokio::test]
async fn the_directive_of_a_type_counts_for_its_fields() {
    let sandbox = small().await;
    // `contacts` may be had with an API key, as its type Company says; nothing of a ContactConnection may.
    let body = send_as(
        &sandbox,
        ("x-api-key", sandbox.api_key()),
        r#"{ getCompany(id: "c-00042") { contacts { items { id } } } }"#,
        json!({}),
    )
    .await;
    let error = only_error(&body);
    assert_eq!(
        error["message"],
        "Not Authorized to access items on type ContactConnection"
    );
    // `items` allows no null, so the null goes up to `contacts`, which does.
    assert_eq!(body["data"], json!({ "getCompany": { "contacts": null } }));
}

#[tokio::test]
async fn a_cognito_group_opens_what_a_directive_names_it_for() {
    let sandbox = small().await;
    let document = r#"{ getCompany(id: "c-00042") { editorNotes id } }"#;
    let token = |groups: &[&str]| {
        let groups = groups.iter().map(ToString::to_string).collect();
        sandbox.issue_token(Claims {
            issuer: Issuer::CognitoUserPool { groups },
            ..claims("user-1")
        })
    };
    let editor = send_as(
        &sandbox,
        ("authorization", &token(&["Sales", "Editors"])),
        document,
        json!({}),
    )
    .await;
    assert_eq!(editor.get("errors"), None, "{editor}");
    for refused in [token(&["Sales"]), sandbox.bearer().to_owned()] {
        let body = send_as(&sandbox, ("authorization", &refused), document, json!({})).await;
        assert_eq!(only_error(&body)["path"], json!(["getCompany", "editorNotes"]));
        assert_eq!(body["data"]["getCompany"]["id"], "c-00042");
    }
}

#[tokio::test]
async fn nobody_sees_anothers_collections() {
    let sandbox = small().await;
    let stranger = sandbox.issue_token(claims("user-3"));
    let credential = ("authorization", stranger.as_str());
    let listed = send_as(
        &sandbox,
        credential,
        "{ listCollections { items { id } nextToken } }",
        json!({}),
    )
    .await;
    assert_eq!(
        listed["data"]["listCollections"],
        json!({ "items": [], "nextToken": null })
    );
    let items = send_as(
        &sandbox,
        credential,
        r#"{ listCollectionItems(collectionId: "col-1") { nextToken } }"#,
        json!({}),
    )
    .await;
    assert_eq!(only_error(&items)["errorType"], "CollectionNotFound");
    let one = send_as(
        &sandbox,
        credential,
        r#"{ getCollection(id: "col-1") { id } getRecord(id: "col-1") { id } }"#,
        json!({}),
    )
    .await;
    assert_eq!(one["data"], json!({ "getCollection": null, "getRecord": null }));
    let add = r#"mutation { addToCollection(input: { collectionId: "col-1", companyIds: ["c-00001"] }) { added } }"#;
    let added = send_as(&sandbox, credential, add, json!({})).await;
    assert_eq!(only_error(&added)["errorType"], "CollectionNotFound");
    assert_eq!(Sandbox::SUBJECT, "user-1");
}
