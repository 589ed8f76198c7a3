//! The SDL -> types by name, and the rules of GraphQL's validation over them.
//!
//! Invariant: `schema/schema.graphql` and `schema/api.json` are the only statements of the API; no type or field is written
//! down a second time.
//! Invariant: async-graphql validates documents here and never runs them. Its dynamic schemas leave a field that failed out
//! of the answer, where AppSync writes null and passes the null up from a non-null position; see `execute.rs`. Its rule
//! about variables in positions of another type is never called in 7.2, so such a variable is let through as long as its
//! value fits.

use std::collections::HashMap;

use async_graphql::dynamic::{
    Enum, Field, FieldFuture, InputObject, InputValue, Interface, InterfaceField, Object, Scalar, Schema as Rules,
    TypeRef, Union,
};
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, ConstDirective, EnumType, FieldDefinition, InputValueDefinition, Type, TypeDefinition, TypeKind,
    TypeSystemDefinition,
};
use async_graphql::{Positioned, Request, ServerError};
use serde::Deserialize;

use crate::Error;
use crate::auth::AuthorizationMode;

/// The schema as it was downloaded from AppSync.
const SDL: &str = include_str!("../../schema/schema.graphql");

/// What the SDL can't say.
const API: &str = include_str!("../../schema/api.json");

/// AppSync's scalars, which an SDL leaves undeclared.
const AWS_SCALARS: &[&str] = &[
    "AWSDate",
    "AWSTime",
    "AWSDateTime",
    "AWSTimestamp",
    "AWSEmail",
    "AWSJSON",
    "AWSURL",
    "AWSPhone",
    "AWSIPAddress",
];

/// The API.
#[derive(Debug)]
pub(crate) struct Schema {
    types: HashMap<String, TypeDefinition>,
    rules: Rules,
    /// The authorization mode of what carries no directive.
    pub(crate) default_mode: AuthorizationMode,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Api {
    authentication_type: AuthorizationMode,
}

impl Schema {
    /// Reads the schema that this crate was built with.
    pub(crate) fn read() -> Result<Self, Error> {
        let document = parse_schema(SDL).map_err(|error| Error::Schema(error.to_string()))?;
        let api: Api = serde_json::from_str(API).map_err(|error| Error::Schema(error.to_string()))?;
        let mut types = HashMap::new();
        for definition in document.definitions {
            if let TypeSystemDefinition::Type(definition) = definition {
                types.insert(definition.node.name.node.to_string(), definition.node);
            }
        }
        let rules = rules(&types).map_err(|error| Error::Schema(error.to_string()))?;
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

    /// What GraphQL's validation has against a document; `operation_name` is that of any operation in it.
    pub(crate) async fn validate(&self, document: &str, operation_name: Option<&str>) -> Vec<ServerError> {
        // Under `only_introspection` no field runs, and with introspection disabled `__schema` is no field either: so what
        // comes back are the errors of the validation and nothing else.
        let mut request = Request::new(document).only_introspection();
        request.operation_name = operation_name.map(str::to_owned);
        self.rules.execute(request).await.errors
    }
}

/// A schema without resolvers, to validate against.
fn rules(types: &HashMap<String, TypeDefinition>) -> Result<Rules, async_graphql::dynamic::SchemaError> {
    let mut builder = Rules::build("Query", types.contains_key("Mutation").then_some("Mutation"), None)
        .disable_introspection()
        .disable_suggestions();
    for scalar in AWS_SCALARS {
        builder = builder.register(Scalar::new(*scalar));
    }
    for (name, definition) in types {
        builder = match &definition.kind {
            TypeKind::Scalar => builder.register(Scalar::new(name)),
            // Served over a WebSocket by AppSync, and not at all here.
            TypeKind::Object(_) if name == "Subscription" => builder,
            TypeKind::Object(object) => {
                let built = object
                    .fields
                    .iter()
                    .map(|field| object_field(&field.node))
                    .fold(Object::new(name), Object::field);
                builder.register(
                    object
                        .implements
                        .iter()
                        .fold(built, |built, interface| built.implement(interface.node.as_str())),
                )
            }
            TypeKind::Interface(interface) => {
                let fields = interface.fields.iter().map(|field| interface_field(&field.node));
                builder.register(fields.fold(Interface::new(name), Interface::field))
            }
            TypeKind::Union(union) => builder.register(union.members.iter().fold(Union::new(name), |built, member| {
                built.possible_type(member.node.as_str())
            })),
            TypeKind::Enum(EnumType { values }) => {
                builder.register(values.iter().fold(Enum::new(name), |built, value| {
                    built.item(value.node.value.node.as_str())
                }))
            }
            TypeKind::InputObject(input) => builder.register(
                input
                    .fields
                    .iter()
                    .map(|field| input_value(&field.node))
                    .fold(InputObject::new(name), InputObject::field),
            ),
        };
    }
    builder.finish()
}

fn object_field(field: &FieldDefinition) -> Field {
    let built = Field::new(field.name.node.as_str(), type_ref(&field.ty.node), |_| {
        FieldFuture::from_value(None)
    });
    field
        .arguments
        .iter()
        .fold(built, |built, argument| built.argument(input_value(&argument.node)))
}

fn interface_field(field: &FieldDefinition) -> InterfaceField {
    let built = InterfaceField::new(field.name.node.as_str(), type_ref(&field.ty.node));
    field
        .arguments
        .iter()
        .fold(built, |built, argument| built.argument(input_value(&argument.node)))
}

fn input_value(value: &InputValueDefinition) -> InputValue {
    InputValue::new(value.name.node.as_str(), type_ref(&input_type(value)))
}

/// The type of an argument or input field. One with a default may be left out, so it is nullable; the default itself never
/// gets to a resolver in AppSync, and so it does not here.
pub(crate) fn input_type(value: &InputValueDefinition) -> Type {
    let mut ty = value.ty.node.clone();
    ty.nullable |= value.default_value.is_some();
    ty
}

fn type_ref(ty: &Type) -> TypeRef {
    let base = match &ty.base {
        BaseType::Named(name) => TypeRef::named(name.as_str()),
        BaseType::List(item) => TypeRef::List(Box::new(type_ref(item))),
    };
    if ty.nullable {
        base
    } else {
        TypeRef::NonNull(Box::new(base))
    }
}
