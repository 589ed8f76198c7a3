//! Who can call a tool: what the build says of it, and what the API does.

use std::time::Duration;

use appsync_mcp::Mode;
use appsync_mcp::call::Ctx;
use appsync_mcp::tool::ToolSpec;
use appsync_mcp_client::{ApiKey, Authorization, Client, Endpoint, InsecureHttp, Limits, Request, Secret, TokenSource};
use appsync_mcp_sandbox::{Claims, Issuer};
use expect_test::expect;
use serde_json::{Value, json};

use crate::api::{Api, Folder};
use crate::contract;
use crate::program;
use crate::session::{Era, Session};

/// The modes that a sandbox knows, and how to get in.
fn authorizations(api: &Api) -> [Authorization; 3] {
    let secret = |text: &str| Secret::parse(text).unwrap();
    let issuer = Issuer::CognitoUserPool { groups: Vec::new() };
    let pool = api.sandbox.issue_token(Claims {
        subject: "user-1".to_owned(),
        issuer,
        expires_in_seconds: 600,
    });
    [
        Authorization::ApiKey(ApiKey::Value(secret(api.sandbox.api_key()))),
        Authorization::Oidc(TokenSource::Value(secret(api.sandbox.bearer())).into()),
        Authorization::CognitoUserPools(TokenSource::Value(secret(&pool)).into()),
    ]
}

fn client(api: &Api, authorization: Authorization) -> Client {
    let limits = Limits {
        connect_timeout: Duration::from_mins(1),
        ..Limits::DEFAULT
    };
    let endpoint = Endpoint::parse(api.sandbox.endpoint(), InsecureHttp::OnLoopback).unwrap();
    Client::new(endpoint, authorization, limits)
}

/// Sends what a tool would send, whatever its contract says of modes, and returns the fields that the API refuses.
async fn refused(client: &Client, ctx: &Ctx, spec: &ToolSpec) -> Vec<String> {
    let mut arguments = contract::required_arguments(spec);
    if spec.name == "ai_search" {
        // Who asks for prospects in collections gets hits of every type: companies, people and collections.
        arguments["question"] = "Which SaaS prospects from my collections are in Berlin?".into();
    }
    let body = contract::dry_run(ctx, spec.name, arguments).unwrap();
    let request = Request {
        body: body.to_string().into(),
        timeout: Duration::from_mins(1),
        response_bytes_max: 1 << 22,
    };
    let answer = client.send(&request).await.unwrap();
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    let errors = answer.get("errors").and_then(Value::as_array).into_iter().flatten();
    errors
        .filter(|error| error["errorType"] == "Unauthorized")
        .map(|error| error["message"].to_string())
        .collect()
}

#[test]
fn the_api_refuses_exactly_what_the_build_says_is_out_of_reach() {
    let api = Api::start();
    let ctx = contract::ctx();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (mut open, mut shut) = (0, 0);
    for authorization in authorizations(&api) {
        let mode = authorization.mode();
        let client = client(&api, authorization);
        for spec in contract::specs() {
            let refused = runtime.block_on(refused(&client, &ctx, spec));
            let said = spec.access.iter().any(|access| access.mode == mode);
            assert_eq!(refused.is_empty(), said, "{} under {mode}: {refused:?}", spec.name);
            if said { open += 1 } else { shut += 1 }
        }
    }
    assert!(open > 10 && shut > 5, "{open} open, {shut} shut");
}

