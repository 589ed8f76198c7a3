//! Files of credentials that hold up whoever reads them: pipes, and what behaves as one.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use appsync_mcp_client::{ApiKey, Authorization, Client, SecretFile, SendError, TokenSource};

use crate::fake::{Act, Fake, ok};
use crate::{LIMITS, TempFile, endpoint, request};

/// Makes a pipe that nobody writes to.
fn pipe(name: &str) -> TempFile {
    let file = TempFile::new(name, "");
    std::fs::remove_file(file.path()).unwrap();
    assert!(Command::new("mkfifo").arg(file.path()).status().unwrap().success());
    file
}

/// Writes to a pipe that somebody waits for, from a thread of its own.
fn write_to(file: &TempFile, content: &str) -> std::thread::JoinHandle<()> {
    let (path, content) = (file.path().to_owned(), content.to_owned());
    std::thread::spawn(move || std::fs::write(path, content).unwrap())
}

#[tokio::test]
async fn a_pipe_that_nobody_writes_to_holds_up_nobody_else_and_not_for_ever() {
    let file = pipe("hanging");
    let authorization = Arc::new(Authorization::ApiKey(ApiKey::File(SecretFile::or_pipe(
        file.path().to_owned(),
    ))));
    let waiting = {
        let authorization = Arc::clone(&authorization);
        tokio::spawn(async move { authorization.check().await })
    };
    // The only thread of this test goes on, also with reading that same file.
    let impatient = tokio::time::timeout(Duration::from_millis(100), authorization.check()).await;
    assert!(impatient.is_err());
    assert!(!waiting.is_finished());

    // By then it is known that it is a pipe, which may be waited for longer than a file.
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(6)).await;
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    tokio::time::advance(Duration::from_secs(26)).await;
    let error = waiting.await.unwrap().unwrap_err();
    tokio::time::resume();
    assert!(error.is_transient() && !error.is_for_a_person());
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(source, "nothing came through this pipe in 30 s");

    // Who was waited for in vain is taken all the same, and once: the second call finds no writer.
    let writer = write_to(&file, "da2-late\n");
    authorization.check().await.unwrap();
    writer.join().unwrap();
    let mut fake = Fake::start(vec![vec![Act::Answer(ok("{}")), Act::Answer(ok("{}"))]]).await;
    let authorization = Arc::into_inner(authorization).unwrap();
    let client = Client::new(endpoint(&fake.url()), authorization, LIMITS);
    for _ in 0..2 {
        client.send(&request()).await.unwrap();
        assert!(fake.request().await.contains("\r\nx-api-key: da2-late\r\n"));
    }
}

#[tokio::test]
async fn a_call_waits_for_a_pipe_no_longer_than_its_own_time() {
    let file = pipe("late");
    let mut fake = Fake::answering(ok("{}")).await;
    let key = ApiKey::File(SecretFile::or_pipe(file.path().to_owned()));
    let client = Client::new(endpoint(&fake.url()), Authorization::ApiKey(key), LIMITS);
    let mut request = request();
    request.timeout = Duration::from_millis(100);
    let error = client.send(&request).await.unwrap_err();
    assert!(matches!(error, SendError::Authorization(_)), "{error:?}");
    let expected = format!(
        "`{}` was not read in time; that goes on, and serves later calls",
        file.path().display()
    );
    assert_eq!(error.to_string(), expected);
    assert!(fake.saw_nothing());
    write_to(&file, "da2-late").join().unwrap();
    request.timeout = Duration::from_mins(1);
    client.send(&request).await.unwrap();
    assert!(fake.request().await.contains("\r\nx-api-key: da2-late\r\n"));
}

/// It would give the token once, and a token expires.
#[tokio::test]
async fn a_token_is_not_read_from_a_pipe() {
    let file = pipe("token");
    let token = TokenSource::File(file.path().to_owned().into());
    let error = Authorization::Oidc(token.into()).check().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("`{}` is not a regular file", file.path().display())
    );
}
