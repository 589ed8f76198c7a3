//! What becomes of a request under every way in which a server can behave.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::Command;
use std::time::Duration;

use appsync_mcp_client::{Client, Endpoint, InsecureHttp, Limits, Phase, Request, Response, SendError};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::fake::{Act, Event, Fake, answer, ok};
use crate::{KEY, LIMITS, MINUTES, api_key, client, endpoint, request};

/// Short enough to wait for in a test. Nothing is asserted about how long the wait was.
const SHORT: Duration = Duration::from_millis(100);

/// How long an answer may be silent in a test.
const SILENCE: Duration = Duration::from_secs(1);

/// Starts to send a request with a clock that stands still until the server has the request and has said all that it says
/// at once, and then goes on to whatever is waited for next, without a wait.
async fn send_in_time(client: Client, timeout: Duration, fake: &mut Fake) -> JoinHandle<Result<Response, SendError>> {
    tokio::time::pause();
    let sent = tokio::spawn(async move {
        let request = Request { timeout, ..request() };
        client.send(&request).await
    });
    // While there is something to do, tokio leaves a paused clock where it is.
    while fake.seen().is_none() {
        tokio::task::yield_now().await;
    }
    sent
}

async fn error_in_time(client: Client, timeout: Duration, fake: &mut Fake) -> SendError {
    let sent = send_in_time(client, timeout, fake).await.await;
    tokio::time::resume();
    sent.unwrap().unwrap_err()
}

async fn error_of(fake: &Fake) -> SendError {
    client(&fake.url()).send(&request()).await.unwrap_err()
}

