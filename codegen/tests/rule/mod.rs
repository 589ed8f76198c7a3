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
    /// The texts in it; `{…}` stands for anything.
    texts: Vec<String>,
    /// The texts in the functions of its file that it calls.
    more_texts: Vec<String>,
}

impl Rule {
    /// Says how well a message fits this rule: as a whole, by its beginning, or by what another function made of it.
    fn fit(&self, message: &str) -> usize {
        let whole = |text: &String| text == message || fits(text, message, Ending::Same);
        if self.texts.iter().any(whole) {
            3
        } else if self.texts.iter().any(|text| fits(text, message, Ending::Any)) {
            2
        } else {
            usize::from(self.more_texts.iter().any(whole))
        }
    }
}

/// Whether a message can be a rule's, and is none that fits another rule better.
pub(crate) fn is_of(message: &str, rule: &Rule, groups: &[Group]) -> bool {
    let others = groups.iter().flat_map(|group| &group.rules);
    let fit = rule.fit(message);
    fit > 0 && others.map(|other| other.fit(message)).max() == Some(fit)
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
    let functions: Vec<_> = file.items.iter().filter_map(function).collect();
    let rules = functions.iter().filter(|function| is_rule(function)).map(|function| {
        let mut words = Words::default();
        words.walk(function.block.to_token_stream());
        Rule {
            name: function.sig.ident.to_string(),
            more_texts: called(&words.names, &functions),
            texts: words.texts,
        }
    });
    Group {
        about: paragraph(&file.attrs),
        rules: rules.collect(),
    }
}

/// Returns the texts of the functions that are named, and of those that they name.
fn called(names: &[String], functions: &[&ItemFn]) -> Vec<String> {
    let mut seen: Vec<&ItemFn> = Vec::new();
    let mut names = names.to_vec();
    let mut texts = Vec::new();
    while let Some(name) = names.pop() {
        let function = functions.iter().find(|function| function.sig.ident == name);
        if let Some(function) = function.filter(|function| !is_rule(function) && !seen.contains(function)) {
            seen.push(function);
            let mut words = Words::default();
            words.walk(function.block.to_token_stream());
            names.append(&mut words.names);
            texts.append(&mut words.texts);
        }
    }
    texts
}

fn function(item: &Item) -> Option<&ItemFn> {
    match item {
        Item::Fn(function) => Some(function),
        _ => None,
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

/// The texts and the names in a function.
#[derive(Default)]
struct Words {
    texts: Vec<String>,
    names: Vec<String>,
}

impl Words {
    fn walk(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.walk(group.stream()),
                TokenTree::Ident(name) => self.names.push(name.to_string()),
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

/// How a message ends.
#[derive(Clone, Copy, PartialEq)]
enum Ending {
    /// As the text does.
    Same,
    /// More was added.
    Any,
}

/// Whether a message is, or begins with, what `format!` makes of a text.
fn fits(text: &str, message: &str, ending: Ending) -> bool {
    let parts = fixed_parts(text);
    let letters = parts.iter().flat_map(|part| part.chars()).filter(|c| c.is_alphabetic());
    // What is little more than placeholders fits everything.
    if letters.count() < 6 {
        return false;
    }
    let Some((last, parts)) = parts.split_last() else {
        return false;
    };
    let Some((first, between)) = parts.split_first() else {
        return match ending {
            Ending::Same => message == last,
            Ending::Any => message.starts_with(last.as_str()),
        };
    };
    let mut between = between.iter();
    let rest = message.strip_prefix(first.as_str());
    let rest = rest.and_then(|rest| between.try_fold(rest, |rest, part| Some(rest.split_once(part.as_str())?.1)));
    rest.is_some_and(|rest| match ending {
        Ending::Same => rest.ends_with(last.as_str()),
        Ending::Any => rest.contains(last.as_str()),
    })
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
    for (text, message, whole, beginning) in [
        ("`{}` has no description", "`a` has no description", true, true),
        ("`{}` has no description", "`a` has no description; none", false, true),
        ("`{}` has no description", "`a` has no title", false, false),
        ("a scope is empty", "a scope is empty", true, true),
        ("a scope is empty", "a scope is empty twice", false, true),
        (
            "`{{{{{inside}}}}}` refers to nothing",
            "`{{x}}` refers to nothing",
            true,
            true,
        ),
        ("{} {}", "anything at all", false, false),
    ] {
        assert_eq!(fits(text, message, Ending::Same), whole, "{text}: {message}");
        assert_eq!(fits(text, message, Ending::Any), beginning, "{text}: {message}");
    }
}
