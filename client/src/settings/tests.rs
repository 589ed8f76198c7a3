//! Settings from flags and variables, as data.

use std::path::PathBuf;

use super::*;
use crate::Mode;

/// A setting that is a program's own.
const COLOR: Key = Key {
    flag: "--color",
    variable: "APPSYNC_MCP_COLOR",
    help: "",
};

const URL: &str = "https://x.appsync-api.eu-west-1.amazonaws.com/graphql";

/// Parses `--flag=value` and `VARIABLE=value` words.
fn settings(words: &[&str]) -> Result<Settings, String> {
    let (mut flags, mut variables) = (Vec::new(), Vec::new());
    let all: Vec<Key> = Key::OF_CONNECTION.into_iter().chain([COLOR]).collect();
    for word in words {
        let (name, value) = word.split_once('=').unwrap();
        match all.iter().find(|key| key.flag == name) {
            Some(key) => flags.push((*key, value.into())),
            None => variables.push((name.into(), value.into())),
        }
    }
    Settings::new(flags, variables, &[COLOR]).map_err(|error| error.to_string())
}

/// A file that exists for the length of a test.
struct TempFile(PathBuf);

impl TempFile {
    fn new(name: &str, content: &str) -> Self {
        let path = std::env::temp_dir().join(format!("appsync-mcp-settings-{}-{name}", std::process::id()));
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn check_connection(words: &[&str], expected: Result<Mode, &str>) {
    let connection =
        settings(words).and_then(|settings| settings.connection(", or give up").map_err(|error| error.to_string()));
    let mode = connection.map(|connection| connection.authorization.mode());
    assert_eq!(mode, expected.map_err(str::to_owned), "{words:?}");
}

/// Looks at the files that others' variables name.
async fn check_files(words: &[&str]) -> Result<(), String> {
    let connection = settings(words)?.connection("").map_err(|error| error.to_string())?;
    connection.check_files().await.map_err(|error| error.to_string())
}

/// Checks what becomes of a file with a key, which is read where a connection is checked.
async fn check_key_file(path: &str, expected: Result<(), String>) {
    let words = [format!("--endpoint={URL}"), format!("--api-key-file={path}")];
    let connection = settings(&[&words[0], &words[1]]).unwrap().connection("").unwrap();
    let checked = connection.check().await.map(drop).map_err(|error| error.to_string());
    let expected = expected.map_err(|problem| format!("`--api-key-file`: {problem}"));
    assert_eq!(checked, expected, "{path}");
}

#[test]
fn a_credential_brings_its_mode() {
    let key = TempFile::new("key", "da2-abc\n");
    let (endpoint, key) = (format!("--endpoint={URL}"), key.path());
    let (key_flag, key_variable) = (
        format!("--api-key-file={key}"),
        format!("APPSYNC_MCP_API_KEY_FILE={key}"),
    );
    let endpoint_variable = format!("APPSYNC_MCP_ENDPOINT={URL}");
    check_connection(&[&endpoint, &key_flag], Ok(Mode::ApiKey));
    check_connection(&[&endpoint_variable, &key_variable], Ok(Mode::ApiKey));
    check_connection(&[&endpoint, &key_flag, "--auth=api-key"], Ok(Mode::ApiKey));
    check_connection(&[&endpoint, "--bearer-file=t"], Ok(Mode::Oidc));
    check_connection(
        &[&endpoint, "--bearer-file=t", "APPSYNC_MCP_AUTH=cognito-user-pools"],
        Ok(Mode::CognitoUserPools),
    );
    // The flag wins, and what is empty is not there.
    check_connection(
        &[&endpoint, "--bearer-file=t", "--auth=oidc", "APPSYNC_MCP_AUTH=x"],
        Ok(Mode::Oidc),
    );
    check_connection(
        &[&endpoint, &key_flag, "APPSYNC_MCP_BEARER_FILE=", "APPSYNC_MCP_AUTH="],
        Ok(Mode::ApiKey),
    );
    check_connection(
        &["--endpoint=http://127.0.0.1:4000/graphql", &key_flag],
        Ok(Mode::ApiKey),
    );
}

#[test]
fn what_can_not_be_used_says_which_setting_and_what_to_do() {
    let key = TempFile::new("key2", "da2-abc");
    let (endpoint, key_flag) = (format!("--endpoint={URL}"), format!("--api-key-file={}", key.path()));
    check_connection(
        &[&key_flag],
        Err(
            "no endpoint: set `--endpoint` or `APPSYNC_MCP_ENDPOINT` to the API's URL, such as \
             https://example.appsync-api.eu-west-1.amazonaws.com/graphql, or give up",
        ),
    );
    check_connection(
        &["APPSYNC_MCP_ENDPOINT=http://example.org/graphql", &key_flag],
        Err(
            "`APPSYNC_MCP_ENDPOINT`: the endpoint must use `https`: `http` to another machine shows the credential to everybody on the way",
        ),
    );
    check_connection(
        &[&endpoint],
        Err(
            "no credential: set `--api-key-file` (or `APPSYNC_MCP_API_KEY_FILE`) to a file that holds an API key, \
             `--bearer-file` (or `APPSYNC_MCP_BEARER_FILE`) to a file that holds a token, \
             `--token-command` (or `APPSYNC_MCP_TOKEN_COMMAND`) to a command that prints one, \
             or `--auth iam` (or `APPSYNC_MCP_AUTH`) to sign with the credentials of the AWS environment or profile",
        ),
    );
    check_connection(
        &[&endpoint, &key_flag, "APPSYNC_MCP_BEARER_FILE=t"],
        Err("both `--api-key-file` and `APPSYNC_MCP_BEARER_FILE` are set: keep the one that the API is to see"),
    );
    check_connection(
        &[&endpoint, &key_flag, "APPSYNC_MCP_AUTH=cognito"],
        Err("`APPSYNC_MCP_AUTH`: unknown authorization mode `cognito`; \
             write one of `api-key`, `iam`, `oidc`, `cognito-user-pools`, `lambda`"),
    );
    check_connection(
        &[&endpoint, &key_flag, "--auth=oidc"],
        Err("`--auth` says `oidc`, but `--api-key-file` is for an API key: change one of them"),
    );
}

#[test]
fn a_value_that_is_not_understood_is_refused_before_it_is_needed() {
    for (word, expected) in [
        (
            "APPSYNC_MCP_AUTH=bogus",
            "`APPSYNC_MCP_AUTH`: unknown authorization mode `bogus`",
        ),
        ("--auth=bogus", "`--auth`: unknown authorization mode `bogus`"),
        (
            "APPSYNC_MCP_ENDPOINT=ftp://x.example/graphql",
            "`APPSYNC_MCP_ENDPOINT`: the endpoint",
        ),
    ] {
        let error = settings(&[word]).unwrap_err();
        assert!(error.starts_with(expected), "{word}: {error}");
    }
}

#[test]
fn a_secret_in_place_of_a_files_name_is_not_repeated() {
    for secret in [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJxdW9ra2EifQ.qu0kka-SECRET_",
        "Bearer eyJhbGciOiJIUzI1NiJ9.e30.SECRET",
        "eyJhbGciOiJIUzI1NiJ9.e30.",
        "da2-quokkaquokkaquokkaquokka42",
        " da2-SECRET\n",
        "ya29/Quokka0123456789quokkaWombat+x==",
        "hvs.QuokkaQuokka0123456789quokka",
    ] {
        for name in [
            "--bearer-file",
            "--api-key-file",
            "--token-command",
            "--auth",
            "--region",
            "APPSYNC_MCP_COLOR",
            "APPSYNC_MCP_BEARER_FILE",
            "APPSYNC_MCP_API_KEY_FILE",
        ] {
            let expected = format!(
                "`{name}`: this looks like the secret itself, and not like a file's name or a command: \
                 write it to a file that only you can read, and name the file"
            );
            assert_eq!(settings(&[&format!("{name}={secret}")]).unwrap_err(), expected);
        }
    }
    for file in [
        "da2-",
        "./da2-x",
        "/run/da2-x",
        "eyJ.txt",
        "a.b.c",
        "eyJ/a.b.c",
        "token.jwt",
        "/run/QuokkaQuokka0123456789quokka",
        "Users/Ann/Projects/App2/secrets/token",
        "API-token-2026-11-23-production.txt",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    ] {
        assert!(settings(&[&format!("--bearer-file={file}")]).is_ok(), "{file}");
    }
}

#[test]
fn a_misspelt_variable_is_never_ignored() {
    for (word, hint) in [
        ("APPSYNC_MCP_COLOUR=blue", "; did you mean `APPSYNC_MCP_COLOR`?"),
        ("APPSYNC_MCP_END_POINT=", "; did you mean `APPSYNC_MCP_ENDPOINT`?"),
        ("appsync_mcp_auth=oidc", "; did you mean `APPSYNC_MCP_AUTH`?"),
        ("APPSYNC_MCP_WEATHER=fair", ""),
    ] {
        let error = settings(&[word]).unwrap_err();
        let name = word.split('=').next().unwrap();
        assert!(
            error.starts_with(&format!("unknown variable `{name}`{hint}\n")),
            "{error}"
        );
    }
    assert!(settings(&["APPSYNC_MCPX=1", "PATH=/bin", "MY_APPSYNC_MCP_AUTH=1"]).is_ok());
    // The build's own.
    assert!(settings(&["APPSYNC_MCP_REQUIRE_VERIFIED=1"]).is_ok());
}

#[tokio::test]
async fn a_token_is_looked_at_before_it_is_needed() {
    // {"exp": 1} and {}, without a signature that anybody would check.
    let expired = TempFile::new("expired", "e30.eyJleHAiOjF9.x");
    let current = TempFile::new("current", "Bearer e30.e30.x\n");
    let no_token = TempFile::new("no-token", "hello");
    for (path, expected) in [
        (expired.path(), None),
        (current.path(), None),
        (no_token.path(), Some("is not a JSON Web Token")),
        (
            "/nowhere/token",
            Some("failed to read `/nowhere/token`: No such file or directory"),
        ),
        ("/dev/null", Some("is not a regular file")),
    ] {
        let words = [format!("--endpoint={URL}"), format!("--bearer-file={path}")];
        let connection = settings(&[&words[0], &words[1]]).unwrap().connection("").unwrap();
        let error = connection.check().await.err().map(|error| error.to_string());
        match expected {
            None => assert_eq!(error, None),
            Some(expected) => {
                let error = error.unwrap();
                assert!(
                    error.starts_with("`--bearer-file`: ") && error.contains(expected),
                    "{error}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_key_is_looked_at_before_it_is_needed() {
    let (key, empty) = (TempFile::new("looked-at", "da2-abc\n"), TempFile::new("empty", "\n"));
    for (path, expected) in [
        (key.path(), None),
        (empty.path(), Some(format!("`{}` is empty", empty.path()))),
        (
            "/nowhere/key",
            Some("failed to read `/nowhere/key`: No such file or directory (os error 2)".to_owned()),
        ),
        ("/dev/null", Some("`/dev/null` is empty".to_owned())),
    ] {
        let (endpoint, file) = (format!("--endpoint={URL}"), format!("APPSYNC_MCP_API_KEY_FILE={path}"));
        let connection = settings(&[&endpoint, &file]).unwrap().connection("").unwrap();
        let expected = expected.map(|expected| format!("`APPSYNC_MCP_API_KEY_FILE`: {expected}"));
        for checked in [connection.check().await, connection.begin().await] {
            assert_eq!(checked.err().map(|error| error.to_string()), expected);
        }
    }
}

#[test]
fn each_mode_takes_its_own_credential_and_no_other() {
    let key = TempFile::new("key3", "da2-abc");
    let (endpoint, key_flag) = (format!("--endpoint={URL}"), format!("--api-key-file={}", key.path()));
    let token = "--bearer-file=t";
    let command = "--token-command=print-token --profile 'a b'";
    for (words, expected) in [
        (vec![command], Ok(Mode::Oidc)),
        (vec![command, "--auth=cognito-user-pools"], Ok(Mode::CognitoUserPools)),
        (vec![command, "--auth=lambda"], Ok(Mode::Lambda)),
        (vec![token, "--auth=lambda"], Ok(Mode::Lambda)),
        (vec![token, "--bearer-prefix=true"], Ok(Mode::Oidc)),
        (
            vec![token, "APPSYNC_MCP_BEARER_PREFIX=false", "--auth=oidc"],
            Ok(Mode::Oidc),
        ),
        (
            vec![&key_flag, "--auth=lambda"],
            Err("`--auth` says `lambda`, but `--api-key-file` is for an API key: change one of them"),
        ),
        (
            vec![command, "--auth=api-key"],
            Err("`--auth` says `api-key`, but `--token-command` is for a token: change one of them"),
        ),
        (
            vec![token, "--auth=iam"],
            Err("`--auth` says `iam`, but `--bearer-file` is for a token: change one of them"),
        ),
        (
            vec![token, command],
            Err("both `--bearer-file` and `--token-command` are set: keep the one that the API is to see"),
        ),
        (
            vec![&key_flag, "--bearer-prefix=true"],
            Err(
                "`--bearer-prefix` is for `oidc` and `cognito-user-pools`, and the authorization mode is `api-key`: \
                 take it out, or change the mode",
            ),
        ),
        (
            vec![token, "APPSYNC_MCP_REGION=eu-west-1"],
            Err(
                "`APPSYNC_MCP_REGION` is for `iam`, and the authorization mode is `oidc`: take it out, or change the mode",
            ),
        ),
        (
            vec![token, "APPSYNC_MCP_BEARER_PREFIX=yes"],
            Err("`APPSYNC_MCP_BEARER_PREFIX`: write `true` or `false`"),
        ),
        (
            vec!["--token-command=print 'token"],
            Err(
                "`--token-command`: the command has a quotation mark without its counterpart, or ends with a backslash",
            ),
        ),
        (
            vec!["--token-command= "],
            Err("`--token-command`: the command is empty"),
        ),
        (vec![token, "APPSYNC_MCP_TOKEN_COMMAND= \r\n"], Ok(Mode::Oidc)),
    ] {
        let words: Vec<&str> = std::iter::once(endpoint.as_str()).chain(words).collect();
        check_connection(&words, expected);
    }
}

#[cfg(feature = "iam")]
#[test]
fn a_signature_needs_one_region() {
    let own = "--endpoint=https://api.example.com/graphql";
    let aws = format!("--endpoint={URL}");
    for (words, expected) in [
        (vec![aws.as_str()], Ok(Mode::Iam)),
        (vec![&aws, "--region=eu-west-1"], Ok(Mode::Iam)),
        (vec![own, "--region=eu-west-1"], Ok(Mode::Iam)),
        (
            vec![own],
            Err(
                "`--auth` says `iam`, and the endpoint's host does not tell its region: \
                 set `--region` or `APPSYNC_MCP_REGION`, such as `eu-west-1`",
            ),
        ),
        (
            vec![&aws, "--region=us-east-1"],
            Err("`--region`: it says `us-east-1`, and the endpoint is in `eu-west-1`: take it out"),
        ),
        (
            vec![own, "APPSYNC_MCP_REGION=Frankfurt/x"],
            Err("`APPSYNC_MCP_REGION`: `Frankfurt/x` is no region; write it like `eu-west-1`"),
        ),
    ] {
        let words: Vec<&str> = words.into_iter().chain(["--auth=iam"]).collect();
        check_connection(&words, expected);
    }
}

#[test]
fn http_to_another_machine_takes_leave() {
    let http = "--endpoint=http://api.example.com/graphql";
    check_connection(&[http, "--bearer-file=t", "--insecure-http=true"], Ok(Mode::Oidc));
    check_connection(
        &[http, "--bearer-file=t", "APPSYNC_MCP_INSECURE_HTTP=true"],
        Ok(Mode::Oidc),
    );
    assert!(settings(&[http, "--insecure-http=false"]).is_err());
    assert!(settings(&[http]).is_err());
}

#[test]
fn a_desktop_client_hands_over_a_secret() {
    let endpoint = format!("APPSYNC_MCP_ENDPOINT={URL}");
    let (key, token) = ("APPSYNC_MCP_API_KEY=da2-quokka", "APPSYNC_MCP_BEARER=e30.e30.x");
    for (words, expected) in [
        (vec![key], Ok(Mode::ApiKey)),
        (vec![key, "APPSYNC_MCP_BEARER=${user_config.token}"], Ok(Mode::ApiKey)),
        (vec![token, "APPSYNC_MCP_API_KEY="], Ok(Mode::Oidc)),
        (vec![token, "APPSYNC_MCP_AUTH=lambda"], Ok(Mode::Lambda)),
        (vec![token, "--auth=cognito-user-pools"], Ok(Mode::CognitoUserPools)),
        (
            vec![key, token],
            Err("both `APPSYNC_MCP_API_KEY` and `APPSYNC_MCP_BEARER` are set: keep the one that the API is to see"),
        ),
        (
            vec![token, "--token-command=print-token"],
            Err("both `--token-command` and `APPSYNC_MCP_BEARER` are set: keep the one that the API is to see"),
        ),
        (
            vec![key, "APPSYNC_MCP_AUTH=oidc"],
            Err("`APPSYNC_MCP_AUTH` says `oidc`, but `APPSYNC_MCP_API_KEY` is for an API key: change one of them"),
        ),
        (
            vec![token, "APPSYNC_MCP_AUTH=iam"],
            Err("`APPSYNC_MCP_AUTH` says `iam`, but `APPSYNC_MCP_BEARER` is for a token: change one of them"),
        ),
        (
            vec!["APPSYNC_MCP_API_KEY=da2-quokka\nda2-quokka"],
            Err(
                "`APPSYNC_MCP_API_KEY` holds line breaks or other control characters; it must hold one line of plain text",
            ),
        ),
    ] {
        let words: Vec<&str> = std::iter::once(endpoint.as_str()).chain(words).collect();
        check_connection(&words, expected);
        if let Ok(settings) = settings(&words) {
            assert!(!format!("{settings:?}").contains("quokka"), "{settings:?}");
            assert!(!format!("{settings:?}").contains("e30"), "{settings:?}");
        }
    }
    // They are of the environment only.
    let error = settings(&["APPSYNC_MCP_APIKEY=da2-quokka"]).unwrap_err();
    assert!(
        error.starts_with("unknown variable `APPSYNC_MCP_APIKEY`; did you mean `APPSYNC_MCP_API_KEY`?"),
        "{error}"
    );
    assert!(!error.contains("quokka"), "{error}");
}

#[test]
fn what_a_user_has_left_open_is_not_set() {
    let mut words = vec![
        format!("APPSYNC_MCP_ENDPOINT={URL}"),
        "APPSYNC_MCP_BEARER=e30.e30.x".to_owned(),
    ];
    let others = Key::OF_CONNECTION
        .into_iter()
        .chain([COLOR])
        .filter(|key| *key != Key::ENDPOINT);
    words.extend(others.map(|key| format!("{}=${{user_config.some_name-2}}", key.variable)));
    words.push("APPSYNC_MCP_API_KEY=${user_config.api_key}".to_owned());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    check_connection(&words, Ok(Mode::Oidc));
    // What only looks like it is a value.
    for value in ["${user_config.a}b", "a${user_config.a}", "$user_config.a"] {
        let error = settings(&[&format!("APPSYNC_MCP_AUTH={value}")]).unwrap_err();
        assert!(
            error.starts_with("`APPSYNC_MCP_AUTH`: unknown authorization mode"),
            "{error}"
        );
    }
    assert!(settings(&["APPSYNC_MCP_COLOUR=${user_config.colour}"]).is_err());
}

#[tokio::test]
async fn what_nobody_has_put_a_value_in_the_place_of_is_told_as_a_placeholder() {
    let endpoint = format!("--endpoint={URL}");
    for placeholder in [
        "${X}",
        "$X",
        "%X%",
        "${env:X}",
        "${input:x}",
        "{{X}}",
        "<your value>",
        "${user_config.}",
        "${user_config.a b}",
        " ${X}\r",
    ] {
        for key in Key::OF_CONNECTION.into_iter().chain([COLOR]) {
            for name in [key.flag, key.variable] {
                let error = settings(&[&format!("{name}={placeholder}")]).unwrap_err();
                let expected = format!("`{name}` is still the placeholder (such as `${{NAME}}`): what starts");
                assert!(error.starts_with(&expected), "{error}");
            }
        }
        for name in SECRET_VARIABLES {
            check_connection(
                &[&endpoint, &format!("{name}={placeholder}")],
                Err(&format!(
                    "`{name}` is still the placeholder (such as `${{NAME}}`); put the value itself in its place"
                )),
            );
        }
        let file = TempFile::new("placeholder", placeholder);
        let problem = "is still the placeholder (such as `${NAME}`); put the value itself in its place";
        check_key_file(file.path(), Err(format!("`{}` {problem}", file.path()))).await;
    }
    // Within a URL, too.
    for url in ["https://${API}/graphql", "https://<id>.example.com/graphql"] {
        let error = settings(&[&format!("--endpoint={url}")]).unwrap_err();
        assert!(
            error.starts_with("`--endpoint`: the endpoint still holds a placeholder"),
            "{error}"
        );
    }
}

#[test]
fn white_space_around_a_value_is_none_of_it() {
    let key = TempFile::new("key4", "\u{feff}da2-abc \r\n");
    for (start, end) in [("", "\r"), (" ", "\n"), ("\t", "\r\n")] {
        let word = |name: &str, value: &str| format!("{name}={start}{value}{end}");
        for names in [["--endpoint", "--auth"], ["APPSYNC_MCP_ENDPOINT", "APPSYNC_MCP_AUTH"]] {
            let words = [
                word(names[0], URL),
                word(names[1], "api-key"),
                word("APPSYNC_MCP_API_KEY_FILE", key.path()),
                word("APPSYNC_MCP_INSECURE_HTTP", "false"),
                word("APPSYNC_MCP_TOKEN_COMMAND", ""),
            ];
            check_connection(&words.each_ref().map(String::as_str), Ok(Mode::ApiKey));
        }
        let words = [
            word("--endpoint", URL),
            word("APPSYNC_MCP_API_KEY", "da2-quokka"),
            word("APPSYNC_MCP_BEARER", ""),
        ];
        check_connection(&words.each_ref().map(String::as_str), Ok(Mode::ApiKey));
    }
    for name in ["--api-key-file", "APPSYNC_MCP_BEARER_FILE"] {
        let error = settings(&[&format!("{name}=/run/a\r\nb")]).unwrap_err();
        assert_eq!(
            error,
            format!(
                "`{name}` holds white space or control characters that are none of its value; write it anew without them"
            )
        );
    }
}

/// What was copied along with a credential is told, whichever way the credential comes in; without it, the credential is taken.
#[tokio::test]
async fn what_is_wrapped_around_a_credential_is_told_and_not_shown() {
    const QUOTED: &str = "has quotation marks around the value; take them out";
    const LABELLED: &str =
        "begins with the name of a header or of a variable; leave only the value that stands after it";
    const NO_KEY: &str =
        "is no API key, but holds spaces, quotation marks, brackets or the like; it must hold the key and nothing else";
    const PLACEHOLDER: &str = "is still the placeholder (such as `${NAME}`); put the value itself in its place";
    let endpoint = format!("--endpoint={URL}");
    for (text, problem) in [
        ("da2-quokka", None),
        ("an-own.key~of+a/gateway==", None),
        ("a:key", None),
        ("\"da2-quokka\"", Some(QUOTED)),
        ("'da2-quokka'", Some(QUOTED)),
        ("`da2-quokka`", Some(QUOTED)),
        ("da2-quokka\"", Some(QUOTED)),
        ("x-api-key: da2-quokka", Some(LABELLED)),
        ("X-Api-Key:da2-quokka", Some(LABELLED)),
        ("API_KEY=da2-quokka", Some(LABELLED)),
        ("APPSYNC_API_KEY = da2-quokka", Some(LABELLED)),
        ("export API_KEY=da2-quokka", Some(LABELLED)),
        ("$env:API_KEY=da2-quokka", Some(LABELLED)),
        ("apiKey: da2-quokka", Some(LABELLED)),
        ("Bearer da2-quokka", Some(NO_KEY)),
        ("{\"apiKey\":\"da2-quokka\"}", Some(NO_KEY)),
        ("da2-quokka;", Some(NO_KEY)),
        ("da2-quokka\\n", Some(NO_KEY)),
        ("API_KEY:da2-quokka", Some(LABELLED)),
        ("apikey:da2-quokka", Some(LABELLED)),
        ("$Env:KEY", Some(PLACEHOLDER)),
        ("$(KEY)", Some(PLACEHOLDER)),
        ("****", Some(PLACEHOLDER)),
        ("null", Some(PLACEHOLDER)),
        ("undefined", Some(PLACEHOLDER)),
        ("YOUR_API_KEY", Some(PLACEHOLDER)),
        ("da2-null", None),
    ] {
        let file = TempFile::new("wrapped", text);
        let expected = problem.map_or(Ok(Mode::ApiKey), |problem| {
            Err(format!("`APPSYNC_MCP_API_KEY` {problem}"))
        });
        check_connection(
            &[&endpoint, &format!("APPSYNC_MCP_API_KEY={text}")],
            expected.as_ref().map(|mode| *mode).map_err(String::as_str),
        );
        let expected = problem.map_or(Ok(()), |problem| Err(format!("`{}` {problem}", file.path())));
        check_key_file(file.path(), expected).await;
    }
    for (text, problem) in [
        ("e30.e30.x", None),
        ("Bearer e30.e30.x", None),
        ("opaque/token+of=any==", None),
        ("key:of:a:function", None),
        ("\"e30.e30.x\"", Some(QUOTED)),
        ("Authorization: Bearer e30.e30.x", Some(LABELLED)),
        ("authorization:e30.e30.x", Some(LABELLED)),
        ("ID_TOKEN=e30.e30.x", Some(LABELLED)),
    ] {
        let expected = problem.map_or(Ok(Mode::Oidc), |problem| Err(format!("`APPSYNC_MCP_BEARER` {problem}")));
        check_connection(
            &[&endpoint, &format!("APPSYNC_MCP_BEARER={text}")],
            expected.as_ref().map(|mode| *mode).map_err(String::as_str),
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_path_that_nobody_expands_says_which_file_was_tried() {
    let here = std::env::current_dir().unwrap();
    let here = here.to_str().unwrap();
    for (path, why) in [
        ("~/no/key", Some("nobody expands `~` here")),
        ("\"/no/key\"", Some("the quotation mark counts as a part of the name")),
        ("$HOME/no/key", Some("nobody expands variables here")),
        ("${HOME}/no/key", Some("nobody expands variables here")),
        ("%USERPROFILE%/no/key", Some("nobody expands variables here")),
        ("no/key", Some("nobody knows here which folder it is meant to be in")),
        ("/no/key", None),
    ] {
        let tried = why.map_or(String::new(), |why| {
            format!(" ({why}, so that `{here}/{path}` was tried; write the whole path)")
        });
        let problem = format!("failed to read `{path}`{tried}: No such file or directory (os error 2)");
        check_key_file(path, Err(problem)).await;
    }
}

#[test]
fn a_proxy_that_can_not_be_used_is_refused_where_it_would_be() {
    let bearer = "--bearer-file=t";
    let api = "--endpoint=https://api.corp.example/graphql";
    let no_url = "`HTTPS_PROXY` is no proxy's URL; write it as `http://HOST:PORT`, what is special in a password percent-encoded, or unset it";
    let socks = "`HTTPS_PROXY` names a SOCKS proxy, which can't be used here; name an HTTP one, as `http://HOST:PORT` or `https://HOST:PORT`";
    for (words, expected) in [
        (vec![api, "HTTPS_PROXY=socks5h://127.0.0.1:1080"], Err(socks)),
        (
            vec![api, "https_proxy=no url"],
            Err(
                "`https_proxy` is no proxy's URL; write it as `http://HOST:PORT`, what is special in a password percent-encoded, or unset it",
            ),
        ),
        (
            vec![api, "ALL_PROXY=${PROXY}"],
            Err(
                "`ALL_PROXY` still holds a placeholder (such as `${NAME}`); put the value itself in its place, or unset it",
            ),
        ),
        (vec![api, "HTTPS_PROXY= proxy.corp.example:8080\r"], Ok(Mode::Oidc)),
        (vec![api, "HTTPS_PROXY=", "HTTP_PROXY=socks5://x"], Ok(Mode::Oidc)),
        (vec![api, "HTTPS_PROXY=http//h:9"], Err(no_url)),
        (vec![api, "HTTPS_PROXY=http://h:9/proxy.pac"], Err(no_url)),
        (vec![api, "HTTPS_PROXY=http://h:0"], Err(no_url)),
        (vec![api, "HTTPS_PROXY=http://*:80"], Err(no_url)),
        (vec![api, "HTTPS_PROXY=http://h:9/"], Ok(Mode::Oidc)),
        (
            vec![api, "HTTPS_PROXY=socks5://x", "NO_PROXY=*.corp.example"],
            Ok(Mode::Oidc),
        ),
        (
            vec!["--endpoint=https://localhost:4000/graphql", "HTTPS_PROXY=socks5://x"],
            Ok(Mode::Oidc),
        ),
    ] {
        let words: Vec<&str> = [bearer].into_iter().chain(words).collect();
        check_connection(&words, expected);
    }
    // AWS is asked for credentials through it, whatever the API is.
    #[cfg(feature = "iam")]
    check_connection(
        &[
            "--endpoint=http://localhost:4000/graphql",
            "--auth=iam",
            "--region=eu-west-1",
            "HTTPS_PROXY=socks5://x",
        ],
        Err(socks),
    );
    // It is not asked where there is a whole key.
    #[cfg(feature = "iam")]
    check_connection(
        &[
            "--endpoint=http://localhost:4000/graphql",
            "--auth=iam",
            "--region=eu-west-1",
            "HTTPS_PROXY=socks5://x",
            "AWS_ACCESS_KEY_ID=AKID",
            "AWS_SECRET_ACCESS_KEY=abc",
        ],
        Ok(Mode::Iam),
    );
    // No connection, no proxy.
    assert!(settings(&["HTTPS_PROXY=socks5://x"]).is_ok());
}

#[tokio::test]
async fn what_has_no_effect_among_the_hosts_without_a_proxy_is_told() {
    let token = TempFile::new("token", "e30.e30.x");
    let words = |proxy: &'static str| {
        let words = [
            format!("--endpoint={URL}"),
            format!("--bearer-file={}", token.path()),
            proxy.to_owned(),
            "NO_PROXY=.corp.example,10.0.0.0/99,localhost,'a.example',$NO_PROXY,${NO_PROXY}".to_owned(),
        ];
        settings(&words.each_ref().map(String::as_str))
            .unwrap()
            .connection("")
            .unwrap()
    };
    assert_eq!(
        words("HTTPS_PROXY=http://p").check().await.unwrap(),
        [
            "`NO_PROXY`: `10.0.0.0/99`, `'a.example'`, `$NO_PROXY`, `${NO_PROXY}` is the name of no host, and has no effect"
        ]
    );
    assert_eq!(words("HTTPS_PROXY=").check().await.unwrap(), Vec::<String>::new());
}

/// Linux and its like: elsewhere the operating system says whom it trusts.
#[cfg(all(unix, not(target_vendor = "apple")))]
#[tokio::test]
async fn certificates_that_are_not_there_are_told_at_the_start() {
    let empty = TempFile::new("ca", "-----BEGIN CERTIFICATE-----\ne30=\n-----END CERTIFICATE-----\n");
    let here = std::env::current_dir().unwrap();
    let path = |name: &str| format!("{name}={}", empty.path());
    let fifo = format!("{}.fifo", empty.path());
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap()
            .success()
    );
    let none = "unset it, or name a file with CA certificates in PEM format";
    for (word, expected) in [
        (
            path("SSL_CERT_FILE"),
            format!(
                "`SSL_CERT_FILE`: there is no certificate in PEM format in `{}`",
                empty.path()
            ),
        ),
        (
            "SSL_CERT_FILE=/nowhere/ca.pem".to_owned(),
            "`SSL_CERT_FILE`: failed to read `/nowhere/ca.pem`: No such file or directory (os error 2)".to_owned(),
        ),
        (
            "SSL_CERT_FILE=~/no.pem".to_owned(),
            format!(
                "`SSL_CERT_FILE`: failed to read `~/no.pem` (nobody expands `~` here, so that `{}/~/no.pem` was tried; \
                 write the whole path): No such file or directory (os error 2)",
                here.display()
            ),
        ),
        ("SSL_CERT_FILE=".to_owned(), format!("`SSL_CERT_FILE` is empty; {none}")),
        (
            "SSL_CERT_FILE=/etc/ca.pem\r".to_owned(),
            format!("`SSL_CERT_FILE` has white space around its path; {none}"),
        ),
        (
            "SSL_CERT_FILE=${CA}".to_owned(),
            format!("`SSL_CERT_FILE` is still the placeholder (such as `${{NAME}}`); {none}"),
        ),
        (
            "SSL_CERT_DIR=/nowhere".to_owned(),
            "`SSL_CERT_DIR`: failed to read `/nowhere`: No such file or directory (os error 2)".to_owned(),
        ),
        (
            "SSL_CERT_DIR=${DIR}".to_owned(),
            "`SSL_CERT_DIR` is still the placeholder (such as `${NAME}`); unset it, or name folders with CA certificates in PEM format".to_owned(),
        ),
        (
            "SSL_CERT_DIR=~/certs".to_owned(),
            format!(
                "`SSL_CERT_DIR`: failed to read `~/certs` (nobody expands `~` here, so that `{}/~/certs` was tried; write the whole path): \
                 No such file or directory (os error 2)",
                here.display()
            ),
        ),
        // What never ends, and what nobody writes to.
        ("SSL_CERT_FILE=/dev/zero".to_owned(), "`SSL_CERT_FILE`: `/dev/zero` is not a regular file".to_owned()),
        (path("SSL_CERT_FILE").replace(empty.path(), &fifo), format!("`SSL_CERT_FILE`: `{fifo}` is not a regular file")),
    ] {
        let https = [&*format!("--endpoint={URL}"), "--bearer-file=t", &word];
        assert_eq!(check_files(&https).await, Err(expected));
        // Nobody needs them.
        let http = ["--endpoint=http://localhost:4000/graphql", "--bearer-file=t", &word];
        assert_eq!(check_files(&http).await, Ok(()), "{word}");
    }
    let unset = [&*format!("--endpoint={URL}"), "--bearer-file=t", "SSL_CERT_DIR="];
    assert_eq!(check_files(&unset).await, Ok(()));
    std::fs::remove_file(&fifo).unwrap();
}

#[cfg(feature = "iam")]
const NO_REGION: &str = "is no region; write it like `eu-west-1`";
#[cfg(feature = "iam")]
const NO_URL: &str = "is no URL; write it as `https://HOST` or `http://HOST:PORT`, or unset it";

/// Values of AWS's variables that can't be meant, and some that can.
#[cfg(feature = "iam")]
const FORMS_OF_AWS: &[(&str, Option<&str>)] = &[
    ("AWS_REGION=eu west", Some(NO_REGION)),
    ("AWS_DEFAULT_REGION=\"eu-west-1\"", Some(NO_REGION)),
    ("AWS_ENDPOINT_URL=http://localhost:4566", None),
    ("AWS_ENDPOINT_URL=nonsense x", Some(NO_URL)),
    ("AWS_ENDPOINT_URL_STS=sts.example.com", Some(NO_URL)),
    ("AWS_EC2_METADATA_SERVICE_ENDPOINT=169.254.169.254", Some(NO_URL)),
    ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=ipv6", None),
    (
        "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE=IPv7",
        Some("is neither `IPv4` nor `IPv6`"),
    ),
    ("AWS_CONTAINER_AUTHORIZATION_TOKEN=Basic abc=", None),
    (
        "AWS_CONTAINER_AUTHORIZATION_TOKEN=\"quokka\"",
        Some("has quotation marks around the value; take them out"),
    ),
];

#[cfg(feature = "iam")]
#[tokio::test]
async fn the_variables_of_aws_are_checked_where_they_are_used() {
    const PLACEHOLDER: &str = "is still the placeholder (such as `${NAME}`)";
    const WHITE: &str =
        "holds white space or control characters that are none of its value; write it anew without them";
    let endpoint = format!("--endpoint={URL}");
    let here = std::env::current_dir().unwrap();
    let tried = |name: &str, why: &str, path: &str| {
        format!(
            "`{name}`: there is no file `{path}` ({why}, so that `{}/{path}` was tried; write the whole path)",
            here.display()
        )
    };
    let not_expanded = [
        tried("AWS_CONFIG_FILE", "nobody expands variables here", "$HOME/no"),
        tried("AWS_WEB_IDENTITY_TOKEN_FILE", "nobody expands `~` here", "~/no"),
        tried(
            "AWS_SHARED_CREDENTIALS_FILE",
            "nobody knows here which folder it is meant to be in",
            "no",
        ),
    ];
    for (word, problem) in [
        ("AWS_ACCESS_KEY_ID=AKID\r", None),
        ("AWS_ACCESS_KEY_ID= AKID\n", None),
        ("AWS_SECRET_ACCESS_KEY=abc/+=\r\n", None),
        ("AWS_SESSION_TOKEN= ", None),
        ("AWS_PROFILE=", None),
        ("AWS_PROFILE=dev team\r", None),
        ("AWS_REGION=\r", None),
        ("AWS_REGION=eu-west-1\r", None),
        ("AWS_CONFIG_FILE=/nowhere/config", None),
        ("AWS_CONFIG_FILE=~/no", None),
        ("AWS_ENDPOINT_URL=", None),
        ("AWS_PAGER=${PAGER}", None),
        (
            "AWS_ACCESS_KEY_ID=AK\rID",
            Some("holds line breaks or other control characters; it must hold one line of plain text"),
        ),
        ("AWS_ACCESS_KEY_ID=${AWS_ACCESS_KEY_ID}", Some(PLACEHOLDER)),
        ("AWS_SECRET_ACCESS_KEY=%SECRET%", Some(PLACEHOLDER)),
        ("AWS_SESSION_TOKEN=${input:token}", Some(PLACEHOLDER)),
        (
            "AWS_SECRET_ACCESS_KEY=\"quokka\"",
            Some("has quotation marks around the value; take them out"),
        ),
        (
            "AWS_SECRET_ACCESS_KEY=AWS_SECRET_ACCESS_KEY=quokka",
            Some("begins with the name of a header or of a variable; leave only the value that stands after it"),
        ),
        ("AWS_PROFILE=$PROFILE", Some(PLACEHOLDER)),
        ("AWS_PROFILE=a\nb", Some(WHITE)),
        ("AWS_DEFAULT_REGION=<region>", Some(PLACEHOLDER)),
        ("AWS_ROLE_ARN=arn:aws:iam::123456789012:role/r\r", Some(WHITE)),
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI=${URI}", Some(PLACEHOLDER)),
        ("AWS_ENDPOINT_URL_STS=http://localhost \n", Some(WHITE)),
        ("AWS_CONFIG_FILE=${HOME}", Some(PLACEHOLDER)),
        ("AWS_CONFIG_FILE=$HOME/no", Some(&*not_expanded[0])),
        ("AWS_WEB_IDENTITY_TOKEN_FILE=~/no", Some(&*not_expanded[1])),
        ("AWS_SHARED_CREDENTIALS_FILE=no", Some(&*not_expanded[2])),
    ]
    .into_iter()
    .chain(FORMS_OF_AWS.iter().copied())
    {
        let error = check_files(&[&endpoint, "--auth=iam", word]).await.err();
        let name = word.split('=').next().unwrap();
        match (problem, error) {
            (None, None) => {}
            (Some(problem), Some(error)) => {
                assert!(
                    error.starts_with(problem) || error.starts_with(&format!("`{name}` {problem}")),
                    "{word}: {error}"
                );
                assert!(!error.contains("quokka"), "{error}");
            }
            (problem, error) => panic!("{word}: {problem:?}, {error:?}"),
        }
        // They are for this mode only.
        check_connection(&[&endpoint, "--bearer-file=t", word], Ok(Mode::Oidc));
    }
    let settings = settings(&["AWS_SECRET_ACCESS_KEY=quokka", "HTTPS_PROXY=http://ann:quokka@p"]).unwrap();
    assert!(!format!("{settings:?}").contains("quokka"), "{settings:?}");
}
