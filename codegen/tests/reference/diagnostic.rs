//! The fixtures → tables of what the build says, by what it is about.
//!
//! What a fixture that is named after a rule shows of this rule's messages stands with the rule; the rest is told by its file.

use std::{collections::BTreeSet, fs, path::Path};

use super::{fenced, phrase, table};
use crate::{Report, inputs, numbered, reports, rule};

/// Where what is no rule of ours is told, by the beginning of the path that it names.
const PLACES: &[(&str, &str)] = &[
    ("operations/prompts/", "The head of a prompt"),
    (
        "operations/",
        "GraphQL: what the specification's validation says of operations and fragments",
    ),
    ("schema/schema.graphql", "The schema"),
    ("schema/api", "`schema/api.json` and `schema/api.local.json`"),
    ("schema/verified.lock", "`schema/verified.lock`"),
    ("", "Other files"),
];

pub(super) fn diagnostics() -> String {
    let fixtures: Vec<_> = inputs("diagnostics").into_iter().chain(inputs("warnings")).collect();
    let groups = rule::groups();
    let mut sections = Vec::new();
    let mut ours = Vec::new();
    for group in &groups {
        let mut rows = Vec::new();
        for rule in &group.rules {
            let named = fixtures
                .iter()
                .filter(|input| numbered(input).1.starts_with(&rule.name));
            let told = distinct(
                named
                    .flat_map(|input| reports(input))
                    .filter(|report| rule::is_of(&report.message, rule, &groups)),
            );
            let name = rule.name.replace('_', " ");
            rows.extend(told.iter().map(|report| row(Some(&name), report)));
            ours.push((rule, told));
        }
        let about = group.about.split(". ").next().map(phrase).unwrap_or_default();
        let about = about.trim_start_matches("Rules on ");
        sections.push((
            capitalized(about),
            table(&["rule", "says, for example", "what to do"], &rows),
        ));
    }
    // Another fixture can show a rule as well; a message alone does not tell it, since others may use the same words.
    let same_help = |report: &Report, told: &[Report]| told.iter().any(|told| help(told) == help(report));
    let is_ours = |report: &Report| {
        ours.iter()
            .any(|(rule, told)| rule::is_of(&report.message, rule, &groups) && same_help(report, told))
    };
    let mut others: Vec<_> = fixtures.iter().flat_map(|input| reports(input)).collect();
    others.retain(|report| !is_ours(report));
    for (place, heading) in PLACES {
        let here = others.extract_if(.., |report| report.path.starts_with(place));
        let rows: Vec<_> = distinct(here).iter().map(|report| row(None, report)).collect();
        if !rows.is_empty() {
            sections.push((
                (*heading).to_owned(),
                table(&["says, for example", "what to do"], &rows),
            ));
        }
    }
    let sections = sections
        .iter()
        .map(|(heading, table)| format!("### {heading}\n\n{table}"));
    sections.collect::<Vec<_>>().join("\n")
}

/// Returns one of those that differ in names and numbers only.
fn distinct(reports: impl Iterator<Item = Report>) -> Vec<Report> {
    let mut seen = BTreeSet::new();
    let new = |report: &Report| seen.insert((skeleton(&report.message), help(report)));
    reports.filter(new).collect()
}

fn help(report: &Report) -> Option<String> {
    report.help.as_deref().map(skeleton)
}

pub(super) fn report(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/diagnostics/{name}.txt"));
    fenced("text", &fs::read_to_string(path).expect("an answer"))
}

fn row(rule: Option<&str>, report: &Report) -> Vec<String> {
    let warning = if report.severity == "warning" { "Warning: " } else { "" };
    let said = format!("{warning}{}", report.message);
    let cells = rule.map(ToOwned::to_owned).into_iter();
    cells.chain([said, report.help.clone().unwrap_or_default()]).collect()
}

/// Returns a text without what stands in backticks and without digits.
fn skeleton(text: &str) -> String {
    let words = text.split('`').step_by(2).collect::<String>();
    words.chars().filter(|c| !c.is_ascii_digit()).collect()
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}
