//! What bounds a call in time: the rate, the timeout, and the client's own mind.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;

use appsync_mcp::call::Ctx;
use appsync_mcp::rate::Caller;
use appsync_mcp::sample::{CONTRACT, get_company};
use appsync_mcp::tool::{Operation, Output, ReadTool, ToolSpec};
use appsync_mcp_client::Limits;
use appsync_mcp_sandbox::Fault;
use serde_json::json;

use crate::api::{Api, Folder};
use crate::contract;
use crate::program::{command, read};
use crate::session::{Era, PATIENCE, Session};

#[test]
fn the_sixth_ai_search_in_a_minute_waits_and_other_tools_go_on() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &[]);
        let question = json!({ "question": "Which companies make software?", "limit": 1 });
        // A call that is refused for its arguments does not count.
        session.failure("ai_search", json!({}));
        for _ in 0..5 {
            session.result("ai_search", question.clone());
        }
        let (before, text) = loop {
            let before = api.requests();
            let id = session.ask("tools/call", json!({ "name": "ai_search", "arguments": question }));
            let outcome = session.outcome("ai_search", id);
            // On a busy machine, twelve seconds may have passed since the first one.
            if outcome.result.is_none() {
                break (before, outcome.text);
            }
        };
        let seconds = text
            .strip_prefix("rate limited: this tool takes 5 calls a minute; wait ")
            .and_then(|rest| rest.strip_suffix(" s and call it again"))
            .unwrap_or_else(|| panic!("{text}"));
        assert!((1..=12).contains(&seconds.parse::<u32>().unwrap()), "{text}");
        assert_eq!(api.requests(), before, "it was sent");
        session.result("search_companies", json!({ "keywords": "software" }));
    }
}

/// The same tool in a hurry.
const fn hurried(spec: &'static ToolSpec) -> ToolSpec {
    ToolSpec {
        name: spec.name,
        title: spec.title,
        description: spec.description,
        kind: spec.kind,
        open_world: spec.open_world,
        operation_name: spec.operation_name,
        document: spec.document,
        arguments: spec.arguments,
        input_schema: spec.input_schema,
        output_schema: spec.output_schema,
        output: Output::Object { key: "getCompany" },
        lists: spec.lists,
        marks: spec.marks,
        bindings: spec.bindings,
        disabled: spec.disabled,
        verified: spec.verified,
        resolver: spec.resolver,
        undo: spec.undo,
        scopes: spec.scopes,
        access: spec.access,
        uses: &[],
        rate: None,
        timeout_seconds: 1,
        result_bytes_max: spec.result_bytes_max,
    }
}

/// `get_company` with a second to answer in.
struct InAHurry;

impl Operation for InAHurry {
    const SPEC: &'static ToolSpec = &const { hurried(&get_company::SPEC) };
    type Variables = get_company::Variables;
    type Data = get_company::GetCompany;
}

#[tokio::test]
async fn an_answer_that_never_comes_is_waited_for_as_long_as_the_contract_says() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}/graphql", listener.local_addr().unwrap());
    let limits = Limits {
        connect_timeout: PATIENCE,
        ..Limits::DEFAULT
    };
    let ctx = Ctx::new(contract::client(&endpoint, limits), &CONTRACT);
    let arguments = contract::required_arguments(contract::spec("get_company"));
    // While something blocks, tokio leaves a paused clock where it is: the second begins once the request has come.
    tokio::time::pause();
    let (come, comes) = mpsc::channel::<()>();
    tokio::task::spawn_blocking(move || comes.recv());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut buffer = [0; 4096];
        stream.read_exact(&mut buffer[..1]).unwrap();
        drop(come);
        while stream.read(&mut buffer).is_ok_and(|bytes| bytes > 0) {}
    });
    let error = ReadTool::of::<InAHurry>()
        .call(&ctx, &Caller::Local, arguments)
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "timed out: there was no answer in time, and nothing was changed; ask for less, or try again later"
    );
}

#[test]
fn every_contract_has_a_timeout_that_a_conversation_bears() {
    for spec in contract::specs() {
        assert!(
            (1..=60).contains(&spec.timeout_seconds),
            "{}: {}",
            spec.name,
            spec.timeout_seconds
        );
    }
}

