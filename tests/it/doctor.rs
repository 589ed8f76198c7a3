//! `doctor`: what is told of a program and its API, and what is left alone meanwhile.

use appsync_mcp_sandbox::{Claims, Fault, Issuer};
use serde_json::Value;

use crate::api::{Api, Folder};
use crate::program::{self, Ended};
use crate::stub::{Answers, Stub};

/// What `doctor --json` said.
pub(crate) struct Report {
    pub(crate) code: i32,
    checks: Vec<Value>,
    all: String,
}

impl Report {
    /// Runs it in front of a sandbox.
    pub(crate) fn of(api: &Api, words: &[&str]) -> Self {
        Self::with(&api.flags(), words, &[])
    }

    pub(crate) fn with(flags: &[String], words: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut all: Vec<&str> = vec!["doctor", "--json"];
        all.extend(words);
        all.extend(flags.iter().map(String::as_str));
        let ended = program::run_with(&all, variables);
        let report: Value = serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}: {ended:?}"));
        Self {
            code: ended.code,
            checks: report["checks"].as_array().unwrap().clone(),
            all: ended.all(),
        }
    }

    fn check(&self, name: &str) -> &Value {
        self.checks.iter().find(|check| check["check"] == name).unwrap()
    }

    pub(crate) fn state(&self, name: &str) -> &str {
        self.check(name)["state"].as_str().unwrap()
    }

    pub(crate) fn detail(&self, name: &str) -> &str {
        self.check(name)["detail"].as_str().unwrap()
    }

    pub(crate) fn advice(&self, name: &str) -> &str {
        self.check(name)["advice"].as_str().unwrap()
    }

    pub(crate) fn failed_tools(&self) -> Vec<&str> {
        let mut tools: Vec<_> = self
            .checks
            .iter()
            .filter(|check| check["state"] == "failed")
            .filter_map(|check| check["check"].as_str()?.strip_prefix("tool "))
            .collect();
        tools.sort_unstable();
        tools
    }

    fn states(&self) -> Vec<(&str, &str)> {
        self.checks
            .iter()
            .map(|check| (check["check"].as_str().unwrap(), check["state"].as_str().unwrap()))
            .collect()
    }
}

const WRITES: [&str; 3] = ["createCollection", "addToCollection", "requestEmailDiscovery"];

#[test]
fn all_is_well_and_reads_are_called_once() {
    let api = Api::start();
    let report = Report::of(&api, &["--allow-mutations"]);
    assert_eq!(report.code, 0, "{}", report.all);
    assert!(
        report.states().iter().all(|(_, state)| *state == "ok"),
        "{}",
        report.all
    );
    let names: Vec<_> = report.states().iter().take(6).map(|(name, _)| *name).collect();
    assert_eq!(
        names,
        [
            "configuration",
            "credential",
            "endpoint",
            "authorization",
            "clock",
            "schema"
        ]
    );
    assert_eq!(report.checks.len(), 6 + 9);
    assert!(report.detail("configuration").contains(api.sandbox.endpoint()));
    assert!(report.detail("credential").contains("expires in 29 days"));
    for field in ["searchCompanies", "aiSearch", "getCompany", "listCollections"] {
        assert_eq!(api.sandbox.carried_out(field), 1, "{field}");
    }
    for field in WRITES {
        assert_eq!(api.sandbox.carried_out(field), 0, "{field}");
    }
    assert!(!report.all.contains(api.sandbox.bearer()), "a credential is shown");
}

#[test]
fn nothing_is_called_if_nothing_is_to_be_called() {
    let api = Api::start();
    let report = Report::of(&api, &["--no-calls"]);
    assert_eq!(report.code, 0, "{}", report.all);
    assert_eq!(
        report.detail("tool get_company"),
        "offered, and fits the schema; not called"
    );
    assert_eq!(report.state("tool create_collection"), "skipped");
    assert!(report.detail("tool create_collection").contains("--allow-mutations"));
    assert_eq!(api.sandbox.carried_out("getCompany"), 0);
}

#[test]
fn people_see_a_table() {
    let api = Api::start();
    let mut words = api.flags();
    words.push("doctor".to_owned());
    let Ended { code, stdout, .. } = program::run(&words);
    assert_eq!(code, 0);
    assert!(stdout.starts_with("check "), "{stdout}");
    assert!(
        stdout
            .lines()
            .any(|line| line.starts_with("clock") && line.contains(" ok "))
    );
    assert!(
        stdout.ends_with("\n12 ok, 0 warnings, 0 failed, 3 skipped\n"),
        "{stdout}"
    );
}

#[test]
fn a_wrong_configuration_is_the_first_row_and_ends_as_a_start_would() {
    let report = Report::with(&[], &[], &[]);
    assert_eq!(report.code, 2);
    assert_eq!(report.state("configuration"), "failed");
    assert!(report.detail("configuration").starts_with("no endpoint: "));
    assert!(report.states().iter().skip(1).all(|(_, state)| *state == "skipped"));
    let report = Report::with(&[], &[], &[("APPSYNC_MCP_ENPOINT", "x")]);
    assert_eq!(report.code, 2);
    assert!(
        report
            .detail("configuration")
            .contains("did you mean `APPSYNC_MCP_ENDPOINT`?")
    );
    assert_eq!(program::run(&["doctor", "--nonsense"]).code, 2);
}

#[test]
fn a_refused_credential_makes_the_rest_moot() {
    let api = Api::start();
    let report = api.with_fault(Fault::UnauthorizedExpired, || Report::of(&api, &[]));
    assert_eq!(report.code, 1);
    assert_eq!(report.state("endpoint"), "ok");
    assert_eq!(report.state("authorization"), "failed");
    assert!(report.detail("authorization").contains("Token has expired."));
    assert!(report.advice("authorization").contains("sign in again"));
    assert_eq!(report.state("clock"), "ok");
    assert_eq!(report.detail("schema"), "the authorization failed");
    assert_eq!(report.state("tool get_company"), "skipped");
}

