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
    escape(&if is_pascal {
        name.to_owned()
    } else {
        name.to_upper_camel_case()
    })
}

/// Returns the name of an enum's variant: `PRE_SEED` → `PreSeed`.
pub(crate) fn variant(name: &str) -> String {
    escape(&name.to_upper_camel_case())
}

/// Returns the name of the tool that an operation makes: `SearchCompanies` → `search_companies`.
pub(crate) fn tool(operation: &str) -> String {
    operation.to_snake_case()
}

/// Returns the operation name that a tool's file asks for: `search_companies` → `SearchCompanies`.
pub(crate) fn operation(tool: &str) -> String {
    tool.to_upper_camel_case()
}

fn escape(name: &str) -> String {
    if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("_{name}");
    }
    if syn::parse_str::<syn::Ident>(name).is_ok() {
        name.to_owned()
    } else {
        format!("{name}_")
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
        let free = (2_u32..)
            .map(|number| format!("{name}{number}"))
            .find(|numbered| !self.taken.contains(numbered));
        let name = if self.taken.contains(name) {
            free.unwrap_or_default()
        } else {
            name.to_owned()
        };
        self.taken.insert(name.clone());
        name
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
        assert_eq!(snake("_"), "_");
    }

    #[test]
    fn a_taken_name_gets_a_number() {
        let mut scope = Scope::with(&["Variables"]);
        assert_eq!(scope.take("Variables"), "Variables2");
        assert_eq!(scope.take("Variables"), "Variables3");
        assert_eq!(scope.take("Items"), "Items");
    }
}
