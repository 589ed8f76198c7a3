//! What a tool stands on × the schema that the API has → why the tool would fail.
//!
//! Results may become stricter and inputs laxer, and whatever is new is welcome unless it is required: then no reason is found.
//! Invariant: a reason is made of names and types, and each is shortened and escaped, since they are an API's.

use std::collections::{BTreeMap, BTreeSet};

use super::live::{Field, Input, Kind, Live, Type};
use super::ty::Ty;
use crate::quote;
use crate::tool::{Given, Use, UsedField};
use appsync_mcp_client::suggest::nearest;

/// Returns the reasons, each once; none if nothing has changed for the tool.
pub(super) fn reasons(uses: &[Use], live: &Live) -> Vec<String> {
    let mut comparison = Comparison {
        uses,
        live,
        reasons: Vec::new(),
    };
    for used in uses {
        comparison.compare(used);
    }
    let mut seen = BTreeSet::new();
    comparison.reasons.retain(|reason| seen.insert(reason.clone()));
    comparison.reasons
}

struct Comparison<'a> {
    uses: &'a [Use],
    live: &'a Live,
    reasons: Vec<String>,
}

impl<'a> Comparison<'a> {
    fn compare(&mut self, used: &Use) {
        match used {
            Use::Root { operation, ty } => self.root(operation, ty),
            Use::Fields { of, fields } => self.fields(of, fields),
            Use::Fragment { of, on } => self.fragment(of, on),
            Use::Input(input) => {
                if let Some(ty) = self.of_kind(input.name, &[Kind::InputObject]) {
                    let place = |field: &str| format!("`{}.{field}`", input.name);
                    self.inputs(input.fields, &ty.inputs, &place);
                    for name in missing(input.fields, &ty.inputs) {
                        self.say(format!("`{}` has a new required field `{name}`", input.name));
                    }
                }
            }
            Use::Values { of, values } => {
                if let Some(ty) = self.of_kind(of, &[Kind::Enum]) {
                    for value in values.iter().filter(|value| !ty.values.contains(**value)) {
                        let known = ty.values.iter().map(String::as_str);
                        let known: Vec<_> = known.filter(|known| !values.contains(known)).collect();
                        let hint = instead(value, &known);
                        self.say(format!("the enum `{of}` has no value `{value}` any more{hint}"));
                    }
                }
            }
        }
    }

    fn say(&mut self, reason: String) {
        self.reasons.push(reason);
    }

    fn root(&mut self, operation: &str, ty: &str) {
        let root = match operation {
            "mutation" => &self.live.mutation,
            _ => &self.live.query,
        };
        match root {
            Some(root) if root == ty => {}
            Some(root) => self.say(format!(
                "a {operation} does not begin at `{ty}` any more, but at `{}`",
                quote::name(root)
            )),
            None => self.say(format!("the API has no {operation} any more")),
        }
    }

