//! GraphQL names → Rust names.
//!
//! Invariant: the only place where a name's case changes. A Rust keyword gets a trailing `_`, all keywords alike;
//! the GraphQL spelling travels beside the Rust one and is what goes over the wire.

use std::collections::BTreeSet;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};

/// Returns the name of a field, a variable or a module: `employeesMin` → `employees_min`.
pub(crate) fn snake(name: &str) -> String {
    escape(&name.to_snake_case())
}

/// Returns the name of a type or a variant: `search_hit` → `SearchHit`, but `AWSURL` as it is.
pub(crate) fn pascal(name: &str) -> String {
    let is_pascal = name.starts_with(|first: char| first.is_ascii_uppercase()) && !name.contains('_');
    if is_pascal { escape(name) } else { variant(name) }
}

/// Returns the name of an enum's variant: `PRE_SEED` → `PreSeed`.
pub(crate) fn variant(name: &str) -> String {
    match name.to_upper_camel_case() {
        word if word.is_empty() => "Underscore".to_owned(),
        word => escape(&word),
    }
}

/// Returns the name of the tool that an operation makes: `SearchCompanies` → `search_companies`.
pub(crate) fn tool(operation: &str) -> String {
    operation.to_snake_case()
}

/// Whether a tool or a prompt can have this name: clients take 1 to 64 of `[a-z0-9_]` everywhere.
pub(crate) fn is_public(name: &str) -> bool {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    (1..=64).contains(&name.len()) && name.chars().all(legal)
}

/// Returns the operation name that a tool's file asks for: `search_companies` → `SearchCompanies`.
pub(crate) fn operation(tool: &str) -> String {
    tool.to_upper_camel_case()
}

/// Returns the name of the Rust type of an enum where it is an argument: another than where it is a result.
pub(crate) fn input_enum(name: &str) -> String {
    pascal(&format!("{name}Input"))
}

/// Whether a GraphQL name can't be written as it is in Rust.
pub(crate) fn is_keyword(name: &str) -> bool {
    // Reserved since the edition of 2024; syn does not know it.
    name == "gen" || syn::parse_str::<syn::Ident>(name).is_err()
}

/// Whether cynic finds a Rust name for a GraphQL field or argument: it does not know the newest keyword, and an item
/// named like its crate, or like a type that it writes beside the item, is in its way.
pub(crate) fn has_marker(name: &str) -> bool {
    !matches!(name, "gen" | "cynic" | "Option" | "Vec")
}

/// Whether cynic finds a Rust name for a GraphQL type: in the way of some are a module of its own, the directives that it
/// knows, and the crates and primitive types that it names.
pub(crate) fn has_type_marker(name: &str) -> bool {
    let of_its_own = ["variable", "include", "skip", "_include_arguments", "_skip_arguments"];
    let named = ["cynic", "std", "bool", "f64", "i32", "str"];
    name != "gen" && !of_its_own.contains(&name) && !named.contains(&name)
}

/// Returns the other name, `self`, for one that is what cynic makes of it, `self_`: a schema module has room for one.
pub(crate) fn twin(name: &str) -> Option<&str> {
    if name == "_Underscore" {
        return Some("_");
    }
    name.strip_suffix('_')
        .filter(|twin| matches!(*twin, "Self" | "self" | "super" | "crate" | "extern"))
}

/// Returns what cynic calls a GraphQL type in its schema module.
pub(crate) fn marker(name: &str) -> String {
    match name {
        "Self" | "self" | "super" | "crate" | "extern" => format!("{name}_"),
        name if is_keyword(name) => format!("r#{name}"),
        name => name.to_owned(),
    }
}

fn escape(name: &str) -> String {
    if name.is_empty() {
        // Of a name that is nothing but underscores no word is left.
        return "underscore".to_owned();
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("_{name}");
    }
    if is_keyword(name) {
        format!("{name}_")
    } else {
        name.to_owned()
    }
}

/// Hands out names of one Rust scope, each once: one that is taken gets a number.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    taken: BTreeSet<String>,
}

impl Scope {
    /// Makes a scope in which some names are taken.
    pub(crate) fn with(taken: &[&str]) -> Self {
        Self {
            taken: taken.iter().map(ToString::to_string).collect(),
        }
    }

    /// Takes `name`, or the first of `name2`, `name3` … that is free.
    pub(crate) fn take(&mut self, name: &str) -> String {
        let stem = name.trim_end_matches('_');
        let mut free = name.to_owned();
        let mut number = 2_u32;
        while !self.taken.insert(free.clone()) {
            free = format!("{stem}{number}");
            number += 1;
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_get_an_underscore() {
        for (graphql, rust) in [
            ("type", "type_"),
            ("self", "self_"),
            ("crate", "crate_"),
            ("gen", "gen_"),
            ("employeesMin", "employees_min"),
        ] {
            assert_eq!(snake(graphql), rust);
        }
        assert_eq!(pascal("self"), "Self_");
        assert_eq!(input_enum("self"), "SelfInput");
        assert_eq!(
            [snake("_"), pascal("_"), variant("_")],
            ["underscore", "Underscore", "Underscore"]
        );
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let mut scope = Scope::with(&["Variables"]);
        assert_eq!(scope.take("Variables"), "Variables2");
        assert_eq!(scope.take("Variables"), "Variables3");
        assert_eq!(scope.take("Items"), "Items");
        assert_eq!([scope.take("Self_"), scope.take("Self_")], ["Self_", "Self2"]);
    }
}
