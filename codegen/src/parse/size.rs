//! How much an operation selects when its fragments are spread: fragments in fragments double it each time.

use std::collections::HashMap;

use apollo_compiler::ast::{Definition, Document, Selection};

use crate::diagnostic::{Diagnostic, Span};

/// The most fields that an operation selects, each counted as often as it is selected.
const FIELDS_MAX: u64 = 5000;

/// Tells of an operation that selects too much, before anybody goes through all of it.
pub(super) fn too_large(document: &Document, head: &Span) -> Option<Diagnostic> {
    let operation = document.definitions.iter().find_map(|definition| match definition {
        Definition::OperationDefinition(operation) => Some(operation),
        _ => None,
    })?;
    let mut counter = Counter {
        fragments: HashMap::new(),
        counts: HashMap::new(),
    };
    for definition in &document.definitions {
        if let Definition::FragmentDefinition(fragment) = definition {
            counter.fragments.insert(&fragment.name, &fragment.selection_set);
        }
    }
    (counter.fields(&operation.selection_set) > FIELDS_MAX).then(|| {
        let message = format!("more than {FIELDS_MAX} fields are selected here");
        Diagnostic::error(head.clone(), message, "too large")
            .help("select less: what a fragment selects counts wherever it is spread")
    })
}

struct Counter<'a> {
    fragments: HashMap<&'a str, &'a [Selection]>,
    /// By the fragment's name; 0 while it is being counted, for one that spreads itself.
    counts: HashMap<&'a str, u64>,
}

impl<'a> Counter<'a> {
    fn fields(&mut self, set: &'a [Selection]) -> u64 {
        set.iter().fold(0_u64, |count, selection| {
            count.saturating_add(match selection {
                Selection::Field(field) => self.fields(&field.selection_set).saturating_add(1),
                Selection::InlineFragment(fragment) => self.fields(&fragment.selection_set),
                Selection::FragmentSpread(spread) => self.fragment(&spread.fragment_name),
            })
        })
    }

    fn fragment(&mut self, name: &str) -> u64 {
        if let Some(count) = self.counts.get(name) {
            return *count;
        }
        let Some((name, set)) = self.fragments.get_key_value(name).map(|(name, set)| (*name, *set)) else {
            return 0;
        };
        self.counts.insert(name, 0);
        let count = self.fields(set);
        self.counts.insert(name, count);
        count
    }
}
