//! `tools`: the contract as a table. Works without an API.

use std::fmt::Write as _;

use crate::error::rate_text;
use crate::offer::Offer;
use crate::table;
use crate::tool::{Absent, Argument, Excess, Input, Kind, Normalize, Position, ToolSpec};

/// Returns the table: name, kind, arguments, bounds; a line for each argument.
pub(crate) fn table(offer: &Offer) -> String {
    let rows: Vec<Vec<String>> = offer
        .contract()
        .tools
        .iter()
        .map(|tool| row(tool.spec(), offer))
        .collect();
    let mut text = table::ruled(["tool", "kind", "argument", "bounds"], &rows);
    text.push('\n');
    let (off, others): (Vec<_>, Vec<_>) = offer.denials().partition(|(_, denied)| denied.is_of_mutations());
    for (spec, denied) in others {
        let _ = writeln!(text, "Not offered: {}: {denied}.", spec.name);
    }
    let off: Vec<&str> = off.iter().map(|(spec, _)| spec.name).collect();
    if !off.is_empty() {
        let off = off.join(", ");
        let _ = writeln!(
            text,
            "Not offered: {off}. `--allow-mutations` allows all, `--allow-mutations=NAMES` some."
        );
    }
    text
}

fn row(spec: &ToolSpec, offer: &Offer) -> Vec<String> {
    let mut kind = match spec.kind {
        Kind::Read => "read".to_owned(),
        Kind::Write { .. } => "write".to_owned(),
    };
    if offer.denial(spec.name).is_some() {
        kind.push_str(" (off)");
    }
    if let Some(rate) = spec.rate {
        let _ = write!(kind, "\n{}", rate_text(rate));
    }
    let (mut arguments, mut bounds) = (Vec::new(), Vec::new());
    for argument in spec.arguments {
        arguments.push(line(argument));
        bounds.push(self::bounds(argument));
        // One level, and no more: an input object may hold itself.
        for field in fields(&argument.value.input) {
            arguments.push(format!("  {}", line(field)));
            bounds.push(self::bounds(field));
        }
    }
    vec![spec.name.to_owned(), kind, arguments.join("\n"), bounds.join("\n")]
}

fn line(argument: &Argument) -> String {
    let mark = if argument.absent == Absent::Required { "" } else { "?" };
    format!("{}{mark}: {}", argument.name, type_name(&argument.value))
}

/// Returns the fields of an input object, or of a list's items.
fn fields(input: &Input) -> &'static [Argument] {
    match input {
        Input::Object { fields, .. } => fields,
        Input::List { item, .. } => fields(&item.input),
        Input::Boolean | Input::Integer { .. } | Input::Float { .. } | Input::Text { .. } | Input::Enum { .. } => &[],
    }
}

fn type_name(position: &Position) -> String {
    match &position.input {
        Input::Boolean => "Boolean".to_owned(),
        Input::Integer { .. } => "Int".to_owned(),
        Input::Float { .. } => "Float".to_owned(),
        Input::Text { scalar, .. } => (*scalar).to_owned(),
        Input::Enum { name, .. } | Input::Object { name, .. } => (*name).to_owned(),
        Input::List { item, .. } => format!("[{}]", type_name(item)),
    }
}

fn bounds(argument: &Argument) -> String {
    let mut parts = Vec::new();
    describe(&argument.value.input, &mut parts);
    if argument.value.nullable {
        parts.push("null allowed".to_owned());
    }
    if let Absent::Default(value) = argument.absent {
        parts.push(format!("default {value}"));
    }
    parts.join(", ")
}

fn describe(input: &Input, parts: &mut Vec<String>) {
    match input {
        // An input object's fields have lines of their own, if it is an argument.
        Input::Boolean | Input::Object { .. } => {}
        Input::Integer { min, max, excess } => {
            let (min, max) = (
                Some(*min).filter(|min| *min > i32::MIN.into()),
                Some(*max).filter(|max| *max < i32::MAX.into()),
            );
            parts.extend(range(min, max));
            parts.extend(clamped(*excess));
        }
        Input::Float { min, max, excess } => {
            let (min, max) = (
                Some(*min).filter(|min| *min > f64::MIN),
                Some(*max).filter(|max| *max < f64::MAX),
            );
            parts.extend(range(min, max));
            parts.extend(clamped(*excess));
        }
        Input::Text { normalize, .. } if normalize.contains(&Normalize::CountryCode) => {
            parts.push("a country's code or English name".to_owned());
        }
        Input::Text {
            normalize,
            length_min,
            length_max,
            pattern,
            ..
        } => {
            parts.push(count(*length_min, *length_max, "characters"));
            parts.extend(pattern.as_ref().map(|pattern| pattern.hint.to_owned()));
            parts.extend(normalize.iter().filter_map(|rule| normalized(*rule)).map(str::to_owned));
        }
        Input::Enum { values, .. } => parts.push(some_of(values)),
        Input::List {
            item,
            items_min,
            items_max,
            unique,
        } => {
            let unique = if *unique { ", duplicates removed" } else { "" };
            parts.push(count(*items_min, *items_max, "items") + unique);
            let mut inner = Vec::new();
            describe(&item.input, &mut inner);
            if !inner.is_empty() {
                parts.push(format!("each {}", inner.join(", ")));
            }
        }
    }
}

