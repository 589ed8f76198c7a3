//! The program over its pipes, one call at a time, in front of a sandbox.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use appsync_mcp::decode::JsonObject;
use appsync_mcp::tool::ToolSpec;
use appsync_mcp_sandbox::{Config, Sandbox};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// Enough companies for several pages, few enough to be made in a moment.
const COMPANIES: u32 = 500;

/// A sandbox, and a program in front of it.
pub(crate) struct Server {
    program: Program,
    /// The file with the token.
    token: PathBuf,
    /// How many calls the program has had.
    calls: u32,
    // Before the runtime, since it is dropped first and stops there.
    pub(crate) sandbox: Sandbox,
    _runtime: Runtime,
}

struct Program {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// What a call came to.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// What the model reads.
    pub(crate) text: String,
    /// The result; nothing if the call failed.
    pub(crate) result: Option<Value>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let config = Config {
            companies: COMPANIES,
            credits: u32::MAX / 2,
            ..Config::default()
        };
        let sandbox = runtime.block_on(Sandbox::start(config)).unwrap();
        sandbox.set_delay_ms(1);
        // Tests run side by side, each with a sandbox of its own.
        let port = sandbox
            .endpoint()
            .matches(|c: char| c.is_ascii_digit())
            .collect::<String>();
        let token = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("token-{port}"));
        fs::write(&token, sandbox.bearer()).unwrap();
        Self {
            program: Program::start(&sandbox, &token),
            token,
            calls: 0,
            sandbox,
            _runtime: runtime,
        }
    }

    /// Calls a tool; one that may only be called so often, with a new program when that is used up.
    pub(crate) fn call(&mut self, spec: &ToolSpec, given: &JsonObject) -> Outcome {
        if spec.rate.is_some_and(|rate| self.calls >= rate.calls) {
            self.program = Program::start(&self.sandbox, &self.token);
            self.calls = 0;
        }
        self.calls += 1;
        self.program.call(spec.name, given)
    }
}

impl Program {
    fn start(sandbox: &Sandbox, token: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_appsync-mcp-properties-server"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().to_ascii_uppercase().starts_with("APPSYNC_MCP_") {
                command.env_remove(name);
            }
        }
        command
            .args(["--endpoint", sandbox.endpoint(), "--allow-mutations", "--bearer-file"])
            .arg(token);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (input, output) = child.stdin.take().zip(child.stdout.take()).unwrap();
        Self {
            child,
            input,
            output: BufReader::new(output),
        }
    }

    fn call(&mut self, tool: &str, given: &JsonObject) -> Outcome {
        let params = json!({
            "name": tool,
            "arguments": given,
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
                "io.modelcontextprotocol/clientInfo": { "name": "properties", "version": "1" },
            },
        });
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        writeln!(self.input, "{request}").unwrap();
        let mut answer = loop {
            let mut line = String::new();
            assert_ne!(self.output.read_line(&mut line).unwrap(), 0, "the program has ended");
            let message: Value = serde_json::from_str(&line).unwrap();
            if message["id"] == 1 {
                break message["result"].clone();
            }
        };
        let result = answer.get_mut("structuredContent").map(Value::take);
        assert_eq!(answer["isError"] == json!(true), result.is_none(), "{answer}");
        let text = answer["content"][0]["text"]
            .as_str()
            .unwrap_or_else(|| panic!("no text: {answer}"));
        Outcome {
            text: text.to_owned(),
            result,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // What is left behind stands in the target folder and does no harm.
        let _ = fs::remove_file(&self.token);
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // One that has ended is not there to be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
