//! `schema/tools.lock` against the real server: what was reviewed is what is served, byte for byte.

use serde_json::{Value, json};

use crate::api::Api;
use crate::session::{Era, Session};

const LOCK: &str = include_str!("../../schema/tools.lock");

/// The digest of all tools.
pub(crate) fn digest() -> &'static str {
    let line = LOCK.lines().find_map(|line| line.strip_prefix("digest = "));
    line.unwrap().trim_matches('"')
}

/// How many tools are verified in an API, in the sandbox only, and how many there are: those that `schema/verified.lock` has
/// with the digest that is locked here.
pub(crate) fn verified() -> [usize; 3] {
    let known = std::fs::read_to_string("schema/verified.lock").unwrap_or_default();
    let kinds = LOCK.lines().filter_map(|line| line.split_once(".kind = "));
    let tools: Vec<_> = kinds.map(|(tool, _)| tool).collect();
    let count = |endpoint: &str| {
        let line = |tool: &str| {
            format!(
                "\n[{tool}]\ncontract = {}\nendpoint = \"{endpoint}",
                locked(tool, "digest")
            )
        };
        tools.iter().filter(|tool| known.contains(&line(tool))).count()
    };
    [count("sha256:"), count("sandbox\""), tools.len()]
}

/// What the lock says of a tool, as it stands there. No value holds three quotes.
fn locked(tool: &str, key: &str) -> &'static str {
    let (_, value) = LOCK.split_once(&format!("\n{tool}.{key} = ")).unwrap();
    match value.strip_prefix("'''\n") {
        Some(text) => text.split_once("'''").unwrap().0,
        None => value.lines().next().unwrap(),
    }
}

#[test]
fn what_is_served_is_what_was_reviewed() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &["--allow-mutations"]);
        let list = session.request("tools/list", json!({})).unwrap();
        let tools = list["tools"].as_array().unwrap();
        assert_eq!(tools.len(), LOCK.matches(".kind = ").count());
        for entry in tools {
            let tool = entry["name"].as_str().unwrap();
            // Keys keep their order, so these are the bytes that came.
            let tokens = entry.to_string().len() / 4;
            assert_eq!(tokens.to_string(), locked(tool, "tokens"), "{tool}");
            for key in ["inputSchema", "outputSchema"] {
                let schema: Value = serde_json::from_str(locked(tool, key)).unwrap();
                assert_eq!(schema.to_string(), entry[key].to_string(), "{tool}");
            }
            let title = entry["title"].to_string();
            assert_eq!(title, locked(tool, "title"), "{tool}");
            assert_eq!(entry["description"].to_string(), locked(tool, "description"), "{tool}");
            let hints = entry["annotations"].as_object().unwrap();
            let hints: Vec<_> = hints.iter().map(|(hint, value)| format!("{hint} = {value}")).collect();
            assert_eq!(
                format!("{{ {} }}", hints.join(", ")),
                locked(tool, "annotations"),
                "{tool}"
            );
        }
    }
}

/// A model reads the `_meta` of each result, so there is no more in it than the protocol wants.
#[test]
fn what_tells_the_tools_says_which_lock_they_are_of() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &[]);
        let list = session.request("tools/list", json!({})).unwrap();
        let digits = digest().trim_start_matches("sha256:").get(..12).unwrap().to_owned();
        for result in [&session.server, &list] {
            assert_eq!(result["_meta"]["appsync-mcp/toolsDigest"], digits, "{result}");
        }
        let info = json!({ "name": "appsync-mcp", "version": env!("CARGO_PKG_VERSION") });
        let expected = match era {
            Era::Legacy => None,
            Era::Modern => Some(json!({ "io.modelcontextprotocol/serverInfo": info })),
        };
        for (method, params) in [
            (
                "tools/call",
                json!({ "name": "get_company", "arguments": { "id": "c-00001" } }),
            ),
            ("tools/call", json!({ "name": "get_company", "arguments": {} })),
            ("resources/list", json!({})),
            ("resources/templates/list", json!({})),
            ("resources/read", json!({ "uri": "appsync-mcp://codes" })),
            ("prompts/list", json!({})),
            (
                "prompts/get",
                json!({ "name": "find_companies", "arguments": { "wanted": "x" } }),
            ),
        ] {
            let result = session.request(method, params).unwrap();
            assert_eq!(result.get("_meta"), expected.as_ref(), "{method}");
        }
    }
}
