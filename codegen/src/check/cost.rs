//! Rules on what a call can cost.

use crate::{
    cost::{Counted, Unit, Way},
    diagnostic::Diagnostic,
    model::{Limits, Resolvers, Shape, Tool},
};

const LESS: &str =
    "lower the bound of a list on the way (`max` of `@list`, or of the `@range` that its `maxFrom` is from)";

fn counted(tool: &Tool) -> Counted<'_> {
    Counted {
        data: &tool.data,
        lists: &tool.lists,
        variables: &tool.variables,
    }
}

pub(super) fn too_many_nodes(tool: &Tool, limits: &Limits) -> Vec<Diagnostic> {
    let (nodes, limit) = (tool.cost.nodes, limits.nodes);
    if nodes <= limit {
        return Vec::new();
    }
    let operation = &tool.operation;
    let message = format!("a result of `{operation}` can hold {nodes} objects, and {limit} is the limit");
    let help = "`limits.nodes` in `schema/api.local.json`";
    vec![over(tool, Unit::Nodes, &message, help)]
}

pub(super) fn too_many_list_items(tool: &Tool, limits: &Limits) -> Vec<Diagnostic> {
    let (items, limit) = (tool.cost.list_items, limits.list_items);
    if items <= limit {
        return Vec::new();
    }
    let operation = &tool.operation;
    let message = format!("the lists of a result of `{operation}` can hold {items} items, and {limit} is the limit");
    let help = "`limits.listItems` in `schema/api.local.json`";
    vec![over(tool, Unit::ListItems, &message, help)]
}

fn over(tool: &Tool, unit: Unit, message: &str, limit: &str) -> Diagnostic {
    let Way { text, times, span } = way(tool, unit);
    Diagnostic::error(
        span,
        format!("{message}; the largest part: `{text}`"),
        format!("{times} of them"),
    )
    .help(format!(
        "{LESS}, or of the lists inside of one (`inner`), or raise {limit}"
    ))
}

/// Returns the way to the most; of a tool that has nothing of it, none leads anywhere.
fn way(tool: &Tool, unit: Unit) -> Way {
    counted(tool).largest(unit).unwrap_or_else(|| Way {
        text: tool.operation.clone(),
        times: 0,
        span: tool.head.clone(),
    })
}

/// AppSync refuses such a request, or answers a part of it.
pub(super) fn too_deep(tool: &Tool, limits: &Limits) -> Vec<Diagnostic> {
    let (depth, limit) = (tool.cost.depth, limits.depth);
    if depth <= limit {
        return Vec::new();
    }
    let deepest = counted(tool).deepest();
    let keys: Vec<_> = deepest.iter().map(|field| field.key.as_str()).collect();
    let beyond = usize::try_from(limit).ok().and_then(|limit| deepest.get(limit));
    let message = format!(
        "`{}` goes {depth} levels deep, and the API takes {limit}: `{}`",
        tool.operation,
        keys.join(".")
    );
    let span = beyond.map_or_else(|| tool.head.clone(), |field| field.span.clone());
    vec![
        Diagnostic::error(span, message, "too deep")
            .help("leave out what lies deeper, or get it with a tool of its own; the limit is `queryDepthLimit` in `schema/api.json`, or else AppSync's own"),
    ]
}

/// AppSync ends such a request. Where the resolvers are not known, their number is an estimate and stops nothing.
pub(super) fn too_many_resolver_calls(tool: &Tool, limits: &Limits) -> Vec<Diagnostic> {
    let (operation, limit) = (&tool.operation, limits.resolvers);
    let (Resolvers::Exact(calls) | Resolvers::Estimate(calls)) = tool.cost.resolvers;
    if calls <= limit {
        return Vec::new();
    }
    let Way { text, times, span } = way(tool, Unit::ResolverCalls);
    let most = format!("and the API allows {limit}; the largest part: `{text}`");
    let label = format!("{times} of them");
    let less = format!("{LESS}, or leave fields with resolvers inside of lists out");
    vec![match tool.cost.resolvers {
        Resolvers::Exact(_) => {
            let message = format!("a call of `{operation}` can take {calls} resolver calls, {most}");
            Diagnostic::error(span, message, label).help(less)
        }
        Resolvers::Estimate(_) => {
            let message = format!("a call of `{operation}` can take some {calls} resolver calls by estimate, {most}");
            Diagnostic::warning(span, message, label).help(format!(
                "{less}; `resolvers` in `schema/api.local.json` can list the fields that have resolvers, and then the number is exact"
            ))
        }
    }]
}

/// AppSync has a resolver for each root field, so a list that lacks one is not complete, and counts too little.
pub(super) fn unlisted_root_resolver(tool: &Tool, _: &Limits) -> Vec<Diagnostic> {
    let (Shape::Fields(fields), Resolvers::Exact(_)) = (&tool.data.shape, tool.cost.resolvers) else {
        return Vec::new();
    };
    let unlisted = fields
        .iter()
        .filter(|field| !field.resolver && field.name != "__typename");
    unlisted
        .map(|field| {
            let coordinate = format!("{}.{}", tool.data.graphql_type, field.name);
            let message = format!("`resolvers` does not list `{coordinate}`, and every root field has a resolver");
            Diagnostic::error(field.span.clone(), message, "not listed").help(format!(
                "add `\"{coordinate}\"` to `resolvers` in `schema/api.local.json`, with all others that are missing"
            ))
        })
        .collect()
}
