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

#[test]
fn many_companies_are_made_once_and_kept() {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sandbox-cache");
    if cache.exists() {
        std::fs::remove_dir_all(&cache).unwrap();
    }
    let told = || {
        // Its input is closed from the start, so it ends when it is ready.
        let output = command()
            .args(["--companies", "50001", "--cache"])
            .arg(&cache)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let first = told();
    let lines: Vec<_> = first.lines().collect();
    assert_eq!(lines.len(), 11, "{first}");
    assert_eq!(lines[9], "50001 of 50001 companies are made");
    let file = std::fs::read_dir(&cache).unwrap().next().unwrap().unwrap().path();
    let place = format!("appsync-mcp-sandbox: companies are in {}", file.display());
    assert_eq!(lines[10], place);
    assert_eq!(told().trim_end(), place);
    std::fs::remove_dir_all(cache).unwrap();
}
