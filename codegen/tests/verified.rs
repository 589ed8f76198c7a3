//! `schema/verified.lock`: what it makes of the tools, and what a build that takes verified tools only says.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper of a test fails as the test does"
)]

use appsync_mcp_codegen::{
    Generated, SourceFile, SourceKind, Sources, VERIFIED, Verification, Verifications, Verified, Writes, generate,
    verifications, verified_lock,
};
use expect_test::expect;

/// Two tools that read, one of them disabled if `disabled`, and one that writes.
fn sources(disabled: bool, words: &str, verified: Option<&Verifications>) -> Sources {
    let file = |path: &str, kind, text: String| SourceFile {
        path: path.to_owned(),
        kind,
        text,
    };
    let reason = if disabled { ", disabled: \"broken\"" } else { "" };
    let mut files = vec![
        file(
            "operations/read/count_books.graphql",
            SourceKind::Read,
            "\"Counts books.\"\nquery CountBooks @tool(title: \"Count books\") { count }\n".to_owned(),
        ),
        file(
            "operations/read/find_books.graphql",
            SourceKind::Read,
            format!("\"{words}\"\nquery FindBooks\n  @tool(title: \"Find books\"{reason}) {{ find }}\n"),
        ),
        file(
            "operations/write/drop_books.graphql",
            SourceKind::Write,
            "\"Drops all.\"\nmutation DropBooks\n@tool(\n  title: \"Drop\"\n) { drop }\n".to_owned(),
        ),
        file(
            "schema/schema.graphql",
            SourceKind::Schema,
            "type Query { count: Int find: Int } type Mutation { drop: Int }".to_owned(),
        ),
    ];
    if let Some(verified) = verified {
        files.push(file(VERIFIED, SourceKind::Verified, verified_lock(verified)));
    }
    Sources { files }
}

fn generated(sources: &Sources, writes: Writes) -> Generated {
    generate(sources, writes).unwrap_or_else(|found| panic!("{}", found.render(sources)))
}

/// SHA-256 over the URL of a real API.
const ENDPOINT: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// The tools as they are, all verified in a real API.
fn verified() -> Verifications {
    verified_by(ENDPOINT)
}

/// The tools as they are, all verified by this.
fn verified_by(endpoint: &str) -> Verifications {
    let tools = generated(&sources(false, "Finds books.", None), Writes::Included).tools;
    let known = tools.into_iter().map(|tool| {
        let known = Verification {
            contract: tool.digest,
            endpoint: endpoint.to_owned(),
            time: "2026-11-23T12:00:00Z".to_owned(),
            cases: 7,
        };
        (tool.name, known)
    });
    known.collect()
}

/// What a build that takes verified tools only says.
fn refused(sources: &Sources, writes: Writes) -> String {
    generated(sources, writes).unverified.render(sources)
}

fn names(generated: &Generated) -> Vec<&str> {
    by(generated, Verified::Api)
}

fn by(generated: &Generated, by: Verified) -> Vec<&str> {
    let verified = generated.tools.iter().filter(|tool| tool.verified == by);
    verified.map(|tool| tool.name.as_str()).collect()
}

