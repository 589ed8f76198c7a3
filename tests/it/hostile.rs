//! Bad arguments to every argument of every tool: all that is wrong is told, and nothing is sent.

use appsync_mcp::tool::{Absent, Argument, Excess, Input, Normalize};
use serde_json::{Map, Value, json};

use crate::api::Api;
use crate::contract;
use crate::session::Session;

/// Values of every JSON kind.
fn kinds() -> [Value; 7] {
    [
        json!(null),
        json!(true),
        json!(7),
        json!(7.5),
        json!("text"),
        json!(["text", null]),
        json!({ "text": {} }),
    ]
}

/// The kinds that the schema's `type` does not name.
fn of_wrong_type(schema: &Value, required: bool) -> Vec<Value> {
    let mut types = vec![schema["type"].as_str().unwrap()];
    // It is taken as if nothing had been given.
    types.extend((!required).then_some("null"));
    let kinds = kinds().into_iter();
    let wrong = kinds.filter(|value| !crate::schema::fits(&json!({ "type": types }), value));
    wrong.collect()
}

/// Values of the right type beyond the bounds, on both sides; only such as are not clamped.
fn out_of_bounds(input: &Input) -> Vec<Value> {
    match input {
        Input::Integer {
            min,
            max,
            excess: Excess::Reject,
        } => {
            vec![
                json!(min - 1),
                json!(max + 1),
                json!(i64::MIN),
                json!(u64::MAX),
                json!(1e300),
                json!(0.5),
            ]
        }
        Input::Integer { .. } => vec![json!(0.5), json!(1.000_001), json!(-1e-300)],
        Input::Text { normalize, .. } if normalize.contains(&Normalize::CountryCode) => {
            vec![
                json!(""),
                json!("Germny"),
                json!("\u{0}"),
                json!("D"),
                json!("x".repeat(1_000_000)),
            ]
        }
        Input::Text {
            length_min, length_max, ..
        } => {
            let mut values = vec![
                json!("x".repeat(length_max + 1)),
                json!("ä".repeat(length_max + 1)),
                json!("x".repeat(1_000_000)),
            ];
            if let Some(shorter) = length_min.checked_sub(1) {
                values.push(json!("x".repeat(shorter)));
            }
            values
        }
        Input::Enum { values, .. } => vec![
            json!(""),
            json!(values[0].to_lowercase()),
            json!(format!("{}\u{0}", values[0])),
        ],
        Input::List {
            item,
            items_min,
            items_max,
            unique,
        } => {
            let many: Vec<Value> = match &item.input {
                Input::Enum { values, .. } => values.iter().map(|value| json!(value)).take(items_max + 1).collect(),
                _ => (0..=*items_max).map(|number| json!(number.to_string())).collect(),
            };
            assert!(*unique && many.len() > *items_max);
            let mut values = vec![json!(many)];
            if *items_min > 0 {
                values.push(json!([]));
            }
            // A wrong item is wrong wherever it stands.
            let good = many[0].clone();
            let wrong = [json!(null), json!(7), json!([]), json!({})]
                .into_iter()
                .chain(out_of_bounds(&item.input));
            values.extend(wrong.map(|wrong| json!([good, wrong])));
            values.push(vec![Value::Null; 100_000].into());
            values
        }
        other => panic!("no tool has such an argument yet: {other:?}"),
    }
}

/// Calls and checks that the call is refused for this argument, in few words, and that nothing is sent.
fn check_refused(session: &mut Session, api: &Api, tool: &str, arguments: Map<String, Value>, pointer: &str) {
    let before = api.requests();
    let text = session.failure(tool, Value::Object(arguments));
    assert!(text.starts_with("invalid argument"), "{tool} {pointer}: {text}");
    assert!(
        text.contains(&format!(" {pointer}: ")) || text.contains(&format!(" {pointer}/")),
        "{tool} {pointer}: {text}"
    );
    assert!(text.len() < 10_000, "{tool} {pointer}: {} bytes of error", text.len());
    assert!(
        !text.chars().any(|c| c.is_control() && c != '\n'),
        "{tool} {pointer}: {text:?}"
    );
    assert_eq!(api.requests(), before, "{tool} {pointer}: it was sent");
}

