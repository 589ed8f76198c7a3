//! Starts that come to nothing: what was in the wrong place, or could not be read, is not repeated.

use std::process::Stdio;

use serde_json::json;

use super::{
    ACCESS_KEY_ID, API_KEY, COMMAND_SECRETS, LAMBDA_TOKEN, SECRET_ACCESS_KEY, SESSION_TOKEN, aws_variables, command,
    find, jwt, log, token, token_command, words,
};
use crate::api::Folder;

const HERE: &str = "http://localhost:9/graphql";

/// A command line and an environment.
type Start = (Vec<String>, Vec<(String, String)>);

/// Makes the start, and looks for secrets in what it says.
fn check((line, variables): &Start, secrets: &[&str]) {
    let mut line = line.clone();
    if !line.iter().any(|word| word == "--log") && !variables.iter().any(|(name, _)| name.ends_with("_LOG")) {
        line.extend(words(&["--log", &log()]));
    }
    let mut command = command(&line);
    let output = command
        .envs(variables.iter().cloned())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr]
        .map(|text| String::from_utf8_lossy(&text).into_owned())
        .concat();
    assert!(!said.is_empty() && !said.contains("panicked"), "{line:?}: {said}");
    for secret in secrets {
        assert_eq!(find(&said, secret), None, "{secret}: {line:?} {variables:?}");
    }
}

/// The secret itself where something else belongs.
fn misplaced(secret: &str) -> Vec<Start> {
    let mut starts = Vec::new();
    for flag in [
        "--api-key-file",
        "--bearer-file",
        "--token-command",
        "--auth",
        "--region",
        "--log",
        "--token",
        "--api-key",
    ] {
        starts.push((words(&["--endpoint", HERE, flag, secret]), Vec::new()));
    }
    for line in [
        &["serve"][..],
        &["tools", "--json"],
        &["--bearer-prefix"],
        &["--sandbox", "--sandbox-companies"],
        &[],
    ] {
        starts.push((words(&[line, &[secret]].concat()), Vec::new()));
    }
    for url in [
        "https://ann:{}@x/graphql",
        "https://{}@x/graphql",
        "https://x/graphql#{}",
        "http://x/?{}",
        "ftp://{}/",
        "{}",
    ] {
        starts.push((words(&["--endpoint", &url.replace("{}", secret)]), Vec::new()));
    }
    for name in [
        "API_KEY",
        "BEARER",
        "TOKEN",
        "API_KEY_FILE",
        "BEARER_FILE",
        "AUTH",
        "REGION",
        "LOG",
        "ALLOW_MUTATIONS",
        "BEARER_PREFIX",
        "INSECURE_HTTP",
    ] {
        let variable = (format!("APPSYNC_MCP_{name}"), secret.to_owned());
        starts.push((words(&["--endpoint", HERE]), vec![variable]));
    }
    starts
}

#[test]
fn a_secret_in_the_wrong_place_is_not_repeated() {
    let token = token();
    for secret in [API_KEY, &token, LAMBDA_TOKEN] {
        for start in misplaced(secret) {
            check(&start, &[secret]);
        }
    }
}

