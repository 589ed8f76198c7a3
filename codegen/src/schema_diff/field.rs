//! The fields of an object type or an interface, before and after → what changes of them.

use std::collections::BTreeSet;

use apollo_compiler::{Name, Schema, ast::FieldDefinition, collections::IndexMap, schema::Component};

use super::{
    ChangeClass::{Breaking, Safe},
    access,
    applied::{self, Said},
    diff::{Diff, nobody},
    input::{self, ARGUMENT, Spot},
    type_change::output_is_safe,
    usage::Tool,
};

type Fields = IndexMap<Name, Component<FieldDefinition>>;

pub(super) fn compare(diff: &mut Diff<'_>, ty: &Name, old: &Fields, new: &Fields) {
    let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    for name in names {
        let coordinate = format!("{ty}.{name}");
        match (old.get(name), new.get(name)) {
            (Some(old), Some(new)) => compare_field(diff, ty, &coordinate, old, new),
            (Some(_), None) => {
                let message = format!("the field `{coordinate}` is gone");
                let schemas = (&*diff.old.schema, &*diff.new.schema);
                let touches = |tool: &Tool| is_harmed(tool, ty, name, schemas);
                diff.tell(Breaking, "field-removed", coordinate, message, touches);
            }
            (None, Some(new)) => {
                let message = format!("the field `{coordinate}` is new, of the type `{}`", new.ty);
                diff.tell(Safe, "field-added", coordinate, message, nobody);
            }
            (None, None) => {}
        }
    }
}

fn compare_field(diff: &mut Diff<'_>, ty: &Name, coordinate: &str, old: &FieldDefinition, new: &FieldDefinition) {
    let name = &old.name;
    if old.ty != new.ty {
        let message = format!("the type of `{coordinate}` changes from `{}` to `{}`", old.ty, new.ty);
        if output_is_safe(&old.ty, &new.ty) {
            diff.tell(Safe, "field-type-changed", coordinate, message, |tool| {
                tool.selects(ty, name)
            });
        } else {
            let schemas = (&*diff.old.schema, &*diff.new.schema);
            let touches = |tool: &Tool| is_harmed(tool, ty, name, schemas);
            diff.tell(Breaking, "field-type-changed", coordinate, message, touches);
        }
    }
    let said = (
        Said::of(old.description.as_deref(), &old.directives),
        Said::of(new.description.as_deref(), &new.directives),
    );
    applied::compare(diff, coordinate, said.0, said.1, |tool| tool.selects(ty, name));
    access::field(diff, ty, old, new);
    let names: BTreeSet<_> = old
        .arguments
        .iter()
        .chain(&new.arguments)
        .map(|one| &one.name)
        .collect();
    for argument in names {
        let pair = (old.argument_by_name(argument), new.argument_by_name(argument));
        let spot = Spot {
            coordinate: format!("{coordinate}({argument}:)"),
            words: &ARGUMENT,
        };
        input::compare(
            diff,
            &spot,
            pair.0.map(AsRef::as_ref),
            pair.1.map(AsRef::as_ref),
            &|tool, holds| tool.gives(ty, name, argument, holds),
        );
    }
}

/// Whether what a tool selects by way of a field may not be there any more, or be of another type.
///
/// A selection of an interface holds as long as the interface's field does, whatever becomes of the objects' (they have to
/// fit the interface), and one of an object as long as the object's does.
fn is_harmed(tool: &Tool, ty: &Name, field: &Name, (old, new): (&Schema, &Schema)) -> bool {
    let Some(selected) = tool.fields.get(&(ty.clone(), field.clone())) else {
        return false;
    };
    selected
        .of
        .iter()
        .any(|ty| match (old.type_field(ty, field), new.type_field(ty, field)) {
            (Ok(old), Ok(new)) => !output_is_safe(&old.ty, &new.ty),
            _ => true,
        })
}
