//! A rule of the specification that the parser's validation lacks: a literal gives each input field once
//! (<https://spec.graphql.org/September2025/#sec-Input-Object-Field-Uniqueness>).

use std::collections::BTreeSet;

use apollo_compiler::{
    Node,
    ast::{Argument, Definition, DirectiveList, Document, Selection, Value},
};

use super::Places;
use crate::diagnostic::Diagnostic;

/// Finds the input fields that a literal gives a second time.
pub(super) fn duplicate_fields(document: &Document, places: &Places) -> Vec<Diagnostic> {
    let mut finder = Finder {
        places,
        found: Vec::new(),
    };
    for definition in &document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                for variable in &operation.variables {
                    variable.default_value.iter().for_each(|value| finder.value(value));
                    finder.directives(&variable.directives);
                }
                finder.directives(&operation.directives);
                finder.selections(&operation.selection_set);
            }
            Definition::FragmentDefinition(fragment) => {
                finder.directives(&fragment.directives);
                finder.selections(&fragment.selection_set);
            }
            _ => {}
        }
    }
    finder.found
}

struct Finder<'a> {
    places: &'a Places,
    found: Vec<Diagnostic>,
}

impl Finder<'_> {
    fn selections(&mut self, selections: &[Selection]) {
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    self.arguments(&field.arguments);
                    self.directives(&field.directives);
                    self.selections(&field.selection_set);
                }
                Selection::FragmentSpread(spread) => self.directives(&spread.directives),
                Selection::InlineFragment(fragment) => {
                    self.directives(&fragment.directives);
                    self.selections(&fragment.selection_set);
                }
            }
        }
    }

    fn directives(&mut self, directives: &DirectiveList) {
        for directive in directives {
            self.arguments(&directive.arguments);
        }
    }

    fn arguments(&mut self, arguments: &[Node<Argument>]) {
        for argument in arguments {
            self.value(&argument.value);
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::List(items) => items.iter().for_each(|item| self.value(item)),
            Value::Object(fields) => {
                let mut seen = BTreeSet::new();
                for (name, value) in fields {
                    if !seen.insert(name) {
                        self.tell(name);
                    }
                    self.value(value);
                }
            }
            _ => {}
        }
    }

    fn tell(&mut self, name: &apollo_compiler::Name) {
        let span = self.places.span(name.location());
        self.found.extend(span.map(|span| {
            let message = format!("the input field `{name}` is given more than once");
            Diagnostic::error(span, message, "given again").help("remove one of them")
        }));
    }
}
