//! Sessions in process: raw JSON-RPC lines in, raw lines out.

use std::pin::pin;
use std::time::Duration;

use appsync_mcp_client::{ApiKey, Authorization, Client, Endpoint, InsecureHttp, Limits, Secret};
use serde_json::{Value, json};
use tokio::io::{
    AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf,
};
use tokio::net::TcpListener;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use super::*;
use crate::call::Ctx;
use crate::example::{AI_SEARCH, CREATE_COLLECTION, SEARCH_COMPANIES, offer};
use crate::offer::Offer;
use crate::permit::Mutations;
use crate::tool::{Codec, Contract, ReadTool, WriteTool};
use crate::turn::WITH_API_MAX_OF_TOOL;

/// How long anything may take before the test fails.
const PATIENCE: Duration = Duration::from_mins(5);

/// A session with a server over a pipe.
struct Session {
    input: WriteHalf<DuplexStream>,
    output: Lines<BufReader<ReadHalf<DuplexStream>>>,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<Result<(), ServeError>>,
}

impl Session {
    /// Starts a server whose API is at `endpoint`.
    fn start(mutations: &str, endpoint: &str) -> Self {
        Self::start_of(offer(mutations), endpoint)
    }

    fn start_of(offer: Offer, endpoint: &str) -> Self {
        let endpoint = Endpoint::parse(endpoint, InsecureHttp::OnLoopback).unwrap();
        let authorization = Authorization::ApiKey(ApiKey::Value(Secret::parse("da2-test").unwrap()));
        let ctx = Ctx::new(
            Client::new(
                endpoint,
                authorization,
                Limits {
                    connect_timeout: PATIENCE,
                    ..Limits::DEFAULT
                },
            ),
            offer.contract(),
        );
        let dispatcher = Arc::new(Dispatcher::new(offer, ctx));
        let server = Server::new(dispatcher, "appsync-mcp", "1.2.3").unwrap();
        let (ours, theirs) = tokio::io::duplex(1 << 20);
        let (output, input) = tokio::io::split(ours);
        let (stop, told) = oneshot::channel();
        let serving = tokio::spawn(server.serve(tokio::io::split(theirs), async { drop(told.await) }));
        Self {
            input,
            output: BufReader::new(output).lines(),
            stop: Some(stop),
            served: serving,
        }
    }

    /// Starts a server without an API, and opens the session as clients up to 2025-11-25 do.
    async fn legacy(mutations: &str) -> Self {
        let mut session = Self::start(mutations, "http://127.0.0.1:9/graphql");
        let params = json!({
            "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}
        });
        let answer = session.ask("initialize", params).await;
        assert_eq!(answer["result"]["protocolVersion"], "2025-06-18");
        session.tell("notifications/initialized", json!({})).await;
        session
    }

    async fn send(&mut self, message: &Value) {
        self.input.write_all(format!("{message}\n").as_bytes()).await.unwrap();
    }

    async fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}))
            .await;
    }

    /// Sends a request and returns its answer; whatever comes has to be JSON-RPC.
    async fn ask(&mut self, method: &str, params: Value) -> Value {
        let mut request = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        if params.is_null() {
            request.as_object_mut().unwrap().remove("params");
        }
        self.send(&request).await;
        self.receive().await
    }

    /// Asks as clients from 2026-07-28 do.
    async fn ask_modern(&mut self, method: &str, mut params: Value) -> Value {
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "0"}
        });
        self.ask(method, params).await
    }

    async fn receive(&mut self) -> Value {
        let line = tokio::time::timeout(PATIENCE, self.output.next_line())
            .await
            .unwrap()
            .unwrap();
        let message: Value = serde_json::from_str(&line.unwrap()).unwrap();
        assert_eq!(message["jsonrpc"], "2.0");
        message
    }

    /// Closes the client's end and waits for the server's.
    async fn end(mut self) -> Result<(), ServeError> {
        self.input.shutdown().await.unwrap();
        drop((self.input, self.output));
        self.served.await.unwrap()
    }
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|item| item["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn lists_the_offered_tools_reads_first() {
    for (mutations, expected) in [
        ("false", vec!["ai_search", "search_companies"]),
        ("true", vec!["ai_search", "search_companies", "create_collection"]),
        (
            "create_collection",
            vec!["ai_search", "search_companies", "create_collection"],
        ),
    ] {
        let mut session = Session::legacy(mutations).await;
        let answer = session.ask("tools/list", json!({})).await;
        assert_eq!(names(&answer["result"]["tools"]), expected);
        session.end().await.unwrap();
    }
}

