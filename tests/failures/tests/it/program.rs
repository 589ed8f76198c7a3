//! The real program over its pipes, and what a client says to it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::{Value, json};

use crate::credential::Credential;

/// How long an answer may take before the test fails.
pub(crate) const PATIENCE: Duration = Duration::from_mins(5);

/// All that can be asked of the log, so that what is in it by any setting is looked at.
const LOG: &str = "trace,hyper=trace,hyper_util=trace,h2=trace,reqwest=trace,rustls=trace,aws_config=trace,\
                   aws_credential_types=trace,aws_runtime=trace,aws_sigv4=trace,aws_smithy_runtime=trace";

/// A generation of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Era {
    /// 2025-11-25: a session is opened with `initialize`.
    Legacy,
    /// 2026-07-28: each request says of itself what it needs.
    Modern,
}

/// A program that serves, and a client's side of it.
pub(crate) struct Program {
    era: Era,
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<Value>,
    log: Option<JoinHandle<String>>,
}

/// What a call came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// The text that a model reads.
    pub(crate) text: String,
    pub(crate) is_error: bool,
}

/// What a program takes of the machine's memory, in bytes.
#[cfg(target_os = "linux")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) now: u64,
    pub(crate) most: u64,
}

impl Program {
    /// Starts the program in front of an API.
    pub(crate) fn start(endpoint: &str, credential: &Credential) -> Self {
        Self::start_in(Era::Modern, endpoint, credential)
    }

    /// Starts the program, with writes, without the settings of whoever runs the tests.
    pub(crate) fn start_in(era: Era, endpoint: &str, credential: &Credential) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_appsync-mcp-failures"));
        for (name, _) in std::env::vars_os() {
            let name_upper = name.to_string_lossy().to_ascii_uppercase();
            if ["APPSYNC_MCP_", "AWS_"]
                .iter()
                .any(|prefix| name_upper.starts_with(prefix))
            {
                command.env_remove(name);
            }
        }
        let mut child = command
            .args(["--allow-mutations", "--log", LOG, "--endpoint", endpoint])
            .args(credential.flags())
            .envs(credential.variables())
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (lines, output) = mpsc::channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            for line in stdout.lines() {
                let message = serde_json::from_str(&line.unwrap()).unwrap();
                if lines.send(message).is_err() {
                    break;
                }
            }
        });
        let mut stderr = child.stderr.take().unwrap();
        let log = thread::spawn(move || {
            let mut log = String::new();
            stderr.read_to_string(&mut log).unwrap();
            log
        });
        let mut program = Self {
            era,
            input: child.stdin.take(),
            child,
            output,
            log: Some(log),
        };
        if era == Era::Legacy {
            let info = json!({ "name": "failures", "version": "1" });
            let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": info });
            program.send(&json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params }));
            program.message();
            program.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        }
        program
    }

    /// Writes a line.
    pub(crate) fn send(&mut self, message: &Value) {
        let input = self.input.as_mut().unwrap();
        input.write_all(format!("{message}\n").as_bytes()).unwrap();
    }

    /// Asks for a call.
    pub(crate) fn ask(&mut self, id: u64, tool: &str) {
        let mut params = json!({ "name": tool, "arguments": arguments(tool) });
        if self.era == Era::Modern {
            params["_meta"] = json!({
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
                "io.modelcontextprotocol/clientInfo": { "name": "failures", "version": "1" },
            });
        }
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params }));
    }

    /// Asks for what there is not, and waits for the answer: what came before is dealt with by then.
    pub(crate) fn round_trip(&mut self) {
        self.ask(0, "no_such_tool");
        let message = self.message();
        assert_eq!(message["error"]["code"], json!(-32602), "{message}");
    }

    /// Gives up a call.
    pub(crate) fn cancel(&mut self, id: u64) {
        let params = json!({ "requestId": id });
        self.send(&json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": params }));
    }

    /// Waits for the next message.
    pub(crate) fn message(&self) -> Value {
        self.output
            .recv_timeout(PATIENCE)
            .unwrap_or_else(|error| panic!("no answer: {error}"))
    }

    /// Waits for what the call before came to.
    pub(crate) fn told(&self) -> Told {
        let message = self.message();
        let [content] = message["result"]["content"].as_array().unwrap().as_slice() else {
            panic!("not one block of content: {message}")
        };
        Told {
            text: content["text"].as_str().unwrap().to_owned(),
            is_error: message["result"]["isError"] == json!(true),
        }
    }

    /// How much memory it has now, and has had at most, in bytes.
    #[cfg(target_os = "linux")]
    pub(crate) fn memory(&self) -> Memory {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let bytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            let kilobytes: u64 = line
                .trim_start_matches(':')
                .trim_end_matches("kB")
                .trim()
                .parse()
                .unwrap();
            kilobytes * 1024
        };
        Memory {
            now: bytes("VmRSS"),
            most: bytes("VmHWM"),
        }
    }

    /// Closes the pipe as a client does that is done, and returns the log once the program has ended well.
    pub(crate) fn end(mut self) -> String {
        drop(self.input.take());
        let log = self.log.take().unwrap().join().unwrap();
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}: {log}");
        log
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // One that has ended is not there to be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a tool is called with.
fn arguments(tool: &str) -> Value {
    if is_write(tool) {
        json!({ "name": "Lamp" })
    } else if tool == "list_items" {
        json!({ "nextToken": "a token of long ago" })
    } else {
        json!({ "id": "i-1" })
    }
}

/// Whether a tool writes.
pub(crate) fn is_write(tool: &str) -> bool {
    tool.starts_with("make_")
}
