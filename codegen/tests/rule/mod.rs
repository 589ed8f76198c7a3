//! The source of `src/check/` → its rules, each with the texts that it can write.

use std::{fs, path::Path};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, File, Item, ItemFn, Lit, Visibility};

/// The rules of one file.
pub(crate) struct Group {
    /// What they are about: the first paragraph of the file, such as "Rules on prompts."
    pub(crate) about: String,
    pub(crate) rules: Vec<Rule>,
}

/// A function that returns diagnostics and is open to `check.rs`.
pub(crate) struct Rule {
    pub(crate) name: String,
    /// The texts in it, and in the functions of its file that it calls; `{…}` stands for anything.
    texts: Vec<String>,
}

impl Rule {
    /// Whether a message can be this rule's.
    pub(crate) fn writes(&self, message: &str) -> bool {
        self.texts.iter().any(|text| text == message || fits(text, message))
    }
}

/// Returns all rules, by file.
pub(crate) fn groups() -> Vec<Group> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check");
    let entries = fs::read_dir(folder).expect("the folder of rules");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let groups = files.iter().map(|path| {
        let text = fs::read_to_string(path).expect("a source file");
        group(&syn::parse_file(&text).expect("a file of Rust"))
    });
    groups.filter(|group| !group.rules.is_empty()).collect()
}

fn group(file: &File) -> Group {
    let functions: Vec<_> = file
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Fn(function) => Some(function),
            _ => None,
        })
        .collect();
    let rules = functions.iter().filter(|function| is_rule(function)).map(|function| {
        let mut words = Words::default();
        words.add(&function.sig.ident.to_string(), &functions);
        Rule {
            name: function.sig.ident.to_string(),
            texts: words.texts,
        }
    });
    Group {
        about: paragraph(&file.attrs),
        rules: rules.collect(),
    }
}

fn is_rule(function: &ItemFn) -> bool {
    let returns = function.sig.output.to_token_stream().to_string();
    !matches!(function.vis, Visibility::Inherited) && returns == "-> Vec < Diagnostic >"
}

/// Returns the first paragraph of a documentation, on one line.
pub(crate) fn paragraph(attributes: &[Attribute]) -> String {
    let docs = attributes.iter().filter(|attribute| attribute.path().is_ident("doc"));
    let lines = docs.filter_map(|doc| match &doc.meta.require_name_value().ok()?.value {
        syn::Expr::Lit(syn::ExprLit {
            lit: Lit::Str(text), ..
        }) => Some(text.value().trim().to_owned()),
        _ => None,
    });
    let lines: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
    assert!(!lines.is_empty(), "there is a documentation");
    lines.join(" ")
}

/// The texts of a function and of those that it calls.
#[derive(Default)]
struct Words {
    texts: Vec<String>,
    seen: Vec<String>,
}

impl Words {
    fn add(&mut self, name: &str, functions: &[&ItemFn]) {
        let Some(function) = functions.iter().find(|function| function.sig.ident == name) else {
            return;
        };
        if !self.seen.iter().any(|seen| seen == name) {
            self.seen.push(name.to_owned());
            self.walk(function.block.to_token_stream(), functions);
        }
    }

    fn walk(&mut self, tokens: TokenStream, functions: &[&ItemFn]) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.walk(group.stream(), functions),
                TokenTree::Ident(name) => self.add(&name.to_string(), functions),
                TokenTree::Literal(literal) => {
                    if let Lit::Str(text) = Lit::new(literal) {
                        self.texts.push(text.value());
                    }
                }
                TokenTree::Punct(_) => {}
            }
        }
    }
}

/// Whether a message is what `format!` makes of a text.
fn fits(text: &str, message: &str) -> bool {
    let parts = fixed_parts(text);
    // What is little more than placeholders fits everything.
    if parts
        .iter()
        .flat_map(|part| part.chars())
        .filter(|c| c.is_alphabetic())
        .count()
        < 6
    {
        return false;
    }
    match parts.as_slice() {
        [] => false,
        [all] => message == all,
        [first, between @ .., last] => {
            let rest = message.strip_prefix(first.as_str());
            let rest = rest.and_then(|rest| {
                let mut between = between.iter();
                between.try_fold(rest, |rest, part| Some(rest.split_once(part.as_str())?.1))
            });
            rest.is_some_and(|rest| rest.ends_with(last.as_str()))
        }
    }
}

/// Returns what stands between the placeholders of a format string.
fn fixed_parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' | '}' if chars.next_if_eq(&c).is_some() => parts.last_mut().expect("a part").push(c),
            '{' => {
                chars.by_ref().find(|c| *c == '}');
                parts.push(String::new());
            }
            c => parts.last_mut().expect("a part").push(c),
        }
    }
    parts
}

#[test]
fn a_message_is_what_a_text_makes() {
    for (text, message, expected) in [
        ("`{}` has no description", "`a` has no description", true),
        ("`{}` has no description", "`a` has no title", false),
        ("a scope is empty", "a scope is empty", true),
        ("a scope is empty", "a scope is empty twice", false),
        (
            "`{{{{{inside}}}}}` refers to nothing",
            "`{{x}}` refers to nothing",
            true,
        ),
        ("{} {}", "anything at all", false),
    ] {
        assert_eq!(fits(text, message), expected, "{text}: {message}");
    }
}
