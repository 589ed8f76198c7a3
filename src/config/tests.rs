//! Settings from flags and variables, as data.

use super::*;
use crate::example::CONTRACT;

/// Parses `--flag=value` and `VARIABLE=value` words.
fn settings(words: &[&str]) -> Result<Settings, String> {
    let (mut flags, mut variables) = (Vec::new(), Vec::new());
    let all: Vec<Key> = Key::OF_CONNECTION.into_iter().chain(OWN).collect();
    for word in words {
        let (name, value) = word.split_once('=').unwrap();
        match all.iter().find(|key| key.flag == name) {
            Some(key) => flags.push((*key, value.into())),
            None => variables.push((name.into(), value.into())),
        }
    }
    Settings::new(flags, variables).map_err(|error| error.to_string())
}

#[test]
fn mutations_come_from_the_flag_before_the_variable() {
    for (words, expected) in [
        (vec![], Ok("false")),
        (vec!["--allow-mutations=true"], Ok("true")),
        (vec!["APPSYNC_MCP_ALLOW_MUTATIONS=true"], Ok("true")),
        (vec!["APPSYNC_MCP_ALLOW_MUTATIONS="], Ok("false")),
        (vec!["APPSYNC_MCP_ALLOW_MUTATIONS=false"], Ok("false")),
        (
            vec!["APPSYNC_MCP_ALLOW_MUTATIONS=${user_config.allow_mutations}"],
            Ok("false"),
        ),
        (
            vec![
                "APPSYNC_MCP_ALLOW_MUTATIONS=true",
                "--allow-mutations=create_collection",
            ],
            Ok("create_collection"),
        ),
        (
            vec!["APPSYNC_MCP_ALLOW_MUTATIONS=true", "--allow-mutations=false"],
            Ok("false"),
        ),
        (vec!["--allow-mutations=creat_collection"], Err("`--allow-mutations`: ")),
        (vec!["--allow-mutations="], Err("`--allow-mutations`: ")),
        (
            vec!["APPSYNC_MCP_ALLOW_MUTATIONS=yes"],
            Err("`APPSYNC_MCP_ALLOW_MUTATIONS`: "),
        ),
    ] {
        let parsed = settings(&words).unwrap().mutations(&CONTRACT);
        match (parsed, expected) {
            (Ok(mutations), Ok(expected)) => assert_eq!(mutations.to_string(), expected, "{words:?}"),
            (Err(error), Err(expected)) => assert!(error.to_string().starts_with(expected), "{error}"),
            (parsed, _) => panic!("{words:?}: {parsed:?}"),
        }
    }
}

#[test]
fn the_sandbox_gives_way_to_no_flag() {
    for (words, expected) in [
        (
            vec![
                "APPSYNC_MCP_ENDPOINT=https://x.example/graphql",
                "APPSYNC_MCP_BEARER_FILE=t",
            ],
            Ok(()),
        ),
        (
            vec!["--endpoint=https://x.example/graphql"],
            Err("`--sandbox` and `--endpoint` exclude each other: the sandbox brings its own endpoint and credential"),
        ),
        (
            vec!["--bearer-file=t"],
            Err(
                "`--sandbox` and `--bearer-file` exclude each other: the sandbox brings its own endpoint and credential",
            ),
        ),
    ] {
        let checked = settings(&words)
            .unwrap()
            .check_sandbox()
            .map_err(|error| error.to_string());
        assert_eq!(checked, expected.map_err(str::to_owned), "{words:?}");
    }
}

#[test]
fn what_is_missing_is_said_with_the_sandbox_where_there_is_one() {
    let told = |has_sandbox| settings(&[]).unwrap().connection(has_sandbox).unwrap_err().to_string();
    assert!(told(true).ends_with("/graphql,\nor try the built-in one with `--sandbox`"));
    assert!(told(false).ends_with("/graphql"));
}

#[test]
fn the_rules_for_all_settings_hold_for_the_servers_own() {
    for (word, expected) in [
        (
            "APPSYNC_MCP_ALLOW_MUTATION=create_collection",
            "unknown variable `APPSYNC_MCP_ALLOW_MUTATION`; did you mean `APPSYNC_MCP_ALLOW_MUTATIONS`?\n",
        ),
        (
            "appsync_mcp_log=debug",
            "unknown variable `appsync_mcp_log`; did you mean `APPSYNC_MCP_LOG`?\n",
        ),
        (
            "APPSYNC_MCP_LOG=da2-SECRET",
            "`APPSYNC_MCP_LOG`: this looks like the secret itself",
        ),
    ] {
        let error = settings(&[word]).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    }
}
