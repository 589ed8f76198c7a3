//! A conversation with the real program over its pipes.
//!
//! Invariant: every line of its standard output is a JSON-RPC message; any other fails the test at once.
//! Invariant: every result of every call in every test fits the tool's output schema, and its text says the same.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
#[cfg(unix)]
use std::process::Command;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::api::Api;
use crate::{contract, program, schema};

/// How long an answer may take before the test fails.
pub(crate) const PATIENCE: Duration = Duration::from_mins(5);

/// A generation of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Era {
    /// 2025-11-25: a session is opened with `initialize`.
    Legacy,
    /// 2026-07-28: each request says of itself what it needs.
    Modern,
}

impl Era {
    pub(crate) const ALL: [Self; 2] = [Self::Legacy, Self::Modern];
}

/// What a call came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) text: String,
    /// The result; nothing if the call failed.
    pub(crate) result: Option<Value>,
}

/// A program that serves, and a client's side of it.
pub(crate) struct Session {
    era: Era,
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<Value>,
    log: Option<JoinHandle<String>>,
    requests: u64,
    answers: HashMap<u64, Value>,
    /// What `initialize` or `server/discover` answered.
    pub(crate) server: Value,
}

impl Session {
    /// Starts the program in front of a sandbox.
    pub(crate) fn start(api: &Api, flags: &[&str]) -> Self {
        Self::start_in(Era::Modern, api, flags)
    }

    pub(crate) fn start_in(era: Era, api: &Api, flags: &[&str]) -> Self {
        let mut all = api.flags();
        all.extend(flags.iter().map(|flag| (*flag).to_owned()));
        Self::open(era, &all)
    }

    /// Starts the program with these flags alone.
    pub(crate) fn open(era: Era, flags: &[String]) -> Self {
        Self::open_with(era, flags, &[])
    }

