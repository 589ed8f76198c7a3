//! Scalars, enums and input objects: the types that operations share.

use proc_macro2::TokenStream;
use quote::quote;

use super::{doc, ident};
use crate::{
    api::Wire,
    model::{Enum, InputObject, Model, Scalar},
    name,
    register::Registered,
    rust_type::RustType,
};

/// Emits the types in use.
pub(super) fn all(model: &Model, registered: &Registered) -> TokenStream {
    let scalars = model
        .scalars
        .iter()
        .filter(|scalar| registered.has_type(&scalar.name))
        .map(scalar);
    let output = model
        .output_enums
        .iter()
        .filter(|found| registered.has_type(&found.name))
        .map(|found| output_enum(found, model.personal_enums.contains(&found.name)));
    let input = model
        .input_enums
        .iter()
        .filter(|found| registered.has_type(&found.name))
        .map(input_enum);
    let objects = model
        .input_objects
        .iter()
        .filter(|object| registered.has_type(&object.name));
    let objects = objects.map(|object| input_object(object, model));
    let maybe = uses_maybe(model).then(|| quote! { ::appsync_mcp::maybe!(); });
    quote! { #maybe #(#scalars)* #(#output)* #(#input)* #(#objects)* }
}

fn uses_maybe(model: &Model) -> bool {
    let variables = model.tools.iter().flat_map(|tool| &tool.variables);
    variables
        .map(RustType::of_variable)
        .any(|ty| matches!(ty, RustType::Maybe(_)))
        || !model.nullable_fields.is_empty()
}

/// The attributes by which the derives find their crates without a dependency of the project's own.
pub(super) fn crates() -> TokenStream {
    quote! {
        #[serde(crate = "::appsync_mcp::__private::serde")]
        #[schemars(crate = "::appsync_mcp::__private::schemars")]
    }
}

/// Returns a field's cynic and serde attributes: a rename where the GraphQL name is another than the Rust one, and more.
pub(super) fn renamed(
    rust: &str,
    graphql: &str,
    cynic: Option<&TokenStream>,
    serde: Option<&TokenStream>,
) -> TokenStream {
    // cynic takes a `_` for a change of case, or for an escape at the end, and drops it.
    let rename = (rust != graphql || rust.contains('_')).then(|| quote! { rename = #graphql });
    let attribute = |name: &str, more: Option<&TokenStream>| {
        let name = ident(name);
        let parts: Vec<_> = rename.iter().chain(more).collect();
        (!parts.is_empty()).then(|| quote! { #[#name(#(#parts),*)] })
    };
    let (cynic, serde) = (attribute("cynic", cynic), attribute("serde", serde));
    quote! { #cynic #serde }
}

fn scalar(scalar: &Scalar) -> TokenStream {
    let (name, graphql_type) = (ident(&scalar.rust_name), &scalar.name);
    let doc = doc(&format!(
        "GraphQL's scalar `{}`.\n\n{}",
        scalar.name, scalar.description
    ));
    let wire = wire(scalar.wire);
    quote! {
        #doc
        #[derive(Debug, Clone, cynic::Scalar, schemars::JsonSchema)]
        #[cynic(graphql_type = #graphql_type)]
        #[schemars(crate = "::appsync_mcp::__private::schemars", inline)]
        pub struct #name(pub #wire);
    }
}

fn wire(wire: Wire) -> TokenStream {
    match wire {
        Wire::String => quote! { String },
        Wire::Int => quote! { i64 },
        Wire::Float => quote! { f64 },
        Wire::Boolean => quote! { bool },
    }
}

/// An enum in a result is a string: a value that the API adds later is no failure.
fn output_enum(found: &Enum, is_personal: bool) -> TokenStream {
    let (name, graphql_type, marker) = (ident(&found.rust_name), &found.name, ident(&name::marker(&found.name)));
    let values = found.values.iter().map(|value| &value.name);
    let described = found
        .values
        .iter()
        .map(|value| format!("- `{}`: {}", value.name, value.description))
        .collect::<Vec<_>>();
    let doc = doc(&format!(
        "{}\n\nKnown values:\n{}",
        found.description,
        described.join("\n")
    ));
    let read = format!("::appsync_mcp::__private::enum_value::<{name}, _>");
    quote! {
        #doc
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
        #[serde(crate = "::appsync_mcp::__private::serde", transparent)]
        pub struct #name(#[serde(deserialize_with = #read)] pub String);

        impl ::appsync_mcp::__private::OutputEnum for #name {
            const NAME: &'static str = #graphql_type;
            const VALUES: &'static [&'static str] = &[#(#values),*];
            const IS_PERSONAL: bool = #is_personal;
        }

        impl cynic::Enum for #name {
            type SchemaType = schema::#marker;
        }
    }
}

fn input_enum(found: &Enum) -> TokenStream {
    let (name, graphql_type) = (ident(&found.rust_name), &found.name);
    let doc_comment = doc(&found.description);
    let variants = found.values.iter().map(|value| {
        let (name, graphql) = (ident(&value.rust_name), &value.name);
        let doc = doc(&value.description);
        quote! { #doc #[cynic(rename = #graphql)] #[schemars(rename = #graphql)] #name }
    });
    quote! {
        #doc_comment
        #[derive(Debug, Clone, Copy, cynic::Enum, schemars::JsonSchema)]
        #[cynic(graphql_type = #graphql_type)]
        #[schemars(crate = "::appsync_mcp::__private::schemars", inline)]
        pub enum #name { #(#variants),* }
    }
}

fn input_object(object: &InputObject, model: &Model) -> TokenStream {
    let (name, graphql_type) = (ident(&object.rust_name), &object.name);
    let doc_comment = doc(&object.description);
    let crates = crates();
    let fields = object.fields.iter().map(|field| {
        let name = ident(&field.rust_name);
        let doc = doc(&field.description);
        let own = model
            .input_objects
            .iter()
            .any(|object| field.ty.is_named() && object.name == field.ty.inner_named_type().as_str());
        let nullable = model
            .nullable_fields
            .contains(&(object.name.clone(), field.name.clone()));
        let ty = RustType::of_field(field, nullable);
        let ty = field_type(&ty, own, model);
        let is_absent = if nullable {
            "Maybe::is_absent"
        } else {
            "Option::is_none"
        };
        let skip = (!field.required).then(|| quote! { skip_serializing_if = #is_absent });
        let default = (!field.required).then(|| quote! { default });
        let attributes = renamed(&field.rust_name, &field.name, skip.as_ref(), default.as_ref());
        quote! { #doc #attributes pub #name: #ty }
    });
    quote! {
        #doc_comment
        #[derive(Debug, Clone, cynic::InputObject, serde::Deserialize, schemars::JsonSchema)]
        #[cynic(graphql_type = #graphql_type)]
        #crates
        #[serde(deny_unknown_fields)]
        pub struct #name { #(#fields),* }
    }
}

/// Returns the Rust type of an input object's field. One that is an input object is boxed: it may contain itself.
fn field_type(ty: &RustType, is_object: bool, model: &Model) -> TokenStream {
    match ty {
        RustType::Option(inner) => {
            let inner = field_type(inner, is_object, model);
            quote! { Option<#inner> }
        }
        // cynic's derive goes by the name whether a field is nullable.
        RustType::Maybe(inner) => {
            let inner = field_type(inner, is_object, model);
            quote! { __maybe::Option<#inner> }
        }
        ty => {
            let ty = input_type(ty, model);
            if is_object {
                quote! { Box<#ty> }
            } else {
                ty
            }
        }
    }
}

/// Returns the Rust type of an input value.
pub(super) fn input_type(ty: &RustType, model: &Model) -> TokenStream {
    match ty {
        RustType::Option(inner) => {
            let inner = input_type(inner, model);
            quote! { Option<#inner> }
        }
        RustType::Maybe(inner) => {
            let inner = input_type(inner, model);
            quote! { Maybe<#inner> }
        }
        RustType::Vec(inner) => {
            let inner = input_type(inner, model);
            quote! { Vec<#inner> }
        }
        RustType::Named(name) => match name.as_str() {
            "Int" => quote! { i32 },
            "Float" => quote! { f64 },
            "Boolean" => quote! { bool },
            "String" => quote! { String },
            name => {
                let scalar = model
                    .scalars
                    .iter()
                    .find(|found| found.name == name)
                    .map(|found| &found.rust_name);
                let found = model
                    .input_enums
                    .iter()
                    .find(|found| found.name == name)
                    .map(|found| &found.rust_name);
                let object = model
                    .input_objects
                    .iter()
                    .find(|found| found.name == name)
                    .map(|found| &found.rust_name);
                let Some(name) = scalar.or(found).or(object) else {
                    unreachable!("`{name}` is resolved")
                };
                let name = ident(name);
                quote! { #name }
            }
        },
    }
}
