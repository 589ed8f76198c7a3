//! The API's schema has changed since the build: `doctor` and `serve --check-schema` find the tools that would fail, and no
//! others.

use std::collections::BTreeSet;

use appsync_mcp_sandbox::{Config, Fault};
use serde_json::{Value, json};

use crate::api::Api;
use crate::doctor::Report;
use crate::program;
use crate::session::{Era, Session};
use crate::stub::{Answers, Stub};

const SDL: &str = include_str!("../../schema/schema.graphql");

const OF_COMPANIES: &[&str] = &[
    "ai_search",
    "get_collection_items",
    "get_companies_batch",
    "get_company",
    "search_companies",
];

/// A change of the schema, and the tools that it breaks.
struct Change {
    from: &'static str,
    to: &'static str,
    breaks: &'static [&'static str],
    /// What is said of each where the API tells its schema.
    reason: &'static str,
}

const CHANGES: [Change; 9] = [
    // In a fragment that most share.
    Change {
        from: "  website: AWSURL\n",
        to: "  websiteUrl: AWSURL\n",
        breaks: OF_COMPANIES,
        reason: "`Company.website` is not in the API's schema any more; there is `websiteUrl`",
    },
    // In a fragment of reads and writes.
    Change {
        from: "  itemCount: Int!\n",
        to: "  numberOfItems: Int!\n",
        breaks: &["add_to_collection", "create_collection", "list_collections"],
        reason: "`Collection.itemCount` is not in the API's schema any more",
    },
    // In one tool alone.
    Change {
        from: "  series: FundingSeries!\n",
        to: "  fundingSeries: FundingSeries!\n",
        breaks: &["get_company"],
        reason: "`FundingRound.series` is not in the API's schema any more; there is `fundingSeries`",
    },
    // In what a write gives.
    Change {
        from: "  \"What it is for.\"\n  description: String\n",
        to: "  purpose: String\n",
        breaks: &["create_collection"],
        reason: "`CreateCollectionInput.description` is not in the API's schema any more",
    },
    Change {
        from: "searchCompanies(filter: CompanyFilterInput!",
        to: "searchCompanies(tenant: ID!, filter: CompanyFilterInput!",
        breaks: &["search_companies"],
        reason: "`Query.searchCompanies` has a new required argument `tenant`",
    },
    Change {
        from: "union AiHit = AiCollectionHit | AiCompanyHit | AiContactHit",
        to: "union AiHit = AiCollectionHit | AiCompanyHit",
        breaks: &["ai_search"],
        reason: "the type `AiContactHit` is not in the API's schema any more",
    },
    // What is new is welcome, and what nobody uses may go.
    Change {
        from: "  website: AWSURL\n",
        to: "  website: AWSURL\n  blog: AWSURL!\n",
        breaks: &[],
        reason: "",
    },
    Change {
        from: "  fax: String @deprecated(reason: \"Nobody keeps it up to date; use `phone`.\")\n",
        to: "  telex: String\n",
        breaks: &[],
        reason: "",
    },
    // A literal stands for a list of it.
    Change {
        from: "  employees: IntRangeInput\n",
        to: "  employees: [IntRangeInput]\n",
        breaks: &[],
        reason: "",
    },
];

fn api(change: &Change, introspection: bool) -> Api {
    assert!(SDL.contains(change.from), "{}", change.from);
    Api::start_with(Config {
        companies: 2_000,
        schema: Some(SDL.replacen(change.from, change.to, 1)),
        introspection,
        ..Config::default()
    })
}

#[test]
fn doctor_finds_the_tools_that_a_change_breaks_and_no_others() {
    for change in &CHANGES {
        for introspection in [true, false] {
            let api = api(change, introspection);
            let report = Report::of(&api, &["--allow-mutations", "--no-calls"]);
            let (to, broken) = (change.to, report.failed_tools());
            assert_eq!(broken, change.breaks, "{to} {introspection}");
            assert_eq!(report.code, i32::from(!broken.is_empty()), "{to}");
            assert_eq!(report.state("schema") == "failed", !broken.is_empty(), "{to}");
            for tool in broken {
                let detail = report.detail(&format!("tool {tool}"));
                if introspection {
                    assert_eq!(detail, change.reason);
                } else {
                    assert!(detail.contains("Validation error of type "), "{detail}");
                }
            }
        }
    }
}

