//! Results and lists of tools as tables for people at a terminal; JSON as well.
//!
//! Invariant: the only user of comfy-table; pure.
//! Invariant: no control character of a value reaches the terminal, since results hold third parties' texts.

use std::fmt::Write as _;

use comfy_table::{ContentArrangement, Table, TableComponent, presets};
use serde_json::{Map, Value};

/// The most characters of a cell of a list; longer ones are cut, and `--json` has them whole.
const CELL_CHARS_MAX: usize = 40;

/// The most characters of a line of a key's value.
const LINE_CHARS_MAX: usize = 100;

/// Returns a value as JSON for a terminal: what that would obey, or not show, is escaped.
pub(crate) fn json(value: &Value) -> String {
    let mut text = String::new();
    for c in format!("{value:#}").chars() {
        // Beside the breaks between lines, whatever is not ASCII stands within a JSON string.
        if c != '\n' && crate::quote::is_invisible(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(c);
        }
    }
    text.push('\n');
    text
}

/// Returns a table with headings and a rule between rows, whose cells may have several lines.
pub(crate) fn ruled<'a>(head: impl IntoIterator<Item = &'a str>, rows: &[Vec<String>]) -> String {
    let mut table = bare(rows);
    table
        .set_header(head.into_iter().map(visible))
        .set_style(TableComponent::HorizontalLines, '─');
    table.set_style(TableComponent::HeaderLines, '═').trim_fmt()
}

/// Returns a table with a line of headings and one line for each row.
fn grid<'a>(head: impl IntoIterator<Item = &'a str>, rows: &[Vec<String>]) -> String {
    let mut table = bare(rows);
    table
        .set_header(head.into_iter().map(visible))
        .set_style(TableComponent::HeaderLines, '─')
        .trim_fmt()
}

/// Returns a table without any rules.
fn bare(rows: &[Vec<String>]) -> Table {
    let mut table = Table::new();
    table
        .load_preset(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled);
    for row in rows {
        table.add_row(row.iter().map(|cell| visible_lines(cell)));
    }
    // Room on the right only, so that lines begin at the left.
    table.column_iter_mut().for_each(|column| {
        column.set_padding((0, 2));
    });
    table
}

/// Returns a tool's result: its list, one row an item, and below it what else there is; a lone object by its keys.
pub(crate) fn result(value: &Value) -> String {
    let Value::Object(object) = value else {
        return format!("{}\n", visible(&compact(value)));
    };
    let list = main_list(object);
    let mut text = String::new();
    if let Some((_, items)) = list {
        text.push_str(&if items.is_empty() {
            "(nothing)".to_owned()
        } else {
            list_of(items)
        });
        text.push('\n');
    }
    let rest: Vec<Vec<String>> = object
        .iter()
        .filter(|(key, value)| *key != "__notes" && list.is_none_or(|(list, _)| list != *key && !value.is_null()))
        .flat_map(|(key, value)| rows(key, value))
        .collect();
    if list.is_none() {
        text.push_str(&bare(&rest).trim_fmt());
        text.push('\n');
    } else {
        for row in &rest {
            text.push_str(&visible_lines(&row.join(": ")));
            text.push('\n');
        }
    }
    for note in object
        .get("__notes")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        text.push_str("note: ");
        text.push_str(&visible(note));
        text.push('\n');
    }
    text
}

/// Returns the list that the result is about: `items`, or the only list of objects.
fn main_list(object: &Map<String, Value>) -> Option<(&String, &Vec<Value>)> {
    let lists = || {
        object
            .iter()
            .filter(|(key, _)| *key != "__notes")
            .filter_map(|(key, value)| Some((key, value.as_array()?)))
    };
    lists().find(|(key, _)| *key == "items").or_else(|| {
        // An object with details of many sorts reads better by its keys.
        let mut of_objects = lists().filter(|(_, items)| items.iter().any(Value::is_object));
        let first = of_objects.next().filter(|_| of_objects.next().is_none())?;
        let others_are_plain = object
            .iter()
            .all(|(key, value)| key == first.0 || key == "__notes" || is_plain(value));
        others_are_plain.then_some(first)
    })
}

fn is_plain(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}

fn list_of(items: &[Value]) -> String {
    let rows: Vec<Vec<(String, String)>> = items.iter().map(columns).collect();
    let mut head: Vec<&str> = Vec::new();
    for (name, text) in rows.iter().flatten() {
        // A column that is empty in every row would only take up room.
        if !text.is_empty() && !head.contains(&name.as_str()) {
            head.push(name);
        }
    }
    let cell = |row: &[(String, String)], name: &str| {
        row.iter()
            .find(|(column, _)| column == name)
            .map(|(_, text)| cut(text, CELL_CHARS_MAX))
            .unwrap_or_default()
    };
    let mut cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| head.iter().map(|name| cell(row, name)).collect())
        .collect();
    // An item that is missing has a row all the same, so that rows and what was asked for can be counted alike.
    for (item, row) in items.iter().zip(&mut cells) {
        match row.first_mut() {
            Some(first) if item.is_null() => "null".clone_into(first),
            Some(_) => {}
            None => row.push(item.to_string()),
        }
    }
    grid(head.iter().copied(), &cells)
}

