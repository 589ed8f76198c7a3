//! A name → the folder of a project of its own, for another API than the sample.
//!
//! Invariant: the folder is written whole or not at all: beside its place, under another name, and then renamed.

mod name;
mod origin;
mod template;

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::{self, ExitCode},
};

use appsync_mcp_codegen::LOCK;
use origin::Origin;

use crate::{project, voice};

/// What the command line says of the project.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The project's name, or a folder to make for it, whose last part is the name.
    #[arg(value_name = "NAME")]
    folder: PathBuf,
    /// The checkout of appsync-mcp that the project builds from. Left out: the one that this command was built from.
    #[arg(long, value_name = "DIR", conflicts_with = "git")]
    path: Option<PathBuf>,
    /// The git repository of appsync-mcp that the project builds from.
    #[arg(long, value_name = "URL")]
    git: Option<String>,
    /// The commit of that repository. Left out: the newest of its main branch.
    #[arg(long, value_name = "REV", requires = "git")]
    rev: Option<String>,
}

/// Writes the project, and says what to do next.
pub(crate) fn new(args: Args) -> ExitCode {
    let folder = args.folder.clone();
    voice::end(write(args).map(|name| say(&name, &folder)))
}

/// Writes it, and returns its name.
fn write(args: Args) -> Result<String, String> {
    let folder = args.folder;
    let name = folder.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| format!("`{}` does not end with a name for the project", folder.display()))?;
    name::check(name)?;
    check_free(&folder)?;
    let parent = folder.parent().filter(|parent| *parent != Path::new(""));
    let parent = parent.unwrap_or(Path::new("."));
    let parent = fs::canonicalize(parent).map_err(|error| format!("{}: {error}", parent.display()))?;
    let origin = match args.git {
        Some(url) => Origin::Git { url, rev: args.rev },
        None => Origin::path(args.path, &parent.join(name))?,
    };
    let files = template::files(name, &origin)?;
    let unfinished = parent.join(format!(".{name}.{}", process::id()));
    let written = write_all(&unfinished, &files)
        .and_then(|()| write_lock(&unfinished))
        .and_then(|()| put(&unfinished, &parent.join(name)));
    if let Err(error) = written {
        // What is left of it is of no use, and that it can't be removed says nothing new.
        let _ = fs::remove_dir_all(&unfinished);
        return Err(error);
    }
    Ok(name.to_owned())
}

/// Writes the lock of the tools that the project begins with.
fn write_lock(folder: &Path) -> Result<(), String> {
    let (_, generated) = project::read(folder).ok_or("the project that was written does not build")?;
    let path = folder.join(LOCK);
    project::write(&path, &generated.lock).map_err(|error| format!("{}: {error}", path.display()))
}

fn check_free(folder: &Path) -> Result<(), String> {
    match fs::read_dir(folder).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(format!(
            "`{}` is there and not empty; choose another name, or remove it",
            folder.display()
        )),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(format!("{}: {error}", folder.display())),
    }
}

fn write_all(root: &Path, files: &[(&str, String)]) -> Result<(), String> {
    for (path, text) in files {
        let file = root.join(path);
        let folder = file.parent().unwrap_or(root);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&file, text))
            .map_err(|error| format!("{}: {error}", file.display()))?;
    }
    Ok(())
}

/// Gives the folder its name. An empty one of that name makes room, since not every system renames onto it.
fn put(unfinished: &Path, folder: &Path) -> Result<(), String> {
    let room = if folder.exists() {
        fs::remove_dir(folder)
    } else {
        Ok(())
    };
    room.and_then(|()| fs::rename(unfinished, folder))
        .map_err(|error| format!("{}: {error}", folder.display()))
}

fn say(name: &str, folder: &Path) {
    voice::note(format_args!(
        "the project `{name}` is written; its example API is a library of books"
    ));
    let folder = folder.display();
    voice::next(format_args!(
        "README.md says how to put your own API in
  cd {folder}
  cargo run -- tools   # its tools; the first build takes some minutes
  cargo xtask check    # what a build would say of schema/ and operations/, sooner"
    ));
}

#[cfg(test)]
mod tests;
