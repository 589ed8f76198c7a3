//! A tool's entry in the contract: static data for the decoder, the dispatcher and the list of tools.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::{doc, ident, uses};
use crate::{
    api::{Mode, ResolverKind},
    bounds, duration,
    json_schema::{self, Root},
    model::{
        Access, BindingSource, Folder, Input, InputField, ListMax, MarkKind, Model, Normalization, Position, Tool,
        Variable,
    },
    verified::Verified,
};

/// Emits a tool's `SPEC`.
pub(super) fn tool(tool: &Tool, model: &Model, verified: Verified) -> TokenStream {
    let Some(contract) = &tool.contract else {
        unreachable!("a valid tool has a contract")
    };
    let (name, title, description, operation_name) =
        (&tool.name, &contract.title.value, &tool.description, &tool.operation);
    let kind = match tool.folder {
        Folder::Read => quote! { contract::Kind::Read },
        Folder::Write => {
            let (destructive, idempotent) = (contract.may_destroy(), contract.is_idempotent());
            quote! { contract::Kind::Write { destructive: #destructive, idempotent: #idempotent } }
        }
    };
    let open_world = contract.is_open_world();
    let segments = tool.document.iter().map(|segment| {
        let (any, text) = (&segment.any, &segment.text);
        quote! { contract::Segment { any: &[#(#any),*], text: #text } }
    });
    let arguments = tool.arguments().map(argument);
    let bindings = bindings(tool);
    let marks = marks(tool);
    let disabled = option(contract.disabled.as_ref().map(|reason| reason.value.clone()));
    let verified = ident(match verified {
        Verified::No => "No",
        Verified::Sandbox => "Sandbox",
        Verified::Api => "Api",
    });
    let resolver = option(tool.resolver.map(resolver));
    let undo = option(contract.undo.as_ref().map(|undo| undo.value.clone()));
    let input_schema = json_schema::input(tool, model).to_string();
    let output_schema = json_schema::output(tool, model).to_string();
    let output = output(tool);
    let lists = lists(tool);
    let access = tool.access.iter().map(access);
    let uses = uses::uses(tool);
    let scopes = contract.scopes.iter().map(|scope| &scope.value);
    let rate = contract.rate.as_ref().and_then(|rate| duration::rate(&rate.value));
    let rate = option(rate.map(|(calls, per_seconds)| {
        quote! { contract::Rate { calls: #calls, per_seconds: #per_seconds } }
    }));
    let timeout = contract
        .timeout
        .as_ref()
        .and_then(|timeout| duration::seconds(&timeout.value));
    let timeout = proc_macro2::Literal::u32_unsuffixed(timeout.unwrap_or(bounds::TIMEOUT_SECONDS));
    let bytes = number(
        contract
            .bytes_max
            .as_ref()
            .map_or(bounds::RESULT_BYTES, |bytes| bytes.value),
    );
    quote! {
        #[doc = " What the build says of the tool."]
        pub static SPEC: contract::ToolSpec = contract::ToolSpec {
            name: #name,
            title: #title,
            description: #description,
            kind: #kind,
            open_world: #open_world,
            operation_name: #operation_name,
            document: &[#(#segments),*],
            arguments: &[#(#arguments),*],
            input_schema: #input_schema,
            output_schema: #output_schema,
            output: #output,
            lists: &[#(#lists),*],
            marks: &[#(#marks),*],
            bindings: &[#(#bindings),*],
            disabled: #disabled,
            verified: contract::Verified::#verified,
            resolver: #resolver,
            undo: #undo,
            scopes: &[#(#scopes),*],
            access: &[#(#access),*],
            uses: &[#(#uses),*],
            rate: #rate,
            timeout_seconds: #timeout,
            result_bytes_max: #bytes,
        };
    }
}

fn access(access: &Access) -> TokenStream {
    let mode = ident(match access.mode {
        Mode::ApiKey => "ApiKey",
        Mode::AwsIam => "Iam",
        Mode::AmazonCognitoUserPools => "CognitoUserPools",
        Mode::OpenidConnect => "Oidc",
        Mode::AwsLambda => "Lambda",
    });
    let groups = access.groups.iter().map(|groups| quote! { &[#(#groups),*] });
    quote! { contract::Access { mode: ::appsync_mcp::Mode::#mode, groups: &[#(#groups),*] } }
}

fn argument(variable: &Variable) -> TokenStream {
    let (name, description) = (&variable.name, &variable.description);
    let value = position(&variable.value);
    let absent = match &variable.default {
        _ if json_schema::is_required(variable) => quote! { contract::Absent::Required },
        Some(default) => {
            let default = default.value.to_string();
            quote! { contract::Absent::Default(#default) }
        }
        None => quote! { contract::Absent::Omitted },
    };
    let example = option(variable.example.as_ref().map(|example| example.value.to_string()));
    quote! {
        contract::Argument { name: #name, description: #description, value: #value, absent: #absent, example: #example }
    }
}

fn bindings(tool: &Tool) -> Vec<TokenStream> {
    let bound = tool
        .variables
        .iter()
        .filter_map(|variable| Some((variable, variable.binding.as_ref()?)));
    bound
        .map(|(variable, binding)| {
            let (variable, value, required) = (
                &variable.name,
                position(&variable.value),
                json_schema::is_required(variable),
            );
            let name = binding.value.name.as_ref().map(|name| &name.value);
            let source = match binding.value.source {
                BindingSource::Claim => quote! { contract::BindingSource::Claim(#name) },
                BindingSource::Config => quote! { contract::BindingSource::Config(#name) },
                BindingSource::IdempotencyKey => quote! { contract::BindingSource::IdempotencyKey },
            };
            quote! {
                contract::Binding { variable: #variable, source: #source, value: #value, required: #required }
            }
        })
        .collect()
}

/// One entry for each field and what is said of it, however often the operation says it.
fn marks(tool: &Tool) -> Vec<TokenStream> {
    let mut said = BTreeSet::new();
    let first = tool.marks.iter().filter(|mark| said.insert((&mark.path, mark.kind)));
    first
        .map(|mark| {
            let path = &mark.path;
            let kind = ident(match mark.kind {
                MarkKind::Untrusted => "Untrusted",
                MarkKind::Mask => "Mask",
                MarkKind::Omit => "Omit",
            });
            quote! { contract::Mark { path: &[#(#path),*], kind: contract::MarkKind::#kind } }
        })
        .collect()
}

fn resolver(kind: ResolverKind) -> TokenStream {
    let kind = ident(match kind {
        ResolverKind::Unit => "Unit",
        ResolverKind::Pipeline => "Pipeline",
    });
    quote! { contract::Resolver::#kind }
}

fn option(value: Option<impl quote::ToTokens>) -> TokenStream {
    value.map_or_else(|| quote! { None }, |value| quote! { Some(#value) })
}

fn position(position: &Position) -> TokenStream {
    let (input, nullable) = (input(&position.input), position.nullable);
    quote! { contract::Position { input: #input, nullable: #nullable } }
}

fn input(input: &Input) -> TokenStream {
    let excess = |clamp: bool| {
        let excess = ident(if clamp { "Clamp" } else { "Reject" });
        quote! { contract::Excess::#excess }
    };
    match input {
        Input::Boolean => quote! { contract::Input::Boolean },
        Input::Integer { min, max, clamp } => {
            let (min, max, excess) = (number(*min), number(*max), excess(*clamp));
            quote! { contract::Input::Integer { min: #min, max: #max, excess: #excess } }
        }
        Input::Float { min, max, clamp } => {
            let (min, max, excess) = (float(*min), float(*max), excess(*clamp));
            quote! { contract::Input::Float { min: #min, max: #max, excess: #excess } }
        }
        Input::Text {
            scalar,
            normalize,
            length_min,
            length_max,
            pattern,
            empty,
        } => {
            let normalize = normalize.iter().map(|how| {
                let how = ident(match how {
                    Normalization::Trim => "Trim",
                    Normalization::Lowercase => "Lowercase",
                    Normalization::Uppercase => "Uppercase",
                    Normalization::CountryCode => "CountryCode",
                });
                quote! { contract::Normalize::#how }
            });
            let (length_min, length_max) = (number(*length_min), number(*length_max));
            let pattern = option(pattern.as_ref().map(|pattern| {
                let (regex, hint) = (&pattern.regex, &pattern.hint);
                quote! { contract::Pattern { regex: #regex, hint: #hint } }
            }));
            quote! {
                contract::Input::Text {
                    scalar: #scalar,
                    normalize: &[#(#normalize),*],
                    length_min: #length_min,
                    length_max: #length_max,
                    pattern: #pattern,
                    empty: #empty,
                }
            }
        }
        Input::Enum { name } => {
            let values = ident(&values_static(name));
            quote! { contract::Input::Enum { name: #name, values: &#values } }
        }
        Input::List {
            item,
            items_min,
            items_max,
            unique,
        } => {
            let (item, items_min, items_max) = (position(item), number(*items_min), number(*items_max));
            quote! {
                contract::Input::List {
                    item: &#item,
                    items_min: #items_min,
                    items_max: #items_max,
                    unique: #unique,
                }
            }
        }
        Input::Object { name, own: None } => {
            let fields = ident(&fields_static(name));
            quote! { contract::Input::Object { name: #name, fields: &#fields } }
        }
        Input::Object { name, own: Some(own) } => {
            let fields = own.iter().map(field);
            quote! { contract::Input::Object { name: #name, fields: &[#(#fields),*] } }
        }
    }
}

fn number(number: i64) -> proc_macro2::Literal {
    proc_macro2::Literal::i64_unsuffixed(number)
}

fn float(number: f64) -> TokenStream {
    if number.to_bits() == f64::MIN.to_bits() {
        quote! { f64::MIN }
    } else if number.to_bits() == f64::MAX.to_bits() {
        quote! { f64::MAX }
    } else {
        let number = proc_macro2::Literal::f64_unsuffixed(number);
        quote! { #number }
    }
}

// The name as it is: in upper case two names could become one.
pub(super) fn values_static(name: &str) -> String {
    format!("VALUES_OF_{name}")
}

fn fields_static(name: &str) -> String {
    format!("FIELDS_OF_{name}")
}

/// The enums and input objects that some value of a compiled tool is by name.
#[derive(Default)]
struct Named<'m> {
    enums: BTreeSet<&'m str>,
    objects: BTreeSet<&'m str>,
}

impl<'m> Named<'m> {
    fn collect(&mut self, input: &'m Input, model: &'m Model) {
        let fields = match input {
            Input::Enum { name } => {
                self.enums.insert(name);
                return;
            }
            Input::List { item, .. } => return self.collect(&item.input, model),
            Input::Object { name, own } => {
                if own.is_none() && !self.objects.insert(name) {
                    return;
                }
                model.fields(name, own.as_ref())
            }
            _ => return,
        };
        for field in fields {
            self.collect(&field.value.input, model);
        }
    }
}

/// Emits the tables of the enums and input objects that arguments take, those that something refers to. They are statics
/// of their own, since an input object may contain itself.
pub(super) fn input_objects(model: &Model, tools: &[&Tool]) -> TokenStream {
    let mut named = Named::default();
    for variable in tools.iter().flat_map(|tool| &tool.variables) {
        named.collect(&variable.value.input, model);
    }
    let enums = model
        .input_enums
        .iter()
        .filter(|found| named.enums.contains(found.name.as_str()))
        .map(|found| {
            let (name, count) = (ident(&values_static(&found.name)), found.values.len());
            let values = found.values.iter().map(|value| &value.name);
            let doc = doc(&format!("The values of `{}`.", found.name));
            quote! { #doc #[allow(non_upper_case_globals)] static #name: [&str; #count] = [#(#values),*]; }
        });
    let objects = model
        .input_objects
        .iter()
        .filter(|object| named.objects.contains(object.name.as_str()))
        .map(|object| {
            let (name, count) = (ident(&fields_static(&object.name)), object.fields.len());
            let fields = object.fields.iter().map(field);
            let doc = doc(&format!("The fields of `{}`.", object.name));
            quote! { #doc #[allow(non_upper_case_globals)] static #name: [contract::Argument; #count] = [#(#fields),*]; }
        });
    quote! { #(#enums)* #(#objects)* }
}

fn field(field: &InputField) -> TokenStream {
    let (name, description, value) = (&field.name, &field.description, position(&field.value));
    let absent = ident(if field.required { "Required" } else { "Omitted" });
    quote! {
        contract::Argument {
            name: #name,
            description: #description,
            value: #value,
            absent: contract::Absent::#absent,
            example: None,
        }
    }
}

fn output(tool: &Tool) -> TokenStream {
    match json_schema::root(tool) {
        Root::Object(field) => {
            let key = &field.key;
            quote! { contract::Output::Object { key: #key } }
        }
        Root::Items(field) => {
            let key = &field.key;
            quote! { contract::Output::Items { key: #key } }
        }
        Root::Value(field) => {
            let key = &field.key;
            quote! { contract::Output::Value { key: #key } }
        }
        Root::Data => quote! { contract::Output::Data },
    }
}

fn lists(tool: &Tool) -> Vec<TokenStream> {
    let lists = tool.lists.iter().map(|list| {
        let path = &list.path;
        let max = match list.bound().map(|bound| &bound.value) {
            Some(ListMax::Items(max)) => {
                let max = number(*max);
                quote! { contract::ListMax::Items(#max) }
            }
            Some(ListMax::Variable(name)) => quote! { contract::ListMax::Argument(#name) },
            _ => {
                let max = number(bounds::LEAVES_MAX);
                quote! { contract::ListMax::Items(#max) }
            }
        };
        let next_token = list.next_token.as_ref().map_or_else(
            || quote! { None },
            |(key, nullable)| quote! { Some(contract::NextToken { key: #key, nullable: #nullable }) },
        );
        let inner_max = option(list.of_lists.then(|| number(list.inner_max())));
        quote! {
            contract::ListBound { path: &[#(#path),*], max: #max, inner_max: #inner_max, next_token: #next_token }
        }
    });
    lists.collect()
}
