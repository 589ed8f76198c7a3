//! What a model is told when things go wrong behind the API, and that the server goes on.

use std::fmt::Write as _;
use std::path::Path;
use std::thread;

use appsync_mcp_sandbox::{Claims, Config, Fault, Issuer};
use expect_test::{expect, expect_file};
use regex_lite::Regex;
use serde_json::{Value, json};

use crate::api::{Api, Folder};
use crate::session::{Era, Outcome, Session};

/// What must be in no text for a model: hosts, stacks, and the API's own words where nobody listed them.
const INTERNALS: [&str; 14] = [
    "127.0.0.1",
    "localhost",
    "http",
    "/graphql",
    "Bearer",
    "eyJ",
    "da2-",
    "arn:",
    "Lambda",
    "Cannot read",
    "trim",
    "html",
    "reqwest",
    "hyper",
];

fn check_no_internals(text: &str, api: &Api) {
    // An id may have anything in it.
    let text = normalise(text);
    for internal in INTERNALS
        .into_iter()
        .chain([api.sandbox.bearer(), api.sandbox.api_key()])
    {
        // What a website is called is data.
        let text = text.replace("https://", "");
        assert!(!text.contains(internal), "{internal}: {text}");
    }
}

/// The text of an outcome with what differs each time taken out.
fn normalised(outcome: &Outcome) -> String {
    if let Some(result) = &outcome.result {
        let notes = result
            .get("__notes")
            .map(|notes| format!(", {notes}"))
            .unwrap_or_default();
        return normalise(&format!("(a result{notes})"));
    }
    normalise(&outcome.text)
}

fn normalise(text: &str) -> String {
    let id = Regex::new("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").unwrap();
    id.replace_all(text, "ID").into_owned()
}

