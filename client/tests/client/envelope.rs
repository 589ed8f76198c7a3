//! Which bytes are an envelope, and what is said of those that are none.

use appsync_mcp_client::{DecodeError, Envelope, GraphQlError, Location, PathSegment};
use serde::Deserialize;
use serde_json::json;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    search_companies: Option<Page>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Page {
    items: Vec<Company>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Company {
    id: String,
    employees: Option<i32>,
    size: Option<Size>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Size {
    Small,
    Large,
}

fn decode(body: &str) -> Result<Envelope<Data>, DecodeError> {
    Envelope::decode(body.as_bytes())
}

#[test]
fn takes_data_errors_or_both() {
    let page = Data { search_companies: None };
    let envelope = decode(r#"{"data":{"searchCompanies":null},"errors":null,"extensions":{"x":1}}"#).unwrap();
    assert_eq!(
        envelope,
        Envelope {
            data: Some(page),
            errors: vec![],
            more_errors: 0,
            replaced: 0,
        }
    );

    let envelope = decode(r#"{"errors":[{"message":"m"}]}"#).unwrap();
    assert_eq!((envelope.data, envelope.errors.len()), (None, 1));

    let envelope = decode(r#"{"data":{"searchCompanies":{"items":[]}},"errors":[{"message":"m"}]}"#).unwrap();
    assert_eq!(envelope.data.unwrap().search_companies.unwrap().items, []);
    assert_eq!(envelope.errors.len(), 1);
}

#[test]
fn takes_all_that_appsync_puts_into_an_error() {
    let envelope = decode(
        r#"{"data":null,"errors":[
            {"message":"Company is locked","errorType":"CompanyLocked","data":{"id":"c1"},"errorInfo":{"retryAfter":5},
             "path":["fails",0,"x"],"locations":[{"line":1,"column":3,"sourceName":null}]},
            {"message":null,"errorType":null,"data":null,"errorInfo":null,"path":null,"locations":null}]}"#,
    )
    .unwrap();
    let full = GraphQlError {
        message: "Company is locked".to_owned(),
        error_type: Some("CompanyLocked".to_owned()),
        error_info: Some(json!({"retryAfter": 5})),
        path: Some(vec![
            PathSegment::Field("fails".to_owned()),
            PathSegment::Index(0),
            PathSegment::Field("x".to_owned()),
        ]),
        locations: vec![Location {
            line: 1,
            column: 3,
            source_name: None,
        }],
        data: Some(json!({"id": "c1"})),
    };
    assert_eq!(envelope.errors, [full, GraphQlError::default()]);
}

/// Decodes an answer that does not fit, and compares the whole message.
fn check(body: &str, expected: &str) {
    let error = decode(body).unwrap_err();
    assert_eq!(error.to_string(), expected, "{body}");
    assert!(!format!("{error:?}").contains("topsecret"), "{error:?}");
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of data")]
fn names_the_first_mismatch_and_shows_no_value() {
    let items = |items: &str| format!(r#"{{"data":{{"searchCompanies":{{"items":[{{"id":"a"}},{items}]}}}}}}"#);
    check(
        &items(r#"{"id":"b","employees":"topsecret"}"#),
        "unexpected answer at `data.searchCompanies.items[1].employees`: expected an integer, got a string",
    );
    check(
        &items(r#"{"id":"b","employees":"topsecret, expected topsecret at line topsecret"}"#),
        "unexpected answer at `data.searchCompanies.items[1].employees`: expected an integer, got a string",
    );
    check(
        &items(r#"{"id":"b","employees":123456789012}"#),
        "unexpected answer at `data.searchCompanies.items[1].employees`: expected an integer, got one out of its range",
    );
    for large in [
        "2147483648.0",
        "-3e9",
        "1e30",
        "1.5e300",
        "123456789012345678901234567890",
    ] {
        check(
            &items(&format!(r#"{{"id":"b","employees":{large}}}"#)),
            "unexpected answer at `data.searchCompanies.items[1].employees`: expected an integer, got one out of its range",
        );
    }
    for fraction in ["1.5", "15e-1", "1e-400", "1.0000000000000001"] {
        check(
            &items(&format!(r#"{{"id":"b","employees":{fraction}}}"#)),
            "unexpected answer at `data.searchCompanies.items[1].employees`: expected an integer, got a number with a fraction",
        );
    }
    check(
        &items(r#"{"id":null}"#),
        "unexpected answer at `data.searchCompanies.items[1].id`: expected a string, got null",
    );
    check(
        &items(r#"{"employees":1}"#),
        "unexpected answer at `data.searchCompanies.items[1]`: `id` is missing",
    );
    check(
        &items(r#"{"id":"b","id":"topsecret"}"#),
        "unexpected answer at `data.searchCompanies.items[1]`: `id` is there twice",
    );
    check(
        &items(r#"{"id":"b","size":"topsecret"}"#),
        "unexpected answer at `data.searchCompanies.items[1].size`: expected `SMALL` or `LARGE`, got another string",
    );
    for (extra, shown) in [("website", "website"), ("top secret", "?"), ("", "?")] {
        check(
            &items(&format!(r#"{{"id":"b","{extra}":"topsecret"}}"#)),
            &format!("unexpected answer at `data.searchCompanies.items[1].{shown}`: this field was not asked for"),
        );
    }
    check(
        &items("null"),
        "unexpected answer at `data.searchCompanies.items[1]`: expected an object, got null",
    );
    check(
        r#"{"data":{"searchCompanies":null},"errors":{}}"#,
        "unexpected answer at `errors`: expected a list, got an object",
    );
    check(
        r#"{"errors":["topsecret"]}"#,
        "unexpected answer at `errors[0]`: expected an object, got a string",
    );
    check(
        r#"{"errors":[null]}"#,
        "unexpected answer at `errors[0]`: expected an object, got null",
    );
    check(
        r#"{"data":[]}"#,
        "unexpected answer at `data`: expected an object, got a list",
    );
    // A list of the fields' values is no object.
    check(
        r#"{"data":[null]}"#,
        "unexpected answer at `data`: expected an object, got a list",
    );
    check(
        r#"[{"searchCompanies":null},[]]"#,
        "unexpected answer at `.`: expected an object, got a list",
    );
    check(
        r#"{"errors":[["topsecret","topsecret",null,null,null]]}"#,
        "unexpected answer at `errors[0]`: expected an object, got a list",
    );
    check(
        r#"{"errors":{"errorType":"topsecret"}}"#,
        "unexpected answer at `errors`: expected a list, got an object",
    );
    check(
        r#""topsecret""#,
        "unexpected answer at `.`: expected an object, got a string",
    );
}

#[test]
fn refuses_what_is_no_answer() {
    check("{}", "the answer holds neither data nor errors");
    check(r#"{"data":null}"#, "the answer holds neither data nor errors");
    check(
        r#"{"data":null,"errors":[]}"#,
        "the answer holds neither data nor errors",
    );
    check(r#"{"message":"topsecret"}"#, "the answer holds neither data nor errors");
    check(
        r#"{"errorMessage":"topsecret","errorType":"topsecret"}"#,
        "the answer holds neither data nor errors",
    );
    check("", "the answer is not JSON (line 1, column 0)");
    check("null", "unexpected answer at `.`: expected an object, got null");
    check(
        r#"{"data":{"searchCompanies":null},"data":{"searchCompanies":null}}"#,
        "unexpected answer at `.`: `data` is there twice",
    );
    check("<html>topsecret</html>", "the answer is not JSON (line 1, column 1)");
    check(
        r#"{"data":{"searchCompanies":null}"#,
        "the answer is not JSON (line 1, column 32)",
    );
    check(
        r#"{"data":{"searchCompanies":null}} x"#,
        "the answer is not JSON (line 1, column 35)",
    );
}

/// Decodes an answer with one company; returns its id, its employees and how many characters were replaced.
fn company(id: &[u8], employees: &str) -> (String, Option<i32>, usize) {
    let before = br#"{"data":{"searchCompanies":{"items":[{"id":""#;
    let behind = format!(r#"","employees":{employees}}}]}}}}}}"#);
    let envelope = Envelope::<Data>::decode(&[before, id, behind.as_bytes()].concat()).unwrap();
    let company = envelope.data.unwrap().search_companies.unwrap().items.remove(0);
    (company.id, company.employees, envelope.replaced)
}

#[test]
fn a_whole_number_is_one_however_it_is_written() {
    for (written, employees) in [
        ("77.0", 77),
        ("77e0", 77),
        ("-77.0", -77),
        ("7.7e1", 77),
        ("1e2", 100),
        ("1E+2", 100),
        ("100e-2", 1),
        ("-0", 0),
        ("-0.0", 0),
        ("0e400", 0),
        ("2147483647.0", i32::MAX),
        ("-2147483648.000", i32::MIN),
    ] {
        let expected = ("c".to_owned(), Some(employees), 0);
        assert_eq!(company(b"c", written), expected, "{written}");
    }
}

#[test]
fn other_numbers_stay_as_they_are_beside_it() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Numbers {
        score: f64,
        whole: f64,
        seen: i64,
    }

    let envelope = Envelope::decode(br#"{"data":{"score":0.1,"whole":3.0,"seen":1.7e9}}"#).unwrap();
    let expected = Numbers {
        score: 0.1,
        whole: 3.0,
        seen: 1_700_000_000,
    };
    assert_eq!((envelope.data, envelope.replaced), (Some(expected), 0));
}

#[test]
fn half_a_character_costs_no_page() {
    for (id, expected, replaced) in [
        (br"cut \\ud83d".as_slice(), r"cut \ud83d", 0),
        (br"cut \\\ud83d", "cut \\\u{fffd}", 1),
        (br"cut \ud83d", "cut \u{fffd}", 1),
        (br"\ud83d!", "\u{fffd}!", 1),
        (br"\ud83d\n", "\u{fffd}\n", 1),
        (br"\ude00", "\u{fffd}", 1),
        (br"\ude00\ud83d", "\u{fffd}\u{fffd}", 2),
        (br"\ud83d\ud83d\ude00", "\u{fffd}\u{1f600}", 1),
        (br"\ud83d\ude00", "\u{1f600}", 0),
        (b"K\xf6ln", "K\u{fffd}ln", 1),
        (b"\xed\xa0\xbd", "\u{fffd}\u{fffd}\u{fffd}", 3),
    ] {
        assert_eq!(company(id, "1"), (expected.to_owned(), Some(1), replaced), "{id:?}");
    }
    // In the name of a field it makes another one of it.
    check(
        r#"{"data":{"searchCompanies":{"items":[{"id":"a","si\ud83dze":null}]}}}"#,
        "unexpected answer at `data.searchCompanies.items[0].?`: this field was not asked for",
    );
    // What is wrong besides is said.
    check(
        r#"{"data":{"searchCompanies":{"items":[{"id":"\ud83d","employees":"1"}]}}}"#,
        "unexpected answer at `data.searchCompanies.items[0].employees`: expected an integer, got a string",
    );
    check(
        r#"{"data":{"searchCompanies":{"items":[{"id":"\ud83d""#,
        "the answer is not JSON (line 1, column 48)",
    );
    // Outside of texts nothing is made of bytes that are no UTF-8.
    let error = Envelope::<Data>::decode(b"{\"data\":\xff}").unwrap_err();
    assert_eq!(error.to_string(), "the answer is not JSON (line 1, column 9)");
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    assert!(decode("\u{feff}{\"data\":{\"searchCompanies\":null}}").is_ok());
    check("\u{feff}<html>", "the answer is not JSON (line 1, column 1)");
}

#[test]
fn an_odd_member_of_an_error_hides_no_other() {
    let told = |members: GraphQlError| GraphQlError {
        message: "m".to_owned(),
        error_type: Some("NotFound".to_owned()),
        ..members
    };
    let path = |path: &[PathSegment]| {
        told(GraphQlError {
            path: Some(path.to_vec()),
            ..GraphQlError::default()
        })
    };
    let deep = format!(r#""errorInfo":{}{}"#, "[".repeat(1_000), "]".repeat(1_000));
    for (member, expected) in [
        (r#""path":null"#, told(GraphQlError::default())),
        (r#""path":[]"#, path(&[])),
        // What can't be read may lead anywhere, and so is not taken for nowhere.
        (r#""path":"/a/b""#, path(&[PathSegment::Unreadable])),
        (
            r#""path":["a",-1,null,1.5,7]"#,
            path(&[
                PathSegment::Field("a".to_owned()),
                PathSegment::Unreadable,
                PathSegment::Unreadable,
                PathSegment::Unreadable,
                PathSegment::Index(7),
            ]),
        ),
        (r#""locations":"here""#, told(GraphQlError::default())),
        (r#""locations":[null,{"line":"1"}]"#, told(GraphQlError::default())),
        (
            r#""locations":[{"line":-1,"column":2},{"line":3,"column":4,"sourceName":"s","x":1}]"#,
            told(GraphQlError {
                locations: vec![Location {
                    line: 3,
                    column: 4,
                    source_name: Some("s".to_owned()),
                }],
                ..GraphQlError::default()
            }),
        ),
        (deep.as_str(), told(GraphQlError::default())),
        (
            r#""errorInfo":"\ud83d""#,
            told(GraphQlError {
                error_info: Some(json!("\u{fffd}")),
                ..GraphQlError::default()
            }),
        ),
        (
            r#""errorInfo":0,"data":false"#,
            told(GraphQlError {
                error_info: Some(json!(0)),
                data: Some(json!(false)),
                ..GraphQlError::default()
            }),
        ),
        (r#""extensions":{"code":"X"},"x":1e400"#, told(GraphQlError::default())),
        // The last one counts.
        (r#""message":"n","message":"m""#, told(GraphQlError::default())),
    ] {
        let body = format!(r#"{{"data":null,"errors":[{{"message":"m","errorType":"NotFound",{member}}}]}}"#);
        assert_eq!(decode(&body).unwrap().errors, [expected], "{member}");
    }
}

#[test]
fn an_error_s_message_and_type_are_texts_or_missing() {
    for (members, message, error_type) in [
        ("", "", None),
        (r#""message":"m""#, "m", None),
        (r#""message":{"text":"m"},"errorType":"NotFound""#, "", Some("NotFound")),
        (
            r#""message":"cut \ud83d","errorType":"NotFound""#,
            "cut \u{fffd}",
            Some("NotFound"),
        ),
        (
            r#""message":"m","errorType":"Not\ude00Found""#,
            "m",
            Some("Not\u{fffd}Found"),
        ),
        (r#""message":"m","errorType":404"#, "m", None),
        (r#""message":"m","errorType":["NotFound"]"#, "m", None),
    ] {
        let errors = decode(&format!(r#"{{"errors":[{{{members}}}]}}"#)).unwrap().errors;
        let expected = GraphQlError {
            message: message.to_owned(),
            error_type: error_type.map(str::to_owned),
            ..GraphQlError::default()
        };
        assert_eq!(errors, [expected], "{members}");
    }
}

#[test]
fn an_error_s_long_members_are_left_out() {
    for (name, item) in [
        ("errorInfo", "0"),
        ("data", "0"),
        ("locations", r#"{"line":1,"column":2}"#),
        ("path", "0"),
    ] {
        let told = |bytes: usize| {
            let list = format!("[{item}{}]", " ".repeat(bytes - 2 - item.len()));
            let body = format!(r#"{{"errors":[{{"message":"m","{name}":{list}}}]}}"#);
            decode(&body).unwrap().errors.remove(0)
        };
        let (kept, left_out) = (told(4 * 1024), told(4 * 1024 + 1));
        let mut expected = GraphQlError {
            message: "m".to_owned(),
            ..GraphQlError::default()
        };
        // A path that is not read may lead anywhere.
        if name == "path" {
            expected.path = Some(vec![PathSegment::Unreadable]);
        }
        assert_eq!(left_out, expected, "{name}");
        assert_ne!(kept, expected, "{name}");
    }
    let words = "m".repeat(5_000);
    let envelope = decode(&format!(r#"{{"errors":[{{"message":"{words}"}}]}}"#)).unwrap();
    assert_eq!(envelope.errors[0].message, words);
}

#[test]
fn errors_beyond_the_hundredth_are_only_counted() {
    let decoded = |errors: &[&str]| decode(&format!(r#"{{"data":null,"errors":[{}]}}"#, errors.join(",")));
    for (count, kept, more) in [(100, 100, 0), (101, 100, 1), (20_000, 100, 19_900)] {
        let envelope = decoded(&vec!["{}"; count]).unwrap();
        assert_eq!((envelope.errors.len(), envelope.more_errors), (kept, more));
    }
    // They are JSON objects for all that.
    for (last, expected) in [
        (
            "5",
            "unexpected answer at `errors[150]`: expected an object, got an integer",
        ),
        ("{x}", "the answer is not JSON (line 1, column 475)"),
    ] {
        let mut errors = vec!["{}"; 150];
        errors.push(last);
        assert_eq!(decoded(&errors).unwrap_err().to_string(), expected);
    }
}

#[test]
fn what_is_beside_data_and_errors_may_be_anything() {
    let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    for extra in ["null", r#""\ud800""#, "1e400", &deep] {
        let body = format!(r#"{{"data":{{"searchCompanies":null}},"extensions":{extra}}}"#);
        assert!(decode(&body).is_ok(), "{body}");
    }
}

#[test]
fn json_that_is_beyond_the_reader_is_no_page_of_a_proxy() {
    let items = |items: &str| format!(r#"{{"data":{{"searchCompanies":{{"items":[{items}]}}}}}}"#);
    check(
        &items(r#"{"id":"a","employees":1e400}"#),
        "unexpected answer at `data.searchCompanies.items[0].employees`: the number is too large",
    );
    let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    let error = Envelope::<serde_json::Value>::decode(format!(r#"{{"data":{{"a":{deep}}}}}"#).as_bytes()).unwrap_err();
    assert!(error.to_string().ends_with("]`: it is nested too deeply"), "{error}");
}

#[test]
fn a_key_that_is_no_graphql_name_is_not_shown() {
    type Map = std::collections::BTreeMap<String, i32>;
    let error = Envelope::<Map>::decode(br#"{"data":{"top secret":"x"}}"#).unwrap_err();
    assert_eq!(
        error.to_string(),
        "unexpected answer at `data.?`: expected an integer, got a string"
    );
}
