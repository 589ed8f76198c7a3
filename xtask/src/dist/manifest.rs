//! What a project is → the bundle's `manifest.json`, in version 0.3 of
//! [MCPB](https://github.com/modelcontextprotocol/mcpb/blob/main/MANIFEST.md), as desktop clients read it.
//!
//! Invariant: a setting that is a secret is marked as one, so that clients keep it in the system's keychain.

use appsync_mcp_codegen::{Generated, SourceKind, Sources};
use serde_json::{Map, Value, json};

use super::package::{Facts, Package};

const VERSION: &str = "0.3";

/// A setting that the user makes in the client, and the program gets in its environment.
struct Setting {
    key: &'static str,
    variable: &'static str,
    title: &'static str,
    description: &'static str,
    kind: Kind,
    /// The feature of the program without which there is nothing to set.
    feature: Option<&'static str>,
}

/// What a setting holds. What has no default, and the user leaves open, comes to the program as a placeholder, which it takes
/// for nothing.
#[derive(Clone, Copy)]
enum Kind {
    Required,
    Optional,
    Secret,
    /// Off, unless the user switches it on.
    Switch,
    Default(&'static str),
}

const SETTINGS: &[Setting] = &[
    Setting {
        key: "endpoint",
        variable: "APPSYNC_MCP_ENDPOINT",
        title: "API",
        description: "The API's GraphQL URL, such as https://example.appsync-api.eu-west-1.amazonaws.com/graphql.",
        kind: Kind::Required,
        feature: None,
    },
    Setting {
        key: "auth",
        variable: "APPSYNC_MCP_AUTH",
        title: "Authorization mode",
        description: "How the API knows you: api-key, iam, oidc, cognito-user-pools or lambda. \
                      Left open: api-key with an API key, oidc with a token.",
        kind: Kind::Optional,
        feature: None,
    },
    Setting {
        key: "api_key",
        variable: "APPSYNC_MCP_API_KEY",
        title: "API key",
        description: "An API key, for the mode api-key.",
        kind: Kind::Secret,
        feature: None,
    },
    Setting {
        key: "token",
        variable: "APPSYNC_MCP_BEARER",
        title: "Token",
        description: "A token, for the modes oidc, cognito-user-pools and lambda. A token command is better for one that expires.",
        kind: Kind::Secret,
        feature: None,
    },
    Setting {
        key: "token_command",
        variable: "APPSYNC_MCP_TOKEN_COMMAND",
        title: "Token command",
        description: "A command that prints a token, instead of one, such as: gcloud auth print-identity-token",
        kind: Kind::Optional,
        feature: None,
    },
    Setting {
        key: "region",
        variable: "APPSYNC_MCP_REGION",
        title: "AWS region",
        description: "For the mode iam, where the API has a domain of its own: its region, such as eu-west-1.",
        kind: Kind::Optional,
        feature: Some("iam"),
    },
    Setting {
        key: "allow_mutations",
        variable: "APPSYNC_MCP_ALLOW_MUTATIONS",
        title: "Allow writes",
        description: "Whether tools may change data. Off: they only read.",
        kind: Kind::Switch,
        feature: Some("writes"),
    },
    Setting {
        key: "check_schema",
        variable: "APPSYNC_MCP_CHECK_SCHEMA",
        title: "Check the API at start",
        description: "Whether to compare the API's schema at start, and leave out the tools that would fail.",
        kind: Kind::Switch,
        feature: None,
    },
    Setting {
        key: "log",
        variable: "APPSYNC_MCP_LOG",
        title: "Log",
        description: "What is logged: off, error, warn, info or debug.",
        kind: Kind::Default("info"),
        feature: None,
    },
];

/// Writes the manifest of a package for a platform: Rust's `target`, whose program is `file` in the bundle.
///
/// # Errors
/// When the package does not say what every manifest has to.
pub(crate) fn manifest(
    package: &Package,
    sources: &Sources,
    generated: &Generated,
    target: &str,
    file: &str,
) -> Result<String, String> {
    let facts = &package.facts;
    let description = facts.description.as_deref().filter(|text| !text.is_empty()).ok_or(
        "Cargo.toml has no `description`: write one into `[package]`; it is what people read before they install the bundle",
    )?;
    let settings = || {
        SETTINGS
            .iter()
            .filter(|setting| setting.feature.is_none_or(|name| package.has(name)))
    };
    let environment: Map<_, _> = settings()
        .map(|setting| {
            (
                setting.variable.to_owned(),
                json!(format!("${{user_config.{}}}", setting.key)),
            )
        })
        .collect();
    let user_config: Map<_, _> = settings()
        .map(|setting| (setting.key.to_owned(), setting.json()))
        .collect();
    let is_offered = |kind: &str| package.writes() || kind == "read";
    let tools = generated
        .tools
        .iter()
        .filter(|tool| is_offered(tool.kind) && tool.disabled.is_none());
    let tools: Vec<_> = tools
        .map(|tool| json!({ "name": tool.name, "description": tool.description }))
        .collect();

    let mut manifest = json!({ "manifest_version": VERSION, "name": facts.name });
    let mut say = |key: &str, value: Option<Value>| {
        if let (Some(object), Some(value)) = (manifest.as_object_mut(), value) {
            object.insert(key.to_owned(), value);
        }
    };
    say("display_name", facts.ours.display_name.as_ref().map(|name| json!(name)));
    say("version", Some(json!(facts.version)));
    say("description", Some(json!(description)));
    say("author", Some(author(facts)));
    say(
        "repository",
        facts
            .repository
            .as_ref()
            .map(|url| json!({ "type": "git", "url": url })),
    );
    say("homepage", facts.homepage.as_ref().map(|url| json!(url)));
    say("documentation", facts.documentation.as_ref().map(|url| json!(url)));
    say("license", facts.license.as_ref().map(|license| json!(license)));
    let command = format!("${{__dirname}}/{file}");
    let run = json!({ "command": command, "args": [], "env": environment });
    say(
        "server",
        Some(json!({ "type": "binary", "entry_point": file, "mcp_config": run })),
    );
    say("tools", Some(json!(tools)));
    // A manifest's prompts have their text, and ours are made of arguments.
    let has_prompts = sources.files.iter().any(|source| source.kind == SourceKind::Prompt);
    say("prompts_generated", has_prompts.then_some(json!(true)));
    say("compatibility", Some(json!({ "platforms": [platform(target)?] })));
    say("user_config", Some(json!(user_config)));
    Ok(format!("{manifest:#}\n"))
}

impl Setting {
    fn json(&self) -> Value {
        let kind = if matches!(self.kind, Kind::Switch) {
            "boolean"
        } else {
            "string"
        };
        let mut value = json!({ "type": kind, "title": self.title, "description": self.description });
        let (key, of_kind) = match self.kind {
            Kind::Required => ("required", json!(true)),
            Kind::Optional => ("required", json!(false)),
            Kind::Secret => ("sensitive", json!(true)),
            Kind::Switch => ("default", json!(false)),
            Kind::Default(text) => ("default", json!(text)),
        };
        if let Some(object) = value.as_object_mut() {
            object.insert(key.to_owned(), of_kind);
        }
        value
    }
}

/// Returns who made it: Cargo's `authors`, which may be left out, while a manifest's author may not.
fn author(facts: &Facts) -> Value {
    match facts.authors.as_slice() {
        [] => json!({ "name": format!("The maintainers of {}", facts.name) }),
        [author] => match author.strip_suffix('>').and_then(|author| author.split_once(" <")) {
            Some((name, email)) => json!({ "name": name, "email": email }),
            None => json!({ "name": author }),
        },
        // There is place for one address, and it is nobody's more than another's.
        authors => {
            let names = authors.iter().map(|author| author.split(" <").next().unwrap_or(author));
            json!({ "name": names.collect::<Vec<_>>().join(", ") })
        }
    }
}

/// Returns the platform of a target, as Node names it.
fn platform(target: &str) -> Result<&'static str, String> {
    [
        ("-linux-", "linux"),
        ("-apple-darwin", "darwin"),
        ("-windows-", "win32"),
    ]
    .into_iter()
    .find_map(|(part, platform)| target.contains(part).then_some(platform))
    .ok_or_else(|| format!("`{target}`: bundles are for Linux, macOS and Windows only"))
}

