//! The failures of the real world, on a desk.

use std::str::FromStr as _;

use appsync_mcp_sandbox::{Fault, Sandbox};
use serde_json::{Value, json};

use crate::client::{data, each, only_error, post, raw, send, small};

const BODY: &str = r#"{"query":"{ getCompany(id: \"c-00042\") { id name employees } }"}"#;

async fn ask(sandbox: &Sandbox) -> crate::client::Answer {
    post(sandbox, &[("authorization", sandbox.bearer())], BODY).await
}

#[tokio::test]
async fn faults_can_be_switched_on_and_off() {
    let sandbox = small().await;
    assert_eq!(ask(&sandbox).await.status, 200);
    sandbox.set_fault(Fault::ServerError);
    assert_eq!(ask(&sandbox).await.status, 500);
    assert_eq!(ask(&sandbox).await.status, 500);
    sandbox.clear_fault(Fault::ServerError);
    assert_eq!(ask(&sandbox).await.status, 200);
    sandbox.set_fault_times(Fault::ServerError, 2);
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(ask(&sandbox).await.status);
    }
    assert_eq!(statuses, [500, 500, 200]);
    assert_eq!(sandbox.requests(), 7);
}

#[tokio::test]
async fn what_the_service_answers_when_it_does_not_answer() {
    let sandbox = small().await;
    for (fault, status, error_type) in [
        (Fault::Throttling, 429, "TooManyRequestsException"),
        (Fault::ServerError, 500, "InternalFailure"),
        (Fault::UnauthorizedExpired, 401, "UnauthorizedException"),
    ] {
        sandbox.set_fault_times(fault, 1);
        let answer = ask(&sandbox).await;
        assert_eq!(
            (answer.status, &answer.json()["errors"][0]["errorType"]),
            (status, &json!(error_type)),
            "{fault}"
        );
        assert!(answer.headers.contains("x-amzn-requestid: "));
        assert_eq!(answer.headers.contains("retry-after: 1"), fault == Fault::Throttling);
    }
    sandbox.set_fault_times(Fault::Unavailable, 1);
    assert_eq!(ask(&sandbox).await.status, 503);
    sandbox.set_fault_times(Fault::HtmlError, 1);
    let html = ask(&sandbox).await;
    assert_eq!(html.status, 403);
    assert!(html.headers.contains("content-type: text/html") && html.body.starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn a_slow_answer_is_the_same_answer() {
    let sandbox = small().await;
    let quick = ask(&sandbox).await.json();
    sandbox.set_delay_ms(20);
    sandbox.set_fault(Fault::Slow);
    assert_eq!(ask(&sandbox).await.json(), quick);
}

#[tokio::test]
async fn a_cut_connection_carries_the_write_out_and_answers_nothing() {
    let sandbox = small().await;
    sandbox.set_fault_times(Fault::CutConnection, 1);
    let body = r#"{"query":"mutation { createCollection(input: { name: \"Cut\" }) { id } }"}"#;
    let answer = raw(&sandbox, "POST", &[("authorization", sandbox.bearer())], body).await;
    assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
    let listed = data(&sandbox, "{ listCollections { items { name } } }", json!({})).await;
    assert_eq!(each(&listed["listCollections"]["items"], "name")[0], "Cut");
}

#[tokio::test]
async fn a_hanging_request_ends_with_the_sandbox() {
    let sandbox = small().await;
    sandbox.set_fault(Fault::Hang);
    let host = sandbox
        .endpoint()
        .trim_start_matches("http://")
        .trim_end_matches("/graphql")
        .to_owned();
    let asking = tokio::spawn(async move {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        let mut stream = tokio::net::TcpStream::connect(&host).await.unwrap();
        let request = format!("POST /graphql HTTP/1.1\r\nhost: {host}\r\ncontent-length: 2\r\n\r\n{{}}");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer).await);
        answer
    });
    while sandbox.requests() == 0 {
        tokio::task::yield_now().await;
    }
    assert!(!asking.is_finished());
    sandbox.stop().await;
    assert_eq!(asking.await.unwrap(), b"");
}

#[tokio::test]
async fn an_oversized_answer_is_of_many_megabytes() {
    let sandbox = small().await;
    sandbox.set_fault(Fault::Oversized);
    let answer = raw(&sandbox, "POST", &[("authorization", sandbox.bearer())], BODY).await;
    assert!(answer.len() > 32 * 1024 * 1024, "{}", answer.len());
}

#[tokio::test]
async fn a_malformed_answer_is_half_of_one() {
    let sandbox = small().await;
    let whole = ask(&sandbox).await.body;
    sandbox.set_fault(Fault::Malformed);
    let half = ask(&sandbox).await;
    assert_eq!(half.status, 200);
    assert!(whole.starts_with(&half.body) && half.body.len() < whole.len());
    assert!(serde_json::from_str::<Value>(&half.body).is_err());
}

#[tokio::test]
async fn partial_data_is_null_with_a_path_for_each_item() {
    let sandbox = small().await;
    sandbox.set_fault(Fault::PartialData);
    let body = send(
        &sandbox,
        r#"{ searchCompanies(filter: { keywords: "software" }, limit: 2) { items { id site: website } } }"#,
        json!({}),
    )
    .await;
    let items = body["data"]["searchCompanies"]["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert!(
        items
            .iter()
            .all(|item| item["id"].is_string() && item["site"].is_null())
    );
    let paths: Vec<_> = body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["path"].clone())
        .collect();
    assert_eq!(
        paths,
        [
            json!(["searchCompanies", "items", 0, "site"]),
            json!(["searchCompanies", "items", 1, "site"])
        ]
    );
    let body = send(
        &sandbox,
        r#"{ getCollection(id: "col-1") { name description } }"#,
        json!({}),
    )
    .await;
    assert_eq!(
        body["data"]["getCollection"],
        json!({ "name": "SaaS prospects", "description": null })
    );
    assert_eq!(only_error(&body)["errorType"], "Lambda:Unhandled");
}

#[tokio::test]
async fn a_drifted_schema_has_other_types_and_nulls() {
    let sandbox = small().await;
    let document = r#"{ getCollection(id: "col-1") { id name itemCount } }"#;
    sandbox.set_fault(Fault::SchemaDrift);
    let drifted = data(&sandbox, document, json!({})).await;
    assert_eq!(
        drifted["getCollection"],
        json!({ "id": "col-1", "name": null, "itemCount": "30" })
    );
}

#[test]
fn every_fault_has_one_name() {
    for (fault, name, description) in Fault::ALL {
        assert_eq!(Fault::from_str(name), Ok(*fault));
        assert_eq!((fault.to_string().as_str(), fault.description()), (*name, *description));
    }
    assert_eq!(Fault::ALL.len(), 13);
}

#[test]
fn an_unknown_fault_is_answered_with_the_nearest() {
    let error = Fault::from_str("throtling").unwrap_err().to_string();
    assert!(
        error.starts_with(
            "no fault is called `throtling`; did you mean `throttling`? There are: create-collection-null-pointer, "
        ),
        "{error}"
    );
}
