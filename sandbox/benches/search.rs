//! How long searches take among a million companies: `cargo bench -p appsync-mcp-sandbox --bench search [-- COMPANIES]`.
//!
//! In one run, in turn, over one kept connection: each search, and `getCompany` of one company. Their ratio is what a search
//! costs on top of a request, whatever the machine.

#![expect(clippy::print_stdout, reason = "a report for people")]

use std::error::Error;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use appsync_mcp_sandbox::{Config, Sandbox};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

const ROUNDS: usize = 50;

const COMPANY: &str = r#"query { getCompany(id: "c-00042") { id name country employees website } }"#;

const SEARCH: &str =
    "query ($filter: CompanyFilterInput!, $nextToken: String) { searchCompanies(filter: $filter, limit: 20, nextToken: $nextToken) {
  items { id name country employees website } nextToken total
} }";

/// What is looked for; `offers`, `to` and `from` are in every description.
fn searches() -> Vec<(&'static str, Value)> {
    let employees = json!({ "min": 50, "max": 200 });
    vec![
        (
            "the README's",
            json!({ "keywords": "SaaS", "location": { "country": "DE" }, "employees": employees }),
        ),
        ("a common word", json!({ "keywords": "software" })),
        ("the commonest word", json!({ "keywords": "offers" })),
        ("four of them", json!({ "keywords": "offers to from and" })),
        ("two words", json!({ "keywords": "software berlin" })),
        (
            "the commonest, by country",
            json!({ "keywords": "offers", "location": { "country": "DE" } }),
        ),
        (
            "the commonest, by size",
            json!({ "keywords": "offers", "employees": { "min": 2 } }),
        ),
        (
            "the commonest, largest first",
            json!({ "keywords": "offers", "sort": "EMPLOYEES" }),
        ),
        (
            "the commonest, newest first",
            json!({ "keywords": "offers", "sort": "FOUNDED", "minScore": 0.5 }),
        ),
        ("a word that nobody has", json!({ "keywords": "quokka" })),
    ]
}

fn main() -> Outcome<()> {
    let companies = std::env::args()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(1_000_000);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let start = Instant::now();
    let config = Config {
        companies,
        ..Config::default()
    };
    let sandbox = runtime.block_on(Sandbox::start(config))?;
    println!("{companies} companies, ready after {:.2?}", start.elapsed());
    measure(&sandbox)
}

fn measure(sandbox: &Sandbox) -> Outcome<()> {
    let mut client = Client::connect(sandbox.endpoint(), sandbox.bearer())?;
    let company = json!({ "query": COMPANY });
    println!(
        "{:32} {:>9} {:>10} {:>10} {:>7}",
        "", "found", "median", "95 %", "ratio"
    );
    for (what, filter) in searches() {
        let first = json!({ "query": SEARCH, "variables": { "filter": filter } });
        let found = client.post(&first)?;
        let total = found.pointer("/data/searchCompanies/total").and_then(Value::as_u64);
        let total = total.ok_or_else(|| format!("no total: {found}"))?;
        let mut pages = vec![("", first)];
        if let Some(token) = found.pointer("/data/searchCompanies/nextToken").and_then(Value::as_str) {
            let token = token_at(token, total.saturating_sub(20))?;
            let last = json!({ "query": SEARCH, "variables": { "filter": filter, "nextToken": token } });
            pages.push((", last page", last));
        }
        for (page, body) in pages {
            let (mut searches, mut companies) = (Vec::new(), Vec::new());
            for _ in 0..ROUNDS {
                searches.push(client.time(&body)?);
                companies.push(client.time(&company)?);
            }
            let ((median, p95), (company, _)) = (spread(searches), spread(companies));
            let ratio = median.as_secs_f64() / company.as_secs_f64();
            println!(
                "{:32} {total:>9} {:>10} {:>10} {ratio:>7.1}",
                format!("{what}{page}"),
                format!("{median:.2?}"),
                format!("{p95:.2?}"),
            );
        }
    }
    Ok(())
}

/// The same listing from another place on. Walking there would take thousands of pages.
fn token_at(token: &str, offset: u64) -> Outcome<String> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token)?)?;
    let (listing, _) = text.split_once(':').ok_or("a token of another form")?;
    Ok(URL_SAFE_NO_PAD.encode(format!("{listing}:{offset}:1")))
}

fn spread(mut times: Vec<Duration>) -> (Duration, Duration) {
    times.sort();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    (at(50), at(95))
}

/// One kept connection.
struct Client {
    stream: BufReader<TcpStream>,
    head: String,
}

impl Client {
    fn connect(endpoint: &str, token: &str) -> Outcome<Self> {
        let (host, path) = endpoint
            .trim_start_matches("http://")
            .split_once('/')
            .ok_or("no path")?;
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream: BufReader::new(stream),
            head: format!("POST /{path} HTTP/1.1\r\nhost: {host}\r\nauthorization: {token}\r\n"),
        })
    }

    fn time(&mut self, body: &Value) -> Outcome<Duration> {
        let start = Instant::now();
        self.post(body)?;
        Ok(start.elapsed())
    }

    fn post(&mut self, body: &Value) -> Outcome<Value> {
        let body = body.to_string();
        let request = format!("{}content-length: {}\r\n\r\n{body}", self.head, body.len());
        self.stream.get_mut().write_all(request.as_bytes())?;
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
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer)?;
        let answer: Value = serde_json::from_slice(&answer)?;
        match answer.get("errors") {
            None => Ok(answer),
            Some(errors) => Err(errors.to_string().into()),
        }
    }
}