/// Returns an item's columns: its fields, those of an object in it one level down.
fn columns(item: &Value) -> Vec<(String, String)> {
    match item {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| match value {
                Value::Object(inner) => inner
                    .iter()
                    .map(|(inner, value)| (format!("{key}.{inner}"), compact(value)))
                    .collect(),
                value => vec![(key.clone(), compact(value))],
            })
            .collect(),
        Value::Null => Vec::new(),
        value => vec![("value".to_owned(), compact(value))],
    }
}

/// Returns the rows of one key: one for a plain value, one for each field of an object, one line for each item of a list.
fn rows(key: &str, value: &Value) -> Vec<Vec<String>> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(field, value)| vec![format!("{key}.{field}"), lines(value)])
            .collect(),
        value => vec![vec![key.to_owned(), lines(value)]],
    }
}

fn lines(value: &Value) -> String {
    match value {
        Value::Array(items) if !items.iter().all(is_plain) => items
            .iter()
            .map(|item| cut(&visible(&compact(item)), LINE_CHARS_MAX))
            .collect::<Vec<_>>()
            .join("\n"),
        // What may have to be copied, such as a `nextToken`, is never cut. A line break within a text is no new row.
        value => visible(&compact(value)),
    }
}

/// Returns a value on one line: a text as it is, plain lists by commas, anything else as JSON.
fn compact(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(is_plain) => items.iter().map(compact).collect::<Vec<_>>().join(", "),
        value => value.to_string(),
    }
}

fn cut(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        Some(_) => text.chars().take(chars_max - 1).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

/// Returns the text on one line, with what a terminal would obey instead of show replaced.
fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => ' ',
            c if c.is_control() || crate::quote::is_invisible(c) => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

fn visible_lines(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use serde_json::json;

    use super::*;

    fn check(value: &Value, expected: &Expect) {
        expected.assert_eq(&result(value));
    }

    #[test]
    fn a_list_has_a_row_for_each_item_and_the_rest_below() {
        check(
            &json!({
                "items": [
                    {"id": "c-1", "name": "Ada", "seat": {"city": "Köln", "geo": {"lat": 1}}, "tags": ["a", "b"], "gone": null},
                    null,
                    {"id": "c-2", "name": "x".repeat(60), "employees": 7}
                ],
                "nextToken": "t".repeat(120),
                "total": 3,
                "__notes": ["`limit` was capped at 100"]
            }),
            &expect![[r#"
                id    name                                      seat.city  seat.geo   tags  employees
                ───────────────────────────────────────────────────────────────────────────────────────
                c-1   Ada                                       Köln       {"lat":1}  a, b
                null
                c-2   xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…                              7
                nextToken: tttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttttt
                total: 3
                note: `limit` was capped at 100
            "#]],
        );
        check(
            &json!({"items": [], "nextToken": null}),
            &expect![[r#"
            (nothing)
        "#]],
        );
    }

    #[test]
    fn a_list_of_another_name_is_found_if_all_else_is_plain() {
        check(
            &json!({"interpretation": "software", "hits": [{"score": 0.5, "company": {"id": "c-1"}}]}),
            &expect![[r#"
                score  company.id
                ───────────────────
                0.5    c-1
                interpretation: software
            "#]],
        );
    }

    #[test]
    fn an_object_goes_by_its_keys() {
        check(
            &json!({"id": "c-1", "seat": {"city": "Köln"}, "emails": ["a@b.example"], "links": [{"url": "u"}, {"url": "v"}]}),
            &expect![[r#"
                id         c-1
                seat.city  Köln
                emails     a@b.example
                links      {"url":"u"}
                           {"url":"v"}
            "#]],
        );
    }

    #[test]
    fn json_has_what_a_terminal_would_obey_escaped() {
        let value =
            json!({"na\u{202e}me": "\u{1b}[2J\u{9b}1m\u{7f}\u{200b}\u{feff}\u{e0041}\n\"\\", "Köln": ["日本", 1]});
        let text = json(&value);
        expect![[r#"
            {
              "na\u202eme": "\u001b[2J\u009b1m\u007f\u200b\ufeff\udb40\udc41\n\"\\",
              "Köln": [
                "日本",
                1
              ]
            }
        "#]]
        .assert_eq(&text);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn what_a_terminal_would_obey_is_not_printed() {
        check(
            &json!({"name": "\u{1b}[2Jgone\u{202e}\u{9b}1m\nnew"}),
            &expect![[r#"
                name  �[2Jgone��1m new
            "#]],
        );
        check(
            &json!("\u{1b}]0;x\u{7}"),
            &expect![[r#"
            �]0;x�
        "#]],
        );
    }
}
