//! The write gate: without leave no write is listed or carried out. That it does not compile either is shown by
//! `tests/write-gate`.

use serde_json::json;

use crate::api::Api;
use crate::contract;
use crate::program;
use crate::session::{Era, Session};

const WRITES: [&str; 3] = ["add_to_collection", "create_collection", "request_email_discovery"];
const REFUSAL: &str = "mutations are disabled; start with --allow-mutations to enable write operations";

fn listed(session: &mut Session) -> Vec<String> {
    let list = session.request("tools/list", json!({})).unwrap();
    let tools = list["tools"].as_array().unwrap();
    tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap().to_owned())
        .collect()
}

fn expected(writes: &[&str]) -> Vec<&'static str> {
    let names = contract::specs().map(|spec| spec.name);
    names
        .filter(|name| !WRITES.contains(name) || writes.contains(name))
        .collect()
}

#[test]
fn without_the_flag_there_are_six_tools_and_every_write_is_refused() {
    let api = Api::start();
    for era in Era::ALL {
        for flags in [&[][..], &["--allow-mutations=false"]] {
            let mut session = Session::start_in(era, &api, flags);
            assert_eq!(listed(&mut session), expected(&[]));
            assert_eq!(listed(&mut session).len(), 6);
            for name in WRITES {
                let good = contract::required_arguments(contract::spec(name)).into();
                // Good or bad, the arguments do not matter.
                for arguments in [good, json!({}), json!({ "unknown": 1 })] {
                    assert_eq!(session.failure(name, arguments), REFUSAL);
                }
            }
        }
    }
    assert_eq!(api.requests(), 0);
}

#[test]
fn with_the_flag_there_are_nine_tools_and_every_write_is_carried_out() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &["--allow-mutations"]);
        assert_eq!(listed(&mut session), expected(&WRITES));
        assert_eq!(listed(&mut session).len(), 9);
        for name in WRITES {
            let mut arguments = contract::required_arguments(contract::spec(name));
            if name == "create_collection" {
                arguments.insert("name".to_owned(), json!(format!("In {era:?}")));
            }
            session.result(name, arguments.into());
        }
    }
    assert_eq!(api.requests(), 6);
}

#[test]
fn with_names_there_are_those_writes_and_no_others() {
    let api = Api::start();
    let mut session = Session::start(&api, &["--allow-mutations=create_collection,add_to_collection"]);
    assert_eq!(
        listed(&mut session),
        expected(&["create_collection", "add_to_collection"])
    );
    session.result("create_collection", json!({ "name": "Allowed" }));
    let refused = session.failure("request_email_discovery", json!({ "companyId": "c-00001" }));
    assert_eq!(
        refused,
        "mutations are disabled for `request_email_discovery`; add it to the names in --allow-mutations to enable it"
    );
    assert_eq!(api.requests(), 1);
}

#[test]
fn a_name_that_is_no_write_s_refuses_to_start() {
    let api = Api::start();
    for (names, message) in [
        (
            "create_colection",
            "error: `--allow-mutations`: there is no write operation `create_colection` among add_to_collection, \
             create_collection, request_email_discovery; did you mean `create_collection`?\n",
        ),
        (
            "create_collection,get_company",
            "error: `--allow-mutations`: `get_company` only reads and is always allowed; take it out\n",
        ),
        (
            "",
            "error: `--allow-mutations`: no write operation is named; leave the value out to allow all, or name some of: \
             add_to_collection, create_collection, request_email_discovery\n",
        ),
    ] {
        let flag = format!("--allow-mutations={names}");
        for command in [&["serve"][..], &["tools"], &["call", "list_collections"]] {
            let mut words: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
            words.extend(api.flags());
            words.push(flag.clone());
            let ended = program::run(&words);
            assert_eq!(
                (ended.code, ended.stdout.as_str(), ended.stderr.as_str()),
                (2, "", message),
                "{command:?} {flag}"
            );
        }
    }
    assert_eq!(api.requests(), 0);
}

#[test]
fn a_write_from_a_shell_needs_the_flag_as_well() {
    let api = Api::start();
    let words = |more: &[&str]| {
        let mut words: Vec<String> = ["call", "create_collection", "name=From a shell"]
            .map(str::to_owned)
            .to_vec();
        words.extend(api.flags());
        words.extend(more.iter().map(|word| (*word).to_owned()));
        words
    };
    let ended = program::run(&words(&[]));
    assert_eq!((ended.code, ended.stdout), (1, String::new()));
    assert_eq!(ended.stderr, format!("error: {REFUSAL}\n"));
    let ended = program::run(&words(&["--dry-run"]));
    assert_eq!(ended.code, 0);
    assert!(
        ended.stderr.contains(&format!(
            "note: without --dry-run, this call would be refused: {REFUSAL}\n"
        )),
        "{}",
        ended.stderr
    );
    assert_eq!(api.requests(), 0);
    let ended = program::run(&words(&["--allow-mutations=create_collection"]));
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(api.requests(), 1);
}