    /// Starts the program with these flags and variables.
    pub(crate) fn open_with(era: Era, flags: &[String], variables: &[(&str, &str)]) -> Self {
        let mut child = program::command(flags)
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (lines, output) = mpsc::channel();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            let mut line = String::new();
            while stdout.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
                // A line that is none ends the channel, and the test that reads it.
                let message: Value =
                    serde_json::from_str(&line).unwrap_or_else(|error| panic!("no message: {error}: {line}"));
                assert_eq!(message["jsonrpc"], "2.0", "no JSON-RPC: {line}");
                line.clear();
                if lines.send(message).is_err() {
                    break;
                }
            }
        });
        let mut stderr = child.stderr.take().unwrap();
        let log = thread::spawn(move || {
            let mut log = Vec::new();
            let _ = stderr.read_to_end(&mut log);
            String::from_utf8(log).unwrap()
        });
        let mut session = Self {
            era,
            input: child.stdin.take(),
            child,
            output,
            log: Some(log),
            requests: 0,
            answers: HashMap::new(),
            server: Value::Null,
        };
        session.greet();
        session
    }

    fn greet(&mut self) {
        let info = json!({ "name": "it", "version": "1" });
        self.server = match self.era {
            Era::Modern => self.request("server/discover", json!({})).unwrap(),
            Era::Legacy => {
                let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": info });
                let server = self.request("initialize", params).unwrap();
                self.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }).to_string());
                server
            }
        };
    }

    /// The fields that a request must have in this generation.
    pub(crate) fn meta(&self) -> Map<String, Value> {
        match self.era {
            Era::Legacy => Map::new(),
            Era::Modern => Map::from_iter([(
                "_meta".to_owned(),
                json!({
                    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                    "io.modelcontextprotocol/clientCapabilities": {},
                    "io.modelcontextprotocol/clientInfo": { "name": "it", "version": "1" },
                }),
            )]),
        }
    }

    /// Writes a line as it is.
    pub(crate) fn send(&mut self, line: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(line.as_bytes()).unwrap();
        input.write_all(b"\n").unwrap();
        input.flush().unwrap();
    }

    /// Sends a request and returns its id.
    pub(crate) fn ask(&mut self, method: &str, mut params: Value) -> u64 {
        if let Some(params) = params.as_object_mut() {
            params.extend(self.meta());
        }
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string());
        id
    }

    /// Sends a call whose arguments are this text, and returns its id.
    pub(crate) fn ask_raw(&mut self, tool: &str, arguments: &str) -> u64 {
        self.requests += 1;
        let id = self.requests;
        let meta = match Value::Object(self.meta()).get("_meta") {
            Some(meta) => format!(r#","_meta":{meta}"#),
            None => String::new(),
        };
        self.send(&format!(
            r#"{{"jsonrpc":"2.0","id":{id},"method":"tools/call","params":{{"name":"{tool}","arguments":{arguments}{meta}}}}}"#
        ));
        id
    }

    /// Waits for the answer to a request: its result, or the protocol's error.
    pub(crate) fn answer(&mut self, id: u64) -> Result<Value, Value> {
        loop {
            if let Some(mut answer) = self.answers.remove(&id) {
                return match answer.get_mut("error") {
                    Some(error) => Err(error.take()),
                    None => Ok(answer["result"].take()),
                };
            }
            let message = self.message();
            if let Some(id) = message["id"].as_u64() {
                self.answers.insert(id, message);
            }
        }
    }

    /// Waits for the next message, whatever it is.
    pub(crate) fn message(&mut self) -> Value {
        match self.output.recv_timeout(PATIENCE) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout) => panic!("no answer"),
            Err(RecvTimeoutError::Disconnected) => panic!("the server is gone, or wrote what is no message"),
        }
    }

    pub(crate) fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// Calls a tool.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "callers write the arguments where they call"
    )]
    pub(crate) fn call(&mut self, tool: &str, arguments: Value) -> Outcome {
        let id = self.ask("tools/call", json!({ "name": tool, "arguments": arguments }));
        self.outcome(tool, id)
    }

    /// Waits for the outcome of a call.
    pub(crate) fn outcome(&mut self, tool: &str, id: u64) -> Outcome {
        let answer = self.answer(id).unwrap();
        let [content] = answer["content"].as_array().unwrap().as_slice() else {
            panic!("not one block of content: {answer}")
        };
        assert_eq!(content["type"], "text");
        let text = content["text"].as_str().unwrap().to_owned();
        let result = answer.get("structuredContent").cloned();
        assert_eq!(answer["isError"] == json!(true), result.is_none(), "{answer}");
        if let Some(result) = &result {
            assert_eq!(
                serde_json::from_str::<Value>(&text).unwrap(),
                *result,
                "the text says something else"
            );
            let output_schema = serde_json::from_str(contract::spec(tool).output_schema).unwrap();
            assert_eq!(schema::misfits(&output_schema, result), [""; 0], "{tool}: {text}");
        }
        Outcome { text, result }
    }

    /// Calls a tool that has a result.
    pub(crate) fn result(&mut self, tool: &str, arguments: Value) -> Value {
        let outcome = self.call(tool, arguments);
        outcome.result.unwrap_or_else(|| panic!("{tool}: {}", outcome.text))
    }

    /// Calls a tool that fails, and returns what the model is told.
    pub(crate) fn failure(&mut self, tool: &str, arguments: Value) -> String {
        let outcome = self.call(tool, arguments);
        assert_eq!(outcome.result, None, "{tool} did not fail");
        outcome.text
    }

    /// Asks the program to end as an init system does.
    #[cfg(unix)]
    pub(crate) fn terminate(&self) {
        let status = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(status.unwrap().success());
    }

    /// Closes the pipe as a client does that is done, and returns the log once the program has ended well.
    pub(crate) fn end(mut self) -> String {
        drop(self.input.take());
        loop {
            match self.output.recv_timeout(PATIENCE) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("the server does not end"),
            }
        }
        let status = self.child.wait().unwrap();
        let log = self.log.take().unwrap().join().unwrap();
        assert!(status.success(), "{status}: {log}");
        log
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // One that has ended is not there to be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
