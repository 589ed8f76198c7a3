//! `schema/tools.lock`: what it says of a tool, and what differs from it.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a helper of a test fails as the test does"
)]

use std::path::Path;

use appsync_mcp_codegen::{
    Change, Generated, LOCK, SourceFile, SourceKind, Sources, Subject, Writes, changes, generate, review,
};
use expect_test::{expect, expect_file};

/// This repository's own sources, its lock included.
fn sample() -> Sources {
    project("..")
}

fn project(folder: &str) -> Sources {
    Sources::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("the project's sources")
}

fn generated(sources: &Sources) -> Generated {
    generate(sources, Writes::Included).unwrap_or_else(|found| panic!("{}", found.render(sources)))
}

fn text<'s>(sources: &'s mut Sources, path: &str) -> &'s mut String {
    let file = sources.files.iter_mut().find(|file| file.path == path);
    &mut file.expect("a file of that path").text
}

/// Edits a file of the sample; what was there has to be there.
fn edit(sources: &mut Sources, path: &str, from: &str, to: &str) {
    let text = text(sources, path);
    assert!(text.contains(from), "{path} has `{from}`");
    *text = text.replacen(from, to, 1);
}

/// What the build says of the lock, with and without writes.
fn told(sources: &Sources, writes: Writes) -> String {
    let generated = generate(sources, writes).unwrap_or_else(|found| panic!("{}", found.render(sources)));
    match review(sources, &generated, writes) {
        Ok(()) => String::new(),
        Err(found) => found.render(sources),
    }
}

const SEARCH: &str = "operations/read/search_companies.graphql";
const PROMPT: &str = "operations/prompts/find_companies.md";
const CREATE: &str = "operations/write/create_collection.graphql";

#[test]
fn the_locks_of_this_repository_are_fresh() {
    for folder in ["..", "../tests/kitchen-sink"] {
        let sources = project(folder);
        assert_eq!(told(&sources, Writes::Included), "");
        assert_eq!(told(&sources, Writes::Excluded), "");
        assert_eq!(changes(&sources, &generated(&sources)), []);
    }
}

#[test]
fn all_of_a_tool_is_in_it() {
    let file = |path: &str, kind, text: &str| SourceFile {
        path: path.to_owned(),
        kind,
        text: text.to_owned(),
    };
    let sources = Sources {
        files: vec![
            file(
                "operations/read/find_books.graphql",
                SourceKind::Read,
                r#"
                """
                Finds books, "quickly".
                Says so.
                """
                query FindBooks("Words." $text: String "From." $min: Int "To." $max: Int "How many." $limit: Int! = 5)
                @tool(title: "Find books", scopes: ["books:read"], rate: "5/min", timeout: "9s", maxBytes: 4096) {
                  books(text: $text, pages: { min: $min, max: $max }, limit: $limit) @list(max: 5) { title }
                }"#,
            ),
            file(
                "operations/write/drop_books.graphql",
                SourceKind::Write,
                r#""Drops all." mutation DropBooks @tool(title: "Drop", idempotent: true) { dropBooks }"#,
            ),
            file(
                "schema/schema.graphql",
                SourceKind::Schema,
                "type Query { books(text: String, pages: Pages, limit: Int): [Book!]! } input Pages { min: Int max: Int }
                 type Book { title: String! } type Mutation { dropBooks: Int }",
            ),
        ],
    };
    expect_file!["lock/example.lock"].assert_eq(&generated(&sources).lock);
}

#[test]
fn it_is_toml_and_says_what_the_sources_say() {
    for folder in ["..", "../tests/kitchen-sink"] {
        let generated = generated(&project(folder));
        let lock: toml::Table = toml::from_str(&generated.lock).expect("TOML");
        assert_eq!(lock["tools"].as_table().expect("a table").len(), generated.tools.len());
        for tool in &generated.tools {
            let locked = &lock["tools"][&tool.name];
            assert_eq!(locked["title"].as_str(), Some(&*tool.title));
            assert_eq!(locked["kind"].as_str(), Some(tool.kind));
            assert_eq!(locked["digest"].as_str(), Some(&*tool.digest));
            assert_eq!(locked["tokens"].as_integer(), i64::try_from(tool.tokens).ok());
            // As the emitted contract has them.
            for key in ["inputSchema", "outputSchema"] {
                let schema: serde_json::Value =
                    serde_json::from_str(locked[key].as_str().expect("a text")).expect("JSON");
                let schema = schema.to_string();
                assert!(contains_literal(&generated.code, &schema), "{}: {schema}", tool.name);
            }
            let description = locked["description"].as_str().expect("a text");
            assert!(contains_literal(&generated.code, description), "{}", tool.name);
        }
    }
}

