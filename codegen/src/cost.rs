//! A tool's selection and the bounds of its lists → what a call can cost at most, and where that comes from.
//!
//! Everything saturates: what is too large to be counted is over any limit. A bound that is missing or wrong counts as 1
//! here, and has a rule of its own.

use std::fmt::Write as _;

use crate::{
    bounds,
    diagnostic::Span,
    model::{Cost, Field, Input, List, ListMax, OutputType, Resolvers, Selection, Shape, Variable},
};

/// What is counted: a tool's selection, with what bounds its lists.
#[derive(Clone, Copy)]
pub(crate) struct Counted<'a> {
    pub(crate) data: &'a Selection,
    pub(crate) lists: &'a [List],
    pub(crate) variables: &'a [Variable],
}

/// A way from the operation down to a field.
#[derive(Debug)]
pub(crate) struct Way {
    /// The way, with the bounds of its lists: `collections(100) × items(50)`.
    pub(crate) text: String,
    /// How often what it leads to is there at most.
    pub(crate) times: u64,
    /// The field at its end.
    pub(crate) span: Span,
}

/// What is counted at the end of a [`Way`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Nodes,
    ListItems,
    ResolverCalls,
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    nodes: u64,
    list_items: u64,
    depth: u64,
    resolvers: u64,
}

impl Sum {
    /// Both are there.
    fn and(self, other: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_add(other.nodes),
            list_items: self.list_items.saturating_add(other.list_items),
            depth: self.depth.max(other.depth),
            resolvers: self.resolvers.saturating_add(other.resolvers),
        }
    }

    /// One of them is there: a value is of one type.
    fn or(self, other: Self) -> Self {
        Self {
            nodes: self.nodes.max(other.nodes),
            list_items: self.list_items.max(other.list_items),
            depth: self.depth.max(other.depth),
            resolvers: self.resolvers.max(other.resolvers),
        }
    }
}

/// The fields on the way to a place, each with the sizes of its lists, outer ones first.
type Steps<'a> = Vec<(&'a Field, Vec<u64>)>;

impl<'a> Counted<'a> {
    /// Counts; `is_exact` says whether [`Field::resolver`] is more than an estimate.
    pub(crate) fn cost(self, is_exact: bool) -> Cost {
        let sum = self.selection(self.data, &mut Vec::new(), 1);
        Cost {
            nodes: sum.nodes,
            list_items: sum.list_items,
            depth: sum.depth,
            resolvers: if is_exact {
                Resolvers::Exact(sum.resolvers)
            } else {
                Resolvers::Estimate(sum.resolvers)
            },
        }
    }

    /// Returns the first of the ways that lead to the most of something.
    pub(crate) fn largest(self, unit: Unit) -> Option<Way> {
        let mut largest: Option<Way> = None;
        self.each(self.data, &mut Vec::new(), &mut |steps| {
            let Some((field, sizes)) = steps.last() else { return };
            let counts = match unit {
                Unit::Nodes => field.ty.nested().is_some(),
                Unit::ListItems => !sizes.is_empty(),
                Unit::ResolverCalls => field.resolver,
            };
            // A resolver is called once for all items of its field's list.
            let (counted, own) = match (unit, steps.split_last()) {
                (Unit::ResolverCalls, Some((_, above))) => (above, Some(&field.key)),
                _ => (steps.as_slice(), None),
            };
            let times = counted
                .iter()
                .flat_map(|(_, sizes)| sizes)
                .fold(1, |times: u64, size| times.saturating_mul(*size));
            if counts && largest.as_ref().is_none_or(|largest| largest.times < times) {
                largest = Some(Way {
                    text: text(counted, own),
                    times,
                    span: field.span.clone(),
                });
            }
        });
        largest
    }