#[cfg(test)]
mod tests {
    use expect_test::expect_file;

    use super::*;

    fn package(features: &[&str], authors: &[&str]) -> Package {
        Package {
            program: "books".to_owned(),
            facts: Facts {
                name: "books".to_owned(),
                version: "1.2.3".to_owned(),
                description: Some("A library of books.".to_owned()),
                authors: authors.iter().map(|author| (*author).to_owned()).collect(),
                ..Facts::default()
            },
            features: features.iter().map(|name| (*name).to_owned()).collect(),
            profile: "dist",
            root: "/books".into(),
            target: "/books/target".into(),
            elsewhere: std::collections::BTreeSet::new(),
        }
    }

    /// The manifest of a project as `new` writes it.
    fn written(package: &Package, target: &str, change: impl Fn(&mut Sources)) -> Result<String, String> {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("template");
        let mut sources = Sources::read(&root).unwrap();
        change(&mut sources);
        let generated = appsync_mcp_codegen::generate(&sources, appsync_mcp_codegen::Writes::Included)
            .map_err(|found| found.render(&sources))
            .unwrap();
        manifest(package, &sources, &generated, target, "server/books")
    }

    #[test]
    fn a_manifest_says_what_there_is() {
        let text = written(
            &package(&["writes", "iam"], &["Ada <ada@example.com>"]),
            "x86_64-unknown-linux-gnu",
            |_| (),
        );
        expect_file!["../../tests/dist/manifest.json"].assert_eq(&text.unwrap());
    }

