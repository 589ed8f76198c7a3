//! That nothing secret comes out of a whole session: not on standard output, not on standard error, in no mode, with the
//! most talkative log there is, and in front of an API that says back whatever it was sent.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::api::Folder;
use crate::contract;
use crate::echo::{Echo, TRICKS};
use crate::program;
use crate::session::PATIENCE;

mod failed_starts;

/// Says that every crate that may be in the program is to log everything.
fn log() -> String {
    let lock = include_str!("../../Cargo.lock");
    let names = lock
        .lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    names.fold("trace".to_owned(), |log, name| {
        log + "," + &name.replace('-', "_") + "=trace"
    })
}

const API_KEY: &str = "da2-quokkaquokka7quokkaquokka9";
const LAMBDA_TOKEN: &str = "tok/Quokka0123456789quokkaWombat+lambda==";
const ACCESS_KEY_ID: &str = "ASIAQUOKKAQUOKKA7EXA";
const SECRET_ACCESS_KEY: &str = "wQuokka/UtnFEMI+K7MDENG/bPxRfiCYEXAMPLEKE";
const SESSION_TOKEN: &str = "IQoJb3JpZ2lu/QUOKKA+x2VjE3//////////wEaCXVzLXdlc3QtMiJH+quokka/AiEA==";

/// What the token command is started with.
const COMMAND_SECRETS: [&str; 2] = ["quokka-client-secret-1", "Quokka+password/2"];

/// A token as providers issue them.
fn jwt(claims: &str) -> String {
    let signature = [0x9b; 48];
    let parts = [
        &br#"{"alg":"RS256","kid":"quokka","typ":"JWT"}"#[..],
        claims.as_bytes(),
        &signature,
    ];
    parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
}

