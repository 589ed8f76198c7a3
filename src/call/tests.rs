use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use appsync_mcp_client::{ApiKey, Authorization, Endpoint, InsecureHttp, Limits, Secret};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::permit::Mutations;
use crate::specimen::{ADD_NOTE, CONTRACT, FIND_THINGS, MAKE_LIST, spec};
use crate::tool::{Binding, BindingSource, Input, Kind, Output, Position, ToolSpec};
use crate::turn::{UNDER_WAY_MAX_OF_TOOL, WITH_API_MAX, WITH_API_MAX_OF_TOOL};

/// An API that gives requests the answers that it is told, the last one for ever, and remembers their bodies.
struct Api {
    ctx: Ctx,
    bodies: Arc<Mutex<Vec<String>>>,
}

/// What the API answers.
#[derive(Clone)]
enum Answer {
    /// This status and body. It asks to wait for longer than most tools have time.
    Http(u16, String),
    /// This status, and nothing of when to come back.
    Passing(u16),
    /// It closes the connection.
    Nothing,
    /// It waits until the caller gives up.
    Hang,
}

impl Api {
    async fn start(answer: Answer) -> Self {
        Self::script(vec![answer]).await
    }

    async fn script(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/graphql", listener.local_addr().unwrap());
        let endpoint = Endpoint::parse(&url, InsecureHttp::OnLoopback).unwrap();
        let key = Authorization::ApiKey(ApiKey::Value(Secret::parse("da2-specimenspecimen").unwrap()));
        let client = Client::new(
            endpoint,
            key,
            Limits {
                connect_timeout: Duration::from_mins(1),
                ..Limits::DEFAULT
            },
        );
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let api = Self {
            ctx: Ctx::new(client, &CONTRACT),
            bodies: bodies.clone(),
        };
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (bodies, answers) = (bodies.clone(), answers.clone());
                tokio::spawn(async move {
                    let text = read_request(&mut stream).await;
                    let n = {
                        let mut bodies = bodies.lock().unwrap();
                        bodies.push(text.split_once("\r\n\r\n").unwrap().1.to_owned());
                        bodies.len() - 1
                    };
                    match answers.get(n).or(answers.last()).unwrap() {
                        Answer::Http(status, body) => answer(&mut stream, *status, "retry-after: 7\r\n", body).await,
                        Answer::Passing(status) => answer(&mut stream, *status, "", "").await,
                        Answer::Nothing => {}
                        Answer::Hang => tokio::time::sleep(Duration::from_mins(1)).await,
                    }
                });
            }
        });
        api
    }

    fn requests(&self) -> usize {
        self.bodies.lock().unwrap().len()
    }

    fn bodies(&self) -> Vec<Value> {
        let bodies = self.bodies.lock().unwrap();
        bodies.iter().map(|body| serde_json::from_str(body).unwrap()).collect()
    }

    /// Waits until so many requests have come.
    async fn until(&self, requests: usize) {
        while self.requests() < requests {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Makes a call with a clock that stands still until the request has come, and then goes on to what is waited for.
    async fn until_given_up<T>(&self, call: impl Future<Output = T>) -> T {
        tokio::time::pause();
        let requested = async {
            // While there is something to do, tokio leaves a paused clock where it is.
            while self.requests() == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::join!(call, requested).0
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

async fn answer(stream: &mut tokio::net::TcpStream, status: u16, header: &str, body: &str) {
    let head = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nx-amzn-requestid: r-1\r\n{header}connection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    // Whoever has read enough hangs up.
    let _ = stream.write_all((head + body).as_bytes()).await;
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
    let sent = api.bodies().remove(0);
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
    let blocked = "upstream| upstream error: something before the API, such as a firewall, refused this request; change the arguments, or tell the user (request id r-1)";
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
        (
            Answer::Http(403, r#"{"message":"Forbidden"}"#.to_owned()),
            unauthorized,
            unauthorized,
        ),
        (Answer::Http(403, "<html>".to_owned()), blocked, blocked),
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
        // Where the API asks to wait, it is for longer than there is time.
        let reads = if matches!(answer, Answer::Nothing) { 5 } else { 1 };
        let api = Api::start(answer).await;
        assert_eq!(api.read(json!({"keywords": "a"})).await, read);
        assert_eq!(api.requests(), reads);
        assert_eq!(api.write(json!({"text": "a"})).await, write);
        assert_eq!(api.requests(), reads + 1);
    }
}

/// What a read and a write make of the same status.
#[tokio::test]
async fn statuses_are_told_apart_where_the_next_step_differs() {
    let unavailable = "upstream| upstream error: the API is not available just now; try again later (request id r-1)";
    let not_the_api = "upstream| upstream error: what answers is not the API; tell the user that whoever runs this server has to check its endpoint (request id r-1)";
    let redirected = "upstream| upstream error: the API's address only answers with a redirect, which is not followed; tell the user that whoever runs this server has to check its endpoint (request id r-1)";
    let gave_up = "timed_out| timed out: the API gave up before it was done, and nothing was changed; ask for less, or try again later (request id r-1)";
    let in_part = unknown_with_id("at least in part, before the API failed");
    let too_late = unknown_with_id("but its answer did not come in time");
    let other = unknown_with_id("but what answered is not the API");
    let sent_elsewhere = unknown_with_id("but the API answered with a redirect, which is not followed");
    for (status, read, write) in [
        (204, not_the_api, other.as_str()),
        (303, redirected, &sent_elsewhere),
        (307, redirected, &sent_elsewhere),
        (404, not_the_api, not_the_api),
        (407, not_the_api, not_the_api),
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
        ..spec("t", "T", Kind::Read)
    };
    let tool = ReadTool {
        codec: Codec {
            spec: &FAST,
            ..FIND_THINGS.codec
        },
    };
    let api = Api::start(Answer::Hang).await;
    let call = tool.call(&api.ctx, &Caller::Local, JsonObject::new());
    assert_eq!(
        text(api.until_given_up(call).await),
        "timed_out| timed out: there was no answer in time, and nothing was changed; ask for less, or try again later"
    );
}

#[tokio::test]
async fn a_write_whose_answer_never_comes_may_have_been_carried_out() {
    static FAST: ToolSpec = ToolSpec {
        timeout_seconds: 1,
        ..spec(
            "t",
            "T",
            Kind::Write {
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
    let call = tool.call(&api.ctx, &Caller::Local, JsonObject::new(), &permit);
    assert_eq!(
        text(api.until_given_up(call).await),
        "outcome_unknown| outcome unknown: this write may have been carried out, but its answer did not come in time; do not repeat it: read back what it would have changed first"
    );
}

#[tokio::test]
async fn an_api_that_is_not_there_is_unreachable_for_a_write_too() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let endpoint = Endpoint::parse(&format!("http://{address}/graphql"), InsecureHttp::OnLoopback).unwrap();
    let key = Authorization::ApiKey(ApiKey::Value(Secret::parse("da2-specimenspecimen").unwrap()));
    let ctx = Ctx::new(
        Client::new(
            endpoint,
            key,
            Limits {
                connect_timeout: Duration::from_mins(1),
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
    let key = Authorization::ApiKey(ApiKey::Value(Secret::parse("da2-specimenspecimen").unwrap()));
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
        json!({"errors": [{"errorType": error_type, "message": "line 1\nfor da2-specimenspecimen \u{1b}[31m\u{202e}"}]})
            .to_string()
    };
    let said = "line 1 for ******************** [31m";
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
        CallError::from_send(error, Kind::Read, &ErrorTypes::default()).to_string()
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

/// The same read with another name, which may have a rate, and another timeout.
const fn find(name: &'static str, timeout_seconds: u32) -> ToolSpec {
    ToolSpec {
        timeout_seconds,
        output: Output::Object { key: "findThings" },
        ..spec(name, "FindThings", Kind::Read)
    }
}

const fn read_tool(spec: &'static ToolSpec) -> ReadTool {
    ReadTool {
        codec: Codec {
            spec,
            ..FIND_THINGS.codec
        },
    }
}

static PATIENT: ToolSpec = find("patient", 60);
static HURRIED: ToolSpec = find("hurried", 1);

#[tokio::test]
async fn a_read_goes_out_again_until_it_is_answered_and_counts_once() {
    static RATED: ToolSpec = find("make_list", 5);
    let answers = [Answer::Nothing, Answer::Passing(503), Answer::Passing(429)];
    let found = ok(&json!({"findThings": {"id": 1}}));
    let api = Api::script(answers.into_iter().chain([found]).collect()).await;
    let call = async || {
        text(
            read_tool(&RATED)
                .call(&api.ctx, &Caller::Local, JsonObject::new())
                .await,
        )
    };
    assert_eq!(call().await, r#"{"id":1}"#);
    assert_eq!(api.requests(), 4);
    assert!(api.bodies().windows(2).all(|pair| pair[0] == pair[1]));
    assert!(call().await.starts_with("rate_limited| "));
    assert_eq!(api.requests(), 4);
}

#[tokio::test]
async fn an_api_that_throttles_in_its_answer_is_asked_again() {
    let told = |error_type: &str| {
        let error = json!({"errorType": error_type, "message": "no", "path": ["findThings"]});
        Answer::Http(200, json!({"data": null, "errors": [error]}).to_string())
    };
    let found = ok(&json!({"findThings": {"id": 1}}));
    for (error_type, expected, requests) in [
        ("SlowDown", r#"{"id":1}"#, 2),
        (
            "Lambda:Unhandled",
            "upstream| upstream error: the API could not carry this out; change the arguments, or tell the user (request id r-1)",
            1,
        ),
    ] {
        let api = Api::script(vec![told(error_type), found.clone()]).await;
        assert_eq!(api.read(json!({"keywords": "a"})).await, expected);
        assert_eq!(api.requests(), requests);
    }
}

#[tokio::test]
async fn a_write_goes_out_again_only_with_its_idempotency_key() {
    static KEYED: ToolSpec = ToolSpec {
        bindings: &[Binding {
            variable: "key",
            source: BindingSource::IdempotencyKey,
            value: Position {
                input: Input::Boolean,
                nullable: false,
            },
            required: true,
        }],
        arguments: &[],
        ..ADD_NOTE_ONCE
    };
    const ADD_NOTE_ONCE: ToolSpec = ToolSpec {
        output: Output::Object { key: "addNote" },
        ..spec(
            "add_note",
            "AddNote",
            Kind::Write {
                destructive: false,
                idempotent: true,
            },
        )
    };
    static KEYLESS: ToolSpec = ADD_NOTE_ONCE;
    let done = ok(&json!({"addNote": {"id": 1}}));
    let lost = unknown("but its answer was lost");
    for (spec, answers, expected, requests) in [
        (
            &KEYED,
            vec![Answer::Nothing, Answer::Passing(503), done.clone()],
            r#"{"id":1}"#,
            3,
        ),
        // A refusal, and it asks to wait for longer than there is time: what was lost may have been done all the same.
        (
            &KEYED,
            vec![Answer::Nothing, Answer::Http(429, String::new())],
            &lost,
            2,
        ),
        (&KEYLESS, vec![Answer::Nothing, done.clone()], &lost, 1),
    ] {
        let tool = WriteTool {
            codec: Codec { spec, ..ADD_NOTE.codec },
        };
        let permit = Mutations::parse("true", &CONTRACT).unwrap().permit(&tool).unwrap();
        let api = Api::script(answers).await;
        let call = async || text(tool.call(&api.ctx, &Caller::Local, JsonObject::new(), &permit).await);
        assert_eq!(call().await, expected);
        assert_eq!(api.requests(), requests);
        let keys: Vec<_> = api
            .bodies()
            .iter()
            .map(|body| body["variables"]["key"].clone())
            .collect();
        assert!(
            keys.iter()
                .all(|key| *key == keys[0] && key.is_string() != spec.bindings.is_empty())
        );
        call().await;
        let next = api.bodies().pop().unwrap()["variables"]["key"].clone();
        assert_eq!(next == keys[0], spec.bindings.is_empty(), "another call, another key");
    }
}

#[tokio::test]
async fn a_call_waits_for_its_turn_and_one_too_many_does_not() {
    static OTHER: ToolSpec = find("other", 60);
    let api = Arc::new(Api::start(Answer::Hang).await);
    let call = |spec: &'static ToolSpec| {
        let api = api.clone();
        tokio::spawn(async move { text(read_tool(spec).call(&api.ctx, &Caller::Local, JsonObject::new()).await) })
    };
    let twelve: Vec<_> = (0..WITH_API_MAX_OF_TOOL).map(|_| call(&PATIENT)).collect();
    api.until(12).await;
    // One that its own tool keeps waiting, and some of another one.
    let thirteenth = call(&PATIENT);
    let others: Vec<_> = (0..4).map(|_| call(&OTHER)).collect();
    api.until(16).await;
    let busy = "busy| busy: too many other calls are under way, and nothing was sent; wait until some have ended, then call it again";
    assert_eq!(call(&HURRIED).await.unwrap(), busy);
    assert_eq!(api.requests(), 16);

    // One that is given up makes room for the one that waits.
    twelve[0].abort();
    api.until(17).await;
    assert!(!thirteenth.is_finished());

    // Beyond those that may wait, a call is told at once, however long its tool has; another tool's is not.
    let patient: Vec<_> = (12..UNDER_WAY_MAX_OF_TOOL).map(|_| call(&PATIENT)).collect();
    tokio::task::yield_now().await;
    let start = Instant::now();
    assert_eq!(call(&PATIENT).await.unwrap(), busy);
    assert!(start.elapsed() < Duration::from_secs(u64::from(PATIENT.timeout_seconds) / 2));
    let other = call(&OTHER);
    tokio::task::yield_now().await;
    assert!(!other.is_finished() && patient.iter().all(|call| !call.is_finished()));
    let sixteen = twelve
        .into_iter()
        .chain(others)
        .chain(patient)
        .chain([thirteenth, other]);
    for call in sixteen {
        call.abort();
    }
}

#[tokio::test]
async fn a_call_that_waits_to_be_repeated_takes_no_other_s_place() {
    let api = Arc::new(Api::start(Answer::Http(429, String::new())).await);
    // More than one tool can have with the API at a time.
    let waiting: Vec<_> = (0..WITH_API_MAX)
        .map(|_| {
            let api = api.clone();
            tokio::spawn(async move {
                text(
                    read_tool(&PATIENT)
                        .call(&api.ctx, &Caller::Local, JsonObject::new())
                        .await,
                )
            })
        })
        .collect();
    api.until(16).await;
    let outcome = text(
        read_tool(&HURRIED)
            .call(&api.ctx, &Caller::Local, JsonObject::new())
            .await,
    );
    assert!(
        outcome.starts_with("throttled| throttled: the API gets too many requests; wait 7 s"),
        "{outcome}"
    );
    assert_eq!(api.requests(), 17);
    for call in waiting {
        assert!(!call.is_finished());
        call.abort();
    }
}
