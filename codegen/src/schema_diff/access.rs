//! AppSync's directives of authorization, before and after → whom a coordinate is closed to, and whom it is open to.
//!
//! By the rules of `resolve/access.rs`: a field's own directives, or its type's, or the API's default mode. Who loses a
//! coordinate has tools that fail: that is breaking. Who gains one can read, or do, what nobody meant for them when the
//! operations were written and reviewed: no tool fails, so that nobody would notice, and that is dangerous.
//!
//! Invariant: one change for each coordinate whose own directives change, and none for what follows from it below.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::{
    Name, Schema,
    ast::{Directive, FieldDefinition},
    schema::ExtendedType,
};

use super::{
    ChangeClass::{Breaking, Dangerous, Safe},
    applied::printed,
    diff::{Diff, Side},
    usage::Tool,
};
use crate::{
    api::{Facts, Mode},
    model::Access,
    resolve::access::{allowed, mode, modes},
};

/// The modes that let somebody in, each with the groups that it asks for; without groups, everybody.
type Open = BTreeMap<Mode, Option<BTreeSet<String>>>;

/// Compares a type's directives.
pub(super) fn ty(diff: &mut Diff<'_>, name: &Name, old: &ExtendedType, new: &ExtendedType) {
    let (before, after) = (of_type(old), of_type(new));
    if listed(&before) == listed(&after) {
        return;
    }
    let sides = (diff.old, diff.new);
    let opens_to = |ty: &ExtendedType, facts: Option<&Facts>| {
        let own = allowed(of_type(ty).into_iter(), default(facts));
        open(own.or_else(|| fallback(facts).filter(|_| ty.is_object())))
    };
    let opens = (
        opens_to(old, sides.0.facts.as_ref()),
        opens_to(new, sides.1.facts.as_ref()),
    );
    let touches = |tool: &Tool| {
        tool.objects.contains_key(name)
            || (old.is_union() && tool.read.contains(name))
            || tool.fields.iter().any(|((ty, field), selected)| {
                let falls_back = |schema: &Schema| {
                    let field = schema.type_field(ty, field);
                    field.is_ok_and(|field| of_field(field).is_empty())
                };
                ty == name && selected.is_reached && (falls_back(&sides.0.schema) || falls_back(&sides.1.schema))
            })
    };
    tell(diff, name, &before, &after, opens, touches);
}

/// Compares a field's own directives.
pub(super) fn field(diff: &mut Diff<'_>, ty: &Name, old: &FieldDefinition, new: &FieldDefinition) {
    let (before, after) = (of_field(old), of_field(new));
    if listed(&before) == listed(&after) {
        return;
    }
    let sides = (diff.old, diff.new);
    let opens = (
        of_coordinate(&sides.0.schema, sides.0.facts.as_ref(), ty, &old.name),
        of_coordinate(&sides.1.schema, sides.1.facts.as_ref(), ty, &new.name),
    );
    let coordinate = format!("{ty}.{}", old.name);
    let touches = |tool: &Tool| tool.selects(ty, &old.name);
    tell(diff, &coordinate, &before, &after, opens, touches);
}

/// Whether the same callers can reach a field of one type, and of another one in another schema.
pub(super) fn is_same(old: (&Side, &Name), new: (&Side, &Name), field: &Name) -> bool {
    let open = |(side, ty): (&Side, &Name)| of_coordinate(&side.schema, side.facts.as_ref(), ty, field);
    open(old) == open(new)
}

/// Returns the modes that a tool can be called in.
pub(super) fn reach(tool: &Tool, schema: &Schema, facts: Option<&Facts>) -> BTreeSet<Mode> {
    let mut reach = modes(facts);
    let fields = tool.fields.iter().filter(|(_, selected)| selected.is_reached);
    for ((ty, field), _) in fields {
        let open = of_coordinate(schema, facts, ty, field);
        reach.retain(|mode| open.contains_key(mode));
    }
    let given = tool.objects.keys();
    let unions = tool.read.iter().filter(|name| schema.get_union(name).is_some());
    for ty in given.chain(unions).filter_map(|name| schema.types.get(name)) {
        let open = open(allowed(of_type(ty).into_iter(), default(facts)));
        reach.retain(|mode| open.contains_key(mode));
    }
    reach
}

