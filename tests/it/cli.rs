//! The command line: tables and JSON, errors and exit codes, and that no secret comes out of it.

use std::path::Path;

use appsync_mcp_sandbox::Fault;
use expect_test::{expect, expect_file};
use serde_json::{Value, json};

use crate::api::{Api, Folder};
use crate::contract;
use crate::lock;
use crate::program::{Ended, run, run_with};
use crate::session::{Era, Session};

/// A secret that a test can look for.
const KEY: &str = "da2-quokkaquokkaquokkaquokka42";

/// Runs `call` in front of a sandbox.
fn call(api: &Api, words: &[&str]) -> Ended {
    let mut all = vec!["call".to_owned()];
    all.extend(words.iter().map(|word| (*word).to_owned()));
    all.extend(api.flags());
    run(&all)
}

#[test]
fn tools_are_shown_as_a_table_without_an_api() {
    let ended = run(&["tools"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/tools.txt");
    expect_file![file].assert_eq(&ended.stdout);
    let allowed = run(&["tools", "--allow-mutations"]);
    assert!(
        !allowed.stdout.contains("(off)") && !allowed.stdout.contains("Not offered"),
        "{}",
        allowed.stdout
    );
}

#[test]
fn tools_are_shown_as_json_with_the_whole_contract() {
    let ended = run(&["tools", "--json", "--allow-mutations=create_collection"]);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    let catalogue: Value = serde_json::from_str(&ended.stdout).unwrap();
    for (tool, spec) in catalogue["tools"].as_array().unwrap().iter().zip(contract::specs()) {
        assert_eq!(tool["name"], spec.name);
        assert_eq!(tool["timeoutSeconds"], spec.timeout_seconds);
        let is_offered = tool["kind"] == "read" || spec.name == "create_collection";
        assert_eq!(tool["offered"], is_offered);
        let arguments = tool["arguments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|argument| argument["name"].as_str().unwrap());
        assert!(arguments.eq(spec.arguments.iter().map(|argument| argument.name)));
    }
}

#[test]
fn a_call_prints_a_table() {
    let api = Api::start();
    let ended = call(
        &api,
        &[
            "search_companies",
            "keywords=SaaS",
            "country=Germany",
            "employeesMin=50",
            "employeesMax=200",
            "limit=3",
        ],
    );
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    expect![[r#"
        id       name               country  city     industry  employees  employeeRange  website
        ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        c-00051  Marapex Cloud      DE       Leipzig  SOFTWARE  147        MEDIUM         https://marapex-cloud-51.example/
        c-00222  Norumilon Digital  DE       Hamburg  SOFTWARE  81         MEDIUM         https://norumilon-digital-222.example/
        c-00596  Uloragon Labs      DE       Hamburg  SOFTWARE  152        MEDIUM         https://uloragon-labs-596.example/
        nextToken: OTA5MjkwNzAwM2E4MTc0YzozOjE
        total: 16
    "#]].assert_eq(&ended.stdout);
}

#[test]
fn a_call_prints_json_if_asked_and_takes_it() {
    let api = Api::start();
    let by_words = call(&api, &["get_companies_batch", "ids=c-00003,c-00001", "--json"]);
    assert_eq!((by_words.code, by_words.stderr.as_str()), (0, ""));
    let result: Value = serde_json::from_str(&by_words.stdout).unwrap();
    assert_eq!(result["items"][0]["id"], "c-00003");
    assert_eq!(result["items"][1]["id"], "c-00001");
    for words in [
        &["get_companies_batch", "ids=c-00003", "ids=c-00001", "--json"][..],
        &[
            "get_companies_batch",
            "--json",
            r#"{"ids": ["c-00003", "c-00001", "c-00003"]}"#,
        ],
        &["--json", "get_companies_batch", r#"ids=["c-00003","c-00001"]"#],
    ] {
        assert_eq!(call(&api, words), by_words, "{words:?}");
    }
}

#[test]
fn every_tool_can_be_called_from_a_shell() {
    let api = Api::start();
    for spec in contract::specs() {
        let arguments = Value::Object(contract::required_arguments(spec)).to_string();
        let ended = call(&api, &[spec.name, &arguments, "--allow-mutations"]);
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{}", spec.name);
        assert!(ended.stdout.lines().count() >= 2, "{}", ended.stdout);
    }
    assert_eq!(api.requests(), 9);
}

#[test]
fn what_goes_wrong_in_a_call_is_told_on_standard_error() {
    let api = Api::start();
    for (words, code, stderr) in [
        (
            &["get_company"][..],
            1,
            "error: invalid argument: /id: missing; a string is required\n",
        ),
        (
            &["search_companies", "keywords=S", "limit=ten", "contry=DE"],
            1,
            "error: invalid arguments:\n- /keywords: expected 2 to 200 characters, got 1 character\n\
             - /limit: expected an integer, got \"ten\"\n- /contry: unknown argument; did you mean `country`?\n",
        ),
        (
            &["get_company", "c-00001"],
            2,
            "error: expected KEY=VALUE or a JSON object, got `c-00001`\n",
        ),
        (
            &["get_company", "id=a", "id=b"],
            2,
            "error: `id` is given twice; only a list may be\n",
        ),
        (
            &["get_company", "{id"],
            2,
            "error: this is not a JSON object: key must be a string at line 1 column 2\n",
        ),
        (
            &["get_companie"],
            2,
            "error: unknown tool `get_companie`; did you mean `get_company`?\n`tools` lists what there is.\n",
        ),
    ] {
        let ended = call(&api, words);
        assert_eq!(
            (ended.code, ended.stdout.as_str(), ended.stderr.as_str()),
            (code, "", stderr),
            "{words:?}"
        );
    }
    assert_eq!(api.requests(), 0);
    let ended = api.with_fault(Fault::Throttling, || call(&api, &["get_company", "id=c-00001"]));
    assert_eq!((ended.code, ended.stdout.as_str()), (1, ""));
    assert!(
        ended
            .stderr
            .starts_with("error: throttled: the API gets too many requests; wait 1 s"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_slip_on_the_command_line_is_told_with_exit_code_2() {
    for (words, message) in [
        (&["serv"][..], "'serve'"),
        (&["tools", "--jsn"], "'--json'"),
        (&["call"], "<NAME>"),
        (&["--endpoint"], "--endpoint"),
        (&["--sandbox-fault", "slow"], "need `--sandbox`"),
        (
            &["--sandbox", "--sandbox-fault", "thrott1ing"],
            "did you mean `throttling`?",
        ),
        (&["--sandbox", "--sandbox-companies", "many"], "many"),
        (
            &["--sandbox", "--endpoint", "https://example.com/graphql"],
            "exclude each other",
        ),
        (&["--log", "loud=shout", "tools"], "`--log`"),
        (&["--log", "info,loud", "tools"], "`--log`"),
        // What a command does not need is no less wrong.
        (
            &["tools", "--sandbox", "--sandbox-fault", "thrott1ing"],
            "did you mean `throttling`?",
        ),
        (
            &["tools", "--sandbox", "--endpoint", "https://example.com/graphql"],
            "exclude each other",
        ),
        (&["tools", "--auth", "bogus"], "unknown authorization mode `bogus`"),
        (&["tools", "--endpoint", "ftp://example.com"], "`--endpoint`"),
    ] {
        let ended = run(words);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (2, ""),
            "{words:?}: {}",
            ended.stderr
        );
        assert!(ended.stderr.contains(message), "{words:?}: {}", ended.stderr);
    }
    for words in [&["--help"][..], &["--version"], &["call", "--help"]] {
        let ended = run(words);
        assert_eq!((ended.code, ended.stderr.as_str()), (0, ""), "{words:?}");
        assert!(ended.stdout.contains("appsync-mcp"), "{}", ended.stdout);
    }
}

#[test]
fn the_version_says_which_tools_there_are() {
    let ended = run(&["--version"]);
    let digest = lock::digest();
    // Nobody has an API of the sample.
    let [0, in_sandbox, all] = lock::verified() else {
        panic!("{:?}", lock::verified())
    };
    let expected = format!(
        "appsync-mcp {} (tools {}, {})\n",
        env!("CARGO_PKG_VERSION"),
        &digest[.."sha256:".len() + 12],
        match in_sandbox {
            0 => format!("0 of {all} verified"),
            some => format!("{some} of {all} verified in the sandbox only"),
        }
    );
    assert_eq!((ended.code, ended.stdout), (0, expected));
}

#[test]
fn without_an_endpoint_both_ways_on_are_shown() {
    for words in [&[][..], &["serve"], &["call", "list_collections"]] {
        let ended = run(words);
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
        expect![[r"
            error: no endpoint: set `--endpoint` or `APPSYNC_MCP_ENDPOINT` to the API's URL, such as https://example.appsync-api.eu-west-1.amazonaws.com/graphql,
            or try the built-in one with `--sandbox`
        "]]
        .assert_eq(&ended.stderr);
    }
}

#[test]
fn an_endpoint_or_a_credential_that_can_not_be_used_refuses_to_start() {
    let folder = Folder::new();
    let file = |name: &str, text: &str| folder.write(name, text).to_str().unwrap().to_owned();
    let (key, empty, token) = (file("key", KEY), file("empty", " \n"), file("token", "no.token"));
    let missing = folder.path("missing").to_str().unwrap().to_owned();
    let https = "https://example.invalid/graphql";
    for (words, message) in [
        (
            vec!["--endpoint", "http://api.example.com/graphql", "--api-key-file", &key],
            "`--endpoint`: ",
        ),
        (
            vec!["--endpoint", "http://192.168.0.1/graphql", "--api-key-file", &key],
            "`--endpoint`: ",
        ),
        (
            vec![
                "--endpoint",
                "http://localhost.example.com/graphql",
                "--api-key-file",
                &key,
            ],
            "`--endpoint`: ",
        ),
        (vec!["--endpoint", "nothing", "--api-key-file", &key], "`--endpoint`: "),
        (
            vec!["--endpoint", "ftp://127.0.0.1/graphql", "--api-key-file", &key],
            "`--endpoint`: ",
        ),
        (
            vec![
                "--endpoint",
                "https://user:quokka@example.com/graphql",
                "--api-key-file",
                &key,
            ],
            "`--endpoint`: ",
        ),
        (vec!["--endpoint", https], "no credential: "),
        (
            vec!["--endpoint", https, "--api-key-file", &missing],
            "`--api-key-file`: ",
        ),
        (
            vec!["--endpoint", https, "--api-key-file", &empty],
            "`--api-key-file`: ",
        ),
        (
            vec!["--endpoint", https, "--bearer-file", &missing],
            "`--bearer-file`: ",
        ),
        (vec!["--endpoint", https, "--bearer-file", &token], "`--bearer-file`: "),
        (
            vec!["--endpoint", https, "--bearer-file", &token, "--api-key-file", &key],
            "both `--api-key-file` and `--bearer-file`",
        ),
        (
            vec!["--endpoint", https, "--api-key-file", &key, "--auth", "oidc"],
            "`--auth` says `oidc`",
        ),
        (
            vec!["--endpoint", https, "--bearer-file", &token, "--auth", "odic"],
            "did you mean `oidc`?",
        ),
        (vec!["--api-key", KEY], "`--api-key-file FILE`"),
        (vec!["--bearer=da2-quokka"], "`--bearer-file FILE`"),
    ] {
        let ended = run(&words);
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (2, ""),
            "{words:?}: {}",
            ended.stderr
        );
        assert!(ended.stderr.starts_with("error: "), "{words:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(message), "{words:?}: {}", ended.stderr);
        assert!(!ended.stderr.contains("quokka"), "{words:?}: {}", ended.stderr);
    }
}

#[test]
fn variables_stand_for_flags_and_flags_win() {
    let api = Api::start();
    let flags = api.flags();
    let variables = [
        ("APPSYNC_MCP_ENDPOINT", flags[1].as_str()),
        ("APPSYNC_MCP_BEARER_FILE", flags[3].as_str()),
    ];
    let words = ["call", "create_collection", "name=By variables"];
    let ended = run_with(&words, &variables);
    assert_eq!(ended.code, 1, "writes are off: {}", ended.stderr);
    let mut with_writes = variables.to_vec();
    with_writes.push(("APPSYNC_MCP_ALLOW_MUTATIONS", "true"));
    let ended = run_with(&words, &with_writes);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(api.requests(), 1);
    // What a launcher writes for what its user left open is not set.
    with_writes.push(("APPSYNC_MCP_LOG", ""));
    let flag = [
        "call",
        "create_collection",
        "name=By a flag",
        "--allow-mutations=add_to_collection",
    ];
    let ended = run_with(&flag, &with_writes);
    assert!(
        ended.stderr.contains("mutations are disabled for `create_collection`"),
        "{}",
        ended.stderr
    );
    assert_eq!(api.requests(), 1);
}

#[test]
fn a_variable_with_a_slip_refuses_to_start() {
    let api = Api::start();
    let mut words = vec!["call".to_owned(), "list_collections".to_owned()];
    words.extend(api.flags());
    for (name, hint) in [
        (
            "APPSYNC_MCP_ALLOW_MUTATION",
            "; did you mean `APPSYNC_MCP_ALLOW_MUTATIONS`?",
        ),
        ("APPSYNC_MCP_BEARERFILE", "; did you mean `APPSYNC_MCP_BEARER_FILE`?"),
        ("APPSYNC_MCP_SOMETHING", ""),
        ("appsync_mcp_endpoint", ""),
    ] {
        let ended = run_with(&words, &[(name, KEY)]);
        assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{name}");
        assert!(
            ended
                .stderr
                .starts_with(&format!("error: unknown variable `{name}`{hint}")),
            "{}",
            ended.stderr
        );
        assert!(!ended.stderr.contains(KEY));
    }
    assert_eq!(api.requests(), 0);
}

#[test]
fn the_sandbox_is_started_by_its_flag_alone() {
    let words = [
        "call",
        "--sandbox",
        "--sandbox-companies",
        "300",
        "search_companies",
        "keywords=SaaS",
        "--json",
    ];
    let ended = run(&words);
    assert_eq!((ended.code, ended.stderr.as_str()), (0, ""));
    let result: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert!(result["total"].as_u64().unwrap() > 0);
    // Settings for another API give way to the flag.
    let variables = [
        ("APPSYNC_MCP_ENDPOINT", "https://example.invalid/graphql"),
        ("APPSYNC_MCP_API_KEY_FILE", "/nowhere"),
    ];
    assert_eq!(run_with(&words, &variables), ended);
    let ended = run(&[
        "call",
        "--sandbox",
        "--sandbox-companies",
        "300",
        "--sandbox-fault",
        "unavailable",
        "list_collections",
    ]);
    assert_eq!(ended.code, 1);
    assert!(ended.stderr.starts_with("error: upstream error: "), "{}", ended.stderr);
}

#[test]
fn the_start_is_one_line_and_each_call_is_one() {
    let api = Api::start();
    for (flags, mutations, tools) in [
        (&[][..], "false", 6),
        (&["--allow-mutations"], "true", 9),
        (&["--allow-mutations=create_collection"], "create_collection", 7),
    ] {
        let session = Session::start(&api, flags);
        let log = session.end();
        let [line] = log.lines().collect::<Vec<_>>()[..] else {
            panic!("{log}")
        };
        // The digest of what is compiled in, whatever is offered.
        let (digest, [by_api, in_sandbox, all]) = (lock::digest(), lock::verified());
        let sandbox_only = match in_sandbox {
            0 => String::new(),
            tools => format!(" sandbox_only={tools}"),
        };
        let verified = format!("{by_api}/{all}{sandbox_only}");
        let start = format!(
            "starting appsync-mcp auth=oidc mutations={mutations} tools={tools} resources=2 prompts=2 verified={verified} \
             tools_digest={digest}"
        );
        assert!(line.ends_with(&start), "{line}");
    }
    let mut session = Session::open(Era::Legacy, &api.api_key_flags());
    session.result("get_companies_batch", json!({ "ids": ["c-00001"] }));
    session.failure("get_companies_batch", json!({ "ids": 1 }));
    let log = session.end();
    let lines: Vec<_> = log.lines().collect();
    let [denied @ .., start, ok, failed] = lines.as_slice() else {
        panic!("{log}")
    };
    assert!(
        denied
            .iter()
            .all(|line| line.contains(" WARN ") && line.contains(" is not offered: ")),
        "{log}"
    );
    assert!(start.contains("starting appsync-mcp auth=api-key "), "{log}");
    assert!(
        ok.contains("call tool=get_companies_batch kind=read outcome=ok ms="),
        "{log}"
    );
    assert!(
        failed.contains("call tool=get_companies_batch kind=read outcome=invalid_input ms="),
        "{log}"
    );
}

/// Who writes the secret where its file's name belongs does not find it in a log.
#[test]
fn a_secret_in_place_of_its_file_is_refused_and_not_repeated() {
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJxdW9ra2EifQ.quokka";
    for (flag, variable, secret) in [
        ("--api-key-file", "APPSYNC_MCP_API_KEY_FILE", KEY),
        ("--bearer-file", "APPSYNC_MCP_BEARER_FILE", token),
    ] {
        for command in [&["serve"][..], &["tools"], &["call", "list_collections"]] {
            let endpoint = ["--endpoint", "https://example.invalid/graphql"];
            let words = [command, &endpoint, &[flag, secret]].concat();
            let by_flag = run(&words);
            let by_variable = run_with(&[command, &endpoint].concat(), &[(variable, secret)]);
            for ended in [by_flag, by_variable] {
                assert_eq!((ended.code, ended.stdout.as_str()), (2, ""));
                assert!(
                    ended.stderr.contains("this looks like the secret itself") && !ended.stderr.contains(secret),
                    "{}",
                    ended.stderr
                );
            }
        }
    }
}

/// However much is logged: no credential, no argument, and nothing of an answer.
#[test]
fn nothing_that_is_secret_or_said_is_logged() {
    let api = Api::start();
    for era in Era::ALL {
        for level in [
            "info",
            "trace",
            "debug,appsync_mcp=debug",
            "trace,hyper=debug",
            "trace,rmcp=trace",
            "rmcp::service=trace",
            "r=trace",
            "trace,hyper=trace,hyper_util=trace,reqwest=trace,tokio_util=trace",
        ] {
            let mut session = Session::start_in(era, &api, &["--allow-mutations", "--log", level]);
            session.result("search_companies", json!({ "keywords": "quokka" }));
            session.result(
                "create_collection",
                json!({ "name": format!("quokka {era:?} {level}"), "description": "quokka" }),
            );
            session.result("get_company", json!({ "id": "c-00001" }));
            session.failure("get_company", json!({ "id": "quokka" }));
            session.failure(
                "search_companies",
                json!({ "keywords": "SaaS", "country": "quokka", "quokka": "quokka" }),
            );
            session.failure("search_companies", json!({ "keywords": "SaaS", "nextToken": "quokka" }));
            session
                .request("tools/call", json!({ "name": "quokka", "arguments": { "quokka": 1 } }))
                .unwrap_err();
            session
                .request("tools/call", json!({ "name": "get_company", "arguments": "quokka" }))
                .unwrap_err();
            session.request("prompts/get", json!({ "name": "quokka" })).unwrap_err();
            session
                .request("resources/read", json!({ "uri": "appsync-mcp://quokka" }))
                .unwrap_err();
            session.send("quokka");
            let params = json!({ "name": "find_companies", "arguments": { "wanted": "quokka" } });
            session.request("prompts/get", params).unwrap();
            for fault in [
                Fault::Malformed,
                Fault::CutConnection,
                Fault::PartialData,
                Fault::SchemaDrift,
            ] {
                api.with_fault(fault, || session.call("get_company", json!({ "id": "c-00001" })));
            }
            let log = session.end();
            for secret in ["quokka", api.sandbox.bearer(), "eyJ", "Jorupex"] {
                let line = log.lines().find(|line| line.contains(secret));
                assert_eq!(line, None, "{secret} at {level}");
            }
            assert_eq!(
                log.matches(" call tool=get_company kind=read outcome=ok ").count(),
                2,
                "{log}"
            );
        }
    }
}

#[test]
fn no_command_prints_a_credential() {
    let api = Api::start();
    for (flags, secret) in [
        (api.flags(), api.sandbox.bearer()),
        (api.api_key_flags(), api.sandbox.api_key()),
    ] {
        for words in [
            &["tools"][..],
            &["tools", "--json"],
            &["call", "get_company", "id=c-00001"],
            &["call", "get_company", "id=c-00001", "--json"],
            &["call", "get_company", "id=c-00001", "--dry-run"],
            &["call", "get_company", "id=c-00001", "--log", "trace"],
            &["call", "get_company", "id=nobody"],
            &["call", "list_collections"],
            &["serve", "--log", "trace"],
        ] {
            let mut all: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            all.extend(flags.iter().cloned());
            let ended = run(&all);
            assert!(!ended.all().contains(secret), "{words:?}: {}", ended.all());
        }
    }
}