/// Whether Rust has a text as a literal.
fn contains_literal(code: &str, text: &str) -> bool {
    code.contains(&format!("{text:?}"))
}

#[test]
fn a_digest_is_of_what_stands_there() {
    for line in generated(&sample())
        .lock
        .lines()
        .filter(|line| line.contains("sha256:"))
    {
        let digits = line.split_once("sha256:").expect("a digest").1.trim_end_matches('"');
        assert_eq!(digits.len(), 64, "{line}");
    }
    let digest_of = |sources: &Sources| generated(sources).digest;
    let reads_of = |sources: &Sources| generate(sources, Writes::Excluded).expect("it builds").digest;
    let (before, reads) = (digest_of(&sample()), reads_of(&sample()));
    for (path, from, to) in [
        (SEARCH, "Find companies", "Find firms"),
        (SEARCH, "Fewest employees.", "The fewest employees."),
        (SEARCH, "title: \"Search companies\"", "title: \"Search\""),
        (SEARCH, "companies:read", "companies:all"),
        (SEARCH, "max: 100", "max: 99"),
        (SEARCH, "total", "__typename"),
        (CREATE, "destructive: false", "destructive: true"),
        ("operations/read/ai_search.graphql", "5/min", "6/min"),
        (
            "operations/fragments/company_summary.graphql",
            "website",
            "site: website",
        ),
        ("schema/schema.graphql", "By the newest count.", "By the last count."),
        // What the schemas don't show.
        (SEARCH, "@length(min: 2, max: 200)", "@length(min: 2, max: 201)"),
        (
            SEARCH,
            "@range(min: 1, max: 100, excess: CLAMP)",
            "@range(min: 2, max: 100, excess: CLAMP)",
        ),
        (SEARCH, "@list(maxFrom: \"limit\")", "@list(max: 100)"),
        ("schema/api.local.json", "\"InsufficientCredits\"", "\"NoCredits\""),
        (
            "schema/api.local.json",
            "\"CollectionNotFound\"],",
            "\"CompanyNotFound\"],",
        ),
        (PROMPT, "title = \"", "title = \"The "),
        (PROMPT, "required = true", "required = false"),
        (PROMPT, "{{tool:search_companies}}", "{{tool:get_company}}"),
    ] {
        let mut sources = sample();
        edit(&mut sources, path, from, to);
        assert_ne!(digest_of(&sources), before, "{path}: {from}");
        assert_eq!(reads_of(&sources) == reads, path == CREATE, "{path}: {from}");
    }
    let mut sources = sample();
    // What no model sees, and nobody sends.
    edit(
        &mut sources,
        SEARCH,
        "query SearchCompanies",
        "# A comment.\nquery SearchCompanies",
    );
    assert_eq!(digest_of(&sources), before);
}

#[test]
fn without_writes_the_digest_is_the_reads() {
    let mut sources = sample();
    let digest = |sources: &Sources, writes| generate(sources, writes).expect("the sample builds").digest;
    let (all, reads) = (digest(&sources, Writes::Included), digest(&sources, Writes::Excluded));
    let lock = generated(&sources).lock;
    assert!(lock.contains(&format!("\ndigest = \"{all}\"\n")) && lock.contains(&format!("\nreads = \"{reads}\"\n")));
    assert_ne!(all, reads);
    edit(&mut sources, CREATE, "Make a new", "Make a");
    assert_ne!(digest(&sources, Writes::Included), all);
    assert_eq!(digest(&sources, Writes::Excluded), reads);
    // The lock is of both, whatever is compiled in.
    let without = generate(&sources, Writes::Excluded).expect("the sample builds");
    assert_eq!(without.lock, generated(&sources).lock);
}

