//! Sources → the lock of each project in the workspace; the prelude → the editors' copy of it; tests → rewritten snapshots.
//!
//! Invariant: nothing is written unless all sources generate.

use std::{fs, io, path::Path, process::ExitCode};

use appsync_mcp_codegen::{LOCK, changes};

use crate::{prelude, project, tools, voice};

/// Accepts the tools as they are, then runs all tests so that snapshots which differ are rewritten. What changed is for
/// the reviewer of the diff.
pub(crate) fn bless() -> ExitCode {
    let done = prelude::bless(Path::new("."))
        .map_err(io::Error::other)
        .and_then(|()| accept())
        .and_then(|()| {
            project::cargo()
                .args(["test", "--workspace"])
                .env("UPDATE_EXPECT", "1")
                .env("TRYBUILD", "overwrite")
                .status()
        });
    match done {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            voice::error(error);
            ExitCode::FAILURE
        }
    }
}

/// Writes the locks and the table of tools, and says what is new in them.
fn accept() -> io::Result<()> {
    let mut accepted = Vec::new();
    for folder in project::all()? {
        let refused = || io::Error::other("nothing is accepted while this does not build");
        accepted.push((project::read(&folder).ok_or_else(refused)?, folder));
    }
    for ((sources, generated), folder) in accepted {
        let path = folder.join(LOCK);
        let changes = changes(&sources, &generated);
        if fs::read_to_string(&path).ok().map(|text| text.replace("\r\n", "\n")) != Some(generated.lock.clone()) {
            project::write(&path, &generated.lock)?;
            voice::note(format_args!("{} is written:", path.display()));
            for change in changes {
                eprintln!("  {change}");
            }
        }
        tools::refresh(&folder, &generated.tools)?;
    }
    Ok(())
}
