//! A folder with a schema and operations → what adopting makes of it.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use appsync_mcp_codegen::{
    Adoption, ForeignFile, SourceFile, SourceKind, Sources, Verdict, adopt, sdl_of_introspection,
};

/// The folders that operations stand in.
const OPERATIONS: &[&str] = &["operations", "operations-amplify"];

/// One API.
pub(super) struct Api {
    /// The folder's name.
    pub(super) name: String,
    project: Sources,
    foreign: Vec<ForeignFile>,
    pub(super) outcome: Outcome,
}

/// How far an API has come.
pub(super) enum Outcome {
    Read,
    /// Why the schema does not load, or what panicked.
    Failed(String),
    Adopted(Adoption),
    /// Compiled without a warning.
    Compiled(Adoption),
    /// rustc, or the package's build script, has something to say.
    Broken(Adoption),
}

/// Reads all APIs below a folder; one that holds a schema itself is the only one.
pub(super) fn read(folder: &Path) -> Result<Vec<Api>, String> {
    let mut folders = if has_schema(folder) {
        vec![folder.to_owned()]
    } else {
        entries(folder)?.into_iter().filter(|path| has_schema(path)).collect()
    };
    folders.sort();
    if folders.is_empty() {
        return Err(format!("no folder of `{}` holds a schema", folder.display()));
    }
    folders.iter().map(|folder| Api::read(folder)).collect()
}

fn has_schema(folder: &Path) -> bool {
    folder.join("schema.graphql").exists() || folder.join("schema.json").exists()
}

impl Api {
    fn read(folder: &Path) -> Result<Self, String> {
        let name = folder
            .canonicalize()
            .ok()
            .and_then(|folder| Some(folder.file_name()?.to_str()?.to_owned()));
        let mut outcome = Outcome::Read;
        let sdl = folder.join("schema.graphql");
        let text = if sdl.exists() {
            read_text(&sdl)?
        } else {
            sdl_of_introspection(&read_text(&folder.join("schema.json"))?).unwrap_or_else(|error| {
                outcome = Outcome::Failed(format!("schema.json: {error}"));
                String::new()
            })
        };
        let mut files = vec![SourceFile {
            path: "schema/schema.graphql".to_owned(),
            kind: SourceKind::Schema,
            text,
        }];
        let local = folder.join("api.local.json");
        if local.exists() {
            files.push(SourceFile {
                path: "schema/api.local.json".to_owned(),
                kind: SourceKind::ApiLocal,
                text: read_text(&local)?,
            });
        }
        let mut foreign = Vec::new();
        for name in OPERATIONS {
            let below = folder.join(name);
            if below.exists() {
                foreign.extend(operations(&below, name)?);
            }
        }
        Ok(Self {
            name: name.unwrap_or_else(|| folder.display().to_string()),
            project: Sources { files },
            foreign,
            outcome,
        })
    }

    /// Adopts all operations.
    pub(super) fn adopt(&mut self) {
        if !matches!(self.outcome, Outcome::Read) {
            return;
        }
        let adopted = catch_unwind(AssertUnwindSafe(|| adopt(&self.project, &self.foreign)));
        self.outcome = match adopted {
            Ok(Ok(adoption)) => Outcome::Adopted(adoption),
            Ok(Err(found)) => Outcome::Failed(found.render(&self.project)),
            Err(_) => Outcome::Failed("a panic, told above".to_owned()),
        };
    }

    /// Returns the files of the project that the API becomes; of one without a tool, none.
    pub(super) fn files(&self) -> Vec<&SourceFile> {
        let Some(adoption) = self.adoption().filter(|adoption| !adoption.files.is_empty()) else {
            return Vec::new();
        };
        let replaced = |file: &&SourceFile| file.kind == SourceKind::ApiLocal && adoption.local.is_some();
        let own = self.project.files.iter().filter(|file| !replaced(file));
        let adopted = adoption
            .files
            .iter()
            .chain(&adoption.local)
            .map(|adopted| &adopted.file);
        own.chain(adopted).collect()
    }

    pub(super) fn adoption(&self) -> Option<&Adoption> {
        match &self.outcome {
            Outcome::Adopted(adoption) | Outcome::Compiled(adoption) | Outcome::Broken(adoption) => Some(adoption),
            Outcome::Read | Outcome::Failed(_) => None,
        }
    }

    /// Says what cargo made of it.
    pub(super) fn compiled(&mut self, is_compiled: bool) {
        let outcome = std::mem::replace(&mut self.outcome, Outcome::Read);
        self.outcome = match outcome {
            Outcome::Adopted(adoption) if is_compiled => Outcome::Compiled(adoption),
            Outcome::Adopted(adoption) => Outcome::Broken(adoption),
            outcome => outcome,
        };
    }

    /// Whether all that is valid is taken.
    pub(super) fn is_taken(&self) -> bool {
        let is_compiled = matches!(self.outcome, Outcome::Adopted(_) | Outcome::Compiled(_));
        let unsupported = |adoption: &Adoption| {
            let mut outcomes = adoption.outcomes.iter();
            outcomes.any(|outcome| matches!(outcome.verdict, Verdict::Unsupported(_) | Verdict::Present(_)))
        };
        is_compiled && !self.adoption().is_some_and(unsupported)
    }
}

/// Returns the operation files below a folder, by path.
fn operations(folder: &Path, name: &str) -> Result<Vec<ForeignFile>, String> {
    let mut files = Vec::new();
    for path in entries(folder)? {
        let Some(file) = path.file_name().and_then(|file| file.to_str()) else {
            continue;
        };
        let name = format!("{name}/{file}");
        if path.is_dir() {
            files.extend(operations(&path, &name)?);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "graphql" || extension == "gql")
        {
            let text = read_text(&path)?;
            files.push(ForeignFile { path: name, text });
        }
    }
    Ok(files)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let told = |error| format!("{}: {error}", folder.display());
    let entries = fs::read_dir(folder).map_err(told)?;
    let mut paths: Vec<_> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(told)?;
    paths.sort();
    Ok(paths)
}

fn read_text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
