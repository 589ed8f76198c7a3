//! The SDL -> types by name, and the rules of GraphQL's validation over them.
//!
//! Invariant: the SDL, which is `schema/schema.graphql` unless another one is to be served, and `schema/api.json` are the only
//! statements of the API; no type or field is written down a second time.
//! Invariant: async-graphql validates documents here and runs nothing of them but introspection. Its dynamic schemas leave a
//! field that failed out of the answer, where AppSync writes null and passes the null up from a non-null position; see
//! `execute.rs`. Its rule about variables in positions of another type is never called in 7.2, so such a variable is let
//! through as long as its value fits.

use std::collections::HashMap;

use async_graphql::dynamic::Schema as Rules;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    ConstDirective, FieldDefinition, InputValueDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition,
};
use async_graphql::{Positioned, Request, ServerError, Variables};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Error;
use crate::auth::AuthorizationMode;
use crate::rules::rules;

/// The schema as it was downloaded from AppSync.
const SDL: &str = include_str!("../../schema/schema.graphql");

/// What the SDL can't say.
const API: &str = include_str!("../../schema/api.json");

/// The API.
#[derive(Debug)]
pub(crate) struct Schema {
    types: HashMap<String, TypeDefinition>,
    rules: Rules,
    /// The authorization mode of what carries no directive.
    pub(crate) default_mode: AuthorizationMode,
}

/// What async-graphql says of every schema begins so.
const OWN_WORDS: &str = "A GraphQL Schema defines the capabilities of a GraphQL server.";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Api {
    authentication_type: AuthorizationMode,
}

impl Schema {
    /// Reads an SDL, or the schema that this crate was built with. `introspection`: whether callers may ask for it.
    pub(crate) fn read(sdl: Option<&str>, introspection: bool) -> Result<Self, Error> {
        let document = parse_schema(sdl.unwrap_or(SDL)).map_err(|error| Error::Schema(error.to_string()))?;
        let api: Api = serde_json::from_str(API).map_err(|error| Error::Schema(error.to_string()))?;
        let mut types = HashMap::new();
        for definition in document.definitions {
            if let TypeSystemDefinition::Type(definition) = definition {
                types.insert(definition.node.name.node.to_string(), definition.node);
            }
        }
        let rules = rules(&types, introspection).map_err(|error| Error::Schema(error.to_string()))?;
        Ok(Self {
            types,
            rules,
            default_mode: api.authentication_type,
        })
    }

    /// A type's definition; none for scalars.
    pub(crate) fn definition(&self, name: &str) -> Option<&TypeDefinition> {
        self.types.get(name)
    }

    /// The directives of an object type and the definition of its field.
    pub(crate) fn field(
        &self,
        type_name: &str,
        name: &str,
    ) -> Option<(&[Positioned<ConstDirective>], &FieldDefinition)> {
        let definition = self.types.get(type_name)?;
        let TypeKind::Object(object) = &definition.kind else {
            return None;
        };
        let field = object.fields.iter().find(|field| field.node.name.node == name)?;
        Some((&definition.directives, &field.node))
    }

    /// Whether a fragment on `condition` applies to an object of this type.
    pub(crate) fn is_possible(&self, condition: &str, type_name: &str) -> bool {
        if condition == type_name {
            return true;
        }
        let implements = self
            .types
            .get(type_name)
            .is_some_and(|definition| match &definition.kind {
                TypeKind::Object(object) => object.implements.iter().any(|interface| interface.node == condition),
                _ => false,
            });
        let is_member = self
            .types
            .get(condition)
            .is_some_and(|definition| match &definition.kind {
                TypeKind::Union(union) => union.members.iter().any(|member| member.node == type_name),
                _ => false,
            });
        implements || is_member
    }

    /// What GraphQL's validation has against a document, or what introspection tells of what it asks for, by the keys in its
    /// answer; `operation_name` is that of the operation that is meant.
    pub(crate) async fn validate(
        &self,
        document: &str,
        operation_name: Option<&str>,
        variables: &Map<String, Value>,
    ) -> Result<Value, Vec<ServerError>> {
        // Under `only_introspection` no other field runs: so what comes back are the errors of the validation and what
        // introspection tells.
        let mut request = Request::new(document).only_introspection();
        request.operation_name = operation_name.map(str::to_owned);
        // Only there, since values are `coerce`'s business.
        if asks_for_schema(document) {
            request = request.variables(Variables::from_json(Value::Object(variables.clone())));
        }
        let response = self.rules.execute(request).await;
        if response.errors.is_empty() {
            let mut told = response.data.into_json().unwrap_or_default();
            forget_own_words(&mut told);
            Ok(told)
        } else {
            Err(response.errors)
        }
    }
}

/// Takes out the description that async-graphql gives every schema.
fn forget_own_words(told: &mut Value) {
    let answers = told.as_object_mut().into_iter().flat_map(Map::values_mut);
    let members = answers.filter_map(Value::as_object_mut).flat_map(Map::values_mut);
    for value in members {
        if value.as_str().is_some_and(|text| text.starts_with(OWN_WORDS)) {
            *value = Value::Null;
        }
    }
}

/// Whether a document may ask for the schema.
fn asks_for_schema(document: &str) -> bool {
    let mut types = document.split("__type").skip(1);
    document.contains("__schema") || types.any(|rest| !rest.starts_with("name"))
}

/// The type of an argument or input field. One with a default may be left out, so it is nullable; the default itself never
/// gets to a resolver in AppSync, and so it does not here.
pub(crate) fn input_type(value: &InputValueDefinition) -> Type {
    let mut ty = value.ty.node.clone();
    ty.nullable |= value.default_value.is_some();
    ty
}
