//! The failures of the real world, on a desk.

use std::str::FromStr as _;

use appsync_mcp_sandbox::{AuthorizationMode, Fault, FaultRule, Sandbox};
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
async fn where_a_connection_is_cut_decides_on_what_was_done() {
    let sandbox = small().await;
    for (number, (fault, is_carried_out, is_read)) in [
        (Fault::CutInRequest, false, false),
        (Fault::CutBeforeExecution, false, true),
        (Fault::CutConnection, true, true),
        (Fault::CutInAnswer, true, true),
    ]
    .into_iter()
    .enumerate()
    {
        let before = sandbox.carried_out("createCollection");
        sandbox.set_fault_times(fault, 1);
        let name = format!("Cut {number}");
        let body = json!({ "query": CREATE, "variables": { "name": name } }).to_string();
        let answer = raw(&sandbox, "POST", &[("authorization", sandbox.bearer())], &body).await;
        let received = sandbox.received().pop().unwrap();
        assert_eq!(
            (received.faults, received.carried_out),
            (vec![fault], is_carried_out),
            "{fault}"
        );
        assert_eq!(received.document.is_empty(), !is_read, "{fault}");
        assert_eq!(
            sandbox.carried_out("createCollection"),
            before + u64::from(is_carried_out),
            "{fault}"
        );
        let listed = data(&sandbox, "{ listCollections { items { name } } }", json!({})).await;
        let newest = &each(&listed["listCollections"]["items"], "name")[0];
        assert_eq!(*newest == name, is_carried_out, "{fault}");
        if fault == Fault::CutInAnswer {
            let answer = String::from_utf8(answer).unwrap();
            let (head, half) = answer.split_once("\r\n\r\n").unwrap();
            let length = head.split("content-length: ").nth(1).unwrap();
            let length: usize = length.split("\r\n").next().unwrap().parse().unwrap();
            assert_eq!(half.len(), length / 2);
            assert!(half.starts_with(r#"{"data":{"create"#), "{half}");
        } else {
            assert!(answer.is_empty(), "{fault}: {}", String::from_utf8_lossy(&answer));
        }
    }
    assert_eq!(sandbox.requests(), 8);
}

const CREATE: &str = "mutation Create($name: String!) { createCollection(input: { name: $name }) { id } }";

/// Half of a request is sent, and the connection closes all the same.
#[tokio::test]
async fn a_cut_in_the_request_does_not_wait_for_its_end() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let sandbox = small().await;
    sandbox.set_fault(Fault::CutInRequest);
    let host = sandbox
        .endpoint()
        .trim_start_matches("http://")
        .trim_end_matches("/graphql");
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!("POST /graphql HTTP/1.1\r\nhost: {host}\r\ncontent-length: 2000\r\n\r\n{{\"query\":");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer).await);
    assert_eq!(answer, b"");
    assert_eq!(sandbox.requests(), 1);
}

/// What a client can't know of its writes, its server does: each was carried out once or never.
#[tokio::test]
async fn cuts_anywhere_are_counted_right() {
    let sandbox = small().await;
    sandbox.set_fault("cut-anywhere@50%".parse::<FaultRule>().unwrap());
    for number in 0..60 {
        let body = json!({ "query": CREATE, "variables": { "name": format!("Anywhere {number}") } }).to_string();
        raw(&sandbox, "POST", &[("authorization", sandbox.bearer())], &body).await;
    }
    sandbox.clear_fault(Fault::CutAnywhere);
    let received = sandbox.received();
    let carried_out = received.iter().filter(|received| received.carried_out).count();
    let lost = [Fault::CutInRequest, Fault::CutBeforeExecution];
    let expected = received
        .iter()
        .filter(|received| !received.faults.iter().any(|fault| lost.contains(fault)));
    assert_eq!(carried_out, expected.count());
    assert!((30..60).contains(&carried_out), "{carried_out}");
    assert_eq!(sandbox.carried_out("createCollection"), carried_out as u64);
    let made = data(
        &sandbox,
        "{ listCollections(limit: 100) { items { name } } }",
        json!({}),
    )
    .await;
    let made = each(&made["listCollections"]["items"], "name");
    assert_eq!(
        made.iter().filter(|name| name.starts_with("Anywhere")).count(),
        carried_out
    );
}

#[tokio::test]
async fn what_came_is_listed_with_who_sent_it_and_what_became_of_it() {
    let sandbox = small().await;
    let key = [("x-api-key", sandbox.api_key())];
    post(
        &sandbox,
        &key,
        r#"{"query":"query Q { listCollections { nextToken } }"}"#,
    )
    .await;
    post(&sandbox, &[("x-api-key", "da2-wrong")], BODY).await;
    post(&sandbox, &key, r#"{"query":"{ badfield }"}"#).await;
    sandbox.set_fault("throttling@2".parse::<FaultRule>().unwrap());
    let body = json!({ "query": CREATE, "variables": { "name": "Listed" } }).to_string();
    for _ in 0..3 {
        post(&sandbox, &[("authorization", sandbox.bearer())], &body).await;
    }
    let received = sandbox.received();
    let seen: Vec<_> = received
        .iter()
        .map(|one| {
            let name = one.operation_name.as_deref().unwrap_or_default();
            (
                name,
                one.mode,
                one.subject.as_deref(),
                one.faults.len(),
                one.carried_out,
            )
        })
        .collect();
    let (key, token) = (Some(AuthorizationMode::ApiKey), Some(AuthorizationMode::OpenidConnect));
    let user = Some(Sandbox::SUBJECT);
    assert_eq!(
        seen,
        [
            // A field that the caller may not have is not carried out.
            ("Q", key, None, 0, false),
            ("", None, None, 0, false),
            ("", key, None, 0, false),
            ("Create", token, user, 0, true),
            ("Create", None, None, 1, false),
            // Its resolver ran, and found that the name is taken.
            ("Create", token, user, 0, true),
        ]
    );
    assert_eq!(received[3].variables, json!({ "name": "Listed" }));
    assert_eq!(received[4].faults, [Fault::Throttling]);
    assert_eq!(sandbox.carried_out("createCollection"), 2);
    assert_eq!(sandbox.carried_out("listCollections"), 0);
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
    assert_eq!(Fault::ALL.len(), 24);
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
