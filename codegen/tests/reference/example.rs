//! An example's sources → the operation, its schemas and what is sent, as Markdown.
//!
//! | part | what is written |
//! |---|---|
//! | `operation` | the operation's file, with its path |
//! | `file PATH` | another file |
//! | `input NAMES` | of the input schema, these properties; without names, all of them |
//! | `output NAMES` | the same of the output schema, `__notes` aside |
//! | `document NAMES` | what is sent when all variables have a value but these |

use std::path::Path;

use appsync_mcp_codegen::{SourceFile, SourceKind, Sources, Writes, generate};
use serde_json::{Map, Value};
use syn::{Expr, ExprStruct, Item, ItemMod, Lit, Member};

use super::fenced;

pub(super) const SCHEMA: &str = include_str!("../fixtures/reference/schema.graphql");

/// Writes one part of an example.
pub(super) fn part(name: &str, part: &str, names: &[&str]) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/reference/{name}.in"));
    let mut sources = crate::read(&path);
    for file in &mut sources.files {
        if file.kind == SourceKind::Schema {
            SCHEMA.clone_into(&mut file.text);
        }
    }
    let tool = Tool::of(&sources);
    match part {
        "operation" => {
            let is_operation = |file: &&SourceFile| matches!(file.kind, SourceKind::Read | SourceKind::Write);
            let files = sources.files.iter().filter(is_operation);
            let shown = files.map(|file| format!("`{}`:\n\n{}", file.path, fenced("graphql", &file.text)));
            shown.collect()
        }
        "file" => {
            let file = sources.files.iter().find(|file| names.contains(&file.path.as_str()));
            let text = &file.expect("one of the files").text;
            fenced(if text.starts_with('{') { "json" } else { "text" }, text)
        }
        "input" => fenced("json", &pretty(&properties(&tool.input, names), 0)),
        "output" => fenced("json", &pretty(&properties(&tool.output, names), 0)),
        "document" => fenced("graphql", &tool.document(names)),
        part => panic!("{name}: what is `{part}`?"),
    }
}

fn properties(schema: &Value, names: &[&str]) -> Value {
    let Some(Value::Object(properties)) = schema.get("properties") else {
        panic!("{schema} has properties");
    };
    let wanted = |name: &str| name != "__notes" && (names.is_empty() || names.contains(&name));
    let shown: Map<_, _> = properties
        .iter()
        .filter(|(name, _)| wanted(name))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    assert!(shown.len() >= names.len(), "{names:?} are among {properties:?}");
    shown.into()
}

/// The most characters of a line of JSON.
const LINE_MAX: usize = 100;

/// Writes JSON with what fits on a line in one.
fn pretty(value: &Value, depth: usize) -> String {
    let line = inline(value);
    let indent = "  ".repeat(depth + 1);
    let broken = |open: &str, items: Vec<String>, close: &str| {
        let items: Vec<_> = items.iter().map(|item| format!("{indent}{item}")).collect();
        format!("{open}\n{}\n{}{close}", items.join(",\n"), "  ".repeat(depth))
    };
    match value {
        // The outermost one holds what is shown, each on lines of its own.
        Value::Object(fields) if depth == 0 || line.len() + 2 * depth > LINE_MAX => {
            let field = |(name, value)| format!("{}: {}", Value::from(String::clone(name)), pretty(value, depth + 1));
            broken("{", fields.iter().map(field).collect(), "}")
        }
        Value::Array(items) if line.len() + 2 * depth > LINE_MAX => {
            broken("[", items.iter().map(|item| pretty(item, depth + 1)).collect(), "]")
        }
        _ => line,
    }
}

fn inline(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| format!("\"{name}\": {}", inline(value)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        value => value.to_string(),
    }
}

/// What the generated code says of the only tool.
pub(super) struct Tool {
    pub(super) input: Value,
    output: Value,
    /// The document's texts, each with the variables that bring it in.
    segments: Vec<(Vec<String>, String)>,
}

impl Tool {
    pub(super) fn of(sources: &Sources) -> Self {
        let generated = generate(sources, Writes::Included).unwrap_or_else(|found| panic!("{}", found.render(sources)));
        assert!(generated.warnings.is_empty(), "{}", generated.warnings.render(sources));
        let file = syn::parse_file(&generated.code).expect("generated Rust");
        let mut specs = file.items.iter().filter_map(spec);
        let spec = specs.next().expect("a tool");
        assert!(specs.next().is_none(), "an example has one tool");
        let schema = |name| serde_json::from_str(&text(field(&spec, name))).expect("a schema");
        Self {
            input: schema("input_schema"),
            output: schema("output_schema"),
            segments: items(field(&spec, "document")).iter().map(segment).collect(),
        }
    }

    fn document(&self, absent: &[&str]) -> String {
        let is_sent = |any: &[String]| any.is_empty() || any.iter().any(|name| !absent.contains(&name.as_str()));
        let sent = self.segments.iter().filter(|(any, _)| is_sent(any));
        sent.map(|(_, text)| text.as_str()).collect()
    }
}

/// Returns the `SPEC` of a tool's module.
fn spec(item: &Item) -> Option<ExprStruct> {
    let Item::Mod(ItemMod {
        content: Some((_, items)),
        ..
    }) = item
    else {
        return None;
    };
    items.iter().find_map(|item| match item {
        Item::Static(found) if found.ident == "SPEC" => match found.expr.as_ref() {
            Expr::Struct(spec) => Some(spec.clone()),
            _ => None,
        },
        _ => None,
    })
}

fn segment(segment: &Expr) -> (Vec<String>, String) {
    let Expr::Struct(segment) = segment else {
        panic!("a segment");
    };
    let any = items(field(segment, "any"));
    (any.iter().map(text).collect(), text(field(segment, "text")))
}

fn field<'a>(of: &'a ExprStruct, name: &str) -> &'a Expr {
    let mut fields = of.fields.iter();
    let found = fields.find(|field| matches!(&field.member, Member::Named(member) if member == name));
    &found.unwrap_or_else(|| panic!("a field `{name}`")).expr
}

/// Returns the items of `&[…]`.
fn items(expr: &Expr) -> Vec<Expr> {
    match expr {
        Expr::Reference(reference) => items(&reference.expr),
        Expr::Array(array) => array.elems.iter().cloned().collect(),
        _ => panic!("a list"),
    }
}

fn text(expr: &Expr) -> String {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => text.value(),
            _ => panic!("a text"),
        },
        _ => panic!("a literal"),
    }
}