#[test]
fn a_changed_description_breaks_the_build() {
    let mut sources = sample();
    edit(
        &mut sources,
        SEARCH,
        "keyword, country and size",
        "keyword, country or size",
    );
    expect![[r#"
        error: the tool `search_companies` has changed
           --> schema/tools.lock:855:1
            |  search_companies.title = "Search companies"
            | -search_companies.description = "Find companies by keyword, country and size. Returns a page of short profiles; get_company has the whole one."
            | +search_companies.description = "Find companies by keyword, country or size. Returns a page of short profiles; get_company has the whole one."
            |  search_companies.annotations = { title = "Search companies", readOnlyHint = true, destructiveHint = false, openWorldHint = true }
        help: if that is meant, accept it with `cargo xtask bless`, and commit the lock for review
    "#]].assert_eq(&told(&sources, Writes::Included));
    // Both sorts of build compare reads.
    assert_eq!(told(&sources, Writes::Excluded), told(&sources, Writes::Included));
}

#[test]
fn a_changed_bound_is_shown_in_its_schema() {
    let mut sources = sample();
    edit(
        &mut sources,
        SEARCH,
        "@range(min: 1, max: 100, excess: CLAMP)",
        "@range(min: 1, max: 500)",
    );
    expect![[r#"
        error: the tool `search_companies` has changed
           --> schema/tools.lock:862:1
            |  search_companies.maxBytes = 262144
            | -search_companies.cost = { nodes = 101, listItems = 100, depth = 3, resolversEstimate = 2 }
            | +search_companies.cost = { nodes = 501, listItems = 500, depth = 3, resolversEstimate = 2 }
            |  search_companies.constraints = [
            | @@ search_companies.constraints
            |    "employeesMax: @range(min: 0)",
            | -  "limit: @range(min: 1, max: 100, excess: CLAMP)",
            | +  "limit: @range(min: 1, max: 500)",
            |    "nextToken: @length(max: 1024)",
            | @@ search_companies.inputSchema
            |      "employeesMax": { "type": "integer", "minimum": 0, "description": "Most employees." },
            | -    "limit": { "type": "integer", "description": "How many to return. From 1 to 100.", "default": 20 },
            | +    "limit": { "type": "integer", "minimum": 1, "maximum": 500, "description": "How many to return.", "default": 20 },
            |      "nextToken": { "type": "string", "maxLength": 1024, "description": "From the page before." }
            | @@ search_companies.outputSchema
            |        },
            | -      "maxItems": 100,
            | +      "maxItems": 500,
            |        "description": "A page can be empty and still have a `nextToken`."
        help: if that is meant, accept it with `cargo xtask bless`, and commit the lock for review
    "#]]
    .assert_eq(&told(&sources, Writes::Included));
}

#[test]
fn a_changed_write_breaks_builds_with_writes_only() {
    let mut sources = sample();
    edit(&mut sources, CREATE, "destructive: false", "destructive: true");
    expect![[r#"
        error: the tool `create_collection` has changed
            --> schema/tools.lock:1052:1
             |  create_collection.description = "Make a new, empty collection of companies that belongs to the caller."
             | -create_collection.annotations = { title = "Create a collection", readOnlyHint = false, destructiveHint = false, idempotentHint = false, openWorldHint = false }
             | +create_collection.annotations = { title = "Create a collection", readOnlyHint = false, destructiveHint = true, idempotentHint = false, openWorldHint = false }
             |  create_collection.scopes = ["collections:write"]
        help: if that is meant, accept it with `cargo xtask bless`, and commit the lock for review
    "#]].assert_eq(&told(&sources, Writes::Included));
    assert_eq!(told(&sources, Writes::Excluded), "");
}

/// The sample with a tool less, and with one that has another name.
fn with_other_tools() -> Sources {
    let mut sources = sample();
    sources
        .files
        .retain(|file| file.path != "operations/read/get_companies_batch.graphql");
    let text =
        text(&mut sources, "operations/read/list_collections.graphql").replace("ListCollections", "ListMyCollections");
    sources.files.push(SourceFile {
        path: "operations/read/list_my_collections.graphql".to_owned(),
        kind: SourceKind::Read,
        text,
    });
    let prompt = "operations/prompts/build_collection.md";
    edit(
        &mut sources,
        prompt,
        "tool:list_collections",
        "tool:list_my_collections",
    );
    sources
}

#[test]
fn tools_that_come_and_go_are_told() {
    let sources = with_other_tools();
    expect![[r#"
        error: the prompt `build_collection` has changed
          --> schema/tools.lock:39:1
           | @@ prompts.build_collection.text
           | 
           | -1. Call {{tool:list_collections}} first. If there is a collection of that name, ask whether to add to it.
           | +1. Call {{tool:list_my_collections}} first. If there is a collection of that name, ask whether to add to it.
           |  2. Find companies with {{tool:search_companies}}; follow `nextToken` until you have enough or there are no more.
        help: if that is meant, accept it with `cargo xtask bless`, and commit the lock for review

        error: the tool `get_companies_batch` is gone
           --> schema/tools.lock:350:1
            | -get_companies_batch.kind = "read"
            | -get_companies_batch.title = "Get several companies"
            | -get_companies_batch.description = "Short profiles of up to 50 companies by id, in the order asked for; null for an id of no company."
            | -get_companies_batch.annotations = { title = "Get several companies", readOnlyHint = true, destructiveHint = false, openWorldHint = true }
            | -get_companies_batch.scopes = ["companies:read"]
            | -get_companies_batch.access = { API_KEY = [], AWS_IAM = [], AMAZON_COGNITO_USER_POOLS = [], OPENID_CONNECT = [] }
            | -get_companies_batch.rate = "unlimited"
            | -get_companies_batch.timeout = "20s"
            | -get_companies_batch.maxBytes = 262144
            | -get_companies_batch.cost = { nodes = 50, listItems = 50, depth = 2, resolversEstimate = 1 }
            | -get_companies_batch.constraints = [
            | -  "ids: @items(min: 1, max: 50, unique: true)",
            | -  "ids: @length(min: 1, max: 64)",
            | -]
            | -get_companies_batch.lists = [
            | -  "getCompanies: 50",
            | -]
            | -get_companies_batch.document = '''
            | -query GetCompaniesBatch($ids: [ID!]!) {
            | -  getCompanies(ids: $ids) {
            | … 77 more lines
        help: if that is meant, accept it with `cargo xtask bless`, and commit the lock for review

        error: the tool `list_my_collections` is new
           --> schema/tools.lock:852:1
            | +list_my_collections.kind = "read"
            | +list_my_collections.title = "List collections"
            | +list_my_collections.description = "The caller's collections, newest first, a page at a time."
            | +list_my_collections.annotations = { title = "List collections", readOnlyHint = true, destructiveHint = false, openWorldHint = false }
            | +list_my_collections.scopes = ["collections:read"]
            | +list_my_collections.access = { AMAZON_COGNITO_USER_POOLS = [], OPENID_CONNECT = [] }
            | +list_my_collections.rate = "unlimited"
            | +list_my_collections.timeout = "20s"
            | +list_my_collections.maxBytes = 262144
            | +list_my_collections.cost = { nodes = 101, listItems = 100, depth = 3, resolversEstimate = 2 }
            | +list_my_collections.constraints = [
            | +  "limit: @range(min: 1, max: 100, excess: CLAMP)",
            | +  "nextToken: @length(max: 1024)",
            | +]
            | +list_my_collections.lists = [
            | +  "listCollections.items: maxFrom limit",
            | +]
            | +list_my_collections.document = '''
            | +query ListMyCollections($limit: Int! = 20< $nextToken: String>) {
            | +  listCollections(limit: $limit< nextToken: $nextToken>) {
            | … 51 more lines
        help: if that is meant, accept it with `cargo xtask bless`, and commit the lock for review
    "#]].assert_eq(&told(&sources, Writes::Included));
    let changes = changes(&sources, &generated(&sources));
    assert_eq!(
        changes,
        [
            Change::Changed(Subject::Prompt("build_collection".to_owned())),
            Change::Gone(Subject::Tool("get_companies_batch".to_owned())),
            Change::New(Subject::Tool("list_my_collections".to_owned()))
        ]
    );
}

#[test]
fn a_changed_prompt_and_a_changed_class_of_errors_are_told() {
    let mut sources = sample();
    edit(&mut sources, PROMPT, "title = \"", "title = \"The ");
    edit(
        &mut sources,
        "schema/api.local.json",
        "[\"TooManyRequests\"]",
        "[\"TooMany\"]",
    );
    expect![[r#"
        error: what the API's `errorType`s mean has changed
          --> schema/tools.lock:25:1
           |  errorTypes.conflict = ["Conflict", "DuplicateName"]
           | -errorTypes.throttled = ["TooManyRequests"]
           | +errorTypes.throttled = ["TooMany"]
           |  errorTypes.showable = ["NotFound", "CollectionNotFound", "Conflict", "DuplicateName", "BadRequest", "InsufficientCredits"]
        help: if that is meant, accept it with `cargo xtask bless`, and commit the lock for review

        error: the prompt `find_companies` has changed
          --> schema/tools.lock:46:1
           | -prompts.find_companies.title = "Find companies"
           | +prompts.find_companies.title = "The Find companies"
           |  prompts.find_companies.description = "Finds companies that fit a description, and says why each of them fits."
        help: if that is meant, accept it with `cargo xtask bless`, and commit the lock for review
    "#]].assert_eq(&told(&sources, Writes::Included));
    assert_eq!(told(&sources, Writes::Excluded), told(&sources, Writes::Included));
}

#[test]
fn a_changed_pattern_and_its_hint_are_told_where_a_text_is_rewritten() {
    let with = |constraint: &str| {
        let mut sources = sample();
        let normalizer = "@normalize(as: TRIM)";
        edit(&mut sources, SEARCH, normalizer, &format!("{normalizer} {constraint}"));
        sources
    };
    let mut sources = with("@pattern(regex: \"[a-zA-Z ]+\", hint: \"letters.\")");
    let lock = generated(&sources).lock;
    *text(&mut sources, LOCK) = lock;
    assert_eq!(told(&sources, Writes::Included), "");
    edit(&mut sources, SEARCH, "letters.", "\\\"Latin\\\" letters.");
    expect![[r#"
        error: the tool `search_companies` has changed
           --> schema/tools.lock:867:1
            | @@ search_companies.constraints
            |    "keywords: @normalize(as: TRIM)",
            | -  "keywords: @pattern /[a-zA-Z ]+/ \"letters.\"",
            | +  "keywords: @pattern /[a-zA-Z ]+/ \"\\\"Latin\\\" letters.\"",
            |    "country: @normalize(as: COUNTRY_CODE)",
        help: if that is meant, accept it with `cargo xtask bless`, and commit the lock for review
    "#]]
    .assert_eq(&told(&sources, Writes::Included));
}

#[test]
fn blanks_at_the_end_of_a_line_are_seen() {
    let mut sources = sample();
    edit(
        &mut sources,
        LOCK,
        "ai_search.rate = \"5/min\"\n",
        "ai_search.rate = \"5/min\" \t\n",
    );
    expect![[r#"
        error: the tool `ai_search` has changed
          --> schema/tools.lock:70:1
           |  ai_search.access = { OPENID_CONNECT = [] }
           | -ai_search.rate = "5/min"··
           | +ai_search.rate = "5/min"
           |  ai_search.timeout = "30s"
        help: if that is meant, accept it with `cargo xtask bless`, and commit the lock for review
    "#]]
    .assert_eq(&told(&sources, Writes::Included));
}

/// A prompt that looks like other parts of the lock moves none of them.
#[test]
fn no_text_looks_like_a_part() {
    let mut sources = sample();
    let prompt = text(&mut sources, PROMPT);
    prompt.push_str("\n\n[tools]\n\nai_search.kind = \"read\"\nerrorTypes.digest = \"sha256:0\"\n");
    let lock = generated(&sources).lock;
    *text(&mut sources, LOCK) = lock;
    for line in ["[tools]", "ai_search.kind = \"read\""] {
        let lock = &text(&mut sources, LOCK);
        assert_eq!(lock.lines().filter(|found| *found == line).count(), 1, "{line}");
    }
    edit(&mut sources, PROMPT, "title = \"", "title = \"The ");
    let changes = changes(&sources, &generated(&sources));
    assert_eq!(changes, [Change::Changed(Subject::Prompt("find_companies".to_owned()))]);
}

#[test]
fn what_many_tools_share_is_shown_for_some_of_them() {
    let mut sources = sample();
    edit(
        &mut sources,
        "schema/schema.graphql",
        "By the newest count.",
        "By the last count.",
    );
    edit(
        &mut sources,
        "operations/read/list_collections.graphql",
        "newest first",
        "oldest first",
    );
    edit(&mut sources, CREATE, "Make a new", "Make a");
    let report = told(&sources, Writes::Included);
    assert_eq!(report.matches("error: the tool ").count(), 5, "{report}");
    let last = report.rsplit("\n\n").next().expect("the last one");
    expect![[r#"
        error: 2 more are not as the lock has them
           --> schema/tools.lock:932:1
            | the tool `search_companies` has changed
            | the tool `create_collection` has changed
        help: if that is meant, accept it with `cargo xtask bless`, and commit the lock for review
    "#]]
    .assert_eq(last);
}

#[test]
fn a_missing_lock_breaks_the_build() {
    let mut sources = sample();
    sources.files.retain(|file| file.kind != SourceKind::Lock);
    expect![[r#"
        error: there is no `schema/tools.lock`: nobody has reviewed what models can see and do
         --> schema/schema.graphql:1:1
        1 | "Companies to put into a collection."
          | ^ beside this file
        help: write it with `cargo xtask bless`, read it, and commit it
    "#]]
    .assert_eq(&told(&sources, Writes::Included));
    assert_eq!(changes(&sources, &generated(&sources)).len(), 12);
    sources.files.push(SourceFile {
        path: LOCK.to_owned(),
        kind: SourceKind::Lock,
        text: String::new(),
    });
    assert!(told(&sources, Writes::Included).contains("the tool `ai_search` is new"));
}

#[test]
fn the_markers_of_a_merge_break_the_build() {
    let mut sources = sample();
    edit(
        &mut sources,
        LOCK,
        "digest = ",
        "<<<<<<< HEAD\ndigest = \"sha256:1\"\n=======\ndigest = \"sha256:2\"\n>>>>>>> other\ndigest = ",
    );
    expect![[r#"
        error: `schema/tools.lock` holds the markers of a merge conflict
          --> schema/tools.lock:19:1
        19 | <<<<<<< HEAD
           | ^^^^^^^ a conflict
        help: merge `schema/` and `operations/`, and let `cargo xtask bless` write the lock anew
    "#]]
    .assert_eq(&told(&sources, Writes::Included));
}

#[test]
fn line_ends_are_no_change() {
    let mut sources = sample();
    let lock = text(&mut sources, LOCK);
    *lock = lock.replace('\n', "\r\n");
    expect![[""]].assert_eq(&told(&sources, Writes::Included));
    let lock = text(&mut sources, LOCK);
    *lock = format!("\u{feff}{lock}");
    expect![[""]].assert_eq(&told(&sources, Writes::Included));
    edit(&mut sources, CREATE, "Make a new", "Make a");
    assert_eq!(told(&sources, Writes::Included).lines().count(), 7);
}

#[test]
fn what_a_hand_has_written_breaks_the_build() {
    // A rate that nobody has given, a digest alone, the head, a tool twice, a tool elsewhere, a line too many.
    for (from, to) in [
        ("ai_search.rate = \"5/min\"", "ai_search.rate = \"50/min\""),
        ("ai_search.digest = \"sha256:", "ai_search.digest = \"sha256:0"),
        ("reads = \"sha256:", "reads = \"sha256:0"),
        ("[tools]\n", "[tools]\n\nai_search.kind = \"read\"\n"),
        ("# What models can", "# What no model can"),
        ("ai_search.kind = \"read\"", "ai_search.kind = \"write\""),
        ("[tools]\n", ""),
        ("[tools]\n", "[tools]\n\n[tools]\n"),
        (
            "errorTypes.digest = \"sha256:",
            "[tools]\n\nerrorTypes.digest = \"sha256:",
        ),
        ("errorTypes.conflict = [\"Conflict\", ", "errorTypes.conflict = ["),
        ("prompts.find_companies.digest = ", "prompts.find_firms.digest = "),
        ("ai_search.kind = \"read\"\n", ""),
    ] {
        let mut sources = sample();
        edit(&mut sources, LOCK, from, to);
        let report = told(&sources, Writes::Included);
        assert!(report.contains("--> schema/tools.lock:"), "{from}: {report}");
        assert!(report.contains("cargo xtask bless"), "{from}: {report}");
        assert_ne!(told(&sources, Writes::Excluded), "", "{from}");
    }
    // The line before the tools elsewhere.
    let mut sources = sample();
    edit(&mut sources, LOCK, "\n[tools]\n", "");
    edit(&mut sources, LOCK, "\nerrorTypes.", "\n[tools]\n\nerrorTypes.");
    assert_ne!(told(&sources, Writes::Included), "");
    let mut sources = sample();
    edit(
        &mut sources,
        LOCK,
        "ai_search.rate = \"5/min\"",
        "ai_search.rate = \"50/min\"",
    );
    expect![[r#"
        error: the tool `ai_search` has changed
          --> schema/tools.lock:70:1
           |  ai_search.access = { OPENID_CONNECT = [] }
           | -ai_search.rate = "50/min"
           | +ai_search.rate = "5/min"
           |  ai_search.timeout = "30s"
        help: if that is meant, accept it with `cargo xtask bless`, and commit the lock for review
    "#]]
    .assert_eq(&told(&sources, Writes::Included));
    let mut sources = sample();
    edit(
        &mut sources,
        LOCK,
        "ai_search.digest = \"sha256:",
        "ai_search.digest = \"sha256:0",
    );
    expect![[r#"
        error: the tool `ai_search` has changed
          --> schema/tools.lock:64:1
           |  ai_search.kind = "read"
           | -ai_search.digest = "sha256:0077c12369b8dd571301b02401f55c360127fca6ddcbfc3c11a9693ce92405a2f"
           | +ai_search.digest = "sha256:077c12369b8dd571301b02401f55c360127fca6ddcbfc3c11a9693ce92405a2f"
           |  ai_search.title = "Ask the AI search"
        help: if that is meant, accept it with `cargo xtask bless`, and commit the lock for review
    "#]]
    .assert_eq(&told(&sources, Writes::Included));
    // The tools in another order, each as it was.
    let mut sources = sample();
    let lock = text(&mut sources, LOCK);
    let (head, tools) = lock.split_once("\n\nai_search.kind").expect("the first tool");
    let (first, others) = tools
        .split_once("\n\nget_collection_items.kind")
        .expect("the second one");
    *lock = format!("{head}\n\nget_collection_items.kind{others}\nai_search.kind{first}\n");
    expect![[r#"
        error: `schema/tools.lock` is not what `cargo xtask bless` writes
          --> schema/tools.lock:63:1
           | -get_collection_items.kind = "read"
        help: if that is meant, accept it with `cargo xtask bless`, and commit the lock for review
    "#]]
    .assert_eq(&told(&sources, Writes::Included));
}

#[test]
fn a_renamed_field_breaks_the_build_at_each_operation_that_uses_it() {
    let mut sources = sample();
    edit(
        &mut sources,
        "schema/schema.graphql",
        "  legalName: ",
        "  registeredName: ",
    );
    let found = generate(&sources, Writes::Included).expect_err("the field is gone");
    expect![[r#"
        error: `Company` has no field `legalName`
          --> operations/read/get_companies_batch.graphql:10:5
        10 |     legalName
           |     ^^^^^^^^^ unknown field
        help: the fields of `Company` are `address`, `city`, `contacts`, `country`, `crawl`, `crawledAt`, `createdAt`, `description`, `editorNotes`, `emails`, `employeeRange`, `employees`, …

        error: `Company` has no field `legalName`
          --> operations/read/get_company.graphql:10:5
        10 |     legalName
           |     ^^^^^^^^^ unknown field
        help: the fields of `Company` are `address`, `city`, `contacts`, `country`, `crawl`, `crawledAt`, `createdAt`, `description`, `editorNotes`, `emails`, `employeeRange`, `employees`, …
    "#]]
    .assert_eq(&found.render(&sources));
}
