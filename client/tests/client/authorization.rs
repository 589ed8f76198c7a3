//! What goes into which header, from where, and what is never sent.

use std::path::PathBuf;

use appsync_mcp_client::{
    ApiKey, Authorization, AuthorizationError, Client, Mode, Secret, SecretFileError, SecretProblem, SendError,
    TokenSource,
};

use crate::fake::{Act, Fake, ok};
use crate::{KEY, LIMITS, TempFile, api_key, client, endpoint, jwt, request};

/// 2100-01-01, as far as these tests are concerned the end of time.
const LATER: &str = r#"{"sub":"ann","exp":4102444800}"#;

fn oidc(token: TokenSource) -> Authorization {
    Authorization::Oidc(token.into())
}

#[tokio::test]
async fn sends_exactly_these_bytes_with_an_api_key() {
    let mut fake = Fake::answering(ok("{}")).await;
    client(&fake.url()).send(&request()).await.unwrap();
    let expected = format!(
        "POST /graphql HTTP/1.1\r\nx-api-key: {KEY}\r\ncontent-type: application/json\r\naccept: application/json\r\n\
         user-agent: appsync-mcp/{}\r\naccept-encoding: gzip\r\nhost: {}\r\ncontent-length: 18\r\n\r\n{{\"query\":\"{{ ok }}\"}}",
        env!("CARGO_PKG_VERSION"),
        fake.address,
    );
    assert_eq!(fake.request().await, expected);
}

#[test]
fn a_file_that_only_just_now_can_t_be_read_is_told_apart() {
    // "Too many open files", of the process and of the system; "input/output error".
    let os = |code| std::io::Error::from_raw_os_error(code);
    let kind = std::io::Error::from;
    for (source, expected) in [
        (os(24), true),
        (os(23), true),
        (os(5), true),
        (kind(std::io::ErrorKind::NotFound), false),
        (kind(std::io::ErrorKind::PermissionDenied), false),
    ] {
        let shown = source.to_string();
        let path = PathBuf::from("token");
        let error = AuthorizationError::from(SecretFileError::Unreadable { path, source });
        assert_eq!(error.is_transient(), expected, "{shown}");
    }
    assert!(!AuthorizationError::Expired { path: None }.is_transient());
}

