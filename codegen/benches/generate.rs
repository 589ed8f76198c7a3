//! How long the build's own part takes: `cargo bench -p appsync-mcp-codegen --bench generate -- [FOLDER…]`
//!
//! A FOLDER is a project, with `schema/` and `operations/`; without one, it is this repository's sample. Printed for each:
//! the size of its sources and of what comes out, and the median time of reading, checking and generating it, beside
//! that of reading the same files alone.

use std::{
    error::Error,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use appsync_mcp_codegen::{Generated, SourceKind, Sources, Writes, generate};

const RUNS: usize = 7;

#[expect(clippy::print_stdout, reason = "what it is for")]
fn main() -> Result<(), Box<dyn Error>> {
    // Cargo adds a flag of its own.
    let named = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let mut folders: Vec<PathBuf> = named.map(PathBuf::from).collect();
    if folders.is_empty() {
        folders.push(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."));
    }
    for folder in folders {
        let mut generated = generate_in(&folder)?;
        let all = median(|| {
            generated = generate_in(&folder)?;
            Ok(())
        })?;
        let read = median(|| {
            Sources::read(&folder)?;
            Ok(())
        })?;
        let sources = Sources::read(&folder)?;
        let is_operation = |kind| matches!(kind, SourceKind::Read | SourceKind::Write);
        let operations = sources.files.iter().filter(|file| is_operation(file.kind)).count();
        let lines: usize = sources.files.iter().map(|file| file.text.lines().count()).sum();
        println!(
            "{}: {lines} lines of sources, {operations} operations",
            folder.display()
        );
        println!(
            "  generates {} lines of Rust and {} bytes of SDL in {} ms; reading the files alone takes {} ms",
            generated.code.lines().count(),
            generated.sdl.len(),
            all.as_millis(),
            read.as_millis()
        );
    }
    Ok(())
}

fn generate_in(folder: &Path) -> Result<Generated, Box<dyn Error>> {
    let sources = Sources::read(folder)?;
    Ok(generate(&sources, Writes::Included).map_err(|found| found.render(&sources))?)
}

fn median(mut run: impl FnMut() -> Result<(), Box<dyn Error>>) -> Result<Duration, Box<dyn Error>> {
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        run()?;
        times.push(start.elapsed());
    }
    times.sort();
    Ok(times.get(RUNS / 2).copied().unwrap_or_default())
}