#[test]
fn who_can_call_what() {
    let lines = contract::specs().map(|spec| {
        let modes: Vec<_> = spec.access.iter().map(|access| access.mode.to_string()).collect();
        format!("{}: {}\n", spec.name, modes.join(", "))
    });
    expect![[r#"
        ai_search: oidc
        get_collection_items: cognito-user-pools, oidc
        get_companies_batch: api-key, iam, cognito-user-pools, oidc
        get_company: iam, cognito-user-pools, oidc
        list_collections: cognito-user-pools, oidc
        search_companies: api-key, iam, cognito-user-pools, oidc
        add_to_collection: cognito-user-pools, oidc
        create_collection: cognito-user-pools, oidc
        request_email_discovery: oidc
    "#]]
    .assert_eq(&lines.collect::<String>());
}

#[test]
fn what_the_mode_can_not_call_is_not_offered_and_calling_it_sends_nothing() {
    let api = Api::start();
    let denial = "the API does not open all of this to the authorization mode `api-key`; start with one of: ";
    for era in Era::ALL {
        let mut flags = api.api_key_flags();
        flags.push("--allow-mutations".to_owned());
        let mut session = Session::open(era, &flags);
        let list = session.request("tools/list", json!({})).unwrap();
        let listed: Vec<_> = list["tools"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tool| &tool["name"])
            .collect();
        assert_eq!(listed, ["get_companies_batch", "search_companies"]);
        let text = session.failure("list_collections", json!({}));
        assert_eq!(text, format!("{denial}cognito-user-pools, oidc"));
        let text = session.failure("request_email_discovery", json!({ "unknown": 1 }));
        assert_eq!(text, format!("{denial}oidc"));
        assert_eq!(api.requests(), 0);
        let read = session
            .request("resources/read", json!({ "uri": "appsync-mcp://tools" }))
            .unwrap();
        let catalogue: Value = serde_json::from_str(read["contents"][0]["text"].as_str().unwrap()).unwrap();
        let tools = catalogue["tools"].as_array().unwrap();
        let entry = tools.iter().find(|tool| tool["name"] == "list_collections").unwrap();
        assert_eq!(entry["offered"], false);
        assert_eq!(entry["whyNot"], format!("{denial}cognito-user-pools, oidc"));
        let access = json!([{ "mode": "cognito-user-pools", "groups": [] }, { "mode": "oidc", "groups": [] }]);
        assert_eq!(entry["access"], access);

        let log = session.end();
        let lines: Vec<_> = log.lines().collect();
        for (line, tool) in lines.iter().zip(contract::specs().filter(|spec| is_shut(spec))) {
            let expected = format!("`{}` is not offered: {denial}", tool.name);
            assert!(line.contains(" WARN ") && line.contains(&expected), "{line}");
        }
        assert!(
            lines[7].contains("starting appsync-mcp auth=api-key mutations=true tools=2 "),
            "{log}"
        );
    }
}

fn is_shut(spec: &ToolSpec) -> bool {
    spec.access.iter().all(|access| access.mode != Mode::ApiKey)
}

#[test]
fn the_table_goes_by_the_mode_if_there_is_one() {
    let folder = Folder::new();
    let key = folder.write("key", "da2-quokka").to_str().unwrap().to_owned();
    let all = program::run(&["tools", "--allow-mutations"]);
    assert!(!all.stdout.contains("Not offered"), "{}", all.stdout);
    for words in [
        vec!["tools", "--allow-mutations", "--api-key-file", &key],
        vec!["tools", "--allow-mutations", "--auth", "api-key"],
    ] {
        let some = program::run(&words);
        let text = "Not offered: list_collections: the API does not open all of this to the authorization mode `api-key`; start with one of: cognito-user-pools, oidc.\n";
        assert!(some.stdout.contains(text), "{}", some.stdout);
        assert!(
            !some.stdout.contains("Not offered: search_companies"),
            "{}",
            some.stdout
        );
    }
}

/// AppSync asks the API's Lambda function about no token that looks like another mode's.
#[test]
fn a_token_for_lambda_that_looks_like_another_mode_s_is_worth_a_warning() {
    let folder = Folder::new();
    for (token, is_warned) in [("e30.e30.sig", true), ("my-e30.e30.sig", false), ("opaque", false)] {
        let file = folder.write("token", token).to_str().unwrap().to_owned();
        for (mode, is_lambda) in [("lambda", true), ("oidc", false)] {
            let flags = [
                "--endpoint",
                "http://127.0.0.1:1/graphql",
                "--auth",
                mode,
                "--bearer-file",
                &file,
            ];
            if mode == "oidc" && !is_warned {
                continue;
            }
            let log = Session::open(Era::Modern, &flags.map(str::to_owned)).end();
            let text = "the token is a JSON Web Token, and the API has the mode";
            assert_eq!(log.contains(text), is_lambda && is_warned, "{token} {mode}: {log}");
        }
    }
}
