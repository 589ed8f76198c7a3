//! `verify`: what it finds in a sandbox with a fault, and that it finds nothing in one without.

use serde_json::{Value, json};

use crate::api::Api;
use crate::program::{Ended, run};

/// All tools of the sample API.
const ALL: [&str; 9] = [
    "ai_search",
    "get_collection_items",
    "get_companies_batch",
    "get_company",
    "list_collections",
    "search_companies",
    "add_to_collection",
    "create_collection",
    "request_email_discovery",
];

/// A fault, the flags to look with, and the tools that have to be found, each with what is said of it.
type Row<'a> = (&'a str, &'a [&'a str], &'a [(&'a str, &'a str)]);

/// What is found where an answer is needed at all, and none comes.
const NOT_ANSWERED: &str = "the API did not answer, or not to this credential";
const NOT_TRIED: &str = "not tried: the API did not answer for the tools before it, or not to this credential";
const STOPPED: &str = "; stopped after 3 failures in a row without an answer";

const SOMETHING: &str = "fails whenever something is found";

/// Which tools a fault hits, and when. What is in no row must not be found.
const FAULTS: &[Row<'_>] = &[
    (
        "create-collection-null-pointer",
        &[],
        &[("create_collection", "fails whenever `description` is left out")],
    ),
    (
        "search-limit-100",
        &[],
        &[("search_companies", "fails whenever `limit` is 100")],
    ),
    (
        "non-ascii",
        &[],
        &[("create_collection", "fails whenever `name` has characters beyond ASCII")],
    ),
    (
        "empty-page",
        &[],
        &[
            ("ai_search", "fails whenever nothing is found"),
            ("search_companies", "fails whenever nothing is found"),
        ],
    ),
    ("last-page", &[], &[("search_companies", "fails on the last page")]),
    (
        "enum-value",
        &[],
        &[("ai_search", "fails whenever `industries` has `HEALTHCARE`")],
    ),
    (
        "null-in-required",
        &[],
        &[
            ("get_companies_batch", "fails whenever `ids` has `c-00042`"),
            ("get_company", "fails whenever `id` is `c-00042`"),
            ("request_email_discovery", "fails whenever `companyId` is `c-00042`"),
        ],
    ),
    (
        "batch-of-fifty",
        &[],
        &[("get_companies_batch", "fails whenever `ids` has 50 items")],
    ),
    (
        "partial-data",
        &[],
        &[
            ("ai_search", SOMETHING),
            ("get_collection_items", "fails whenever `collectionId` is `col-1`"),
            ("get_companies_batch", "fails whenever `ids` has `c-00042`"),
            ("get_company", "fails whenever `id` is `c-00042`"),
            ("list_collections", "every case fails: PARTIAL"),
            ("search_companies", SOMETHING),
            ("add_to_collection", "fails whenever `collectionId` is `col-1`"),
            ("create_collection", "every case fails: PARTIAL"),
            ("request_email_discovery", "fails whenever `companyId` is `c-00042`"),
        ],
    ),
    (
        "schema-drift",
        &[],
        &[
            ("ai_search", SOMETHING),
            ("get_collection_items", "fails whenever `collectionId` is `col-1`"),
            ("get_companies_batch", "fails whenever `ids` has `c-00042`"),
            ("get_company", "fails whenever `id` is `c-00042`"),
            ("list_collections", "every case fails: UNEXPECTED_RESPONSE"),
            ("search_companies", SOMETHING),
            ("add_to_collection", "fails whenever `collectionId` is `col-1`"),
            ("create_collection", "every case fails: OUTCOME_UNKNOWN"),
            ("request_email_discovery", "fails whenever `companyId` is `c-00042`"),
        ],
    ),
    (
        "malformed",
        &["--tool", "get_company", "--tool", "create_collection"],
        &[
            ("get_company", "every case fails: UNEXPECTED_RESPONSE"),
            ("create_collection", "every case fails: OUTCOME_UNKNOWN"),
        ],
    ),
];

