//! A schema and an API's facts from the control plane.

use serde_json::json;

use crate::{
    project::{API, Done, Project, SCHEMA},
    server::Server,
};

/// What `GetGraphqlApi` answers; there is more in it than anybody may see.
fn graphql_api() -> String {
    json!({ "graphqlApi": {
        "name": "books",
        "apiId": "abc123",
        "arn": "arn:aws:appsync:eu-west-1:123456789012:apis/abc123",
        "authenticationType": "API_KEY",
        "additionalAuthenticationProviders": [{
            "authenticationType": "AMAZON_COGNITO_USER_POOLS",
            "userPoolConfig": { "userPoolId": "eu-west-1_Pool12345", "awsRegion": "eu-west-1" },
        }],
        "uris": { "GRAPHQL": "https://abc.appsync-api.eu-west-1.amazonaws.com/graphql" },
        "queryDepthLimit": 10,
    }})
    .to_string()
}

/// A control plane whose schema is this, and which answers `ListResolvers` with this status.
fn control_plane(schema: &str, resolvers: u16) -> Server {
    let schema = schema.to_owned();
    Server::start(move |request| match request.line.split(' ').nth(1).unwrap() {
        "/v1/apis/abc123/schema?format=SDL&includeDirectives=true" => (200, schema.clone()),
        "/v1/apis/abc123" => (200, graphql_api()),
        "/v1/apis/abc123/types/Query/resolvers?maxResults=25" => {
            let page = json!({ "resolvers": [{ "fieldName": "books" }], "nextToken": "n" });
            (
                resolvers,
                if resolvers == 200 {
                    page.to_string()
                } else {
                    String::new()
                },
            )
        }
        "/v1/apis/abc123/types/Query/resolvers?maxResults=25&nextToken=n" => (
            200,
            json!({ "resolvers": [{ "fieldName": "book", "kind": "UNIT" }] }).to_string(),
        ),
        "/v1/apis/abc123/types/Book/resolvers?maxResults=25" => (
            200,
            json!({ "resolvers": [{ "fieldName": "title", "kind": "PIPELINE" }] }).to_string(),
        ),
        _ => (404, json!({ "message": "no such thing" }).to_string()),
    })
}

fn refresh(project: &Project, server: &Server, api_id: &str, more: &[&str]) -> Done {
    let words = [&["--api-id", api_id, "--control-plane", &*server.url][..], more].concat();
    let variables = [
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLEEXAMPLE00"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        ("AWS_REGION", "eu-west-1"),
        // What the server would be given, and what means nothing here.
        ("APPSYNC_MCP_ENDPOINT", "https://x.example/graphql"),
    ];
    project.run_with(&words, &variables)
}

#[test]
fn the_schema_and_the_facts_are_written() {
    let project = Project::new();
    let server = control_plane(&SCHEMA.replace("  pages: Int\n", ""), 200);
    let done = refresh(&project, &server, "abc123", &["--json"]);
    assert_eq!(done.code, 0, "{done:?}");
    let json = done.json();
    assert_eq!(json["source"], "api-id");
    assert_eq!(json["wrote"], json!(["schema/schema.graphql", "schema/api.json"]));
    assert_eq!(json["directivesTold"], true);
    assert_eq!(
        project.read("schema/schema.graphql"),
        SCHEMA.replace("  pages: Int\n", "")
    );
    assert_eq!(
        project.read("schema/api.json"),
        r#"{
  "name": "books",
  "authenticationType": "API_KEY",
  "additionalAuthenticationProviders": ["AMAZON_COGNITO_USER_POOLS"],
  "queryDepthLimit": 10,
  "resolvers": {
    "Book.title": "PIPELINE",
    "Query.book": "UNIT",
    "Query.books": null
  }
}
"#
    );
    for request in server.requests() {
        assert!(request.line.starts_with("GET /v1/apis/abc123"), "{request:?}");
        assert!(
            request
                .headers
                .contains("authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLEEXAMPLE00/"),
            "{request:?}"
        );
        assert!(
            request.headers.contains("/eu-west-1/appsync/aws4_request"),
            "{request:?}"
        );
    }
    // Once more, and nothing is to be done.
    let before = project.schema_folder();
    let done = refresh(&project, &server, "abc123", &[]);
    assert_eq!((done.code, &*done.err), (0, ""));
    assert!(done.out.ends_with("up to date: nothing to write\n"), "{done:?}");
    assert_eq!(project.schema_folder(), before);
}

