//! What a command that prints a token may do, and what becomes of it.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use appsync_mcp_client::{Authorization, Client, CommandFailure, SendError, TokenCommand, TokenCommandError};

use crate::fake::{Act, Fake, answer, ok};
use crate::{LIMITS, TempFile, endpoint, jwt, request};

/// Makes a token that expires so many seconds from now.
pub(crate) fn token(subject: &str, seconds: u64) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    jwt(&format!(r#"{{"sub":"{subject}","exp":{}}}"#, now.as_secs() + seconds))
}

/// A shell script that counts its runs.
pub(crate) struct Script {
    file: TempFile,
    runs: TempFile,
}

impl Script {
    /// Takes what the script does; `$RUN` is the number of the run, from 1.
    pub(crate) fn new(body: &str) -> Script {
        let runs = TempFile::new("runs", "");
        let count = runs.path().display();
        let body = format!("echo >>{count}\nRUN=$(wc -l <{count} | tr -d ' ')\n{body}\n");
        Script {
            file: TempFile::new("script", body),
            runs,
        }
    }

    pub(crate) fn command(&self) -> TokenCommand {
        TokenCommand::parse(&format!("sh '{}'", self.file.path().display())).unwrap()
    }

    fn oidc(&self) -> Authorization {
        Authorization::Oidc(appsync_mcp_client::TokenSource::from(self.command()).into())
    }

    fn lambda(&self) -> Authorization {
        Authorization::Lambda(self.command().into())
    }

    pub(crate) fn runs(&self) -> usize {
        std::fs::read_to_string(self.runs.path()).unwrap().lines().count()
    }

    /// Waits until the run with this number has begun.
    async fn until_run(&self, number: usize) {
        let begun = async {
            while self.runs() < number {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        // Only a test that has failed waits so long.
        tokio::time::timeout(Duration::from_mins(1), begun).await.unwrap();
    }
}

/// Runs a script for a mode, and returns what is said of it.
async fn said_of(body: &str, mode: fn(&Script) -> Authorization) -> Result<(), String> {
    let script = Script::new(body);
    mode(&script).check().await.map_err(|error| error.to_string())
}

#[test]
fn a_command_line_is_split_as_a_shell_would() {
    for (text, expected) in [
        ("print-token --for 'a b'", Ok("print-token")),
        // What stands behind a space may be arguments that somebody quoted.
        ("'print-token --for ann' x", Ok("print-token")),
        (" ", Err(TokenCommandError::Empty)),
        ("''", Err(TokenCommandError::Empty)),
        ("print 'a", Err(TokenCommandError::Quoting)),
        ("print \\", Err(TokenCommandError::Quoting)),
    ] {
        let program = TokenCommand::parse(text).map(|command| command.program().to_owned());
        assert_eq!(program.as_deref(), expected.as_deref(), "{text}");
    }
}

#[tokio::test]
async fn what_it_prints_has_to_be_a_token() {
    let good = token("ann", 3600);
    let expired = jwt(r#"{"exp":1500000000}"#);
    let long = "a".repeat(2_049);
    let longest = "a".repeat(2_048);
    let signature = "AWS4-HMAC-SHA256 Credential=x";
    let (oidc, lambda) = (Script::oidc as fn(&Script) -> _, Script::lambda as fn(&Script) -> _);
    for (mode, body, expected) in [
        (oidc, format!("echo {good}"), None),
        (oidc, format!("printf %s 'Bearer {good}'"), None),
        (oidc, "exit 3".to_owned(), Some("failed (exit status: 3) and said nothing about it")),
        (oidc, "echo 'no login' >&2; exit 1".to_owned(), Some("failed (exit status: 1): no login")),
        (oidc, format!("echo {good}; exit 1"), Some("failed (exit status: 1) and said nothing about it")),
        (oidc, format!("echo {good}; echo got {good} >&2; exit 1"), Some("failed (exit status: 1): got [redacted]")),
        (oidc, "kill -9 $$".to_owned(), Some("failed (signal: 9 (SIGKILL)) and said nothing about it")),
        (oidc, ":".to_owned(), Some("ended well, but what it printed is empty")),
        (
            oidc,
            format!("echo {good}; echo {good}"),
            Some("ended well, but what it printed holds line breaks or other control characters; it must hold one line of plain text"),
        ),
        (
            oidc,
            format!("echo '{{\"id_token\":\"{good}\"}}'"),
            Some("ended well, but what it printed is not a JSON Web Token; it must print the token itself and nothing else"),
        ),
        (
            oidc,
            "head -c 70000 /dev/zero | tr '\\0' a".to_owned(),
            Some("printed more than 64 KiB, and was not waited for; it must print the token itself and nothing else"),
        ),
        // For ever, if nobody stops it; also one that does not care whether it can write.
        (
            oidc,
            "trap '' PIPE; while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 2>/dev/null; done".to_owned(),
            Some("printed more than 64 KiB, and was not waited for; it must print the token itself and nothing else"),
        ),
        (
            oidc,
            format!("echo {expired}"),
            Some("ended well, but the token that it printed has expired; sign in again or renew it"),
        ),
        // Only the API's own Lambda function knows what is good.
        (lambda, format!("echo {expired}"), None),
        (lambda, "echo opaque token".to_owned(), None),
        (lambda, format!("echo {longest}"), None),
        (
            lambda,
            format!("echo {long}"),
            Some("ended well, but the token that it printed is longer than the 2,048 characters that AppSync takes"),
        ),
        (
            lambda,
            "echo bearer opaque".to_owned(),
            Some("ended well, but the token that it printed begins with `Bearer `, which AppSync does not take here; leave that out"),
        ),
        (
            lambda,
            format!("echo {signature}"),
            Some("ended well, but the token that it printed begins like an IAM signature, and AppSync would take it for one"),
        ),
    ] {
        let expected = expected.map(|text| format!("the token command `sh` {text}"));
        assert_eq!(said_of(&body, mode).await.err(), expected, "{body}");
    }
}

#[tokio::test]
async fn a_program_that_is_not_there_is_named_without_its_arguments() {
    let command = TokenCommand::parse("/nonexistent/print-token --secret topsecret").unwrap();
    let authorization = Authorization::Lambda(command.into());
    let shown = format!("{authorization:?}");
    assert!(!shown.contains("topsecret"), "{shown}");
    let error = authorization.check().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the token command `/nonexistent/print-token` can't be run: No such file or directory (os error 2)"
    );
    assert!(!error.is_for_a_person() && !error.is_transient());
}

#[tokio::test]
async fn what_may_mend_itself_or_by_a_person_is_told_apart() {
    for (body, is_for_a_person) in [
        ("exit 1", true),
        (&*format!("echo {}", jwt(r#"{"exp":1500000000}"#)), true),
        ("echo nothing", false),
        (":", false),
    ] {
        let error = Script::new(body).oidc().check().await.unwrap_err();
        assert_eq!(error.is_for_a_person(), is_for_a_person, "{body}");
        assert!(!error.is_transient());
    }
}

/// What the tests' own standard input is does not matter: the command's is empty.
#[tokio::test]
async fn it_has_no_standard_input() {
    let body = format!("read -r line && echo $line || echo {}", token("ann", 3600));
    assert_eq!(said_of(&body, Script::oidc).await, Ok(()));
}

/// What it leaves running has its standard output and standard error.
#[tokio::test]
async fn it_is_done_when_it_has_ended_whatever_it_leaves_running() {
    let good = token("ann", 3600);
    for (ends, expected) in [
        (format!("echo {good}"), None),
        (
            "echo no login >&2; exit 3".to_owned(),
            Some("failed (exit status: 3): no login"),
        ),
        (":".to_owned(), Some("ended well, but what it printed is empty")),
    ] {
        let pid = TempFile::new("pid", "");
        let script = Script::new(&format!("sleep 600 &\necho $! >{}\n{ends}", pid.path().display()));
        let authorization = script.oidc();
        let checked = tokio::time::timeout(Duration::from_mins(2), authorization.check()).await;
        let left = pid_in(&pid).await;
        assert!(Command::new("kill").arg(&left).status().unwrap().success());
        let said = checked.expect("what it left running was waited for").err();
        let expected = expected.map(|text| format!("the token command `sh` {text}"));
        assert_eq!(said.map(|error| error.to_string()), expected);
    }
}

/// Waits until a script has written its process's id.
async fn pid_in(file: &TempFile) -> String {
    loop {
        let text = std::fs::read_to_string(file.path()).unwrap();
        if text.ends_with('\n') {
            return text.trim().to_owned();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Waits until a process is gone; a dead one that nobody has looked after yet counts.
async fn until_gone(pid: &str) {
    if !Path::new("/proc/self/stat").exists() {
        return;
    }
    loop {
        match std::fs::read_to_string(format!("/proc/{pid}/stat")) {
            Ok(stat) if !stat.contains(") Z ") => tokio::time::sleep(Duration::from_millis(5)).await,
            _ => return,
        }
    }
}

#[tokio::test]
async fn a_call_that_is_given_up_leaves_it_running_for_the_next() {
    let (pid, gate) = (TempFile::new("pid", ""), TempFile::new("gate", ""));
    let script = Script::new(&format!(
        "echo $$ >{}\nwhile test ! -s {}; do sleep 0.05; done\necho {}",
        pid.path().display(),
        gate.path().display(),
        token("ann", 3600)
    ));
    let authorization = Arc::new(script.oidc());
    authorization.begin().await.unwrap();
    for _ in 0..3 {
        assert!(authorization.is_coming());
        let authorization = Arc::clone(&authorization);
        let waiting = tokio::spawn(async move { authorization.check().await });
        pid_in(&pid).await;
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
    }
    std::fs::write(gate.path(), "open").unwrap();
    authorization.check().await.unwrap();
    assert!(!authorization.is_coming());
    assert_eq!(script.runs(), 1);
}

#[test]
fn it_is_killed_at_the_end_of_the_program() {
    let pid = TempFile::new("pid", "");
    let script = Script::new(&format!("echo $$ >{}\nexec sleep 600", pid.path().display()));
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let ending = runtime();
    let pid = ending.block_on(async {
        script.oidc().begin().await.unwrap();
        pid_in(&pid).await
    });
    ending.shutdown_background();
    runtime().block_on(until_gone(&pid));
}

#[tokio::test]
async fn it_is_killed_when_its_time_is_over() {
    let pid = TempFile::new("pid", "");
    let body = format!(
        "echo waiting for a browser >&2\necho $$ >{}\nexec sleep 600",
        pid.path().display()
    );
    let script = Script::new(&body);
    let authorization = script.oidc();
    let waiting = tokio::spawn(async move { authorization.check().await });
    let pid = pid_in(&pid).await;
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(61)).await;
    let error = waiting.await.unwrap().unwrap_err();
    tokio::time::resume();
    assert_eq!(
        error.to_string(),
        "the token command `sh` did not end within 60 s: waiting for a browser"
    );
    assert!(error.is_transient() && error.is_for_a_person());
    until_gone(&pid).await;
}

/// Sends so many requests, one after the other, and returns the tokens that the API saw.
async fn sent(authorization: Authorization, count: usize) -> Vec<String> {
    let acts = (0..count).map(|_| Act::Answer(ok("{}"))).collect();
    let mut fake = Fake::start(vec![acts]).await;
    let client = Client::new(endpoint(&fake.url()), authorization, LIMITS);
    let mut tokens = Vec::new();
    for _ in 0..count {
        client.send(&request()).await.unwrap();
        tokens.push(authorization_of(&fake.request().await));
    }
    tokens
}

/// Returns the value of the header `authorization`.
pub(crate) fn authorization_of(request: &str) -> String {
    let mut lines = request.lines();
    lines
        .find_map(|line| line.strip_prefix("authorization: "))
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_token_is_kept_until_a_minute_before_it_expires_and_renewed_beside_the_calls() {
    let (oidc, lambda) = (Script::oidc as fn(&Script) -> _, Script::lambda as fn(&Script) -> _);
    for (mode, printed, is_renewed) in [
        (oidc, token("ann", 3600), false),
        (oidc, token("ann", 600), false),
        (oidc, token("ann", 50), true),
        // It never expires, as far as it says.
        (oidc, jwt(r#"{"sub":"ann"}"#), false),
        (lambda, "opaque".to_owned(), false),
        (lambda, token("ann", 3600), false),
        (lambda, token("ann", 50), true),
    ] {
        let script = Script::new(&format!("echo {printed}"));
        assert_eq!(sent(mode(&script), 3).await, vec![&*printed; 3]);
        if is_renewed {
            script.until_run(2).await;
        } else {
            assert_eq!(script.runs(), 1, "{printed}");
        }
    }
}

#[tokio::test]
async fn a_renewed_token_is_sent_from_then_on() {
    // Of which only a test that has failed makes all, in a minute.
    const CALLS: usize = 3_000;
    let (near, far) = (token("ann", 50), token("ann", 3600));
    let script = Script::new(&format!("test $RUN = 1 && echo {near} || echo {far}"));
    let mut fake = Fake::start(vec![(0..CALLS).map(|_| Act::Answer(ok("{}"))).collect()]).await;
    let client = Client::new(endpoint(&fake.url()), script.oidc(), LIMITS);
    client.send(&request()).await.unwrap();
    assert_eq!(authorization_of(&fake.request().await), near);
    // The second call starts the renewal and does not wait for it.
    client.send(&request()).await.unwrap();
    assert_eq!(authorization_of(&fake.request().await), near);
    script.until_run(2).await;
    for _ in 2..CALLS {
        client.send(&request()).await.unwrap();
        if authorization_of(&fake.request().await) == far {
            assert_eq!(script.runs(), 2);
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the new token is not sent");
}

#[tokio::test]
async fn calls_beside_each_other_run_it_once() {
    let script = Script::new(&format!("sleep 0.2\necho {}", token("ann", 3600)));
    let fake = Fake::start((0..3).map(|_| vec![Act::Answer(ok("{}"))]).collect()).await;
    let client = Client::new(endpoint(&fake.url()), script.oidc(), LIMITS);
    let request = request();
    let (one, two, three) = tokio::join!(client.send(&request), client.send(&request), client.send(&request));
    assert!([one, two, three].iter().all(Result::is_ok));
    assert_eq!(script.runs(), 1);
}

/// Makes ten calls side by side, each on a connection of its own.
async fn ten_refused_beside_each_other(script: &Script) {
    let refusals = (0..20).map(|_| vec![Act::Answer(answer("401 Unauthorized", "connection: close\r\n", ""))]);
    let fake = Fake::start(refusals.collect()).await;
    let client = Arc::new(Client::new(endpoint(&fake.url()), script.oidc(), LIMITS));
    let calls = (0..10).map(|_| {
        let client = Arc::clone(&client);
        tokio::spawn(async move { client.send(&request()).await.unwrap_err() })
    });
    let calls: Vec<_> = calls.collect();
    for call in calls {
        call.await.unwrap();
    }
}

#[tokio::test]
async fn calls_beside_each_other_that_are_refused_run_it_once_more() {
    // Slow enough for all to wait for the first.
    let script = Script::new(&format!("sleep 0.3; echo {}", token("ann", 3600)));
    ten_refused_beside_each_other(&script).await;
    assert_eq!(script.runs(), 2);
}

#[tokio::test]
async fn calls_beside_each_other_that_get_none_run_it_once() {
    let script = Script::new("sleep 0.3; exit 1");
    ten_refused_beside_each_other(&script).await;
    assert_eq!(script.runs(), 1);
}

#[tokio::test]
async fn a_token_that_is_still_good_outlives_a_renewal_that_fails_or_hangs() {
    let near = token("ann", 50);
    let expired = jwt(r#"{"exp":1500000000}"#);
    for failure in [
        "exit 1",
        ":",
        "echo nothing",
        &format!("echo {expired}"),
        "exec sleep 600",
    ] {
        let script = Script::new(&format!("test $RUN -gt 1 || {{ echo {near}; exit; }}\n{failure}"));
        assert_eq!(sent(script.oidc(), 3).await, vec![&*near; 3], "{failure}");
        script.until_run(2).await;
    }
}

#[tokio::test]
async fn time_that_runs_out_before_there_is_a_token_is_before_sending() {
    let script = Script::new("exec sleep 600");
    let mut fake = Fake::answering(ok("{}")).await;
    let client = Client::new(endpoint(&fake.url()), script.oidc(), LIMITS);
    let mut request = request();
    request.timeout = Duration::from_millis(100);
    let error = client.send(&request).await.unwrap_err();
    let error = match error {
        SendError::Authorization(error) => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        error.to_string(),
        "the token command `sh` did not end in time; that goes on, and serves later calls"
    );
    assert!(error.is_transient() && !error.is_for_a_person());
    assert!(fake.saw_nothing());
}

#[tokio::test]
async fn a_refused_token_is_not_kept_for_a_renewal_that_fails() {
    let script = Script::new(&format!("test $RUN = 1 && echo {}", token("ann", 3600)));
    let mut fake = Fake::start(vec![vec![
        Act::Answer(answer("401 Unauthorized", "", "")),
        Act::Answer(ok("{}")),
    ]])
    .await;
    let client = Client::new(endpoint(&fake.url()), script.oidc(), LIMITS);
    let error = client.send(&request()).await.unwrap_err();
    let failure = match error {
        SendError::Authorization(appsync_mcp_client::AuthorizationError::Command { failure, .. }) => failure,
        other => panic!("{other:?}"),
    };
    assert!(matches!(*failure, CommandFailure::Failed { .. }), "{failure:?}");
    fake.request().await;
    assert!(fake.saw_nothing());
}
