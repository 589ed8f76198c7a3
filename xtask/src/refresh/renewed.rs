//! What a source says, and the project's own files → the new texts of those files.
//!
//! Invariant: the new schema is one to the build, and no resolver is listed that it has no field for.
//! Invariant: directives of the old schema are never lost because nobody could read them.

use std::{collections::BTreeSet, fs, io, path::Path};

use appsync_mcp_codegen::{
    Kept, ResolverKind, SchemaError, api_json, canonical, has_comments, object_fields, resolvers, with_directives_of,
};
use serde_json::{Value, json};

use super::{Failure, api::Resolvers, file::File, source::Said};

pub(super) const SCHEMA: &str = "schema/schema.graphql";
pub(super) const API: &str = "schema/api.json";

/// The new texts.
pub(super) struct Renewed {
    /// Of `schema/schema.graphql`.
    pub(super) schema: String,
    /// Of `schema/api.json`, where the source tells it, or a resolver is dropped.
    pub(super) api: Option<String>,
    /// What is new, and what nobody knows the directives of.
    pub(super) directives: Directives,
    /// The resolvers, as they were told, that are of no field of the new schema.
    pub(super) dropped: Vec<String>,
    /// Whether the source or the old schema has comments, which are not kept.
    pub(super) has_comments: bool,
}

/// What is known of the directives that are applied in the new schema.
pub(super) enum Directives {
    /// The source has them.
    Told,
    /// The source does not tell them; those of the old file are kept. The coordinates of what it did not have.
    Kept(Vec<String>),
    /// The source does not tell them, and there is no old schema that would.
    Unknown,
}

impl Renewed {
    /// Makes them.
    pub(super) fn of(said: Said, root: &Path) -> Result<Self, Failure> {
        let old_schema = read(SCHEMA, root)?;
        let (schema, directives) = schema(&said, old_schema.as_deref())?;
        let old_api = read(API, root)?.unwrap_or_default();
        let fields = object_fields(&schema).map_err(|error| Failure::Source(error.to_string()))?;
        let (api, dropped) = match said.api {
            Some(facts) => {
                let (kept, dropped) = known(facts.resolvers.or_else(|| resolvers(&old_api)), &fields);
                let text = api_json(&facts.api, kept.as_deref());
                (Some(text.map_err(|error| Failure::Source(error.to_string()))?), dropped)
            }
            // The file stays, but for what would not build.
            None => match known(resolvers(&old_api), &fields) {
                (Some(kept), dropped) if !dropped.is_empty() => (with_resolvers(&old_api, &kept), dropped),
                _ => (None, Vec::new()),
            },
        };
        Ok(Self {
            has_comments: has_comments(&said.sdl) || old_schema.is_some_and(|old| has_comments(&old)),
            schema,
            api,
            directives,
            dropped,
        })
    }

    /// Returns the files that are not as they would be written.
    pub(super) fn changed(&self, root: &Path) -> Vec<File<'_>> {
        let schema = File {
            path: SCHEMA,
            text: &self.schema,
        };
        let api = self.api.as_deref().map(|text| File { path: API, text });
        // Git may have written it with other line ends.
        let is_there = |file: &File<'_>| {
            fs::read_to_string(root.join(file.path)).is_ok_and(|text| text.replace("\r\n", "\n") == file.text)
        };
        [Some(schema), api]
            .into_iter()
            .flatten()
            .filter(|file| !is_there(file))
            .collect()
    }
}

/// Reads one of the project's files; nothing, where there is none.
fn read(path: &str, root: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(root.join(path)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::Setup(format!("{path}: {error}"))),
    }
}

fn schema(said: &Said, old: Option<&str>) -> Result<(String, Directives), Failure> {
    let none = |error: SchemaError| Failure::Source(error.to_string());
    let new = canonical(&said.sdl).map_err(|error| none(error.in_file("the new schema")))?;
    let Some(told) = &said.directives else {
        return Ok((new, Directives::Told));
    };
    let Some(old) = old else {
        return Ok((new, Directives::Unknown));
    };
    if let Err(error) = canonical(old) {
        return Err(Failure::Source(format!(
            "{error}\nhelp: introspection does not tell directives, such as `@aws_iam`, so that those of this file would be \
             lost: mend it, or delete it to begin anew, or read the schema from where they are told, with `--api-id ID` or \
             `--from FILE.graphql`"
        )));
    }
    let Kept { sdl, unknown } = with_directives_of(&new, old, told).map_err(none)?;
    Ok((sdl, Directives::Kept(unknown)))
}

/// Parts resolvers into those of fields that there are, and all others: what is left behind when a field goes, and what is
/// no field's name.
fn known(resolvers: Option<Resolvers>, fields: &BTreeSet<String>) -> (Option<Resolvers>, Vec<String>) {
    let Some(resolvers) = resolvers else {
        return (None, Vec::new());
    };
    let (kept, dropped): (Vec<_>, Vec<_>) = resolvers.into_iter().partition(|(field, _)| fields.contains(field));
    (Some(kept), dropped.into_iter().map(|(field, _)| field).collect())
}

/// Returns an `api.json` with these resolvers in place of its own; nothing, if it is none.
fn with_resolvers(api: &str, resolvers: &[(String, Option<ResolverKind>)]) -> Option<String> {
    const PROVIDERS: &str = "additionalAuthenticationProviders";
    let mut api: Value = serde_json::from_str(api).ok()?;
    // The one key that AppSync's answer says in other words.
    if let Some(providers) = api.get_mut(PROVIDERS).and_then(Value::as_array_mut) {
        for provider in providers {
            *provider = json!({ "authenticationType": provider });
        }
    }
    api_json(&json!({ "graphqlApi": api }).to_string(), Some(resolvers)).ok()
}
