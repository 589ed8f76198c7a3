//! `schema/api.json` and `schema/api.local.json` → [`Api`]: what the SDL can't say.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    ops::Range,
};

use apollo_compiler::{Schema, schema::ExtendedType};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _, MapAccess, SeqAccess, Visitor},
};

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Span},
    help::serde_help,
    scalar,
    source::{SourceKind, Sources},
    suggest,
};

/// What the SDL can't say about an API.
#[derive(Debug)]
pub(crate) struct Api {
    /// Nothing if there is no `schema/api.json`.
    pub(crate) facts: Option<Facts>,
    pub(crate) local: Local,
    /// The resolvers of both files together; nothing if neither lists any.
    pub(crate) resolvers: Option<BTreeMap<String, Option<ResolverKind>>>,
}

/// `schema/api.json`: downloaded, in AppSync's own words (`GetGraphqlApi`).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub(crate) struct Facts {
    pub(crate) name: String,
    /// The default mode.
    pub(crate) authentication_type: Mode,
    #[serde(default)]
    pub(crate) additional_authentication_providers: Vec<Mode>,
    /// 0 is no limit, as in AppSync.
    pub(crate) query_depth_limit: Option<u32>,
    /// 0 is no limit, as in AppSync.
    pub(crate) resolver_count_limit: Option<u32>,
    pub(crate) introspection_config: Option<IntrospectionConfig>,
    /// Nothing if the download could not list them.
    pub(crate) resolvers: Option<Resolvers>,
}

/// The fields that have a resolver, as schema coordinates, with what kind it is, where that is told: a list of the fields, or
/// an object.
#[derive(Debug, Clone, Default)]
pub(crate) struct Resolvers(pub(crate) BTreeMap<String, Option<ResolverKind>>);

/// How AppSync finds a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResolverKind {
    /// By one request to a data source.
    Unit,
    /// By functions that run one after the other.
    Pipeline,
}

impl ResolverKind {
    /// Reads AppSync's name for it; nothing if it is none.
    pub fn of(name: &str) -> Option<Self> {
        [Self::Unit, Self::Pipeline]
            .into_iter()
            .find(|kind| kind.name() == name)
    }

    /// Returns AppSync's name for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Unit => "UNIT",
            Self::Pipeline => "PIPELINE",
        }
    }
}

impl<'de> Deserialize<'de> for ResolverKind {
    // A derived one says of a number that it is no "string or map".
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl Visitor<'_> for Name {
            type Value = ResolverKind;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<ResolverKind, E> {
                ResolverKind::of(name).ok_or_else(|| E::unknown_variant(name, &["UNIT", "PIPELINE"]))
            }
        }

        deserializer.deserialize_str(Name)
    }
}

impl<'de> Deserialize<'de> for Resolvers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = Resolvers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of fields, or an object with the kind of each field's resolver")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Resolvers, A::Error> {
                let mut resolvers = Resolvers::default();
                while let Some(field) = list.next_element()? {
                    resolvers.0.insert(field, None);
                }
                Ok(resolvers)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Resolvers, A::Error> {
                let mut resolvers: BTreeMap<String, Option<ResolverKind>> = BTreeMap::new();
                while let Some((field, kind)) = map.next_entry::<String, Option<ResolverKind>>()? {
                    // Where it says different things of one field, nobody knows.
                    resolvers
                        .entry(field)
                        .and_modify(|known| *known = known.filter(|known| kind == Some(*known)))
                        .or_insert(kind);
                }
                Ok(Resolvers(resolvers))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// AppSync's authorization modes, as its API spells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", expecting = "a string")]
pub(crate) enum Mode {
    ApiKey,
    AwsIam,
    AmazonCognitoUserPools,
    OpenidConnect,
    AwsLambda,
}

impl Mode {
    /// All of them.
    pub(crate) const ALL: [Self; 5] = [
        Self::ApiKey,
        Self::AwsIam,
        Self::AmazonCognitoUserPools,
        Self::OpenidConnect,
        Self::AwsLambda,
    ];

    /// Returns AppSync's name for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::ApiKey => "API_KEY",
            Self::AwsIam => "AWS_IAM",
            Self::AmazonCognitoUserPools => "AMAZON_COGNITO_USER_POOLS",
            Self::OpenidConnect => "OPENID_CONNECT",
            Self::AwsLambda => "AWS_LAMBDA",
        }
    }
}

/// Whether AppSync answers introspection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", expecting = "a string")]
pub(crate) enum IntrospectionConfig {
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
    /// What a tool may cost.
    #[serde(default)]
    pub(crate) limits: CostLimits,
    /// Those that `api.json` lacks, or does not know the kind of; nothing if nobody listed them.
    resolvers: Option<Resolvers>,
}

/// What a tool may cost, where it is not what the build says.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, expecting = "an object")]
pub(crate) struct CostLimits {
    /// The most objects in a result.
    #[serde(default, deserialize_with = "limit")]
    pub(crate) nodes: Option<u64>,
    /// The most items of all its lists together.
    #[serde(default, deserialize_with = "limit")]
    pub(crate) list_items: Option<u64>,
}

