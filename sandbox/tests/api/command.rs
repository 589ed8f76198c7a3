//! The binary, as somebody starts it by hand.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

fn command() -> Command {
    Command::new(env!("CARGO_BIN_EXE_appsync-mcp-sandbox"))
}

#[test]
fn it_says_where_it_is_and_ends_with_its_input() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sandbox-credentials");
    for _ in 0..2 {
        let mut sandbox = command()
            .args([
                "--companies",
                "10",
                "--seed",
                "3",
                "--fault",
                "throttling",
                "--write-credentials",
            ])
            .arg(&directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(sandbox.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let endpoint = ready["endpoint"].as_str().unwrap();
        assert!(
            endpoint.starts_with("http://127.0.0.1:") && endpoint.ends_with("/graphql"),
            "{line}"
        );
        for (file, start) in [
            ("api-key", "da2-"),
            ("bearer", "eyJ"),
            ("aws-credentials", "[default]\naws_access_key_id = AKIA"),
        ] {
            let path = directory.join(file);
            assert!(std::fs::read_to_string(&path).unwrap().starts_with(start));
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            }
        }
        drop(sandbox.stdin.take());
        assert!(sandbox.wait().unwrap().success());
    }
}

#[test]
fn a_fault_that_there_is_not_is_refused_with_a_suggestion() {
    for (fault, expected) in [
        ("slwo", "no fault is called `slwo`; did you mean `slow`?"),
        (
            "slow@0",
            "`slow@0`: requests are counted from 1; write `slow@3` for the third request",
        ),
    ] {
        let output = command().args(["--fault", fault]).output().unwrap();
        assert!(!output.status.success());
        let message = String::from_utf8(output.stderr).unwrap();
        assert!(message.contains(expected), "{message}");
    }
}