#[test]
fn serve_withdraws_what_would_fail_and_serves_the_rest() {
    let [website, items, ..] = &CHANGES;
    for (change, introspection) in [(website, true), (website, false), (items, true)] {
        let api = api(change, introspection);
        let mut session = Session::start(&api, &["--check-schema", "--allow-mutations"]);
        let listed = session.request("tools/list", json!({})).unwrap();
        let listed = listed["tools"].as_array().unwrap();
        let listed: BTreeSet<&str> = listed.iter().map(|tool| tool["name"].as_str().unwrap()).collect();
        assert_eq!(listed.len(), 9 - change.breaks.len());
        let broken = change.breaks[0];
        assert!(change.breaks.iter().all(|tool| !listed.contains(tool)));
        let requests = api.requests();
        let told = session.failure(broken, json!({}));
        assert_eq!(api.requests(), requests, "nothing is sent");
        let reason = if introspection {
            change.reason
        } else {
            "the API's own validation refuses its document"
        };
        let expected = format!(
            "`{broken}` does not fit the API's schema any more: {reason}; \
             tell the user that whoever runs this server has to refresh its schema and build it anew"
        );
        assert!(told.contains(&expected), "{told}");
        assert!(!told.contains("127.0.0.1"), "{told}");
        if listed.contains("search_companies") {
            session.result("search_companies", json!({ "keywords": "software" }));
        } else {
            session.result("list_collections", json!({}));
            session.result("create_collection", json!({ "name": "Made under drift" }));
        }
        let log = session.end();
        for tool in change.breaks {
            let line = log.lines().find(|line| line.contains(&format!("tool={tool} reason=")));
            assert!(line.is_some_and(|line| line.contains(" WARN ")), "{tool}: {log}");
        }
        assert!(log.contains(&format!("withdrawn={}", change.breaks.len())), "{log}");
    }
}

#[test]
fn serve_withdraws_nothing_where_nothing_has_changed_or_nobody_looks() {
    let api = Api::start();
    let session = Session::start(&api, &["--check-schema"]);
    let log = session.end();
    assert!(log.contains(" tools=6 withdrawn=0 "), "{log}");
    let variables = [("APPSYNC_MCP_CHECK_SCHEMA", "true")];
    let session = Session::open_with(Era::Modern, &api.flags(), &variables);
    assert!(session.end().contains(" withdrawn=0 "));

    let changed = self::api(&CHANGES[0], true);
    let session = Session::start(&changed, &[]);
    let requests = changed.requests();
    let log = session.end();
    assert!(log.contains(" tools=6 ") && !log.contains("withdrawn"), "{log}");
    assert_eq!(requests, 0);
}

#[test]
fn a_start_that_can_not_check_is_refused() {
    let api = Api::start();
    for (fault, said) in [
        (Fault::UnauthorizedExpired, "HTTP 401 (UnauthorizedException)"),
        (Fault::Throttling, "HTTP 429"),
        (Fault::Malformed, "the answer can't be read"),
    ] {
        let mut words = api.flags();
        words.push("--check-schema".to_owned());
        let ended = api.with_fault(fault, || program::run(&words));
        assert_eq!(ended.code, 1, "{}", ended.stderr);
        assert!(
            ended.stderr.contains("error: `--check-schema` is set"),
            "{}",
            ended.stderr
        );
        assert!(
            ended
                .stderr
                .contains("without the setting, the server starts regardless")
        );
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
    }
    let mut words = api.flags();
    words.extend(["serve", "--check-schema=maybe"].map(str::to_owned));
    assert_eq!(program::run(&words).code, 2);
}

