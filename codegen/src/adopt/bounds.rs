//! Lists in results → how long each may be.
//!
//! A list gets its bound by how deep it stands; where all of them together could be too much, the deeper ones shrink.
//! Fields that meet in one result have one bound, whichever fragments they come from.
//!
//! Invariant: with the bounds that are handed out, no operation's result is beyond [`RESULT_MAX`].

use std::collections::{BTreeMap, HashMap};

use apollo_compiler::{
    ExecutableDocument, Node, Schema,
    ast::{Type, Value},
    executable::{Field, Operation, Selection, SelectionSet},
    schema::ExtendedType,
};

use crate::{bounds, diagnostic::Span, parse::Places};

/// The most list items, and the most objects, that a result may hold: well below what the build allows.
const RESULT_MAX: u64 = 5000;
/// Bounds of lists of objects, by how many lists they stand in.
const BY_DEPTH: &[i64] = &[20, 10, 5];
/// The largest bound that a list can have.
const LIST_MAX: i64 = 1000;

/// A place in a file.
pub(super) type Place = (usize, usize);

/// What is written behind a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListBound {
    pub(super) max: Max,
    /// The most items of each list inside of it, where that is not the usual number.
    pub(super) inner: Option<i64>,
}

/// The most items of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Max {
    Items(i64),
    /// What the variable says.
    From(String),
}

/// The lists of all operations.
#[derive(Default)]
pub(super) struct Lists {
    groups: Vec<Group>,
    /// Groups that are one: by index, the index of another.
    same: Vec<usize>,
    by_place: HashMap<Place, usize>,
    operations: Vec<Vec<Counted>>,
    /// The groups that variables bound, by the place of the variable's definition.
    by_variable: HashMap<Place, usize>,
}

/// Lists that have one bound.
#[derive(Debug, Clone)]
struct Group {
    max: i64,
    /// It can't go below, as long as a variable bounds it.
    min: i64,
    /// The most items of each list inside of them.
    inner: i64,
    from: Option<String>,
    depth: usize,
    /// Whether the items are scalars or enums.
    of_leaves: bool,
    /// Whether the author has bounded it.
    is_bounded: bool,
}

/// A field of a result: how often it can be there depends on the lists that it stands in.
struct Counted {
    lists: Vec<usize>,
    /// Of which of these there are lists inside, and how many levels of them.
    inner: Vec<(usize, u32)>,
    is_list: bool,
    is_object: bool,
}

/// What is gone through of an operation.
pub(super) struct Scope<'a> {
    pub(super) schema: &'a Schema,
    pub(super) places: &'a Places,
    pub(super) document: &'a ExecutableDocument,
    pub(super) operation: &'a Operation,
    /// The operation's own text: a variable bounds no list elsewhere, since others use it too.
    pub(super) own: Span,
}

impl Lists {
    /// Adds an operation's lists.
    pub(super) fn add(&mut self, scope: &Scope<'_>) {
        let mut walk = Walk {
            lists: self,
            scope,
            counted: Vec::new(),
        };
        walk.fields(&[&scope.operation.selection_set], &[], &[], None);
        let counted = walk.counted;
        self.operations.push(counted);
    }

    /// Shrinks bounds until no result can be too large. To be called once, behind the last operation.
    pub(super) fn shrink(&mut self) {
        for at in 0..self.operations.len() {
            while self.too_large(at) {
                let Some((group, is_inner)) = self.widest(at) else {
                    break;
                };
                let Some(group) = self.groups.get_mut(group) else { break };
                if is_inner {
                    group.inner = (group.inner / 2).max(1);
                } else if group.max > group.min {
                    group.max = (group.max / 2).max(group.min);
                } else {
                    (group.from, group.min) = (None, 1);
                }
            }
        }
    }

    /// Returns what is to be written behind the field at a place.
    pub(super) fn bound(&self, place: Place) -> Option<ListBound> {
        let group = self.groups.get(self.root(*self.by_place.get(&place)?))?;
        let inner = (group.inner != bounds::INNER_ITEMS_MAX).then_some(group.inner);
        let is_usual = group.of_leaves && group.max == bounds::LEAVES_MAX && inner.is_none();
        if group.is_bounded || is_usual {
            return None;
        }
        Some(ListBound {
            max: match &group.from {
                Some(variable) => Max::From(variable.clone()),
                None => Max::Items(group.max),
            },
            inner,
        })
    }

    /// Returns the most that a variable may say, whose definition's name is at a place; of one that bounds no list, nothing.
    pub(super) fn most(&self, place: Place) -> Option<i64> {
        let group = self.groups.get(self.root(*self.by_variable.get(&place)?))?;
        group.from.as_ref().map(|_| group.max)
    }

    fn too_large(&self, operation: usize) -> bool {
        let (mut items, mut objects) = (0_u64, 0_u64);
        for counted in self.operations.get(operation).into_iter().flatten() {
            let count = self.count(counted);
            if counted.is_list {
                items = items.saturating_add(count);
            }
            if counted.is_object {
                objects = objects.saturating_add(count);
            }
        }
        items > RESULT_MAX || objects > RESULT_MAX
    }

