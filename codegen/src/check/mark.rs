//! Rules on third parties' texts and personal data in a result.

use super::selection::each_field;
use crate::{
    diagnostic::Diagnostic,
    model::{Mark, MarkKind, Shape, Tool},
};

/// What is no text can hold no instruction, and has no `***`.
pub(super) fn mark_on_no_text(tool: &Tool) -> Vec<Diagnostic> {
    let misplaced = tool
        .marks
        .iter()
        .filter(|mark| !mark.of_text && mark.kind != MarkKind::Omit);
    misplaced
        .map(|mark| {
            let (directive, help) = match mark.kind {
                MarkKind::Untrusted => ("@untrusted", "remove it; of an object, mark the texts in it"),
                _ => (
                    "@pii(rule: MASK)",
                    "leave it out of the result with `OMIT`; of an object, mask the texts in it",
                ),
            };
            let message = format!("`{directive}` is for texts, and `{}` is none", mark.path.join("."));
            Diagnostic::error(mark.span.clone(), message, "not a text").help(help)
        })
        .collect()
}

/// A field that is selected twice, in two fragments say, is treated in one way.
pub(super) fn conflicting_personal_data_rules(tool: &Tool) -> Vec<Diagnostic> {
    let is_rule = |mark: &&Mark| mark.kind != MarkKind::Untrusted;
    let mut found = Vec::new();
    for (at, mark) in tool.marks.iter().enumerate().filter(|(_, mark)| is_rule(mark)) {
        let mut before = tool.marks.iter().take(at).filter(is_rule);
        if before.any(|before| before.path == mark.path && before.kind != mark.kind) {
            let message = format!("`{}` has more than one `@pii`", mark.path.join("."));
            found.push(
                Diagnostic::error(mark.span.clone(), message, "another rule")
                    .help("write the same rule in both places"),
            );
        }
    }
    found
}

/// A value's type is told by its name, and is nobody's text.
pub(super) fn marked_typename(tool: &Tool) -> Vec<Diagnostic> {
    let marks = tool.marks.iter().filter(|mark| mark.of_typename);
    marks
        .map(|mark| {
            let message = format!("`{}` is the name of a type", mark.path.join("."));
            Diagnostic::error(mark.span.clone(), message, "no data")
                .help("remove the directive, or mark fields beside it")
        })
        .collect()
}

/// What becomes of a field goes by its place in the result, whatever type the object around it is of.
pub(super) fn mark_of_some_types(tool: &Tool) -> Vec<Diagnostic> {
    let uneven = tool.uneven_marks.iter();
    uneven
        .map(|(path, span)| {
            let message = format!("`{}` is marked for some types only", path.join("."));
            Diagnostic::error(span.clone(), message, "another mark than elsewhere")
                .help("mark it in the same way in each fragment, or give it another alias in one of them")
        })
        .collect()
}

/// The result is nothing without its only root field.
pub(super) fn omitted_root(tool: &Tool) -> Vec<Diagnostic> {
    let roots = match &tool.data.shape {
        Shape::Fields(fields) => fields.len(),
        Shape::ByType { .. } => 0,
    };
    if roots > 1 {
        return Vec::new();
    }
    let roots = tool
        .marks
        .iter()
        .filter(|mark| mark.kind == MarkKind::Omit && mark.path.len() == 1);
    roots
        .map(|mark| {
            let message = format!(
                "`{}` is left out of the result, which is then empty",
                mark.path.join(".")
            );
            Diagnostic::error(mark.span.clone(), message, "the root field")
                .help("leave out fields in it, or do without the tool")
        })
        .collect()
}

/// What `personalData` in `schema/api.local.json` lists has a rule wherever it is selected.
pub(super) fn personal_data_without_a_rule(tool: &Tool) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    each_field(&tool.data, &mut |field| {
        if let Some(coordinate) = &field.personal {
            let message = format!("`{coordinate}` is personal data, and `{}` has no `@pii`", field.key);
            found.push(
                Diagnostic::error(field.span.clone(), message, "no rule")
                    .help("add `@pii(rule: MASK)` or `@pii(rule: OMIT)` behind it, or leave it out of the selection"),
            );
        }
    });
    found
}