#[tokio::test]
async fn a_tool_is_listed_with_its_contract() {
    let mut session = Session::legacy("true").await;
    let answer = session.ask("tools/list", Value::Null).await;
    assert_eq!(
        answer["result"]["tools"][0],
        json!({
            "name": "ai_search",
            "title": "Ask",
            "description": "Ask in plain language.",
            "inputSchema": {
                "type": "object", "properties": {"question": {"type": "string"}}
            },
            "outputSchema": {"type": "object"},
            "annotations": {
                "title": "Ask", "readOnlyHint": true, "destructiveHint": false, "openWorldHint": true
            }
        })
    );
    assert_eq!(
        answer["result"]["tools"][2]["annotations"],
        json!({
            "title": "Create a collection", "readOnlyHint": false, "destructiveHint": false, "idempotentHint": false,
            "openWorldHint": false
        })
    );
}

#[tokio::test]
async fn a_denied_write_is_a_tool_error_and_reaches_no_api() {
    let api = Api::start().await;
    for (mutations, answered) in [("false", 0), ("true", 1)] {
        let mut session = Session::start(mutations, &api.endpoint);
        let params = json!({"name": "create_collection", "arguments": {"name": "x"}});
        let _ = session.ask_modern("server/discover", json!({})).await;
        let answer = session.ask_modern("tools/call", params).await;
        assert_eq!(api.requests(), answered, "{mutations}");
        if mutations == "false" {
            assert_eq!(answer["result"]["isError"], true);
            assert_eq!(
                answer["result"]["content"],
                json!([{
                    "type": "text",
                    "text": "mutations are disabled; start with --allow-mutations to enable write operations"
                }])
            );
            assert_eq!(answer["result"].get("structuredContent"), None);
        }
    }
}

#[tokio::test]
async fn unknown_names_and_malformed_params_are_protocol_errors() {
    let mut session = Session::legacy("false").await;
    for (method, params, expected) in [
        (
            "tools/call",
            json!({"name": "serch_companies"}),
            "unknown tool `serch_companies`; did you mean `search_companies`?",
        ),
        ("tools/call", json!({"name": "x\u{202e}"}), "unknown tool `x\\u{202e}`"),
        (
            "tools/call",
            json!({"name": 7}),
            "invalid params: /params/name: expected a string, got 7",
        ),
        (
            "tools/call",
            json!({"name": "ai_search", "arguments": [1]}),
            "invalid params: /params/arguments: expected an object, got a list",
        ),
        (
            "tools/call",
            Value::Null,
            "invalid params: /params/name is missing; expected a string",
        ),
        (
            "tools/list",
            json!({"cursor": "2"}),
            "unknown cursor: the list has one page",
        ),
        (
            "resources/read",
            json!({"uri": "appsync-mcp://tool"}),
            "unknown resource `appsync-mcp://tool`; did you mean `appsync-mcp://tools`?",
        ),
        ("prompts/get", json!({"name": "nothing"}), "unknown prompt `nothing`"),
        (
            "prompts/get",
            json!({"name": "make_list"}),
            "prompt `make_list`: missing argument `topic`",
        ),
        (
            "prompts/get",
            json!({"name": "make_list", "arguments": {"topic": 1}}),
            "prompt `make_list`: argument `topic` must be a string",
        ),
    ] {
        let answer = session.ask(method, params.clone()).await;
        assert_eq!(answer["error"]["code"], -32602, "{method} {params}: {answer}");
        assert_eq!(answer["error"]["message"], expected, "{method} {params}");
    }
    let answer = session.ask("tools/unknown", json!({})).await;
    assert_eq!(answer["error"]["code"], -32601);
    session.end().await.unwrap();
}

