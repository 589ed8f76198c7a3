//! [`Parsed`] → [`Model`]: names bound, types attached, bounds spread over the places that they bound.
//!
//! Invariant: what is wrong with a contract is told by `check`; this phase only finds what keeps the model from being
//! built at all.

pub(crate) mod access;
mod coerce;
mod contract;
mod input;
mod selection;
mod shared;
mod uses;

use std::collections::BTreeSet;

use apollo_compiler::Schema;

use shared::SharedNames;

use crate::{
    api::{Api, ResolverKind, Wire},
    bounds,
    cost::Counted,
    diagnostic::{Diagnostic, Diagnostics, Span},
    document,
    model::{Enum, EnumValue, Folder, InputObject, Limits, Model, Scalar, Selection, Shape, Tool, Variable},
    name::{self, Scope},
    parse::{Parsed, ParsedOperation},
    prompt, scalar,
    source::{SourceKind, Sources},
};

/// Resolves all operations and prompts.
///
/// # Errors
/// A type that can't be used; a prompt that can't be read.
pub(crate) fn resolve(parsed: &Parsed, sources: &Sources) -> Result<(Model, Diagnostics), Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let mut used = Used::default();
    let names = SharedNames::new(&parsed.schema);
    let mut tools: Vec<_> = parsed
        .operations
        .iter()
        .map(|operation| {
            tool(
                operation,
                parsed,
                sources,
                names.scope.clone(),
                &mut used,
                &mut diagnostics,
            )
        })
        .collect();
    tools.sort_by(|a, b| (a.folder, &a.name).cmp(&(b.folder, &b.name)));
    let mut modules = Scope::with(RESERVED_MODULES);
    for tool in &mut tools {
        tool.module = modules.take(&name::snake(&tool.name));
    }
    let prompts = prompt::parse(sources, &mut diagnostics);
    for (name, span) in &parsed.unused_fragments {
        diagnostics.push(
            Diagnostic::warning(
                span.clone(),
                format!("no operation uses the fragment `{name}`"),
                "never used",
            )
            .help("remove it, or spread it in an operation"),
        );
    }
    let schema = &parsed.schema;
    let input_objects = input_objects(schema, &mut used, parsed, &names, &mut diagnostics);
    let scalars = scalars(schema, &used, parsed, &names);
    let input_enums = enums(schema, &used.input_enums, |name| names.of_input_enum(name));
    let output_enums = enums(schema, &used.output_enums, |name| names.of_type(name));
    let facts = parsed.api.facts.as_ref();
    if let (None, Some(span)) = (facts, used.directive) {
        diagnostics.push(
            Diagnostic::warning(span, "nothing says what the API's authorization modes are", "one of them")
                .help("add `schema/api.json` with `name`, `authenticationType` and `additionalAuthenticationProviders`: without it, fields without directives count as open to every mode"),
        );
    }
    let nullable_fields = input::nullable_fields(&tools);
    let model = Model {
        api: facts.map_or_else(|| "appsync".to_owned(), |facts| facts.name.clone()),
        limits: limits(&parsed.api),
        errors: parsed.api.local.errors.clone(),
        tools,
        prompts,
        scalars,
        output_enums,
        personal_enums: used.personal_enums,
        input_enums,
        input_objects,
        nullable_fields,
    };
    diagnostics.barrier(model)
}

/// Returns what a tool may cost.
fn limits(api: &Api) -> Limits {
    let facts = api.facts.as_ref();
    // AppSync takes 0 for no limit of the API's own.
    let own = |limit: Option<u32>| limit.filter(|limit| *limit > 0).map(u64::from);
    let own_depth = facts.and_then(|facts| own(facts.query_depth_limit));
    let own_resolvers = facts.and_then(|facts| own(facts.resolver_count_limit));
    Limits {
        nodes: api.local.limits.nodes.unwrap_or(bounds::NODES_MAX),
        list_items: api.local.limits.list_items.unwrap_or(bounds::LIST_ITEMS_MAX),
        depth: own_depth.unwrap_or(bounds::DEPTH_MAX),
        resolvers: own_resolvers.unwrap_or(bounds::RESOLVERS_MAX),
    }
}

/// Type names that the emitted code uses, what is derived from it included.
const RESERVED: &[&str] = &[
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Err",
    "From",
    "Into",
    "Iterator",
    "JsonSchema",
    "Maybe",
    "None",
    "Ok",
    "Option",
    "Other",
    "Result",
    "Send",
    "Serialize",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToString",
    "Variables",
    "VariablesFields",
    "Vec",
];

/// Module and crate names that the emitted code uses.
const RESERVED_MODULES: &[&str] = &[
    "alloc",
    "appsync_mcp",
    "contract",
    "core",
    "cynic",
    "schema",
    "schemars",
    "serde",
    "std",
];

/// The named types that operations use.
#[derive(Debug, Default)]
pub(crate) struct Used {
    scalars: BTreeSet<String>,
    output_enums: BTreeSet<String>,
    /// Those in what is left out of a result.
    personal_enums: BTreeSet<String>,
    input_enums: BTreeSet<String>,
    input_objects: BTreeSet<String>,
    /// Where one of AppSync's authorization directives stands, if an operation touches one.
    directive: Option<Span>,
}

