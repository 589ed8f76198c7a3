//! A tool's bindings, constraints, lists and marks → words for the lock.

use crate::{
    block_string::quoted,
    model::{Binding, Constraint, List, ListMax, Mark, MarkKind, Normalization, Rule, Tool, Variable},
};

/// Returns what the server fills in, and with what.
pub(super) fn bindings(tool: &Tool) -> Vec<String> {
    let bound = |variable: &Variable| {
        let Binding { source, name } = &variable.binding.as_ref()?.value;
        let from = source.name();
        let name = name.as_ref().map(|name| format!(" {}", name.value)).unwrap_or_default();
        Some(format!("{}: {from}{name}", variable.name))
    };
    tool.variables.iter().filter_map(bound).collect()
}

/// Returns what each constraint asks for, as it is written: the input schema can't say all of it.
pub(super) fn constraints(tool: &Tool) -> Vec<String> {
    let mut found = Vec::new();
    for variable in &tool.variables {
        for constraint in bounds(variable) {
            let (place, directive) = (place(variable, constraint), constraint.rule.directive());
            found.push(format!("{place}: {directive}{}", asked(&constraint.rule)));
        }
    }
    found
}

/// Returns the constraints that bound a value: what is nullable has a line of its own.
fn bounds(variable: &Variable) -> impl Iterator<Item = &Constraint> {
    let constraints = variable.constraints.iter();
    constraints.filter(|constraint| !matches!(constraint.rule, Rule::Nullable))
}

/// Returns a constraint's arguments. A pattern stands between slashes, with its hint behind.
fn asked(rule: &Rule) -> String {
    let bound = |name: &str, bound: Option<String>| bound.map(|bound| format!("{name}: {bound}"));
    let whole = |name: &str, at: Option<i64>| bound(name, at.map(|at| at.to_string()));
    let number = |name: &str, at: Option<f64>| bound(name, at.map(|at| at.to_string()));
    let set = |is_set: bool, text: &str| is_set.then(|| text.to_owned());
    let all = match rule {
        Rule::Range { min, max, clamp } => [number("min", *min), number("max", *max), set(*clamp, "excess: CLAMP")],
        Rule::Length { min, max } => [whole("min", *min), whole("max", *max), None],
        Rule::Items { min, max, unique } => [whole("min", *min), whole("max", *max), set(*unique, "unique: true")],
        Rule::Pattern(pattern) => {
            // The anchors are none of what is written.
            let regex = pattern.regex.strip_prefix("^(?:");
            let regex = regex.and_then(|regex| regex.strip_suffix(")$"));
            return format!(" /{}/ {}", regex.unwrap_or(&pattern.regex), quoted(&pattern.hint));
        }
        Rule::Normalize(how) => {
            let how = match how {
                Normalization::Trim => "TRIM",
                Normalization::Lowercase => "LOWERCASE",
                Normalization::Uppercase => "UPPERCASE",
                Normalization::CountryCode => "COUNTRY_CODE",
            };
            return format!("(as: {how})");
        }
        Rule::Nullable => return String::new(),
    };
    let all: Vec<_> = all.into_iter().flatten().collect();
    format!("({})", all.join(", "))
}

/// Returns the bounds of lists, by their response keys with dots between. A list without one holds what the build says.
pub(super) fn lists(tool: &Tool) -> Vec<String> {
    let bounded = |list: &List| {
        let bound = match &list.bound()?.value {
            ListMax::Items(max) => max.to_string(),
            ListMax::Variable(name) => format!("maxFrom {name}"),
            ListMax::Unclear => return None,
        };
        let inner = list.inner_bounds.first();
        let inner = inner
            .map(|inner| format!(", inner {}", inner.value))
            .unwrap_or_default();
        Some(format!("{}: {bound}{inner}", list.path.join(".")))
    };
    tool.lists.iter().filter_map(bounded).collect()
}

/// Returns the arguments, and the fields of input objects, whose null is sent.
pub(super) fn nullable(tool: &Tool) -> Vec<String> {
    let constraints = tool.variables.iter().flat_map(|variable| {
        variable
            .constraints
            .iter()
            .map(move |constraint| (variable, constraint))
    });
    let nullable = constraints.filter(|(_, constraint)| matches!(constraint.rule, Rule::Nullable));
    nullable
        .map(|(variable, constraint)| place(variable, constraint))
        .collect()
}

/// Returns what a constraint is of: `name`, or `name.field`.
fn place(variable: &Variable, constraint: &Constraint) -> String {
    let at = constraint.at.as_ref().map(|at| format!(".{}", at.value));
    format!("{}{}", variable.name, at.unwrap_or_default())
}

/// Returns the fields of one kind, as response keys with dots between.
pub(super) fn marked(tool: &Tool, kind: MarkKind) -> Vec<String> {
    let mut paths: Vec<_> = tool
        .marks
        .iter()
        .filter(|mark: &&Mark| mark.kind == kind)
        .map(|mark| mark.path.join("."))
        .collect();
    paths.sort();
    paths.dedup();
    paths
}
