//! Signed requests, over HTTP. That the signatures are right is tested with those of another signer, in `src/sigv4.rs`.

use std::process::Command;

use appsync_mcp_sandbox::{AccessKey, AuthorizationMode, Sandbox};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::client::{Answer, only_error, post, small};

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes
        .as_ref()
        .iter()
        .fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// Such as `20260131T120000Z`, by a clock that is not the sandbox's own.
fn now() -> String {
    let output = Command::new("date").args(["-u", "+%Y%m%dT%H%M%SZ"]).output();
    String::from_utf8(output.unwrap().stdout).unwrap().trim().to_owned()
}

/// Signs a body and sends another, which may be the same.
async fn send(sandbox: &Sandbox, key: &AccessKey, signed: &str, sent: &str) -> Answer {
    let host = sandbox
        .endpoint()
        .trim_start_matches("http://")
        .trim_end_matches("/graphql");
    let (time, token) = (now(), key.session_token.clone());
    let mut headers = vec![("host", host.to_owned()), ("x-amz-date", time.clone())];
    headers.extend(token.map(|token| ("x-amz-security-token", token)));
    let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let lines = headers.iter().map(|(name, value)| format!("{name}:{value}\n"));
    let lines = lines.collect::<Vec<_>>().concat();
    let request = format!("POST\n/graphql\n\n{lines}\n{names}\n{}", hex(Sha256::digest(signed)));
    let scope = format!("{}/{}/appsync/aws4_request", &time[..8], Sandbox::REGION);
    let to_sign = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(Sha256::digest(request)));
    let signing_key = scope
        .split('/')
        .fold(format!("AWS4{}", key.secret).into_bytes(), |key, part| mac(&key, part));
    let signature = hex(mac(&signing_key, &to_sign));
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}",
        key.id
    );
    headers.push(("authorization", authorization));
    let headers: Vec<_> = headers
        .iter()
        .filter(|(name, _)| *name != "host")
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    post(sandbox, &headers, sent).await
}

async fn ask(sandbox: &Sandbox, key: &AccessKey, document: &str) -> Answer {
    let body = json!({ "query": document }).to_string();
    send(sandbox, key, &body, &body).await
}

#[tokio::test]
async fn a_signed_request_may_have_what_the_schema_opens_to_iam() {
    let sandbox = small().await;
    let document = r#"{ getCompany(id: "c-00042") { id contacts { items { id } } } aiSearch(input: { question: "software" }) { hits { __typename } } }"#;
    for key in [sandbox.access_key().clone(), sandbox.issue_access_key(60)] {
        let answer = ask(&sandbox, &key, document).await;
        let body = answer.json();
        assert_eq!((answer.status, body.get("errors")), (200, None), "{body}");
        assert_eq!(body["data"]["getCompany"]["id"], "c-00042");
    }
    let refused = ask(&sandbox, sandbox.access_key(), "{ listCollections { nextToken } }").await;
    assert_eq!(only_error(&refused.json())["errorType"], "Unauthorized");
    let received = sandbox.received().pop().unwrap();
    assert_eq!(
        (received.mode, received.subject),
        (Some(AuthorizationMode::AwsIam), None)
    );
}

#[tokio::test]
async fn a_signature_that_does_not_fit_is_refused() {
    let sandbox = small().await;
    let other = small().await;
    let body = json!({ "query": r#"{ getCompany(id: "c-00042") { id } }"# }).to_string();
    let changed = body.replace("c-00042", "c-00043");
    let tampered = send(&sandbox, sandbox.access_key(), &body, &changed).await;
    let unknown = send(&sandbox, other.access_key(), &body, &body).await;
    let expired = send(&sandbox, &sandbox.issue_access_key(-1), &body, &body).await;
    let without_token = AccessKey {
        session_token: None,
        ..sandbox.issue_access_key(60)
    };
    let without_token = send(&sandbox, &without_token, &body, &body).await;
    for (answer, status, error_type) in [
        (tampered, 400, "BadRequestException"),
        (unknown, 403, "UnrecognizedClientException"),
        (expired, 403, "ExpiredTokenException"),
        (without_token, 403, "UnrecognizedClientException"),
    ] {
        let told: Value = answer.json();
        assert_eq!(
            (answer.status, &told["errors"][0]["errorType"]),
            (status, &json!(error_type))
        );
        assert!(
            answer
                .headers
                .contains(&format!("x-amzn-errortype: {}", error_type.to_lowercase()))
        );
    }
    assert!(
        sandbox
            .received()
            .iter()
            .all(|received| received.mode.is_none() && !received.carried_out)
    );
}