#[tokio::test]
async fn returns_the_body_and_the_request_id() {
    let fake = Fake::answering(answer("200 OK", "x-amzn-RequestId: 1a2b-3c\r\n", r#"{"data":{}}"#)).await;
    let response = client(&fake.url()).send(&request()).await.unwrap();
    assert_eq!(response.body, r#"{"data":{}}"#);
    assert_eq!(response.request_id.as_deref(), Some("1a2b-3c"));
}

#[tokio::test]
async fn what_is_no_request_id_is_not_taken_for_one() {
    let longest = "a".repeat(64);
    for (value, expected) in [
        ("1a2b-3C", Some("1a2b-3C")),
        (longest.as_str(), Some(longest.as_str())),
        (&"a".repeat(65), None),
        ("", None),
        ("arn:aws:iam::123456789012:role", None),
        ("host.example.com", None),
        ("a b", None),
        (KEY, None),
        ("a=b", None),
    ] {
        let fake = Fake::answering(answer("200 OK", &format!("x-amzn-requestid: {value}\r\n"), "{}")).await;
        let response = client(&fake.url()).send(&request()).await.unwrap();
        assert_eq!(response.request_id.as_deref(), expected, "{value}");
    }
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn gzipped(packed: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        packed.len()
    );
    [head.as_bytes(), packed].concat()
}

#[tokio::test]
async fn unpacks_what_is_packed() {
    let mut fake = Fake::answering(gzipped(&gzip(br#"{"data":{"ok":true}}"#))).await;
    let response = client(&fake.url()).send(&request()).await.unwrap();
    assert_eq!(response.body, r#"{"data":{"ok":true}}"#);
    assert!(fake.request().await.contains("accept-encoding: gzip\r\n"));
}

#[tokio::test]
async fn what_is_packed_counts_by_what_it_unpacks_to() {
    for (unpacked_bytes, is_taken) in [(1_000, true), (1_001, false), (10_000_000, false)] {
        let packed = gzip(&vec![b' '; unpacked_bytes]);
        let fake = Fake::answering(gzipped(&packed)).await;
        let outcome = client(&fake.url()).send(&request()).await;
        match outcome {
            Ok(response) => assert!(is_taken && response.body.len() == unpacked_bytes),
            Err(error) => assert!(
                !is_taken && matches!(error, SendError::TooLarge { limit_bytes: 1_000, .. }),
                "{error:?}"
            ),
        }
    }
}

#[tokio::test]
async fn what_is_packed_and_cut_is_lost() {
    let packed = gzip(br#"{"data":{"ok":true}}"#);
    for end in [5, 15, packed.len() - 1] {
        let fake = Fake::answering(gzipped(&packed[..end])).await;
        let error = error_of(&fake).await;
        assert!(matches!(error, SendError::ConnectionLost { .. }), "{end}: {error:?}");
    }
}

#[tokio::test]
async fn one_connection_serves_many_calls() {
    let mut fake = Fake::start(vec![(0..3).map(|_| Act::Answer(ok("{}"))).collect()]).await;
    let client = client(&fake.url());
    for _ in 0..3 {
        client.send(&request()).await.unwrap();
        assert!(matches!(fake.event().await, Event::Request(0, _)));
    }
}

#[tokio::test]
async fn localhost_is_this_machine() {
    let mut fake = Fake::answering(ok("{}")).await;
    let url = format!("http://localhost:{}/graphql", fake.address.port());
    client(&url).send(&request()).await.unwrap();
    assert!(
        fake.request()
            .await
            .contains(&format!("host: localhost:{}\r\n", fake.address.port()))
    );
}

#[test]
fn encodes_document_variables_and_name_in_this_order() {
    let variables = BTreeMap::from([("id", json!("c1")), ("tags", json!(["a", null]))]);
    let body = Request::encode("query GetCompany($id: ID!) { x }", "GetCompany", &variables).unwrap();
    assert_eq!(
        body,
        r#"{"query":"query GetCompany($id: ID!) { x }","variables":{"id":"c1","tags":["a",null]},"operationName":"GetCompany"}"#
    );
    let keys_that_are_no_strings = BTreeMap::from([(vec![1], 1)]);
    let error = Request::encode("", "", &keys_that_are_no_strings).unwrap_err();
    assert_eq!(error.to_string(), "failed to write the variables as JSON");
}

#[tokio::test]
async fn a_dry_run_shows_what_is_sent_but_the_key() {
    let mut fake = Fake::answering(ok("{}")).await;
    let client = client(&fake.url());
    let shown = client.dry_run(&request()).to_string();
    assert!(fake.saw_nothing());
    assert_eq!(
        shown,
        format!(
            "POST {}\nx-api-key: [redacted]\ncontent-type: application/json\naccept: application/json\n\
             user-agent: appsync-mcp/{}\n\n{{\"query\":\"{{ ok }}\"}}",
            fake.url(),
            env!("CARGO_PKG_VERSION"),
        )
    );

    client.send(&request()).await.unwrap();
    let sent = fake.request().await;
    for line in shown.replace("[redacted]", KEY).lines().skip(1) {
        assert!(sent.contains(line), "{line}");
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let mut elsewhere = Fake::answering(ok("{}")).await;
    for status in [301, 302, 303, 307, 308] {
        let headers = format!("location: {}\r\nx-amzn-requestid: r1\r\n", elsewhere.url());
        let fake = Fake::answering(answer(&format!("{status} Elsewhere"), &headers, "")).await;
        let error = error_of(&fake).await;
        assert!(
            matches!(error, SendError::Redirected { status: got, .. } if got == status),
            "{error:?}"
        );
        assert!(error.may_have_taken_effect());
        assert_eq!(error.request_id(), Some("r1"));
        assert!(!format!("{error} {error:?}").contains("127.0.0.1"));
    }
    assert!(elsewhere.saw_nothing());
}

#[tokio::test]
async fn a_body_up_to_the_limit_is_taken() {
    let body = "x".repeat(1_000);
    let fake = Fake::answering(ok(&body)).await;
    assert_eq!(client(&fake.url()).send(&request()).await.unwrap().body, body);

    let chunked = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3e8\r\n{body}\r\n0\r\n\r\n");
    let fake = Fake::answering(chunked).await;
    assert_eq!(client(&fake.url()).send(&request()).await.unwrap().body, body);
}

#[tokio::test]
async fn a_body_over_the_limit_is_not_read_on() {
    let head = "HTTP/1.1 200 OK\r\nx-amzn-requestid: r1\r\n";
    let half = "x".repeat(501);
    for answer in [
        // The length alone decides: no byte of the body comes.
        format!("{head}content-length: 1001\r\n\r\n"),
        format!("{head}content-length: 9223372036854775807\r\n\r\n"),
        // The end never comes.
        format!("{head}transfer-encoding: chunked\r\n\r\n1f5\r\n{half}\r\n1f5\r\n{half}\r\n"),
        format!("{head}\r\n{half}{half}"),
    ] {
        let fake = Fake::start(vec![vec![Act::Answer(answer.into_bytes()), Act::Stall]]).await;
        let error = error_of(&fake).await;
        assert!(
            matches!(error, SendError::TooLarge { limit_bytes: 1_000, .. }),
            "{error:?}"
        );
        assert_eq!(error.request_id(), Some("r1"));
        assert!(error.may_have_taken_effect());
    }
}

#[tokio::test]
async fn nobody_listening_is_unreachable() {
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = client(&format!("http://{address}/graphql"))
        .send(&request())
        .await
        .unwrap_err();
    assert!(matches!(error, SendError::Unreachable(_)), "{error:?}");
    assert!(!error.may_have_taken_effect());
}

#[tokio::test]
async fn a_failed_tls_handshake_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client(&format!("https://{}/graphql", listener.local_addr().unwrap()));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.try_write(b"HTTP/1.1 400 This is not TLS\r\n\r\n").unwrap();
        }
    });
    let error = client.send(&request()).await.unwrap_err();
    assert!(matches!(error, SendError::Unreachable(_)), "{error:?}");
}

#[tokio::test]
async fn a_connection_cut_without_an_answer_is_lost() {
    let mut fake = Fake::start(vec![vec![Act::Answer(vec![])]]).await;
    let error = error_of(&fake).await;
    assert!(matches!(error, SendError::ConnectionLost { .. }), "{error:?}");
    assert!(error.may_have_taken_effect());
    fake.request().await;
}

#[tokio::test]
async fn a_connection_cut_within_the_answer_is_lost() {
    for (answer, request_id) in [
        ("HTTP/1.1 200 OK\r\nx-amzn-requestid: r1\r\ncontent-le", None),
        (
            "HTTP/1.1 200 OK\r\nx-amzn-requestid: r1\r\ncontent-length: 20\r\n\r\n{\"data\":",
            Some("r1"),
        ),
        (
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\n{\"data\":\r\n",
            None,
        ),
        (
            "HTTP/1.1 200 OK\r\nx-amzn-requestid: r2\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
            Some("r2"),
        ),
        ("not HTTP at all\r\n\r\n", None),
    ] {
        let fake = Fake::answering(answer).await;
        let error = error_of(&fake).await;
        assert!(matches!(error, SendError::ConnectionLost { .. }), "{answer}: {error:?}");
        assert_eq!(error.request_id(), request_id, "{answer}");
        assert!(error.may_have_taken_effect());
    }
}

#[tokio::test]
async fn nothing_is_sent_twice() {
    let mut fake = Fake::start(vec![vec![Act::Answer(vec![])], vec![Act::Answer(ok("{}"))]]).await;
    error_of(&fake).await;
    assert!(matches!(fake.event().await, Event::Request(0, _)));
    assert!(fake.saw_nothing());
}

#[tokio::test]
async fn a_silent_server_times_out_after_sending() {
    let mut fake = Fake::start(vec![vec![Act::Hang]]).await;
    let error = error_in_time(client(&fake.url()), SHORT, &mut fake).await;
    assert!(
        matches!(
            error,
            SendError::TimedOut {
                phase: Phase::AfterSending,
                request_id: None,
            }
        ),
        "{error:?}"
    );
    assert!(error.may_have_taken_effect());
    assert_eq!(fake.event().await, Event::Gone(0));
}

#[tokio::test]
async fn the_timeout_covers_the_body() {
    for status in ["200 OK", "500 Oops"] {
        let head = format!("HTTP/1.1 {status}\r\nx-amzn-requestid: r1\r\ncontent-length: 20\r\n\r\n{{");
        let mut fake = Fake::start(vec![vec![Act::Answer(head.into_bytes()), Act::Stall]]).await;
        let error = error_in_time(client(&fake.url()), SHORT, &mut fake).await;
        assert!(
            matches!(
                error,
                SendError::TimedOut {
                    phase: Phase::AfterSending,
                    ..
                }
            ),
            "{error:?}"
        );
        assert_eq!(error.request_id(), Some("r1"), "{status}");
    }
}

#[tokio::test]
async fn a_handshake_that_hangs_times_out_before_sending() {
    let fake = Fake::start(vec![vec![Act::Stall], vec![Act::Stall]]).await;
    let url = format!("https://{}/graphql", fake.address);
    let whole_call = client(&url);
    whole_call.prepare().await.unwrap();
    let error = whole_call
        .send(&Request {
            timeout: SHORT,
            ..request()
        })
        .await
        .unwrap_err();
    assert!(
        matches!(
            error,
            SendError::TimedOut {
                phase: Phase::Connecting,
                request_id: None,
            }
        ),
        "{error:?}"
    );
    assert!(!error.may_have_taken_effect());

    let connecting = Client::new(
        endpoint(&url),
        api_key(),
        Limits {
            connect_timeout: SHORT,
            ..Limits::DEFAULT
        },
    );
    let error = connecting.send(&request()).await.unwrap_err();
    assert!(
        matches!(
            error,
            SendError::TimedOut {
                phase: Phase::Connecting,
                request_id: None,
            }
        ),
        "{error:?}"
    );
}

/// Makes a client that has so much patience with silence, and much more with whole calls.
fn impatient(url: &str, read_timeout: Duration) -> Client {
    let limits = Limits { read_timeout, ..LIMITS };
    Client::new(endpoint(url), api_key(), limits)
}

#[tokio::test]
async fn an_answer_that_falls_silent_is_lost() {
    for said in [
        "",
        "HTTP/1.1 200 OK\r\ncontent-le",
        "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{\"data\":",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\n{\"data\":\r\n",
    ] {
        let mut fake = Fake::start(vec![vec![Act::Answer(said.into()), Act::Stall]]).await;
        let error = error_in_time(impatient(&fake.url(), SILENCE), MINUTES, &mut fake).await;
        assert!(matches!(error, SendError::ConnectionLost { .. }), "{said}: {error:?}");
        assert!(error.may_have_taken_effect());
        assert_eq!(fake.event().await, Event::Gone(0));
    }
}

#[tokio::test]
async fn a_refusal_that_falls_silent_is_one_all_the_same() {
    let start = b"HTTP/1.1 403 Forbidden\r\ncontent-length: 20\r\n\r\n{".to_vec();
    let mut fake = Fake::start(vec![vec![Act::Answer(start), Act::Stall]]).await;
    let error = error_in_time(impatient(&fake.url(), SILENCE), MINUTES, &mut fake).await;
    assert!(matches!(error, SendError::Status { status: 403, .. }), "{error:?}");
}

#[tokio::test]
async fn silence_before_anything_is_sent_is_told_from_a_lost_answer() {
    let fake = Fake::start(vec![vec![Act::Stall]]).await;
    // Nothing else ends this call.
    let long = Duration::from_hours(1);
    let limits = Limits {
        connect_timeout: long,
        read_timeout: SILENCE,
    };
    let client = Client::new(
        endpoint(&format!("https://{}/graphql", fake.address)),
        api_key(),
        limits,
    );
    client.prepare().await.unwrap();
    let request = Request {
        timeout: long,
        ..request()
    };
    let ended = tokio::time::timeout(MINUTES, client.send(&request)).await;
    let error = ended.unwrap().unwrap_err();
    assert!(
        matches!(
            error,
            SendError::TimedOut {
                phase: Phase::Connecting,
                ..
            }
        ),
        "{error:?}"
    );
    assert!(!error.may_have_taken_effect());
}

/// The whole answer takes longer than a silence may; no pause in it does.
#[tokio::test]
async fn an_answer_may_come_slowly_as_long_as_it_comes() {
    let (pause, read_timeout) = (Duration::from_secs(10), Duration::from_secs(200));
    let body = r#"{"data":{"slow":"very slow"}}"#;
    assert!(pause * u32::try_from(body.len()).unwrap() > read_timeout);
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
    let mut fake = Fake::start(vec![vec![Act::Drip(head.into(), body.into(), pause)]]).await;
    let client = impatient(&fake.url(), read_timeout);
    let sent = send_in_time(client, MINUTES, &mut fake).await;
    assert_eq!(sent.await.unwrap().unwrap().body, body);
}

#[tokio::test]
async fn dropping_the_call_drops_the_request() {
    let mut fake = Fake::start(vec![vec![Act::Hang]]).await;
    let client = client(&fake.url());
    let call = tokio::spawn(async move { client.send(&request()).await });
    assert!(matches!(fake.event().await, Event::Request(0, _)));
    call.abort();
    assert_eq!(fake.event().await, Event::Gone(0));
}

#[tokio::test]
async fn appsync_s_refusals_are_read() {
    let body = r#"{"errors":[{"errorType":"UnauthorizedException","message":"You are not authorized."}]}"#;
    let fake = Fake::answering(answer("401 Unauthorized", "x-amzn-requestid: r1\r\n", body)).await;
    let error = error_of(&fake).await;
    assert_eq!(error.to_string(), "the API answered HTTP 401 (UnauthorizedException)");
    assert!(!error.may_have_taken_effect());
    let SendError::Status {
        status: 401,
        error_type,
        message,
        was_begun: false,
        request_id,
        retry_after: None,
        date: None,
    } = error
    else {
        panic!("{error:?}")
    };
    assert_eq!(error_type.as_deref(), Some("UnauthorizedException"));
    assert_eq!(message.as_deref(), Some("You are not authorized."));
    assert_eq!(request_id.as_deref(), Some("r1"));
}

#[tokio::test]
async fn a_refusal_that_tells_of_a_resolver_is_none() {
    for (body, was_begun) in [
        (r#"{"data":{"createNote":{"id":"1"}},"errors":[{"message":"x"}]}"#, true),
        (r#"{"data":{"createNote":null}}"#, true),
        (
            r#"{"errors":[{"message":"x"},{"path":["createNote"],"message":"y"}]}"#,
            true,
        ),
        (
            r#"{"errors":[{"errorType":"DynamoDB:ConditionalCheckFailedException","message":"x"}]}"#,
            true,
        ),
        (
            r#"{"data":null,"errors":[{"path":null,"errorType":"BadRequestException","message":"x"}]}"#,
            false,
        ),
        (
            r#"{"errors":[{"path":[],"message":"Unable to parse GraphQL query."}]}"#,
            false,
        ),
        (
            r#"{"__type":"com.amazon.coral#BadRequestException:http://x","message":"y"}"#,
            false,
        ),
        ("no JSON", false),
    ] {
        for status in ["400 Bad Request", "403 Forbidden", "429 Too Many Requests"] {
            // Nothing else is in the list of answers: what may have been carried out is not sent again with another credential.
            let fake = Fake::answering(answer(status, "", body)).await;
            let error = error_of(&fake).await;
            assert_eq!(error.may_have_taken_effect(), was_begun, "{status} {body}");
        }
    }
}

#[tokio::test]
async fn refusals_of_others_are_read_as_far_as_they_go() {
    async fn check(answer: Vec<u8>, status: u16, error_type: Option<&str>, message: Option<&str>) {
        let fake = Fake::answering(answer).await;
        match error_of(&fake).await {
            SendError::Status {
                status: got_status,
                error_type: got_type,
                message: got_message,
                ..
            } => {
                assert_eq!(
                    (got_status, got_type.as_deref(), got_message.as_deref()),
                    (status, error_type, message)
                );
            }
            error => panic!("{error:?}"),
        }
    }
    let html = answer(
        "403 Forbidden",
        "content-type: text/html\r\n",
        "<html><h1>403 ERROR</h1></html>",
    );
    check(html, 403, None, None).await;
    let gateway = r#"{"__type":"com.amazon.coral#AccessDeniedException","Message":"No."}"#;
    check(
        answer("403 Forbidden", "", gateway),
        403,
        Some("AccessDeniedException"),
        Some("No."),
    )
    .await;
    let header = "x-amzn-ErrorType: ThrottlingException:http://internal.amazon.com/coral/\r\n";
    check(
        answer("400 Bad Request", header, ""),
        400,
        Some("ThrottlingException"),
        None,
    )
    .await;
    let no_identifier = r#"{"errors":[{"errorType":"<b>","message":null}]}"#;
    check(answer("500 Oops", "", no_identifier), 500, None, None).await;
    check(answer("204 No Content", "", ""), 204, None, None).await;
    // The status counts even if the body never comes to an end, or is too large.
    check(
        b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 20\r\n\r\n<".to_vec(),
        502,
        None,
        None,
    )
    .await;
    check(answer("502 Bad Gateway", "", &"x".repeat(70_000)), 502, None, None).await;
}

#[tokio::test]
async fn throttling_says_how_long_to_wait() {
    for (value, expected) in [
        ("7", Some(Duration::from_secs(7))),
        ("0", Some(Duration::ZERO)),
        ("3600", Some(Duration::from_hours(1))),
        ("3601", Some(Duration::from_hours(1))),
        ("99999999999999999999999", Some(Duration::from_hours(1))),
        ("-1", None),
        ("+1", None),
        ("", None),
        // By the API's clock, in the three forms of a date.
        (
            "Wed, 21 Oct 2015 07:28:07 GMT\r\ndate: Wed, 21 Oct 2015 07:28:00 GMT",
            Some(Duration::from_secs(7)),
        ),
        (
            "Wednesday, 21-Oct-15 07:28:07 GMT\r\ndate: Wed, 21 Oct 2015 07:28:00 GMT",
            Some(Duration::from_secs(7)),
        ),
        (
            "Wed Oct 21 07:28:07 2015\r\ndate: Wed, 21 Oct 2015 07:28:00 GMT",
            Some(Duration::from_secs(7)),
        ),
        (
            "Wed, 21 Oct 2015 07:28:00 GMT\r\ndate: Wed, 21 Oct 2015 07:28:00 GMT",
            Some(Duration::ZERO),
        ),
        (
            "Wed, 21 Oct 2015 07:27:59 GMT\r\ndate: Wed, 21 Oct 2015 07:28:00 GMT",
            Some(Duration::ZERO),
        ),
        (
            "Wed, 21 Oct 2015 08:28:01 GMT\r\ndate: Wed, 21 Oct 2015 07:28:00 GMT",
            Some(Duration::from_hours(1)),
        ),
        // By this machine's clock.
        ("Wed, 21 Oct 2015 07:28:00 GMT", Some(Duration::ZERO)),
        ("Fri, 31 Dec 2100 23:59:59 GMT", Some(Duration::from_hours(1))),
        ("Wed, 21 Oct 2015 07:28:00 PST", None),
        ("Wed, 32 Oct 2015 07:28:00 GMT", None),
        ("soon", None),
    ] {
        let headers = format!("retry-after: {value}\r\n");
        let fake = Fake::answering(answer("429 Too Many Requests", &headers, "")).await;
        let error = error_of(&fake).await;
        assert!(
            matches!(error, SendError::Status { status: 429, retry_after, .. } if retry_after == expected),
            "{value}: {error:?}"
        );
        assert!(!error.may_have_taken_effect());
    }
}

#[tokio::test]
async fn a_failure_behind_the_api_leaves_a_write_in_doubt() {
    for (status, expected) in [
        ("503 Unavailable", true),
        ("408 Timeout", true),
        // A proxy says so of its own client, which the API may still have worked for.
        ("499 Client Closed Request", true),
        ("400 Bad Request", false),
    ] {
        let fake = Fake::answering(answer(status, "", "")).await;
        assert_eq!(error_of(&fake).await.may_have_taken_effect(), expected, "{status}");
    }
}

/// A proxy is configured by the environment, which a test must not change under other tests: this one starts itself anew.
#[test]
fn a_proxy_is_never_used_on_loopback() {
    // Nobody listens on the discard port, so a request through this proxy fails.
    const DEAD_PROXY: &str = "http://127.0.0.1:9";
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "transport::returns_the_body_and_the_request_id"])
        .envs(["http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"].map(|name| (name, DEAD_PROXY)))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}

#[tokio::test]
async fn a_query_of_the_endpoint_is_sent_but_not_shown() {
    let mut fake = Fake::answering(ok("{}")).await;
    let endpoint = Endpoint::parse(&format!("{}?k=topsecret", fake.url()), InsecureHttp::OnLoopback).unwrap();
    let client = Client::new(endpoint, api_key(), LIMITS);
    assert!(!client.dry_run(&request()).to_string().contains("topsecret"));
    client
        .send(&Request {
            body: Bytes::from_static(b"{}"),
            ..request()
        })
        .await
        .unwrap();
    assert!(
        fake.request()
            .await
            .starts_with("POST /graphql?k=topsecret HTTP/1.1\r\n")
    );
}