fn tool(
    operation: &ParsedOperation,
    parsed: &Parsed,
    sources: &Sources,
    mut names: Scope,
    used: &mut Used,
    diagnostics: &mut Diagnostics,
) -> Tool {
    let document = &operation.document;
    let Some(definition) = document.operations.iter().next() else {
        unreachable!("the file has one operation")
    };
    let source = sources.files.get(operation.file);
    let canonical = document::canonical(definition, document, &parsed.schema, &parsed.places);
    let operation_name = definition.name.as_ref().map(ToString::to_string).unwrap_or_default();
    let name = source.map(|source| source.stem().to_owned()).unwrap_or_default();
    let rust_name = names.take(&name::pascal(&operation_name));
    let mut fields = Scope::default();
    let mut variables = Vec::new();
    for variable in &definition.variables {
        variables.push(Variable {
            rust_name: fields.take(&name::snake(&variable.name)),
            uses: canonical.uses.get(variable.name.as_str()).cloned().unwrap_or_default(),
            ..input::variable(variable, operation, parsed, used, diagnostics)
        });
    }
    let selected = selection::data(definition, &rust_name, document, parsed, &mut names, used, diagnostics);
    let counted = Counted {
        data: &selected.data,
        lists: &selected.lists,
        variables: &variables,
    };
    let cost = counted.cost(parsed.api.resolvers.is_some());
    let folder = match source.map(|source| source.kind) {
        Some(SourceKind::Write) => Folder::Write,
        _ => Folder::Read,
    };
    let is_write = folder == Folder::Write;
    let resolver = if is_write {
        resolver(&selected.data, definition.object_type(), &parsed.api)
    } else {
        None
    };
    Tool {
        module: String::new(),
        name,
        operation: operation_name,
        rust_name,
        path: source.map(|source| source.path.clone()).unwrap_or_default(),
        folder,
        operation_type: definition.operation_type,
        head: operation.head.clone(),
        description: description(operation, operation.head.bytes.start),
        contract: contract::tool(&definition.directives, &parsed.places),
        variables,
        document: canonical.segments,
        not_one_of: canonical.not_one_of,
        data: selected.data,
        lists: selected.lists,
        marks: selected.marks,
        uneven_marks: selected.uneven_marks,
        cost,
        access: selected.access,
        barred: selected.barred,
        uses: uses::uses(definition, document, &parsed.schema),
        resolver,
    }
}

/// Returns how the only root field is resolved, if that is known. Of several, one may have been done before another fails.
fn resolver(data: &Selection, root: &str, api: &Api) -> Option<ResolverKind> {
    let Shape::Fields(fields) = &data.shape else {
        return None;
    };
    let [field] = fields.as_slice() else {
        return None;
    };
    let resolvers = api.resolvers.as_ref()?;
    *resolvers.get(&format!("{root}.{}", field.name))?
}

fn description(operation: &ParsedOperation, at: usize) -> String {
    operation
        .descriptions
        .get(&at)
        .map(|description| description.text.clone())
        .unwrap_or_default()
}

/// Resolves the input objects in use and, through their fields, all that they lead to.
fn input_objects(
    schema: &Schema,
    used: &mut Used,
    parsed: &Parsed,
    names: &SharedNames,
    diagnostics: &mut Diagnostics,
) -> Vec<InputObject> {
    let mut done: Vec<InputObject> = Vec::new();
    while let Some(name) = used
        .input_objects
        .iter()
        .find(|name| done.iter().all(|object| object.name != **name))
        .cloned()
    {
        let Some(object) = schema.get_input_object(&name) else {
            unreachable!("`{name}` is an input object")
        };
        let fields = input::fields(object, parsed, used, diagnostics);
        done.push(InputObject {
            rust_name: names.of_type(&name),
            description: text(object.description.as_deref()),
            one_of: object
                .directives
                .get("oneOf")
                .and_then(|directive| parsed.places.span(directive.location())),
            name,
            fields,
        });
    }
    done.sort_by(|a, b| a.name.cmp(&b.name));
    done
}

fn scalars(schema: &Schema, used: &Used, parsed: &Parsed, names: &SharedNames) -> Vec<Scalar> {
    let scalar = |name: &String| Scalar {
        name: name.clone(),
        rust_name: names.of_type(name),
        description: text(schema.get_scalar(name).and_then(|scalar| scalar.description.as_deref())),
        wire: scalar::wire(name, &parsed.api.local).unwrap_or(Wire::String),
    };
    used.scalars.iter().map(scalar).collect()
}

fn enums(schema: &Schema, names: &BTreeSet<String>, rust_name: impl Fn(&str) -> String) -> Vec<Enum> {
    let definitions = names.iter().filter_map(|name| schema.get_enum(name));
    definitions
        .map(|definition| {
            let mut variants = Scope::default();
            let values = definition.values.values().map(|value| EnumValue {
                name: value.value.to_string(),
                rust_name: variants.take(&name::variant(&value.value)),
                description: text(value.description.as_deref()),
            });
            Enum {
                name: definition.name.to_string(),
                values: values.collect(),
                rust_name: rust_name(&definition.name),
                description: text(definition.description.as_deref()),
            }
        })
        .collect()
}

/// Returns a description's text, or nothing.
fn text(description: Option<&str>) -> String {
    description.unwrap_or_default().trim().to_owned()
}

/// Says that a scalar has no mapping; the same for arguments and results.
fn undeclared_scalar(name: &str, span: Span) -> Diagnostic {
    Diagnostic::error(
        span,
        format!("nothing says what the scalar `{name}` is on the wire"),
        "no mapping",
    )
    .help(format!(
        "add `\"{name}\": \"String\"` (or `Int`, `Float`, `Boolean`) to `scalars` in `schema/api.local.json`"
    ))
}
