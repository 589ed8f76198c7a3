//! Which bytes are an envelope, and what is said of those that are none.

use appsync_mcp_client::{DecodeError, Envelope, GraphQlError, PathSegment};
use serde::Deserialize;
use serde_json::json;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    search_companies: Option<Page>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Page {
    items: Vec<Company>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Company {
    id: String,
    employees: Option<i32>,
    size: Option<Size>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Size {
    Small,
    Large,
}

fn decode(body: &str) -> Result<Envelope<Data>, DecodeError> {
    Envelope::decode(body.as_bytes())
}

#[test]
fn takes_data_errors_or_both() {
    let page = Data { search_companies: None };
    let envelope = decode(r#"{"data":{"searchCompanies":null},"errors":null,"extensions":{"x":1}}"#).unwrap();
    assert_eq!(
        envelope,
        Envelope {
            data: Some(page),
            errors: vec![]
        }
    );

    let envelope = decode(r#"{"errors":[{"message":"m"}]}"#).unwrap();
    assert_eq!((envelope.data, envelope.errors.len()), (None, 1));

    let envelope = decode(r#"{"data":{"searchCompanies":{"items":[]}},"errors":[{"message":"m"}]}"#).unwrap();
    assert_eq!(envelope.data.unwrap().search_companies.unwrap().items, []);
    assert_eq!(envelope.errors.len(), 1);
}

#[test]
fn takes_all_that_appsync_puts_into_an_error() {
    let envelope = decode(
        r#"{"data":null,"errors":[
            {"message":"Company is locked","errorType":"CompanyLocked","data":{"id":"c1"},"errorInfo":{"retryAfter":5},
             "path":["fails",0,"x"],"locations":[{"line":1,"column":3,"sourceName":null}]},
            {"message":null,"errorType":null,"data":null,"errorInfo":null,"path":null,"locations":null}]}"#,
    )
    .unwrap();
    let full = GraphQlError {
        message: "Company is locked".to_owned(),
        error_type: Some("CompanyLocked".to_owned()),
        error_info: Some(json!({"retryAfter": 5})),
        path: Some(vec![
            PathSegment::Field("fails".to_owned()),
            PathSegment::Index(0),
            PathSegment::Field("x".to_owned()),
        ]),
        data: Some(json!({"id": "c1"})),
    };
    let bare = GraphQlError {
        message: String::new(),
        error_type: None,
        error_info: None,
        path: None,
        data: None,
    };
    assert_eq!(envelope.errors, [full, bare]);
}

/// Decodes an answer that does not fit, and compares the whole message.
fn check(body: &str, expected: &str) {
    let error = decode(body).unwrap_err();
    assert_eq!(error.to_string(), expected, "{body}");
    assert!(!format!("{error:?}").contains("topsecret"), "{error:?}");
}

#[test]
fn names_the_first_mismatch_and_shows_no_value() {
    let items = |items: &str| format!(r#"{{"data":{{"searchCompanies":{{"items":[{{"id":"a"}},{items}]}}}}}}"#);
    check(
        &items(r#"{"id":"b","employees":"topsecret"}"#),
        "unexpected answer at `data.searchCompanies.items[1].employees`: expected an integer, got a string",
    );
    check(
        &items(r#"{"id":"b","employees":"topsecret, expected topsecret at line topsecret"}"#),
        "unexpected answer at `data.searchCompanies.items[1].employees`: expected an integer, got a string",
    );
    check(
        &items(r#"{"id":"b","employees":123456789012}"#),
        "unexpected answer at `data.searchCompanies.items[1].employees`: expected an integer, got one out of its range",
    );
    for whole in ["77.0", "77e0", "-77.0", "7.7e1"] {
        check(
            &items(&format!(r#"{{"id":"b","employees":{whole}}}"#)),
            "unexpected answer at `data.searchCompanies.items[1].employees`: expected an integer, got a whole number that is written with a fraction, as in `1.0`",
        );
    }
    check(
        &items(r#"{"id":"b","employees":1.5}"#),
        "unexpected answer at `data.searchCompanies.items[1].employees`: expected an integer, got a number with a fraction",
    );
    check(
        &items(r#"{"id":null}"#),
        "unexpected answer at `data.searchCompanies.items[1].id`: expected a string, got null",
    );
    check(
        &items(r#"{"employees":1}"#),
        "unexpected answer at `data.searchCompanies.items[1]`: `id` is missing",
    );
    check(
        &items(r#"{"id":"b","id":"topsecret"}"#),
        "unexpected answer at `data.searchCompanies.items[1]`: `id` is there twice",
    );
    check(
        &items(r#"{"id":"b","size":"topsecret"}"#),
        "unexpected answer at `data.searchCompanies.items[1].size`: expected `SMALL` or `LARGE`, got another string",
    );
    check(
        &items("null"),
        "unexpected answer at `data.searchCompanies.items[1]`: expected an object, got null",
    );
    check(
        r#"{"data":[]}"#,
        "unexpected answer at `data`: expected an object, got a list",
    );
    // A list of the fields' values is no object.
    check(
        r#"{"data":[null]}"#,
        "unexpected answer at `data`: expected an object, got a list",
    );
    check(
        r#"[{"searchCompanies":null},[]]"#,
        "unexpected answer at `.`: expected an object, got a list",
    );
    check(
        r#"{"errors":[["topsecret","topsecret",null,null,null]]}"#,
        "unexpected answer at `errors[0]`: expected an object, got a list",
    );
    check(
        r#"{"errors":{"errorType":"topsecret"}}"#,
        "unexpected answer at `errors`: expected a list, got an object",
    );
    check(
        r#""topsecret""#,
        "unexpected answer at `.`: expected an object, got a string",
    );
}

#[test]
fn refuses_what_is_no_answer() {
    check("{}", "the answer holds neither data nor errors");
    check(r#"{"data":null}"#, "the answer holds neither data nor errors");
    check(
        r#"{"data":null,"errors":[]}"#,
        "the answer holds neither data nor errors",
    );
    check(r#"{"message":"topsecret"}"#, "the answer holds neither data nor errors");
    check("", "the answer is not JSON (line 1, column 0)");
    check("<html>topsecret</html>", "the answer is not JSON (line 1, column 1)");
    check(
        r#"{"data":{"searchCompanies":null}"#,
        "the answer is not JSON (line 1, column 32)",
    );
    check(
        r#"{"data":{"searchCompanies":null}} x"#,
        "the answer is not JSON (line 1, column 35)",
    );
}

#[test]
fn a_key_that_is_no_graphql_name_is_not_shown() {
    type Map = std::collections::BTreeMap<String, i32>;
    let error = Envelope::<Map>::decode(br#"{"data":{"top secret":"x"}}"#).unwrap_err();
    assert_eq!(
        error.to_string(),
        "unexpected answer at `data.?`: expected an integer, got a string"
    );
}
