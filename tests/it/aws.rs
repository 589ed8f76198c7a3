//! Signed requests: the real program beside a stand-in for AWS on this machine, with every source of credentials.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime};

use serde_json::json;

use crate::api::Folder;
use crate::program::{Ended, run_with};
use crate::secrets::{Talk, find};
use crate::session::{Era, Session};

const NOTHING_FOUND: &str = r#"{"data":{"searchCompanies":{"items":[],"nextToken":null,"total":0}}}"#;

/// What every source gives beside a key's id. Neither must come out, nor what the source itself is asked with.
const SECRET: &str = "topsecret/Quokka+UtnFEMI/K7MDENG";
const SESSION_TOKEN: &str = "IQoJb3JpZ2lu/QUOKKA+x2VjE3//wEaCXVzLXdlc3Q==";
const WEB_IDENTITY_TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJxdW9ra2EifQ.cXVva2thcXVva2th";
const CONTAINER_TOKEN: &str = "for-the-container/Quokka+1==";
const METADATA_TOKEN: &str = "AQAEAQuokka-imds-token==";
const SSO_TOKEN: &str = "aoaAAAAAQuokka/sso+token==";

const CALL: [&str; 3] = ["call", "search_companies", "keywords=software"];

/// A request that AWS got.
#[derive(Debug, Clone)]
struct Got {
    /// Method and target.
    line: String,
    head: String,
    body: String,
}

impl Got {
    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(": "));
        headers.find(|header| header.0 == name).map(|header| header.1)
    }

    /// Returns the id of the key that signed it.
    fn key(&self) -> Option<&str> {
        let scope = self.header("authorization")?.split_once("Credential=")?.1;
        Some(scope.split_once('/')?.0)
    }

    fn is_of_api(&self) -> bool {
        self.line.starts_with("POST /graphql")
    }
}

/// A status and further headers, each with its end of line, and a body.
type Answer = (u16, String, String);

fn ok(body: impl Into<String>) -> Answer {
    (200, String::new(), body.into())
}

/// AWS: the API at `/graphql`, and whatever gives credentials.
struct Aws {
    url: String,
    got: Arc<Mutex<Vec<Got>>>,
    folder: Folder,
    /// Whether what gives credentials breaks off in the middle of them.
    is_broken: Arc<AtomicBool>,
}

impl Aws {
    /// Starts one that answers like this; it is told how many requests came before.
    fn start(answer: impl Fn(&Got, usize) -> Answer + Send + Sync + 'static) -> Aws {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let got = Arc::new(Mutex::new(Vec::new()));
        let is_broken = Arc::new(AtomicBool::new(false));
        let (all, breaks) = (Arc::clone(&got), Arc::clone(&is_broken));
        let answer = Arc::new(move |got: &Got, before| {
            let (status, headers, mut body) = answer(got, before);
            if breaks.load(Ordering::SeqCst)
                && let Some(place) = body.find(SECRET)
            {
                body.truncate(place + SECRET.len());
            }
            (status, headers, body)
        });
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (all, answer) = (Arc::clone(&all), Arc::clone(&answer));
                thread::spawn(move || serve(&stream.unwrap(), &all, &*answer));
            }
        });
        let folder = Folder::new();
        Aws {
            url,
            got,
            folder,
            is_broken,
        }
    }

    /// Starts one whose API finds nothing, and which gives these credentials at every other place.
    fn giving(credentials: impl Into<String>) -> Aws {
        let credentials = credentials.into();
        Aws::start(move |got, _| {
            if got.is_of_api() {
                ok(NOTHING_FOUND)
            } else {
                ok(&*credentials)
            }
        })
    }

    fn flags(&self) -> Vec<String> {
        let endpoint = format!("{}/graphql", self.url);
        ["--endpoint", &endpoint, "--auth", "iam", "--region", "eu-west-1"]
            .map(str::to_owned)
            .to_vec()
    }

    /// The variables of a machine that has no credentials; `{url}` and `{folder}` stand in values for this AWS's.
    fn variables<'a>(&self, more: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
        let home = self.folder.path("").to_str().unwrap().to_owned();
        let mut all = vec![
            ("HOME", home.clone()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            // Nobody is there: what goes by a proxy fails.
            ("HTTP_PROXY", "http://127.0.0.1:1".to_owned()),
            ("HTTPS_PROXY", "http://127.0.0.1:1".to_owned()),
            ("ALL_PROXY", "http://127.0.0.1:1".to_owned()),
            ("NO_PROXY", String::new()),
        ];
        let fill = |value: &str| {
            value
                .replace("{url}", &self.url)
                .replace("{folder}", home.trim_end_matches('/'))
        };
        all.extend(more.iter().map(|(name, value)| (*name, fill(value))));
        all
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.folder.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let folder = self.folder.path("").to_str().unwrap().trim_end_matches('/').to_owned();
        fs::write(path, text.replace("{folder}", &folder)).unwrap();
    }

    /// Calls a tool on the command line.
    fn call(&self, variables: &[(&str, &str)]) -> Ended {
        let variables = self.variables(variables);
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, &**value)).collect();
        let words: Vec<_> = CALL.iter().map(|&word| word.to_owned()).chain(self.flags()).collect();
        run_with(&words, &variables)
    }

    fn session(&self, variables: &[(&str, &str)]) -> Session {
        let variables = self.variables(variables);
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, &**value)).collect();
        Session::open_with(Era::Modern, &self.flags(), &variables)
    }

    fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// What the API itself got.
    fn calls(&self) -> Vec<Got> {
        self.got().into_iter().filter(Got::is_of_api).collect()
    }
}