    fn count(&self, counted: &Counted) -> u64 {
        let maxima = counted
            .lists
            .iter()
            .filter_map(|list| self.groups.get(self.root(*list)));
        let inner = counted.inner.iter().filter_map(|(list, levels)| {
            let group = self.groups.get(self.root(*list))?;
            Some(group.inner.unsigned_abs().saturating_pow(*levels))
        });
        let maxima = maxima.map(|group| group.max.unsigned_abs());
        maxima.chain(inner).fold(1, u64::saturating_mul)
    }

    /// Returns the group to shrink next, and whether that is the lists inside of its lists: the largest of the inner ones; if
    /// none is left, of the outer ones; at last one that a variable has bounded. Among equals it is the one that adds most.
    fn widest(&self, operation: usize) -> Option<(usize, bool)> {
        let mut adds: BTreeMap<(usize, bool), u64> = BTreeMap::new();
        for counted in self.operations.get(operation)? {
            let count = self.count(counted);
            let outer = counted.lists.iter().map(|list| (self.root(*list), false));
            let inner = counted.inner.iter().map(|(list, _)| (self.root(*list), true));
            for list in outer.chain(inner) {
                let sum = adds.entry(list).or_default();
                *sum = sum.saturating_add(count);
            }
        }
        let rank = |((group, in_lists), sum): &((usize, bool), u64)| {
            let group = self.groups.get(*group)?;
            if *in_lists {
                return (!group.is_bounded && group.inner > 1).then_some((2, group.inner, *sum));
            }
            let is_inner = group.depth > 1 || group.of_leaves;
            match group {
                _ if group.is_bounded => None,
                _ if group.max > group.min && is_inner => Some((2, group.max, *sum)),
                _ if group.max > group.min => Some((1, group.max, *sum)),
                _ if group.from.is_some() => Some((0, group.max, *sum)),
                _ => None,
            }
        };
        let ranked = adds.into_iter().filter_map(|entry| Some((rank(&entry)?, entry.0)));
        ranked.max().map(|(_, group)| group)
    }

    fn root(&self, mut group: usize) -> usize {
        while let Some(next) = self.same.get(group).copied().filter(|next| *next != group) {
            group = next;
        }
        group
    }

    fn unite(&mut self, one: usize, other: usize) -> usize {
        let (one, other) = (self.root(one), self.root(other));
        if one == other {
            return one;
        }
        if let (Some(same), Some(gone)) = (self.same.get_mut(other), self.groups.get(other).cloned()) {
            *same = one;
            if let Some(group) = self.groups.get_mut(one) {
                group.depth = group.depth.max(gone.depth);
                group.min = group.min.max(gone.min);
                group.max = group.max.min(gone.max).max(group.min);
                group.inner = group.inner.min(gone.inner);
                group.is_bounded |= gone.is_bounded;
                if group.from != gone.from {
                    (group.from, group.min) = (None, 1);
                }
            }
        }
        one
    }
}

struct Walk<'l, 's, 'a> {
    lists: &'l mut Lists,
    scope: &'s Scope<'a>,
    counted: Vec<Counted>,
}