/// Cancelling a call drops its request to the API: the other end sees the connection close.
#[test]
fn a_cancelled_call_is_dropped_and_the_server_goes_on() {
    for era in Era::ALL {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}/graphql", listener.local_addr().unwrap());
        let folder = Folder::new();
        let key = folder.write("key", "da2-nobody").to_str().unwrap().to_owned();
        let flags = ["--endpoint", &endpoint, "--api-key-file", &key].map(str::to_owned);
        let mut session = Session::open(era, &flags);

        let (send, seen) = mpsc::channel();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0; 4096];
            let first = stream.read(&mut buffer).unwrap();
            send.send(first > 0).unwrap();
            while stream.read(&mut buffer).is_ok_and(|bytes| bytes > 0) {}
            send.send(false).unwrap();
        });
        let id = session.ask(
            "tools/call",
            json!({ "name": "get_companies_batch", "arguments": { "ids": ["c-00001"] } }),
        );
        assert!(seen.recv_timeout(PATIENCE).unwrap(), "the request did not arrive");
        let cancelled = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": id } });
        session.send(&cancelled.to_string());
        let closed = seen.recv_timeout(PATIENCE);
        assert_eq!(closed, Ok(false), "the connection did not close");
        session.request("tools/list", json!({})).unwrap();
        let log = session.end();
        assert!(
            log.contains("tool=get_companies_batch kind=read outcome=cancelled"),
            "{log}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_write_that_hangs_when_the_server_is_told_to_end_has_an_unknown_outcome() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &["--allow-mutations"]);
        api.sandbox.set_fault(Fault::Hang);
        let arguments = json!({ "name": format!("In {era:?}") });
        let id = session.ask(
            "tools/call",
            json!({ "name": "create_collection", "arguments": arguments }),
        );
        // Answered after the call has begun, since requests are taken in turn.
        session.failure("search_companies", json!({}));
        session.terminate();
        let outcome = session.outcome("create_collection", id);
        assert!(
            outcome
                .text
                .starts_with("outcome unknown: this write may have been carried out"),
            "{}",
            outcome.text
        );
        session.end();
        api.sandbox.clear_fault(Fault::Hang);
    }
}

#[cfg(unix)]
#[test]
fn a_client_that_reads_no_more_ends_the_program_while_it_still_writes() {
    let api = Api::start();
    for hangs in [false, true] {
        let mut child = command(&api.flags())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        drop(child.stdout.take());
        if hangs {
            api.sandbox.set_fault(Fault::Hang);
        }
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let call = json!({ "name": "search_companies", "arguments": { "keywords": "software" }, "_meta": meta });
        for (id, method, params) in [(1, "tools/call", call), (2, "tools/list", json!({ "_meta": meta }))] {
            let request = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
            // It may have ended by the second one.
            let _ = writeln!(input, "{request}");
        }
        // Standard input stays open until the program has ended.
        let log = read(child.stderr.take().unwrap()).recv_timeout(PATIENCE);
        let _ = child.kill();
        let (log, code) = (log.unwrap(), child.wait().unwrap().code());
        drop(input);
        assert_eq!(code, Some(1), "{log}");
        assert!(
            log.contains("failed to write to standard output, and the session is over"),
            "{log}"
        );
        api.sandbox.clear_fault(Fault::Hang);
    }
}

#[test]
fn a_call_that_hangs_and_is_cancelled_leaves_nothing_behind() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &[]);
        let before = api.requests();
        api.sandbox.set_fault(Fault::Hang);
        let id = session.ask(
            "tools/call",
            json!({ "name": "get_company", "arguments": { "id": "c-00001" } }),
        );
        // Answered after the call has begun, since requests are taken in turn.
        session.failure("search_companies", json!({}));
        let cancelled = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": id } });
        session.send(&cancelled.to_string());
        session.failure("search_companies", json!({}));
        api.sandbox.clear_fault(Fault::Hang);
        session.result("get_company", json!({ "id": "c-00001" }));
        assert!(api.requests() <= before + 2);
        session.end();
    }
}

/// A write that was sent may have been carried out, whoever has lost patience; one that has waited for its turn has not.
#[test]
fn a_cancelled_write_is_logged_for_what_it_came_to() {
    let api = Api::start();
    api.sandbox.set_fault(Fault::Hang);
    for (calls_before, expected) in [(0, "outcome_unknown"), (16, "cancelled")] {
        let mut session = Session::start(&api, &["--allow-mutations"]);
        let before = api.requests();
        let mut ids: Vec<_> = (0..calls_before)
            .map(|n| {
                // One tool alone can't take all places.
                let params = if n % 2 == 0 {
                    json!({ "name": "get_company", "arguments": { "id": "c-00001" } })
                } else {
                    json!({ "name": "search_companies", "arguments": { "keywords": "software" } })
                };
                session.ask("tools/call", params)
            })
            .collect();
        api.until(before + calls_before);
        let arguments = json!({ "name": expected });
        ids.push(session.ask(
            "tools/call",
            json!({ "name": "create_collection", "arguments": arguments }),
        ));
        api.until(before + calls_before.max(1));
        for id in ids.into_iter().rev() {
            let params = json!({ "requestId": id });
            let cancelled = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": params });
            session.send(&cancelled.to_string());
            // The next line is read once this one was.
            session.request("tools/list", json!({})).unwrap();
        }
        let log = session.end();
        let line = format!("tool=create_collection kind=write outcome={expected} ");
        assert!(log.contains(&line), "{log}");
        assert_eq!(api.requests(), before + calls_before.max(1));
    }
}