fn limit<'de, D: Deserializer<'de>>(value: D) -> Result<Option<u64>, D::Error> {
    let limit = serde_json::Value::deserialize(value)?.as_u64();
    let limit = limit.filter(|limit| *limit > 0);
    limit.map_or_else(
        || Err(D::Error::custom("a limit is a whole number of at least 1")),
        |limit| Ok(Some(limit)),
    )
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
    #[serde(default)]
    pub(crate) stale_token: Vec<String>,
    /// Types whose `message` may be shown to the model.
    #[serde(default)]
    pub(crate) showable: Vec<String>,
    /// Types that say that nothing was done.
    #[serde(default)]
    pub(crate) not_carried_out: Vec<String>,
}

/// Reads both files; a missing one is as an empty one.
pub(crate) fn parse(sources: &Sources, diagnostics: &mut Diagnostics) -> Api {
    let facts: Option<Facts> = read(sources, SourceKind::Api, diagnostics);
    let local: Local = read(sources, SourceKind::ApiLocal, diagnostics).unwrap_or_default();
    let downloaded = facts.as_ref().and_then(|facts| facts.resolvers.as_ref());
    Api {
        resolvers: together(downloaded, local.resolvers.as_ref()),
        facts,
        local,
    }
}

/// Returns all resolvers. Where the files say different kinds, nobody knows.
fn together(
    downloaded: Option<&Resolvers>,
    added: Option<&Resolvers>,
) -> Option<BTreeMap<String, Option<ResolverKind>>> {
    if downloaded.is_none() && added.is_none() {
        return None;
    }
    let mut all: BTreeMap<String, Option<ResolverKind>> = BTreeMap::new();
    for (field, kind) in downloaded.into_iter().chain(added).flat_map(|listed| &listed.0) {
        all.entry(field.clone())
            .and_modify(|known| {
                *known = match (*known, *kind) {
                    (Some(known), Some(kind)) => (known == kind).then_some(kind),
                    (known, kind) => known.or(kind),
                };
            })
            .or_insert(*kind);
    }
    Some(all)
}

/// Returns the resolvers that the text of a `schema/api.json` lists, with their kinds where it tells them; nothing if it lists
/// none, or can't be read.
pub fn resolvers(api: &str) -> Option<Vec<(String, Option<ResolverKind>)>> {
    #[derive(Deserialize)]
    struct Listed {
        resolvers: Option<Resolvers>,
    }
    let listed: Listed = serde_json::from_str(api).ok()?;
    Some(listed.resolvers?.0.into_iter().collect())
}

/// Reads `schema/api.json` alone.
pub(crate) fn facts(sources: &Sources, diagnostics: &mut Diagnostics) -> Option<Facts> {
    read(sources, SourceKind::Api, diagnostics)
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
        None => schema.types.get(coordinate).is_some_and(|ty| !ty.is_input_object()),
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
            Diagnostic::error(span, message, "no such type or field")
                .help("write `Type` or `Type.field`, of what results hold, or remove it")
        })
        .collect()
}

/// A coordinate is that of an object type's field (<https://spec.graphql.org/September2025/#sec-Schema-Coordinates>).
pub(crate) fn unknown_resolvers(api: &Api, schema: &Schema, sources: &Sources) -> Vec<Diagnostic> {
    let objects = schema.types.values().filter_map(ExtendedType::as_object);
    let known: BTreeSet<String> = objects
        .flat_map(|object| {
            let fields = object.fields.keys();
            fields.map(|field| format!("{}.{field}", object.name))
        })
        .collect();
    let downloaded = api.facts.as_ref().and_then(|facts| facts.resolvers.as_ref());
    let listed = [
        (SourceKind::Api, downloaded),
        (SourceKind::ApiLocal, api.local.resolvers.as_ref()),
    ];
    let listed = listed
        .into_iter()
        .filter_map(|(kind, names)| Some((sources.of(kind).next()?, names?)));
    let unknown = listed.flat_map(|(file, names)| {
        let unknown = names.0.keys().filter(|name| !known.contains(*name));
        unknown.map(move |name| (file, name))
    });
    unknown
        .map(|((file, source), name)| {
            let quoted = format!("\"{name}\"");
            let at = source.text.find(&quoted).unwrap_or_default();
            let bytes = at..at + quoted.len();
            let message = format!("`{name}` is no field of an object type of the schema");
            let help = suggest::did_you_mean(name, known.iter().map(String::as_str))
                .unwrap_or_else(|| "name a type and its field, such as `Query.getCompany`".to_owned());
            Diagnostic::error(Span { file, bytes }, message, "no such field").help(help)
        })
        .collect()
}

/// An `errorType` is of one class. What may be shown is another matter.
pub(crate) fn ambiguous_error_types(errors: &ErrorTypes, sources: &Sources) -> Vec<Diagnostic> {
    let Some((file, source)) = sources.of(SourceKind::ApiLocal).next() else {
        return Vec::new();
    };
    let all: Vec<&String> = [
        &errors.not_found,
        &errors.conflict,
        &errors.throttled,
        &errors.stale_token,
    ]
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