#[tokio::test]
async fn sends_a_token_raw_and_reads_it_anew_for_every_request() {
    let (first, second) = (jwt(LATER), jwt(r#"{"sub":"bob"}"#));
    let file = TempFile::new("renewed", format!("{first}\n"));
    let mut fake = Fake::start(vec![vec![Act::Answer(ok("{}")), Act::Answer(ok("{}"))]]).await;
    let client = Client::new(
        endpoint(&fake.url()),
        Authorization::Oidc(TokenSource::File(file.path().to_owned().into()).into()),
        LIMITS,
    );

    client.send(&request()).await.unwrap();
    assert!(
        fake.request()
            .await
            .contains(&format!("\r\nauthorization: {first}\r\n"))
    );

    file.write(format!("Bearer {second}"));
    client.send(&request()).await.unwrap();
    let request = fake.request().await;
    assert!(
        request.contains(&format!("\r\nauthorization: {second}\r\n")),
        "{request}"
    );
    assert!(!request.contains("x-api-key"));
}

#[tokio::test]
async fn reads_an_api_key_file_anew_for_every_request() {
    let file = TempFile::new("key", "da2-first");
    let mut fake = Fake::start(vec![vec![Act::Answer(ok("{}")), Act::Answer(ok("{}"))]]).await;
    let authorization = Authorization::ApiKey(ApiKey::File(file.path().to_owned().into()));
    let client = Client::new(endpoint(&fake.url()), authorization, LIMITS);
    for key in ["da2-first", "da2-second"] {
        file.write(key);
        client.send(&request()).await.unwrap();
        assert!(fake.request().await.contains(&format!("\r\nx-api-key: {key}\r\n")));
    }
}

/// Sends with what the file holds, and returns the error's text after checking that nothing was sent.
async fn unsent(content: &str) -> String {
    let file = TempFile::new("unsent", content);
    let mut fake = Fake::answering(ok("{}")).await;
    let authorization = Authorization::CognitoUserPools(TokenSource::File(file.path().to_owned().into()).into());
    let error = Client::new(endpoint(&fake.url()), authorization, LIMITS)
        .send(&request())
        .await
        .unwrap_err();
    assert!(matches!(error, SendError::Authorization(_)), "{error:?}");
    assert!(!error.may_have_taken_effect());
    assert!(fake.saw_nothing());
    error.to_string().replace(&file.path().display().to_string(), "FILE")
}

#[tokio::test]
async fn never_sends_an_expired_token() {
    let text = unsent(&jwt(r#"{"exp":1500000000}"#)).await;
    assert_eq!(text, "the token in `FILE` has expired; sign in again or renew it");
}

#[tokio::test]
async fn never_sends_what_is_no_token() {
    let no_jwt = "the token in `FILE` is not a JSON Web Token; there must be the token itself and nothing else";
    assert_eq!(unsent(r#"{"access_token":"topsecret"}"#).await, no_jwt);
    assert_eq!(unsent("Bearer").await, no_jwt);
    assert_eq!(unsent(" \n").await, "`FILE` is empty");
}

#[tokio::test]
async fn a_missing_file_and_a_folder_are_told_apart() {
    let missing = oidc(TokenSource::File(PathBuf::from("/nonexistent/token").into()));
    let error = missing.check().await.unwrap_err();
    assert!(
        matches!(error, AuthorizationError::File(SecretFileError::Unreadable { .. })),
        "{error:?}"
    );
    assert_eq!(error.to_string(), "failed to read `/nonexistent/token`");
    let folder = oidc(TokenSource::File(std::env::temp_dir().into()));
    assert!(matches!(
        folder.check().await.unwrap_err(),
        AuthorizationError::NotRegular { .. }
    ));
}

#[test]
fn modes_are_named_as_on_the_command_line() {
    let names = [
        Mode::ApiKey,
        Mode::Iam,
        Mode::Oidc,
        Mode::CognitoUserPools,
        Mode::Lambda,
    ]
    .map(|mode| mode.to_string());
    assert_eq!(names, ["api-key", "iam", "oidc", "cognito-user-pools", "lambda"]);
    assert_eq!(api_key().mode(), Mode::ApiKey);
}

#[test]
fn a_secret_is_one_line_of_ascii() {
    fn check(content: &[u8], expected: Option<SecretProblem>) {
        let file = TempFile::new("secret", content);
        match (Secret::from_file(file.path()), expected) {
            (Ok(_), None) => {}
            (Err(SecretFileError::Unusable { problem, .. }), Some(expected)) => assert_eq!(problem, expected),
            (other, _) => panic!("{other:?}"),
        }
    }
    check(b"da2-x", None);
    check(b"\xef\xbb\xbf da2-x \r\n\r\n", None);
    check(&vec![b'a'; 64 * 1024], None);
    check(&vec![b'a'; 64 * 1024 + 1], Some(SecretProblem::TooLong));
    check(b"", Some(SecretProblem::Empty));
    check(b" \r\n\t", Some(SecretProblem::Empty));
    check(b"one\ntwo", Some(SecretProblem::ControlCharacter));
    check(b"one\r\nx-evil: 1", Some(SecretProblem::ControlCharacter));
    check(b"k\0e\0y\0", Some(SecretProblem::ControlCharacter));
    check("schlüssel".as_bytes(), Some(SecretProblem::NotAscii));
    check(b"\xff", Some(SecretProblem::NotAscii));
    assert_eq!(Secret::parse("").unwrap_err(), SecretProblem::Empty);
}
