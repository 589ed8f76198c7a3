//! Both schemas' types, by name → what changes of the types themselves, and of the schema's roots.

use std::collections::BTreeSet;

use apollo_compiler::{Name, Schema, ast::OperationType, schema::ExtendedType};

use super::{
    ChangeClass::{Breaking, Safe},
    access, applied,
    diff::{Diff, Side, nobody},
    field, input, member,
    usage::Tool,
};
use crate::parse::PRELUDE;

/// Compares all that is in the schemas but the declarations of directives.
pub(super) fn compare(diff: &mut Diff<'_>) {
    let (old, new) = (diff.old, diff.new);
    applied::schema(diff, &old.schema.schema_definition, &new.schema.schema_definition);
    for root in [
        OperationType::Query,
        OperationType::Mutation,
        OperationType::Subscription,
    ] {
        compare_root(diff, root);
    }
    let names: BTreeSet<_> = names(&old.schema).chain(names(&new.schema)).collect();
    for name in names {
        match (old.schema.types.get(name), new.schema.types.get(name)) {
            (Some(old), Some(new)) => compare_type(diff, name, old, new),
            (Some(old), None) => {
                let message = format!("the {} `{name}` is gone", kind(old));
                diff.tell(Breaking, "type-removed", name.as_str(), message, |tool| {
                    tool.uses_type(name)
                });
            }
            (None, Some(new)) => {
                let message = format!("the {} `{name}` is new", kind(new));
                diff.tell(Safe, "type-added", name.as_str(), message, nobody);
            }
            (None, None) => {}
        }
    }
}

/// Returns the types that an API has of its own: whether it declares AppSync's scalars says nothing.
fn names(schema: &Schema) -> impl Iterator<Item = &Name> {
    let own = schema.types.iter().filter(|(name, ty)| {
        let is_of_appsync = || {
            PRELUDE
                .lines()
                .any(|line| line.strip_prefix("scalar ") == Some(name.as_str()))
        };
        let is_known = ty.is_built_in() || (ty.is_scalar() && is_of_appsync());
        !is_known
    });
    own.map(|(name, _)| name)
}

fn compare_type(diff: &mut Diff<'_>, name: &Name, old: &ExtendedType, new: &ExtendedType) {
    applied::ty(diff, name, old, new);
    access::ty(diff, name, old, new);
    match (old, new) {
        (ExtendedType::Scalar(_), ExtendedType::Scalar(_)) => {}
        (ExtendedType::Object(old), ExtendedType::Object(new)) => {
            field::compare(diff, name, &old.fields, &new.fields);
            member::interfaces(diff, name, &old.implements_interfaces, &new.implements_interfaces);
        }
        (ExtendedType::Interface(old), ExtendedType::Interface(new)) => {
            field::compare(diff, name, &old.fields, &new.fields);
            member::interfaces(diff, name, &old.implements_interfaces, &new.implements_interfaces);
        }
        (ExtendedType::Union(old), ExtendedType::Union(new)) => member::union(diff, old, new),
        (ExtendedType::Enum(old), ExtendedType::Enum(new)) => member::values(diff, old, new),
        (ExtendedType::InputObject(old), ExtendedType::InputObject(new)) => input::object(diff, old, new),
        _ => {
            let message = format!(
                "the {} `{name}` becomes a type of another kind: {}",
                kind(old),
                kind(new)
            );
            diff.tell(Breaking, "type-kind-changed", name.as_str(), message, |tool| {
                tool.uses_type(name)
            });
        }
    }
}

fn kind(ty: &ExtendedType) -> &'static str {
    match ty {
        ExtendedType::Scalar(_) => "scalar",
        ExtendedType::Object(_) => "object type",
        ExtendedType::Interface(_) => "interface",
        ExtendedType::Union(_) => "union",
        ExtendedType::Enum(_) => "enum",
        ExtendedType::InputObject(_) => "input object type",
    }
}

fn compare_root(diff: &mut Diff<'_>, root: OperationType) {
    let (old, new) = (diff.old, diff.new);
    match (old.schema.root_operation(root), new.schema.root_operation(root)) {
        (Some(before), Some(after)) if before != after => {
            let message = format!("the type of a {root} changes from `{before}` to `{after}`");
            let touches = |tool: &Tool| tool.operation_type == root && !has_all(tool, (old, before), (new, after));
            diff.tell(Breaking, "root-type-changed", "schema", message, touches);
        }
        (Some(before), None) => {
            let message = format!("there is no type for a {root} any more: it was `{before}`");
            diff.tell(Breaking, "root-type-removed", "schema", message, |tool| {
                tool.operation_type == root
            });
        }
        (None, Some(after)) => {
            let message = format!("the type of a {root} is `{after}`; there was none");
            diff.tell(Safe, "root-type-added", "schema", message, nobody);
        }
        _ => {}
    }
}

/// Whether the new root type says the same of all that a tool selects of the old one.
fn has_all(tool: &Tool, (old, before): (&Side, &Name), (new, after): (&Side, &Name)) -> bool {
    let mut selected = tool
        .fields
        .keys()
        .filter(|(ty, _)| ty == before)
        .map(|(_, field)| field);
    !tool.uses_type(before)
        && selected.all(|field| {
            let pair = (
                old.schema.type_field(before, field),
                new.schema.type_field(after, field),
            );
            matches!(pair, (Ok(old), Ok(new)) if old.ty == new.ty && input::are_same(&old.arguments, &new.arguments))
                && access::is_same((old, before), (new, after), field)
        })
}
