//! A project → what is shipped of it: its program without a sandbox, the bundle for desktop clients, and their checksums.
//!
//! Invariant: nothing is written before the program is built.
//! Invariant: the same sources, lock file, compiler and C compiler give the same bytes, wherever the project's folder is.

mod build;
mod bundle;
mod manifest;
mod package;

use std::{
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use bundle::File;
use package::Package;
use sha2::{Digest as _, Sha256};

use crate::{project, voice};

/// What the command line says of what is shipped.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Ship a program that can't write: nothing of `operations/write/` is in it.
    #[arg(long)]
    no_writes: bool,
    /// The platform, as Rust names it. Left out: this machine's.
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
}

/// Builds and packs, and prints where it all is, with sizes in bytes.
pub(crate) fn run(args: &Args) -> ExitCode {
    let done = dist(Path::new("."), args);
    voice::end(done.and_then(|report| project::print(&report).map_err(|error| error.to_string())))
}

fn dist(root: &Path, args: &Args) -> Result<String, String> {
    // What the sources lack is said before minutes of building.
    let (sources, generated) = project::read(root).ok_or("nothing is shipped of sources that do not build")?;
    let package = package::read(root, !args.no_writes)?;
    let compiler = build::compiler()?;
    let target = args.target.as_deref().unwrap_or(&compiler.host);
    let suffix = if target.contains("windows") { ".exe" } else { "" };
    let program = format!("{}{suffix}", package.program);
    let in_bundle = format!("server/{program}");
    let manifest = manifest::manifest(&package, &sources, &generated, target, &in_bundle)?;
    let mut files = beside(root, &package)?;

    let built = build::build(&package, &compiler, target)?;
    let bytes = fs::read(&built).map_err(|error| format!("{}: {error}", built.display()))?;
    files.push(file("manifest.json", manifest.into_bytes()));
    files.push(File {
        runs: true,
        ..file(&in_bundle, bytes.clone())
    });
    let bundle = bundle::pack(files).map_err(|error| format!("the bundle: {error}"))?;
    let folder = folder(&package, target);
    let written = write(
        &folder,
        &built,
        &program,
        &bytes,
        &format!("{}.mcpb", package.program),
        &bundle,
    );
    written.map_err(|error| format!("{}: {error}", folder.display()))
}

/// Returns where it goes. What can't write has a place of its own, so that nobody takes it for the other.
fn folder(package: &Package, target: &str) -> PathBuf {
    let Package { program, facts, .. } = package;
    let reads = if package.writes() { "" } else { "-no-writes" };
    let name = format!("{program}-{}-{target}{reads}", facts.version);
    package.target.join("dist").join(name)
}

/// Returns what stands in the bundle beside the program: the licence and the README, as far as the project has them.
fn beside(root: &Path, package: &Package) -> Result<Vec<File>, String> {
    let told = |path: &Path, error: &io::Error| format!("{}: {error}", path.display());
    let names = fs::read_dir(root)
        .and_then(|entries| {
            entries
                .map(|entry| Ok(entry?.file_name()))
                .collect::<io::Result<Vec<_>>>()
        })
        .map_err(|error| told(root, &error))?;
    let licences = names.into_iter().filter_map(|name| name.into_string().ok());
    let mut names: Vec<_> = licences
        .filter(|name| name.starts_with("LICENSE") || name.starts_with("LICENCE"))
        .collect();
    if let Some(readme) = package.facts.readme.as_deref().and_then(Path::to_str)
        && root.join(readme).is_file()
    {
        names.push(readme.to_owned());
    }
    let read = |name: String| {
        let path = root.join(&name);
        let bytes = fs::read(&path).map_err(|error| told(&path, &error))?;
        Ok(file(&name, bytes))
    };
    names.into_iter().map(read).collect()
}

fn file(path: &str, bytes: Vec<u8>) -> File {
    File {
        path: path.to_owned(),
        bytes,
        runs: false,
    }
}

/// Writes the folder anew, the checksums last: a folder that has them is whole. Returns what to say of it.
fn write(folder: &Path, built: &Path, program: &str, bytes: &[u8], bundle: &str, packed: &[u8]) -> io::Result<String> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir_all(folder)?,
    }
    // With its permissions.
    fs::copy(built, folder.join(program))?;
    fs::write(folder.join(bundle), packed)?;
    let (mut sums, mut report) = (String::new(), String::new());
    for (name, bytes) in [(program, bytes), (bundle, packed)] {
        let _ = writeln!(sums, "{}  {name}", sha256(bytes));
        let _ = writeln!(report, "{:>9}  {}", bytes.len(), shown(&folder.join(name)));
    }
    project::write(&folder.join("SHA256SUMS"), &sums)?;
    let _ = writeln!(report, "{:>9}  {}", sums.len(), shown(&folder.join("SHA256SUMS")));
    Ok(report)
}

/// Returns a path as one would type it here.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