/// The same, of what leaves every call without an answer: the tools are few, and `STOPPED` is said of each.
const SILENT_FAULTS: &[Row<'_>] = &[
    (
        "html-error",
        &["--tool", "get_company", "--tool", "create_collection"],
        &[
            ("get_company", "every case fails: UPSTREAM (HTTP 403)"),
            ("create_collection", "every case fails: UPSTREAM (HTTP 403)"),
        ],
    ),
    (
        "unauthorized-expired",
        &["--tool", "get_company", "--tool", "create_collection"],
        &[
            ("get_company", "every case fails: UNAUTHORIZED (HTTP 401)"),
            ("create_collection", "every case fails: UNAUTHORIZED (HTTP 401)"),
        ],
    ),
    (
        "server-error",
        &["--tool", "get_company", "--tool", "create_collection"],
        &[
            ("get_company", "every case fails: UPSTREAM (HTTP 500)"),
            ("create_collection", "every case fails: OUTCOME_UNKNOWN (HTTP 500)"),
        ],
    ),
    (
        "unavailable",
        &["--tool", "get_company", "--tool", "create_collection"],
        &[
            ("get_company", "every case fails: UPSTREAM (HTTP 503)"),
            ("create_collection", "every case fails: OUTCOME_UNKNOWN (HTTP 503)"),
        ],
    ),
    (
        "throttling",
        &["--tool", "get_company", "--tool", "create_collection"],
        &[
            ("get_company", "every case fails: THROTTLED (HTTP 429)"),
            ("create_collection", "every case fails: THROTTLED (HTTP 429)"),
        ],
    ),
    (
        "cut-connection",
        &["--tool", "get_company", "--tool", "create_collection"],
        &[
            ("get_company", "every case fails: UNREACHABLE"),
            ("create_collection", "every case fails: OUTCOME_UNKNOWN"),
        ],
    ),
    (
        "oversized",
        &["--tool", "get_company", "--tool", "create_collection"],
        &[
            ("get_company", "every case fails: TOO_LARGE"),
            ("create_collection", "every case fails: OUTCOME_UNKNOWN"),
        ],
    ),
    (
        "hang",
        &["--tool", "get_company"],
        &[("get_company", "every case fails: TIMED_OUT")],
    ),
];

/// Verifies against a sandbox; returns what is left and the lines.
fn verify(words: &[&str]) -> (Ended, Vec<Value>) {
    let line = ["verify", "--sandbox", "--sandbox-companies", "2000"];
    let ended = run(&[&line[..], words].concat());
    let lines = ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap());
    let lines = lines.collect();
    (ended, lines)
}

/// The lines of one kind.
fn of<'a>(lines: &'a [Value], kind: &'a str) -> impl Iterator<Item = &'a Value> {
    lines.iter().filter_map(move |line| line.get(kind))
}

fn check((fault, words, expected): &Row<'_>, end: &str) {
    let words = [&["--include-writes", "--sandbox-fault", fault], *words].concat();
    let (ended, lines) = verify(&words);
    assert_eq!(ended.code, 1, "{fault}: {}", ended.all());
    let found: Vec<_> = of(&lines, "tool")
        .filter(|tool| tool["failed"] != 0)
        .map(|tool| {
            (
                tool["tool"].as_str().unwrap(),
                tool["because"].as_str().unwrap_or_default(),
            )
        })
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(tool, because)| (*tool, format!("{because}{end}")))
        .collect();
    let expected: Vec<_> = expected
        .iter()
        .map(|(tool, because)| (*tool, because.as_str()))
        .collect();
    assert_eq!(found, expected, "{fault}");
    for case in of(&lines, "case") {
        let has_failed = case["outcome"] == "failed";
        assert_eq!(case.get("problem").is_some(), has_failed, "{fault}: {case}");
        assert_eq!(case.get("request").is_some(), has_failed, "{fault}: {case}");
    }
    assert!(!ended.all().contains("eyJ"), "{fault}: a credential is shown");
}

#[test]
fn without_a_fault_everything_passes() {
    let (ended, lines) = verify(&["--include-writes"]);
    assert_eq!(ended.code, 0, "{}", ended.all());
    let names: Vec<_> = of(&lines, "tool").map(|tool| tool["tool"].as_str().unwrap()).collect();
    assert_eq!(names, ALL);
    for tool in of(&lines, "tool") {
        assert_eq!((&tool["failed"], &tool["skipped"]), (&json!(0), &json!(0)), "{tool}");
        assert!(tool.get("notVerified").is_none(), "{tool}");
    }
    let begin = &lines[0]["begin"];
    let end = &lines.last().unwrap()["end"];
    assert_eq!((&begin["endpoint"], &begin["tools"]), (&json!("sandbox"), &json!(9)));
    assert_eq!(begin["cases"], end["passed"]);
    // What was made is told: at least one collection for each case that the API took.
    let created = of(&lines, "created").filter(|created| created["tool"] == "create_collection");
    assert!(created.count() > 15);
}

#[test]
fn each_fault_is_found_where_it_is_and_nowhere_else() {
    for row in FAULTS {
        check(row, "");
    }
}

