//! That no text of this crate shows a credential, an argument or an answer.

use std::error::Error;
use std::fmt::{Debug, Write};

use appsync_mcp_client::{
    Authorization, Bearer, Client, Endpoint, InsecureHttp, Request, Secret, SendError, TokenSource,
};
use bytes::Bytes;
use tokio::net::TcpListener;

use crate::fake::{Act, Event, Fake, answer, ok};
use crate::{KEY, LIMITS, TempFile, api_key, client, endpoint, jwt, request};

fn assert_silent(value: &dyn Debug) {
    let text = format!("{value:?} {value:#?}");
    assert!(!text.contains("topsecret"), "{text}");
}

/// Checks the error and all that it comes from, as a log would print them.
fn assert_error_silent(error: &dyn Error) {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        write!(text, "{error} {error:?} ").unwrap();
        next = error.source();
    }
    assert!(!text.contains("topsecret"), "{text}");
}

#[tokio::test]
async fn values_show_nothing_secret() {
    assert_silent(&Secret::parse(KEY).unwrap());
    assert_eq!(format!("{:?}", Secret::parse(KEY).unwrap()), "Secret([redacted])");
    assert_silent(&api_key());
    assert_silent(&client("http://localhost/graphql?k=topsecret"));
    assert_silent(&endpoint("https://api.example.com/graphql?k=topsecret"));
    assert_eq!(
        format!("{:?}", endpoint("https://api.example.com/graphql?k=topsecret")),
        "Endpoint(https://api.example.com/graphql)"
    );
    assert_silent(&client("http://localhost/graphql?k=topsecret").dry_run(&request()));
    assert_silent(&Request {
        body: Bytes::from_static(b"topsecret"),
        ..request()
    });

    let fake = Fake::answering(ok("topsecret")).await;
    assert_silent(&client(&fake.url()).send(&request()).await.unwrap());
}

#[test]
fn errors_about_input_show_nothing_secret() {
    for url in [
        "https://ann:topsecret@x/",
        "http://x/?topsecret",
        "https://topsecret x/",
        "topsecret",
    ] {
        assert_error_silent(&Endpoint::parse(url, InsecureHttp::OnLoopback).unwrap_err());
    }
    for content in ["topsecret\ntopsecret", "topsecrét"] {
        let file = TempFile::new("redaction", content);
        assert_error_silent(&Secret::from_file(file.path()).unwrap_err());
        assert_error_silent(&Secret::parse(content).unwrap_err());
    }
}

#[tokio::test]
async fn errors_about_tokens_show_nothing_secret() {
    for content in ["topsecret", "a.topsecret.c", &jwt(r#"{"exp":1,"sub":"topsecret"}"#)] {
        let file = TempFile::new("redaction-token", content);
        let authorization = Authorization::Oidc(TokenSource::File(file.path().to_owned().into()).into());
        let error = authorization.check().await.unwrap_err();
        assert_error_silent(&error);
        assert!(!format!("{error} {error:?}").contains(content));
    }
}

#[tokio::test]
async fn errors_of_calls_show_nothing_secret() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let unreachable = client(&format!("http://{closed}/graphql?k=topsecret"))
        .send(&request())
        .await
        .unwrap_err();
    assert!(matches!(unreachable, SendError::Unreachable(_)));
    assert_error_silent(&unreachable);

    for answer in [
        "",
        "topsecret",
        "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\ntopsecret",
    ] {
        let fake = Fake::answering(answer).await;
        let lost = client(&format!("{}?k=topsecret", fake.url()))
            .send(&request())
            .await
            .unwrap_err();
        assert!(matches!(lost, SendError::ConnectionLost { .. }));
        assert_error_silent(&lost);
    }
}