#[test]
fn a_bad_value_of_any_argument_is_refused_and_not_sent() {
    let api = Api::start();
    let mut session = Session::start(&api, &["--allow-mutations"]);
    let mut calls = 0;
    for spec in contract::specs() {
        let schema = contract::input_schema(spec);
        for argument in spec.arguments {
            let required = argument.absent == Absent::Required;
            let wrong = of_wrong_type(&schema["properties"][argument.name], required);
            assert!(wrong.len() >= 5, "{}: {wrong:?}", spec.name);
            let bad = wrong.into_iter().chain(out_of_bounds(&argument.value.input));
            for value in bad.filter(|value| !contract::is_read_otherwise(argument, value)) {
                let mut arguments = contract::required_arguments(spec);
                arguments.insert(argument.name.to_owned(), value);
                check_refused(&mut session, &api, spec.name, arguments, &format!("/{}", argument.name));
                calls += 1;
            }
        }
    }
    assert_eq!(api.requests(), 0);
    assert!(calls > 150, "{calls}");
    session.result("get_company", json!({ "id": "c-00001" }));
    session.end();
}

#[test]
fn a_missing_or_unknown_argument_is_refused_and_not_sent() {
    let api = Api::start();
    let mut session = Session::start(&api, &["--allow-mutations"]);
    for spec in contract::specs() {
        let required = contract::required_arguments(spec);
        for name in required.keys() {
            let mut arguments = required.clone();
            arguments.remove(name);
            check_refused(&mut session, &api, spec.name, arguments, &format!("/{name}"));
        }
        for (name, pointer) in [
            ("unknown", "/unknown"),
            ("", "/"),
            ("__proto__", "/__proto__"),
            ("a/b~c", "/a~1b~0c"),
            ("$ref", "/$ref"),
            ("new\nline", "/new\\nline"),
        ] {
            for value in kinds() {
                let mut arguments = required.clone();
                arguments.insert(name.to_owned(), value);
                check_refused(&mut session, &api, spec.name, arguments, pointer);
            }
        }
        // A name in another case is another name.
        if let Some(Argument { name, .. }) = spec.arguments.first() {
            let mut arguments = required.clone();
            arguments.insert(name.to_uppercase(), json!("x"));
            check_refused(
                &mut session,
                &api,
                spec.name,
                arguments,
                &format!("/{}", name.to_uppercase()),
            );
        }
    }
    assert_eq!(api.requests(), 0);
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let api = Api::start();
    let mut session = Session::start(&api, &["--allow-mutations"]);
    for spec in contract::specs() {
        let mut arguments = Map::new();
        for argument in spec.arguments {
            arguments.insert(argument.name.to_owned(), json!({ "nothing": "takes an object" }));
        }
        arguments.insert("first".to_owned(), json!(1));
        arguments.insert("second".to_owned(), json!(2));
        let text = session.failure(spec.name, Value::Object(arguments.clone()));
        for name in arguments.keys() {
            assert_eq!(
                text.matches(&format!("\n- /{name}: ")).count(),
                1,
                "{}: {text}",
                spec.name
            );
        }
        assert_eq!(text.lines().count(), arguments.len() + 1, "{text}");
    }
    let ids: Vec<Value> = (0..80).map(|number| json!(f64::from(number) + 0.5)).collect();
    let text = session.failure("get_companies_batch", json!({ "ids": ids, "more": 1 }));
    assert!(
        text.starts_with("invalid arguments:\n- /ids/0: expected a string, got 0.5\n- /ids/1: "),
        "{text}"
    );
    assert!(
        text.ends_with("\n- /ids/49: expected a string, got 49.5\n- and 31 more"),
        "{text}"
    );
    assert_eq!(api.requests(), 0);
}