fn serve(stream: &TcpStream, all: &Mutex<Vec<Got>>, answer: &dyn Fn(&Got, usize) -> Answer) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        (reader.read_line(&mut head).ok()? > 0).then_some(())?;
    }
    let (first, head) = head.split_once("\r\n")?;
    let mut got = Got {
        line: first.trim_end_matches(" HTTP/1.1").to_owned(),
        head: head.to_owned(),
        body: String::new(),
    };
    let length = got.header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    got.body = String::from_utf8(body).unwrap();
    let before = {
        let mut all = all.lock().unwrap();
        all.push(got.clone());
        all.len() - 1
    };
    let (status, headers, body) = answer(&got, before);
    let length = body.len();
    let text = format!("HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}");
    let mut stream = stream;
    stream.write_all(text.as_bytes()).ok()
}

/// Writes a time as AWS does, so many seconds from now.
fn time(seconds: i64) -> String {
    let output = std::process::Command::new("date")
        .args(["-u", "-d", &format!("{seconds} seconds"), "+%Y-%m-%dT%H:%M:%SZ"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn of_process(key: &str, seconds: i64) -> String {
    let expiration = time(seconds);
    json!({ "Version": 1, "AccessKeyId": key, "SecretAccessKey": SECRET, "SessionToken": SESSION_TOKEN, "Expiration": expiration })
        .to_string()
}

fn of_metadata(key: &str) -> String {
    let expiration = time(3600);
    json!({
        "Code": "Success", "Type": "AWS-HMAC", "LastUpdated": expiration, "AccountId": "123456789012",
        "AccessKeyId": key, "SecretAccessKey": SECRET, "Token": SESSION_TOKEN, "Expiration": expiration,
    })
    .to_string()
}

fn of_sts(action: &str, key: &str) -> String {
    let expiration = time(3600);
    format!(
        "<{action}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{action}Result><Credentials>\
         <AccessKeyId>{key}</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey><SessionToken>{SESSION_TOKEN}</SessionToken>\
         <Expiration>{expiration}</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn>\
         <AssumedRoleId>AROA:s</AssumedRoleId></AssumedRoleUser></{action}Result></{action}Response>"
    )
}

/// Calls in a session, and checks that the API saw this key and that no secret came out; returns what else AWS got. Then
/// checks that none comes out where the source breaks off.
fn check(aws: &Aws, variables: &[(&str, &str)], key: &str, secrets: &[&str]) -> Vec<Got> {
    let secrets = [&[SECRET, SESSION_TOKEN], secrets].concat();
    let (said, log) = talk(aws, variables, &secrets);
    assert!(said.contains(r#""isError":false"#), "{key}: {said}");
    assert!(log.contains(" TRACE "), "{key}: {log}");
    let got = aws.got();
    let (calls, others): (Vec<_>, Vec<_>) = got.into_iter().partition(Got::is_of_api);
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].key(), Some(key));
    assert!(
        calls[0]
            .header("authorization")
            .unwrap()
            .contains("/eu-west-1/appsync/aws4_request")
    );
    if !others.is_empty() {
        aws.is_broken.store(true, Ordering::SeqCst);
        let (said, log) = talk(aws, variables, &secrets);
        assert!(said.contains("there is no valid credential to send"), "{key}: {said}");
        assert!(log.contains(" WARN "), "{key}: {log}");
        assert_eq!(aws.calls().len(), 1);
    }
    others
}

/// Holds a session with the most talkative log, and checks that no secret is in what it says and logs.
fn talk(aws: &Aws, variables: &[(&str, &str)], secrets: &[&str]) -> (String, String) {
    let mut talk = Talk::with(&aws.flags(), &aws.variables(variables));
    talk.call("search_companies", &json!({ "keywords": "software" }));
    let (said, log) = talk.end(false);
    for secret in secrets {
        assert_eq!(find(&said, secret), None, "said {secret}");
        assert_eq!(find(&log, secret), None, "logged {secret}");
    }
    (said, log)
}

#[test]
fn credentials_of_the_environment() {
    let aws = Aws::giving("");
    let variables = [("AWS_ACCESS_KEY_ID", "AKIDENV"), ("AWS_SECRET_ACCESS_KEY", SECRET)];
    let others = check(&aws, &variables, "AKIDENV", &[]);
    assert_eq!(others.len(), 0);
    assert_eq!(aws.calls()[0].header("x-amz-security-token"), None);
    let aws = Aws::giving("");
    check(
        &aws,
        &[variables[0], variables[1], ("AWS_SESSION_TOKEN", SESSION_TOKEN)],
        "AKIDENV",
        &[],
    );
    assert_eq!(aws.calls()[0].header("x-amz-security-token"), Some(SESSION_TOKEN));
}

#[test]
fn credentials_of_a_profile() {
    let aws = Aws::giving("");
    aws.write(
        ".aws/credentials",
        &format!("[dev]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = {SECRET}\n"),
    );
    check(&aws, &[("AWS_PROFILE", "dev")], "AKIDPROFILE", &[]);
}

/// As files from Windows, templates and launchers leave them: what is around a value is none of it, and what is blank is not
/// there.
#[test]
fn credentials_are_taken_without_what_stands_around_them() {
    let aws = Aws::giving("");
    let secret = format!("{SECRET}\r");
    let variables = [
        ("AWS_ACCESS_KEY_ID", "AKIDENV\r"),
        ("AWS_SECRET_ACCESS_KEY", &*secret),
        ("AWS_SESSION_TOKEN", " \n"),
        ("AWS_REGION", ""),
        ("AWS_PROFILE", ""),
    ];
    check(&aws, &variables, "AKIDENV", &[]);
    assert_eq!(aws.calls()[0].header("x-amz-security-token"), None);

    let aws = Aws::giving("");
    aws.write(
        ".aws/credentials",
        &format!("[default]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = {SECRET}\naws_session_token =\n"),
    );
    for profile in ["", " ", "default\r"] {
        let aws_before = aws.calls().len();
        assert_eq!(aws.call(&[("AWS_PROFILE", profile)]).code, 0);
        let got = aws.calls().pop().unwrap();
        assert_eq!((aws.calls().len(), got.key()), (aws_before + 1, Some("AKIDPROFILE")));
        assert_eq!(got.header("x-amz-security-token"), None);
        assert!(!got.header("authorization").unwrap().contains("x-amz-security-token"));
    }
}

/// Each source hands over whatever was put into it.
#[test]
fn credentials_that_can_not_be_in_a_header_are_told_by_their_source() {
    for (key, token, told) in [
        (
            "AK\\u000aID",
            "x",
            "the access key id of the profile's `credential_process` holds line breaks",
        ),
        (
            "AKID",
            "a\\u000db",
            "the session token of the profile's `credential_process` holds line breaks",
        ),
        (
            "${KEY}",
            "x",
            "the access key id of the profile's `credential_process` is still the placeholder",
        ),
    ] {
        let aws = Aws::giving("");
        aws.write(".aws/config", "[default]\ncredential_process = cat {folder}/printed\n");
        aws.write(
            "printed",
            &format!(
                r#"{{"Version": 1, "AccessKeyId": "{key}", "SecretAccessKey": "{SECRET}", "SessionToken": "{token}"}}"#
            ),
        );
        let ended = aws.call(&[]);
        assert_eq!(ended.code, 2, "{}", ended.all());
        let expected = format!("error: `--auth`: no AWS credentials: {told}");
        assert!(ended.stderr.starts_with(&expected), "{}", ended.stderr);
        assert!(!ended.stderr.contains(SECRET), "{}", ended.stderr);
    }
    let aws = Aws::giving(of_metadata("AK\nID"));
    let ended = aws.call(&[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "{url}/container")]);
    assert!(
        ended
            .stderr
            .contains("no AWS credentials: the access key id of the container's credentials holds line breaks"),
        "{}",
        ended.stderr
    );
    let aws = Aws::giving("");
    aws.write(
        ".aws/credentials",
        &format!("[default]\naws_access_key_id = 'AKID'\naws_secret_access_key = {SECRET}\n"),
    );
    let ended = aws.call(&[]);
    assert!(
        ended
            .stderr
            .contains("no AWS credentials: the access key id of the AWS profile has quotation marks around"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_variable_that_is_empty_and_in_the_way_is_named() {
    let aws = Aws::giving("");
    let empty = [("AWS_WEB_IDENTITY_TOKEN_FILE", ""), ("AWS_ROLE_ARN", "")];
    let ended = aws.call(&empty);
    let told = "AWS's code takes for values what is empty, so unset: `AWS_ROLE_ARN`, `AWS_WEB_IDENTITY_TOKEN_FILE`";
    assert!(ended.stderr.contains(told), "{}", ended.stderr);
    // Where there is something before it in the chain, it is in nobody's way.
    let variables = [
        &empty[..],
        &[("AWS_ACCESS_KEY_ID", "AKIDENV"), ("AWS_SECRET_ACCESS_KEY", SECRET)],
    ]
    .concat();
    assert_eq!(aws.call(&variables).code, 0);
}

#[test]
fn credentials_of_a_role() {
    let aws = Aws::giving(of_sts("AssumeRole", "AKIDROLE"));
    aws.write(
        "config",
        "[profile base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = of-base/Quokka+1\n\
         [default]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n",
    );
    let others = check(
        &aws,
        &[
            ("AWS_CONFIG_FILE", "{folder}/config"),
            ("AWS_ENDPOINT_URL_STS", "{url}"),
        ],
        "AKIDROLE",
        &["of-base/Quokka+1"],
    );
    assert_eq!((others.len(), others[0].key()), (1, Some("AKIDBASE")));
    assert!(others[0].body.contains("Action=AssumeRole&"));
    // STS is in the API's region where nothing else is said.
    assert!(others[0].header("authorization").unwrap().contains("/eu-west-1/sts/"));
}

#[test]
fn credentials_of_a_web_identity() {
    let aws = Aws::giving(of_sts("AssumeRoleWithWebIdentity", "AKIDWEB"));
    aws.write("token", WEB_IDENTITY_TOKEN);
    let others = check(
        &aws,
        &[
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "{folder}/token"),
            ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r"),
            ("AWS_ENDPOINT_URL_STS", "{url}"),
        ],
        "AKIDWEB",
        &[WEB_IDENTITY_TOKEN],
    );
    assert_eq!((others.len(), others[0].key()), (1, None));
    assert!(
        others[0]
            .body
            .contains(&format!("WebIdentityToken={WEB_IDENTITY_TOKEN}"))
    );
}

#[test]
fn credentials_of_a_container() {
    let aws = Aws::giving(of_metadata("AKIDCONTAINER"));
    let others = check(
        &aws,
        &[
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "{url}/container"),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", CONTAINER_TOKEN),
        ],
        "AKIDCONTAINER",
        &[CONTAINER_TOKEN],
    );
    assert_eq!((others.len(), &*others[0].line), (1, "GET /container"));
    assert_eq!(others[0].header("authorization"), Some(CONTAINER_TOKEN));
}

#[test]
fn credentials_of_an_instance() {
    let credentials = of_metadata("AKIDINSTANCE");
    let aws = Aws::start(move |got, _| match &*got.line {
        "PUT /latest/api/token" => (
            200,
            "x-aws-ec2-metadata-token-ttl-seconds: 600\r\n".to_owned(),
            METADATA_TOKEN.to_owned(),
        ),
        line if line.starts_with("GET") && line.ends_with("/security-credentials/") => ok("role"),
        line if line.starts_with("GET") && line.ends_with("/security-credentials/role") => ok(&*credentials),
        _ if got.is_of_api() => ok(NOTHING_FOUND),
        _ => (404, String::new(), String::new()),
    });
    let variables = [
        ("AWS_EC2_METADATA_DISABLED", "false"),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "{url}"),
    ];
    let others = check(&aws, &variables, "AKIDINSTANCE", &[METADATA_TOKEN]);
    let asked = others.iter().filter(|got| got.line.starts_with("GET"));
    assert!(asked.clone().count() >= 2);
    assert!(
        asked
            .clone()
            .all(|got| got.header("x-aws-ec2-metadata-token") == Some(METADATA_TOKEN))
    );
}

/// Writes what signing in leaves: its session is named `work`.
fn sign_in(aws: &Aws, seconds: i64) {
    aws.write(
        ".aws/config",
        "[profile sso]\nsso_session = work\nsso_account_id = 123456789012\nsso_role_name = reader\n\
         [sso-session work]\nsso_region = eu-west-1\nsso_start_url = https://example.com/start\n",
    );
    // The name is the SHA-1 of the session's name.
    let token = json!({
        "accessToken": SSO_TOKEN, "expiresAt": time(seconds), "region": "eu-west-1",
        "startUrl": "https://example.com/start",
    });
    aws.write(
        ".aws/sso/cache/e274eeff768c6396088ec6eb091f4bf4d47ab1e0.json",
        &token.to_string(),
    );
}

#[test]
fn credentials_of_a_single_sign_on() {
    let milliseconds = (SystemTime::now() + Duration::from_hours(1))
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_millis();
    let credentials = json!({ "roleCredentials": {
        "accessKeyId": "AKIDSSO", "secretAccessKey": SECRET, "sessionToken": SESSION_TOKEN, "expiration": u64::try_from(milliseconds).unwrap(),
    } });
    let aws = Aws::giving(credentials.to_string());
    sign_in(&aws, 3600);
    let others = check(
        &aws,
        &[("AWS_PROFILE", "sso"), ("AWS_ENDPOINT_URL_SSO", "{url}")],
        "AKIDSSO",
        &[SSO_TOKEN],
    );
    assert_eq!(others.len(), 1);
    assert!(
        others[0].line.starts_with("GET /federation/credentials?"),
        "{}",
        others[0].line
    );
    assert_eq!(others[0].header("x-amz-sso_bearer_token"), Some(SSO_TOKEN));
}

#[test]
fn credentials_of_a_program() {
    let aws = Aws::giving("");
    give_by_process(&aws, &format!("echo '{}'", of_process("AKIDPROGRAM", 3600)));
    check(&aws, &[], "AKIDPROGRAM", &[]);
}

/// What the API answers who signs badly.
fn refusal(error_type: &str, headers: &str) -> Answer {
    let body =
        json!({ "errors": [{ "errorType": error_type, "message": "Signature expired: 1 is now earlier than 2" }] });
    (403, headers.to_owned(), body.to_string())
}

/// Sets up a process that gives a key named after the number of its run, good for so many seconds, as the default profile.
fn give_by_process(aws: &Aws, script: &str) {
    aws.write(".aws/config", "[default]\ncredential_process = sh {folder}/process\n");
    aws.write(
        "process",
        &format!("echo >>{{folder}}/runs\nRUN=$(wc -l <{{folder}}/runs | tr -d ' ')\n{script}\n"),
    );
}

fn runs(aws: &Aws) -> usize {
    fs::read_to_string(aws.folder.path("runs")).unwrap().lines().count()
}

fn search(session: &mut Session) {
    session.result("search_companies", json!({ "keywords": "software" }));
}

fn keys(aws: &Aws) -> Vec<String> {
    let calls = aws.calls();
    calls.iter().map(|got| got.key().unwrap().to_owned()).collect()
}

/// Searches until the process has run so often: renewals are beside the calls.
fn search_until_run(aws: &Aws, session: &mut Session, number: usize) {
    let start = std::time::Instant::now();
    while runs(aws) < number {
        assert!(start.elapsed() < crate::session::PATIENCE, "nothing is renewed");
        search(session);
    }
}

#[test]
fn credentials_of_a_process_are_kept_until_five_minutes_before_they_expire() {
    for (seconds, is_renewed) in [(3600, false), (600, false), (200, true)] {
        let aws = Aws::giving("");
        give_by_process(
            &aws,
            &format!("echo '{}' | sed s/KEY/AKID$RUN/", of_process("KEY", seconds)),
        );
        let mut session = aws.session(&[]);
        for _ in 0..3 {
            search(&mut session);
        }
        if is_renewed {
            search_until_run(&aws, &mut session, 4);
            let keys = keys(&aws);
            // The first call starts the renewal and does not wait for it.
            assert_eq!(keys[0], "AKID1");
            assert!(keys.iter().any(|key| key == "AKID2"), "{keys:?}");
        } else {
            assert_eq!((keys(&aws), runs(&aws)), (vec!["AKID1".to_owned(); 3], 1));
        }
        assert!(!session.end().contains(SECRET));
    }
}

#[test]
fn a_process_does_not_get_what_the_client_says() {
    let aws = Aws::giving("");
    // What it can read of standard input goes into a file; without the keeping, it waits for the client's end.
    let script = format!("cat >{{folder}}/heard 2>/dev/null\necho '{}'", of_process("AKID", 200));
    give_by_process(&aws, &script);
    let mut session = aws.session(&[]);
    for _ in 0..2 {
        search(&mut session);
    }
    assert_eq!(keys(&aws), ["AKID", "AKID"]);
    assert_eq!(fs::read_to_string(aws.folder.path("heard")).unwrap(), "");
    session.end();
}

#[test]
fn a_session_opens_while_a_process_runs_which_is_run_once_and_may_take_its_time() {
    let aws = Aws::giving("");
    // More than ten seconds: who signs in has to find a window first.
    give_by_process(&aws, &format!("sleep 11\necho '{}'", of_process("AKID", 3600)));
    let mut session = aws.session(&[]);
    session.request("tools/list", json!({})).unwrap();
    assert_eq!(aws.got().len(), 0);
    for _ in 0..2 {
        search(&mut session);
    }
    assert_eq!((keys(&aws), runs(&aws)), (vec!["AKID".to_owned(); 2], 1));
    session.end();
}

#[cfg(unix)]
#[test]
fn an_end_while_the_chain_is_asked_is_a_quiet_one() {
    let aws = Aws::giving("");
    give_by_process(&aws, "exec sleep 5");
    for _ in 0..3 {
        let session = aws.session(&[]);
        session.terminate();
        let log = session.end();
        assert!(!log.contains("fault") && !log.contains("panic"), "{log}");
    }
}

#[test]
fn calls_beside_each_other_ask_for_credentials_once() {
    let aws = Aws::giving("");
    // Nothing at the start.
    let script = format!(
        "test $RUN -gt 1 || {{ echo 'no login: eyJhbGci.e30.sig' >&2; exit 1; }}\nsleep 0.3\necho '{}'",
        of_process("AKID", 3600)
    );
    give_by_process(&aws, &script);
    let mut session = aws.session(&[]);
    let params = json!({ "name": "search_companies", "arguments": { "keywords": "software" } });
    // The failure at the start is what calls are told for some seconds.
    let mut answered = 0;
    for _ in 0..600 {
        let asked: Vec<_> = (0..3).map(|_| session.ask("tools/call", params.clone())).collect();
        let outcomes = asked.into_iter().map(|id| session.outcome("search_companies", id));
        let good = outcomes.filter(|outcome| outcome.result.is_some()).count();
        answered += good;
        if good == 3 {
            break;
        }
        thread::sleep(Duration::from_millis(200));
    }
    assert!(answered >= 3);
    assert_eq!((aws.calls().len(), runs(&aws)), (answered, 2));
    let log = session.end();
    assert!(log.contains("WARN appsync_mcp::config: no AWS credentials: "), "{log}");
    // It may repeat what the profile tells the process.
    assert!(
        log.contains("run the profile's `credential_process` by itself")
            && !log.contains("no login")
            && !log.contains("eyJ"),
        "{log}"
    );
}

#[test]
fn credentials_that_are_still_good_outlive_a_renewal_that_fails_or_hangs() {
    for failure in ["exit 1", "exec sleep 5"] {
        let aws = Aws::giving("");
        let script = format!(
            "test $RUN != 1 || {{ echo '{}'; exit; }}\n{failure}",
            of_process("AKID", 200)
        );
        give_by_process(&aws, &script);
        let mut session = aws.session(&[]);
        search_until_run(&aws, &mut session, 2);
        search(&mut session);
        assert!(keys(&aws).iter().all(|key| key == "AKID"));
    }
}

#[test]
fn refused_credentials_are_read_anew_once() {
    const PROFILE: &str = "[default]\naws_secret_access_key = topsecret\naws_session_token = tok\naws_access_key_id = ";
    for (error_type, next, expected, code) in [
        ("ExpiredTokenException", "AKID2", vec!["AKID1", "AKID2"], 0),
        ("UnrecognizedClientException", "AKID2", vec!["AKID1", "AKID2"], 0),
        // The same would be refused again.
        ("ExpiredTokenException", "AKID1", vec!["AKID1"], 1),
        // It is known, and has no leave.
        ("AccessDeniedException", "AKID2", vec!["AKID1"], 1),
    ] {
        let folder = Folder::new();
        let file = folder.write("credentials", &format!("{PROFILE}AKID1\n"));
        let path = file.to_str().unwrap().to_owned();
        let aws = Aws::start(move |got, _| {
            if got.key() == Some("AKID2") {
                return ok(NOTHING_FOUND);
            }
            fs::write(&file, format!("{PROFILE}{next}\n")).unwrap();
            refusal(error_type, "")
        });
        let ended = aws.call(&[("AWS_SHARED_CREDENTIALS_FILE", &path)]);
        assert_eq!(
            (keys(&aws), ended.code),
            (expected.into_iter().map(str::to_owned).collect(), code)
        );
        assert!(!ended.all().contains("topsecret"));
    }
}

const ENVIRONMENT: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIDENV"), ("AWS_SECRET_ACCESS_KEY", "topsecret")];

/// An API whose clock is so many seconds off, and which refuses signatures that are five minutes off.
fn clock_off_by(seconds: i64) -> Aws {
    Aws::start(move |got, _| {
        let clock = |format: &str| {
            let output = std::process::Command::new("date")
                .env("LC_ALL", "C")
                .args(["-u", "-d", &format!("{seconds} seconds"), format])
                .output()
                .unwrap();
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        };
        // Good enough here: the same hour, or the one before.
        let hour = |text: &str| text.split_once('T').unwrap().1[..2].parse::<i64>().unwrap();
        let signed = hour(got.header("x-amz-date").unwrap());
        let (now, before) = (hour(&clock("+%Y%m%dT%H%M%SZ")), 23);
        if signed == now || (signed + 1) % (before + 1) == now {
            return ok(NOTHING_FOUND);
        }
        refusal(
            "InvalidSignatureException",
            &format!("date: {}\r\n", clock("+%a, %d %b %Y %H:%M:%S GMT")),
        )
    })
}

#[test]
fn a_clock_that_is_off_is_corrected_once() {
    for seconds in [3 * 3600, -3 * 3600] {
        let aws = clock_off_by(seconds);
        let mut session = aws.session(&ENVIRONMENT);
        search(&mut session);
        assert_eq!(aws.calls().len(), 2);
        let [first, second] = [0, 1].map(|index| aws.calls()[index].clone());
        assert_ne!(first.header("x-amz-date"), second.header("x-amz-date"));
        assert_eq!(first.body, second.body);
        // What comes then is right at once.
        search(&mut session);
        assert_eq!(aws.calls().len(), 3);
    }
}

#[test]
fn calls_beside_each_other_are_all_corrected() {
    let aws = clock_off_by(3 * 3600);
    let mut session = aws.session(&ENVIRONMENT);
    let params = json!({ "name": "search_companies", "arguments": { "keywords": "software" } });
    let asked: Vec<_> = (0..3).map(|_| session.ask("tools/call", params.clone())).collect();
    for id in asked {
        let outcome = session.outcome("search_companies", id);
        assert!(outcome.result.is_some(), "{}", outcome.text);
    }
    assert!(aws.calls().len() <= 6);
}

#[test]
fn a_clock_that_is_right_is_left_alone() {
    let date = "date: @\r\n";
    for headers in ["", date] {
        let now = std::process::Command::new("date")
            .env("LC_ALL", "C")
            .args(["-u", "+%a, %d %b %Y %H:%M:%S GMT"])
            .output()
            .unwrap();
        let headers = headers.replace('@', String::from_utf8(now.stdout).unwrap().trim());
        let aws = Aws::start(move |_, _| refusal("InvalidSignatureException", &headers));
        let ended = aws.call(&ENVIRONMENT);
        assert_eq!((ended.code, aws.calls().len()), (1, 1), "{}", ended.all());
    }
}

#[test]
fn without_credentials_nothing_starts() {
    let aws = Aws::giving("");
    aws.write(
        "config",
        "[profile dev]\naws_access_key_id = AKIDDEV\n[profile half]\nrole_arn = arn:aws:iam::123456789012:role/r\n",
    );
    let none =
        "error: `--auth`: no AWS credentials; set `AWS_PROFILE` to a profile that has some, or `AWS_ACCESS_KEY_ID`";
    for (variables, expected) in [
        (vec![], none),
        (vec![("AWS_PROFILE", "nobody")], none),
        (
            vec![("AWS_PROFILE", "nobody"), ("AWS_CONFIG_FILE", "{folder}/config")],
            none,
        ),
        (
            vec![("AWS_PROFILE", "dev"), ("AWS_CONFIG_FILE", "{folder}/config")],
            "error: `--auth`: no AWS credentials",
        ),
        (
            vec![("AWS_PROFILE", "half"), ("AWS_CONFIG_FILE", "{folder}/config")],
            "error: `--auth`: no AWS credentials",
        ),
        (
            vec![
                ("AWS_EC2_METADATA_DISABLED", "false"),
                ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1"),
            ],
            none,
        ),
    ] {
        let ended = aws.call(&variables);
        assert_eq!((ended.code, &*ended.stdout), (2, ""), "{variables:?}: {}", ended.stderr);
        assert!(ended.stderr.starts_with(expected), "{}", ended.stderr);
    }
    assert_eq!(aws.got().len(), 0);
}

/// As on a desk whose network drops what is for `169.254.169.254`.
#[test]
fn metadata_that_does_not_answer_ends_the_start_in_seconds() {
    let deaf = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", deaf.local_addr().unwrap());
    let aws = Aws::giving("");
    let ended = aws.call(&[
        ("AWS_EC2_METADATA_DISABLED", "false"),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url),
    ]);
    assert_eq!(ended.code, 2, "{}", ended.all());
    assert!(ended.stderr.contains("no AWS credentials"), "{}", ended.stderr);
}

#[test]
fn a_sign_on_that_is_over_is_worth_a_warning_at_the_start() {
    let aws = Aws::giving("");
    sign_in(&aws, -60);
    let mut session = aws.session(&[("AWS_PROFILE", "sso"), ("AWS_ENDPOINT_URL_SSO", "{url}")]);
    let text = session.failure("search_companies", json!({ "keywords": "software" }));
    assert_eq!(
        text,
        "unauthorized: there is no valid credential to send; sign in again or renew it, then repeat the call"
    );
    let log = session.end();
    assert!(log.contains("WARN appsync_mcp::config: no AWS credentials"), "{log}");
    assert_eq!(aws.calls().len(), 0);
}

/// STS is elsewhere; what is on this machine or its link was reached past the proxy in all tests above.
#[test]
fn what_is_not_on_this_machine_is_asked_through_the_proxy() {
    let aws = Aws::start(|got, _| {
        if got.is_of_api() {
            ok(NOTHING_FOUND)
        } else {
            (502, String::new(), String::new())
        }
    });
    aws.write(
        ".aws/config",
        "[profile base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = topsecret\n\
         [default]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n",
    );
    let ended = aws.call(&[("HTTPS_PROXY", "{url}")]);
    assert_eq!(ended.code, 1, "{}", ended.all());
    assert!(
        ended.stdout.is_empty()
            && ended
                .stderr
                .contains("the API can't be reached just now through the proxy that `HTTPS_PROXY` names"),
        "{}",
        ended.all()
    );
    let got = aws.got();
    assert!(!got.is_empty());
    assert!(
        got.iter()
            .all(|got| got.line == "CONNECT sts.eu-west-1.amazonaws.com:443"),
        "{got:?}"
    );
}
