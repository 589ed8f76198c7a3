//! What happens to a request whose credential the API refuses: once more with another one, and never else.

use std::time::Duration;

use appsync_mcp_client::{ApiKey, Authorization, Bearer, Client, SendError, TokenSource};

use crate::fake::{Act, Fake, answer, ok};
use crate::{LIMITS, TempFile, api_key, endpoint, jwt, request};

/// How often the API saw the request, the credentials that it saw, and the status that the caller was told.
#[derive(Debug, PartialEq)]
struct Seen {
    credentials: Vec<String>,
    status: Option<u16>,
}

/// Sends a request to an API that answers with these, one after the other, and does something before the first.
async fn seen(authorization: Authorization, meanwhile: impl FnOnce() + Send + 'static, answers: &[Vec<u8>]) -> Seen {
    let mut answers = answers.iter().cloned();
    let mut acts = vec![Act::Meanwhile(Box::new(meanwhile), answers.next().unwrap())];
    acts.extend(answers.map(Act::Answer));
    // One more than may ever be asked for.
    acts.push(Act::Answer(ok("{}")));
    let mut fake = Fake::start(vec![acts]).await;
    let client = Client::new(endpoint(&fake.url()), authorization, LIMITS);
    let status = match client.send(&request()).await {
        Ok(_) => Some(200),
        Err(SendError::Status { status, .. }) => Some(status),
        Err(_) => None,
    };
    let mut credentials = Vec::new();
    while let Some(request) = fake.seen() {
        let mut lines = request.lines();
        let credential = |line: &str| {
            let value = line
                .strip_prefix("authorization: ")
                .or_else(|| line.strip_prefix("x-api-key: "));
            value.map(str::to_owned)
        };
        credentials.push(lines.find_map(credential).unwrap());
    }
    Seen { credentials, status }
}

fn status(status: &str) -> Vec<u8> {
    answer(
        status,
        "",
        r#"{"errors":[{"errorType":"UnauthorizedException","message":"no"}]}"#,
    )
}

/// A mode's name, how to make it of a file, two credentials that it takes, and what is written before them.
type FileMode = (
    &'static str,
    fn(TokenSource) -> Authorization,
    [String; 2],
    &'static str,
);

