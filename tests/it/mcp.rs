//! Both generations of the protocol: lists, resources, prompts, and what is no request at all.

use expect_test::expect;
use serde_json::{Value, json};

use crate::api::Api;
use crate::contract;
use crate::session::{Era, Session};

const READS: [&str; 6] = [
    "ai_search",
    "get_collection_items",
    "get_companies_batch",
    "get_company",
    "list_collections",
    "search_companies",
];

#[test]
fn both_generations_are_told_who_serves_and_what_for() {
    let api = Api::start();
    for era in Era::ALL {
        let session = Session::start_in(era, &api, &[]);
        let server = &session.server;
        match era {
            Era::Legacy => assert_eq!(server["protocolVersion"], "2025-11-25"),
            Era::Modern => assert!(
                server["supportedVersions"]
                    .as_array()
                    .unwrap()
                    .contains(&json!("2026-07-28"))
            ),
        }
        for capability in ["tools", "resources", "prompts"] {
            assert!(server["capabilities"].get(capability).is_some(), "{server}");
        }
        let instructions = server["instructions"].as_str().unwrap();
        assert!(instructions.contains("company-intelligence"), "{instructions}");
        assert!(instructions.contains("Writing is off here"), "{instructions}");
        session.end();
    }
}

#[test]
fn tools_are_listed_in_a_fixed_order_with_what_the_contract_says() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &["--allow-mutations"]);
        let list = session.request("tools/list", json!({})).unwrap();
        let tools = list["tools"].as_array().unwrap();
        assert_eq!(tools.len(), contract::specs().count());
        for (tool, spec) in tools.iter().zip(contract::specs()) {
            assert_eq!(tool["name"], spec.name);
            assert_eq!(tool["title"], spec.title);
            assert_eq!(tool["description"], spec.description);
            assert_eq!(tool["inputSchema"], contract::input_schema(spec));
            let output_schema: Value = serde_json::from_str(spec.output_schema).unwrap();
            assert_eq!(tool["outputSchema"], output_schema);
        }
        assert_eq!(session.request("tools/list", json!({})).unwrap(), list);
    }
}

#[test]
fn annotations_tell_what_a_tool_may_do() {
    let api = Api::start();
    let mut session = Session::start(&api, &["--allow-mutations"]);
    let list = session.request("tools/list", json!({})).unwrap();
    let mut lines = String::new();
    for tool in list["tools"].as_array().unwrap() {
        let hints = &tool["annotations"];
        let mut line = tool["name"].as_str().unwrap().to_owned();
        for (hint, word) in [
            ("readOnlyHint", "read-only"),
            ("destructiveHint", "destructive"),
            ("idempotentHint", "idempotent"),
            ("openWorldHint", "open-world"),
        ] {
            // Whether it is idempotent means nothing for a read; the others are spelt out.
            let Some(holds) = hints.get(hint) else {
                assert!(hint == "idempotentHint" && hints["readOnlyHint"] == true, "{tool}");
                continue;
            };
            line.push_str(if holds.as_bool().unwrap() { " " } else { " not-" });
            line.push_str(word);
        }
        lines.push_str(&line);
        lines.push('\n');
    }
    expect![[r"
        ai_search read-only not-destructive open-world
        get_collection_items read-only not-destructive open-world
        get_companies_batch read-only not-destructive open-world
        get_company read-only not-destructive open-world
        list_collections read-only not-destructive not-open-world
        search_companies read-only not-destructive open-world
        add_to_collection not-read-only not-destructive idempotent not-open-world
        create_collection not-read-only not-destructive not-idempotent not-open-world
        request_email_discovery not-read-only not-destructive not-idempotent open-world
    "]]
    .assert_eq(&lines);
}

#[test]
fn the_catalogue_has_all_tools_and_says_which_are_offered() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &["--allow-mutations=create_collection"]);
        let catalogue = read(&mut session, "appsync-mcp://tools");
        let tools = catalogue["tools"].as_array().unwrap();
        assert_eq!(tools.len(), 9);
        for (tool, spec) in tools.iter().zip(contract::specs()) {
            assert_eq!(tool["name"], spec.name);
            let arguments = tool["arguments"].as_array().unwrap();
            let names: Vec<_> = arguments
                .iter()
                .map(|argument| argument["name"].as_str().unwrap())
                .collect();
            let expected: Vec<_> = spec.arguments.iter().map(|argument| argument.name).collect();
            assert_eq!(names, expected);
            let is_offered = READS.contains(&spec.name) || spec.name == "create_collection";
            assert_eq!(tool["offered"], is_offered, "{}", spec.name);
        }
    }
    assert_eq!(api.requests(), 0);
}

#[test]
fn the_codes_are_countries_and_industries() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &[]);
        let codes = read(&mut session, "appsync-mcp://codes");
        assert_eq!(codes["countries"]["DE"], "Germany");
        assert_eq!(codes["countries"].as_object().unwrap().len(), 249);
        let industries = codes["enums"]["Industry"].as_array().unwrap();
        assert_eq!(industries.len(), 14);
        assert!(industries.contains(&json!("SOFTWARE")));
    }
}

