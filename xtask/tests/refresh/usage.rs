//! Which source is meant: exactly one, and what to do where it is none.

use crate::project::Project;

/// Command lines, and a part of what is said.
const WRONG: [(&str, &str); 14] = [
    ("", "no source: name an API with `--api-id ID`"),
    (
        "--from x --api-id y",
        "the argument '--from <FILE>' cannot be used with '--api-id <ID>'",
    ),
    (
        "--from x --endpoint https://x.example/graphql",
        "the argument '--from <FILE>' cannot be used with '--endpoint <URL>'",
    ),
    (
        "--from x --control-plane http://127.0.0.1:1",
        "the argument '--from <FILE>' cannot be used with '--control-plane <URL>'",
    ),
    (
        "--api-id x --endpoint https://x.example/graphql",
        "the argument '--api-id <ID>' cannot be used with '--endpoint <URL>'",
    ),
    (
        "--api-id x --bearer-file t",
        "the argument '--api-id <ID>' cannot be used with '--bearer-file <FILE>'",
    ),
    ("--control-plane http://127.0.0.1:1", "--api-id <ID>"),
    ("--api-id abc123", "no region: set `--region`"),
    ("--api-id a/b --region eu-west-1", "`--api-id`: this is no API's id"),
    (
        "--api-id a --region Ireland",
        "`--region`: `Ireland` is no region; write it like `eu-west-1`",
    ),
    (
        "--api-id a --region eu-west-1 --control-plane http://x.example",
        "`--control-plane`: the endpoint must use `https`",
    ),
    (
        "--api-id a --region eu-west-1 --control-plane http://127.0.0.1:1",
        "no AWS credentials",
    ),
    (
        "--endpoint https://x.example/graphql",
        "no credential: set `--api-key-file`",
    ),
    (
        "--endpoint https://x.example/graphql --api-key-file da2-quokkaquokkaquokkaquokka42",
        "`--api-key-file`: this looks like the secret itself",
    ),
];

#[test]
fn what_is_wrong_with_the_command_line_is_said_and_nothing_is_done() {
    let project = Project::new();
    let before = project.schema_folder();
    for (line, expected) in WRONG {
        let words: Vec<&str> = line.split_whitespace().collect();
        let done = project.run(&words);
        assert_eq!((done.code, &*done.out), (2, ""), "{line}: {done:?}");
        assert!(done.err.contains(expected), "{line}: {done:?}");
        assert!(!done.err.contains("quokka"), "{done:?}");
    }
    let misspelt = [("APPSYNC_MCP_ENDPIONT", "https://x.example/graphql")];
    let done = project.run_with(&["--from", "new.graphql"], &misspelt);
    assert_eq!(done.code, 2, "{done:?}");
    let expected = "unknown variable `APPSYNC_MCP_ENDPIONT`; did you mean `APPSYNC_MCP_ENDPOINT`?";
    assert!(done.err.contains(expected), "{done:?}");
    assert_eq!(project.schema_folder(), before);
}

#[test]
fn variables_give_way_to_a_flag_that_names_another_source() {
    let project = Project::new();
    project.write("new.graphql", crate::project::SCHEMA);
    let variables = [
        ("APPSYNC_MCP_ENDPOINT", "https://x.example/graphql"),
        ("APPSYNC_MCP_BEARER_FILE", "t"),
        // The server's own.
        ("APPSYNC_MCP_ALLOW_MUTATIONS", "true"),
        ("APPSYNC_MCP_LOG", "debug"),
    ];
    let done = project.run_with(&["--from", "new.graphql"], &variables);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.out.contains("nothing to write"), "{done:?}");
}

#[test]
fn the_help_has_an_example_of_each_source() {
    let done = Project::new().run(&["--help"]);
    assert_eq!(done.code, 0);
    for example in [
        "refresh-schema --api-id ",
        "refresh-schema --endpoint ",
        "refresh-schema --from ",
    ] {
        assert!(done.out.contains(example), "{example}");
    }
}