fn tell(
    diff: &mut Diff<'_>,
    coordinate: &str,
    old: &[&Directive],
    new: &[&Directive],
    (before, after): (Open, Open),
    uses: impl Fn(&Tool) -> bool,
) {
    let (had, has) = (modes(diff.old.facts.as_ref()), modes(diff.new.facts.as_ref()));
    // What the API itself loses is said of the API.
    let lost = differences(&before, &after, &had.intersection(&has).copied().collect());
    let gained = differences(&after, &before, &has);
    let directives = format!("`{}` becomes `{}`", listed(old), listed(new)).replace("``", "no directive");
    let lost_words = format!("{} can't reach `{coordinate}` any more", words(&lost));
    let gained_words = format!("{} can reach `{coordinate}` now", words(&gained));
    match (lost.is_empty(), gained.is_empty()) {
        (true, true) => {
            let message = format!("the same callers can reach `{coordinate}` as before: {directives}");
            diff.tell(Safe, "access-restated", coordinate, message, uses);
        }
        (true, false) => {
            let message = format!("{gained_words}: {directives}");
            diff.tell(Dangerous, "access-gained", coordinate, message, uses);
        }
        (false, is_all) => {
            let more = if is_all {
                String::new()
            } else {
                format!(", and {gained_words}")
            };
            let message = format!("{lost_words}{more}: {directives}");
            let modes: BTreeSet<_> = lost.into_iter().map(|(mode, _)| mode).collect();
            diff.tell(Breaking, "access-lost", coordinate, message, |tool| {
                !tool.modes.is_disjoint(&modes) && uses(tool)
            });
        }
    }
}

/// Returns who is in `more` and not in `less`, of some modes: each with its groups, or with none for everybody.
fn differences(more: &Open, less: &Open, of: &BTreeSet<Mode>) -> Vec<(Mode, BTreeSet<String>)> {
    let all = more.iter().filter(|(mode, _)| of.contains(mode));
    all.filter_map(|(mode, groups)| match (groups, less.get(mode)) {
        (groups, None) => Some((*mode, groups.clone().unwrap_or_default())),
        (_, Some(None)) => None,
        (None, Some(Some(_))) => Some((*mode, BTreeSet::new())),
        (Some(groups), Some(Some(left))) => {
            let gone: BTreeSet<_> = groups.difference(left).cloned().collect();
            (!gone.is_empty()).then_some((*mode, gone))
        }
    })
    .collect()
}

fn words(callers: &[(Mode, BTreeSet<String>)]) -> String {
    let one = |(mode, groups): &(Mode, BTreeSet<String>)| {
        let groups: Vec<_> = groups.iter().map(|group| format!("`{group}`")).collect();
        if groups.is_empty() {
            format!("`{}`", mode.name())
        } else {
            format!("`{}` in {}", mode.name(), groups.join(", "))
        }
    };
    let callers: Vec<_> = callers.iter().map(one).collect();
    callers.join(" and ")
}

/// Returns who can reach a field: of an interface, who is let in by its own directives, since the default mode is for the
/// objects that a value can be.
fn of_coordinate(schema: &Schema, facts: Option<&Facts>, ty: &Name, field: &Name) -> Open {
    let definition = schema.type_field(ty, field);
    let own = definition
        .ok()
        .and_then(|field| allowed(of_field(field).into_iter(), default(facts)));
    let of_type = || allowed(of_type(schema.types.get(ty)?).into_iter(), default(facts));
    let of_api = || fallback(facts).filter(|_| schema.get_object(ty).is_some());
    open(own.or_else(of_type).or_else(of_api))
}

fn open(allowed: Option<Vec<Access>>) -> Open {
    let everybody = || Mode::ALL.map(|mode| (mode, None)).into();
    allowed.map_or_else(everybody, |allowed| {
        let one = |access: Access| (access.mode, access.groups.into_iter().next());
        allowed.into_iter().map(one).collect()
    })
}

fn default(facts: Option<&Facts>) -> Option<Mode> {
    facts.map(|facts| facts.authentication_type)
}

/// What holds where no directive says anything.
fn fallback(facts: Option<&Facts>) -> Option<Vec<Access>> {
    default(facts).map(|mode| {
        vec![Access {
            mode,
            groups: Vec::new(),
        }]
    })
}

fn of_type(ty: &ExtendedType) -> Vec<&Directive> {
    let directives = ty.directives().iter().map(|directive| &***directive);
    directives.filter(|directive| mode(&directive.name).is_some()).collect()
}

fn of_field(field: &FieldDefinition) -> Vec<&Directive> {
    let directives = field.directives.iter().map(|directive| &**directive);
    directives.filter(|directive| mode(&directive.name).is_some()).collect()
}

fn listed(directives: &[&Directive]) -> String {
    let mut printed: Vec<_> = directives.iter().map(|directive| printed(directive)).collect();
    printed.sort();
    printed.join(" ")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{Writes, generate, parse::loose, source::Sources};

    /// What is said here of a valid project's tools is what its build says.
    #[test]
    fn tools_can_be_called_in_the_modes_of_the_lock() {
        for project in ["..", "../tests/kitchen-sink", "../tests/lab"] {
            let sources = Sources::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(project)).unwrap();
            let side = Side::of(loose::api(&sources).unwrap());
            let diff = Diff::new(&side, &side, &sources, &loose::operations(&sources));
            for built in generate(&sources, Writes::Included).unwrap().tools {
                let tool = diff.usage.tools.iter().find(|tool| tool.name == built.name).unwrap();
                let modes: Vec<_> = tool.modes.iter().map(|mode| mode.name()).collect();
                assert_eq!(modes, built.modes, "{project}: {}", built.name);
            }
        }
    }
}