fn read(session: &mut Session, uri: &str) -> Value {
    let list = session.request("resources/list", json!({})).unwrap();
    let uris: Vec<_> = list["resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|resource| resource["uri"].clone())
        .collect();
    assert_eq!(uris, ["appsync-mcp://tools", "appsync-mcp://codes"]);
    let answer = session.request("resources/read", json!({ "uri": uri })).unwrap();
    let [contents] = answer["contents"].as_array().unwrap().as_slice() else {
        panic!("{answer}")
    };
    assert_eq!(contents["uri"], uri);
    assert_eq!(contents["mimeType"], "application/json");
    serde_json::from_str(contents["text"].as_str().unwrap()).unwrap()
}

#[test]
fn every_code_of_the_catalogue_is_accepted() {
    let api = Api::start();
    let mut session = Session::start(&api, &[]);
    let codes = read(&mut session, "appsync-mcp://codes");
    let ctx = contract::ctx();
    for (code, name) in codes["countries"].as_object().unwrap() {
        for spelling in [json!(code), name.clone()] {
            let arguments = json!({ "keywords": "SaaS", "country": spelling })
                .as_object()
                .unwrap()
                .clone();
            let request = contract::dry_run(&ctx, "search_companies", arguments).unwrap();
            assert_eq!(request["variables"]["country"], json!(code), "{spelling}");
        }
    }
}

#[test]
fn prompts_are_rendered_with_their_arguments() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &[]);
        let list = session.request("prompts/list", json!({})).unwrap();
        let names: Vec<_> = list["prompts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|prompt| prompt["name"].clone())
            .collect();
        assert_eq!(names, ["build_collection", "find_companies"]);

        let params = json!({
            "name": "find_companies",
            "arguments": { "wanted": "makers of {{tool:get_company}} $1", "country": "Austria" },
        });
        let text = prompt(&mut session, params);
        assert!(
            text.starts_with("Find companies that fit this description: makers of {{tool:get_company}} $1\n"),
            "{text}"
        );
        assert!(text.contains("\nThey are in this country: Austria\n\n1. "), "{text}");
        assert!(
            text.contains("call search_companies. Narrow it with `country`"),
            "{text}"
        );
        assert!(!text.contains("not available"), "{text}");

        for country in [json!(null), json!("")] {
            let arguments = json!({ "wanted": "steel", "country": country });
            let text = prompt(
                &mut session,
                json!({ "name": "find_companies", "arguments": arguments }),
            );
            assert!(
                text.starts_with("Find companies that fit this description: steel\n\n1. "),
                "{text}"
            );
        }

        let params = json!({ "name": "build_collection", "arguments": { "name": "Suppliers", "wanted": "steel" } });
        let text = prompt(&mut session, params);
        assert!(
            text.starts_with("Build a collection named \"Suppliers\" of companies that fit this description: steel\n")
        );
        assert!(
            text.contains("`create_collection` is not available now: mutations are disabled"),
            "{text}"
        );
    }
    let mut session = Session::start(&api, &["--allow-mutations"]);
    let params = json!({ "name": "build_collection", "arguments": { "name": "Suppliers", "wanted": "steel" } });
    assert!(!prompt(&mut session, params).contains("not available"));
}

fn prompt(session: &mut Session, params: Value) -> String {
    let answer = session.request("prompts/get", params).unwrap();
    let [message] = answer["messages"].as_array().unwrap().as_slice() else {
        panic!("{answer}")
    };
    assert_eq!(message["role"], "user");
    message["content"]["text"].as_str().unwrap().to_owned()
}

/// A mistake in the protocol is an error of the protocol, says what is wrong, and the server goes on.
#[test]
fn what_is_no_proper_request_is_refused_and_the_server_goes_on() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &[]);
        for (method, params, message) in [
            (
                "tools/call",
                json!({ "name": "serch_companies" }),
                "unknown tool `serch_companies`; did you mean `search_companies`?",
            ),
            ("tools/call", json!({ "name": "" }), "unknown tool ``"),
            (
                "tools/call",
                json!({ "name": "no\u{202e}such\ntool" }),
                "unknown tool `no\\u{202e}such\\ntool`",
            ),
            (
                "tools/list",
                json!({ "cursor": "1" }),
                "unknown cursor: the list has one page",
            ),
            (
                "resources/read",
                json!({ "uri": "appsync-mcp://code" }),
                "unknown resource `appsync-mcp://code`; did you mean `appsync-mcp://codes`?",
            ),
            (
                "prompts/get",
                json!({ "name": "find_company" }),
                "unknown prompt `find_company`; did you mean `find_companies`?",
            ),
            (
                "prompts/get",
                json!({ "name": "find_companies" }),
                "prompt `find_companies`: missing argument `wanted`",
            ),
            (
                "prompts/get",
                json!({ "name": "find_companies", "arguments": { "wanted": "x", "land": "y" } }),
                "prompt `find_companies`: unknown argument `land`",
            ),
            (
                "prompts/get",
                json!({ "name": "find_companies", "arguments": { "wanted": 7 } }),
                "prompt `find_companies`: argument `wanted` must be a string",
            ),
        ] {
            let error = session.request(method, params.clone()).unwrap_err();
            assert_eq!(error["code"], -32602, "{method} {params}: {error}");
            assert_eq!(error["message"], message, "{method} {params}");
        }
        let error = session.request("tools/cal", json!({})).unwrap_err();
        assert_eq!(error["code"], -32601);
        assert_eq!(
            error["message"],
            "unknown method `tools/cal`; did you mean `tools/call`?"
        );
        let before = api.requests();
        session.result("get_company", json!({ "id": "c-00001" }));
        assert_eq!(api.requests(), before + 1);
        session.end();
    }
    assert_eq!(api.requests(), 2);
}

