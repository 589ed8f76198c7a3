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
use crate::example::{AI_SEARCH, CONTRACT, offer};

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
            &CONTRACT,
        );
        let dispatcher = Arc::new(Dispatcher::new(offer(mutations), ctx));
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
        ("tools/call", json!({"name": 7}), "malformed params of `tools/call`"),
        (
            "tools/call",
            json!({"name": "ai_search", "arguments": [1]}),
            "malformed params of `tools/call`",
        ),
        ("tools/call", Value::Null, "malformed params of `tools/call`"),
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
    session.end().await.unwrap();
}

#[tokio::test]
async fn resources_are_json_and_prompts_are_one_message() {
    let mut session = Session::legacy("false").await;
    let answer = session.ask("resources/list", json!({})).await;
    assert_eq!(names(&answer["result"]["resources"]), ["tools", "codes"]);
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
    session.tell("notifications/cancelled", json!({"requestId": 7})).await;
    session
        .send(&json!({"jsonrpc": "2.0", "id": 7, "method": "ping"}))
        .await;
    let answer = session.receive().await;
    assert_eq!(answer["id"], 7, "{answer}");
    session.end().await.unwrap();
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
async fn a_cursor_that_is_no_text_is_refused() {
    let mut session = Session::legacy("false").await;
    for method in [
        "tools/list",
        "resources/list",
        "resources/templates/list",
        "prompts/list",
    ] {
        for params in [json!({"cursor": 5}), json!({"cursor": {}}), json!([]), json!("x")] {
            let answer = session.ask(method, params.clone()).await;
            assert_eq!(answer["error"]["code"], -32602, "{method} {params}: {answer}");
            assert_eq!(answer["id"], 1);
        }
        for params in [json!({}), json!({"cursor": null}), Value::Null] {
            let answer = session.ask(method, params.clone()).await;
            assert!(answer["result"].is_object(), "{method} {params}: {answer}");
        }
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
                let mut bytes = vec![0; 65_536];
                let _ = connection.read(&mut bytes).await;
                count.send_modify(|count| *count += 1);
                if answers == Answers::WhenTold {
                    told.notified().await;
                }
                if answers == Answers::Never {
                    while connection.read(&mut bytes).await.is_ok_and(|read| read > 0) {}
                    close.take().map(|close| close.send(()));
                } else {
                    let body = r#"{"data":{"createCollection":{"id":"col-1"}}}"#;
                    let head = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                        body.len()
                    );
                    let _ = connection.write_all(format!("{head}{body}").as_bytes()).await;
                }
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