#[tokio::test]
async fn speaks_the_stateless_generation_without_a_handshake() {
    let mut session = Session::start("false", "http://127.0.0.1:9/graphql");
    let answer = session.ask_modern("server/discover", json!({})).await;
    let instructions = answer["result"]["instructions"].as_str().unwrap();
    assert!(
        instructions.starts_with("Tools for the API `company-intelligence`."),
        "{instructions}"
    );
    for (method, list) in [
        ("tools/list", "tools"),
        ("resources/list", "resources"),
        ("resources/templates/list", "resourceTemplates"),
        ("prompts/list", "prompts"),
    ] {
        let answer = session.ask_modern(method, json!({})).await;
        let result = &answer["result"];
        assert!(result[list].is_array(), "{answer}");
        assert_eq!(result["resultType"], "complete");
        assert_eq!(result["ttlMs"], LIST_TTL_MS);
        assert_eq!(result["cacheScope"], "private");
        assert_eq!(
            result["_meta"]["io.modelcontextprotocol/serverInfo"],
            json!({"name": "appsync-mcp", "version": "1.2.3"})
        );
    }
    let answer = session.ask("tools/list", json!({})).await;
    assert_eq!(answer["error"]["code"], -32602, "a request without `_meta`: {answer}");
    let hello = json!({
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}
    });
    let answer = session.ask("initialize", hello).await;
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(
        message.starts_with("this session has begun without `initialize`"),
        "{answer}"
    );
    session.end().await.unwrap();
}

#[tokio::test]
async fn resources_are_json_and_prompts_are_one_message() {
    let mut session = Session::legacy("false").await;
    let answer = session.ask("resources/list", json!({})).await;
    assert_eq!(
        names(&answer["result"]["resources"]),
        ["appsync-mcp-tool-catalogue", "appsync-mcp-argument-codes"]
    );
    let answer = session
        .ask("resources/read", json!({"uri": "appsync-mcp://tools"}))
        .await;
    let contents = &answer["result"]["contents"][0];
    assert_eq!(contents["mimeType"], "application/json");
    let catalogue: Value = serde_json::from_str(contents["text"].as_str().unwrap()).unwrap();
    assert_eq!(catalogue["tools"].as_array().unwrap().len(), 3);

    let answer = session.ask("prompts/list", json!({})).await;
    assert_eq!(
        answer["result"]["prompts"][0]["arguments"][0],
        json!({"name": "topic", "description": "What they do.", "required": true})
    );
    let params = json!({"name": "make_list", "arguments": {"topic": "SaaS"}});
    let answer = session.ask("prompts/get", params).await;
    let messages = answer["result"]["messages"].as_array().unwrap();
    assert_eq!((messages.len(), &messages[0]["role"]), (1, &json!("user")));
    assert!(
        messages[0]["content"]["text"]
            .as_str()
            .unwrap()
            .starts_with("Find companies for SaaS with")
    );
    session.end().await.unwrap();
}

#[tokio::test]
async fn cancelling_a_call_drops_the_request() {
    let api = Api::start_that_hangs().await;
    let mut session = Session::start("false", &api.endpoint);
    let _ = session.ask_modern("server/discover", json!({})).await;
    session
        .send(&json!({
            "jsonrpc": "2.0", "id": 7, "method": "tools/call",
            "params": {
                "name": "search_companies", "arguments": {"keywords": "SaaS"},
                "_meta": {
                    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                    "io.modelcontextprotocol/clientCapabilities": {}
                }
            }
        }))
        .await;
    api.wait_for_request().await;
    session.tell("notifications/cancelled", json!({"requestId": 7})).await;
    tokio::time::timeout(PATIENCE, api.closed).await.unwrap().unwrap();
    // A call that has come to the tool's own timeout would have been answered before.
    assert_eq!(session.ask_modern("tools/list", json!({})).await["id"], 1);
}

