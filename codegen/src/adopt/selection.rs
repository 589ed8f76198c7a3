//! A definition's selection → what is to be added to it: bounds of lists, and `__typename` where several types are possible.

use apollo_compiler::{
    ExecutableDocument, Name,
    ast::DirectiveList,
    executable::{Field, Selection, SelectionSet},
    schema::ExtendedType,
};

use super::{
    bounds::{Lists, Max},
    text::{Insertion, Text},
};
use crate::{
    diagnostic::Span,
    parse::{Places, plain::Plain},
};

/// What is added to a definition, and what is assumed by it.
pub(super) struct Added {
    pub(super) insertions: Vec<Insertion>,
    pub(super) assumptions: Vec<String>,
}

/// Goes through a selection as it is written: what fragments select is added to the fragments.
pub(super) fn added(
    set: &SelectionSet,
    document: &ExecutableDocument,
    plain: &Plain,
    lists: &Lists,
    text: &Text<'_>,
) -> Added {
    let mut writer = Writer {
        document,
        plain,
        lists,
        text,
        added: Added {
            insertions: Vec::new(),
            assumptions: Vec::new(),
        },
    };
    writer.fields(set, &mut Vec::new());
    writer.added
}

/// Returns where a part of a selection stands.
pub(super) fn place(selection: &Selection, places: &Places) -> Option<Span> {
    places.span(match selection {
        Selection::Field(field) => field.location(),
        Selection::FragmentSpread(spread) => spread.location(),
        Selection::InlineFragment(fragment) => fragment.location(),
    })
}

struct Writer<'a> {
    document: &'a ExecutableDocument,
    plain: &'a Plain,
    lists: &'a Lists,
    text: &'a Text<'a>,
    added: Added,
}

impl Writer<'_> {
    fn fields(&mut self, set: &SelectionSet, path: &mut Vec<String>) {
        for selection in &set.selections {
            match selection {
                Selection::InlineFragment(fragment) => self.fields(&fragment.selection_set, path),
                Selection::FragmentSpread(_) => {}
                Selection::Field(field) => {
                    path.push(field.response_key().to_string());
                    if let Some(place) = place(selection, &self.plain.places) {
                        self.field(field, &place, &path.join("."));
                    }
                    self.fields(&field.selection_set, path);
                    path.pop();
                }
            }
        }
    }

    fn field(&mut self, field: &Field, at: &Span, path: &str) {
        let first = field.selection_set.selections.first();
        let first = first
            .and_then(|first| place(first, &self.plain.places))
            .map(|place| place.bytes.start);
        let Added {
            insertions,
            assumptions,
        } = &mut self.added;
        if let Some(bound) = self.lists.bound((at.file, at.bytes.start)) {
            let (max, words) = match bound.max {
                Max::Items(max) => (format!("max: {max}"), format!("up to {max}")),
                Max::From(name) => (format!("maxFrom: \"{name}\""), format!("as many as `${name}` says")),
            };
            let (inner, more) = match bound.inner {
                Some(inner) => (
                    format!(", inner: {inner}"),
                    format!(", and each list in it up to {inner}"),
                ),
                None => (String::new(), String::new()),
            };
            let directive = format!(" @list({max}{inner})");
            let end = first.map_or(at.bytes.end, |first| self.text.brace(first));
            insertions.push(Insertion {
                at: self.text.end_before(end),
                text: directive,
            });
            assumptions.push(format!("the list `{path}` holds {words}{more}"));
        }
        if let Some(first) = first.filter(|_| self.lacks_typename(field)) {
            self.added.insertions.push(self.text.typename(first));
            let assumption = format!("`{path}` asks for `__typename`: it can be of several types");
            self.added.assumptions.push(assumption);
        }
    }

    /// Whether different things are selected of a field's types, without asking which it is.
    fn lacks_typename(&self, field: &Field) -> bool {
        let ty = field.definition.ty.inner_named_type();
        let set = &field.selection_set;
        match self.plain.schema.types.get(ty) {
            Some(ExtendedType::Union(_)) => !self.has_typename(set, ty),
            Some(ExtendedType::Interface(_)) => self.narrows(set, ty) && !self.has_typename(set, ty),
            _ => false,
        }
    }

    /// Whether `__typename` is asked for whatever the type is.
    fn has_typename(&self, set: &SelectionSet, ty: &Name) -> bool {
        set.selections.iter().any(|selection| match selection {
            Selection::Field(field) => {
                field.name == "__typename" && field.alias.is_none() && is_certain(&field.directives)
            }
            selection if !is_certain(selection.directives()) => false,
            selection => {
                let part = self.part(selection);
                part.is_some_and(|(condition, set)| self.applies(condition, ty) && self.has_typename(set, ty))
            }
        })
    }

    /// Whether a fragment selects something of some of the types only.
    fn narrows(&self, set: &SelectionSet, ty: &Name) -> bool {
        let mut parts = set.selections.iter().filter_map(|selection| self.part(selection));
        parts.any(|(condition, set)| !self.applies(condition, ty) || self.narrows(set, ty))
    }

    /// Returns what a fragment selects, and the type that it is on.
    fn part<'s>(&'s self, selection: &'s Selection) -> Option<(Option<&'s Name>, &'s SelectionSet)> {
        match selection {
            Selection::Field(_) => None,
            Selection::InlineFragment(fragment) => Some((fragment.type_condition.as_ref(), &fragment.selection_set)),
            Selection::FragmentSpread(spread) => {
                let fragment = self.document.fragments.get(&spread.fragment_name)?;
                Some((Some(fragment.type_condition()), &fragment.selection_set))
            }
        }
    }

    /// Whether a fragment on a type applies to every value of `ty`.
    fn applies(&self, condition: Option<&Name>, ty: &Name) -> bool {
        condition.is_none_or(|condition| condition == ty || self.plain.schema.is_subtype(condition, ty))
    }
}

/// Whether what has these directives is part of every answer.
fn is_certain(directives: &DirectiveList) -> bool {
    !directives.has("include") && !directives.has("skip")
}