/// The reads and writes that each fault is put to.
fn calls(number: usize) -> [(&'static str, Value); 5] {
    [
        ("get_company", json!({ "id": "c-00002" })),
        ("search_companies", json!({ "keywords": "SaaS", "limit": 2 })),
        ("get_companies_batch", json!({ "ids": ["c-00001", "c-00002"] })),
        ("create_collection", json!({ "name": format!("Collection {number}") })),
        (
            "add_to_collection",
            json!({ "collectionId": "col-1", "companyIds": ["c-00100"] }),
        ),
    ]
}

/// The faults after which a read is tried again.
const PASSING: [Fault; 7] = [
    Fault::Throttling,
    Fault::CutInRequest,
    Fault::CutBeforeExecution,
    Fault::CutConnection,
    Fault::CutInAnswer,
    Fault::ServerError,
    Fault::Unavailable,
];

/// Makes the calls side by side, since some wait to be repeated.
fn all_at_once(session: &mut Session, number: usize) -> Vec<(&'static str, Outcome)> {
    let asked = calls(number).map(|(tool, arguments)| {
        let id = session.ask("tools/call", json!({ "name": tool, "arguments": arguments }));
        (tool, id)
    });
    asked.map(|(tool, id)| (tool, session.outcome(tool, id))).into()
}

#[test]
fn each_fault_has_its_own_words_and_none_ends_the_server() {
    let api = Api::start();
    let mut session = Session::start(&api, &["--allow-mutations"]);
    let mut told = String::new();
    api.sandbox.set_delay_ms(50);
    for (number, (fault, name, description)) in Fault::ALL.iter().enumerate() {
        // How long a tool waits for what never comes is tested with a shorter limit, in `limits.rs`. Where a connection is cut
        // at random, each of the other cuts may be what is told.
        if matches!(fault, Fault::Hang | Fault::CutAnywhere) {
            continue;
        }
        writeln!(told, "== {name}: {description}").unwrap();
        let before = api.requests();
        let outcomes = api.with_fault(*fault, || all_at_once(&mut session, number));
        // Three reads, each as often as a read is tried, and two writes, each once.
        let expected = if PASSING.contains(fault) { 3 * 5 + 2 } else { 3 + 2 };
        assert_eq!(api.requests(), before + expected, "{name}");
        for (tool, outcome) in outcomes {
            check_no_internals(&outcome.text, &api);
            writeln!(told, "{tool}: {}", normalised(&outcome)).unwrap();
        }
        session.result("get_company", json!({ "id": "c-00001" }));
        told.push('\n');
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/faults.txt");
    expect_file![file].assert_eq(&told);
    session.end();
}

#[test]
fn faults_are_told_alike_in_both_generations() {
    let told = |era| {
        let api = Api::start();
        let mut session = Session::start_in(era, &api, &["--allow-mutations"]);
        let faults = [
            Fault::Throttling,
            Fault::CutConnection,
            Fault::Malformed,
            Fault::SchemaDrift,
            Fault::PartialData,
        ];
        let mut texts = Vec::new();
        for (number, fault) in faults.into_iter().enumerate() {
            let outcomes = api.with_fault(fault, || all_at_once(&mut session, number));
            texts.extend(outcomes.iter().map(|(_, outcome)| normalised(outcome)));
        }
        texts
    };
    // Side by side, since some calls wait to be repeated.
    let texts = Era::ALL.map(|era| thread::spawn(move || told(era)));
    let texts = texts.map(|texts| texts.join().unwrap());
    assert_eq!(texts[0], texts[1]);
}

/// A write whose answer was lost was carried out all the same: reading it back shows it.
#[test]
fn a_write_with_a_lost_answer_is_found_when_read_back() {
    let api = Api::start();
    let mut session = Session::start(&api, &["--allow-mutations"]);
    for (fault, name) in [
        (Fault::CutConnection, "Cut"),
        (Fault::Malformed, "Malformed"),
        (Fault::Oversized, "Oversized"),
    ] {
        let text = api.with_fault(fault, || session.failure("create_collection", json!({ "name": name })));
        assert!(
            text.starts_with("outcome unknown: this write may have been carried out"),
            "{text}"
        );
        let list = session.result("list_collections", json!({ "limit": 1 }));
        assert_eq!(list["items"][0]["name"], name);
    }
}

/// The case that this project is named after in its users' minds: an optional argument that the resolver needs.
#[test]
fn the_null_pointer_of_create_collection_hits_who_leaves_the_description_out() {
    let api = Api::start();
    api.sandbox.set_fault(Fault::CreateCollectionNullPointer);
    let mut session = Session::start(&api, &["--allow-mutations"]);
    for arguments in [json!({ "name": "A" }), json!({ "name": "B", "description": null })] {
        let text = session.failure("create_collection", arguments);
        expect!["outcome unknown: this write may have been carried out, at least in part, before the API failed; do not repeat it: read back what it would have changed first (request id ID)"].assert_eq(&normalise(&text));
        assert_eq!(api.last().variables.as_object().unwrap().len(), 1);
        assert!(!api.last().document.contains("description:"), "{}", api.last().document);
    }
    let made = session.result("create_collection", json!({ "name": "C", "description": "Told" }));
    assert_eq!(made["description"], "Told");
    let list = session.result("list_collections", json!({}));
    assert!(
        !list["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|collection| collection["name"] == "A")
    );
}

#[test]
fn partial_data_is_a_result_with_a_note() {
    let api = Api::start();
    let mut session = Session::start(&api, &["--allow-mutations"]);
    let company = api.with_fault(Fault::PartialData, || {
        session.result("get_company", json!({ "id": "c-00001" }))
    });
    assert_eq!(company["website"], Value::Null);
    assert!(company["name"].is_string());
    let [note] = company["__notes"].as_array().unwrap().as_slice() else {
        panic!("{company}")
    };
    assert!(
        note.as_str()
            .unwrap()
            .starts_with("incomplete: the API failed at /website (upstream error"),
        "{note}"
    );
}

/// What the API itself refuses, in its own words where the project has listed them.
#[test]
fn refusals_of_the_api_are_told_apart() {
    let api = Api::start_with(Config {
        companies: 200,
        credits: 7,
        ..Config::default()
    });
    let mut session = Session::start(&api, &["--allow-mutations"]);
    let mut told = String::new();
    for (tool, arguments) in [
        ("get_company", json!({ "id": "nobody" })),
        ("get_collection_items", json!({ "collectionId": "col-99" })),
        (
            "add_to_collection",
            json!({ "collectionId": "col-4", "companyIds": ["c-00001"] }),
        ),
        ("create_collection", json!({ "name": "Suppliers" })),
        (
            "search_companies",
            json!({ "keywords": "SaaS", "nextToken": "made up" }),
        ),
        ("request_email_discovery", json!({ "companyId": "c-00001" })),
        ("request_email_discovery", json!({ "companyId": "c-00001" })),
        ("request_email_discovery", json!({ "companyId": "nobody" })),
    ] {
        let outcome = session.call(tool, arguments);
        check_no_internals(&outcome.text, &api);
        writeln!(told, "{tool}: {}", normalised(&outcome)).unwrap();
    }
    expect![[r#"
        get_company: not found: nothing in the API belongs to these arguments (request id ID)
        get_collection_items: not found: No collection of yours has the id 'col-99'. (request id ID)
        add_to_collection: not found: No collection of yours has the id 'col-4'. (request id ID)
        create_collection: conflict: A collection named 'Suppliers' already exists. (request id ID)
        search_companies: stale token: the API does not take this `nextToken`; it has expired, or belongs to other arguments; call again with the same arguments and without `nextToken`, and begin at the first page (request id ID)
        request_email_discovery: (a result)
        request_email_discovery: upstream error: The request costs 5 credits, and 2 are left. (request id ID)
        request_email_discovery: not found: No company has the id 'nobody'. (request id ID)
    "#]]
    .assert_eq(&told);
}

#[test]
fn a_token_is_renewed_without_a_new_start() {
    let api = Api::start();
    let folder = Folder::new();
    let token = |expires_in_seconds| {
        let subject = "user-1".to_owned();
        api.sandbox.issue_token(Claims {
            subject,
            issuer: Issuer::OpenIdConnect,
            expires_in_seconds,
        })
    };
    let file = folder.write("token", &token(-10)).to_str().unwrap().to_owned();
    let flags = ["--endpoint", api.sandbox.endpoint(), "--bearer-file", &file].map(str::to_owned);
    let mut session = Session::open(Era::Modern, &flags);
    let text = session.failure("list_collections", json!({}));
    expect!["unauthorized: there is no valid credential to send; sign in again or renew it, then repeat the call"]
        .assert_eq(&text);
    assert_eq!(api.requests(), 0, "an expired token was sent");
    folder.write("token", &token(600));
    session.result("list_collections", json!({}));
    folder.write("token", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzdHJhbmdlciJ9.x");
    let text = session.failure("list_collections", json!({}));
    assert!(
        text.starts_with("unauthorized: the API refused the credential"),
        "{text}"
    );
    let log = session.end();
    assert!(!log.contains("eyJ"), "{log}");
}

/// What the model is not told stands in the operator's log, if it is asked for.
#[test]
fn the_reason_of_a_failure_is_logged_at_the_level_debug() {
    let api = Api::start();
    for (level, is_there) in [("debug", true), ("info", false)] {
        let mut session = Session::start(&api, &["--allow-mutations", "--log", level]);
        for fault in [Fault::ServerError, Fault::UnauthorizedExpired, Fault::Throttling] {
            api.with_fault(fault, || session.failure("create_collection", json!({ "name": "A" })));
        }
        let log = session.end();
        for status in ["HTTP 500", "HTTP 401", "HTTP 429"] {
            assert_eq!(
                log.contains(&format!("the API answered {status}")),
                is_there,
                "{status}: {log}"
            );
        }
        assert!(!log.contains(api.sandbox.bearer()), "{log}");
    }
}

#[test]
fn an_api_that_is_not_there_is_unreachable() {
    let api = Api::start();
    let mut flags = api.flags();
    // A port that was free a moment ago.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    flags[1] = format!("http://{}/graphql", listener.local_addr().unwrap());
    drop(listener);
    flags.push("--allow-mutations".to_owned());
    let mut session = Session::open(Era::Modern, &flags);
    for (tool, arguments) in calls(0) {
        let text = session.failure(tool, arguments);
        assert_eq!(
            text,
            "unreachable: the API can't be reached just now, and nothing was changed; try again later"
        );
    }
}
