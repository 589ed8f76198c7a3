//! The program as a shell runs it: words in, an exit code and two texts out.

use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;

use crate::session::PATIENCE;

/// What a program left.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Both texts, to look for what must be in neither.
    pub(crate) fn all(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}

/// The program, without the settings of whoever runs the tests.
pub(crate) fn command<S: AsRef<std::ffi::OsStr>>(words: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_appsync-mcp"));
    command.args(words);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().to_ascii_uppercase().starts_with("APPSYNC_MCP_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs the program to its end.
pub(crate) fn run<S: AsRef<std::ffi::OsStr>>(words: &[S]) -> Ended {
    run_with(words, &[])
}

/// Runs the program to its end, with these variables set.
pub(crate) fn run_with<S: AsRef<std::ffi::OsStr>>(words: &[S], variables: &[(&str, &str)]) -> Ended {
    let mut child = command(words)
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = read(child.stdout.take().unwrap());
    let stderr = read(child.stderr.take().unwrap());
    let texts = stdout
        .recv_timeout(PATIENCE)
        .and_then(|stdout| Ok((stdout, stderr.recv_timeout(PATIENCE)?)));
    let Ok((stdout, stderr)) = texts else {
        let _ = child.kill();
        let _ = child.wait();
        panic!("the program does not end")
    };
    let code = child.wait().unwrap().code().unwrap();
    Ended { code, stdout, stderr }
}

/// Reads to the end, beside whatever goes on.
pub(crate) fn read(mut from: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut text = Vec::new();
        let _ = from.read_to_end(&mut text);
        send.send(String::from_utf8(text).unwrap())
    });
    receive
}