fn write_call(id: u64) -> Value {
    json!({
        "jsonrpc": "2.0", "id": id, "method": "tools/call",
        "params": {
            "name": "create_collection", "arguments": {"name": "x"},
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {}
            }
        }
    })
}

#[tokio::test]
async fn a_write_that_is_on_its_way_when_the_server_stops_has_an_unknown_outcome() {
    let api = Api::start_that_hangs().await;
    let mut session = Session::start("true", &api.endpoint);
    session.send(&write_call(7)).await;
    api.wait_for_request().await;
    session.stop.take().unwrap().send(()).unwrap();
    let answer = session.receive().await;
    assert_eq!(answer["id"], 7);
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    let text = answer["result"]["content"][0]["text"].as_str().unwrap();
    assert!(
        text.starts_with("outcome unknown: this write may have been carried out, but its answer was not waited for"),
        "{text}"
    );
    session.end().await.unwrap();
}

#[tokio::test]
async fn a_write_that_is_answered_soon_after_the_server_is_told_to_stop_has_its_result() {
    let api = Api::start_that_waits().await;
    let mut session = Session::start("true", &api.endpoint);
    session.send(&write_call(7)).await;
    api.wait_for_request().await;
    // While there is something to do, tokio leaves a paused clock where it is: all that follows is soon.
    tokio::time::pause();
    let busy = tokio::spawn(async {
        loop {
            tokio::task::yield_now().await;
        }
    });
    session.stop.take().unwrap().send(()).unwrap();
    // The server has seen it before the API answers.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    api.go_on.notify_one();
    let answer = session.receive().await;
    busy.abort();
    assert_eq!(answer["result"]["structuredContent"]["id"], "col-1", "{answer}");
    session.end().await.unwrap();
}

#[tokio::test]
async fn a_request_whose_id_is_in_flight_is_refused() {
    let api = Api::start_that_hangs().await;
    let mut session = Session::start("true", &api.endpoint);
    session.send(&write_call(7)).await;
    api.wait_for_request().await;
    for _ in 0..2 {
        session.send(&write_call(7)).await;
        let answer = session.receive().await;
        assert_eq!(
            (&answer["id"], &answer["error"]["code"]),
            (&Value::Null, &json!(-32600)),
            "{answer}"
        );
    }
    assert_eq!(api.requests(), 1);
    // An id that is free again may be used again, whether the request was answered or cancelled.
    let answer = session.ask_modern("tools/list", json!({})).await;
    assert_eq!(answer["id"], 1);
    assert_eq!(session.ask_modern("tools/list", json!({})).await["id"], 1);
    // That of one that is given up is not free before nothing works on it any more.
    let cancelled = json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 7}});
    let ping = json!({"jsonrpc": "2.0", "id": 7, "method": "ping"});
    let lines = format!("{cancelled}\n{ping}\n");
    session.input.write_all(lines.as_bytes()).await.unwrap();
    let answer = session.receive().await;
    assert_eq!(
        (&answer["id"], &answer["error"]["code"]),
        (&Value::Null, &json!(-32600)),
        "{answer}"
    );
    assert_eq!(session.ask_modern("tools/list", json!({})).await["id"], 1);
    session.send(&ping).await;
    let answer = session.receive().await;
    assert_eq!(answer["id"], 7, "{answer}");
    session.end().await.unwrap();
}

/// Sends as many writes, and waits until those of them that can go are with the API.
async fn send_writes(session: &mut Session, api: &Api, ids: std::ops::Range<u64>) {
    let expected = api.requests() + WITH_API_MAX_OF_TOOL;
    for id in ids {
        session.send(&write_call(id)).await;
    }
    api.seen.clone().wait_for(|count| *count >= expected).await.unwrap();
}

