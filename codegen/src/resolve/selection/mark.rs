//! What an operation, or `schema/api.local.json`, says of a field's value: third parties' text, or personal data.

use std::collections::BTreeSet;

use apollo_compiler::{Name, executable, schema::ExtendedType};

use super::{Chosen, Resolver};
use crate::{
    api::Wire,
    diagnostic::Span,
    model::{Mark, MarkKind},
    resolve::contract,
    scalar,
};

impl<'a> Resolver<'a> {
    /// Notes what is said of a field's texts; returns what becomes of it as personal data, if there is a rule.
    pub(super) fn mark(&mut self, selected: &[Chosen<'a>], path: &[String], span: &Span) -> Option<MarkKind> {
        let mut kinds = BTreeSet::new();
        for Chosen { field, .. } in selected {
            let named = field.ty().inner_named_type();
            let wire = scalar::wire(named, &self.parsed.api.local);
            let of_text =
                wire == Some(Wire::String) && self.schema().types.get(named).is_none_or(ExtendedType::is_scalar);
            for mark in contract::marks(&field.directives, &self.parsed.places) {
                kinds.insert(mark.value);
                self.marks.push(Mark {
                    path: path.to_vec(),
                    span: mark.span,
                    of_text,
                    of_typename: field.name == "__typename",
                    kind: mark.value,
                });
            }
        }
        let rule = kinds.iter().copied().find(|kind| *kind != MarkKind::Untrusted);
        match self.marked.iter().find(|(known, _)| known == path) {
            Some((_, known)) if *known != kinds => self.uneven_marks.push((path.to_vec(), span.clone())),
            Some(_) => {}
            None => self.marked.push((path.to_vec(), kinds)),
        }
        rule
    }

    /// Returns the coordinate that makes a field personal data: its type's, its own, or that of a type that the object around
    /// it is of.
    pub(super) fn personal(&self, ty: &Name, field: &executable::Field) -> Option<String> {
        if field.name == "__typename" {
            return None;
        }
        let listed = &self.parsed.api.local.personal_data;
        if listed.is_empty() {
            return None;
        }
        let mut of: BTreeSet<&str> = BTreeSet::from([ty.as_str()]);
        let possible = self.possible(ty);
        for object in &possible {
            of.insert(object);
            of.extend(self.abstract_types(object));
        }
        let mut coordinates = of
            .into_iter()
            .flat_map(|ty| [ty.to_owned(), format!("{ty}.{}", field.name)]);
        let of_type = field.ty().inner_named_type().to_string();
        let is_leaf = self
            .schema()
            .types
            .get(of_type.as_str())
            .is_none_or(ExtendedType::is_leaf);
        coordinates
            .find(|coordinate| listed.contains(coordinate))
            .or_else(|| (is_leaf && listed.contains(&of_type)).then_some(of_type))
    }

    /// Returns the interfaces and unions that an object type is one of.
    fn abstract_types(&self, object: &Name) -> impl Iterator<Item = &str> {
        let types = self.schema().types.iter();
        let abstract_types = types.filter(|(name, ty)| !ty.is_object() && self.schema().is_subtype(name, object));
        abstract_types.map(|(name, _)| name.as_str())
    }
}
