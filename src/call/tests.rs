use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use appsync_mcp_client::{ApiKey, Authorization, Endpoint, InsecureHttp, Limits, Secret};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::permit::Mutations;
use crate::specimen::{ADD_NOTE, CONTRACT, FIND_THINGS, MAKE_LIST};
use crate::tool::ToolSpec;

/// An API that gives every request the same answer, and counts them.
struct Api {
    ctx: Ctx,
    requests: Arc<AtomicUsize>,
    last: Arc<Mutex<String>>,
}

/// What the API answers.
#[derive(Clone)]
enum Answer {
    /// This status and body.
    Http(u16, String),
    /// It closes the connection.
    Nothing,
    /// It waits until the caller gives up.
    Hang,
}

impl Api {
    async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/graphql", listener.local_addr().unwrap());
        let endpoint = Endpoint::parse(&url, InsecureHttp::OnLoopback).unwrap();
        let key = Authorization::ApiKey(ApiKey::Value(Secret::parse("da2-specimen").unwrap()));
        let client = Client::new(
            endpoint,
            key,
            Limits {
                connect_timeout: Duration::from_secs(5),
                ..Limits::DEFAULT
            },
        );
        let (requests, last) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(String::new())));
        let api = Self {
            ctx: Ctx::new(client, &CONTRACT),
            requests: requests.clone(),
            last: last.clone(),
        };
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let text = read_request(&mut stream).await;
                requests.fetch_add(1, Ordering::SeqCst);
                *last.lock().unwrap() = text.split_once("\r\n\r\n").unwrap().1.to_owned();
                match &answer {
                    Answer::Http(status, body) => {
                        let head = format!(
                            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nx-amzn-requestid: r-1\r\nretry-after: 7\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                            body.len()
                        );
                        // Whoever has read enough hangs up.
                        let _ = stream.write_all((head + body).as_bytes()).await;
                    }
                    Answer::Nothing => {}
                    Answer::Hang => tokio::time::sleep(Duration::from_mins(1)).await,
                }
            }
        });
        api
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    async fn read(&self, arguments: Value) -> String {
        text(FIND_THINGS.call(&self.ctx, &Caller::Local, object(arguments)).await)
    }

    async fn write(&self, arguments: Value) -> String {
        let permit = Mutations::parse("true", &CONTRACT).unwrap().permit(&ADD_NOTE).unwrap();
        text(
            ADD_NOTE
                .call(&self.ctx, &Caller::Local, object(arguments), &permit)
                .await,
        )
    }
}

async fn read_request(stream: &mut tokio::net::TcpStream) -> String {
    let mut text = String::new();
    let mut buffer = [0; 4096];
    loop {
        let n = stream.read(&mut buffer).await.unwrap();
        text.push_str(std::str::from_utf8(&buffer[..n]).unwrap());
        if n == 0 || text.split_once("\r\n\r\n").is_some_and(|(_, body)| body.ends_with('}')) {
            return text;
        }
    }
}

fn object(value: Value) -> JsonObject {
    let Value::Object(object) = value else {
        panic!("{value} is no object")
    };
    object
}

fn text(outcome: Result<Shaped, CallError>) -> String {
    outcome.map_or_else(|error| format!("{}| {error}", error.kind()), |shaped| shaped.text)
}

fn ok(data: &Value) -> Answer {
    Answer::Http(200, json!({ "data": data }).to_string())
}

#[tokio::test]
async fn a_call_goes_out_once_and_its_answer_comes_back() {
    let api = Api::start(ok(&json!({"findThings": {"items": [{"id": "1"}], "nextToken": null}}))).await;
    assert_eq!(
        api.read(json!({"keywords": "a", "limit": 500})).await,
        r#"{"items":[{"id":"1"}],"nextToken":null,"__notes":["`limit` was 500; the most is 100, so 100 was used"]}"#
    );
    assert_eq!(api.requests(), 1);
    let sent: Value = serde_json::from_str(&api.last.lock().unwrap()).unwrap();
    assert_eq!(sent["variables"], json!({"keywords": "a", "limit": 100}));

    let dry_run = FIND_THINGS
        .dry_run(&api.ctx, object(json!({"keywords": "a", "limit": 500})))
        .unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&dry_run.body).unwrap(), sent);
    assert_eq!(api.requests(), 1);
}

#[tokio::test]
async fn nothing_is_sent_for_arguments_that_are_wrong() {
    let api = Api::start(ok(&json!({}))).await;
    assert_eq!(
        api.read(json!({"limit": "ten"})).await,
        "invalid_input| invalid arguments:\n- /keywords: missing; a string is required\n- /limit: expected an integer, got \"ten\""
    );
    assert_eq!(api.requests(), 0);
}

