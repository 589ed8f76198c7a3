//! What unit tests share: sources in memory, and the project's own.

use std::path::Path;

use crate::{
    SourceFile, SourceKind, Sources,
    model::Model,
    parse::{self, Parsed},
    resolve,
};

/// The fixtures' schema.
pub(crate) const SCHEMA: &str = include_str!("../tests/fixtures/schema.graphql");

/// Returns a project with the fixtures' schema and one read, `operations/read/test.graphql`.
pub(crate) fn operation(text: &str) -> Sources {
    let file = |path: &str, kind, text: &str| SourceFile {
        path: path.to_owned(),
        kind,
        text: text.to_owned(),
    };
    let api = r#"{ "scalars": { "Settings": "String", "Layout": "String" } }"#;
    Sources {
        files: vec![
            file("operations/read/test.graphql", SourceKind::Read, text),
            file("schema/api.local.json", SourceKind::ApiLocal, api),
            file("schema/schema.graphql", SourceKind::Schema, SCHEMA),
        ],
    }
}

/// Returns the sources of the projects in this repository: the sample, and the kitchen sink.
pub(crate) fn projects() -> Vec<Sources> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let projects = [root.clone(), root.join("tests/kitchen-sink")];
    projects.iter().map(|root| Sources::read(root).unwrap()).collect()
}

/// Returns what is parsed, and the model.
pub(crate) fn resolved(sources: &Sources) -> (Parsed, Model) {
    let told = |found: crate::Diagnostics| found.render(sources);
    let (parsed, _) = parse::parse(sources).map_err(told).unwrap();
    let (model, _) = resolve::resolve(&parsed, sources).map_err(told).unwrap();
    (parsed, model)
}