/// The modes whose credential may be in a file.
fn modes() -> Vec<FileMode> {
    let (first, second) = (jwt(r#"{"sub":"ann"}"#), jwt(r#"{"sub":"bob"}"#));
    vec![
        (
            "oidc",
            |file| Authorization::Oidc(file.into()),
            [first.clone(), second.clone()],
            "",
        ),
        (
            "oidc, prefix",
            |token| Authorization::Oidc(Bearer { token, prefix: true }),
            [first.clone(), second.clone()],
            "Bearer ",
        ),
        (
            "cognito-user-pools",
            |file| Authorization::CognitoUserPools(file.into()),
            [first, second],
            "",
        ),
        (
            "lambda",
            Authorization::Lambda,
            ["one".to_owned(), "two".to_owned()],
            "",
        ),
        (
            "api-key",
            |file| match file {
                TokenSource::File(path) => Authorization::ApiKey(ApiKey::File(path)),
                _ => unreachable!(),
            },
            ["da2-one".to_owned(), "da2-two".to_owned()],
            "",
        ),
    ]
}

#[tokio::test]
async fn a_refused_credential_is_renewed_once_if_there_is_another() {
    let refused = || status("401 Unauthorized");
    for (name, mode, [first, second], scheme) in modes() {
        let field_level = ok(r#"{"data":null,"errors":[{"errorType":"Unauthorized","message":"no"}]}"#);
        for (answers, rewritten, requests, expected) in [
            (vec![refused(), ok("{}")], true, 2, Some(200)),
            // The same one would be refused again.
            (vec![refused(), ok("{}")], false, 1, Some(401)),
            (vec![refused(), refused()], true, 2, Some(401)),
            // These are no matter of the credential's age.
            (vec![status("403 Forbidden")], true, 1, Some(403)),
            (vec![status("400 Bad Request")], true, 1, Some(400)),
            (vec![status("500 Internal Server Error")], true, 1, Some(500)),
            (vec![field_level], true, 1, Some(200)),
        ] {
            let file = TempFile::new("renewed", &first);
            let authorization = mode(TokenSource::File(file.path().to_owned().into()));
            let (path, next) = (file.path().to_owned(), second.clone());
            let meanwhile = move || {
                if rewritten {
                    std::fs::write(path, next).unwrap();
                }
            };
            let seen = seen(authorization, meanwhile, &answers).await;
            let credentials = [&first, &second].map(|credential| format!("{scheme}{credential}"));
            assert_eq!(seen.credentials, credentials[..requests], "{name}");
            assert_eq!(seen.status, expected, "{name}");
        }
    }
}

#[tokio::test]
async fn what_can_not_change_is_not_sent_again() {
    let seen = seen(api_key(), || {}, &[status("401 Unauthorized")]).await;
    assert_eq!((seen.credentials.len(), seen.status), (1, Some(401)));
}

#[tokio::test]
async fn a_token_that_has_expired_by_then_is_not_sent() {
    let file = TempFile::new("expired", jwt(r#"{"sub":"ann"}"#));
    let authorization = Authorization::Oidc(TokenSource::File(file.path().to_owned().into()).into());
    let path = file.path().to_owned();
    let meanwhile = move || std::fs::write(path, jwt(r#"{"exp":1500000000}"#)).unwrap();
    let seen = seen(authorization, meanwhile, &[status("401 Unauthorized"), ok("{}")]).await;
    assert_eq!((seen.credentials.len(), seen.status), (1, None));
}

#[tokio::test]
async fn the_prefix_is_written_once_whatever_the_file_has() {
    let token = jwt(r#"{"sub":"ann"}"#);
    for (content, prefix, expected) in [
        (token.clone(), false, token.clone()),
        (format!("Bearer {token}"), false, token.clone()),
        (format!("bearer  {token}\n"), false, token.clone()),
        (token.clone(), true, format!("Bearer {token}")),
        (format!("BEARER {token}"), true, format!("Bearer {token}")),
    ] {
        let file = TempFile::new("prefix", &content);
        let token = TokenSource::File(file.path().to_owned().into());
        let seen = seen(Authorization::Oidc(Bearer { token, prefix }), || {}, &[ok("{}")]).await;
        assert_eq!(seen.credentials, [expected], "{content}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_command_is_run_once_more_for_a_refused_token() {
    use crate::token_command::{Script, token};

    let (first, second) = (token("ann", 3600), token("bob", 3600));
    let refused = || status("401 Unauthorized");
    for (printed, answers, requests, runs, expected) in [
        ([&first, &second], vec![refused(), ok("{}")], 2, 2, 200),
        ([&first, &first], vec![refused()], 1, 2, 401),
        ([&first, &second], vec![refused(), refused()], 2, 2, 401),
        ([&first, &second], vec![status("403 Forbidden")], 1, 1, 403),
    ] {
        for mode in [
            (|token| Authorization::Oidc(TokenSource::into(token))) as fn(TokenSource) -> Authorization,
            |token| Authorization::CognitoUserPools(token.into()),
            Authorization::Lambda,
        ] {
            let script = Script::new(&format!("test $RUN = 1 && echo {} || echo {}", printed[0], printed[1]));
            let seen = seen(mode(script.command().into()), || {}, &answers).await;
            assert_eq!(seen.credentials, printed.map(String::as_str)[..requests]);
            assert_eq!((script.runs(), seen.status), (runs, Some(expected)));
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_renewal_that_takes_too_long_leaves_the_refusal() {
    use crate::token_command::{Script, token};

    let script = Script::new(&format!("test $RUN = 1 || exec sleep 600\necho {}", token("ann", 3600)));
    let mut fake = Fake::start(vec![vec![
        Act::Answer(status("401 Unauthorized")),
        Act::Answer(ok("{}")),
    ]])
    .await;
    let client = Client::new(
        endpoint(&fake.url()),
        Authorization::Lambda(script.command().into()),
        LIMITS,
    );
    client.check().await.unwrap();
    let mut request = request();
    request.timeout = Duration::from_secs(1);
    tokio::time::pause();
    let sent = tokio::spawn(async move { client.send(&request).await.unwrap_err() });
    // While there is something to do, tokio leaves a paused clock where it is.
    while script.runs() < 2 {
        tokio::task::yield_now().await;
    }
    let error = sent.await.unwrap();
    assert!(matches!(error, SendError::Status { status: 401, .. }), "{error:?}");
    assert!(!error.may_have_taken_effect());
    fake.request().await;
    assert!(fake.saw_nothing());
}
