//! `schema/api.json`, before and after → what changes of the API itself.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ChangeClass::{Breaking, Dangerous, Safe},
    access,
    diff::{Diff, nobody},
    usage::Tool,
};
use crate::{
    api::{Facts, IntrospectionConfig, Mode, ResolverKind},
    model::{Cost, Resolvers},
    parse, resolve,
    resolve::access::modes,
    source::Sources,
};

const FILE: &str = "schema/api.json";

fn key(name: &str) -> String {
    format!("{FILE}#/{name}")
}

pub(super) fn compare(diff: &mut Diff<'_>, operations: &Sources) {
    match (diff.old.facts.as_ref(), diff.new.facts.as_ref()) {
        (Some(old), Some(new)) => {
            name(diff, old, new);
            authorization(diff, old, new);
            limits(diff, old, new, operations);
            introspection(diff, old, new);
            resolvers(diff, old, new);
        }
        (Some(_), None) => {
            let message = "nothing says any more what the API's authorization modes and limits are".to_owned();
            diff.tell(Dangerous, "api-facts-removed", FILE, message, |_| true);
        }
        (None, Some(_)) => {
            let message = "the API's authorization modes and limits are known now".to_owned();
            diff.tell(Safe, "api-facts-added", FILE, message, |_| true);
        }
        (None, None) => {}
    }
}

fn name(diff: &mut Diff<'_>, old: &Facts, new: &Facts) {
    if old.name != new.name {
        let message = format!("the API's name changes from `{}` to `{}`", old.name, new.name);
        diff.tell(Safe, "api-name-changed", key("name"), message, nobody);
    }
}

/// A mode that is lost breaks the tools that could be called in it. A new one lets others call what is open to it.
fn authorization(diff: &mut Diff<'_>, old: &Facts, new: &Facts) {
    let (had, has) = (modes(Some(old)), modes(Some(new)));
    let schemas = (diff.old, diff.new);
    for mode in had.difference(&has) {
        let message = format!(
            "the API does not have the authorization mode `{}` any more",
            mode.name()
        );
        let place = place(*mode, old);
        diff.tell(Breaking, "authorization-mode-removed", place, message, |tool| {
            tool.modes.contains(mode)
        });
    }
    for mode in has.difference(&had) {
        let message = format!("the API has the authorization mode `{}` now", mode.name());
        let place = place(*mode, new);
        diff.tell(Dangerous, "authorization-mode-added", place, message, |tool| {
            access::reach(tool, &schemas.0.schema, Some(new)).contains(mode)
        });
    }
    let (before, after) = (old.authentication_type, new.authentication_type);
    if before != after {
        let message = format!(
            "the API's default authorization mode changes from `{}` to `{}`: what carries no directive is open to that one alone",
            before.name(),
            after.name()
        );
        let touches = |tool: &Tool| {
            let reach = access::reach(tool, &schemas.0.schema, Some(new));
            let is_lost = |mode: &Mode| has.contains(mode) && !reach.contains(mode);
            tool.modes.iter().any(is_lost)
        };
        diff.tell(
            Breaking,
            "default-authorization-mode-changed",
            key("authenticationType"),
            message,
            touches,
        );
    }
}

/// Returns where the file says that an API has a mode.
fn place(mode: Mode, facts: &Facts) -> String {
    key(if facts.authentication_type == mode {
        "authenticationType"
    } else {
        "additionalAuthenticationProviders"
    })
}

/// What a tool comes to at most, where the project is valid; of one that is not, nobody knows.
fn costs(operations: &Sources) -> BTreeMap<String, Cost> {
    let parsed = parse::parse(operations).ok();
    let model = parsed.and_then(|(parsed, _)| resolve::resolve(&parsed, operations).ok());
    let tools = model.into_iter().flat_map(|(model, _)| model.tools);
    tools.map(|tool| (tool.name, tool.cost)).collect()
}

