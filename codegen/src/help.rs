//! A rule of the specification and what broke it → a fact, a label and what to do about it, in our words.
//!
//! apollo-compiler finds the places; its rules are told apart by the names that it gives them, and what is concerned by the
//! names in backticks in its messages. A rule that has no words here keeps apollo-compiler's.

mod known;
mod syntax;
mod unknown;

pub(crate) use known::Known;
pub(crate) use syntax::{lexical, serde_help};

use crate::parse::PRELUDE;
use known::{enum_values, place, places, possible_types};

/// What is told of a place.
pub(crate) struct Words {
    pub(crate) message: String,
    pub(crate) label: &'static str,
    pub(crate) help: Option<String>,
}

/// Something that apollo-compiler found.
pub(crate) struct Broken<'a> {
    /// The rule's name; of some errors in a schema there is none.
    rule: &'a str,
    /// apollo-compiler's message.
    message: &'a str,
    /// The names in it, in backticks.
    names: Vec<&'a str>,
    /// What the author wrote there.
    text: &'a str,
}

impl<'a> Broken<'a> {
    pub(crate) fn new(rule: &'a str, message: &'a str, text: &'a str) -> Self {
        Self {
            rule,
            message,
            names: message.split('`').skip(1).step_by(2).collect(),
            text,
        }
    }

    fn name(&self, at: usize) -> &'a str {
        self.names.get(at).copied().unwrap_or_default()
    }
}

impl Words {
    fn of(message: String, label: &'static str, help: Option<String>) -> Self {
        Self { message, label, help }
    }
}

/// Returns what is told of something that apollo-compiler found; nothing if it only follows from something else.
pub(crate) fn words(broken: &Broken<'_>, known: &Known<'_>) -> Option<Words> {
    match broken.rule {
        "UnsupportedValueType" => value(broken, known),
        "DisallowedVariableUsage" => Some(misfitting(broken.name(0), broken.name(1), broken.name(3))),
        "UnsupportedLocation" => location(broken, known),
        // Something is selected, and none of it is valid: that is told of each.
        "MissingSubselection" if broken.text.ends_with('}') => None,
        "" if broken.message.starts_with("syntax error") => Some(Words::of(
            syntax::message(broken.message),
            "unexpected",
            syntax::help(broken.message),
        )),
        "" if broken.message.starts_with("duplicate") || broken.message.contains("defined multiple times") => {
            Some(Words::of(broken.message.to_owned(), "defined again", None))
        }
        _ => unknown::unknown(broken, known)
            .or_else(|| missing(broken))
            .or_else(|| superfluous(broken))
            .or_else(|| misfit(broken, known))
            .or_else(|| Some(Words::of(broken.message.to_owned(), "not valid", None))),
    }
}

/// Something that has to be there.
fn missing(broken: &Broken<'_>) -> Option<Words> {
    Some(match broken.rule {
        "RequiredArgument" => {
            let (owner, argument) = coordinate(broken.name(0));
            let help = Some(format!("give it a value: `{argument}: …`"));
            Words::of(
                format!("`{owner}` needs the argument `{argument}`"),
                "argument missing",
                help,
            )
        }
        "RequiredField" => {
            let (owner, field) = broken.name(0).rsplit_once('.').unwrap_or_default();
            let help = Some(format!("give it a value: `{field}: …`"));
            Words::of(format!("`{owner}` needs the field `{field}`"), "field missing", help)
        }
        "MissingSubselection" => {
            let field = broken.text.split(['(', '@', ' ', '\n']).next().unwrap_or_default();
            let help = Some(format!("say which of its fields to return: `{} {{ … }}`", broken.text));
            Words::of(format!("nothing is selected of `{field}`"), "selection missing", help)
        }
        "QueryRootOperationType" => {
            let help = Some("name a type `Query`, or say which it is: `schema { query: … }`".to_owned());
            Words::of("the schema has no query type".to_owned(), "query type missing", help)
        }
        "UndefinedRootOperation" => {
            let help = Some("remove the file, or refresh the schema".to_owned());
            Words::of(
                format!("the schema has no {} type", broken.name(0)),
                "not in the schema",
                help,
            )
        }
        _ => return None,
    })
}

/// Something that must not be there, or not again.
fn superfluous(broken: &Broken<'_>) -> Option<Words> {
    Some(match broken.rule {
        "UnusedVariable" => {
            let help = Some(format!("use `{}` in an argument, or remove it", broken.name(0)));
            Words::of(
                format!("the variable `{}` is never used", broken.name(0)),
                "never used",
                help,
            )
        }
        "UnusedFragment" => {
            let help = Some("spread it with `...`, or remove it".to_owned());
            Words::of(
                format!("the fragment `{}` is never used", broken.name(0)),
                "never used",
                help,
            )
        }
        "UniqueVariable" => {
            let help = Some("remove one of them, or give it another name".to_owned());
            Words::of(
                format!("the variable `{}` is declared more than once", broken.name(0)),
                "declared again",
                help,
            )
        }
        "UniqueArgument" => {
            let help = Some("remove one of them".to_owned());
            Words::of(
                format!("the argument `{}` is given more than once", broken.name(0)),
                "given again",
                help,
            )
        }
        "UniqueDirective" => {
            let directive = broken.text.split('(').next().unwrap_or_default();
            let help = Some("put their arguments into one".to_owned());
            Words::of(format!("`{directive}` stands here more than once"), "given again", help)
        }
        "FragmentNameCollision" => {
            let help = Some("remove one of them, or give it another name".to_owned());
            Words::of(
                format!("there is more than one fragment `{}`", broken.name(0)),
                "defined again",
                help,
            )
        }
        "SubselectionOnScalarType" | "SubselectionOnEnumType" => {
            let help = Some("remove the braces and what is in them".to_owned());
            Words::of(
                format!("`{}` has no fields to select", broken.name(0)),
                "has no fields",
                help,
            )
        }
        "TypeSystemDefinition" => {
            let help = Some("types come from `schema/schema.graphql`: remove it".to_owned());
            Words::of(
                "a file of operations defines a type".to_owned(),
                "not an operation",
                help,
            )
        }
        _ => return None,
    })
}

