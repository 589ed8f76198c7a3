//! What AppSync's control plane is asked, and what becomes of its answers.

use std::process::Command;

use appsync_mcp_client::{AwsEnvironment, ControlPlane, ControlPlaneError, Iam, Resolver, SendError};

use crate::fake::{Act, Event, Fake, answer, ok};
use crate::{LIMITS, endpoint};

const KEY: &str = "AKIDEXAMPLEEXAMPLE00";

/// Runs a test in a process of its own, whose environment has AWS credentials; says whether this is that process.
fn has_credentials(test: &str) -> bool {
    if std::env::var("AWS_ACCESS_KEY_ID").is_ok_and(|id| id == KEY) {
        return true;
    }
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("control_plane::{test}")])
        .env("AWS_ACCESS_KEY_ID", KEY)
        .env("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
        .env_remove("AWS_SESSION_TOKEN")
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&child.stdout).into_owned();
    assert!(child.status.success() && printed.contains("1 passed"), "{printed}");
    false
}

fn control_plane(fake: &Fake) -> ControlPlane {
    let url = format!("http://{}/", fake.address);
    ControlPlane::new(endpoint(&url), Iam::new("eu-west-1", AwsEnvironment::default()), LIMITS)
}

/// Starts a server that answers these, one after the other.
async fn answering(answers: Vec<Vec<u8>>) -> Fake {
    Fake::start(vec![answers.into_iter().map(Act::Answer).collect()]).await
}

