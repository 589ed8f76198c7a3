//! `schema/api.json` and `schema/api.local.json` → [`Api`]: what the SDL can't say.

use std::{collections::BTreeMap, ops::Range};

use apollo_compiler::Schema;
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Span},
    help::serde_help,
    scalar,
    source::{SourceKind, Sources},
    suggest,
};

/// What the SDL can't say about an API.
#[derive(Debug, Default)]
pub(crate) struct Api {
    pub(crate) facts: Facts,
    pub(crate) local: Local,
}

/// `schema/api.json`: downloaded, in AppSync's own words (`GetGraphqlApi`).
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
#[expect(
    dead_code,
    reason = "read so that a wrong value is found; the checks that need it are made from it"
)]
pub(crate) struct Facts {
    pub(crate) name: String,
    authentication_type: AuthenticationType,
    #[serde(default)]
    additional_authentication_providers: Vec<AuthenticationType>,
    query_depth_limit: Option<u32>,
    resolver_count_limit: Option<u32>,
    introspection_config: Option<IntrospectionConfig>,
}

/// AppSync's authorization modes, as its API spells them.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", expecting = "a string")]
enum AuthenticationType {
    #[default]
    ApiKey,
    AwsIam,
    AmazonCognitoUserPools,
    OpenidConnect,
    AwsLambda,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", expecting = "a string")]
enum IntrospectionConfig {
    Enabled,
    Disabled,
}

/// `schema/api.local.json`: written by people, never by a download.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub(crate) struct Local {
    /// Custom scalars: what they are on the wire.
    #[serde(default)]
    pub(crate) scalars: BTreeMap<String, Wire>,
    /// What the API's own `errorType`s mean.
    #[serde(default)]
    pub(crate) errors: ErrorTypes,
    /// Schema coordinates of what is personal data: a type, or a type's field.
    #[serde(default)]
    pub(crate) personal_data: Vec<String>,
}

/// What a scalar is in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(expecting = "a string")]
pub(crate) enum Wire {
    String,
    Int,
    Float,
    Boolean,
}

/// Classes of `errorType`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub(crate) struct ErrorTypes {
    #[serde(default)]
    pub(crate) not_found: Vec<String>,
    #[serde(default)]
    pub(crate) conflict: Vec<String>,
    #[serde(default)]
    pub(crate) throttled: Vec<String>,
    /// Types whose `message` may be shown to the model.
    #[serde(default)]
    pub(crate) showable: Vec<String>,
}

/// Reads both files; a missing one is as an empty one.
pub(crate) fn parse(sources: &Sources, diagnostics: &mut Diagnostics) -> Api {
    Api {
        facts: read(sources, SourceKind::Api, diagnostics).unwrap_or_default(),
        local: read(sources, SourceKind::ApiLocal, diagnostics).unwrap_or_default(),
    }
}

/// A mapping is for a scalar that the schema has and AppSync does not define.
pub(crate) fn unknown_scalars(local: &Local, schema: &Schema, sources: &Sources) -> Vec<Diagnostic> {
    let Some((file, source)) = sources.of(SourceKind::ApiLocal).next() else {
        return Vec::new();
    };
    let own = |name: &str| schema.get_scalar(name).is_some() && scalar::wire(name, &Local::default()).is_none();
    let unknown = local.scalars.keys().filter(|name| !own(name));
    unknown
        .map(|name| {
            let at = source.text.find(&format!("\"{name}\"")).unwrap_or_default();
            let bytes = at..at + name.len() + 2;
            let names = schema
                .types
                .keys()
                .map(apollo_compiler::Name::as_str)
                .filter(|name| own(name));
            let message = format!("`{name}` is no scalar of the schema's own");
            let help = suggest::did_you_mean(name, names).unwrap_or_else(|| "remove it".to_owned());
            Diagnostic::error(Span { file, bytes }, message, "no such scalar").help(help)
        })
        .collect()
}

/// Personal data is a type of the schema, or a field of one.
pub(crate) fn unknown_personal_data(local: &Local, schema: &Schema, sources: &Sources) -> Vec<Diagnostic> {
    let Some((file, source)) = sources.of(SourceKind::ApiLocal).next() else {
        return Vec::new();
    };
    let is_known = |coordinate: &str| match coordinate.split_once('.') {
        None => schema.types.contains_key(coordinate),
        Some((ty, field)) => schema.type_field(ty, field).is_ok(),
    };
    let unknown = local.personal_data.iter().filter(|coordinate| !is_known(coordinate));
    unknown
        .map(|coordinate| {
            let quoted = format!("\"{coordinate}\"");
            let at = source.text.find(&quoted).unwrap_or_default();
            let message = format!("the schema has no `{coordinate}`");
            let span = Span {
                file,
                bytes: at..at + quoted.len(),
            };
            Diagnostic::error(span, message, "no such type or field").help("write `Type` or `Type.field`, or remove it")
        })
        .collect()
}

/// An `errorType` is of one class. What may be shown is another matter.
pub(crate) fn ambiguous_error_types(errors: &ErrorTypes, sources: &Sources) -> Vec<Diagnostic> {
    let Some((file, source)) = sources.of(SourceKind::ApiLocal).next() else {
        return Vec::new();
    };
    let all: Vec<&String> = [&errors.not_found, &errors.conflict, &errors.throttled]
        .into_iter()
        .flatten()
        .collect();
    let again = all
        .iter()
        .enumerate()
        .filter(|(at, name)| all.iter().take(*at).any(|before| before == *name));
    again
        .map(|(_, name)| {
            let quoted = format!("\"{name}\"");
            let at = source.text.rfind(&quoted).unwrap_or_default();
            let bytes = at..at + quoted.len();
            let message = format!("`{name}` stands in more than one class of errors");
            Diagnostic::error(Span { file, bytes }, message, "again").help("keep the one that it means")
        })
        .collect()
}

fn read<T: DeserializeOwned>(sources: &Sources, kind: SourceKind, diagnostics: &mut Diagnostics) -> Option<T> {
    let (index, file) = sources.of(kind).next()?;
    // serde takes a list for a struct's fields in their order.
    if file.text.trim_start().starts_with('[') {
        let at = file.text.len() - file.text.trim_start().len();
        let span = Span {
            file: index,
            bytes: at..at + 1,
        };
        diagnostics.push(Diagnostic::error(
            span,
            "the file holds a list, expected an object",
            "not valid",
        ));
        return None;
    }
    match serde_json::from_str(&file.text) {
        Ok(value) => Some(value),
        Err(error) => {
            let at = offset(&file.text, error.line(), error.column());
            let message = error.to_string();
            let message = message
                .rsplit_once(" at line ")
                .map_or(message.as_str(), |(fact, _)| fact);
            let (label, help) = serde_help(message, |key| format!("add `\"{key}\": …`"));
            let span = Span {
                file: index,
                bytes: quoted(&file.text, at),
            };
            diagnostics.push(Diagnostic::error(span, message, label).help_opt(help));
            None
        }
    }
}

fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    before + column.saturating_sub(1)
}

/// Returns the string that ends at a byte; where none does, the byte.
fn quoted(text: &str, end: usize) -> Range<usize> {
    let before = text.get(..end).filter(|_| text.as_bytes().get(end) == Some(&b'"'));
    let start = before.and_then(|before| before.rfind('"'));
    start.map_or(end..end, |start| start..end + 1)
}
