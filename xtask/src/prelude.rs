//! The build's prelude → `schema/prelude.graphql`, where a project's editors find it.
//!
//! The build has its own and never reads this copy. A project without one does without.

use std::{fs, path::Path};

use appsync_mcp_codegen::PRELUDE;

/// Where the copy stands.
pub(crate) const PATH: &str = "schema/prelude.graphql";

/// Fails if the project's copy is not what this version's build knows.
pub(crate) fn check(root: &Path) -> Result<(), String> {
    match read(root)? {
        // Git may have written it with other line ends.
        Some(copy) if copy.replace("\r\n", "\n") != PRELUDE => Err(format!(
            "{PATH} is another version's, so that editors know other directives than the build; `cargo xtask bless` rewrites it"
        )),
        _ => Ok(()),
    }
}

/// Rewrites the project's copy, if there is one.
pub(crate) fn bless(root: &Path) -> Result<(), String> {
    match check(root) {
        Ok(()) => Ok(()),
        Err(_) => fs::write(root.join(PATH), PRELUDE).map_err(|error| format!("{PATH}: {error}")),
    }
}

fn read(root: &Path) -> Result<Option<String>, String> {
    match fs::read_to_string(root.join(PATH)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{PATH}: {error}")),
    }
}
