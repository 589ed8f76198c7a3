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
                        let list = self.lists.iter().find(|list| list.path == path);
                        list.map_or(bounds::INNER_ITEMS_MAX, List::inner_max).max(1)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{operation, resolved};

    /// Returns the cost of a selection: nodes, list items, depth and estimated resolver calls.
    fn cost(variables: &str, selection: &str) -> [u64; 4] {
        let text = format!(r#""T." query Test{variables} @tool(title: "T") {{ {selection} }}"#);
        let (_, model) = resolved(&operation(&text));
        let Cost {
            nodes,
            list_items,
            depth,
            resolvers,
        } = model.tools[0].cost;
        let Resolvers::Estimate(resolvers) = resolvers else {
            panic!("nobody listed the resolvers")
        };
        [nodes, list_items, depth, resolvers]
    }

    #[test]
    fn objects_items_and_levels_are_counted() {
        let book = "book(id: 1)";
        assert_eq!(cost("", "price(of: [])"), [0, 0, 1, 1]);
        assert_eq!(cost("", &format!("{book} {{ title __typename }}")), [1, 0, 2, 1]);
        // A list of scalars has a bound of its own, and no resolver without arguments.
        assert_eq!(cost("", &format!("{book} {{ tags }}")), [1, 100, 2, 1]);
        assert_eq!(cost("", &format!("{book} {{ tags @list(max: 7) }}")), [1, 7, 2, 1]);
        assert_eq!(
            cost(
                "",
                &format!("{book} {{ author {{ books @list(max: 3) {{ tags @list(max: 5) }} }} title }}")
            ),
            [1 + 1 + 3, 3 + 15, 4, 3]
        );
        // A field is counted for each of its aliases, and once for all fragments that select it.
        assert_eq!(
            cost(
                "",
                "a: book(id: 1) { id } b: book(id: 2) { id } ...F ...F } fragment F on Query { a: book(id: 1) { title }"
            ),
            [2, 0, 2, 2]
        );
    }

    #[test]
    fn a_bound_from_a_variable_counts_with_its_largest_value() {
        let selection = r#"books(limit: $limit) { items @list(maxFrom: "limit") { id } }"#;
        let limit = |rules: &str| cost(&format!("(\"L.\" $limit: Int! = 2 {rules})"), selection);
        assert_eq!(limit("@range(min: 1, max: 50)"), [51, 50, 3, 2]);
        assert_eq!(limit("@range(min: 1, max: 1000)"), [1001, 1000, 3, 2]);
        // What is no bound has a rule of its own.
        assert_eq!(limit("@range(min: 1, max: 1001)"), [2, 1, 3, 2]);
        assert_eq!(cost("", "books { items { id } }"), [2, 1, 3, 2]);
    }

    #[test]
    fn of_types_that_a_value_can_have_the_largest_counts() {
        let search = |book: &str, magazine: &str| {
            let parts = format!("__typename ... on Book {{ {book} }} ... on Magazine {{ {magazine} }}");
            cost("", &format!(r#"search(text: "a") @list(max: 10) {{ {parts} }}"#))
        };
        assert_eq!(search("title", "issue"), [10, 10, 2, 1]);
        let chapters = "chapters @list(max: 4) { title }";
        assert_eq!(search(chapters, "issue"), [50, 50, 3, 11]);
        assert_eq!(search("title", "issue id owner"), [10, 10, 2, 1]);
        assert_eq!(
            search(&format!("{chapters} author {{ id }} tags"), "issue"),
            [60, 1050, 3, 21]
        );
        // What every type has counts if it is the most.
        let owned = "owned(by: 1) { __typename owner ... on Book { chapters @list(max: 4) { title } } }";
        assert_eq!(cost("", owned), [5, 4, 3, 2]);
    }

    #[test]
    fn the_first_of_the_largest_is_told() {
        let text = r#""T." query Test @tool(title: "T") {
            books { items @list(max: 50) { id author { id } tags @list(max: 2) chapters @list(max: 2) { title } } }
            book(id: 1) { chapters @list(max: 100) { title } }
        }"#;
        let largest = |text: &str, unit| {
            let (_, model) = resolved(&operation(text));
            let tool = &model.tools[0];
            let counted = Counted {
                data: &tool.data,
                lists: &tool.lists,
                variables: &tool.variables,
            };
            let deepest: Vec<_> = counted.deepest().iter().map(|field| field.key.clone()).collect();
            (
                counted.largest(unit).map(|way| (way.text, way.times)),
                deepest.join("."),
            )
        };
        let way = |text: &str, times| Some((text.to_owned(), times));
        let (nodes, deepest) = largest(text, Unit::Nodes);
        assert_eq!(nodes, way("books.items(50) × chapters(2)", 100));
        assert_eq!(deepest, "books.items.author.id");
        assert_eq!(largest(text, Unit::ListItems).0, way("books.items(50) × tags(2)", 100));
        assert_eq!(
            largest(text, Unit::ResolverCalls).0,
            way("books.items(50) × author", 50)
        );
        let text = r#""T." query Test @tool(title: "T") { book(id: 1) { author { id } tags } }"#;
        assert_eq!(largest(text, Unit::Nodes).0, way("book", 1));
        let text = r#""T." query Test @tool(title: "T") { book(id: 1) { author { id } } }"#;
        assert_eq!(largest(text, Unit::ListItems).0, None);
    }

    #[test]
    fn nothing_overflows() {
        let (mut selection, mut closing) = ("book(id: 1) {".to_owned(), "}".to_owned());
        for _ in 0..12 {
            selection.push_str(" author { books @list(max: 1000) { ");
            closing.push_str(" } }");
        }
        let [nodes, list_items, depth, resolvers] = cost("", &format!("{selection} id tags {closing}"));
        assert_eq!([nodes, list_items, resolvers], [u64::MAX; 3]);
        assert_eq!(depth, 1 + 2 * 12 + 1);
    }
}