/// Says what becomes of a text.
fn normalized(rule: Normalize) -> Option<&'static str> {
    match rule {
        Normalize::Trim => Some("trimmed"),
        Normalize::Lowercase => Some("in lower case"),
        Normalize::Uppercase => Some("in upper case"),
        // It has words of its own.
        Normalize::CountryCode => None,
    }
}

fn range(min: Option<impl ToString>, max: Option<impl ToString>) -> Option<String> {
    match (min, max) {
        (Some(min), Some(max)) => Some(format!("{}..{}", min.to_string(), max.to_string())),
        (Some(min), None) => Some(format!("at least {}", min.to_string())),
        (None, Some(max)) => Some(format!("at most {}", max.to_string())),
        (None, None) => None,
    }
}

fn count(min: usize, max: usize, what: &str) -> String {
    if min == 0 {
        format!("up to {max} {what}")
    } else {
        format!("{min}..{max} {what}")
    }
}

/// Returns the values, or the first of them and how many there are: `--json` has them all.
fn some_of(values: &[&str]) -> String {
    match values {
        [a, b, c, _, _, ..] => format!("{a} | {b} | {c} | … ({} values)", values.len()),
        few => few.join(" | "),
    }
}

fn clamped(excess: Excess) -> Option<String> {
    (excess == Excess::Clamp).then(|| "capped".to_owned())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use appsync_mcp_client::Mode;

    use crate::example::{CONTRACT, offer, offer_of_self_containing};
    use crate::permit::Mutations;

    #[test]
    fn every_tool_has_a_row_and_every_argument_a_line() {
        expect![[r#"
            tool               kind              argument                 bounds
            ═════════════════════════════════════════════════════════════════════════════════════════════════════════════════════════
            ai_search          read              question: String         5..1000 characters, trimmed
                               5 calls a minute  industries?: [Industry]  up to 5 items, duplicates removed, each ENERGY | SOFTWARE
            ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            search_companies   read              keywords: String         2..200 characters
                                                 country?: String         a country's code or English name
                                                 limit?: Int              1..100, capped, default 20
                                                 nextToken?: String       up to 1024 characters
            ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            create_collection  write (off)       name: String             1..100 characters, trimmed
            Not offered: create_collection. `--allow-mutations` allows all, `--allow-mutations=NAMES` some.
        "#]].assert_eq(&table(&offer("false")));
    }

    #[test]
    fn what_the_mode_can_not_call_is_marked_with_the_reason() {
        let offer = Offer::new(&CONTRACT, Mutations::off(), Some(Mode::CognitoUserPools));
        let table = table(&offer);
        assert!(table.contains("search_companies   read (off)"), "{table}");
        expect![[r#"
            : ai_search: the API does not open all of this to the authorization mode `cognito-user-pools`; start with one of: api-key, oidc.
            Not offered: search_companies: the API does not open all of this to the authorization mode `cognito-user-pools`; start with one of: api-key, oidc.
            Not offered: create_collection. `--allow-mutations` allows all, `--allow-mutations=NAMES` some.
        "#]].assert_eq(table.split_once("Not offered").unwrap().1);
    }

    #[test]
    fn an_input_object_s_fields_have_lines_of_their_own_and_theirs_have_none() {
        expect![[r#"
            tool        kind              argument              bounds
            ══════════════════════════════════════════════════════════════════════════════════════
            find_notes  read              filter?: NoteFilter
                        5 calls a minute    text?: String       1..100 characters, trimmed
                                            states?: [State]    up to 5 items, each DRAFT | DONE
                                            any?: [NoteFilter]  up to 5 items
                                            not?: NoteFilter
                                            by?: Author
                                          without?: NoteFilter
                                            text?: String       1..100 characters, trimmed
                                            states?: [State]    up to 5 items, each DRAFT | DONE
                                            any?: [NoteFilter]  up to 5 items
                                            not?: NoteFilter
                                            by?: Author
        "#]]
        .assert_eq(&table(&offer_of_self_containing()));
    }
}