#[tokio::test]
async fn once_the_end_has_begun_no_write_sets_out() {
    for closes in [true, false] {
        let api = Api::start_that_hangs().await;
        let mut session = Session::start("true", &api.endpoint);
        send_writes(&mut session, &api, 2..22).await;
        // Lines are read one after the other: those of the writes have been, too.
        assert_eq!(session.ask_modern("tools/list", json!({})).await["id"], 1);
        if closes {
            session.input.shutdown().await.unwrap();
        } else {
            session.stop.take().unwrap().send(()).unwrap();
        }
        let mut not_sent = Vec::new();
        for _ in 0..20 {
            let answer = session.receive().await;
            let text = answer["result"]["content"][0]["text"].as_str().unwrap();
            if text == "cancelled before anything was sent; nothing was changed" {
                not_sent.push(answer["id"].as_u64().unwrap());
            } else {
                assert!(text.starts_with("outcome unknown"), "{text}");
            }
        }
        not_sent.sort_unstable();
        assert_eq!(not_sent, (14..22).collect::<Vec<u64>>(), "closes: {closes}");
        session.served.await.unwrap().unwrap();
        assert_eq!(api.requests(), 12, "closes: {closes}");
    }
}

#[tokio::test]
async fn a_write_that_is_given_up_by_the_next_line_does_not_set_out() {
    let api = Api::start_that_hangs().await;
    let mut session = Session::start("true", &api.endpoint);
    send_writes(&mut session, &api, 100..130).await;
    let cancelled = |id| json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": id}});
    let lines: Vec<_> = (100..130).map(|id| cancelled(id).to_string()).collect();
    let lines = format!("{}\n", lines.join("\n"));
    session.input.write_all(lines.as_bytes()).await.unwrap();
    assert_eq!(session.ask_modern("tools/list", json!({})).await["id"], 1);
    // There is room again, and nothing but these has taken it.
    send_writes(&mut session, &api, 200..212).await;
    assert_eq!(api.requests(), 24);
    session.served.abort();
}

#[tokio::test]
async fn a_client_that_does_not_read_is_not_read_from() {
    for line in [
        "x\n",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"}\n",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n",
    ] {
        let mut session = Session::legacy("false").await;
        let lines = line.repeat(1_000);
        let mut written = 0;
        // Far more than the pipe, of 1 MiB in each direction, holds.
        let stuck = loop {
            let write = session.input.write_all(lines.as_bytes());
            if tokio::time::timeout(Duration::from_secs(1), write).await.is_err() {
                break true;
            }
            written += lines.len();
            if written > 32 << 20 {
                break false;
            }
        };
        assert!(stuck, "{line}");
        // Nothing is lost, and it goes on as soon as the client reads.
        session.receive().await;
        session.served.abort();
    }
}

#[tokio::test]
async fn a_cursor_that_is_no_text_is_refused_and_an_empty_one_is_none() {
    let mut session = Session::legacy("false").await;
    for method in [
        "tools/list",
        "resources/list",
        "resources/templates/list",
        "prompts/list",
    ] {
        for params in [json!({"cursor": 5}), json!({"cursor": {}}), json!(["x"]), json!("x")] {
            let answer = session.ask(method, params.clone()).await;
            assert_eq!(answer["error"]["code"], -32602, "{method} {params}: {answer}");
            assert_eq!(answer["id"], 1);
        }
        for params in [
            json!({}),
            json!({"cursor": null}),
            json!({"cursor": ""}),
            json!([]),
            Value::Null,
        ] {
            let answer = session.ask(method, params.clone()).await;
            assert!(answer["result"].is_object(), "{method} {params}: {answer}");
        }
    }
    session.end().await.unwrap();
}

