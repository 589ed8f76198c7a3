//! Walks the input types that arguments take, for what has to be known of all of them.
//!
//! Invariant: an input object's fields are walked once, so that one that holds itself, or others that hold it, comes to an
//! end, however many there are.

use crate::tool::{Argument, Input};

/// Calls `visit` with every input type that the arguments take, those of items and of fields included.
pub(crate) fn each_input(arguments: &'static [Argument], visit: &mut dyn FnMut(&'static Input)) {
    let mut seen = Seen::default();
    walk_fields(arguments, &mut seen, visit);
}

fn walk_fields(fields: &'static [Argument], seen: &mut Seen, visit: &mut dyn FnMut(&'static Input)) {
    for field in fields {
        walk(&field.value.input, seen, visit);
    }
}

fn walk(input: &'static Input, seen: &mut Seen, visit: &mut dyn FnMut(&'static Input)) {
    visit(input);
    match input {
        Input::List { item, .. } => walk(&item.input, seen, visit),
        Input::Object { fields, .. } if seen.is_new(fields) => walk_fields(fields, seen, visit),
        Input::Object { .. }
        | Input::Boolean
        | Input::Integer { .. }
        | Input::Float { .. }
        | Input::Text { .. }
        | Input::Enum { .. } => {}
    }
}

/// The input objects that a walk has come to.
///
/// They are told apart by their fields and not by their names: a tool may bound the fields of one place more than those of
/// another of the same type.
#[derive(Debug, Default)]
pub(crate) struct Seen(Vec<&'static [Argument]>);

impl Seen {
    /// Adds an input object by its fields; says whether it was not there.
    pub(crate) fn is_new(&mut self, fields: &'static [Argument]) -> bool {
        let is_new = !self.0.iter().any(|seen| std::ptr::eq(*seen, fields));
        if is_new {
            self.0.push(fields);
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::SELF_CONTAINING;

    #[test]
    fn an_input_object_that_holds_itself_is_walked_once() {
        let mut names = Vec::new();
        each_input(SELF_CONTAINING.arguments, &mut |input| {
            names.push(match input {
                Input::Object { name, .. } | Input::Enum { name, .. } => name,
                Input::List { .. } => "list",
                _ => "other",
            });
        });
        assert_eq!(
            names,
            [
                "NoteFilter",
                "other",
                "list",
                "State",
                "list",
                "NoteFilter",
                "NoteFilter",
                "Author",
                "other",
                "NoteFilter",
                "NoteFilter"
            ]
        );
    }
}
