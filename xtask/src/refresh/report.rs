//! What was read, compared and written → what people are told of it, and JSON for machines.

use std::{fmt::Write as _, io};

use appsync_mcp_codegen::{ChangeClass, visible, visible_json};
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
        for note in self.directives().into_iter().chain(self.dropped()) {
            voice::note(note);
        }
        let text = visible(&self.text());
        if is_json {
            eprint!("{text}");
            project::print(&visible_json(&format!("{}\n", self.json())))?;
        } else {
            project::print(&text)?;
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
            ("compared", json!(matches!(self.comparison, Comparison::Done { .. }))),
            ("breaking", json!(breaking)),
            ("touched", json!(self.comparison.touched(None))),
            ("unread", json!(self.comparison.unread())),
            (
                "directivesTold",
                json!(matches!(self.renewed.directives, Directives::Told)),
            ),
            ("unknownDirectives", json!(unknown)),
            ("droppedResolvers", json!(self.renewed.dropped)),
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
            Comparison::Done { changes, unread } => {
                if !unread.is_empty() {
                    let _ = writeln!(
                        text,
                        "warning: not read, since it does not parse: {}; nobody knows which changes touch its tools, or those \
                         that use its fragments; `cargo xtask check` says what is wrong",
                        unread.join(", ")
                    );
                }
                text.push_str(&schema_diff::text(changes));
            }
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
                let named = some(unknown);
                format!("{UNTOLD}; those of the old schema are kept, and nobody knows those of what is new: {named}")
            }
        })
    }

    /// Says what is not written of what was told or was there.
    fn dropped(&self) -> Vec<String> {
        let Renewed {
            dropped, has_comments, ..
        } = self.renewed;
        let resolvers = (!dropped.is_empty()).then(|| {
            format!(
                "resolvers of what is no field of the schema are left out of schema/api.json: {}",
                some(dropped)
            )
        });
        let comments =
            has_comments.then(|| "comments (`# …`) are not kept in schema/schema.graphql; descriptions are".to_owned());
        resolvers.into_iter().chain(comments).collect()
    }

    fn summary(&self) -> String {
        let Comparison::Done { changes, unread } = self.comparison else {
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
            (0, 0) if unread.is_empty() => "no tool is touched".to_owned(),
            (0, 0) => "no tool that can be read is touched".to_owned(),
            (0, touched) => format!("no breaking one touches a tool, the others touch {touched}"),
            (1, _) => format!("a breaking one touches {}", joined(&broken)),
            _ => format!("breaking ones touch {} tools: {}", broken.len(), joined(&broken)),
        };
        let plural = if changes.len() == 1 { "" } else { "s" };
        format!("{} change{plural}: {counts}; {tools}\n", changes.len())
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

/// Returns names, of many some.
fn some(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(NAMED_MAX).map(String::as_str).collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn joined(names: &std::collections::BTreeSet<&str>) -> String {
    names.iter().copied().collect::<Vec<_>>().join(", ")
}