/// As PHP writes an empty object, and as clients hand on what a model has written.
#[test]
fn arguments_are_read_in_every_spelling_that_has_one_meaning() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &[]);
        for (tool, arguments) in [
            ("get_company", json!({ "id": "c-00001" })),
            ("get_company", json!("{\"id\": \"c-00001\"}")),
            ("list_collections", json!([])),
            ("list_collections", json!("{}")),
            ("list_collections", json!("")),
            ("list_collections", json!(null)),
        ] {
            session.result(tool, arguments);
        }
        // Not the values of a text argument, which are texts.
        let failure = session.failure("get_company", json!({ "id": "{\"id\": \"c-00001\"}" }));
        assert!(failure.starts_with("not found"), "{failure}");
        for (method, list) in [("tools/list", "tools"), ("prompts/list", "prompts")] {
            let all = session.request(method, json!({ "cursor": "" })).unwrap();
            assert!(!all[list].as_array().unwrap().is_empty(), "{all}");
        }
        session.end();
    }
}

/// A client that opens it before it lists tools goes on; one that holds it does not hold up the end.
#[test]
fn a_subscription_is_acknowledged_and_ends_with_the_session() {
    let api = Api::start();
    let mut session = Session::start(&api, &[]);
    let id = session.ask(
        "subscriptions/listen",
        json!({ "notifications": { "toolsListChanged": true } }),
    );
    let acknowledged = session.message();
    assert_eq!(acknowledged["method"], "notifications/subscriptions/acknowledged");
    assert_eq!(
        acknowledged["params"],
        json!({ "notifications": {}, "_meta": { "io.modelcontextprotocol/subscriptionId": id } })
    );
    session.request("tools/list", json!({})).unwrap();
    session.end();
    let mut session = Session::start_in(Era::Legacy, &api, &[]);
    let error = session.request("subscriptions/listen", json!({})).unwrap_err();
    assert_eq!(error["code"], -32601);
}

#[test]
fn params_that_do_not_fit_are_refused_by_the_name_of_the_member() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &[]);
        for (method, params, message) in [
            (
                "tools/call",
                json!({ "name": 1 }),
                "invalid params: /params/name: expected a string, got 1",
            ),
            (
                "tools/call",
                json!({ "name": null }),
                "invalid params: /params/name: expected a string, got null",
            ),
            (
                "tools/call",
                json!({ "name": "get_company", "arguments": [1] }),
                "invalid params: /params/arguments: expected an object, got a list",
            ),
            (
                "tools/call",
                json!({ "name": "get_company", "arguments": "id=1" }),
                "invalid params: /params/arguments: expected an object, got \"id=1\"",
            ),
            (
                "tools/call",
                json!({}),
                "invalid params: /params/name is missing; expected a string",
            ),
            (
                "resources/read",
                json!({}),
                "invalid params: /params/uri is missing; expected a string",
            ),
        ] {
            let error = session.request(method, params.clone()).unwrap_err();
            assert_eq!(
                error,
                json!({ "code": -32602, "message": message }),
                "{method} {params}"
            );
        }
        session.end();
    }
    assert_eq!(api.requests(), 0);
}

/// Lines that are no JSON at all have no id to answer to. They are passed over, and nothing but messages is written.
#[test]
fn what_is_no_message_is_passed_over_and_the_server_goes_on() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &[]);
        for line in [
            "",
            "this is no message",
            "{\"jsonrpc\":\"2.0\",\"id\":77,\"method\":\"tools/call\",\"params\":{\"name\":\"get_company\"",
            "\u{0}\u{1}\u{feff}",
            "[]",
            "{}",
            "null",
            "17",
            "\"text\"",
            "{\"jsonrpc\":\"2.0\",\"id\":77}",
            "{\"jsonrpc\":\"2.0\",\"id\":77,\"result\":{}}",
            "{\"jsonrpc\":\"2.0\",\"id\":[],\"method\":\"tools/list\"}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":77}}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/nothing\"}",
        ] {
            session.send(line);
        }
        session.send(&"x".repeat(1 << 20));
        session.send(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)));
        session.result("get_company", json!({ "id": "c-00001" }));
        session.end();
    }
    assert_eq!(api.requests(), 2);
}