#[test]
fn without_the_file_no_tool_is_verified() {
    let sources = sources(false, "Finds books.", None);
    assert_eq!(verifications(&sources), Ok(Verifications::new()));
    expect![[r#"
        error: the tool `count_books` was never verified
         --> operations/read/count_books.graphql:2:18
        2 | query CountBooks @tool(title: "Count books") { count }
          |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^ not verified
        help: call it with `cargo xtask verify --tool count_books -- --endpoint URL`, or keep it from being offered with `@tool(disabled: "why")`

        error: the tool `find_books` was never verified
         --> operations/read/find_books.graphql:3:3
        3 |   @tool(title: "Find books") { find }
          |   ^^^^^^^^^^^^^^^^^^^^^^^^^^ not verified
        help: call it with `cargo xtask verify --tool find_books -- --endpoint URL`, or keep it from being offered with `@tool(disabled: "why")`

        error: the tool `drop_books` was never verified
         --> operations/write/drop_books.graphql:3:1
        3 | @tool(
          | ^^^^^^ not verified
        help: call it with `cargo xtask verify --include-writes --staging --tool drop_books -- --endpoint URL`, or keep it from being offered with `@tool(disabled: "why")`
    "#]]
    .assert_eq(&refused(&sources, Writes::Included));
    let generated = generated(&sources, Writes::Included);
    assert_eq!(names(&generated), [""; 0]);
    assert!(!generated.code.contains("Verified::Api"));
}

#[test]
fn a_tool_is_verified_as_it_was() {
    let known = verified();
    let same = sources(false, "Finds books.", Some(&known));
    assert_eq!(refused(&same, Writes::Included), "");
    let found = generated(&same, Writes::Included);
    assert_eq!(names(&found), ["count_books", "find_books", "drop_books"]);
    assert_eq!(found.code.matches("verified: contract::Verified::Api").count(), 3);

    // A word of a description is read by models.
    let other = sources(false, "Finds all books.", Some(&known));
    expect![[r#"
        error: the tool `find_books` has changed since it was verified on 2026-11-23
         --> operations/read/find_books.graphql:3:3
        3 |   @tool(title: "Find books") { find }
          |   ^^^^^^^^^^^^^^^^^^^^^^^^^^ not verified
        help: call it with `cargo xtask verify --tool find_books -- --endpoint URL`, or keep it from being offered with `@tool(disabled: "why")`
    "#]]
    .assert_eq(&refused(&other, Writes::Included));
    let found = generated(&other, Writes::Included);
    assert_eq!(names(&found), ["count_books", "drop_books"]);
    assert_eq!(found.code.matches("verified: contract::Verified::Api").count(), 2);
}

#[test]
fn a_sandbox_is_no_api() {
    let tools = ["count_books", "find_books", "drop_books"];
    let known = verified_by("sandbox");
    let sandbox = sources(false, "Finds books.", Some(&known));
    let found = generated(&sandbox, Writes::Included);
    assert_eq!((names(&found), by(&found, Verified::Sandbox)), (vec![], tools.to_vec()));
    assert_eq!(found.code.matches("verified: contract::Verified::Sandbox").count(), 3);
    let told = refused(&sandbox, Writes::Included);
    for tool in tools {
        let message = format!("error: the tool `{tool}` was verified in a sandbox only, and never in the API\n");
        assert!(told.contains(&message), "{told}");
    }
    assert!(
        told.contains("help: call it with `cargo xtask verify --tool find_books -- --endpoint URL`"),
        "{told}"
    );

    // Each tool by itself.
    let mut some = verified();
    some.extend(known.into_iter().filter(|(name, _)| name == "drop_books"));
    let some = sources(false, "Finds books.", Some(&some));
    assert_eq!(refused(&some, Writes::Excluded), "");
    let told = refused(&some, Writes::Included);
    assert!(
        told.contains("`drop_books` was verified in a sandbox only") && !told.contains("find_books"),
        "{told}"
    );
    // A tool that has changed since was verified nowhere.
    let changed = sources(false, "Finds all books.", Some(&verified_by("sandbox")));
    assert!(refused(&changed, Writes::Included).contains("`find_books` has changed since it was verified on"));
    assert_eq!(
        by(&generated(&changed, Writes::Included), Verified::Sandbox),
        ["count_books", "drop_books"]
    );
}

/// This repository's own sources, which the sandbox is for, verified by this; `api` is the API's name.
fn sample(api: &str, endpoint: &str) -> Sources {
    let mut sources = Sources::read(std::path::Path::new("..")).unwrap();
    sources.files.retain(|file| file.kind != SourceKind::Verified);
    let facts = sources
        .files
        .iter_mut()
        .find(|file| file.kind == SourceKind::Api)
        .unwrap();
    facts.text = facts.text.replace("\"company-intelligence\"", &format!("\"{api}\""));
    let tools = generated(&sources, Writes::Included).tools;
    let known = tools.into_iter().map(|tool| {
        let known = Verification {
            contract: tool.digest,
            endpoint: endpoint.to_owned(),
            time: "2026-11-23T12:00:00Z".to_owned(),
            cases: 7,
        };
        (tool.name, known)
    });
    sources.files.push(SourceFile {
        path: VERIFIED.to_owned(),
        kind: SourceKind::Verified,
        text: verified_lock(&known.collect()),
    });
    sources
}

#[test]
fn the_sandbox_answers_for_its_own_api_and_for_no_other() {
    let own = sample("company-intelligence", "sandbox");
    assert_eq!(refused(&own, Writes::Included), "");
    // It is not said to be more than it is.
    assert_eq!(names(&generated(&own, Writes::Included)), [""; 0]);
    // The same schema may be that of an API of somebody's own.
    let copy = sample("companies", "sandbox");
    assert_eq!(refused(&copy, Writes::Included).matches("in a sandbox only").count(), 9);
    assert_eq!(refused(&sample("companies", ENDPOINT), Writes::Included), "");
}

#[test]
fn what_is_not_offered_or_not_compiled_in_passes() {
    let mut known = verified();
    known.remove("drop_books");
    let disabled = sources(true, "Finds books.", Some(&known));
    assert_eq!(refused(&disabled, Writes::Excluded), "");
    assert!(refused(&disabled, Writes::Included).contains("`drop_books` was never verified"));
    // It is not verified, all the same.
    assert_eq!(names(&generated(&disabled, Writes::Included)), ["count_books"]);
}

#[test]
fn it_is_no_part_of_any_digest() {
    let with = generated(&sources(false, "Finds books.", Some(&verified())), Writes::Included);
    let without = generated(&sources(false, "Finds books.", None), Writes::Included);
    assert_eq!((with.digest, with.lock), (without.digest, without.lock));
}

#[test]
fn what_is_written_is_read_again() {
    let known = verified();
    assert_eq!(
        verifications(&sources(false, "Finds books.", Some(&known))),
        Ok(known.clone())
    );
    let only: Verifications = known.into_iter().take(1).collect();
    expect![[r##"
        # Which tools were called, with cases made from their contracts, and passed. `cargo xtask verify` writes it. With
        # `APPSYNC_MCP_REQUIRE_VERIFIED=1` a build refuses the tools that are not in it as they are now, and those that no real
        # API has answered, unless the API is the one that the sandbox stands for.
        #
        # contract  the digest that the tool had, as `schema/tools.lock` has it: a tool with another one is not verified
        # endpoint  what answered: SHA-256 over an API's URL, or `sandbox`, which also stands for any API on the same machine, as
        #           far as its address tells: one in the local network counts as an API
        # time      when that was, in UTC
        # cases     how many cases have passed

        [count_books]
        contract = "sha256:5083dd18fc622bd4450153e5dc90d69d5cbd29d384bd51753f4bd061aa46926e"
        endpoint = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
        time = "2026-11-23T12:00:00Z"
        cases = 7
    "##]]
    .assert_eq(&verified_lock(&only));
    // A leftover is harmless.
    let mut gone = only.clone();
    gone.extend(only.values().map(|known| ("gone".to_owned(), known.clone())));
    let found = generated(&sources(false, "Finds books.", Some(&gone)), Writes::Included);
    assert_eq!(names(&found), ["count_books"]);
}
