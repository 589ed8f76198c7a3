//! The answer to an introspection query → the part of a schema that tools can stand on.
//!
//! Read leniently: what an API leaves out or tells as null is empty, and a type that can't be read is none. A tool that stands
//! on it is then said to fail, which is the safe side.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer};

use super::ty::Ty;

/// What is asked for. Deprecated arguments and input fields are not told unless they are asked for.
pub(super) const QUERY: &str = "\
query AppsyncMcpSchema { __schema {
  queryType { name } mutationType { name }
  types {
    kind name
    fields(includeDeprecated: true) { name args(includeDeprecated: true) { ...Input } type { ...Type } }
    inputFields(includeDeprecated: true) { ...Input }
    enumValues(includeDeprecated: true) { name }
    possibleTypes { name }
  }
} }
fragment Input on __InputValue { name defaultValue type { ...Type } }
fragment Type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType {
  kind name ofType { kind name ofType { kind name } } } } } } } }
";

/// The operation's name in [`QUERY`].
pub(super) const OPERATION: &str = "AppsyncMcpSchema";

/// Returns what is asked of an API that goes by the specification of 2021 or before: there, arguments are never left out.
pub(super) fn older_query() -> String {
    QUERY
        .replace("args(includeDeprecated: true)", "args")
        .replace("inputFields(includeDeprecated: true)", "inputFields")
}

/// A schema.
#[derive(Debug, Default)]
pub(super) struct Live {
    pub(super) query: Option<String>,
    pub(super) mutation: Option<String>,
    pub(super) types: BTreeMap<String, Type>,
}

/// A type of it.
#[derive(Debug)]
pub(super) struct Type {
    pub(super) kind: Kind,
    /// An object type's or an interface's.
    pub(super) fields: BTreeMap<String, Field>,
    /// An input object's.
    pub(super) inputs: BTreeMap<String, Input>,
    /// An enum's.
    pub(super) values: BTreeSet<String>,
    /// The object types that a value can have.
    pub(super) possible: BTreeSet<String>,
}

/// A field.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) ty: Ty,
    pub(super) arguments: BTreeMap<String, Input>,
}

/// An argument, or a field of an input object.
#[derive(Debug)]
pub(super) struct Input {
    /// Its type; nullable if it has a default, since it can be left out then.
    pub(super) ty: Ty,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Kind {
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    InputObject,
    #[serde(other)]
    Other,
}

/// The `data` of an answer.
#[derive(Deserialize)]
pub(super) struct Data {
    #[serde(rename = "__schema")]
    schema: Option<Schema>,
}

impl Data {
    /// Returns the schema, if the API told it. There is none without a query type.
    pub(super) fn into_live(self) -> Option<Live> {
        let schema = self.schema.filter(|schema| schema.query_type.is_some())?;
        let name = |named: Option<Named>| named.and_then(|named| named.name);
        let mut live = Live {
            query: name(schema.query_type),
            mutation: name(schema.mutation_type),
            types: BTreeMap::new(),
        };
        for told in schema.types {
            let (Some(name), Some(kind)) = (told.name, told.kind) else {
                continue;
            };
            let possible = match kind {
                Kind::Object => BTreeSet::from([name.clone()]),
                _ => names(told.possible_types),
            };
            let fields = told.fields.into_iter().filter_map(|field| {
                let read = Field {
                    ty: field.ty?.into_ty()?,
                    arguments: inputs(field.args),
                };
                Some((field.name?, read))
            });
            let ty = Type {
                kind,
                fields: fields.collect(),
                inputs: inputs(told.input_fields),
                values: names(told.enum_values),
                possible,
            };
            live.types.insert(name, ty);
        }
        Some(live)
    }
}

fn names(named: Vec<Named>) -> BTreeSet<String> {
    named.into_iter().filter_map(|named| named.name).collect()
}

fn inputs(told: Vec<InputValue>) -> BTreeMap<String, Input> {
    let read = told.into_iter().filter_map(|input| {
        let ty = input.ty?.into_ty()?;
        let ty = if input.default_value.is_some() {
            ty.nullable().clone()
        } else {
            ty
        };
        Some((input.name?, Input { ty }))
    });
    read.collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Schema {
    #[serde(default)]
    query_type: Option<Named>,
    #[serde(default)]
    mutation_type: Option<Named>,
    #[serde(default, deserialize_with = "list")]
    types: Vec<ToldType>,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToldType {
    #[serde(default)]
    kind: Option<Kind>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default, deserialize_with = "list")]
    fields: Vec<ToldField>,
    #[serde(default, deserialize_with = "list")]
    input_fields: Vec<InputValue>,
    #[serde(default, deserialize_with = "list")]
    enum_values: Vec<Named>,
    #[serde(default, deserialize_with = "list")]
    possible_types: Vec<Named>,
}

#[derive(Deserialize)]
struct ToldField {
    #[serde(default)]
    name: Option<String>,
    #[serde(default, deserialize_with = "list")]
    args: Vec<InputValue>,
    #[serde(default, rename = "type")]
    ty: Option<TypeReference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct InputValue {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    default_value: Option<String>,
    #[serde(default, rename = "type")]
    ty: Option<TypeReference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TypeReference {
    kind: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    of_type: Option<Box<TypeReference>>,
}

impl TypeReference {
    fn into_ty(self) -> Option<Ty> {
        let inner = |of_type: Option<Box<Self>>| Some(Box::new(of_type?.into_ty()?));
        match self.kind.as_str() {
            "NON_NULL" => Some(Ty::NonNull(inner(self.of_type)?)),
            "LIST" => Some(Ty::List(inner(self.of_type)?)),
            _ => self.name.map(Ty::Named),
        }
    }
}

/// What is left out, or null where it does not apply, is empty.
fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
