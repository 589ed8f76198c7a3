//! `schema/verified.lock`: which tools were called and passed, and what answered, as TOML with one table a tool.
//!
//! The file is read strictly, since it opens a gate. A table of a tool that is not there any more says nothing. What only a
//! sandbox has answered says something about an API where that is the sandbox's own, and nowhere else: a sandbox with another
//! schema is no more than what was made up for it.
//!
//! Invariant: the same tables give the same text, and a tool's lines depend on that tool alone, so that git can merge them.
//! Invariant: nothing of it goes into a digest of `schema/tools.lock`.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    ops::Range,
};

use serde::Deserialize;
use toml::{
    Spanned,
    value::{Datetime, Offset},
};

use crate::{
    canonical::canonical,
    diagnostic::{Diagnostic, Diagnostics, Span},
    help::serde_help,
    lock::{ToolSummary, sha256},
    model::{Folder, Tool},
    review::{MARKER, conflict_marker},
    source::{SourceKind, Sources, VERIFIED},
};

/// What is known of a tool that has passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// The digest that the tool had: `sha256:` and 64 digits, as `schema/tools.lock` has it.
    pub contract: String,
    /// The API that was called: `sha256:` and 64 digits over its URL, or `sandbox`.
    pub endpoint: String,
    /// When, in UTC, in whole seconds: `2026-11-23T12:00:00Z`.
    pub time: String,
    /// How many cases have passed, at least one.
    pub cases: u32,
}

impl Verification {
    /// Returns what has answered.
    pub fn by(&self) -> Verified {
        if self.endpoint == SANDBOX {
            Verified::Sandbox
        } else {
            Verified::Api
        }
    }
}

/// What answered the present tool, and kept its contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// Nothing.
    No,
    /// A sandbox, or another API on the machine of whoever verified it.
    Sandbox,
    /// A real API.
    Api,
}

/// What is known of tools that have passed, by name.
pub type Verifications = BTreeMap<String, Verification>;

/// The endpoint of a tool that was verified in the sandbox.
const SANDBOX: &str = "sandbox";

/// The API that this repository's sandbox stands for: its name, and SHA-256 over its schema's canonical text.
const SANDBOX_API: (&str, &str) = (
    "company-intelligence",
    "sha256:38cca5363d2e7027789e0b4296d376def42f7cc7ff082910a7709ce43ee79033",
);

const HEAD: &str = "\
# Which tools were called, with cases made from their contracts, and passed. `cargo xtask verify` writes it. With
# `APPSYNC_MCP_REQUIRE_VERIFIED=1` a build refuses the tools that are not in it as they are now, and those that no real
# API has answered, unless the API is the one that the sandbox stands for.
#
# contract  the digest that the tool had, as `schema/tools.lock` has it: a tool with another one is not verified
# endpoint  what answered: SHA-256 over an API's URL, or `sandbox`, which also stands for any API on the same machine, as
#           far as its address tells: one in the local network counts as an API
# time      when that was, in UTC
# cases     how many cases have passed
";

/// Writes `schema/verified.lock`.
pub fn verified_lock(verifications: &Verifications) -> String {
    let mut text = HEAD.to_owned();
    for (name, known) in verifications {
        let Verification {
            contract,
            endpoint,
            time,
            cases,
        } = known;
        let _ = write!(
            text,
            "\n[{name}]\ncontract = \"{contract}\"\nendpoint = \"{endpoint}\"\ntime = \"{time}\"\ncases = {cases}\n"
        );
    }
    text
}

/// A table as it is read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table")]
struct Written {
    contract: Spanned<String>,
    endpoint: Spanned<String>,
    time: Spanned<String>,
    cases: Spanned<u32>,
}

/// Reads `schema/verified.lock`. Without one, no tool is verified.
///
/// # Errors
/// When it is not what [`verified_lock`] writes, but for comments, spaces and order.
pub fn verifications(sources: &Sources) -> Result<Verifications, Diagnostics> {
    let mut found = Diagnostics::default();
    let read = sources.of(SourceKind::Verified).next();
    let read = read.map(|(file, source)| read_tables(file, &source.text, &mut found));
    Ok(found.barrier(read.unwrap_or_default())?.0)
}

fn read_tables(file: usize, text: &str, found: &mut Diagnostics) -> Verifications {
    let at = |bytes: Range<usize>| Span { file, bytes };
    if let Some(marker) = conflict_marker(text) {
        let message = format!("`{VERIFIED}` holds the markers of a merge conflict");
        let conflict = Diagnostic::error(at(marker..marker + MARKER.len()), message, "a conflict");
        found.push(conflict.help(
            "keep the tables of both sides, and of two for one tool either; or delete the file, and let \
             `cargo xtask verify` write it anew",
        ));
        return Verifications::new();
    }
    let tables: BTreeMap<String, Written> = match toml::from_str(text) {
        Ok(tables) => tables,
        Err(error) => {
            let (label, help) = serde_help(error.message(), |key| format!("add `{key} = …`"));
            let broken = Diagnostic::error(at(error.span().unwrap_or_default()), error.message().to_owned(), label);
            found.push(broken.help(help.unwrap_or_else(|| HELP.to_owned())));
            return Verifications::new();
        }
    };
    let mut wrong = |bytes, message: &str| found.push(Diagnostic::error(at(bytes), message, "not valid").help(HELP));
    for table in tables.values() {
        if !is_sha256(table.contract.get_ref()) {
            wrong(
                table.contract.span(),
                "`contract` is `sha256:` and 64 hexadecimal digits",
            );
        }
        if table.endpoint.get_ref() != SANDBOX && !is_sha256(table.endpoint.get_ref()) {
            wrong(
                table.endpoint.span(),
                "`endpoint` is `sha256:` and 64 hexadecimal digits, or `sandbox`",
            );
        }
        if !is_utc_second(table.time.get_ref()) {
            wrong(
                table.time.span(),
                "`time` is a time in UTC and whole seconds, such as `2026-11-23T12:00:00Z`",
            );
        }
        if *table.cases.get_ref() == 0 {
            wrong(
                table.cases.span(),
                "`cases` is 0, and what never passed is not verified",
            );
        }
    }
    let tables = tables.into_iter().map(|(name, table)| {
        let known = Verification {
            contract: table.contract.into_inner(),
            endpoint: table.endpoint.into_inner(),
            time: table.time.into_inner(),
            cases: table.cases.into_inner(),
        };
        (name, known)
    });
    tables.collect()
}