fn token() -> String {
    jwt(r#"{"sub":"quokka-subject","exp":4102444800}"#)
}

/// A way to authorize requests.
struct Case {
    name: &'static str,
    flags: Vec<String>,
    variables: Vec<(&'static str, String)>,
    /// What must come out nowhere, and whether the API gets it.
    secrets: Vec<(String, bool)>,
}

fn words(text: &[&str]) -> Vec<String> {
    text.iter().map(|word| (*word).to_owned()).collect()
}

fn of_token(token: &str) -> Vec<(String, bool)> {
    let parts = token.split('.').filter(|part| part.len() >= 16);
    std::iter::once(token)
        .chain(parts)
        .map(|text| (text.to_owned(), true))
        .collect()
}

/// A command that says all that it knows on its standard error, and prints a token.
fn token_command(folder: &Folder, name: &str, token: &str, exit: u8) -> String {
    let script = format!(
        "echo \"+ $0 $*\" >&2\necho 'got {token} and \"token\":\"{token}\"' >&2\necho '{token}'\nexit {exit}\n"
    );
    let script = folder.write(name, &script);
    let [id, password] = COMMAND_SECRETS;
    format!(
        "/bin/sh '{}' --client-secret={id} --password '{password}'",
        script.display()
    )
}

fn cases(folder: &Folder) -> Vec<Case> {
    let file = |name: &str, text: &str| folder.write(name, text).to_str().unwrap().to_owned();
    let command_secrets = || COMMAND_SECRETS.map(|secret| (secret.to_owned(), false));
    let (key, bearer, lambda) = (
        file("key", API_KEY),
        file("token", &token()),
        file("lambda", LAMBDA_TOKEN),
    );
    let mut cases = vec![Case {
        name: "an API key",
        flags: words(&["--auth", "api-key", "--api-key-file", &key]),
        variables: Vec::new(),
        secrets: vec![(API_KEY.to_owned(), true)],
    }];
    for (name, mode, extra) in [
        ("oidc", "oidc", None),
        ("a pool", "cognito-user-pools", None),
        ("a gateway", "oidc", Some("--bearer-prefix")),
    ] {
        let mut flags = words(&["--auth", mode, "--bearer-file", &bearer]);
        flags.extend(extra.map(str::to_owned));
        cases.push(Case {
            name,
            flags,
            variables: Vec::new(),
            secrets: of_token(&token()),
        });
    }
    for mode in ["oidc", "cognito-user-pools"] {
        let mut secrets = of_token(&token());
        secrets.extend(command_secrets());
        cases.push(Case {
            name: "a command",
            flags: words(&[
                "--auth",
                mode,
                "--token-command",
                &token_command(folder, "token.sh", &token(), 0),
            ]),
            variables: Vec::new(),
            secrets,
        });
    }
    let mut secrets = vec![(LAMBDA_TOKEN.to_owned(), false)];
    cases.push(Case {
        name: "lambda",
        flags: words(&["--auth", "lambda", "--bearer-file", &lambda]),
        variables: Vec::new(),
        secrets: secrets.clone(),
    });
    secrets.extend(command_secrets());
    cases.push(Case {
        name: "lambda, a command",
        flags: words(&[
            "--auth",
            "lambda",
            "--token-command",
            &token_command(folder, "lambda.sh", LAMBDA_TOKEN, 0),
        ]),
        variables: Vec::new(),
        secrets,
    });
    cases.extend(handed_cases());
    cases.extend(iam_cases(folder));
    cases
}

/// What a desktop client hands over, beside settings that its user has left open.
fn handed_cases() -> impl Iterator<Item = Case> {
    let case = |(name, mode, variable, secret, secrets): (_, &str, _, &str, _)| Case {
        name,
        flags: Vec::new(),
        variables: vec![
            (variable, secret.to_owned()),
            ("APPSYNC_MCP_AUTH", mode.to_owned()),
            ("APPSYNC_MCP_TOKEN_COMMAND", "${user_config.token_command}".to_owned()),
            ("APPSYNC_MCP_REGION", String::new()),
        ],
        secrets,
    };
    let (key, bearer) = ("APPSYNC_MCP_API_KEY", "APPSYNC_MCP_BEARER");
    let token = token();
    [
        (
            "an API key, handed over",
            "api-key",
            key,
            API_KEY,
            vec![(API_KEY.to_owned(), true)],
        ),
        ("oidc, handed over", "oidc", bearer, &token, of_token(&token)),
        (
            "a pool, handed over",
            "cognito-user-pools",
            bearer,
            &token,
            of_token(&token),
        ),
        (
            "lambda, handed over",
            "lambda",
            bearer,
            LAMBDA_TOKEN,
            vec![(LAMBDA_TOKEN.to_owned(), false)],
        ),
    ]
    .map(case)
    .into_iter()
}

/// What makes the AWS chain look at these files and nowhere else.
fn aws_variables(folder: &Folder, config: &str, credentials: &str) -> Vec<(&'static str, String)> {
    let path = |name: &str| folder.path(name).to_str().unwrap().to_owned();
    vec![
        ("HOME", path("home")),
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ("AWS_CONFIG_FILE", path(config)),
        ("AWS_SHARED_CREDENTIALS_FILE", path(credentials)),
    ]
}

fn iam_cases(folder: &Folder) -> [Case; 3] {
    let flags = words(&["--auth", "iam", "--region", "eu-west-1"]);
    let session = [ACCESS_KEY_ID, SESSION_TOKEN].map(|text| (text.to_owned(), true));
    let secrets = || [session.to_vec(), vec![(SECRET_ACCESS_KEY.to_owned(), false)]].concat();
    let keys = format!(
        "aws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {SECRET_ACCESS_KEY}\naws_session_token = {SESSION_TOKEN}\n"
    );
    // The name of the last property is none, which the AWS crates have a warning for.
    folder.write(
        "credentials",
        &format!("[default]\n{keys}key {SECRET_ACCESS_KEY} = x\n"),
    );
    let printed = json!({
        "Version": 1, "AccessKeyId": ACCESS_KEY_ID, "SecretAccessKey": SECRET_ACCESS_KEY, "SessionToken": SESSION_TOKEN,
        "Expiration": "2099-01-01T00:00:00Z",
    });
    let script = folder.write("process.sh", &format!("echo \"+ $0 $*\" >&2\necho '{printed}'\n"));
    let [id, password] = COMMAND_SECRETS;
    folder.write(
        "config",
        &format!(
            "[default]\ncredential_process = /bin/sh {} --client-secret={id} {password}\n",
            script.display()
        ),
    );

    let mut environment = aws_variables(folder, "none", "none");
    for (name, value) in [
        ("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID),
        ("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY),
        ("AWS_SESSION_TOKEN", SESSION_TOKEN),
    ] {
        environment.push((name, value.to_owned()));
    }
    let of_process = [
        secrets(),
        COMMAND_SECRETS.map(|secret| (secret.to_owned(), false)).to_vec(),
    ]
    .concat();
    let case = |name, variables, secrets| Case {
        name,
        flags: flags.clone(),
        variables,
        secrets,
    };
    [
        case("AWS, the environment", environment, secrets()),
        case(
            "AWS, a profile",
            aws_variables(folder, "none", "credentials"),
            secrets(),
        ),
        case("AWS, a process", aws_variables(folder, "config", "none"), of_process),
    ]
}

/// The ways in which a text can stand in another one.
fn spellings(secret: &str) -> Vec<String> {
    let with = |plain: &str, write: fn(u32) -> String| {
        let is_plain = |c: char| plain.contains(c) || (!plain.is_empty() && c.is_ascii_alphanumeric());
        let chars = secret.chars();
        chars.fold(String::new(), |text, c| {
            text + &if is_plain(c) { c.to_string() } else { write(c.into()) }
        })
    };
    vec![
        secret.to_owned(),
        STANDARD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
        with("-_.~", |c| format!("%{c:02X}")),
        with("-_.~/", |c| format!("%{c:02x}")),
        with("-", |c| format!("\\u{c:04x}")),
        with("", |c| format!("\\u{c:04x}")),
        secret.replace('/', r"\/"),
        // As `Debug` shows bytes.
        format!("{:?}", secret.as_bytes()),
    ]
}

/// Returns the line of a text where a secret is.
pub(crate) fn find<'a>(text: &'a str, secret: &str) -> Option<&'a str> {
    let spellings = spellings(secret);
    text.lines()
        .find(|line| spellings.iter().any(|spelling| line.contains(spelling)))
}

/// A session of which every byte is kept.
pub(crate) struct Talk {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<String>,
    log: JoinHandle<String>,
    stdout: String,
    requests: u64,
}

impl Talk {
    fn start(case: &Case, echo: &Echo) -> Self {
        let mut flags = words(&["--endpoint", &echo.url(), "--allow-mutations=create_collection"]);
        flags.extend(case.flags.iter().cloned());
        Self::with(&flags, &case.variables)
    }

    /// Starts the program with these flags and variables, and the most talkative log.
    pub(crate) fn with(flags: &[String], variables: &[(&str, String)]) -> Self {
        let flags = [flags, &["--log".to_owned(), log()]].concat();
        let mut child = command(&flags)
            .envs(variables.iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (lines, output) = mpsc::channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            stdout
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| lines.send(line))
        });
        let mut stderr = child.stderr.take().unwrap();
        let log = thread::spawn(move || {
            let mut log = Vec::new();
            stderr.read_to_end(&mut log).unwrap();
            String::from_utf8_lossy(&log).into_owned()
        });
        let mut talk = Self {
            input: child.stdin.take(),
            child,
            output,
            log,
            stdout: String::new(),
            requests: 0,
        };
        let info = json!({ "name": "it", "version": "1" });
        talk.ask(
            "initialize",
            &json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": info }),
        );
        talk.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }).to_string());
        talk
    }

    fn send(&mut self, line: &str) {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
    }

    fn begin(&mut self, method: &str, params: &Value) -> u64 {
        self.requests += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.requests, "method": method, "params": params }).to_string());
        self.requests
    }

    fn ask(&mut self, method: &str, params: &Value) {
        let id = self.begin(method, params);
        self.wait(&mut BTreeSet::from([id]));
    }

    pub(crate) fn call(&mut self, tool: &str, arguments: &Value) {
        self.ask("tools/call", &json!({ "name": tool, "arguments": arguments }));
    }

    /// Keeps what is said until all these requests are answered.
    fn wait(&mut self, ids: &mut BTreeSet<u64>) {
        while !ids.is_empty() {
            let Ok(line) = self.output.recv_timeout(PATIENCE) else {
                panic!("no answer to {ids:?}");
            };
            let answer: Value = serde_json::from_str(&line).unwrap();
            self.stdout.push_str(&line);
            self.stdout.push('\n');
            answer["id"].as_u64().map(|id| ids.remove(&id));
        }
    }

    /// Ends the session, and returns what it said and what it logged.
    pub(crate) fn end(mut self, by_signal: bool) -> (String, String) {
        if by_signal {
            assert!(
                Command::new("kill")
                    .arg(self.child.id().to_string())
                    .status()
                    .unwrap()
                    .success()
            );
        } else {
            drop(self.input.take());
        }
        self.stdout.extend(self.output.iter());
        assert!(self.child.wait().unwrap().success());
        (self.stdout, self.log.join().unwrap())
    }
}

