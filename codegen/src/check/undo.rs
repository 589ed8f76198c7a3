//! Rules on what takes back what a write made: it has to be there, and to be callable with what is known then.

use crate::{
    diagnostic::Diagnostic,
    json_schema::{self, Root},
    model::{Field, Folder, MarkKind, Model, OutputType, Shape, Spanned, Tool, Variable},
    suggest,
};

fn undo(tool: &Tool) -> Option<&Spanned<String>> {
    tool.contract.as_ref()?.undo.as_ref()
}

/// The writes that name another tool, with what they name.
fn undone(model: &Model) -> impl Iterator<Item = (&Tool, &Spanned<String>)> {
    let writes = model.tools.iter().filter(|tool| tool.folder == Folder::Write);
    writes.filter_map(|tool| Some((tool, undo(tool).filter(|undo| undo.value != tool.name)?)))
}

fn find<'m>(model: &'m Model, name: &str) -> Option<&'m Tool> {
    model.tools.iter().find(|tool| tool.name == name)
}

/// A read makes nothing.
pub(super) fn undo_of_a_read(tool: &Tool) -> Vec<Diagnostic> {
    let undo = undo(tool).filter(|_| tool.folder == Folder::Read);
    undo.map(|undo| {
        let message = format!("`{}` only reads, and `undo` is for writes", tool.operation);
        Diagnostic::error(undo.span.clone(), message, "on a read")
            .help("remove it; if the operation does change something, move the file to `operations/write/`")
    })
    .into_iter()
    .collect()
}

pub(super) fn undo_by_itself(tool: &Tool) -> Vec<Diagnostic> {
    let undo = undo(tool).filter(|undo| tool.folder == Folder::Write && undo.value == tool.name);
    undo.map(|undo| {
        let message = format!("`{}` can't take back what it made by itself", tool.name);
        Diagnostic::error(undo.span.clone(), message, "the tool itself")
            .help("name the tool that takes it back, or remove `undo`")
    })
    .into_iter()
    .collect()
}

pub(super) fn unknown_undo(model: &Model) -> Vec<Diagnostic> {
    let unknown = undone(model).filter(|(_, undo)| find(model, &undo.value).is_none());
    unknown
        .map(|(tool, undo)| {
            let others = model.tools.iter().filter(|other| other.folder == Folder::Write);
            let names = others
                .map(|other| other.name.as_str())
                .filter(|name| *name != tool.name);
            let help = suggest::did_you_mean(&undo.value, names)
                .unwrap_or_else(|| format!("write `operations/write/{}.graphql`, or remove `undo`", undo.value));
            let message = format!(
                "there is no tool `{}` that could take back what `{}` made",
                undo.value, tool.name
            );
            Diagnostic::error(undo.span.clone(), message, "no such tool").help(help)
        })
        .collect()
}

pub(super) fn undo_by_a_read(model: &Model) -> Vec<Diagnostic> {
    let is_read = |name: &str| find(model, name).is_some_and(|tool| tool.folder == Folder::Read);
    undone(model)
        .filter(|(_, undo)| is_read(&undo.value))
        .map(|(_, undo)| {
            let message = format!("`{}` only reads, and takes nothing back", undo.value);
            Diagnostic::error(undo.span.clone(), message, "a read").help("name a tool of `operations/write/`")
        })
        .collect()
}

/// What there is after the write is its result and its own arguments.
pub(super) fn undo_that_nothing_fills(model: &Model) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (tool, name) in undone(model) {
        let Some(undo) = find(model, &name.value).filter(|undo| undo.folder == Folder::Write) else {
            continue;
        };
        let required: Vec<_> = undo.arguments().filter(|argument| is_required(argument)).collect();
        let known = result_keys(tool);
        let is_only = required.len() == 1;
        let is_filled = |argument: &str| {
            known.contains(&argument)
                || tool.arguments().any(|own| own.name == argument)
                || (is_only && known.contains(&"id"))
        };
        for argument in required.iter().filter(|argument| !is_filled(&argument.name)) {
            let message = format!(
                "`{}` needs `{}`, and nothing of `{}` says it",
                undo.name, argument.name, tool.name
            );
            found.push(
                Diagnostic::error(name.span.clone(), message, "can't be called").help(format!(
                    "select a field `{}` at the top of the result of `{}`, or give one that alias",
                    argument.name, tool.name
                )),
            );
        }
    }
    found
}

/// Returns the keys at the top of a result that hold one value each, and the model sees.
fn result_keys(tool: &Tool) -> Vec<&str> {
    let (fields, root) = match json_schema::root(tool) {
        Root::Object(Field { key, ty, .. }) => match not_null(ty) {
            OutputType::Selection(selection) => (fields(&selection.shape), Some(key)),
            _ => return Vec::new(),
        },
        Root::Items(_) | Root::Value(_) => return Vec::new(),
        Root::Data => (fields(&tool.data.shape), None),
    };
    let is_one = |field: &&Field| !matches!(not_null(&field.ty), OutputType::List(_) | OutputType::Selection(_));
    let is_shown = |field: &&Field| {
        let path: Vec<String> = root.into_iter().chain([&field.key]).cloned().collect();
        ![MarkKind::Mask, MarkKind::Omit]
            .iter()
            .any(|kind| tool.is_marked(&path, *kind))
    };
    let kept = fields.iter().filter(is_one).filter(is_shown);
    kept.map(|field| field.key.as_str()).collect()
}

fn fields(shape: &Shape) -> &[Field] {
    match shape {
        Shape::Fields(fields) => fields,
        Shape::ByType { .. } => &[],
    }
}

fn not_null(ty: &OutputType) -> &OutputType {
    match ty {
        OutputType::Nullable(ty) => ty,
        ty => ty,
    }
}

fn is_required(argument: &Variable) -> bool {
    argument.ty.is_non_null() && argument.default.is_none()
}
