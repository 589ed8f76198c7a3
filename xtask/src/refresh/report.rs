//! What was read, compared and written → what people are told of it, and JSON for machines.

use std::{fmt::Write as _, io};

use appsync_mcp_codegen::ChangeClass;
use serde_json::{Value, json};

use super::{
    compare::Comparison,
    renewed::{Directives, Renewed},
};
use crate::{project, schema_diff, voice};

/// The most coordinates that a note names.
const NAMED_MAX: usize = 20;

/// All that there is to say.
pub(super) struct Report<'a> {
    /// The kind of source.
    pub(super) source: &'static str,
    pub(super) renewed: &'a Renewed,
    pub(super) comparison: &'a Comparison,
    /// The paths of the files that differ, which are written, if this is no check.
    pub(super) changed: Vec<&'static str>,
    pub(super) is_check: bool,
}

impl Report<'_> {
    /// Prints it: for people, and for machines if asked to.
    ///
    /// # Errors
    /// When it can't be written.
    pub(super) fn print(&self, is_json: bool) -> io::Result<()> {
        if let Some(note) = self.directives() {
            voice::note(note);
        }
        if is_json {
            eprint!("{}", self.text());
            project::print(&format!("{}\n", self.json()))?;
        } else {
            project::print(&self.text())?;
        }
        if !self.is_check && !self.changed.is_empty() {
            voice::next(
                "`cargo xtask check` says what the build says of it, `cargo xtask bless` accepts what it changes of the tools",
            );
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let mut json = schema_diff::json(self.comparison.changes());
        let breaking = self.count(ChangeClass::Breaking);
        let wrote: &[_] = if self.is_check { &[] } else { &self.changed };
        let unknown: &[_] = match &self.renewed.directives {
            Directives::Kept(unknown) => unknown,
            Directives::Told | Directives::Unknown => &[],
        };
        for (key, value) in [
            ("source", json!(self.source)),
            ("wrote", json!(wrote)),
            ("differs", json!(self.changed)),
            ("compared", json!(matches!(self.comparison, Comparison::Done(_)))),
            ("breaking", json!(breaking)),
            ("touched", json!(self.comparison.touched(None))),
            (
                "directivesTold",
                json!(matches!(self.renewed.directives, Directives::Told)),
            ),
            ("unknownDirectives", json!(unknown)),
        ] {
            if let Some(object) = json.as_object_mut() {
                object.insert(key.to_owned(), value);
            }
        }
        json
    }

    fn text(&self) -> String {
        let mut text = String::new();
        match self.comparison {
            Comparison::Done(changes) => text.push_str(&schema_diff::text(changes)),
            Comparison::Impossible(why) => {
                let _ = writeln!(text, "{why}, so that nothing can be compared");
            }
        }
        text.push_str(&self.summary());
        text.push_str(&self.files());
        text
    }

    /// Says what is not known of directives.
    fn directives(&self) -> Option<String> {
        const UNTOLD: &str = "introspection does not tell which directives are applied, such as `@aws_iam`";
        Some(match &self.renewed.directives {
            Directives::Told => return None,
            Directives::Unknown => format!(
                "{UNTOLD}, and there is no old schema that would: who can call what is not known; \
                 `--api-id` tells, or write them into schema/schema.graphql"
            ),
            Directives::Kept(unknown) if unknown.is_empty() => format!("{UNTOLD}; those of the old schema are kept"),
            Directives::Kept(unknown) => {
                let named: Vec<&str> = unknown.iter().take(NAMED_MAX).map(String::as_str).collect();
                let more = match unknown.len() - named.len() {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                format!(
                    "{UNTOLD}; those of the old schema are kept, and nobody knows those of what is new: {}{more}",
                    named.join(", ")
                )
            }
        })
    }

    fn summary(&self) -> String {
        let Comparison::Done(changes) = self.comparison else {
            return String::new();
        };
        if changes.is_empty() {
            return "nothing changes: the schema means what it did\n".to_owned();
        }
        let counts = [ChangeClass::Breaking, ChangeClass::Dangerous, ChangeClass::Safe]
            .map(|class| format!("{} {}", self.count(class), schema_diff::class(class)))
            .join(", ");
        let broken = self.comparison.touched(Some(ChangeClass::Breaking));
        let tools = match (broken.len(), self.comparison.touched(None).len()) {
            (0, 0) => "no tool is touched".to_owned(),
            (0, touched) => format!("no breaking one touches a tool, the others touch {touched}"),
            (1, _) => format!("a breaking one touches {}", joined(&broken)),
            _ => format!("breaking ones touch {} tools: {}", broken.len(), joined(&broken)),
        };
        format!("{} changes: {counts}; {tools}\n", changes.len())
    }

    /// Says what was written.
    fn files(&self) -> String {
        let files = self.changed.join(" and ");
        match (self.changed.is_empty(), self.is_check) {
            (true, _) => "up to date: nothing to write\n".to_owned(),
            (false, true) => {
                format!("{files}: not up to date; `cargo xtask refresh-schema` without `--check` writes what is new\n")
            }
            (false, false) => format!("{files}: written\n"),
        }
    }

    fn count(&self, class: ChangeClass) -> usize {
        let changes = self.comparison.changes().iter();
        changes.filter(|change| change.class == class).count()
    }
}

fn joined(names: &std::collections::BTreeSet<&str>) -> String {
    names.iter().copied().collect::<Vec<_>>().join(", ")
}