/// Each message is read by its parts, so a slip is told as what it is, before and after the session is open.
#[tokio::test]
async fn what_is_wrong_with_a_message_is_told() {
    let mut session = Session::start("false", "http://127.0.0.1:9/graphql");
    let hello = |version: &Value, client: &Value| json!({"protocolVersion": version, "capabilities": {"roots": true, "sampling": []}, "clientInfo": client});
    let me = json!({"name": "test", "version": "0", "icons": 7});
    for (method, params, code, message) in [
        (
            "tools/list",
            json!({}),
            -32602,
            "no session is open: send `initialize` first, or, from protocol 2026-07-28 on, name the version in `_meta` of \
             each request",
        ),
        (
            "tools/lost",
            json!({}),
            -32601,
            "unknown method `tools/lost`; did you mean `tools/list`?",
        ),
        (
            "initialize",
            hello(&json!("2025-06-18"), &json!({"name": "test"})),
            -32602,
            "invalid params: /params/clientInfo/version is missing; expected a string",
        ),
        (
            "initialize",
            hello(&json!(null), &me),
            -32602,
            "invalid params: /params/protocolVersion: expected a string, got null",
        ),
    ] {
        let answer = session.ask(method, params).await;
        let expected = json!({"code": code, "message": message});
        assert_eq!((&answer["id"], &answer["error"]), (&json!(1), &expected));
    }
    // None of that has done any harm.
    let answer = session.ask("initialize", hello(&json!("2025-03-26"), &me)).await;
    assert_eq!(answer["result"]["protocolVersion"], "2024-11-05", "{answer}");
    session.tell("notifications/initialized", json!([])).await;
    for (line, id, code) in [
        (r#"{"id":7,"method":"ping"}"#, json!(7), -32600),
        (r#"{"jsonrpc":"2.0","id":7.5,"method":"ping"}"#, Value::Null, -32600),
        (r#"[{"jsonrpc":"2.0","id":7,"method":"ping"}]"#, Value::Null, -32600),
        (
            r#"{"jsonrpc":"2.0","id":7,"method":"ping","params":7}"#,
            json!(7),
            -32602,
        ),
        (
            r#"{"jsonrpc":"2.0","id":7,"method":"completion/complete","params":7}"#,
            json!(7),
            -32601,
        ),
        ("ping", Value::Null, -32700),
    ] {
        session.input.write_all(format!("{line}\n").as_bytes()).await.unwrap();
        let answer = session.receive().await;
        assert_eq!(
            (&answer["id"], &answer["error"]["code"]),
            (&id, &json!(code)),
            "{line}: {answer}"
        );
    }
    let answer = session.ask("ping", json!([])).await;
    assert_eq!(answer["result"], json!({}));
    session.end().await.unwrap();
}

/// A text that is an object is one, and whatever is nothing is no arguments.
#[tokio::test]
async fn arguments_are_read_in_other_spellings() {
    let mut session = Session::legacy("false").await;
    let params = json!({"name": "make_list", "arguments": "{\"topic\": \"SaaS\"}"});
    let answer = session.ask("prompts/get", params).await;
    let text = answer["result"]["messages"][0]["content"]["text"].as_str().unwrap();
    assert!(text.starts_with("Find companies for SaaS with"), "{text}");
    for none in ["", "{}", "[]", "null", " [ ] "] {
        let params = json!({"name": "make_list", "arguments": none});
        let answer = session.ask("prompts/get", params).await;
        let message = &answer["error"]["message"];
        assert_eq!(message, "prompt `make_list`: missing argument `topic`", "{none}");
    }
    for other in ["[1]", "7", "{"] {
        let params = json!({"name": "make_list", "arguments": other});
        let answer = session.ask("prompts/get", params).await;
        let message = answer["error"]["message"].as_str().unwrap();
        assert!(
            message.starts_with("invalid params: /params/arguments: expected an object"),
            "{message}"
        );
    }
    session.end().await.unwrap();
}

fn listen(id: u64) -> Value {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {}
    });
    let params = json!({"notifications": {"toolsListChanged": true}, "_meta": meta});
    json!({"jsonrpc": "2.0", "id": id, "method": "subscriptions/listen", "params": params})
}

fn acknowledged(id: u64) -> Value {
    let params = json!({"notifications": {}, "_meta": {"io.modelcontextprotocol/subscriptionId": id}});
    json!({"jsonrpc": "2.0", "method": "notifications/subscriptions/acknowledged", "params": params})
}

#[tokio::test]
async fn a_subscription_is_acknowledged_and_held_until_it_is_given_up() {
    let mut session = Session::start("false", "http://127.0.0.1:9/graphql");
    // It may be the first that a client asks for.
    for id in 10..14 {
        session.send(&listen(id)).await;
        assert_eq!(session.receive().await, acknowledged(id));
    }
    // Those that are held hold up nothing else.
    assert_eq!(session.ask_modern("tools/list", json!({})).await["id"], 1);
    session.send(&listen(14)).await;
    let answer = session.receive().await;
    let expected = json!({
        "code": -32600,
        "message": "4 subscriptions are open, which is the most for a client; end one with `notifications/cancelled` first",
    });
    assert_eq!((&answer["id"], &answer["error"]), (&json!(14), &expected));
    session.tell("notifications/cancelled", json!({"requestId": 12})).await;
    session.send(&listen(15)).await;
    assert_eq!(session.receive().await, acknowledged(15));
    // The end of the session is theirs.
    session.stop.take().unwrap().send(()).unwrap();
    let mut ended: Vec<_> = Vec::new();
    for _ in 0..4 {
        let answer = session.receive().await;
        let result = &answer["result"];
        assert_eq!(result["resultType"], "complete", "{answer}");
        assert_eq!(result["_meta"]["io.modelcontextprotocol/subscriptionId"], answer["id"]);
        ended.push(answer["id"].as_u64().unwrap());
    }
    ended.sort_unstable();
    assert_eq!(ended, [10, 11, 13, 15]);
    session.end().await.unwrap();
}

/// Nobody waits for one that is not even acknowledged when its client is gone already.
#[tokio::test(start_paused = true)]
async fn a_subscription_that_comes_with_the_end_holds_up_nothing() {
    for is_given_up in [false, true] {
        let mut session = Session::start("false", "http://127.0.0.1:9/graphql");
        session.send(&listen(7)).await;
        if is_given_up {
            session.tell("notifications/cancelled", json!({"requestId": 7})).await;
        }
        let began = tokio::time::Instant::now();
        // Whichever of the two closed ends is met first.
        let ended = session.end().await;
        assert!(matches!(ended, Ok(()) | Err(ServeError::Output(_))), "{ended:?}");
        assert!(began.elapsed() < Duration::from_secs(2), "given up: {is_given_up}");
    }
}

const fn faulty(spec: &'static ToolSpec) -> Codec {
    Codec {
        spec,
        variables: |_| panic!("quokka"),
        response: |_| panic!("quokka"),
    }
}

const fn faulty_at_the_answer(spec: &'static ToolSpec) -> Codec {
    Codec {
        variables: Ok,
        ..faulty(spec)
    }
}

/// A contract whose tools panic, before they send anything or at the answer.
static FAULTY: Contract = Contract {
    tools: &[
        crate::tool::Tool::Read(ReadTool {
            codec: faulty(&ToolSpec {
                name: "faulty_read",
                ..SEARCH_COMPANIES
            }),
        }),
        crate::tool::Tool::Read(ReadTool {
            codec: faulty_at_the_answer(&SEARCH_COMPANIES),
        }),
        crate::tool::Tool::Write(WriteTool {
            codec: faulty(&ToolSpec {
                name: "faulty_write",
                ..CREATE_COLLECTION
            }),
        }),
        crate::tool::Tool::Write(WriteTool {
            codec: faulty_at_the_answer(&CREATE_COLLECTION),
        }),
    ],
    api: "faulty",
    digest: "",
    prompts: &[],
    errors: crate::specimen::ERRORS,
};

#[tokio::test]
async fn a_call_that_panics_is_answered_with_what_became_of_it() {
    const INTERNAL: &str = "internal error: a fault of this server ended the call, and nothing was changed; repeating it \
                            does not help: tell the user";
    const UNKNOWN: &str = "outcome unknown: this write may have been carried out, but a fault of this server ended the \
                           call before its answer was read; do not repeat it: read back what it would have changed first";
    let api = Api::start().await;
    let offer = Offer::new(&FAULTY, Mutations::parse("true", &FAULTY).unwrap(), None);
    let mut session = Session::start_of(offer, &api.endpoint);
    // Twice, since a fault must leave nothing behind.
    for round in 1..=2 {
        for (tool, arguments, expected) in [
            ("faulty_read", json!({"keywords": "SaaS"}), INTERNAL),
            ("search_companies", json!({"keywords": "SaaS"}), INTERNAL),
            ("faulty_write", json!({"name": "x"}), INTERNAL),
            ("create_collection", json!({"name": "x"}), UNKNOWN),
        ] {
            let params = json!({"name": tool, "arguments": arguments});
            let answer = session.ask_modern("tools/call", params).await;
            let result = &answer["result"];
            assert_eq!(result["isError"], true, "{tool}: {answer}");
            assert_eq!(result["content"], json!([{"type": "text", "text": expected}]), "{tool}");
        }
        assert_eq!(api.requests(), 2 * round);
    }
    session.end().await.unwrap();
}

#[tokio::test]
async fn every_way_to_end_a_session_is_a_regular_one() {
    // The client leaves before it says anything, after a probe, and after a handshake.
    Session::start("false", "http://127.0.0.1:9/graphql")
        .end()
        .await
        .unwrap();
    let mut session = Session::start("false", "http://127.0.0.1:9/graphql");
    session.ask_modern("server/discover", json!({})).await;
    session.end().await.unwrap();
    Session::legacy("false").await.end().await.unwrap();

    // The server is told to stop, before and after the handshake.
    for mut session in [
        Session::start("false", "http://127.0.0.1:9/graphql"),
        Session::legacy("false").await,
    ] {
        session.stop.take().unwrap().send(()).unwrap();
        let served = pin!(session.served);
        tokio::time::timeout(PATIENCE, served).await.unwrap().unwrap().unwrap();
    }
}

#[test]
fn a_bad_schema_is_found_at_the_start() {
    static INPUT: ToolSpec = ToolSpec {
        input_schema: "[]",
        ..AI_SEARCH
    };
    static OUTPUT: ToolSpec = ToolSpec {
        output_schema: "{",
        ..AI_SEARCH
    };
    for (spec, which) in [(&INPUT, "input"), (&OUTPUT, "output")] {
        let expected = format!("the {which} schema of `ai_search` is not a JSON object");
        assert!(mcp_tool(spec).unwrap_err().to_string().starts_with(&expected));
    }
}

/// An API that counts what reaches it.
struct Api {
    endpoint: String,
    seen: tokio::sync::watch::Receiver<usize>,
    closed: oneshot::Receiver<()>,
    /// Lets an API answer that waits for it.
    go_on: Arc<Notify>,
}

/// When an API answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answers {
    AtOnce,
    WhenTold,
    Never,
}