fn limits(diff: &mut Diff<'_>, old: &Facts, new: &Facts, operations: &Sources) {
    type Count = fn(&Cost) -> u64;
    let depth: Count = |cost| cost.depth;
    let calls: Count = |cost| match cost.resolvers {
        Resolvers::Exact(calls) | Resolvers::Estimate(calls) => calls,
    };
    // AppSync takes 0 for no limit.
    let limit = |limit: Option<u32>| limit.filter(|limit| *limit > 0).map(u64::from);
    for (name, old, new, count) in [
        ("queryDepthLimit", old.query_depth_limit, new.query_depth_limit, depth),
        (
            "resolverCountLimit",
            old.resolver_count_limit,
            new.resolver_count_limit,
            calls,
        ),
    ] {
        let (old, new) = (limit(old), limit(new));
        if old == new {
            continue;
        }
        let word = |limit: Option<u64>| limit.map_or_else(|| "no limit".to_owned(), |limit| format!("`{limit}`"));
        let message = format!("`{name}` changes from {} to {}", word(old), word(new));
        match new.filter(|new| old.is_none_or(|old| *new < old)) {
            Some(new) => {
                let costs = costs(operations);
                let touches = |tool: &Tool| costs.get(&tool.name).is_none_or(|cost| count(cost) > new);
                diff.tell(Breaking, "limit-lowered", key(name), message, touches);
            }
            None => diff.tell(Safe, "limit-raised", key(name), message, nobody),
        }
    }
}

/// Without introspection nobody can see any more how the schema moves; with it, everybody can read the schema.
fn introspection(diff: &mut Diff<'_>, old: &Facts, new: &Facts) {
    let is_on = |facts: &Facts| facts.introspection_config != Some(IntrospectionConfig::Disabled);
    let (kind, word) = match (is_on(old), is_on(new)) {
        (true, false) => ("introspection-disabled", "does not answer introspection any more"),
        (false, true) => ("introspection-enabled", "answers introspection now"),
        _ => return,
    };
    let message = format!("the API {word}");
    diff.tell(Dangerous, kind, key("introspectionConfig"), message, nobody);
}

/// A field with a resolver costs a call, and one without is read from the object that it is of.
fn resolvers(diff: &mut Diff<'_>, old: &Facts, new: &Facts) {
    let (Some(old), Some(new)) = (&old.resolvers, &new.resolvers) else {
        return;
    };
    let place = key("resolvers");
    let both = old
        .0
        .iter()
        .filter_map(|(field, kind)| Some((field, *kind, *new.0.get(field)?)));
    let (kinds, (old, new)): (Vec<_>, (BTreeSet<_>, BTreeSet<_>)) =
        (both.collect(), (old.0.keys().collect(), new.0.keys().collect()));
    let selects = |tool: &Tool, coordinate: &str| {
        let mut fields = tool.fields.iter().filter(|(_, selected)| selected.is_reached);
        fields.any(|((ty, field), _)| format!("{ty}.{field}") == coordinate)
    };
    for coordinate in old.difference(&new) {
        let message = format!("`{coordinate}` has no resolver any more");
        diff.tell(Dangerous, "resolver-removed", &place, message, |tool| {
            selects(tool, coordinate)
        });
    }
    for coordinate in new.difference(&old) {
        let message = format!("`{coordinate}` has a resolver now");
        diff.tell(Dangerous, "resolver-added", &place, message, |tool| {
            selects(tool, coordinate)
        });
    }
    // What a write's error says of its outcome depends on it.
    for (coordinate, was, is) in kinds.into_iter().filter(|(_, was, is)| was != is) {
        let [was, is] = [was, is].map(|kind| kind.map_or("of an unknown kind", ResolverKind::name));
        let message = format!("the resolver of `{coordinate}` was {was} and is {is}");
        diff.tell(Dangerous, "resolver-kind-changed", &place, message, |tool| {
            selects(tool, coordinate)
        });
    }
}