/// Returns the first lines of the requests that were seen so far.
fn lines(fake: &mut Fake) -> Vec<String> {
    let requests = std::iter::from_fn(|| fake.seen());
    requests
        .map(|request| request.lines().next().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn what_is_asked_is_signed_and_has_no_body() {
    if !has_credentials("what_is_asked_is_signed_and_has_no_body") {
        return;
    }
    let mut fake = answering(vec![ok("type Query { ok: Boolean }"), ok("{\"graphqlApi\":{}}")]).await;
    let control_plane = control_plane(&fake);
    assert_eq!(
        control_plane.schema("abc123").await.unwrap(),
        "type Query { ok: Boolean }"
    );
    assert_eq!(control_plane.api("abc123").await.unwrap(), "{\"graphqlApi\":{}}");

    let request = fake.request().await;
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let (first, headers) = head.split_once("\r\n").unwrap();
    assert_eq!(
        first,
        "GET /v1/apis/abc123/schema?format=SDL&includeDirectives=true HTTP/1.1"
    );
    assert_eq!(body, "");
    let mut names: Vec<&str> = headers.lines().map(|line| line.split_once(": ").unwrap().0).collect();
    names.sort_unstable();
    let expected = [
        "accept",
        "accept-encoding",
        "authorization",
        "host",
        "user-agent",
        "x-amz-date",
    ];
    assert_eq!(names, expected);
    let signature = format!("authorization: AWS4-HMAC-SHA256 Credential={KEY}/");
    let authorization = headers.lines().find(|line| line.starts_with(&signature)).unwrap();
    assert!(
        authorization.contains("/eu-west-1/appsync/aws4_request, SignedHeaders=host;x-amz-date, Signature="),
        "{authorization}"
    );
    assert_eq!(lines(&mut fake), ["GET /v1/apis/abc123 HTTP/1.1"]);
}

#[tokio::test]
async fn a_list_is_read_to_its_end() {
    if !has_credentials("a_list_is_read_to_its_end") {
        return;
    }
    let mut fake = answering(vec![
        ok(
            r#"{"resolvers":[{"typeName":"Query","fieldName":"a","resolverArn":"arn:aws:appsync:x","kind":"UNIT"},{"fieldName":"b","kind":"PIPELINE"}],"nextToken":"n/+ ="}"#,
        ),
        ok(r#"{"resolvers":[{"fieldName":"c"}],"nextToken":null}"#),
        ok(r#"{"resolvers":[]}"#),
        ok(r#"{"errors":[]}"#),
    ])
    .await;
    let control_plane = control_plane(&fake);
    let resolver = |field: &str, kind: Option<&str>| Resolver {
        field: field.to_owned(),
        kind: kind.map(str::to_owned),
    };
    assert_eq!(
        control_plane.resolvers("abc123", &["Query".to_owned()]).await.unwrap(),
        [
            resolver("Query.a", Some("UNIT")),
            resolver("Query.b", Some("PIPELINE")),
            resolver("Query.c", None)
        ]
    );
    assert_eq!(
        control_plane
            .resolvers("abc123", &["Company".to_owned()])
            .await
            .unwrap(),
        []
    );
    let error = control_plane
        .resolvers("abc123", &["Company".to_owned()])
        .await
        .unwrap_err();
    assert!(matches!(error, ControlPlaneError::NoResolvers(_)), "{error}");
    assert_eq!(
        lines(&mut fake),
        [
            "GET /v1/apis/abc123/types/Query/resolvers?maxResults=25 HTTP/1.1",
            "GET /v1/apis/abc123/types/Query/resolvers?maxResults=25&nextToken=n%2F%2B+%3D HTTP/1.1",
            "GET /v1/apis/abc123/types/Company/resolvers?maxResults=25 HTTP/1.1",
            "GET /v1/apis/abc123/types/Company/resolvers?maxResults=25 HTTP/1.1",
        ]
    );
}

#[tokio::test]
async fn what_passes_is_asked_again_and_nothing_else() {
    if !has_credentials("what_passes_is_asked_again_and_nothing_else") {
        return;
    }
    let throttled = |status| {
        answer(
            status,
            "x-amzn-errortype: TooManyRequestsException\r\n",
            "{\"message\":\"slow down\"}",
        )
    };
    let mut fake = answering(vec![
        throttled("429 Too Many Requests"),
        answer("500 Internal Server Error", "", ""),
        ok("x"),
    ])
    .await;
    assert_eq!(control_plane(&fake).schema("abc123").await.unwrap(), "x");
    assert_eq!(lines(&mut fake).len(), 3);

    // Three attempts are all that there are.
    let mut fake = answering(vec![throttled("400 Bad Request"); 4]).await;
    let error = control_plane(&fake).schema("abc123").await.unwrap_err();
    assert!(
        matches!(error, ControlPlaneError::Send(SendError::Status { status: 400, .. })),
        "{error}"
    );
    assert_eq!(lines(&mut fake).len(), 3);

    for (status, headers) in [
        ("403 Forbidden", "x-amzn-errortype: AccessDeniedException\r\n"),
        ("404 Not Found", "x-amzn-errortype: NotFoundException\r\n"),
        ("501 Not Implemented", ""),
        ("302 Found", "location: http://127.0.0.1:1/\r\n"),
    ] {
        let mut fake = answering(vec![answer(status, headers, ""); 2]).await;
        let error = control_plane(&fake).schema("abc123").await.unwrap_err();
        assert!(error.to_string().contains(&status[..3]), "{error}");
        assert_eq!(lines(&mut fake).len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_corrected() {
    if !has_credentials("a_clock_that_is_wrong_is_corrected") {
        return;
    }
    let mut fake = answering(vec![
        answer(
            "403 Forbidden",
            "x-amzn-errortype: InvalidSignatureException\r\ndate: Sat, 01 Jan 2033 12:00:00 GMT\r\n",
            "{\"message\":\"Signature expired\"}",
        ),
        ok("x"),
    ])
    .await;
    assert_eq!(control_plane(&fake).schema("abc123").await.unwrap(), "x");
    assert!(!fake.request().await.contains("x-amz-date: 2033"));
    assert!(fake.request().await.contains("x-amz-date: 20330101T1"));
}

#[tokio::test]
async fn what_is_no_answer_is_not_taken() {
    if !has_credentials("what_is_no_answer_is_not_taken") {
        return;
    }
    let fake = answering(vec![answer("200 OK", "", "")]).await;
    assert_eq!(control_plane(&fake).schema("abc123").await.unwrap(), "");
    let fake = Fake::answering(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n\xff\xfe".to_vec()).await;
    let error = control_plane(&fake).schema("abc123").await.unwrap_err();
    assert!(matches!(error, ControlPlaneError::NotUtf8), "{error}");
    let fake = Fake::answering("HTTP/1.1 200 OK\r\ncontent-length: 9000000\r\n\r\n").await;
    let error = control_plane(&fake).schema("abc123").await.unwrap_err();
    assert!(
        matches!(error, ControlPlaneError::Send(SendError::TooLarge { .. })),
        "{error}"
    );
    // What the API says back of the key is hidden.
    let fake = Fake::answering(ok(&format!("# {KEY}"))).await;
    assert_eq!(
        control_plane(&fake).schema("abc123").await.unwrap(),
        "# ********************"
    );

    let mut fake = answering(vec![ok("x")]).await;
    for id in ["", "arn:aws:appsync:x", "a/../b", "https://x.example", "a b"] {
        let error = control_plane(&fake).schema(id).await.unwrap_err();
        assert!(matches!(error, ControlPlaneError::ApiId), "{id}: {error}");
    }
    assert!(fake.saw_nothing());
}

#[tokio::test]
async fn what_was_cut_off_is_asked_again() {
    if !has_credentials("what_was_cut_off_is_asked_again") {
        return;
    }
    let mut fake = Fake::start(vec![
        vec![Act::Answer(
            b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\ntype".to_vec(),
        )],
        vec![Act::Answer(Vec::new())],
        vec![Act::Answer(ok("x"))],
    ])
    .await;
    assert_eq!(control_plane(&fake).schema("abc123").await.unwrap(), "x");
    for index in 0..3 {
        assert!(matches!(fake.event().await, Event::Request(at, _) if at == index));
    }
}

#[test]
fn each_region_has_its_host() {
    let host = |region| ControlPlane::endpoint_of(region).map(|endpoint| endpoint.to_string());
    assert_eq!(host("eu-west-1").unwrap(), "https://appsync.eu-west-1.amazonaws.com/");
    assert_eq!(
        host("cn-north-1").unwrap(),
        "https://appsync.cn-north-1.amazonaws.com.cn/"
    );
    assert!(host("eu west").is_err());
}
