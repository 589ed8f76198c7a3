//! The server starts and says what its tools are, although an input object of theirs (`NoteFilter`) holds itself.
//!
//! Nothing is sent to any API.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a helper of a test fails as the test does"
)]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use appsync_mcp_kitchen_sink::generated::CONTRACT;
use serde_json::{Value, json};

/// Runs the program with these words and this input to its end.
fn run(words: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_appsync-mcp-kitchen-sink"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().to_ascii_uppercase().starts_with("APPSYNC_MCP_") {
            command.env_remove(name);
        }
    }
    let mut child = command
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The end of the input is the end of the session.
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Returns what the program wrote; it has to end well.
fn text(words: &[&str], input: &str) -> String {
    let Output { status, stdout, stderr } = run(words, input);
    assert!(status.success(), "{status}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap()
}

/// Holds a catalogue to what it says of `find_notes`.
fn check_catalogue(catalogue: &Value) {
    let tools = catalogue["tools"].as_array().unwrap();
    assert_eq!(tools.len(), CONTRACT.tools.len());
    let tool = tools.iter().find(|tool| tool["name"] == "find_notes").unwrap();
    let filter = &tool["arguments"][0];
    assert_eq!(filter["type"], "NoteFilter");
    let fields = filter["fields"].as_array().unwrap();
    let field = |name: &str| fields.iter().find(|field| field["name"] == name).unwrap();
    assert_eq!(field("any")["item"], json!({ "type": "NoteFilter" }));
    assert_eq!(field("not")["type"], "NoteFilter");
    assert_eq!(field("not").get("fields"), None);
    assert_eq!(field("size")["fields"][0]["name"], "max");
}

#[test]
fn the_tools_are_a_table_that_is_no_wider_than_a_window() {
    let table = text(&["tools"], "");
    for line in [
        "filter?: NoteFilter",
        "  not?: NoteFilter",
        "  any?: [NoteFilter]",
        "  size?: IntRange",
    ] {
        assert!(table.contains(line), "{line}: {table}");
    }
    for line in table.lines().filter(|line| !line.starts_with("Not offered")) {
        assert!(line.chars().count() < 160, "{line}");
    }
}

#[test]
fn the_catalogue_names_an_input_object_that_holds_itself() {
    check_catalogue(&serde_json::from_str(&text(&["tools", "--json"], "")).unwrap());
}

#[test]
fn a_session_begins_and_the_tools_and_resources_are_read() {
    let key = Path::new(env!("CARGO_TARGET_TMPDIR")).join("api-key");
    std::fs::write(&key, "da2-aaaaaaaaaaaaaaaaaaaaaaaaaa\n").unwrap();
    let resource = |uri| json!({ "uri": uri });
    let requests = [
        (
            "initialize",
            json!({
                "protocolVersion": "2025-11-25",
                "capabilities": {},
                "clientInfo": { "name": "test", "version": "1" },
            }),
        ),
        ("tools/list", json!({})),
        ("resources/read", resource("appsync-mcp://tools")),
        ("resources/read", resource("appsync-mcp://codes")),
    ];
    let mut input = String::new();
    for (id, (method, params)) in requests.iter().enumerate() {
        let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        input.push_str(&request.to_string());
        input.push('\n');
        if id == 0 {
            input.push_str("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n");
        }
    }
    let endpoint = "https://api.example.com/graphql";
    let words = ["--endpoint", endpoint, "--api-key-file", key.to_str().unwrap()];
    let output = text(&words, &input);
    let answers: Vec<Value> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let result = |id: usize| {
        let answer = answers.iter().find(|answer| answer["id"] == id);
        answer.unwrap_or_else(|| panic!("no answer to {id}: {output}"))["result"].clone()
    };
    let read = |id| -> Value { serde_json::from_str(result(id)["contents"][0]["text"].as_str().unwrap()).unwrap() };
    assert_eq!(result(0)["serverInfo"]["name"], "appsync-mcp-kitchen-sink");
    let tools = result(1)["tools"].as_array().unwrap().clone();
    assert!(tools.iter().any(|tool| tool["name"] == "find_notes"), "{tools:?}");
    check_catalogue(&read(2));
    assert!(read(3)["enums"].get("State").is_some());
}
