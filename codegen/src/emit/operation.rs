//! One operation: its variables, the shape of its answer, and its entry in the contract.

use proc_macro2::{Literal as RustLiteral, TokenStream};
use quote::quote;

use super::{doc, ident, spec, types};
use crate::{
    model::{Field, Literal, Model, OutputType, Selection, Shape, Tool, Variable},
    register::Registered,
    rust_type::RustType,
    verified::Verified,
};

/// Emits an operation's module.
pub(super) fn module(tool: &Tool, model: &Model, registered: &Registered, verified: Verified) -> TokenStream {
    let (module, operation) = (ident(&tool.module), ident(&tool.rust_name));
    let doc_comment = doc(&format!("Generated from `{}`.\n\n{}", tool.path, tool.description));
    let variables = variables(tool, model);
    let mut selections = Vec::new();
    selection(
        &tool.data,
        Fields::Exact,
        &Ctx {
            tool,
            model,
            registered,
        },
        &mut selections,
    );
    let spec = spec::tool(tool, model, verified);
    quote! {
        #doc_comment
        #[allow(unused_imports, unused_qualifications)]
        pub mod #module {
            use super::*;

            #variables
            #(#selections)*

            impl contract::Operation for #operation {
                const SPEC: &'static contract::ToolSpec = &SPEC;
                type Variables = Variables;
                type Data = Self;
            }

            #spec
        }
    }
}