#[tokio::test]
async fn a_credential_that_the_api_quotes_back_is_taken_out() {
    let token = jwt(r#"{"sub":"ann"}"#);
    let file = TempFile::new("quoted", &token);
    let body = format!(r#"{{"message":"'{token}' not a valid key=value pair in Authorization header: '{token}'."}}"#);
    let fake = Fake::answering(answer("403 Forbidden", "", &body)).await;
    let authorization = Authorization::Oidc(TokenSource::File(file.path().to_owned().into()).into());
    let error = Client::new(endpoint(&fake.url()), authorization, LIMITS)
        .send(&request())
        .await
        .unwrap_err();
    assert!(!format!("{error} {error:?}").contains(&token), "{error:?}");
    assert!(
        format!("{error:?}").contains("**' not a valid key=value pair"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_credential_in_an_answer_is_overwritten() {
    let hidden = "*".repeat(KEY.len());
    for (body, expected) in [
        (
            format!(r#"{{"data":{{"a":"{KEY}","b":"x{KEY}{KEY}"}},"errors":[{{"message":"{KEY}"}}]}}"#),
            format!(r#"{{"data":{{"a":"{hidden}","b":"x{hidden}{hidden}"}},"errors":[{{"message":"{hidden}"}}]}}"#),
        ),
        (format!("é\u{0}{KEY}"), format!("é\u{0}{hidden}")),
        (r#"{"data":"da2-"}"#.to_owned(), r#"{"data":"da2-"}"#.to_owned()),
        // As JSON, JSON in JSON, and a URL may write it.
        (
            format!(
                r#"{{"data":"\n{}x"}}"#,
                KEY.replace('-', r"\u002D").replace('t', r"\u0074")
            ),
            format!(r#"{{"data":"\n{}x"}}"#, "*".repeat(KEY.len() + 25)),
        ),
        (
            format!(r#"{{"data":"{{\"key\":\"{}\"}}"}}"#, KEY.replace('-', r"\\u002d")),
            format!(r#"{{"data":"{{\"key\":\"{}\"}}"}}"#, "*".repeat(KEY.len() + 6)),
        ),
        (
            format!("?key={}&", KEY.replace('-', "%2D")),
            format!("?key={hidden}**&"),
        ),
        // Others' words stay.
        (
            r#""da2-topsecret\u0074""#.to_owned(),
            r#""da2-topsecret\u0074""#.to_owned(),
        ),
        (r#""\u00"#.to_owned(), r#""\u00"#.to_owned()),
        (r"\\\\\\\\\\\\da2%".to_owned(), r"\\\\\\\\\\\\da2%".to_owned()),
    ] {
        let fake = Fake::answering(ok(&body)).await;
        let response = client(&fake.url()).send(&request()).await.unwrap();
        assert_eq!(response.body, expected);
    }
    // Bytes that are no text change nothing about it.
    let mut answer = b"HTTP/1.1 200 OK\r\n\r\n\xff".to_vec();
    answer.extend(KEY.bytes());
    answer.push(0xff);
    let response = client(&Fake::answering(answer).await.url())
        .send(&request())
        .await
        .unwrap();
    assert_eq!(response.body, [&[0xff], hidden.as_bytes(), &[0xff]].concat());
}

/// The modes of tokens, each with its file and with what is secret in it.
fn authorizations(folder: &str) -> Vec<(Authorization, TempFile, Vec<String>)> {
    let token = jwt(r#"{"sub":"topsecret-ann"}"#);
    let parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let opaque = "topsecret/lambda+token==".to_owned();
    let file = |content: &str| TempFile::new(folder, content);
    let source = |file: &TempFile| TokenSource::File(file.path().to_owned().into());
    let bearer = |file: &TempFile, prefix| Bearer {
        token: source(file),
        prefix,
    };
    let (plain, prefixed, pool, lambda) = (file(&token), file(&token), file(&token), file(&opaque));
    vec![
        (
            Authorization::Oidc(bearer(&plain, false)),
            plain,
            vec![token.clone(), parts[1].clone()],
        ),
        (
            Authorization::Oidc(bearer(&prefixed, true)),
            prefixed,
            vec![token.clone(), parts[1].clone()],
        ),
        (
            Authorization::CognitoUserPools(bearer(&pool, false)),
            pool,
            vec![token.clone(), parts[1].clone()],
        ),
        (Authorization::Lambda(source(&lambda)), lambda, vec![opaque]),
    ]
}

#[tokio::test]
async fn no_answer_brings_a_credential_back_in_any_mode() {
    for (authorization, _file, secrets) in authorizations("echo") {
        let mode = authorization.mode();
        let said = secrets.join(" ");
        let body = serde_json::json!({ "data": said, "errors": [{ "message": said, "errorType": said }] }).to_string();
        let header = format!(
            "connection: close\r\nx-amzn-errortype: {0}\r\nx-amzn-requestid: {0}\r\n",
            secrets.last().unwrap()
        );
        let answers = vec![
            Act::Answer(answer("200 OK", &header, &body)),
            Act::Answer(answer("403 Forbidden", &header, &body.replace('/', r"\/"))),
            Act::Answer(answer("500 Internal Server Error", &header, "")),
            Act::Answer(answer(
                "302 Found",
                &format!("connection: close\r\nlocation: https://api.example.com/{said}\r\n"),
                &body,
            )),
            Act::Answer(said.clone().into_bytes()),
        ];
        let mut fake = Fake::start(answers.into_iter().map(|act| vec![act]).collect()).await;
        let client = Client::new(endpoint(&fake.url()), authorization, LIMITS);
        for _ in 0..5 {
            let text = match client.send(&request()).await {
                Ok(response) => format!("{response:?} {}", String::from_utf8_lossy(&response.body)),
                Err(error) => format!("{error} {error:?}"),
            };
            let got = loop {
                if let Event::Request(_, text) = fake.event().await {
                    break text;
                }
            };
            for secret in &secrets {
                assert!(got.contains(secret.as_str()), "{mode}: {got}");
                assert!(!text.contains(secret.as_str()), "{mode}: {text}");
            }
        }
    }
}

/// Every type that holds a credential or tells where it comes from, and every error on the way to one.
#[cfg(unix)]
#[tokio::test]
async fn sources_of_credentials_and_their_errors_show_nothing_secret() {
    use appsync_mcp_client::{ApiKey, TokenCommand};

    let token = jwt(r#"{"sub":"topsecret-ann"}"#);
    let script = |exit: u8, printed: &str| format!("echo \"$*, {token}\" >&2; printf '%s' '{printed}'; exit {exit}");
    let opaque = "Bearer topsecret";
    for (text, printed) in [
        (script(3, &token), ""),
        (script(0, "topsecret\ntopsecret"), ""),
        (script(0, "topsecret"), ""),
        (script(0, ""), opaque),
    ] {
        let file = TempFile::new("script", if printed.is_empty() { text } else { script(0, printed) });
        let line = format!("/bin/sh {} --password=topsecret", file.path().display());
        let command = || TokenCommand::parse(&line).unwrap();
        assert_silent(&command());
        assert_silent(&TokenSource::from(command()));
        for authorization in [
            Authorization::Oidc(TokenSource::from(command()).into()),
            Authorization::CognitoUserPools(Bearer {
                token: command().into(),
                prefix: true,
            }),
            Authorization::Lambda(command().into()),
        ] {
            assert_silent(&authorization);
            if let Err(error) = authorization.check().await {
                assert_error_silent(&error);
                assert!(!format!("{error} {error:?}").contains(&token), "{error}");
            }
        }
    }
    for line in ["topsecret '", "A=topsecret b", "'/no/such topsecret'"] {
        match TokenCommand::parse(line) {
            Ok(command) => assert_error_silent(&Authorization::Lambda(command.into()).check().await.unwrap_err()),
            Err(error) => assert_error_silent(&error),
        }
    }
    #[cfg(feature = "iam")]
    assert_silent(&Authorization::Iam(appsync_mcp_client::Iam::new(
        "eu-west-1",
        appsync_mcp_client::AwsEnvironment::default(),
    )));
    assert_silent(&Authorization::ApiKey(ApiKey::Value(Secret::parse(KEY).unwrap())));
}