#[tokio::test]
async fn nothing_is_sent_on_another_tool_s_permit() {
    let api = Api::start(ok(&json!({"makeList": {"id": 1}}))).await;
    let mutations = Mutations::parse("true", &CONTRACT).unwrap();
    let other = mutations.permit(&ADD_NOTE).unwrap();
    let refused = MAKE_LIST
        .call(&api.ctx, &Caller::Local, JsonObject::new(), &other)
        .await;
    assert_eq!(
        text(refused),
        "denied| the permit is for `add_note`, not for `make_list`"
    );
    assert_eq!(api.requests(), 0);

    let own = mutations.permit(&MAKE_LIST).unwrap();
    assert_eq!(
        text(MAKE_LIST.call(&api.ctx, &Caller::Local, JsonObject::new(), &own).await),
        r#"{"id":1}"#
    );
    assert_eq!(api.requests(), 1);
}

#[tokio::test]
async fn a_call_beyond_the_rate_is_not_sent_and_one_with_wrong_arguments_does_not_count() {
    let api = Api::start(ok(&json!({"makeList": {"id": 1}}))).await;
    let permit = Mutations::parse("make_list", &CONTRACT)
        .unwrap()
        .permit(&MAKE_LIST)
        .unwrap();
    let call = async |arguments: Value| {
        text(
            MAKE_LIST
                .call(&api.ctx, &Caller::Local, object(arguments), &permit)
                .await,
        )
    };
    assert_eq!(
        call(json!({"x": 1})).await,
        "invalid_input| invalid argument: /x: unknown argument"
    );
    assert!(MAKE_LIST.dry_run(&api.ctx, JsonObject::new()).is_ok());
    assert_eq!(call(json!({})).await, r#"{"id":1}"#);
    assert_eq!(
        call(json!({})).await,
        "rate_limited| rate limited: this tool takes 1 call a minute; wait 60 s and call it again"
    );
    assert_eq!(api.requests(), 1);
    let somebody_else = Caller::Subject("b".into());
    assert!(
        MAKE_LIST
            .call(&api.ctx, &somebody_else, JsonObject::new(), &permit)
            .await
            .is_ok()
    );
}

fn unknown(why: &str) -> String {
    format!(
        "outcome_unknown| outcome unknown: this write may have been carried out, {why}; do not repeat it: read back what it would have changed first"
    )
}

fn unknown_with_id(why: &str) -> String {
    format!("{} (request id r-1)", unknown(why))
}

/// What a read and a write make of the same failure.
#[tokio::test]
async fn failures_are_told_apart_and_a_write_never_says_that_nothing_happened_when_it_may_have() {
    let lost = "outcome_unknown| outcome unknown: this write may have been carried out, but its answer was lost; do not repeat it: read back what it would have changed first";
    let unauthorized = "unauthorized| unauthorized: the API refused the credential or does not allow it this; repeating the call does not help: tell the user (request id r-1)";
    let throttled = "throttled| throttled: the API gets too many requests; wait 7 s and call it again (request id r-1)";
    let refused = "upstream| upstream error: the API refused this request; the same arguments will be refused again: change them, or tell the user (request id r-1)";
    let failed = "upstream| upstream error: the API failed on its side; try again later, and tell the user if it fails again (request id r-1)";
    let gave_up = "timed_out| timed out: the API gave up before it was done, and nothing was changed; ask for less, or try again later (request id r-1)";
    let in_part = unknown_with_id("at least in part, before the API failed");
    let too_late = unknown_with_id("but its answer did not come in time");
    let unreadable = unknown_with_id("but its answer can't be read");
    let too_large = unknown_with_id("but its answer is too large to be taken");
    for (answer, read, write) in [
        (
            Answer::Nothing,
            "unreachable| unreachable: the API can't be reached just now, and nothing was changed; try again later",
            lost,
        ),
        (
            Answer::Http(
                401,
                r#"{"errors":[{"errorType":"UnauthorizedException","message":"host"}]}"#.to_owned(),
            ),
            unauthorized,
            unauthorized,
        ),
        (Answer::Http(403, "<html>".to_owned()), unauthorized, unauthorized),
        (Answer::Http(429, String::new()), throttled, throttled),
        (
            Answer::Http(
                400,
                r#"{"errors":[{"errorType":"BadRequestException","message":"host"}]}"#.to_owned(),
            ),
            refused,
            refused,
        ),
        (
            Answer::Http(400, r#"{"errors":[{"errorType":"ExecutionTimeout"}]}"#.to_owned()),
            gave_up,
            &too_late,
        ),
        (
            Answer::Http(500, r#"{"message":"arn:aws:secret"}"#.to_owned()),
            failed,
            &in_part,
        ),
        (
            Answer::Http(200, "<html>".to_owned()),
            "unexpected_response| unexpected response: the answer is not JSON (line 1, column 1); it was cut off, or something in between answers in the API's place; try again later, and tell the user if it stays so (request id r-1)",
            &unreadable,
        ),
        (
            Answer::Http(200, "{}".to_owned()),
            "unexpected_response| unexpected response: the answer holds neither data nor errors; something in between may answer in the API's place; try again later, and tell the user if it stays so (request id r-1)",
            &unreadable,
        ),
        (
            Answer::Http(200, format!(r#"{{"data":{{"x":"{}"}}}}"#, "x".repeat(9 << 20))),
            "too_large| too large: the answer is larger than 8388608 bytes; ask for less, such as fewer items (request id r-1)",
            &too_large,
        ),
    ] {
        let api = Api::start(answer).await;
        assert_eq!(api.read(json!({"keywords": "a"})).await, read);
        assert_eq!(api.requests(), 1);
        assert_eq!(api.write(json!({"text": "a"})).await, write);
        assert_eq!(api.requests(), 2);
    }
}

/// What a read and a write make of the same status.
#[tokio::test]
async fn statuses_are_told_apart_where_the_next_step_differs() {
    let unavailable = "upstream| upstream error: the API is not available just now; try again later (request id r-1)";
    let not_the_api = "upstream| upstream error: what answers is not the API; tell the user that whoever runs this server has to check its endpoint (request id r-1)";
    let redirected = "upstream| upstream error: the API's address only answers with a redirect, which is not followed; tell the user that whoever runs this server has to check its endpoint";
    let gave_up = "timed_out| timed out: the API gave up before it was done, and nothing was changed; ask for less, or try again later (request id r-1)";
    let in_part = unknown_with_id("at least in part, before the API failed");
    let too_late = unknown_with_id("but its answer did not come in time");
    let sent_elsewhere = unknown("but the API answered with a redirect, which is not followed");
    for (status, read, write) in [
        (204, not_the_api, in_part.as_str()),
        (303, redirected, &sent_elsewhere),
        (307, redirected, &sent_elsewhere),
        (404, not_the_api, not_the_api),
        (408, gave_up, &too_late),
        (502, unavailable, &in_part),
        (503, unavailable, &in_part),
        (504, gave_up, &too_late),
    ] {
        let api = Api::start(Answer::Http(status, String::new())).await;
        assert_eq!(api.read(json!({"keywords": "a"})).await, read, "{status}");
        assert_eq!(api.write(json!({"text": "a"})).await, write, "{status}");
    }
}

#[tokio::test]
async fn a_hang_ends_with_the_tool_s_timeout() {
    static FAST: ToolSpec = ToolSpec {
        timeout_seconds: 1,
        ..crate::specimen::spec("t", "T", crate::tool::Kind::Read)
    };
    let tool = ReadTool {
        codec: Codec {
            spec: &FAST,
            ..FIND_THINGS.codec
        },
    };
    let api = Api::start(Answer::Hang).await;
    assert_eq!(
        text(tool.call(&api.ctx, &Caller::Local, JsonObject::new()).await),
        "timed_out| timed out: there was no answer in time, and nothing was changed; ask for less, or try again later"
    );
}

#[tokio::test]
async fn a_write_whose_answer_never_comes_may_have_been_carried_out() {
    static FAST: ToolSpec = ToolSpec {
        timeout_seconds: 1,
        ..crate::specimen::spec(
            "t",
            "T",
            crate::tool::Kind::Write {
                destructive: true,
                idempotent: false,
            },
        )
    };
    let tool = WriteTool {
        codec: Codec {
            spec: &FAST,
            ..ADD_NOTE.codec
        },
    };
    let api = Api::start(Answer::Hang).await;
    let permit = Mutations::parse("true", &CONTRACT).unwrap().permit(&tool).unwrap();
    assert_eq!(
        text(tool.call(&api.ctx, &Caller::Local, JsonObject::new(), &permit).await),
        "outcome_unknown| outcome unknown: this write may have been carried out, but its answer did not come in time; do not repeat it: read back what it would have changed first"
    );
}

#[tokio::test]
async fn an_api_that_is_not_there_is_unreachable_for_a_write_too() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let endpoint = Endpoint::parse(&format!("http://{address}/graphql"), InsecureHttp::OnLoopback).unwrap();
    let key = Authorization::ApiKey(ApiKey::Value(Secret::parse("da2-specimen").unwrap()));
    let ctx = Ctx::new(
        Client::new(
            endpoint,
            key,
            Limits {
                connect_timeout: Duration::from_secs(5),
                ..Limits::DEFAULT
            },
        ),
        &CONTRACT,
    );
    let permit = Mutations::parse("add_note", &CONTRACT)
        .unwrap()
        .permit(&ADD_NOTE)
        .unwrap();
    let outcome = ADD_NOTE
        .call(&ctx, &Caller::Local, object(json!({"text": "a"})), &permit)
        .await;
    let text = text(outcome);
    assert_eq!(
        text,
        "unreachable| unreachable: the API can't be reached just now, and nothing was changed; try again later"
    );
    assert!(!text.contains("127.0.0.1"));
}

#[tokio::test]
async fn a_server_that_never_takes_the_connection_is_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("https://{}/graphql", listener.local_addr().unwrap());
    let endpoint = Endpoint::parse(&endpoint, InsecureHttp::Refuse).unwrap();
    let key = Authorization::ApiKey(ApiKey::Value(Secret::parse("da2-specimen").unwrap()));
    let connect_timeout = Duration::from_millis(50);
    let ctx = Ctx::new(
        Client::new(
            endpoint,
            key,
            Limits {
                connect_timeout,
                ..Limits::DEFAULT
            },
        ),
        &CONTRACT,
    );
    let permit = Mutations::parse("true", &CONTRACT).unwrap().permit(&ADD_NOTE).unwrap();
    let outcome = ADD_NOTE
        .call(&ctx, &Caller::Local, object(json!({"text": "a"})), &permit)
        .await;
    assert_eq!(
        text(outcome),
        "timed_out| timed out: no connection to the API was made in time, and nothing was sent; try again later"
    );
}

/// What the log has of a failure, which the model is not told.
#[tokio::test]
async fn the_reason_of_a_failure_is_in_the_error_s_source() {
    let refusal = |error_type: &str| {
        json!({"errors": [{"errorType": error_type, "message": "line 1\nfor da2-specimen \u{1b}[31m\u{202e}"}]})
            .to_string()
    };
    let said = "line 1 for ************ [31m";
    let graphql = |error_type: &str| Answer::Http(200, refusal(error_type));
    for (answer, expected) in [
        (
            Answer::Http(401, refusal("UnauthorizedException")),
            format!("the API answered HTTP 401 (UnauthorizedException): {said}"),
        ),
        (
            Answer::Http(429, refusal("Slow")),
            format!("the API answered HTTP 429 (Slow): {said}"),
        ),
        (
            Answer::Http(504, refusal("Late")),
            format!("the API answered HTTP 504 (Late): {said}"),
        ),
        (Answer::Http(500, String::new()), "the API answered HTTP 500".to_owned()),
        (
            graphql("Lambda:Unhandled"),
            format!("the API answered Lambda:Unhandled: {said}"),
        ),
        (
            graphql("Unauthorized"),
            format!("the API answered Unauthorized: {said}"),
        ),
        (graphql("NoSuchThing"), format!("the API answered NoSuchThing: {said}")),
        (graphql("NameTaken"), format!("the API answered NameTaken: {said}")),
        (graphql("SlowDown"), format!("the API answered SlowDown: {said}")),
        (
            graphql("ExecutionTimeout"),
            format!("the API answered ExecutionTimeout: {said}"),
        ),
        (
            graphql("QueryDepthLimitReached"),
            format!("the API answered QueryDepthLimitReached: {said}"),
        ),
    ] {
        let api = Api::start(answer).await;
        let outcome = FIND_THINGS
            .call(&api.ctx, &Caller::Local, object(json!({"keywords": "a"})))
            .await;
        let error = outcome.unwrap_err();
        let source = std::error::Error::source(&error).map(ToString::to_string);
        assert_eq!(source, Some(expected));
        assert!(!error.to_string().contains("line 1"), "{error}");
    }
    let long = json!({"message": "x".repeat(100_000)}).to_string();
    let api = Api::start(Answer::Http(500, long)).await;
    let outcome = FIND_THINGS
        .call(&api.ctx, &Caller::Local, object(json!({"keywords": "a"})))
        .await;
    let source = std::error::Error::source(&outcome.unwrap_err()).unwrap().to_string();
    assert!(source.len() < 500, "{source}");
}

#[test]
fn a_credential_that_can_t_be_read_just_now_is_not_one_to_renew() {
    use appsync_mcp_client::{AuthorizationError, ErrorTypes, SecretFileError, SendError};
    let told = |source| {
        let unreadable = SecretFileError::Unreadable {
            path: "token".into(),
            source,
        };
        let error = SendError::from(AuthorizationError::from(unreadable));
        CallError::from_send(error, crate::tool::Kind::Read, &ErrorTypes::default()).to_string()
    };
    assert_eq!(
        told(std::io::Error::from_raw_os_error(24)),
        "credential unreadable: the server could not read its credential just now, and nothing was sent; try again"
    );
    assert_eq!(
        told(std::io::ErrorKind::NotFound.into()),
        "unauthorized: there is no valid credential to send; sign in again or renew it, then repeat the call"
    );
}