/// The program, without the AWS settings of whoever runs the tests.
fn command<S: AsRef<std::ffi::OsStr>>(flags: &[S]) -> Command {
    let mut command = program::command(flags);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_")) {
        command.env_remove(name);
    }
    command
}

/// Everything that a session can be: good calls, bad ones, and lines that are none.
fn converse(talk: &mut Talk, echo: &Echo, said: &str) {
    for trick in TRICKS {
        echo.play(Some(trick));
        // Beside each other, since a read that fails is tried again for a while.
        let arguments = |spec| Value::Object(contract::required_arguments(spec));
        let good = contract::specs().map(|spec| (spec.name, arguments(spec)));
        let calls = good.chain([("search_companies", json!({ "keywords": said }))]);
        let ids =
            calls.map(|(name, arguments)| talk.begin("tools/call", &json!({ "name": name, "arguments": arguments })));
        let mut ids = ids.collect();
        talk.wait(&mut ids);
    }
    for spec in contract::specs() {
        talk.call(
            spec.name,
            &json!({ "unknown": said, "id": [said], "keywords": 7, "limit": said }),
        );
    }
    talk.call(said, &json!({}));
    talk.ask("resources/read", &json!({ "uri": "appsync-mcp://tools" }));
    talk.ask("resources/read", &json!({ "uri": format!("appsync-mcp://{said}") }));
    talk.ask(
        "prompts/get",
        &json!({ "name": "find_companies", "arguments": { "wanted": said } }),
    );
    talk.ask("prompts/get", &json!({ "name": said }));
    talk.ask("tools/call", &json!({ "name": "get_company", "arguments": said }));
    talk.ask(said, &json!({}));
    talk.send(said);
    talk.send(&format!("{{\"jsonrpc\": \"2.0\", \"id\": \"{said}\", \"method\": "));
    talk.send(&json!({ "jsonrpc": "2.0", "method": said }).to_string());
    echo.play(None);
    let id = talk.begin(
        "tools/call",
        &json!({ "name": "search_companies", "arguments": { "keywords": said } }),
    );
    talk.send(&json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": id, "reason": said } }).to_string());
    talk.ask("ping", &json!({}));
}

/// Holds a whole session, and returns where a secret came out.
fn leaks_of(case: &Case, by_signal: bool) -> Vec<String> {
    let echo = Echo::start();
    let mut talk = Talk::start(case, &echo);
    // Of the same kind as the secrets, and none: it shows what would be found.
    let planted = "da2-wombat/+wombatwombat";
    converse(&mut talk, &echo, planted);
    let (said, log) = talk.end(by_signal);

    let name = case.name;
    assert!(find(&said, planted).is_some(), "{name}: what is said back is not found");
    let is_sent = case.secrets.iter().any(|(_, is_sent)| *is_sent);
    assert_eq!(log.contains(" TRACE "), is_sent, "{name}: {log}");
    assert!(log.contains(" DEBUG appsync_mcp::"), "{name}: {log}");
    let received = echo.received();
    for (secret, is_sent) in &case.secrets {
        assert_eq!(received.contains(secret.as_str()), *is_sent, "{name}: {secret}");
    }
    let secrets = case.secrets.iter().map(|(secret, _)| secret.as_str());
    let of_answers = secrets
        .clone()
        .filter_map(|secret| Some(("said", secret, find(&said, secret)?)));
    // What a model says is not logged either.
    let of_log = secrets
        .chain([planted])
        .filter_map(|secret| Some(("logged", secret, find(&log, secret)?)));
    let leaks = of_answers.chain(of_log);
    leaks
        .map(|(how, secret, line)| format!("{name}: {how} {secret}: {line}\n\n"))
        .collect()
}

#[test]
fn no_session_says_or_logs_a_secret() {
    let folder = Folder::new();
    let cases = cases(&folder);
    // Beside each other, since much of a session is waiting.
    let leaks = thread::scope(|scope| {
        let sessions = cases.iter().enumerate();
        let sessions: Vec<_> = sessions
            .map(|(number, case)| scope.spawn(move || leaks_of(case, number % 2 == 0)))
            .collect();
        sessions
            .into_iter()
            .flat_map(|session| session.join().unwrap())
            .collect::<String>()
    });
    assert!(leaks.is_empty(), "{leaks}");
}