const HELP: &str = "only `cargo xtask verify` writes this file: take it back from git, or delete it and verify anew";

fn is_sha256(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|digits| {
        digits.len() == 64 && digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
    })
}

fn is_utc_second(text: &str) -> bool {
    let time = text.parse::<Datetime>();
    text.len() == "2026-11-23T12:00:00Z".len()
        && time.is_ok_and(|time| time.offset == Some(Offset::Z) && time.to_string() == text)
}

/// Says what has answered a tool with this digest.
pub(crate) fn verified(verifications: &Verifications, name: &str, digest: &str) -> Verified {
    let known = verifications.get(name).filter(|known| known.contract == digest);
    known.map_or(Verified::No, Verification::by)
}

/// Whether a project's API is the one that the sandbox stands for: by its name and all of its schema.
pub(crate) fn is_of_sandbox(api: &str, sources: &Sources) -> bool {
    let mut schemas = sources.of(SourceKind::Schema);
    let (Some((_, schema)), None) = (schemas.next(), schemas.next()) else {
        return false;
    };
    (api, fingerprint(&schema.text).as_deref()) == (SANDBOX_API.0, Some(SANDBOX_API.1))
}

fn fingerprint(sdl: &str) -> Option<String> {
    Some(sha256(&canonical(sdl).ok()?))
}

/// Says which tools a release can't have, of those that are compiled in and not disabled: no real API has answered them, and no
/// sandbox of just this API. `locked` says what has answered each.
pub(crate) fn unverified(
    tools: &[&Tool],
    locked: &[ToolSummary],
    verifications: &Verifications,
    is_of_sandbox: bool,
) -> Diagnostics {
    let verified: HashMap<_, _> = locked.iter().map(|tool| (&tool.name, tool.verified)).collect();
    let mut found = Diagnostics::default();
    for tool in tools {
        let Some(contract) = &tool.contract else { continue };
        let verified = verified.get(&tool.name).copied().unwrap_or(Verified::No);
        let passes = verified == Verified::Api || (verified == Verified::Sandbox && is_of_sandbox);
        if contract.disabled.is_some() || passes {
            continue;
        }
        let name = &tool.name;
        let message = match verifications.get(name) {
            None => format!("the tool `{name}` was never verified"),
            Some(_) if verified == Verified::Sandbox => {
                format!("the tool `{name}` was verified in a sandbox only, and never in the API")
            }
            Some(known) => format!(
                "the tool `{name}` has changed since it was verified on {}",
                day(&known.time)
            ),
        };
        let flags = match tool.folder {
            Folder::Read => "",
            Folder::Write => "--include-writes --staging ",
        };
        let help = format!(
            "call it with `cargo xtask verify {flags}--tool {name} -- --endpoint URL`, or keep it from being offered \
             with `@tool(disabled: \"why\")`"
        );
        found.push(Diagnostic::error(contract.span.clone(), message, "not verified").help(help));
    }
    found
}

fn day(time: &str) -> &str {
    time.split('T').next().unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceFile;

    const SCHEMA: &str = include_str!("../../schema/schema.graphql");
    const API: &str = include_str!("../../schema/api.json");

    fn sources(schema: &str) -> Sources {
        let schema = SourceFile {
            path: "schema/schema.graphql".to_owned(),
            kind: SourceKind::Schema,
            text: schema.to_owned(),
        };
        Sources { files: vec![schema] }
    }

    #[test]
    fn the_sandbox_stands_for_the_sample_s_api() {
        assert_eq!(
            fingerprint(SCHEMA).as_deref(),
            Some(SANDBOX_API.1),
            "write this one down"
        );
        assert!(API.contains(&format!("\"name\": \"{}\",", SANDBOX_API.0)));
        assert!(is_of_sandbox("company-intelligence", &sources(SCHEMA)));
    }

    #[test]
    fn and_for_no_other() {
        let other = SCHEMA.replacen("type Query", "type Shelf { books: Int } type Query", 1);
        assert_ne!(other, SCHEMA);
        for (api, schema) in [
            ("company-intelligence", other.as_str()),
            ("company-intelligence", "type Query { a: Int }"),
            ("company-intelligence", "no schema"),
            ("companies", SCHEMA),
            ("", SCHEMA),
        ] {
            assert!(!is_of_sandbox(api, &sources(schema)), "{api}");
        }
        let two = [sources(SCHEMA).files, sources("type Shelf { books: Int }").files].concat();
        assert!(!is_of_sandbox("company-intelligence", &Sources { files: two }));
        assert!(!is_of_sandbox("company-intelligence", &Sources { files: Vec::new() }));
    }
}