/// Something that does not fit where it stands.
fn misfit(broken: &Broken<'_>, known: &Known<'_>) -> Option<Words> {
    Some(match broken.rule {
        "VariableInputType" => {
            let ty = known
                .variable(broken.name(0))
                .map(|ty| ty.inner_named_type().to_string());
            let help = Some("take a scalar, an enum or an input object".to_owned());
            let message = format!("`{}` is no type for a variable", ty.unwrap_or_default());
            Words::of(message, "not an input type", help)
        }
        "IntCoercionError" => {
            let help = Some("write a number from -2147483648 to 2147483647".to_owned());
            Words::of(
                format!("`{}` is no 32-bit number, which `Int` is", broken.text),
                "out of range",
                help,
            )
        }
        "InvalidFragmentTarget" => {
            let help = Some("remove the fragment, or name an object, interface or union type".to_owned());
            Words::of(
                "a fragment is on a type without fields".to_owned(),
                "has no fields",
                help,
            )
        }
        "InvalidFragmentSpread" => {
            let ty = broken.name(broken.names.len().saturating_sub(1));
            let condition = broken.name(broken.names.len().saturating_sub(2));
            let help = Some(format!(
                "what is selected from here is {}",
                possible_types(known.schema, ty)
            ));
            Words::of(
                format!("a fragment on `{condition}` can't apply to `{ty}`"),
                "can never apply",
                help,
            )
        }
        "RecursiveFragmentDefinition" => {
            let help = Some("remove the spread that leads back to it".to_owned());
            Words::of(
                format!("the fragment `{}` spreads itself", broken.name(0)),
                "spreads itself",
                help,
            )
        }
        "ConflictingFieldType" | "ConflictingFieldName" => {
            let help = Some("give one of them another alias".to_owned());
            Words::of(
                format!("`{}` stands for two different fields", broken.name(0)),
                "another field",
                help,
            )
        }
        "ConflictingFieldArgument" => {
            let help = Some("give one of them an alias".to_owned());
            Words::of(
                format!("`{}` is selected with different arguments", broken.name(0)),
                "other arguments",
                help,
            )
        }
        _ => return None,
    })
}

/// Says that a variable's type does not fit; the same for our own rule and for apollo-compiler's.
fn misfitting(variable: &str, ty: &str, position: &str) -> Words {
    Words {
        message: format!("`{variable}` is of type `{ty}` where `{position}` is asked for"),
        label: "type does not fit",
        help: Some(format!("declare it as `{variable}: {position}`")),
    }
}

/// `expected value of type Sort!, found a string`.
fn value(broken: &Broken<'_>, known: &Known<'_>) -> Option<Words> {
    let (ty, found) = broken
        .message
        .strip_prefix("expected value of type ")?
        .split_once(", found ")?;
    if broken.text.starts_with('$') {
        // A variable that is not declared, or of no input type, is told elsewhere.
        let variable = known.variable(broken.text)?;
        let definition = known.schema.types.get(variable.inner_named_type())?;
        return if definition.is_input_type() {
            Some(misfitting(broken.text, &variable.to_string(), ty))
        } else {
            None
        };
    }
    let values = enum_values(known.schema, ty.trim_matches(['[', ']', '!']));
    let help = match found {
        _ if !values.is_empty() => format!(
            "write one of its values: {}",
            list(values.iter().map(|name| format!("`{name}`")))
        ),
        "null" => "give it a value".to_owned(),
        _ => format!("write a value of type `{}`", ty.trim_end_matches('!')),
    };
    Some(Words {
        message: format!("`{ty}` is asked for, and this is {found}"),
        label: "wrong type",
        help: Some(help),
    })
}

/// `range directive is not supported for QUERY location`.
fn location(broken: &Broken<'_>, known: &Known<'_>) -> Option<Words> {
    let (directive, rest) = broken.message.split_once(" directive is not supported for ")?;
    let location = rest.strip_suffix(" location")?;
    let location = known::LOCATIONS.iter().find(|known| known.name() == location)?;
    Some(Words {
        message: format!("`@{directive}` can't stand on {}", place(*location)),
        label: "not allowed here",
        help: places(known.schema, directive).map(|places| format!("move it to {places}, or remove it")),
    })
}

/// Joins names for people; a long list ends in an ellipsis.
fn list(names: impl Iterator<Item = String>) -> String {
    let names: Vec<_> = names.collect();
    let shown = names.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > 12 {
        format!("{shown}, …")
    } else {
        shown
    }
}

/// `Query.searchCompanies(filter:)` → `Query.searchCompanies` and `filter`.
fn coordinate(coordinate: &str) -> (&str, &str) {
    let (owner, argument) = coordinate.split_once('(').unwrap_or((coordinate, ""));
    (owner, argument.trim_end_matches([':', ')']))
}

/// The names of the contract's own directives, from the prelude.
pub(crate) fn contract_directives() -> Vec<&'static str> {
    let (_, contract) = PRELUDE.split_once("# --- The contract").unwrap_or(("", PRELUDE));
    contract
        .lines()
        .filter_map(|line| line.strip_prefix("directive @"))
        .filter_map(|line| line.split(['(', ' ']).next())
        .collect()
}