impl Api {
    async fn start() -> Self {
        Self::serve(Answers::AtOnce).await
    }

    async fn start_that_waits() -> Self {
        Self::serve(Answers::WhenTold).await
    }

    async fn start_that_hangs() -> Self {
        Self::serve(Answers::Never).await
    }

    async fn serve(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}/graphql", listener.local_addr().unwrap());
        let (count, seen) = tokio::sync::watch::channel(0);
        let (close, closed) = oneshot::channel();
        let go_on = Arc::new(Notify::new());
        let told = Arc::clone(&go_on);
        tokio::spawn(async move {
            let mut close = Some(close);
            while let Ok((mut connection, _)) = listener.accept().await {
                let (count, told, close) = (count.clone(), Arc::clone(&told), close.take());
                tokio::spawn(async move {
                    let mut bytes = vec![0; 65_536];
                    let _ = connection.read(&mut bytes).await;
                    count.send_modify(|count| *count += 1);
                    if answers == Answers::WhenTold {
                        told.notified().await;
                    }
                    if answers == Answers::Never {
                        while connection.read(&mut bytes).await.is_ok_and(|read| read > 0) {}
                        close.map(|close| close.send(()));
                        return;
                    }
                    let body = r#"{"data":{"createCollection":{"id":"col-1"}}}"#;
                    let head = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                        body.len()
                    );
                    let _ = connection.write_all(format!("{head}{body}").as_bytes()).await;
                });
            }
        });
        Self {
            endpoint,
            seen,
            closed,
            go_on,
        }
    }

    fn requests(&self) -> usize {
        *self.seen.borrow()
    }

    async fn wait_for_request(&self) {
        self.seen.clone().wait_for(|count| *count > 0).await.unwrap();
    }
}
