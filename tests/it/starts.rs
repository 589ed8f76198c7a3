//! Starts whose credential lets wait for itself: what the client sees of that, and how the program ends meanwhile.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::api::{Api, Folder};
#[cfg(target_os = "linux")]
use crate::program::command;
use crate::program::run;
use crate::session::{Era, Session};

/// A token that the API takes, as a command would print it.
fn token(api: &Api) -> String {
    let flags = api.flags();
    fs::read_to_string(flags.last().unwrap()).unwrap().trim().to_owned()
}

/// The flags that lead to the API, with a command that is a shell script.
fn flags_with(api: &Api, folder: &Folder, script: &str) -> Vec<String> {
    let script = folder.write("script", script);
    let command = format!("sh '{}'", script.display());
    let endpoint = api.flags().into_iter().take(2);
    endpoint.chain(["--token-command".to_owned(), command]).collect()
}

/// Waits until something is so; only a test that has failed waits for long.
fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..24_000 {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("{what}")
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

#[test]
fn a_session_opens_while_a_command_runs_and_its_call_waits_for_the_one_run() {
    let (api, folder) = (Api::start(), Folder::new());
    let (runs, gate) = (folder.path("runs"), folder.path("gate"));
    let script = format!(
        "echo run >>'{}'\nwhile test ! -e '{}'; do sleep 0.02; done\necho {}",
        runs.display(),
        gate.display(),
        token(&api)
    );
    for era in Era::ALL {
        let _ = fs::remove_file(&gate);
        let _ = fs::remove_file(&runs);
        let mut session = Session::open(era, &flags_with(&api, &folder, &script));
        // Here the session is open, and lists, and cancels.
        session.request("tools/list", json!({})).unwrap();
        let params = json!({ "name": "search_companies", "arguments": { "keywords": "software" } });
        let given_up = session.ask("tools/call", params.clone());
        let cancel =
            json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": given_up } });
        session.send(&cancel.to_string());
        let waiting = session.ask("tools/call", params);
        session.request("tools/list", json!({})).unwrap();
        until("the command is not run", || !text(&runs).is_empty());
        fs::write(&gate, "").unwrap();
        assert!(session.outcome("search_companies", waiting).result.is_some());
        assert_eq!(text(&runs), "run\n");
        session.end();
    }
}

#[test]
fn a_command_that_can_not_be_run_stops_the_start_and_one_that_fails_is_told() {
    let (api, folder) = (Api::start(), Folder::new());
    let endpoint: Vec<String> = api.flags().into_iter().take(2).collect();
    let missing = ["--token-command".to_owned(), "/nonexistent/print-token --x".to_owned()];
    let ended = run(&[endpoint, missing.to_vec()].concat());
    assert_eq!(
        (ended.code, ended.stderr.lines().last().unwrap()),
        (
            2,
            "error: `--token-command`: the token command `/nonexistent/print-token` can't be run: No such file or directory (os error 2)"
        )
    );
    for (script, said) in [
        ("echo no login >&2; exit 3", "failed (exit status: 3): no login"),
        (
            "echo rubbish",
            "ended well, but what it printed is not a JSON Web Token",
        ),
    ] {
        let before = api.requests();
        let mut session = Session::open(Era::Legacy, &flags_with(&api, &folder, script));
        let failure = session.failure("search_companies", json!({ "keywords": "software" }));
        assert!(
            failure.starts_with("unauthorized: there is no valid credential to send"),
            "{failure}"
        );
        let log = session.end();
        let error = format!("no credential, and no call can succeed: the token command `sh` {said}");
        assert_eq!(log.matches(&error).count(), 1, "{log}");
        assert_eq!(api.requests(), before);
    }
}

#[test]
fn a_command_that_runs_is_killed_at_the_end() {
    let (api, folder) = (Api::start(), Folder::new());
    let pid = folder.path("pid");
    let script = format!("echo $$ >'{}'\nexec sleep 600", pid.display());
    let flags = flags_with(&api, &folder, &script);
    for is_told in [false, true] {
        let _ = fs::remove_file(&pid);
        let session = Session::open(Era::Modern, &flags);
        until("the command is not run", || text(&pid).ends_with('\n'));
        let id = text(&pid).trim().to_owned();
        let is_alive = || {
            Command::new("kill")
                .args(["-0", &id])
                .stderr(Stdio::null())
                .status()
                .unwrap()
                .success()
        };
        assert!(is_alive());
        if is_told {
            session.terminate();
        }
        session.end();
        until("the command is not killed", || !is_alive());
    }
}

#[test]
fn a_start_that_compares_the_schema_waits_for_the_command() {
    let (api, folder) = (Api::start(), Folder::new());
    // Longer than the API may take to tell its schema.
    for (end, is_good) in [
        (format!("echo {}", token(&api)), true),
        ("echo no login >&2; exit 3".to_owned(), false),
    ] {
        let mut flags = flags_with(&api, &folder, &format!("sleep {}\n{end}", if is_good { 11 } else { 1 }));
        flags.push("--check-schema".to_owned());
        if is_good {
            Session::open(Era::Modern, &flags).end();
            continue;
        }
        let ended = run(&flags);
        assert_eq!(ended.code, 1);
        assert!(
            ended.stderr.contains("could not be compared")
                && ended
                    .stderr
                    .contains("the token command `sh` failed (exit status: 3): no login"),
            "{}",
            ended.stderr
        );
    }
}

#[cfg(unix)]
#[test]
fn a_session_opens_while_a_pipe_is_read_and_standard_input_is_not_read() {
    let (api, folder) = (Api::start(), Folder::new());
    let pipe = folder.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let endpoint: Vec<String> = api.flags().into_iter().take(2).collect();
    let with = |path: &str| [endpoint.clone(), vec!["--api-key-file".to_owned(), path.to_owned()]].concat();
    let mut session = Session::open(Era::Legacy, &with(pipe.to_str().unwrap()));
    session.request("tools/list", json!({})).unwrap();
    fs::write(&pipe, "da2-late").unwrap();
    // The sandbox takes no key.
    let failure = session.failure("search_companies", json!({ "keywords": "software" }));
    assert!(failure.starts_with("unauthorized: "), "{failure}");
    session.end();
    for path in ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"] {
        let ended = run(&with(path));
        let said = format!(
            "error: `--api-key-file`: `{path}` is this program's standard input, which is its client's; name another file or pipe"
        );
        assert_eq!((ended.code, ended.stderr.lines().last()), (2, Some(&*said)));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_start_that_waits_for_a_pipe_can_be_ended() {
    let (api, folder) = (Api::start(), Folder::new());
    let pipe = folder.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let endpoint: Vec<String> = api.flags().into_iter().take(2).collect();
    for signal in ["-TERM", "-INT"] {
        let mut child = command(&endpoint)
            .args(["--log", "debug", "--api-key-file"])
            .arg(&pipe)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Its second thread reads the file.
        until("the program does not wait", || threads_of(child.id()) > 1);
        let id = child.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
        let mut status = None;
        for _ in 0..24_000 {
            status = child.try_wait().unwrap();
            if status.is_some() {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = child.kill();
        assert!(status.expect("the program does not end").success());
    }
}

/// Counts a process's threads.
#[cfg(target_os = "linux")]
fn threads_of(process: u32) -> usize {
    fs::read_dir(format!("/proc/{process}/task")).map_or(0, Iterator::count)
}
