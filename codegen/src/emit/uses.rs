//! What the tools stand on → static data that a run time compares with the API's schema.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::{doc, ident, spec::values_static};
use crate::model::{Given, InputObject, Model, Tool, UsedField};

/// Returns a tool's uses. Input objects and enums that variables hold are shared between tools.
pub(super) fn uses(tool: &Tool) -> Vec<TokenStream> {
    let uses = &tool.uses;
    let (operation, root) = (tool.operation_type.name(), &uses.root);
    let mut all = vec![quote! { contract::Use::Root { operation: #operation, ty: #root } }];
    all.extend(uses.fields.iter().map(|(of, fields)| {
        let fields = fields.iter().map(field);
        quote! { contract::Use::Fields { of: #of, fields: &[#(#fields),*] } }
    }));
    all.extend(uses.conditions.iter().map(|(of, on)| {
        quote! { contract::Use::Fragment { of: #of, on: #on } }
    }));
    all.extend(uses.inputs.iter().map(|name| {
        let shared = ident(&input_static(name));
        quote! { contract::Use::Input(&#shared) }
    }));
    all.extend(uses.literals.iter().map(|(name, given)| {
        let input = input(name, given.iter().map(self::given));
        quote! { contract::Use::Input(&#input) }
    }));
    all.extend(uses.enums.iter().map(|name| {
        let values = ident(&values_static(name));
        quote! { contract::Use::Values { of: #name, values: &#values } }
    }));
    // What a variable can hold is more.
    let literals = uses.values.iter().filter(|(name, _)| !uses.enums.contains(*name));
    all.extend(literals.map(|(name, values)| {
        let values = values.iter();
        quote! { contract::Use::Values { of: #name, values: &[#(#values),*] } }
    }));
    all
}

/// Emits the input objects that variables of these tools hold.
pub(super) fn inputs(model: &Model, tools: &[&Tool]) -> TokenStream {
    let named: BTreeSet<&String> = tools.iter().flat_map(|tool| &tool.uses.inputs).collect();
    let objects = model.input_objects.iter().filter(|object| named.contains(&object.name));
    let objects = objects.map(|object| {
        let (name, input) = (ident(&input_static(&object.name)), input(&object.name, fields(object)));
        let doc = doc(&format!("All that a value of `{}` can hold.", object.name));
        quote! { #doc #[allow(non_upper_case_globals)] static #name: contract::UsedInput = #input; }
    });
    quote! { #(#objects)* }
}

fn input_static(name: &str) -> String {
    format!("INPUT_OF_{name}")
}

fn input(name: &str, given: impl Iterator<Item = TokenStream>) -> TokenStream {
    quote! { contract::UsedInput { name: #name, fields: &[#(#given),*] } }
}

/// What may be left out is given as nullable, also where the schema has a default for it.
fn fields(object: &InputObject) -> impl Iterator<Item = TokenStream> {
    object.fields.iter().map(|field| {
        let ty = if field.required {
            field.ty.clone()
        } else {
            field.ty.clone().nullable()
        };
        given(&Given {
            name: field.name.clone(),
            ty: ty.to_string(),
            is_variable: false,
        })
    })
}

fn field(field: &UsedField) -> TokenStream {
    let (name, ty) = (&field.name, &field.ty);
    let arguments = field.arguments.iter().map(given);
    quote! { contract::UsedField::new(#name, #ty, &[#(#arguments),*]) }
}

fn given(given: &Given) -> TokenStream {
    let (name, ty) = (&given.name, &given.ty);
    if given.is_variable {
        quote! { contract::Given::variable(#name, #ty) }
    } else {
        quote! { contract::Given::value(#name, #ty) }
    }
}