    #[test]
    fn what_the_program_can_not_do_is_not_there() {
        let json = |package: &Package, change: fn(&mut Sources)| -> Value {
            serde_json::from_str(&written(package, "aarch64-apple-darwin", change).unwrap()).unwrap()
        };
        let names = |manifest: &Value| {
            let tools = manifest["tools"].as_array().unwrap().iter();
            tools
                .map(|tool| tool["name"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        let whole = json(&package(&["writes"], &[]), |_| ());
        assert_eq!(names(&whole), ["get_book", "search_books", "reserve_book"]);
        assert_eq!(whole["prompts_generated"], true);
        assert_eq!(whole["compatibility"]["platforms"], json!(["darwin"]));
        assert!(whole["user_config"].get("region").is_none());

        let reads = json(&package(&[], &[]), |_| ());
        assert_eq!(names(&reads), ["get_book", "search_books"]);
        assert!(reads["user_config"].get("allow_mutations").is_none());
        assert!(
            reads["server"]["mcp_config"]["env"]
                .get("APPSYNC_MCP_ALLOW_MUTATIONS")
                .is_none()
        );

        let less = json(&package(&["writes"], &[]), |sources| {
            sources.files.retain(|file| file.kind != SourceKind::Prompt);
            for file in &mut sources.files {
                file.text = file.text.replace(
                    "title: \"Get a book\"",
                    "title: \"Get a book\", disabled: \"It is slow.\"",
                );
            }
        });
        assert_eq!(names(&less), ["search_books", "reserve_book"]);
        assert!(less.get("prompts_generated").is_none());
    }

    #[test]
    fn each_secret_is_marked_as_one() {
        for setting in SETTINGS {
            let is_secret = ["APPSYNC_MCP_API_KEY", "APPSYNC_MCP_BEARER"].contains(&setting.variable);
            assert_eq!(
                setting.json().get("sensitive") == Some(&json!(true)),
                is_secret,
                "{}",
                setting.key
            );
        }
    }

    #[test]
    fn there_is_always_an_author() {
        for (authors, expected) in [
            (&[][..], json!({ "name": "The maintainers of books" })),
            (&["Ada"], json!({ "name": "Ada" })),
            (
                &["Ada <ada@example.com>"],
                json!({ "name": "Ada", "email": "ada@example.com" }),
            ),
            (&["Ada <ada@example.com>", "Bob"], json!({ "name": "Ada, Bob" })),
        ] {
            assert_eq!(author(&package(&[], authors).facts), expected);
        }
    }

    #[test]
    fn a_bundle_needs_a_description_and_a_platform() {
        let mut package = package(&[], &[]);
        let error = written(&package, "wasm32-wasip1", |_| ()).unwrap_err();
        assert!(error.contains("for Linux, macOS and Windows only"), "{error}");
        package.facts.description = None;
        let error = written(&package, "x86_64-unknown-linux-gnu", |_| ()).unwrap_err();
        assert!(error.contains("has no `description`"), "{error}");
    }
}