fn variables(tool: &Tool, model: &Model) -> TokenStream {
    let fields = tool.variables.iter().map(|variable| variable_field(variable, model));
    let crates = types::crates();
    quote! {
        #[doc = " The operation's variables."]
        #[derive(Debug, cynic::QueryVariables, serde::Deserialize, schemars::JsonSchema)]
        #crates
        #[serde(deny_unknown_fields)]
        pub struct Variables { #(#fields),* }
    }
}

fn variable_field(variable: &Variable, model: &Model) -> TokenStream {
    let name = ident(&variable.rust_name);
    let doc = doc(&variable.description);
    let rust_type = RustType::of_variable(variable);
    let ty = types::input_type(&rust_type, model);
    let (skip, default) = match rust_type {
        RustType::Option(_) if variable.can_be_absent() => (
            Some(quote! { skip_serializing_if = "Option::is_none" }),
            Some(quote! { default }),
        ),
        RustType::Maybe(_) => (
            Some(quote! { skip_serializing_if = "Maybe::is_absent" }),
            Some(quote! { default }),
        ),
        _ => (None, None),
    };
    let attributes = types::renamed(&variable.rust_name, &variable.name, skip.as_ref(), default.as_ref());
    quote! { #doc #attributes pub #name: #ty }
}

struct Ctx<'a> {
    tool: &'a Tool,
    model: &'a Model,
    registered: &'a Registered,
}

/// What is known of the fields of an object.
#[derive(Clone, Copy, PartialEq)]
enum Fields {
    /// The object has those that are selected, and no other.
    Exact,
    /// There may be more: a newer schema may make a type one of those that another fragment is on.
    AtLeast,
}

fn selection(selected: &Selection, known: Fields, ctx: &Ctx<'_>, out: &mut Vec<TokenStream>) {
    match &selected.shape {
        Shape::Fields(fields) => fields_struct(selected, fields.iter().collect(), known, ctx, out),
        Shape::ByType { variants, other, .. } => by_type(selected, variants, other.as_deref(), ctx, out),
    }
}

fn fields_struct(selected: &Selection, fields: Vec<&Field>, known: Fields, ctx: &Ctx<'_>, out: &mut Vec<TokenStream>) {
    let (name, graphql_type) = (ident(&selected.rust_name), &selected.graphql_type);
    let doc = doc(&selected.description);
    let members = fields.iter().map(|field| member(selected, field, ctx));
    let exact = (known == Fields::Exact).then(|| quote! { , deny_unknown_fields });
    out.push(quote! {
        #doc
        #[derive(Debug, cynic::QueryFragment, serde::Serialize, serde::Deserialize)]
        #[cynic(graphql_type = #graphql_type, variables = "Variables", no_deserialize)]
        #[serde(crate = "::appsync_mcp::__private::serde", remote = "Self" #exact)]
        pub struct #name { #(#members),* }

        ::appsync_mcp::object!(#name);
    });
    for field in fields {
        if let Some(nested) = field.ty.nested() {
            selection(nested, known, ctx, out);
        }
    }
}

fn by_type(
    selected: &Selection,
    variants: &[Selection],
    other: Option<&Selection>,
    ctx: &Ctx<'_>,
    out: &mut Vec<TokenStream>,
) {
    let (name, graphql_type) = (ident(&selected.rust_name), &selected.graphql_type);
    let doc_comment = doc(&selected.description);
    let arms = variants.iter().map(|variant| {
        let (name, graphql) = (ident(&variant.rust_name), &variant.graphql_type);
        let doc = doc(&variant.description);
        quote! { #doc #[serde(rename = #graphql)] #name(#name) }
    });
    let rest = if let Some(other) = other {
        let other = ident(&other.rust_name);
        quote! { #[doc = " Any other type."] #[cynic(fallback)] #[serde(untagged)] Other(#other) }
    } else {
        quote! {
            #[doc = " Any other type: its name."]
            #[cynic(fallback)]
            #[serde(untagged, serialize_with = "::appsync_mcp::__private::typename")]
            Other(String)
        }
    };
    out.push(quote! {
        #doc_comment
        #[derive(Debug, cynic::InlineFragments, serde::Serialize)]
        #[cynic(graphql_type = #graphql_type, variables = "Variables")]
        #[serde(crate = "::appsync_mcp::__private::serde", tag = "__typename")]
        pub enum #name { #(#arms,)* #rest }
    });
    for variant in variants {
        if let Shape::Fields(fields) = &variant.shape {
            // The enum's tag is `__typename`.
            let fields = fields.iter().filter(|field| field.key != "__typename");
            fields_struct(variant, fields.collect(), Fields::AtLeast, ctx, out);
        }
    }
    if let Some(other) = other {
        selection(other, Fields::AtLeast, ctx, out);
    }
}

fn member(selected: &Selection, field: &Field, ctx: &Ctx<'_>) -> TokenStream {
    let name = ident(&field.rust_name);
    let doc = doc(&field.description);
    let shown = |(argument, _): &&(String, Literal)| {
        ctx.registered
            .has_argument(&selected.graphql_type, &field.name, argument)
    };
    let arguments: Vec<_> = field
        .arguments
        .iter()
        .filter(shown)
        .map(|(name, value)| {
            let (name, value) = (ident(name), literal(value, ctx));
            quote! { #name: #value }
        })
        .collect();
    let arguments = (!arguments.is_empty()).then(|| quote! { #[arguments(#(#arguments),*)] });
    let ty = output_type(&field.ty, ctx.model);
    // What `@include` or `@skip` may keep out of the answer: a null that is there is another thing than nothing.
    let ty = if field.conditional {
        quote! { Option<#ty> }
    } else {
        ty
    };
    let attributes = member_names(field);
    quote! { #doc #arguments #attributes pub #name: #ty }
}

/// cynic wants the field's name, serde its response key.
fn member_names(field: &Field) -> TokenStream {
    let (key, graphql) = (&field.key, &field.name);
    // serde takes a missing `Option` for `None`, and what was selected is never missing.
    let present = match field.ty {
        _ if field.conditional => Some(quote! {
            default,
            skip_serializing_if = "Option::is_none",
            deserialize_with = "::appsync_mcp::__private::some"
        }),
        OutputType::Nullable(_) => Some(quote! { deserialize_with = "::appsync_mcp::__private::present" }),
        _ => None,
    };
    if field.key == field.name {
        return types::renamed(&field.rust_name, graphql, None, present.as_ref());
    }
    let rename = (field.rust_name != field.key).then(|| quote! { rename = #key });
    let parts: Vec<_> = rename.into_iter().chain(present).collect();
    let serde = (!parts.is_empty()).then(|| quote! { #[serde(#(#parts),*)] });
    quote! { #[cynic(rename = #graphql, alias)] #serde }
}

/// Returns an argument's value as cynic's derive reads it.
fn literal(value: &Literal, ctx: &Ctx<'_>) -> TokenStream {
    match value {
        Literal::Variable(name) => {
            let variable = ctx.tool.variables.iter().find(|variable| variable.name == *name);
            let name = ident(variable.map_or("", |variable| &variable.rust_name));
            quote! { $#name }
        }
        Literal::Null => quote! { null },
        Literal::Boolean(value) => quote! { #value },
        Literal::Int(number) | Literal::Float(number) => match number.parse::<RustLiteral>() {
            Ok(number) => quote! { #number },
            Err(error) => unreachable!("`{number}` is a number: {error}"),
        },
        Literal::String(text) => quote! { #text },
        Literal::Enum(name) => {
            let name = ident(name);
            quote! { #name }
        }
        Literal::List(items) => {
            let items = items.iter().map(|item| literal(item, ctx));
            quote! { [#(#items),*] }
        }
        Literal::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| {
                let (name, value) = (ident(name), literal(value, ctx));
                quote! { #name: #value }
            });
            quote! { { #(#fields),* } }
        }
    }
}

fn output_type(ty: &OutputType, model: &Model) -> TokenStream {
    match ty {
        OutputType::Nullable(inner) => {
            let inner = output_type(inner, model);
            quote! { Option<#inner> }
        }
        OutputType::List(inner) => {
            let inner = output_type(inner, model);
            quote! { Vec<#inner> }
        }
        OutputType::Boolean => quote! { bool },
        OutputType::Int => quote! { i32 },
        OutputType::Float => quote! { f64 },
        OutputType::String => quote! { String },
        OutputType::Scalar(name) => {
            let scalar = model.scalars.iter().find(|scalar| scalar.name == *name);
            let name = ident(scalar.map_or("", |scalar| &scalar.rust_name));
            quote! { #name }
        }
        OutputType::Enum(name) => {
            let found = model.output_enums.iter().find(|found| found.name == *name);
            let name = ident(found.map_or("", |found| &found.rust_name));
            quote! { #name }
        }
        OutputType::Selection(selection) => {
            let name = ident(&selection.rust_name);
            quote! { #name }
        }
    }
}