#[test]
fn a_token_that_has_expired_is_told_before_anything_is_sent_and_one_that_will_is_a_warning() {
    let api = Api::start();
    let folder = Folder::new();
    for (expires_in_seconds, state, code) in [(-60, "failed", 1), (120, "warning", 0)] {
        let token = api.sandbox.issue_token(Claims {
            subject: "user-1".to_owned(),
            issuer: Issuer::OpenIdConnect,
            expires_in_seconds,
        });
        let file = folder.write("token", &token);
        let flags = [
            "--endpoint",
            api.sandbox.endpoint(),
            "--bearer-file",
            file.to_str().unwrap(),
        ]
        .map(str::to_owned);
        let report = Report::with(&flags, &["--no-calls"], &[]);
        assert_eq!(
            (report.state("credential"), report.code),
            (state, code),
            "{}",
            report.all
        );
        assert!(!report.advice("credential").is_empty());
        assert!(!report.all.contains(&token), "a credential is shown");
        assert_eq!(api.requests() > 0, code == 0);
    }
}

#[test]
fn what_can_not_be_reached_is_told_with_the_step_that_failed() {
    let folder = Folder::new();
    let file = folder.write("key", "da2-abcdefghijklmnopqrstuvwxyz");
    let key = file.to_str().unwrap();
    // The port is reserved, and nothing listens there.
    for (endpoint, detail) in [
        ("http://127.0.0.1:1/graphql", "the connection is refused: "),
        ("https://nothing.invalid/graphql", "the host's name does not resolve: "),
    ] {
        let flags = ["--endpoint", endpoint, "--api-key-file", key].map(str::to_owned);
        let report = Report::with(&flags, &[], &[]);
        assert_eq!(report.code, 1);
        assert_eq!(report.state("endpoint"), "failed");
        assert!(report.detail("endpoint").starts_with(detail), "{}", report.all);
        assert!(report.advice("endpoint").contains("--endpoint"));
        assert_eq!(report.state("clock"), "skipped");
    }
}

#[test]
fn an_api_that_fails_is_told_apart_from_one_that_is_not_appsync() {
    let api = Api::start();
    for (fault, advice) in [
        (Fault::ServerError, "try again later"),
        (Fault::HtmlError, ""),
        (Fault::Malformed, "check `--endpoint`"),
        (Fault::CutConnection, "try again"),
    ] {
        let report = api.with_fault(fault, || Report::of(&api, &[]));
        assert_eq!(report.code, 1, "{}", report.all);
        assert_eq!(report.state("endpoint"), "failed", "{}", report.all);
        assert!(report.advice("endpoint").starts_with(advice), "{}", report.all);
    }
}

#[test]
fn a_tool_that_the_mode_can_not_call_is_no_failure() {
    let api = Api::start();
    // Whoever is let in by a key sees no collections.
    let report = Report::with(&api.api_key_flags(), &[], &[]);
    assert_eq!(report.code, 0, "{}", report.all);
    assert_eq!(report.state("tool list_collections"), "skipped");
    assert!(
        report
            .detail("tool list_collections")
            .contains("authorization mode `api-key`")
    );
    assert_eq!(report.state("tool search_companies"), "ok");
}

/// That the schema can't be compared says nothing of whether a tool is answered.
#[test]
fn reads_are_called_where_the_schema_can_not_be_compared() {
    let answers: Answers = |body| {
        let text = if body.contains("AppsyncMcpPing") {
            r#"{"data":{"__typename":"Query"}}"#
        } else if body.contains("SearchCompanies") {
            r#"{"data":{"searchCompanies":{"items":[],"nextToken":null,"total":0}}}"#
        } else {
            r#"{"data":null,"errors":[{"message":"Oh.","errorType":"InternalFailure"}]}"#
        };
        text.to_owned()
    };
    let stub = Stub::start(answers);
    let flags = stub.flags();
    let report = Report::with(&flags, &[], &[]);
    assert_eq!(report.code, 1, "{}", report.all);
    assert_eq!(report.state("authorization"), "ok");
    assert_eq!(report.state("schema"), "failed");
    assert_eq!(report.state("tool search_companies"), "ok");
    assert_eq!(
        report.detail("tool search_companies"),
        "offered; the schema could not be compared; it answers"
    );
    assert_eq!(report.failed_tools(), ["get_companies_batch"]);
    assert_eq!(report.state("tool create_collection"), "skipped");
    let report = Report::with(&flags, &["--no-calls"], &[]);
    assert_eq!(report.state("tool search_companies"), "skipped");
    assert!(report.failed_tools().is_empty());
}

/// An answer without data tells of the credential all the same.
#[test]
fn an_error_with_status_200_is_told_as_what_it_is() {
    let unauthorized: Answers =
        |_| r#"{"data":null,"errors":[{"message":"Not Authorized","errorType":"Unauthorized"}]}"#.to_owned();
    let invalid: Answers =
        |_| r#"{"data":null,"errors":[{"message":"Validation error of type FieldUndefined: no"}]}"#.to_owned();
    let other: Answers = |_| r#"{"data":null,"errors":[{"message":"Oh.","errorType":"InternalFailure"}]}"#.to_owned();
    for (answers, state) in [(unauthorized, "failed"), (invalid, "ok"), (other, "warning")] {
        let report = Report::with(&Stub::start(answers).flags(), &["--no-calls"], &[]);
        assert_eq!(report.state("endpoint"), "ok", "{}", report.all);
        assert_eq!(report.state("authorization"), state, "{}", report.all);
    }
}
