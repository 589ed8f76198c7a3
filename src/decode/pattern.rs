//! Says whether a text matches a regular expression of the contract.
//!
//! Invariant: each expression is compiled once, when it is first needed; a match takes time linear in the text's length.
//! Invariant: an expression that can't be compiled matches nothing. The build refuses such a one.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use regex_lite::Regex;

/// Expressions with their compiled form, if they have one.
type Compiled = HashMap<&'static str, Option<Arc<Regex>>>;

/// There are as many as the contract has; they are never dropped.
static COMPILED: LazyLock<RwLock<Compiled>> = LazyLock::new(RwLock::default);

pub(super) fn matches(regex: &'static str, text: &str) -> bool {
    compiled(regex).is_some_and(|regex| regex.is_match(text))
}

fn compiled(regex: &'static str) -> Option<Arc<Regex>> {
    // A poisoned lock only says that another call panicked; the map is whole between two insertions.
    if let Some(compiled) = COMPILED.read().unwrap_or_else(PoisonError::into_inner).get(regex) {
        return compiled.clone();
    }
    let compiled = Regex::new(regex).ok().map(Arc::new);
    COMPILED
        .write()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(regex, compiled.clone());
    compiled
}
