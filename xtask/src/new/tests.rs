//! Projects that are written to a temporary folder, and read as a build would read them.

use appsync_mcp_codegen::{PRELUDE, Sources, Writes, generate};

use super::*;
use crate::prelude;

/// A folder of this test's own, removed at its end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("appsync-mcp-new-{test}-{}", process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str) -> Result<PathBuf, String> {
        let folder = self.0.join(name);
        let args = Args {
            folder: folder.clone(),
            path: None,
            git: None,
            rev: None,
        };
        write(args).map(|_| folder)
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The paths of all files below a folder, with `/`, sorted.
fn walk(root: &Path) -> Vec<String> {
    let mut folders = vec![root.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let path = path.strip_prefix(root).unwrap().to_str().unwrap();
                files.push(path.replace('\\', "/"));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn every_file_of_the_template_is_written() {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("template");
    // What a build there leaves behind is no part of it.
    let mut expected = walk(&template);
    expected.retain(|path| path != "Cargo.lock" && !path.starts_with("target/"));
    let listed: Vec<_> = template::FILES.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(listed, expected);

    let scratch = Scratch::new("whole");
    let project = scratch.write("my-books").unwrap();
    expected.push(prelude::PATH.to_owned());
    expected.push(LOCK.to_owned());
    expected.sort();
    assert_eq!(walk(&project), expected);
    assert_eq!(scratch.names(), ["my-books"]);
}

#[test]
fn the_project_has_its_own_name_and_is_valid() {
    let scratch = Scratch::new("valid");
    let project = scratch.write("my-books").unwrap();
    for path in walk(&project) {
        let text = fs::read_to_string(project.join(&path)).unwrap();
        assert!(!text.contains(template::NAME), "{path}");
        assert!(!text.contains("\"../..\""), "{path}");
    }
    let manifest = fs::read_to_string(project.join("Cargo.toml")).unwrap();
    assert!(manifest.contains("name = \"my-books\""));

    let sources = Sources::read(&project).unwrap();
    for writes in [Writes::Included, Writes::Excluded] {
        let generated = generate(&sources, writes)
            .map_err(|found| found.render(&sources))
            .unwrap();
        assert_eq!(generated.warnings.render(&sources), "");
        assert!(generated.code.contains("pub mod search_books"));
        assert_eq!(
            generated.code.contains("mutation ReserveBook"),
            writes == Writes::Included
        );
    }
}

#[test]
fn the_template_agrees_with_this_workspace() {
    let value = |text: &str, key: &str| {
        let line = text.lines().find(|line| line.starts_with(&format!("{key} = ")));
        line.map(str::to_owned)
    };
    let ours = include_str!("../../../Cargo.toml");
    for (path, keys) in [
        (
            "Cargo.toml",
            ["edition", "rust-version", "resolver", "cynic"].as_slice(),
        ),
        ("xtask/Cargo.toml", &["edition", "rust-version"]),
    ] {
        let (_, text) = template::FILES.iter().find(|(listed, _)| *listed == path).unwrap();
        for key in keys {
            assert!(value(ours, key).is_some(), "{key}");
            assert_eq!(value(text, key), value(ours, key), "{path}");
        }
    }
}

#[test]
fn what_is_there_already_stays() {
    let scratch = Scratch::new("occupied");
    fs::create_dir(scratch.0.join("empty")).unwrap();
    assert!(scratch.write("empty").is_ok());
    let error = scratch.write("empty").unwrap_err();
    assert!(error.contains("is there and not empty"), "{error}");

    fs::write(scratch.0.join("file"), "mine").unwrap();
    assert!(scratch.write("file").is_err());
    assert_eq!(fs::read_to_string(scratch.0.join("file")).unwrap(), "mine");

    assert!(scratch.write("match").unwrap_err().contains("Rust keeps this word"));
    assert!(scratch.write("no-such-folder/books").is_err());
    let mut names = scratch.names();
    names.sort();
    assert_eq!(names, ["empty", "file"]);
}

#[test]
fn a_stale_prelude_is_told_and_rewritten() {
    let scratch = Scratch::new("prelude");
    let project = scratch.write("books").unwrap();
    let copy = project.join(prelude::PATH);
    assert_eq!(prelude::check(&project), Ok(()));
    fs::write(&copy, PRELUDE.replace('\n', "\r\n")).unwrap();
    assert_eq!(prelude::check(&project), Ok(()));

    fs::write(&copy, PRELUDE.replace("@range", "@span")).unwrap();
    assert!(prelude::check(&project).unwrap_err().contains("`cargo xtask bless`"));
    prelude::bless(&project).unwrap();
    assert_eq!(fs::read_to_string(&copy).unwrap(), PRELUDE);

    fs::remove_file(&copy).unwrap();
    assert_eq!(prelude::check(&project), Ok(()));
    prelude::bless(&project).unwrap();
    assert!(!copy.exists());
}
