//! [`Valid<Model>`] → Rust, as text.
//!
//! What is emitted is declarations: types with derives, static data, one `impl Operation` a tool. Logic is written by
//! hand in the server crate. Invariant: can't fail, sees neither source text nor schema.

mod operation;
mod spec;
mod types;
mod uses;

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    check::Valid,
    hidden::is_hidden,
    lock::ToolSummary,
    model::{Folder, Model, Piece, Tool},
    prompt,
    register::Registered,
    verified::Verified,
};

/// Returns the module's text. `tools` are those that are compiled in, `digest` is theirs, and `locked` says what has answered
/// them.
pub(crate) fn emit(
    model: &Valid<Model>,
    tools: &[&Tool],
    registered: &Registered,
    digest: &str,
    locked: &[ToolSummary],
) -> String {
    let types = types::all(model, registered);
    let inputs = spec::input_objects(model, tools);
    let used_inputs = uses::inputs(model, tools);
    let contract = contract(model, tools, digest);
    let verified = |tool: &Tool| {
        let locked = locked.iter().find(|locked| locked.name == tool.name);
        locked.map_or(Verified::No, |locked| locked.verified)
    };
    let modules = tools
        .iter()
        .map(|tool| operation::module(tool, model, registered, verified(tool)));
    let tokens = quote! {
        #[allow(unused_imports)]
        use ::appsync_mcp::{__private::{schemars, serde}, tool as contract};

        #[doc = " The part of the API's schema that the tools use, as cynic sees it."]
        #[cynic::schema("appsync")]
        pub mod schema {}

        #contract
        #types
        #inputs
        #used_inputs
        #(#modules)*
    };
    let file = match syn::parse2(tokens) {
        Ok(file) => file,
        Err(error) => unreachable!("emitted tokens parse: {error}"),
    };
    format!(
        "// Generated from `schema/` and `operations/`. Do not edit.\n\n{}",
        prettyplease::unparse(&file)
    )
}

/// Returns the doc attributes of a description, one a line.
///
/// What would be a block of code in it is none of Rust: rustdoc must not compile it. What can't be seen is an escape: rustc
/// refuses a comment in which text changes its direction.
fn doc(text: &str) -> TokenStream {
    let mut in_block = false;
    let lines = text.lines().map(|line| {
        let line = &shown(line);
        let unindented = line.trim_start();
        let indent = (line.len() - unindented.len()).min(3);
        let fence = unindented.starts_with("```") || unindented.starts_with("~~~");
        in_block ^= fence;
        match (line.is_empty(), fence && in_block) {
            (true, _) => String::new(),
            (false, true) => format!(" {}text", unindented.chars().take(3).collect::<String>()),
            (false, false) if in_block => format!(" {line}"),
            (false, false) => format!(" {}{unindented}", " ".repeat(indent)),
        }
    });
    quote! { #(#[doc = #lines])* }
}

fn shown(line: &str) -> String {
    let shown = |c: char| match c {
        c if is_hidden(c) && c != '\t' => c.escape_unicode().to_string(),
        c => c.to_string(),
    };
    line.chars().map(shown).collect()
}

/// Returns an identifier, raw if it is written so.
fn ident(name: &str) -> proc_macro2::Ident {
    let span = proc_macro2::Span::call_site();
    match name.strip_prefix("r#") {
        Some(name) => proc_macro2::Ident::new_raw(name, span),
        None => proc_macro2::Ident::new(name, span),
    }
}

fn piece(piece: &Piece) -> TokenStream {
    match piece {
        Piece::Text(text) | Piece::ToolArgument(_, text) | Piece::Unknown(text) => {
            quote! { contract::Piece::Text(#text) }
        }
        Piece::Unclosed => quote! { contract::Piece::Text("{{") },
        Piece::Argument(name) => quote! { contract::Piece::Argument(#name) },
        Piece::Tool(name) => quote! { contract::Piece::Tool(#name) },
    }
}

fn contract(model: &Model, tools: &[&Tool], digest: &str) -> TokenStream {
    let entries = tools.iter().map(|tool| {
        let (module, operation) = (ident(&tool.module), ident(&tool.rust_name));
        match tool.folder {
            Folder::Read => quote! { contract::Tool::Read(contract::ReadTool::of::<#module::#operation>()) },
            Folder::Write => quote! { contract::Tool::Write(contract::WriteTool::of::<#module::#operation>()) },
        }
    });
    let prompts = model.prompts.iter().map(|prompt| {
        let (name, title, description) = (&prompt.name, &prompt.title.value, &prompt.description.value);
        let arguments = prompt.arguments.iter().map(|argument| {
            let (name, description, required) = (&argument.name, &argument.description, argument.required);
            quote! { contract::PromptArgument { name: #name, description: #description, required: #required } }
        });
        let body = prompt::passages(prompt).into_iter().map(|passage| {
            let pieces = passage.pieces.iter().map(piece);
            if let Some(argument) = passage.argument {
                quote! { contract::Piece::Line { argument: #argument, pieces: &[#(#pieces),*] } }
            } else {
                quote! { #(#pieces),* }
            }
        });
        quote! {
            contract::Prompt {
                name: #name,
                title: #title,
                description: #description,
                arguments: &[#(#arguments),*],
                body: &[#(#body),*],
            }
        }
    });
    let api = &model.api;
    let errors = &model.errors;
    let (not_found, conflict, throttled) = (&errors.not_found, &errors.conflict, &errors.throttled);
    let stale_token = &errors.stale_token;
    let (showable, not_carried_out) = (&errors.showable, &errors.not_carried_out);
    quote! {
        #[doc = " All that the build knows of the API."]
        pub static CONTRACT: contract::Contract = contract::Contract {
            api: #api,
            digest: #digest,
            tools: &[#(#entries),*],
            prompts: &[#(#prompts),*],
            errors: ::appsync_mcp::ErrorTypes {
                not_found: &[#(#not_found),*],
                conflict: &[#(#conflict),*],
                throttled: &[#(#throttled),*],
                stale_token: &[#(#stale_token),*],
                showable: &[#(#showable),*],
                not_carried_out: &[#(#not_carried_out),*],
            },
        };
    }
}