    /// Finds a type that is of one of these kinds; if there is none, that is a reason.
    fn of_kind(&mut self, name: &str, kinds: &[Kind]) -> Option<&'a Type> {
        let found = self.live.types.get(name).filter(|ty| kinds.contains(&ty.kind));
        if found.is_none() {
            let types = self.live.types.iter();
            let alike: Vec<_> = types
                .filter(|(name, ty)| kinds.contains(&ty.kind) && !self.is_used(name))
                .map(|(name, _)| name.as_str())
                .collect();
            let hint = instead(name, &alike);
            let what = match kinds {
                [Kind::InputObject] => "input object",
                [Kind::Enum] => "enum",
                _ => "type",
            };
            self.say(format!("the {what} `{name}` is not in the API's schema any more{hint}"));
        }
        found
    }

    fn fields(&mut self, of: &str, fields: &[UsedField]) {
        let Some(ty) = self.of_kind(of, &[Kind::Object, Kind::Interface, Kind::Union]) else {
            return;
        };
        for used in fields {
            if let Some(field) = ty.fields.get(used.name) {
                self.field(of, used, field);
                continue;
            }
            // What the tool selects besides is no new name of this one.
            let others = ty.fields.keys().map(String::as_str);
            let others: Vec<_> = others
                .filter(|name| fields.iter().all(|field| field.name != *name))
                .collect();
            let hint = instead(used.name, &others);
            self.say(format!(
                "`{of}.{}` is not in the API's schema any more{hint}",
                used.name
            ));
        }
    }

    fn field(&mut self, of: &str, used: &UsedField, field: &Field) {
        let name = used.name;
        let was = Ty::parse(used.ty);
        if !field.ty.fits(&was) {
            self.say(format!("`{of}.{name}` is now of type `{}`, and was `{was}`", field.ty));
        } else if self.has_become_an_object(&field.ty) {
            self.say(format!("`{of}.{name}` has fields of its own now"));
        }
        let place = |argument: &str| format!("`{of}.{name}({argument}:)`");
        self.inputs(used.arguments, &field.arguments, &place);
        for argument in missing(used.arguments, &field.arguments) {
            self.say(format!("`{of}.{name}` has a new required argument `{argument}`"));
        }
    }

    /// Says whether there is something to select of a type of which the tool selects nothing.
    fn has_become_an_object(&self, ty: &Ty) -> bool {
        let is_composite = self
            .live
            .types
            .get(ty.name())
            .is_some_and(|ty| matches!(ty.kind, Kind::Object | Kind::Interface | Kind::Union));
        is_composite && !self.is_used(ty.name())
    }

    /// Says whether the tool stands on a type by this name.
    fn is_used(&self, name: &str) -> bool {
        self.uses.iter().any(|used| match used {
            Use::Fields { of, .. } | Use::Values { of, .. } => *of == name,
            Use::Input(input) => input.name == name,
            Use::Root { .. } | Use::Fragment { .. } => false,
        })
    }

    /// Compares what is given with what can be given.
    fn inputs(&mut self, given: &[Given], inputs: &BTreeMap<String, Input>, place: &dyn Fn(&str) -> String) {
        for Given { name, ty, is_variable } in given {
            let place = place(name);
            let own = Ty::parse(ty);
            let fits = |asked: &Ty| {
                if *is_variable {
                    own.fits(asked)
                } else {
                    own.fits_as_value(asked)
                }
            };
            match inputs.get(*name) {
                Some(input) if fits(&input.ty) => {}
                // Only that something must be there is new.
                Some(input) if fits(input.ty.nullable()) => {
                    self.say(format!("{place} is required now, and the tool can do without it"));
                }
                Some(input) => self.say(format!("{place} is now of type `{}`, and gets `{ty}`", input.ty)),
                None => {
                    let others: Vec<_> = inputs
                        .keys()
                        .map(String::as_str)
                        .filter(|other| given.iter().all(|given| given.name != *other))
                        .collect();
                    let hint = instead(name, &others);
                    self.say(format!("{place} is not in the API's schema any more{hint}"));
                }
            }
        }
    }

    fn fragment(&mut self, of: &str, on: &str) {
        // Of a type around it that is gone, there is a reason already.
        let Some(around) = self.live.types.get(of) else {
            return;
        };
        let Some(ty) = self.of_kind(on, &[Kind::Object, Kind::Interface, Kind::Union]) else {
            return;
        };
        if around.possible.is_disjoint(&ty.possible) {
            self.say(format!("a value of `{of}` can't be of `{on}` any more"));
        }
    }
}

/// Returns what has to be given and is not.
fn missing<'l>(given: &[Given], inputs: &'l BTreeMap<String, Input>) -> impl Iterator<Item = String> + use<'l> {
    let given: BTreeSet<&str> = given.iter().map(|given| given.name).collect();
    inputs
        .iter()
        .filter(move |(name, input)| input.ty.is_non_null() && !given.contains(name.as_str()))
        .map(|(name, _)| quote::name(name))
}

/// Returns `; there is X` with the name that is perhaps the new one, or nothing.
fn instead(name: &str, others: &[&str]) -> String {
    // A word put before or behind is the usual renaming, and further away than a slip.
    let longer = |other: &&&str| {
        let (other, name) = (other.to_ascii_lowercase(), name.to_ascii_lowercase());
        name.len() > 2 && other.len() > 2 && (other.contains(&name) || name.contains(&other))
    };
    let found = nearest(name, others.iter().copied()).or_else(|| others.iter().find(longer).copied());
    found
        .map(|other| format!("; there is `{}`", quote::name(other)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