#[test]
fn what_is_no_token_is_not_repeated() {
    let folder = Folder::new();
    let token = token();
    let file = |name: &str, text: &str| folder.write(name, text).to_str().unwrap().to_owned();
    let two = file("two", &format!("{API_KEY}\n{token}\n"));
    let json = file(
        "json",
        &json!({ "access_token": token, "refresh_token": LAMBDA_TOKEN }).to_string(),
    );
    let expired = file("expired", &jwt(r#"{"sub":"quokka-subject","exp":1}"#));
    let scheme = file("scheme", &format!("Bearer {LAMBDA_TOKEN}"));
    let failing = token_command(&folder, "failing.sh", &token, 3);

    let mut credentials = vec![
        words(&["--api-key-file", &two]),
        words(&["--bearer-file", &two]),
        words(&["--bearer-file", &json]),
        words(&["--bearer-file", &expired]),
        words(&["--auth", "lambda", "--bearer-file", &scheme]),
    ];
    for command in [
        &format!("/bin/cat '{json}' --client-secret={}", COMMAND_SECRETS[0]),
        &format!("\"{failing}\""),
        &format!("PASSWORD={LAMBDA_TOKEN} get"),
        &format!("get '{LAMBDA_TOKEN}"),
        &failing,
    ] {
        credentials.push(words(&["--token-command", command]));
    }
    let parts = token.split('.').skip(1);
    let secrets: Vec<&str> = [API_KEY, LAMBDA_TOKEN]
        .into_iter()
        .chain(parts)
        .chain(COMMAND_SECRETS)
        .collect();
    let mut starts: Vec<Start> = credentials.into_iter().map(|flags| (flags, Vec::new())).collect();
    // The same, where a desktop client hands them over.
    for (mode, name, text) in [
        ("api-key", "API_KEY", format!("{API_KEY}\n{token}\n")),
        ("api-key", "API_KEY", format!("{API_KEY}\u{e9}")),
        ("oidc", "BEARER", format!("{API_KEY}\n{token}\n")),
        ("oidc", "BEARER", json!({ "access_token": token }).to_string()),
        ("oidc", "BEARER", jwt(r#"{"sub":"quokka-subject","exp":1}"#)),
        ("lambda", "BEARER", format!("Bearer {LAMBDA_TOKEN}")),
        ("lambda", "BEARER", format!("\"{LAMBDA_TOKEN}\"")),
        ("oidc", "BEARER", format!("Authorization: Bearer {token}")),
        ("api-key", "API_KEY", format!("x-api-key: {API_KEY}")),
        ("api-key", "API_KEY", format!("export API_KEY={API_KEY}")),
        ("api-key", "API_KEY", format!("'{API_KEY}'")),
        ("api-key", "API_KEY", format!("Bearer {API_KEY}")),
        ("api-key", "API_KEY", json!({ "apiKey": API_KEY }).to_string()),
        ("api-key", "BEARER", token.clone()),
        ("oidc", "API_KEY", API_KEY.to_owned()),
    ] {
        starts.push((words(&["--auth", mode]), vec![(format!("APPSYNC_MCP_{name}"), text)]));
    }
    starts.push((
        words(&["--bearer-file", &two]),
        vec![("APPSYNC_MCP_BEARER".to_owned(), token.clone())],
    ));
    for (flags, variables) in starts {
        for begin in [
            &["--endpoint", HERE][..],
            &["call", "search_companies", "keywords=SaaS", "--endpoint", HERE],
        ] {
            check(&([words(begin), flags.clone()].concat(), variables.clone()), &secrets);
        }
    }
}

/// What was copied along with a key, or stands beside it and can't be used.
fn copied(folder: &Folder) -> impl Iterator<Item = Vec<(&'static str, String)>> {
    [
        ("AWS_SECRET_ACCESS_KEY", format!("\"{SECRET_ACCESS_KEY}\"")),
        (
            "AWS_SECRET_ACCESS_KEY",
            format!("export AWS_SECRET_ACCESS_KEY={SECRET_ACCESS_KEY}"),
        ),
        (
            "AWS_SECRET_ACCESS_KEY",
            format!("{SECRET_ACCESS_KEY}\n{SECRET_ACCESS_KEY}"),
        ),
        ("AWS_PROFILE", format!("{SECRET_ACCESS_KEY}\nx")),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "${X}".to_owned()),
        ("HTTPS_PROXY", format!("socks5://ann:{SECRET_ACCESS_KEY}@proxy")),
        ("HTTPS_PROXY", format!("http://ann:{SECRET_ACCESS_KEY}@")),
    ]
    .into_iter()
    .map(|variable| {
        let mut environment = aws_variables(folder, "none", "none");
        environment.push(("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID.to_owned()));
        environment.push(variable);
        environment
    })
}

/// What the AWS crates can make nothing of.
#[test]
fn unreadable_aws_credentials_are_not_repeated() {
    let folder = Folder::new();
    let keys = format!("aws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key");
    let secrets = [&[SECRET_ACCESS_KEY, SESSION_TOKEN][..], &COMMAND_SECRETS].concat();
    let mut environments = Vec::new();
    for (name, text) in [
        ("no-sign", format!("[default]\n{keys} {SECRET_ACCESS_KEY}\n")),
        ("no-profile", format!("{keys} = {SECRET_ACCESS_KEY}\n")),
        (
            "nested",
            format!("[default]\n{keys} = {SECRET_ACCESS_KEY}\ns3 =\n  {SECRET_ACCESS_KEY}\n"),
        ),
        (
            "half",
            format!("[default]\naws_secret_access_key = {SECRET_ACCESS_KEY}\naws_session_token = {SESSION_TOKEN}\n"),
        ),
    ] {
        folder.write(name, &text);
        environments.push(aws_variables(&folder, "none", name));
    }
    let [id, password] = COMMAND_SECRETS;
    for (name, printed) in [
        (
            "cut",
            format!(r#"{{"Version": 1, "AccessKeyId": "{ACCESS_KEY_ID}", "SecretAccessKey": "{SECRET_ACCESS_KEY}"#),
        ),
        (
            "bare",
            format!(r#"{{"Version": 1, "SecretAccessKey": {SECRET_ACCESS_KEY}}}"#),
        ),
        (
            "other",
            format!(r#"{{"Version": 2, "AccessKeyId": "x", "SecretAccessKey": "{SECRET_ACCESS_KEY}"}}"#),
        ),
        (
            "date",
            format!(
                r#"{{"Version": 1, "AccessKeyId": "x", "SecretAccessKey": "{SECRET_ACCESS_KEY}", "Expiration": "soon"}}"#
            ),
        ),
        ("text", format!("{SECRET_ACCESS_KEY}\n{SESSION_TOKEN}")),
    ] {
        let printed = folder.write(&format!("{name}.json"), &printed);
        let command = format!("/bin/sh -c 'cat {}' --client-secret={id} {password}", printed.display());
        folder.write(name, &format!("[default]\ncredential_process = {command}\n"));
        environments.push(aws_variables(&folder, name, "none"));
    }
    // What was copied along with a token.
    for token in [
        format!("{SESSION_TOKEN}\nx"),
        format!("{SESSION_TOKEN}\u{e9}"),
        format!("{SESSION_TOKEN}\u{1}"),
    ] {
        let mut environment = aws_variables(&folder, "none", "none");
        environment.push(("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID.to_owned()));
        environment.push(("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY.to_owned()));
        environment.push(("AWS_SESSION_TOKEN", token));
        environments.push(environment);
    }
    environments.extend(copied(&folder));
    let line = [
        "call",
        "search_companies",
        "keywords=SaaS",
        "--endpoint",
        HERE,
        "--auth",
        "iam",
        "--region",
        "eu-west-1",
    ];
    for environment in environments {
        let variables = environment.into_iter().map(|(name, value)| (name.to_owned(), value));
        check(&(words(&line), variables.collect()), &secrets);
    }
}