/// Where documents are taken, or refused, without being looked at, nothing is known of a tool.
#[test]
fn what_does_not_validate_is_an_error_and_never_nothing_has_changed() {
    const TAKEN: &str = r#"{"data":{"__typename":"Query"}}"#;
    /// Answers all but the probes as an API that validates would.
    fn refusing(body: &str) -> Option<&'static str> {
        if body.contains("appsyncMcpNoSuchField") {
            return Some(r#"{"data":null,"errors":[{"message":"no `appsyncMcpNoSuchField`"}]}"#);
        }
        (!body.contains("Probe")).then_some(TAKEN)
    }
    let answers: [(&str, Answers); 5] = [
        ("does not validate", |_| TAKEN.to_owned()),
        ("does not validate", |body| {
            let refused = body.contains("__schema") || body.contains("Probe");
            let error = r#"{"data":null,"errors":[{"message":"Not today."}]}"#;
            if refused { error } else { TAKEN }.to_owned()
        }),
        ("Field 'appsyncMcpNoSuchField'", |body| {
            let error = r#"{"message":"Field 'appsyncMcpNoSuchField' is undefined"}"#;
            if body.contains("appsyncMcpNoSuchField") {
                format!(r#"{{"data":{{"__typename":"Query"}},"errors":[{error}]}}"#)
            } else {
                TAKEN.to_owned()
            }
        }),
        // What refuses as it should, and then says more than that it takes a tool's document.
        ("the API answered Partly.", |body| {
            let partly = r#"{"data":{"__typename":"Query"},"errors":[{"message":"Partly."}]}"#;
            refusing(body).unwrap_or(partly).to_owned()
        }),
        ("can't be read", |body| {
            refusing(body).unwrap_or(r#"{"data":{}}"#).to_owned()
        }),
    ];
    for (said, answers) in answers {
        let stub = Stub::start(answers);
        let report = Report::with(&stub.flags(), &["--no-calls"], &[]);
        assert_eq!(report.code, 1);
        assert_eq!(report.state("schema"), "failed");
        assert!(report.detail("schema").contains(said), "{}", report.detail("schema"));
        let mut words = stub.flags();
        words.push("--check-schema".to_owned());
        let ended = program::run(&words);
        assert_eq!(ended.code, 1, "{ended:?}");
        assert!(ended.stderr.contains(said), "{ended:?}");
    }
}

/// What is sent to an API that does not tell its schema holds the tools' operations and names another one.
#[test]
fn asking_for_validation_carries_nothing_out() {
    let change = Change {
        from: "",
        to: "",
        breaks: &[],
        reason: "",
    };
    let api = api(&change, false);
    let report = Report::of(&api, &["--allow-mutations", "--no-calls"]);
    assert_eq!(report.code, 0);
    let probes: Vec<_> = api
        .sandbox
        .received()
        .into_iter()
        .filter(|request| request.document.contains("query AppsyncMcpProbe { __typename }"))
        .collect();
    // One for each tool, after the control.
    assert_eq!(probes.len(), 1 + 9);
    assert!(probes[0].document.contains("appsyncMcpNoSuchField"));
    for probe in &probes {
        assert_eq!(probe.operation_name.as_deref(), Some("AppsyncMcpProbe"));
        assert_eq!(probe.variables, json!({}));
    }
    let writes = probes.iter().filter(|probe| probe.document.starts_with("mutation "));
    assert_eq!(writes.count(), 3);
    for field in [
        "searchCompanies",
        "getCompany",
        "listCollections",
        "createCollection",
        "addToCollection",
        "requestEmailDiscovery",
    ] {
        assert_eq!(api.sandbox.carried_out(field), 0, "{field}");
    }
}

/// A call through a program that did not look fails as it should: with the same advice, after the API was asked.
#[test]
fn without_the_check_the_api_itself_refuses() {
    let api = api(&CHANGES[0], true);
    let mut session = Session::start(&api, &[]);
    let told = session.failure("search_companies", json!({ "keywords": "software" }));
    assert!(told.contains("the tool has to be built anew"), "{told}");
    assert_ne!(session.call("list_collections", json!({})).result, None::<Value>);
}