/// Values that no JSON writer of ours would write, as raw text.
#[test]
fn strange_numbers_and_depths_are_refused_and_not_sent() {
    let api = Api::start();
    let mut session = Session::start(&api, &[]);
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let deep_object = format!("{}1{}", r#"{"a":"#.repeat(100), "}".repeat(100));
    for value in [
        "1e300",
        "-1e300",
        "99999999999999999999",
        "2147483648",
        "-1",
        "0.1",
        "1e-5",
        &deep,
        &deep_object,
    ] {
        let id = session.ask_raw(
            "search_companies",
            &format!(r#"{{"keywords":"SaaS","employeesMin":{value}}}"#),
        );
        let outcome = session.outcome("search_companies", id);
        assert!(outcome.result.is_none(), "{value}");
        assert!(
            outcome
                .text
                .starts_with("invalid argument: /employeesMin: expected an integer"),
            "{value}: {}",
            outcome.text
        );
    }
    assert_eq!(api.requests(), 0);
    for (value, sent) in [
        ("2147483647", 2_147_483_647_i64),
        ("0", 0),
        ("-0", 0),
        ("7.0", 7),
        ("1e3", 1000),
    ] {
        let id = session.ask_raw(
            "search_companies",
            &format!(r#"{{"keywords":"SaaS","employeesMin":{value}}}"#),
        );
        assert!(session.outcome("search_companies", id).result.is_some(), "{value}");
        assert_eq!(api.last().variables["employeesMin"], json!(sent), "{value}");
    }
}

/// What is JSON by its grammar and yet beyond any reader's limits is answered; what is none has no id to answer to.
#[test]
fn what_can_t_be_read_is_answered_and_not_sent() {
    let api = Api::start();
    let mut session = Session::start(&api, &["--allow-mutations"]);
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_object = format!("{}1{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
    let unreadable = [
        "1e400",
        "-1e400",
        r#""\ud800""#,
        r#""\udc00\ud800""#,
        &deep,
        &deep_object,
    ];
    let no_json = [
        "NaN",
        "Infinity",
        "-",
        "01",
        "+1",
        "0x10",
        "1_000",
        "'x'",
        "undefined",
        r#""\x41""#,
        "\"\u{1}\"",
        r#""open"#,
        "[1,]",
        "{\"a\":1",
        "",
    ];
    for spec in contract::specs() {
        for argument in spec.arguments {
            let arguments = |value: &str| {
                let others = contract::required_arguments(spec);
                let others = others.iter().filter(|(name, _)| *name != argument.name);
                let mut arguments: Vec<String> =
                    others.map(|(name, value)| format!("{}:{value}", json!(name))).collect();
                arguments.push(format!("\"{}\":{value}", argument.name));
                format!("{{{}}}", arguments.join(","))
            };
            for value in unreadable {
                let id = session.ask_raw(spec.name, &arguments(value));
                let error = session.answer(id).unwrap_err();
                assert_eq!(error["code"], -32602, "{error}");
            }
            for value in no_json {
                session.ask_raw(spec.name, &arguments(value));
                let answer = session.message();
                assert_eq!(
                    (&answer["id"], &answer["error"]["code"]),
                    (&json!(null), &json!(-32700)),
                    "{value}: {answer}"
                );
            }
        }
    }
    session.result("get_company", json!({ "id": "c-00001" }));
    assert_eq!(api.requests(), 1);
    session.end();
}

/// Texts that are odd and yet texts go to the API as they are, in a variable, where they can do nothing.
#[test]
fn an_odd_text_reaches_the_api_unchanged() {
    let api = Api::start();
    let mut session = Session::start(&api, &["--allow-mutations"]);
    let plain = contract::dry_run(
        &contract::ctx(),
        "get_company",
        contract::required_arguments(contract::spec("get_company")),
    );
    let document = plain.unwrap()["query"].clone();
    for id in [
        "\u{0}",
        "\u{1}\u{7f}\u{85}",
        "\u{202e}\u{200b}\u{feff}",
        "\u{10ffff}",
        "\" } ) { __schema }",
        "$id",
        "'; DROP TABLE company; --",
        "../../etc/passwd",
        "{{tool:get_company}}",
        "\r\nx-api-key: da2-x",
        "\\u0000",
    ] {
        session.failure("get_company", json!({ "id": id }));
        assert_eq!(api.last().document, document.as_str().unwrap());
        assert_eq!(api.last().variables, json!({ "id": id }));
    }
    // Of two keys alike the last one counts, in the check as in what is sent.
    let id = session.ask_raw("get_company", r#"{"id":7,"id":"c-00002","id":"c-00001"}"#);
    assert_eq!(session.outcome("get_company", id).result.unwrap()["id"], "c-00001");
    assert_eq!(api.last().variables, json!({ "id": "c-00001" }));
    let before = api.requests();
    let id = session.ask_raw("get_company", r#"{"id":"c-00001","id":7.5}"#);
    assert_eq!(
        session.outcome("get_company", id).text,
        "invalid argument: /id: expected a string, got 7.5"
    );
    assert_eq!(api.requests(), before);
}
