//! An enum's values, a union's members and a type's interfaces, before and after → what changes of them.

use std::collections::BTreeSet;

use apollo_compiler::{
    Name,
    collections::IndexSet,
    schema::{ComponentName, EnumType, UnionType},
};

use super::{
    ChangeClass::{Breaking, Dangerous},
    applied::{self, Said},
    diff::{Diff, Side},
    usage::Tool,
};

/// A value that is gone touches those too that only receive it: nothing that they send is refused, but what they advertise of
/// their results changes, and so does their part of `schema/tools.lock`.
pub(super) fn values(diff: &mut Diff<'_>, old: &EnumType, new: &EnumType) {
    let ty = &old.name;
    let names: BTreeSet<_> = old.values.keys().chain(new.values.keys()).collect();
    for name in names {
        let coordinate = format!("{ty}.{name}");
        let touches = |tool: &Tool| tool.read.contains(ty) || tool.sends(ty, name);
        match (old.values.get(name), new.values.get(name)) {
            (Some(old), Some(new)) => {
                let said = [old, new].map(|one| Said::of(one.description.as_deref(), &one.directives));
                let [old, new] = said;
                applied::compare(diff, &coordinate, old, new, touches);
            }
            (Some(_), None) => {
                let message = format!("the enum value `{coordinate}` is gone");
                diff.tell(Breaking, "enum-value-removed", coordinate, message, touches);
            }
            (None, Some(_)) => {
                let message = format!("the enum value `{coordinate}` is new");
                diff.tell(Dangerous, "enum-value-added", coordinate, message, |tool| {
                    tool.read.contains(ty)
                });
            }
            (None, None) => {}
        }
    }
}

pub(super) fn union(diff: &mut Diff<'_>, old: &UnionType, new: &UnionType) {
    let ty = &old.name;
    for member in lacking(&old.members, &new.members) {
        let message = format!("`{member}` is no member of the union `{ty}` any more");
        let sides = (diff.old, diff.new);
        diff.tell(Breaking, "union-member-removed", ty.as_str(), message, |tool| {
            loses_a_fragment(tool, ty, &member, sides)
        });
    }
    for member in lacking(&new.members, &old.members) {
        let message = format!("`{member}` is a new member of the union `{ty}`");
        diff.tell(Dangerous, "union-member-added", ty.as_str(), message, |tool| {
            tool.uses_type(ty)
        });
    }
}

pub(super) fn interfaces(diff: &mut Diff<'_>, ty: &Name, old: &IndexSet<ComponentName>, new: &IndexSet<ComponentName>) {
    for interface in lacking(old, new) {
        let message = format!("`{ty}` does not implement the interface `{interface}` any more");
        let sides = (diff.old, diff.new);
        diff.tell(Breaking, "interface-removed", ty.as_str(), message, |tool| {
            loses_a_fragment(tool, &interface, ty, sides)
        });
    }
    for interface in lacking(new, old) {
        let message = format!("`{ty}` implements the interface `{interface}` now");
        diff.tell(Dangerous, "interface-added", ty.as_str(), message, |tool| {
            tool.uses_type(&interface)
        });
    }
}

fn lacking(from: &IndexSet<ComponentName>, other: &IndexSet<ComponentName>) -> BTreeSet<Name> {
    let names: BTreeSet<_> = other.iter().map(|one| &one.name).collect();
    from.iter()
        .filter(|one| !names.contains(&one.name))
        .map(|one| one.name.clone())
        .collect()
}

/// Whether a tool asks for something that a value can be no longer, once `part` is no part of `whole`: a fragment that can
/// never apply is not valid (<https://spec.graphql.org/September2025/#sec-Fragment-Spread-Is-Possible>). A tool that asks
/// for nothing of that type only gets fewer values.
fn loses_a_fragment(tool: &Tool, whole: &Name, part: &Name, (old, new): (&Side, &Side)) -> bool {
    let parts = old.objects(part);
    tool.spreads
        .iter()
        .filter(|(parent, condition)| parent == whole || condition == whole)
        .any(|(parent, condition)| {
            let both = |side: &Side| -> BTreeSet<Name> {
                side.objects(parent)
                    .intersection(&side.objects(condition))
                    .cloned()
                    .collect()
            };
            !both(old).is_disjoint(&parts) && both(new).is_empty()
        })
}
