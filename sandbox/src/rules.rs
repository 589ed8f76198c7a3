//! Types by name -> async-graphql's schema of them, for the rules of GraphQL's validation and for introspection.
//!
//! Invariant: it has no resolvers. What introspection tells is what the SDL says, but for directives: no API tells the applied
//! ones, and async-graphql does not tell the declared ones either.

use std::collections::{BTreeMap, HashMap};

use async_graphql::dynamic::{
    Enum, EnumItem, Field, FieldFuture, InputObject, InputValue, Interface, InterfaceField, Object, Scalar, Schema,
    SchemaError, Subscription, SubscriptionField, SubscriptionFieldFuture, TypeRef, Union,
};
use async_graphql::parser::types::{
    BaseType, ConstDirective, EnumValueDefinition, FieldDefinition, InputValueDefinition, Type, TypeDefinition,
    TypeKind,
};
use async_graphql::{Positioned, Value};
use futures_util::stream;

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

/// GraphQL's own words where a schema gives no reason.
const DEPRECATED: &str = "No longer supported";

/// Puts a description on what is built, if there is one.
macro_rules! described {
    ($built:expr, $definition:expr) => {
        match &$definition.description {
            Some(text) => $built.description(text.node.as_str()),
            None => $built,
        }
    };
}

/// Puts description and deprecation on what is built.
macro_rules! told {
    ($built:expr, $definition:expr) => {
        match deprecation(&$definition.directives) {
            Some(reason) => described!($built, $definition).deprecation(Some(&reason)),
            None => described!($built, $definition),
        }
    };
}

/// Builds a schema without resolvers. `introspection`: whether it tells itself.
pub(crate) fn rules(types: &HashMap<String, TypeDefinition>, introspection: bool) -> Result<Schema, SchemaError> {
    let root = |name: &'static str| types.contains_key(name).then_some(name);
    let mut builder = Schema::build("Query", root("Mutation"), root("Subscription")).disable_suggestions();
    if !introspection {
        builder = builder.disable_introspection();
    }
    for scalar in AWS_SCALARS {
        builder = builder.register(Scalar::new(*scalar));
    }
    // By name, so that introspection tells the same each time.
    for (name, definition) in BTreeMap::from_iter(types) {
        builder = match &definition.kind {
            TypeKind::Scalar => builder.register(described!(Scalar::new(name), definition)),
            // Served over a WebSocket by AppSync, and not at all here.
            TypeKind::Object(object) if name == "Subscription" => {
                let fields = object.fields.iter().map(|field| subscription_field(&field.node));
                builder.register(described!(
                    fields.fold(Subscription::new(name), Subscription::field),
                    definition
                ))
            }
            TypeKind::Object(object) => {
                let fields = object.fields.iter().map(|field| object_field(&field.node));
                let built = fields.fold(Object::new(name), Object::field);
                let interfaces = object.implements.iter();
                let built = interfaces.fold(built, |built, interface| built.implement(interface.node.as_str()));
                builder.register(described!(built, definition))
            }
            TypeKind::Interface(interface) => {
                let fields = interface.fields.iter().map(|field| interface_field(&field.node));
                let built = fields.fold(Interface::new(name), Interface::field);
                let interfaces = interface.implements.iter();
                let built = interfaces.fold(built, |built, interface| built.implement(interface.node.as_str()));
                builder.register(described!(built, definition))
            }
            TypeKind::Union(union) => {
                let members = union.members.iter();
                let built = members.fold(Union::new(name), |built, member| {
                    built.possible_type(member.node.as_str())
                });
                builder.register(described!(built, definition))
            }
            TypeKind::Enum(found) => {
                let values = found.values.iter().map(|value| enum_item(&value.node));
                builder.register(described!(values.fold(Enum::new(name), Enum::item), definition))
            }
            TypeKind::InputObject(input) => {
                let fields = input.fields.iter().map(|field| input_value(&field.node));
                let built = fields.fold(InputObject::new(name), InputObject::field);
                builder.register(described!(built, definition))
            }
        };
    }
    builder.finish()
}

fn object_field(field: &FieldDefinition) -> Field {
    let built = Field::new(field.name.node.as_str(), type_ref(&field.ty.node), |_| {
        FieldFuture::from_value(None)
    });
    arguments(field).fold(told!(built, field), Field::argument)
}

fn interface_field(field: &FieldDefinition) -> InterfaceField {
    let built = InterfaceField::new(field.name.node.as_str(), type_ref(&field.ty.node));
    arguments(field).fold(told!(built, field), InterfaceField::argument)
}

fn subscription_field(field: &FieldDefinition) -> SubscriptionField {
    let built = SubscriptionField::new(field.name.node.as_str(), type_ref(&field.ty.node), |_| {
        SubscriptionFieldFuture::new(async { Ok(stream::empty::<async_graphql::Result<Value>>()) })
    });
    arguments(field).fold(told!(built, field), SubscriptionField::argument)
}

fn arguments(field: &FieldDefinition) -> impl Iterator<Item = InputValue> {
    field.arguments.iter().map(|argument| input_value(&argument.node))
}

/// An argument or input field. What has a default may be left out; the default itself never gets to a resolver in AppSync, and
/// so it does not here.
fn input_value(value: &InputValueDefinition) -> InputValue {
    let built = told!(
        InputValue::new(value.name.node.as_str(), type_ref(&value.ty.node)),
        value
    );
    match &value.default_value {
        Some(default) => built.default_value(default.node.clone()),
        None => built,
    }
}

fn enum_item(value: &EnumValueDefinition) -> EnumItem {
    told!(EnumItem::new(value.value.node.as_str()), value)
}

/// Why something is deprecated, if it is.
fn deprecation(directives: &[Positioned<ConstDirective>]) -> Option<String> {
    let directive = directives
        .iter()
        .find(|directive| directive.node.name.node == "deprecated")?;
    Some(match directive.node.get_argument("reason").map(|reason| &reason.node) {
        Some(Value::String(reason)) => reason.clone(),
        _ => DEPRECATED.to_owned(),
    })
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
