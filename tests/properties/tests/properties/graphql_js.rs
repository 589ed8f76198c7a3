//! The specification's reference implementation: a process that says of each request what is wrong with it.
//!
//! It is graphql-js; `APPSYNC_MCP_GRAPHQL_JS` is the path of its main module, and `node` has to be on the path.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/graphql_js.mjs");

/// A running process, for one schema.
#[derive(Debug)]
pub(crate) struct GraphQlJs {
    child: Child,
    requests: ChildStdin,
    verdicts: BufReader<ChildStdout>,
}

impl GraphQlJs {
    pub(crate) fn start(schema: &Path) -> Self {
        let module = std::env::var_os("APPSYNC_MCP_GRAPHQL_JS")
            .expect("APPSYNC_MCP_GRAPHQL_JS is the path of graphql-js: `bash .ci/run properties` sets it");
        let mut child = Command::new("node")
            .args([SCRIPT.as_ref(), module.as_os_str(), schema.as_os_str()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node starts");
        let (requests, verdicts) = child.stdin.take().zip(child.stdout.take()).expect("both are piped");
        Self {
            child,
            requests,
            verdicts: BufReader::new(verdicts),
        }
    }

    /// Returns what is wrong with the body of a request.
    pub(crate) fn problems(&mut self, body: &Value) -> Vec<Value> {
        writeln!(self.requests, "{body}").expect("node reads");
        let mut verdict = String::new();
        self.verdicts.read_line(&mut verdict).expect("node answers");
        serde_json::from_str(&verdict).expect("a list of problems")
    }
}

impl Drop for GraphQlJs {
    fn drop(&mut self) {
        // One that has ended is not there to be killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