impl<'a> Walk<'_, '_, 'a> {
    /// Goes through what is selected of one place. `inner` is of the lists inside of `lists`, and `page` the variable that
    /// says how long the place's own list is.
    fn fields(&mut self, sets: &[&'a SelectionSet], lists: &[usize], inner: &[(usize, u32)], page: Option<&str>) {
        let mut fields = Vec::new();
        for set in sets {
            self.collect(set, &mut fields);
        }
        let paged = page.and_then(|_| self.paged(&fields));
        for (key, nodes) in &fields {
            let Some(first) = nodes.first() else { continue };
            let levels = levels(&first.definition.ty);
            let variable = match limit(first) {
                own if levels > 0 => own.or_else(|| page.filter(|_| paged.as_ref() == Some(key))),
                _ => None,
            };
            let mut lists = lists.to_vec();
            let mut inner = inner.to_vec();
            if levels > 0 {
                let group = self.group(nodes, lists.len() + 1, variable);
                lists.push(group);
                if levels > 1 {
                    inner.push((group, levels - 1));
                }
            }
            self.counted.push(Counted {
                lists: lists.clone(),
                inner: inner.clone(),
                is_list: levels > 0,
                is_object: !self.is_leaf(first),
            });
            let sets: Vec<_> = nodes.iter().map(|node| &node.selection_set).collect();
            self.fields(&sets, &lists, &inner, limit(first).filter(|_| levels == 0));
        }
    }

    /// Collects the fields of one place by response key, whatever type they are selected of.
    fn collect(&self, set: &'a SelectionSet, fields: &mut Vec<(String, Vec<&'a Node<Field>>)>) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let key = field.response_key().as_str();
                    match fields.iter_mut().find(|(known, _)| known == key) {
                        Some((_, nodes)) => nodes.push(field),
                        None => fields.push((key.to_owned(), vec![field])),
                    }
                }
                Selection::InlineFragment(fragment) => self.collect(&fragment.selection_set, fields),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.scope.document.fragments.get(&spread.fragment_name) {
                        self.collect(&fragment.selection_set, fields);
                    }
                }
            }
        }
    }

    /// Returns the response key of a page's list.
    fn paged(&self, fields: &[(String, Vec<&'a Node<Field>>)]) -> Option<String> {
        let lists = fields.iter().filter_map(|(key, nodes)| Some((key, nodes.first()?)));
        let lists: Vec<_> = lists
            .filter(|(_, node)| levels(&node.definition.ty) > 0 && !self.is_leaf(node))
            .collect();
        let usual = lists
            .iter()
            .find(|(_, node)| matches!(node.name.as_str(), "items" | "edges" | "nodes"));
        let only = lists.first().filter(|_| lists.len() == 1);
        usual.or(only).map(|(key, _)| (*key).clone())
    }

    fn is_leaf(&self, field: &Field) -> bool {
        let ty = self.scope.schema.types.get(field.definition.ty.inner_named_type());
        ty.is_none_or(ExtendedType::is_leaf)
    }

    /// Returns the group of the nodes that meet at one place.
    fn group(&mut self, nodes: &[&Node<Field>], depth: usize, variable: Option<&str>) -> usize {
        let mut group = self.lists.groups.len();
        let first = nodes.first();
        let of_leaves = first.is_some_and(|node| self.is_leaf(node));
        let by_depth = BY_DEPTH.get(depth - 1).or(BY_DEPTH.last()).copied().unwrap_or(1);
        let variable = variable.filter(|_| !of_leaves && nodes.iter().all(|node| self.is_own(node)));
        let from = variable.and_then(|name| Some((name, self.least(name)?)));
        self.lists.same.push(group);
        self.lists.groups.push(Group {
            max: match from {
                _ if of_leaves => bounds::LEAVES_MAX,
                Some((_, least)) => by_depth.max(least),
                None => by_depth,
            },
            min: from.map_or(1, |(_, least)| least),
            inner: bounds::INNER_ITEMS_MAX,
            from: from.map(|(name, _)| name.to_owned()),
            depth,
            of_leaves,
            is_bounded: nodes.iter().any(|node| node.directives.has("list")),
        });
        for node in nodes {
            let Some(place) = self.place(node) else { continue };
            match self.lists.by_place.get(&place).copied() {
                Some(known) => group = self.lists.unite(known, group),
                None => {
                    self.lists.by_place.insert(place, group);
                }
            }
        }
        if let Some(place) = from.and_then(|(name, _)| self.definition(name)) {
            match self.lists.by_variable.get(&place).copied() {
                Some(known) => group = self.lists.unite(known, group),
                None => {
                    self.lists.by_variable.insert(place, group);
                }
            }
        }
        group
    }

    fn place(&self, field: &Node<Field>) -> Option<Place> {
        let span = self.scope.places.span(field.location())?;
        Some((span.file, span.bytes.start))
    }

    /// Returns the place of a variable's name in its definition.
    fn definition(&self, variable: &str) -> Option<Place> {
        let variable = self.scope.operation.variables.iter().find(|one| one.name == variable)?;
        let span = self.scope.places.span(variable.name.location())?;
        Some((span.file, span.bytes.start))
    }

    fn is_own(&self, field: &Node<Field>) -> bool {
        let own = &self.scope.own;
        self.place(field)
            .is_some_and(|(file, at)| file == own.file && own.bytes.contains(&at))
    }

    /// Returns the least that a variable can bound a list by; of one that can bound none, nothing.
    fn least(&self, name: &str) -> Option<i64> {
        let variable = self.scope.operation.variables.iter().find(|one| one.name == name)?;
        let is_int = !variable.ty.is_list() && variable.ty.inner_named_type() == "Int";
        if !is_int || variable.directives.has("range") {
            return None;
        }
        match variable.default_value.as_deref() {
            None => Some(1),
            Some(Value::Int(default)) => {
                let default = i64::from(default.try_to_i32().ok()?);
                (1..=LIST_MAX).contains(&default).then_some(default)
            }
            Some(_) => None,
        }
    }
}

/// Returns how many lists a type is made of.
fn levels(ty: &Type) -> u32 {
    match ty {
        Type::List(item) | Type::NonNullList(item) => levels(item) + 1,
        Type::Named(_) | Type::NonNullNamed(_) => 0,
    }
}

/// Returns the variable that a field takes for how much it returns.
fn limit(field: &Field) -> Option<&str> {
    let argument = ["limit", "first"]
        .iter()
        .find_map(|name| field.arguments.iter().find(|argument| argument.name == *name))?;
    match argument.value.as_ref() {
        Value::Variable(name) => Some(name.as_str()),
        _ => None,
    }
}
