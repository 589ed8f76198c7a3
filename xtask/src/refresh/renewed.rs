//! What a source says, and the project's own files → the new texts of those files.
//!
//! Invariant: the new schema is one to the build.

use std::{fs, path::Path};

use appsync_mcp_codegen::{Kept, SchemaError, api_json, canonical, with_directives_of};
use serde_json::Value;

use super::{Failure, file::File, source::Said};

pub(super) const SCHEMA: &str = "schema/schema.graphql";
pub(super) const API: &str = "schema/api.json";

/// The new texts.
pub(super) struct Renewed {
    /// Of `schema/schema.graphql`.
    pub(super) schema: String,
    /// Of `schema/api.json`, where the source tells it.
    pub(super) api: Option<String>,
    /// What is new, and what nobody knows the directives of.
    pub(super) directives: Directives,
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
        let (schema, directives) = schema(&said, root).map_err(|error| Failure::Source(error.to_string()))?;
        let old = fs::read_to_string(root.join(API)).unwrap_or_default();
        let api = said.api.map(|facts| {
            let resolvers = facts.resolvers.or_else(|| resolvers(&old));
            api_json(&facts.api, resolvers.as_deref())
        });
        Ok(Self {
            schema,
            api: api.transpose().map_err(|error| Failure::Source(error.to_string()))?,
            directives,
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

fn schema(said: &Said, root: &Path) -> Result<(String, Directives), SchemaError> {
    let new = canonical(&said.sdl).map_err(|error| error.in_file("the new schema"))?;
    let Some(told) = &said.directives else {
        return Ok((new, Directives::Told));
    };
    let old = fs::read_to_string(root.join(SCHEMA)).ok();
    // One that is no schema tells nothing.
    match old.filter(|old| canonical(old).is_ok()) {
        None => Ok((new, Directives::Unknown)),
        Some(old) => {
            let Kept { sdl, unknown } = with_directives_of(&new, &old, told)?;
            Ok((sdl, Directives::Kept(unknown)))
        }
    }
}

/// Returns what an `api.json` lists as resolvers.
fn resolvers(api: &str) -> Option<Vec<String>> {
    let api: Value = serde_json::from_str(api).ok()?;
    serde_json::from_value(api.get("resolvers")?.clone()).ok()
}