#[test]
fn resolvers_that_nobody_may_list_stay_as_they_are() {
    for status in [302, 403, 404, 500, 501] {
        let project = Project::new();
        let done = refresh(&project, &control_plane(SCHEMA, status), "abc123", &[]);
        assert_eq!(done.code, 0, "{done:?}");
        assert!(
            done.err
                .starts_with("note: `ListResolvers` is not to be had (the API answered "),
            "{done:?}"
        );
        let lines: Vec<_> = done.err.lines().skip(1).collect();
        assert!(matches!(lines[..], [next] if next.starts_with("next: ")), "{done:?}");
        let api = project.read("schema/api.json");
        assert!(api.contains("\"Query.book\"") && !api.contains("Book.title"), "{api}");
        assert!(api.contains("\"queryDepthLimit\": 10"), "{api}");

        project.write(
            "schema/api.json",
            "{ \"name\": \"books\", \"authenticationType\": \"API_KEY\" }",
        );
        let done = refresh(&project, &control_plane(SCHEMA, status), "abc123", &[]);
        assert_eq!(done.code, 0, "{done:?}");
        assert!(!project.read("schema/api.json").contains("resolvers"));
    }
}

#[test]
fn what_can_not_be_read_touches_nothing() {
    let project = Project::new();
    let before = project.schema_folder();
    for (server, api_id, expected) in [
        (
            control_plane(SCHEMA, 200),
            "nosuch",
            "the API answered HTTP 404: no such thing\nhelp: look whether the id",
        ),
        (
            Server::start(|_| {
                (
                    403,
                    json!({
                        "__type": "AccessDeniedException",
                        "message": "User: arn:aws:sts::123456789012:assumed-role/Admin/a may not (account 123456789012)",
                    })
                    .to_string(),
                )
            }),
            "abc123",
            "HTTP 403 (AccessDeniedException): User: arn:aws:sts::… may not (account ************)\nhelp: the credentials have to allow `appsync:GetIntrospectionSchema`",
        ),
        (
            control_plane("type Query {", 200),
            "abc123",
            "expected Field Definition",
        ),
        (
            Server::start(|request| {
                let is_list = request.line.contains("/types/");
                (if is_list { 501 } else { 200 }, SCHEMA.to_owned())
            }),
            "abc123",
            "the answer to `GetGraphqlApi` is no JSON",
        ),
    ] {
        let done = refresh(&project, &server, api_id, &["--check"]);
        assert_eq!((done.code, &*done.out), (3, ""), "{done:?}");
        assert!(done.err.contains(expected), "{expected}: {done:?}");
    }
    assert_eq!(project.schema_folder(), before);
    assert_eq!(project.read("schema/api.json"), API);
}

/// The new schema has no such field: what is written has to build.
#[test]
fn a_resolver_of_no_field_is_left_out_and_named() {
    // Of those that are listed, and of those that are kept.
    for (status, kept, dropped) in [
        (200, "\"Query.books\"", "Book.title, Query.book\n"),
        (403, "[]", "Query.book\n"),
    ] {
        let project = Project::new();
        let schema = SCHEMA
            .replace("  title: String! @aws_iam\n", "")
            .replace("  book(id: ID!): Book\n", "");
        let done = refresh(&project, &control_plane(&schema, status), "abc123", &[]);
        assert_eq!(done.code, 0, "{done:?}");
        let note = "note: resolvers of what is no field of the schema are left out of schema/api.json: ";
        assert!(done.err.contains(&format!("{note}{dropped}")), "{done:?}");
        let api = project.read("schema/api.json");
        assert!(
            api.contains(kept) && !api.contains("Query.book\"") && !api.contains("title"),
            "{api}"
        );
    }
    let project = Project::new();
    let server = Server::start(|request| match request.line.split(' ').nth(1).unwrap() {
        "/v1/apis/abc123/schema?format=SDL&includeDirectives=true" => (200, SCHEMA.to_owned()),
        "/v1/apis/abc123" => (200, graphql_api()),
        _ => (200, json!({ "resolvers": [{ "fieldName": "bo\u{1b}ok" }] }).to_string()),
    });
    let done = refresh(&project, &server, "abc123", &["--json"]);
    assert_eq!(done.code, 0, "{done:?}");
    assert_eq!(
        done.json()["droppedResolvers"],
        json!(["Book.bo\u{1b}ok", "Query.bo\u{1b}ok"])
    );
    assert!(done.err.contains("Book.bo\\u{1b}ok, Query.bo\\u{1b}ok\n"), "{done:?}");
    assert!(project.read("schema/api.json").contains("\"resolvers\": []"));
}

#[test]
fn a_list_of_resolvers_that_does_not_end_is_given_up() {
    let project = Project::new();
    let server = Server::start(|request| match request.line.split(' ').nth(1).unwrap() {
        "/v1/apis/abc123/schema?format=SDL&includeDirectives=true" => (200, SCHEMA.to_owned()),
        "/v1/apis/abc123" => (200, graphql_api()),
        _ => (200, json!({ "resolvers": [], "nextToken": "n" }).to_string()),
    });
    let done = refresh(&project, &server, "abc123", &[]);
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.err.contains("(the list of resolvers does not end)"), "{done:?}");
    assert!(project.read("schema/api.json").contains("\"Query.book\""));
    assert!(server.requests().len() < 110);
}