    /// Returns the fields of the first of the deepest ways.
    pub(crate) fn deepest(self) -> Vec<&'a Field> {
        let mut deepest = Vec::new();
        self.each(self.data, &mut Vec::new(), &mut |steps| {
            if steps.len() > deepest.len() {
                deepest = steps.iter().map(|(field, _)| *field).collect();
            }
        });
        deepest
    }

    fn selection(self, selection: &'a Selection, path: &mut Vec<&'a str>, times: u64) -> Sum {
        match &selection.shape {
            Shape::Fields(fields) => fields
                .iter()
                .fold(Sum::default(), |sum, field| sum.and(self.field(field, path, times))),
            Shape::ByType { variants, other, .. } => variants
                .iter()
                .chain(other.as_deref())
                .fold(Sum::default(), |sum, variant| {
                    sum.or(self.selection(variant, path, times))
                }),
        }
    }

    fn field(self, field: &'a Field, path: &mut Vec<&'a str>, times: u64) -> Sum {
        path.push(&field.key);
        let (mut each, mut list_items) = (times, 0_u64);
        for size in self.sizes(&field.ty, path) {
            each = each.saturating_mul(size);
            list_items = list_items.saturating_add(each);
        }
        let nested = field.ty.nested();
        let inner = nested.map_or_else(Sum::default, |selection| self.selection(selection, path, each));
        path.pop();
        let own = Sum {
            nodes: if nested.is_some() { each } else { 0 },
            list_items,
            depth: inner.depth.saturating_add(1),
            resolvers: if field.resolver { times } else { 0 },
        };
        own.and(inner)
    }

    /// Visits every field, those above it included.
    fn each(self, selection: &'a Selection, steps: &mut Steps<'a>, visit: &mut dyn FnMut(&Steps<'a>)) {
        match &selection.shape {
            Shape::Fields(fields) => {
                for field in fields {
                    let path = steps.iter().map(|(field, _)| field.key.as_str());
                    let path: Vec<_> = path.chain([field.key.as_str()]).collect();
                    steps.push((field, self.sizes(&field.ty, &path)));
                    visit(steps);
                    if let Some(selection) = field.ty.nested() {
                        self.each(selection, steps, visit);
                    }
                    steps.pop();
                }
            }
            Shape::ByType { variants, other, .. } => {
                for variant in variants.iter().chain(other.as_deref()) {
                    self.each(variant, steps, visit);
                }
            }
        }
    }

    /// Returns the most items of a field's list, then of each list inside of it.
    fn sizes(self, ty: &OutputType, path: &[&str]) -> Vec<u64> {
        let mut sizes = Vec::new();
        let mut ty = ty;
        loop {
            match ty {
                OutputType::Nullable(inner) => ty = inner,
                OutputType::List(item) => {
                    let size = if sizes.is_empty() {
                        self.bound(path)
                    } else {
                        bounds::INNER_ITEMS_MAX
                    };
                    sizes.push(u64::try_from(size).unwrap_or(1));
                    ty = item;
                }
                _ => return sizes,
            }
        }
    }

    fn bound(self, path: &[&str]) -> i64 {
        let list = self.lists.iter().find(|list| list.path == path);
        let bound = match list.and_then(List::bound).map(|bound| &bound.value) {
            Some(ListMax::Items(max)) => *max,
            Some(ListMax::Variable(name)) => {
                let variable = self.variables.iter().find(|variable| variable.name == *name);
                match variable.map(|variable| &variable.value.input) {
                    Some(Input::Integer { max, .. }) => *max,
                    _ => 1,
                }
            }
            None if list.is_some_and(|list| list.of_leaves) => bounds::LEAVES_MAX,
            _ => 1,
        };
        if (1..=bounds::LIST_MAX).contains(&bound) {
            bound
        } else {
            1
        }
    }
}

/// Writes a way; `own` is a key at its end that counts once.
fn text(steps: &[(&Field, Vec<u64>)], own: Option<&String>) -> String {
    let mut text = String::new();
    let mut before = "";
    for (field, sizes) in steps {
        text.push_str(before);
        text.push_str(&field.key);
        before = ".";
        if !sizes.is_empty() {
            let sizes: Vec<_> = sizes.iter().map(u64::to_string).collect();
            let _ = write!(text, "({})", sizes.join(" × "));
            before = " × ";
        }
    }
    if let Some(own) = own {
        text.push_str(before);
        text.push_str(own);
    }
    text
}
