//! Lines and what they are read as: a table.

use super::*;

/// Returns what a line is read as: nothing, what the SDK gets, or the error with its id.
fn said(line: &[u8]) -> String {
    match read(line) {
        Read::Nothing => "nothing".to_owned(),
        Read::Message(message) => serde_json::to_string(&message).unwrap(),
        Read::Refused { id, error } => {
            let id = id.map_or("-".to_owned(), |id| id.into_json_value().to_string());
            format!("{id} {} {}", error.code.0, error.message)
        }
    }
}

fn check(line: &str, expected: &str) {
    assert_eq!(said(line.as_bytes()), expected, "{line}");
}

/// A request with the id 1.
fn request(method: &str, params: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#)
}

/// Checks what becomes of a request's params: what the SDK gets of them, or the error.
fn check_params(method: &str, params: &str, expected: Result<&str, &str>) {
    let expected = match expected {
        Ok(params) => format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{params}}}"#),
        Err(message) => format!("1 -32602 invalid params: {message}"),
    };
    check(&request(method, params), &expected);
}

const BAD_ID: &str = "- -32600 `id` must be a string or a signed 64-bit integer; it is";

#[test]
fn an_envelope_that_is_none_is_told_what_is_wrong_with_it() {
    for (line, expected) in [
        ("", "nothing"),
        (" \r", "nothing"),
        ("\u{feff}", "nothing"),
        ("no message", "- -32700 the line is not JSON"),
        ("{\"id\":1", "- -32700 the line is not JSON"),
        ("17", "- -32600 a message is a JSON object, and this line is 17"),
        ("null", "- -32600 a message is a JSON object, and this line is null"),
        ("{}", "- -32600 `method` is missing"),
        (r#"{"jsonrpc":"2.0","id":7}"#, "7 -32600 `method` is missing"),
        (
            r#"{"jsonrpc":"2.0","id":7,"method":8}"#,
            "7 -32600 `method` must be a string; it is 8",
        ),
        (
            r#"{"jsonrpc":"2.0","id":7,"method":null}"#,
            "7 -32600 `method` must be a string; it is null",
        ),
        (
            r#"{"id":7,"method":"ping"}"#,
            r#"7 -32600 `jsonrpc` must be "2.0"; it is missing"#,
        ),
        (
            r#"{"jsonrpc":null,"id":7,"method":"ping"}"#,
            r#"7 -32600 `jsonrpc` must be "2.0"; it is null"#,
        ),
        (
            r#"{"jsonrpc":2.0,"id":"x","method":"ping"}"#,
            r#""x" -32600 `jsonrpc` must be "2.0"; it is 2.0"#,
        ),
        (
            r#"{"jsonrpc":"1.0","id":7,"method":"no"}"#,
            r#"7 -32600 `jsonrpc` must be "2.0"; it is "1.0""#,
        ),
    ] {
        check(line, expected);
    }
    for batch in ["[]", r#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, "[7]"] {
        check(
            batch,
            "- -32600 the line is a list, and batches are not part of the protocol versions that this server speaks; \
             send each message on a line of its own",
        );
    }
}

#[test]
fn an_id_is_a_text_or_a_whole_number_of_64_bits() {
    for (line, expected) in [
        (
            r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#,
            &*format!("{BAD_ID} 1.5"),
        ),
        (
            r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
            &*format!("{BAD_ID} null"),
        ),
        (
            r#"{"jsonrpc":"2.0","id":true,"method":"ping"}"#,
            &*format!("{BAD_ID} true"),
        ),
        (
            r#"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#,
            &*format!("{BAD_ID} a list"),
        ),
        (
            r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#,
            &*format!("{BAD_ID} an object"),
        ),
        (
            r#"{"jsonrpc":"2.0","id":9223372036854775808,"method":"ping"}"#,
            &*format!("{BAD_ID} 9223372036854775808"),
        ),
        (
            r#"{"id":{},"method":"notifications/cancelled"}"#,
            &*format!("{BAD_ID} an object"),
        ),
        (
            r#"{"jsonrpc":"2.0","id":9223372036854775807,"method":"ping"}"#,
            r#"{"jsonrpc":"2.0","id":9223372036854775807,"method":"ping","params":{"_meta":{}}}"#,
        ),
        (
            r#"{"jsonrpc":"2.0","id":-1.0,"method":"ping"}"#,
            r#"{"jsonrpc":"2.0","id":-1,"method":"ping","params":{"_meta":{}}}"#,
        ),
        (
            r#"{"jsonrpc":"2.0","id":"","method":"ping","other":{}}"#,
            r#"{"jsonrpc":"2.0","id":"","method":"ping","params":{"_meta":{}}}"#,
        ),
        // An answer to nothing that was asked.
        (r#"{"jsonrpc":"2.0","id":7,"result":{}}"#, "nothing"),
        (r#"{"jsonrpc":"2.0","id":{},"error":7}"#, "nothing"),
    ] {
        check(line, expected);
    }
}

#[test]
fn a_notification_is_never_answered() {
    for line in [
        r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        r#"{"jsonrpc":"2.0","id":null,"method":"notifications/initialized","params":[]}"#,
        r#"{"method":"notifications/initialized","params":7}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":{}}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/cancelled"}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":[7]}"#,
        r#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":7}}"#,
        r#"{"jsonrpc":"2.0","method":"no/such"}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/x","params":{"a":1e400}}"#,
    ] {
        check(line, "nothing");
    }
    check(
        r#"{"method":"notifications/cancelled","params":{"requestId":7,"reason":{}}}"#,
        r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}"#,
    );
    check(
        &request("notifications/initialized", "{}"),
        "1 -32600 `notifications/initialized` is a notification, which has no `id`",
    );
}

#[test]
fn initialize_names_the_member_that_is_wrong() {
    for (params, expected) in [
        ("null", "/params/protocolVersion is missing; expected a string"),
        ("[]", "/params/protocolVersion is missing; expected a string"),
        ("[1]", "/params: expected an object, got a list"),
        (r#""x""#, r#"/params: expected an object, got "x""#),
        (
            r#"{"protocolVersion":7}"#,
            "/params/protocolVersion: expected a string, got 7",
        ),
        (
            r#"{"protocolVersion":null}"#,
            "/params/protocolVersion: expected a string, got null",
        ),
        (
            r#"{"protocolVersion":"2025-11-25"}"#,
            "/params/capabilities is missing; expected an object",
        ),
        (
            r#"{"protocolVersion":"2025-11-25","capabilities":true}"#,
            "/params/capabilities: expected an object, got true",
        ),
        (
            r#"{"protocolVersion":"2025-11-25","capabilities":{}}"#,
            "/params/clientInfo is missing; expected an object",
        ),
        (
            r#"{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":"me"}"#,
            r#"/params/clientInfo: expected an object, got "me""#,
        ),
        (
            r#"{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"version":"1"}}"#,
            "/params/clientInfo/name is missing; expected a string",
        ),
        (
            r#"{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"me"}}"#,
            "/params/clientInfo/version is missing; expected a string",
        ),
        (
            r#"{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"me","version":1.5}}"#,
            "/params/clientInfo/version: expected a string, got 1.5",
        ),
        (r#"{"_meta":7}"#, "/params/_meta: expected an object, got 7"),
    ] {
        check_params("initialize", params, Err(expected));
    }
}

#[test]
fn odd_members_of_initialize_that_are_not_used_are_passed_over() {
    let read =
        r#"{"_meta":{},"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"me","version":"1"}}"#;
    for capabilities in [
        "[]",
        "{}",
        r#"{"roots":[],"sampling":[],"elicitation":[],"experimental":[],"extensions":[]}"#,
        r#"{"roots":true,"sampling":"yes","elicitation":{"form":7},"experimental":{"a":null},"extensions":{"x":[]}}"#,
        r#"{"roots":{"listChanged":"yes"},"tasks":{"list":[]},"":0}"#,
    ] {
        for others in ["", r#","icons":"none","title":7,"websiteUrl":[]"#] {
            let params = format!(
                r#"{{"protocolVersion":"2025-11-25","capabilities":{capabilities},"clientInfo":{{"name":"me","version":"1"{others}}},"_meta":[],"trace":1}}"#
            );
            check_params("initialize", &params, Ok(read));
        }
    }
}

#[test]
fn who_asks_for_the_version_with_batches_gets_the_one_before() {
    for (asked, read) in [
        ("2025-03-26", "2024-11-05"),
        ("2024-11-05", "2024-11-05"),
        ("2025-06-18", "2025-06-18"),
        ("2099-01-01", "2099-01-01"),
    ] {
        let params = |version: &str| {
            format!(
                r#"{{"_meta":{{}},"protocolVersion":"{version}","capabilities":{{}},"clientInfo":{{"name":"me","version":"1"}}}}"#
            )
        };
        check_params("initialize", &params(asked), Ok(&params(read)));
    }
}

#[test]
fn params_of_calls_are_read_where_they_have_one_meaning() {
    let call = |arguments: &str| format!(r#"{{"name":"t","arguments":{arguments}}}"#);
    let read = |arguments: &str| format!(r#"{{"_meta":{{}},"name":"t","arguments":{arguments}}}"#);
    for method in ["tools/call", "prompts/get"] {
        for (arguments, expected) in [
            ("{}", "{}"),
            ("[]", "{}"),
            ("null", "{}"),
            (r#""""#, "{}"),
            (r#"" ""#, "{}"),
            (r#""{}""#, "{}"),
            (r#"" {\"id\":\"1\"} ""#, r#"{"id":"1"}"#),
            (r#"{"a":{},"b":[],"c":"{}"}"#, r#"{"a":{},"b":[],"c":"{}"}"#),
        ] {
            check_params(method, &call(arguments), Ok(&read(expected)));
        }
        check_params(method, r#"{"name":"t"}"#, Ok(&read("{}")));
        check_params(
            method,
            r#"{"name":"t","inputResponses":7,"requestState":{},"task":[],"_meta":{"progressToken":1.5}}"#,
            Ok(&read("{}")),
        );
        for (arguments, expected) in [
            ("[1]", "a list"),
            ("7", "7"),
            ("true", "true"),
            (r#""id=1""#, r#""id=1""#),
            (r#""[1]""#, r#""[1]""#),
            (r#""{} {}""#, r#""{} {}""#),
            (r#""\"{}\"""#, r#""\"{}\"""#),
        ] {
            let expected = format!("/params/arguments: expected an object, got {expected}");
            check_params(method, &call(arguments), Err(&expected));
        }
        check_params(method, "{}", Err("/params/name is missing; expected a string"));
        check_params(method, r#"{"name":7}"#, Err("/params/name: expected a string, got 7"));
    }
    check_params("resources/read", "{}", Err("/params/uri is missing; expected a string"));
    check_params(
        "resources/read",
        r#"{"uri":[]}"#,
        Err("/params/uri: expected a string, got a list"),
    );
    check_params("resources/read", r#"{"uri":"a:b"}"#, Ok(r#"{"_meta":{},"uri":"a:b"}"#));
}

#[test]
fn an_empty_cursor_is_the_first_page() {
    for method in [
        "tools/list",
        "resources/list",
        "resources/templates/list",
        "prompts/list",
    ] {
        for params in ["null", "[]", "{}", r#"{"cursor":null}"#, r#"{"cursor":""}"#] {
            check_params(method, params, Ok(r#"{"_meta":{}}"#));
        }
        check_params(method, r#"{"cursor":"2"}"#, Ok(r#"{"_meta":{},"cursor":"2"}"#));
        check_params(
            method,
            r#"{"cursor":5}"#,
            Err("/params/cursor: expected a string, got 5"),
        );
        check_params(
            method,
            r#"{"cursor":[]}"#,
            Err("/params/cursor: expected a string, got a list"),
        );
    }
}

const MODERN: &str =
    r#"{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;

#[test]
fn of_meta_only_what_is_used_is_read() {
    let read = format!(r#"{{"_meta":{MODERN}}}"#);
    for (capabilities, others) in [
        ("{}", ""),
        ("[]", ""),
        (r#"{"roots":true,"extensions":[]}"#, ""),
        (
            "{}",
            r#","io.modelcontextprotocol/clientInfo":7,"progressToken":{},"traceparent":[]"#,
        ),
    ] {
        let params = format!(
            r#"{{"_meta":{{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{capabilities}{others}}}}}"#
        );
        check_params("tools/list", &params, Ok(&read));
    }
    check_params(
        "tools/list",
        r#"{"_meta":"x"}"#,
        Err(r#"/params/_meta: expected an object, got "x""#),
    );
    check_params(
        "tools/list",
        r#"{"_meta":{"io.modelcontextprotocol/protocolVersion":20260728}}"#,
        Err("/params/_meta/io.modelcontextprotocol~1protocolVersion: expected a string, got 20260728"),
    );
    check_params(
        "tools/list",
        r#"{"_meta":{"io.modelcontextprotocol/clientCapabilities":true}}"#,
        Err("/params/_meta/io.modelcontextprotocol~1clientCapabilities: expected an object, got true"),
    );
}

#[test]
fn an_unknown_method_is_told_which_there_are() {
    check(
        &request("tools/cal", "7"),
        "1 -32601 unknown method `tools/cal`; did you mean `tools/call`?",
    );
    check(
        &request("no\\u001b/\\u202esuch", "{}"),
        "1 -32601 unknown method `no\\u{1b}/\\u{202e}such`; this server has `initialize`, `ping`, `server/discover`, \
         `tools/list`, `tools/call`, `resources/list`, `resources/templates/list`, `resources/read`, `prompts/list`, \
         `prompts/get`, `subscriptions/listen`",
    );
    // Known to the protocol, and no part of this server.
    for method in [
        "completion/complete",
        "logging/setLevel",
        "resources/subscribe",
        "tasks/get",
    ] {
        for params in ["7", "{}", r#"{"level":"info"}"#] {
            let said = said(request(method, params).as_bytes());
            let expected = format!("1 -32601 unknown method `{method}`; ");
            assert!(said.starts_with(&expected), "{said}");
        }
    }
}

#[test]
fn a_method_of_another_version_is_told_so() {
    let modern = format!(r#"{{"_meta":{MODERN}}}"#);
    check(
        &request("ping", &modern),
        "1 -32601 `ping` is not part of protocol 2026-07-28",
    );
    check_params("ping", "[]", Ok(r#"{"_meta":{}}"#));
    check_params("ping", "[7]", Err("/params: expected an object, got a list"));
    for params in ["{}", r#"{"notifications":{}}"#] {
        check(
            &request("subscriptions/listen", params),
            "1 -32601 `subscriptions/listen` is part of protocol 2026-07-28 and later; name the version in `_meta`",
        );
    }
    for notifications in [
        "{}",
        "[]",
        "7",
        r#"{"toolsListChanged":true,"resourceSubscriptions":["a:b"]}"#,
    ] {
        let params = format!(r#"{{"_meta":{MODERN},"notifications":{notifications}}}"#);
        let read = format!(r#"{{"_meta":{MODERN},"notifications":{{}}}}"#);
        check_params("subscriptions/listen", &params, Ok(&read));
    }
}

#[test]
fn what_is_json_and_can_t_be_represented_is_told_so() {
    const WHY: &str = "can't be read: nested too deeply, or a number or a text in it can't be represented";
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for value in ["1e400", r#""\ud800""#, &deep] {
        let params = format!(r#"{{"a":{value}}}"#);
        check(&request("tools/call", &params), &format!("1 -32602 the message {WHY}"));
        check(
            &request("tools/cal", &params),
            "1 -32601 unknown method `tools/cal`; did you mean `tools/call`?",
        );
        check(
            &format!(r#"{{"jsonrpc":"2.0","id":{value},"method":"ping"}}"#),
            &format!("- -32600 the message {WHY}"),
        );
        check(value, &format!("- -32600 the message {WHY}"));
    }
    let expected = format!("1 -32602 the message {WHY}");
    assert_eq!(said(b"{\"id\":1,\"method\":\"ping\",\"a\":\"\xff\"}"), expected);
}
