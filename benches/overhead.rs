//! What the server costs on top of its API: `cargo bench --bench overhead`.
//!
//! In one run, in turn: a tool call over standard input and output, and a bare POST of the very same request over a kept
//! connection, both answered by the same sandbox. Then the start, and the memory that the server takes.
//! The server is the real binary; everything is on the loopback interface, and ends by itself.

#![expect(
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a report for people, over JSON that is there"
)]

use std::{
    error::Error,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use appsync_mcp_sandbox::{Config, Sandbox};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

const CALLS: usize = 1000;
const STARTS: usize = 30;

fn main() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let sandbox = runtime.block_on(Sandbox::start(Config::default()))?;
    let token_file = std::env::temp_dir().join(format!("appsync-mcp-overhead-{}.token", std::process::id()));
    std::fs::write(&token_file, sandbox.bearer())?;
    let outcome = measure(&sandbox, token_file.to_str().unwrap_or_default());
    std::fs::remove_file(&token_file)?;
    outcome
}

fn measure(sandbox: &Sandbox, token_file: &str) -> Outcome<()> {
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let start = Instant::now();
        let mut server = Server::start(sandbox.endpoint(), token_file)?;
        server.request("tools/list", &json!({}))?;
        starts.push(start.elapsed());
        server.stop()?;
    }
    println!("start to the answer of tools/list:  {}", median(starts));

    let mut server = Server::start(sandbox.endpoint(), token_file)?;
    let call = json!({ "name": "get_company", "arguments": { "id": "c-00042" } });
    server.request("tools/call", &call)?;
    let idle = server.resident_kib();
    let received = sandbox.received();
    let last = received.last().ok_or("the sandbox has received nothing")?;
    let body = json!({ "query": last.document, "variables": last.variables, "operationName": last.operation_name })
        .to_string();
    let mut bare = Bare::connect(sandbox.endpoint(), sandbox.bearer(), &body)?;
    bare.post()?;

    let (mut calls, mut posts) = (Vec::new(), Vec::new());
    for _ in 0..CALLS {
        calls.push(timed(|| server.request("tools/call", &call))?);
        posts.push(timed(|| bare.post())?);
    }
    let (call, post) = (median(calls), median(posts));
    println!("get_company as a tool call:         {call}");
    println!("the same document, a bare POST:     {post}");
    let (more, ratio) = (
        call.median.saturating_sub(post.median),
        call.median.as_secs_f64() / post.median.as_secs_f64(),
    );
    println!("on top of it:                       {more:.0?}, the ratio is {ratio:.2}");
    if let (Some(idle), Some(now)) = (idle, server.resident_kib()) {
        println!("resident memory:                    {idle} KiB after one call, {now} KiB after {CALLS} more");
    }
    server.stop()
}

fn timed(run: impl FnOnce() -> Outcome<()>) -> Outcome<Duration> {
    let start = Instant::now();
    run()?;
    Ok(start.elapsed())
}

struct Spread {
    median: Duration,
    p95: Duration,
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "median {:.2?}, 95 % within {:.2?}", self.median, self.p95)
    }
}

fn median(mut times: Vec<Duration>) -> Spread {
    times.sort();
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    Spread {
        median: at(50),
        p95: at(95),
    }
}

/// The server as a client starts it.
struct Server {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    id: u64,
}

impl Server {
    fn start(endpoint: &str, token_file: &str) -> Outcome<Self> {
        let mut child = Command::new(env!("CARGO_BIN_EXE_appsync-mcp"))
            .args(["--endpoint", endpoint, "--bearer-file", token_file, "--log", "off"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("no pipes".into());
        };
        Ok(Self {
            child,
            stdin,
            stdout: BufReader::new(stdout),
            id: 0,
        })
    }

    fn request(&mut self, method: &str, params: &Value) -> Outcome<()> {
        self.id += 1;
        let mut params = params.clone();
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let message = json!({ "jsonrpc": "2.0", "id": self.id, "method": method, "params": params });
        writeln!(self.stdin, "{message}")?;
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        // As little as for the bare POST: what a client does with an answer is not what is measured.
        if !line.contains("\"result\":") || line.contains("\"isError\":true") {
            return Err(format!("{method} failed: {line}").into());
        }
        Ok(())
    }

    /// Where the system tells it.
    fn resident_kib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    fn stop(self) -> Outcome<()> {
        let Self { mut child, stdin, .. } = self;
        drop(stdin);
        child.wait()?;
        Ok(())
    }
}

/// One kept connection, and one request again and again.
struct Bare {
    stream: BufReader<TcpStream>,
    request: String,
}

impl Bare {
    fn connect(endpoint: &str, token: &str, body: &str) -> Outcome<Self> {
        let (host, path) = endpoint
            .trim_start_matches("http://")
            .split_once('/')
            .ok_or("no path")?;
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        let request = format!(
            "POST /{path} HTTP/1.1\r\nhost: {host}\r\nauthorization: {token}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        Ok(Self {
            stream: BufReader::new(stream),
            request,
        })
    }

    fn post(&mut self) -> Outcome<()> {
        self.stream.get_mut().write_all(self.request.as_bytes())?;
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            if let Some((_, value)) = line
                .split_once(':')
                .filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            {
                length = value.trim().parse()?;
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        if length == 0 || !body.starts_with(b"{\"data\"") {
            return Err("the bare POST has failed".into());
        }
        Ok(())
    }
}
