//! `xtask/template/` → the files of a project.
//!
//! The template is a project that builds where it stands. Invariant: only its name, and where its dependencies come from,
//! change on the way.

use appsync_mcp_codegen::PRELUDE;

use super::origin::Origin;
use crate::prelude;

macro_rules! files {
    ($($path:literal,)*) => { &[$(($path, include_str!(concat!("../../template/", $path)))),*] };
}

/// Every file of the template, by its path.
pub(super) const FILES: &[(&str, &str)] = files![
    ".cargo/config.toml",
    ".github/CODEOWNERS",
    ".github/workflows/ci.yml",
    ".gitignore",
    "Cargo.toml",
    "README.md",
    "build.rs",
    "graphql.config.yml",
    "operations/fragments/book_summary.graphql",
    "operations/prompts/find_a_book.md",
    "operations/read/get_book.graphql",
    "operations/read/search_books.graphql",
    "operations/write/reserve_book.graphql",
    "schema/api.json",
    "schema/api.local.json",
    "schema/schema.graphql",
    "src/main.rs",
    "tests/replay.rs",
    "xtask/Cargo.toml",
    "xtask/src/main.rs",
];

/// The template's own name.
pub(super) const NAME: &str = "project-name";

/// Where the template, from where it stands, finds the packages that a project depends on.
const DEPENDENCIES: [(&str, &str); 3] = [
    ("path = \"../..\"", ""),
    ("path = \"../../codegen\"", "/codegen"),
    ("path = \"../../xtask\"", "/xtask"),
];

/// Returns the files of a project: their paths, and their texts.
pub(super) fn files(name: &str, origin: &Origin) -> Result<Vec<(&'static str, String)>, String> {
    let mut files = vec![(prelude::PATH, PRELUDE.to_owned())];
    for (path, text) in FILES {
        let mut text = text.replace(NAME, name);
        if *path == "Cargo.toml" {
            for (here, folder) in DEPENDENCIES {
                text = text.replace(here, &origin.keys(folder)?);
            }
        }
        files.push((path, text));
    }
    Ok(files)
}