#[test]
fn an_api_that_does_not_answer_is_not_asked_for_ever() {
    std::thread::scope(|scope| {
        for row in SILENT_FAULTS {
            // Of the cases that are sent, this tool has three in all.
            scope.spawn(move || {
                let (fault, words, expected) = row;
                let (ended, lines) = verify(&[&["--include-writes", "--sandbox-fault", fault], *words].concat());
                assert_eq!(ended.code, 1, "{fault}: {}", ended.all());
                let found: Vec<_> = of(&lines, "tool")
                    .map(|tool| (&tool["tool"], &tool["failed"]))
                    .collect();
                let names: Vec<_> = expected.iter().map(|(tool, _)| (json!(tool), json!(3))).collect();
                assert_eq!(
                    found,
                    names.iter().map(|(tool, failed)| (tool, failed)).collect::<Vec<_>>(),
                    "{fault}"
                );
                for (tool, (_, because)) in of(&lines, "tool").zip(*expected) {
                    assert_eq!(tool["because"], format!("{because}{STOPPED}"), "{fault}");
                    // What was known of it before stays so.
                    assert_eq!(tool["notVerified"], NOT_ANSWERED, "{fault}");
                }
                // What may have been made is told with what was sent, and only that.
                let unknown = expected.iter().any(|(_, because)| because.contains("OUTCOME_UNKNOWN"));
                let created: Vec<_> = of(&lines, "created").collect();
                assert_eq!(created.len(), if unknown { 3 } else { 0 }, "{fault}");
                for created in created {
                    assert_eq!((&created["result"], &created["maybe"]), (&Value::Null, &json!(true)));
                    assert!(created["arguments"]["name"].is_string(), "{created}");
                }
            });
        }
    });
}

#[test]
fn after_two_tools_without_an_answer_no_other_is_tried() {
    let api = Api::start();
    let mut nobody = api.flags();
    let at = nobody.iter().position(|word| word == "--endpoint").unwrap() + 1;
    // A port where nobody listens.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    nobody[at] = format!("http://{}/graphql", free.local_addr().unwrap());
    drop(free);
    let locked = ["--sandbox", "--sandbox-fault", "unauthorized-expired"].map(str::to_owned);
    let outages = [nobody, locked.into()];
    for outage in outages {
        let mut words = ["verify", "--include-writes", "--staging"].map(str::to_owned).to_vec();
        words.extend(outage);
        let ended = run(&words);
        assert_eq!(ended.code, 1, "{}", ended.all());
        let lines: Vec<Value> = ended
            .stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        for (at, tool) in of(&lines, "tool").enumerate() {
            let (failed, why) = if at < 2 { (3, NOT_ANSWERED) } else { (0, NOT_TRIED) };
            assert_eq!(
                (&tool["failed"], &tool["notVerified"]),
                (&json!(failed), &json!(why)),
                "{tool}"
            );
        }
        // Nobody tells fewer cases than there are.
        assert_eq!(json!(of(&lines, "case").count()), lines[0]["begin"]["cases"]);
        assert_eq!(of(&lines, "tool").count(), ALL.len());
    }
}

#[test]
fn writes_are_called_only_where_that_is_said_twice() {
    let (ended, lines) = verify(&["--tool", "create_collection"]);
    assert_eq!(ended.code, 0);
    let tool = of(&lines, "tool").next().unwrap();
    assert_eq!(
        tool["notVerified"],
        "a write; verify with --include-writes --staging against a staging endpoint"
    );
    let ended = run(&[
        "verify",
        "--include-writes",
        "--endpoint",
        "https://example.com/graphql",
    ]);
    assert_eq!(ended.code, 2);
    assert!(
        ended.stderr.contains("`--include-writes` needs `--staging`"),
        "{}",
        ended.stderr
    );
}

#[test]
fn one_case_can_be_repeated() {
    let (ended, lines) = verify(&[
        "--case",
        "search_companies:limit-at-maximum",
        "--case",
        "get_company:only-required",
    ]);
    assert_eq!(ended.code, 0);
    let cases: Vec<_> = of(&lines, "case").map(|case| case["case"].as_str().unwrap()).collect();
    assert_eq!(cases, ["only-required", "limit-at-maximum"]);
    for (flag, name, hint) in [
        ("--case", "get_company:only-requird", "did you mean `only-required`?"),
        ("--case", "get_compny:only-required", "did you mean `get_company`?"),
        ("--case", "get_company", "write it as `TOOL:CASE`"),
        ("--tool", "get_compny", "did you mean `get_company`?"),
    ] {
        let (ended, _) = verify(&[flag, name]);
        assert_eq!(ended.code, 2, "{name}");
        assert!(ended.stderr.contains(hint), "{name}: {}", ended.stderr);
    }
}
