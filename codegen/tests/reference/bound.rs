//! `bounds.rs` → a table: each constant's documentation and its value.

use syn::{Expr, ExprLit, Item, Lit};

use super::{phrase, table};
use crate::rule::paragraph;

const BOUNDS: &str = include_str!("../../src/bounds.rs");

pub(super) fn bounds() -> String {
    let file = syn::parse_file(BOUNDS).expect("a file of Rust");
    let bound = |item: &Item| match item {
        Item::Const(bound) => Some((paragraph(&bound.attrs), bound.expr.as_ref().clone())),
        _ => None,
    };
    let rows = file.items.iter().filter_map(bound).map(|(doc, value)| match value {
        Expr::Lit(ExprLit {
            lit: Lit::Int(number), ..
        }) => {
            vec![phrase(&doc), number.base10_digits().to_owned()]
        }
        _ => panic!("{doc} is a number"),
    });
    table(&["what", "how much"], &rows.collect::<Vec<_>>())
}
