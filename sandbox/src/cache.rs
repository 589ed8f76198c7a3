//! A world -> its index: in memory if it is small, else in a file that is made once and used ever after.
//!
//! Invariant: a file has its name only when it is complete. It is written under another one, beside it, and renamed; so two
//! who make it at once, or one who is killed, leave nothing broken behind.
//! Invariant: the name tells the version of all code that decides on the content, so no file of another version is used.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::auth::random_hex;
use crate::generate::World;
use crate::index::{Digest, Index};
use crate::posting::Postings;
use crate::progress::Progress;

/// The most companies that are made anew each time, which takes no longer than a moment.
const IN_MEMORY_MAX: u32 = 50_000;

/// What decides on the content of a file. A change of a comment makes a new file too: better one too many than a stale one.
const SOURCES: &[&str] = &[
    include_str!("datetime.rs"),
    include_str!("generate.rs"),
    include_str!("generate/rng.rs"),
    include_str!("generate/vocabulary.rs"),
    include_str!("index.rs"),
    include_str!("posting.rs"),
    include_str!("words.rs"),
];

/// After this time an unfinished file is taken for one that nobody writes any more.
const ABANDONED: Duration = Duration::from_hours(1);

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("no folder is known to keep the data of {0} companies in; name one, or set `HOME` or `XDG_CACHE_HOME`")]
    NoFolder(u32),
    #[error("failed to make the folder {}", folder.display())]
    Folder { folder: PathBuf, source: io::Error },
    #[error("failed to write {}; make room there, or name another folder for the sandbox's data", file.display())]
    Write { file: PathBuf, source: rusqlite::Error },
    #[error("failed to rename {} to {}", from.display(), to.display())]
    Rename {
        from: PathBuf,
        to: PathBuf,
        source: io::Error,
    },
    #[error("failed to make the data")]
    Memory(#[from] rusqlite::Error),
    #[error("{} is not what was just written there", file.display())]
    Unusable {
        file: PathBuf,
        source: crate::index::Unusable,
    },
}

/// An index, and the file that it is read from, if there is one.
#[derive(Debug)]
pub(crate) struct Cached {
    pub(crate) index: Index,
    pub(crate) file: Option<PathBuf>,
}

/// Opens or makes the index of a world; `folder` is where files are kept, by default the platform's cache folder.
pub(crate) fn index(world: World, folder: Option<PathBuf>, progress: Progress) -> Result<Cached, Error> {
    if world.companies <= IN_MEMORY_MAX {
        let index = Index::in_memory(Postings::of(world, |_| {}))?;
        return Ok(Cached { index, file: None });
    }
    let folder = folder
        .or_else(|| platform_folder(|name| std::env::var_os(name).map(PathBuf::from)))
        .ok_or(Error::NoFolder(world.companies))?;
    kept(world, &folder, progress)
}

/// The same with a file, however small the world is.
fn kept(world: World, folder: &Path, progress: Progress) -> Result<Cached, Error> {
    let file = folder.join(file_name(world));
    let index = match Index::open(&file) {
        Ok(index) => index,
        // It is not there, or is something else, or was damaged.
        Err(_) => make(world, folder, &file, progress)?,
    };
    Ok(Cached {
        index,
        file: Some(file),
    })
}

fn make(world: World, folder: &Path, file: &Path, progress: Progress) -> Result<Index, Error> {
    fs::create_dir_all(folder).map_err(|source| Error::Folder {
        folder: folder.to_owned(),
        source,
    })?;
    remove_abandoned(folder);
    let mut bar = progress.bar(world.companies);
    let postings = Postings::of(world, |made| bar.show(made));
    let unfinished = Unfinished(folder.join(format!("{}.{UNFINISHED}", random_hex())));
    Index::write(&unfinished.0, postings).map_err(|source| Error::Write {
        file: unfinished.0.clone(),
        source,
    })?;
    let renamed = fs::rename(&unfinished.0, file);
    match (Index::open(file), renamed) {
        // Where a file that is open can't be replaced, another process was first, and its file is as good.
        (Ok(index), _) => Ok(index),
        (Err(source), Ok(())) => Err(Error::Unusable {
            file: file.to_owned(),
            source,
        }),
        (Err(_), Err(source)) => Err(Error::Rename {
            from: unfinished.0.clone(),
            to: file.to_owned(),
            source,
        }),
    }
}

const UNFINISHED: &str = "unfinished";

/// A file that is removed unless it was renamed.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Mostly it was renamed, and is not there any more.
        drop(fs::remove_file(&self.0));
    }
}

/// Removes what processes left behind that were killed. What can't be removed does no harm.
fn remove_abandoned(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let age = entry.metadata().and_then(|metadata| metadata.modified());
        let is_old = age.is_ok_and(|time| time.elapsed().is_ok_and(|age| age > ABANDONED));
        if is_old
            && entry
                .path()
                .extension()
                .is_some_and(|extension| extension == UNFINISHED)
        {
            drop(fs::remove_file(entry.path()));
        }
    }
}

fn file_name(world: World) -> String {
    let mut version = Digest::NOTHING;
    for source in SOURCES {
        version.add(source.as_bytes());
    }
    format!(
        "{}-companies-seed-{}-{:016x}.sqlite",
        world.companies, world.seed, version.0
    )
}

/// The folder in which a platform's programs keep what they can make again.
fn platform_folder(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    // A relative path is no use, and the XDG specification says that it has to be ignored.
    let variable = |name| variable(name).filter(|path| path.is_absolute());
    let caches = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library/Caches"))
    } else {
        variable("XDG_CACHE_HOME").or_else(|| variable("HOME").map(|home| home.join(".cache")))
    };
    caches.map(|caches| caches.join("appsync-mcp").join("sandbox"))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::{Cached, Error, UNFINISHED, file_name, kept, platform_folder};
    use crate::generate::World;
    use crate::posting::{CITY_IS, COUNTRY_IS, EMPLOYEES, FOUNDED, INDUSTRY_IS, PLACES, SCORE};
    use crate::progress::Progress;

    const WORLD: World = World {
        seed: 1,
        companies: 300,
    };

    /// A folder that is empty, and that nobody else uses.
    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("appsync-mcp-sandbox-{}-{name}", std::process::id()));
        drop(fs::remove_dir_all(&folder));
        folder
    }

    fn open(folder: &Path) -> Cached {
        kept(WORLD, folder, Progress::Silent).unwrap()
    }

    fn files(folder: &Path) -> Vec<String> {
        let files = fs::read_dir(folder).unwrap();
        files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    /// How many companies some words find in each place.
    fn found(cached: &Cached) -> Vec<u64> {
        let words = [
            "DE", "berlin", "SOFTWARE", "software", "offers", "cloud", "known", "3", "aws",
        ];
        let places = PLACES.map(|(place, _)| place);
        let all = places
            .into_iter()
            .chain([COUNTRY_IS, CITY_IS, INDUSTRY_IS, EMPLOYEES, FOUNDED, SCORE]);
        all.flat_map(|place| words.map(|word| cached.index.companies(place, word).unwrap().len()))
            .collect()
    }

    #[test]
    fn a_file_is_made_once_and_then_used() {
        let folder = folder("once");
        let made = open(&folder);
        let file = made.file.clone().unwrap();
        let modified = fs::metadata(&file).unwrap().modified().unwrap();
        let again = open(&folder);
        assert_eq!(again.file, Some(file.clone()));
        assert_eq!(fs::metadata(&file).unwrap().modified().unwrap(), modified);
        assert_eq!(found(&again), found(&made));
        assert!(found(&made).iter().filter(|companies| **companies > 2).count() > 15);
        assert_eq!(files(&folder), [file_name(WORLD)]);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_is_not_the_file_that_was_written_is_made_again() {
        let folder = folder("damaged");
        let (found, file) = (found(&open(&folder)), folder.join(file_name(WORLD)));
        let good = fs::read(&file).unwrap();
        let mut damaged: Vec<Vec<u8>> = vec![
            Vec::new(),
            b"somebody else's notes".to_vec(),
            good[..good.len() / 2].to_vec(),
            good[..good.len() - 1].to_vec(),
        ];
        for place in (0..good.len()).step_by(1_009) {
            let mut changed = good.clone();
            changed[place] ^= 0x10;
            damaged.push(changed);
        }
        let mut made_again = 0;
        for damaged in damaged {
            fs::write(&file, &damaged).unwrap();
            assert_eq!(self::found(&open(&folder)), found);
            // What is in nobody's way, such as a bit in a page's unused space, is let be.
            made_again += usize::from(fs::read(&file).unwrap() == good);
        }
        assert!(made_again > 10, "{made_again}");
        assert_eq!(files(&folder), [file_name(WORLD)]);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn several_at_once_leave_one_file() {
        let folder = folder("several");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| open(&folder));
            }
        });
        assert_eq!(files(&folder), [file_name(WORLD)]);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_a_killed_process_left_behind_is_removed_when_it_is_old() {
        let folder = folder("killed");
        fs::create_dir_all(&folder).unwrap();
        let (old, new) = (
            folder.join(format!("a.{UNFINISHED}")),
            folder.join(format!("b.{UNFINISHED}")),
        );
        fs::write(&old, "half").unwrap();
        fs::write(&new, "half").unwrap();
        let long_ago = std::time::SystemTime::now() - 2 * super::ABANDONED;
        fs::File::options()
            .write(true)
            .open(&old)
            .unwrap()
            .set_modified(long_ago)
            .unwrap();
        open(&folder);
        assert!(!old.exists() && new.exists());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_folder_that_can_not_be_made_is_named() {
        let file = folder("no-folder");
        fs::write(&file, "a file").unwrap();
        let error = kept(WORLD, &file.join("cache"), Progress::Silent).unwrap_err();
        assert!(
            matches!(&error, Error::Folder { folder, .. } if folder.starts_with(&file)),
            "{error}"
        );
        fs::remove_file(file).unwrap();
    }

    #[test]
    fn a_folder_in_the_files_place_is_an_error() {
        let folder = folder("a-folder");
        fs::create_dir_all(folder.join(file_name(WORLD)).join("full")).unwrap();
        let error = kept(WORLD, &folder, Progress::Silent).unwrap_err();
        assert!(matches!(error, Error::Rename { .. }), "{error}");
        assert_eq!(files(&folder), [file_name(WORLD)]);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn another_seed_or_number_is_another_file() {
        let names = [(1, 300), (2, 300), (1, 301)].map(|(seed, companies)| file_name(World { seed, companies }));
        assert!(
            names[0] != names[1] && names[0] != names[2] && names[1] != names[2],
            "{names:?}"
        );
        assert_eq!(names[0], file_name(WORLD));
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn the_platforms_folder_is_found() {
        let found = |variables: &[(&str, &str)]| {
            platform_folder(|name| {
                let (_, value) = variables.iter().find(|(own, _)| *own == name)?;
                Some(PathBuf::from(value))
            })
        };
        let under = |path: &str| Some(Path::new(path).join("appsync-mcp/sandbox"));
        assert_eq!(found(&[("HOME", "/home/one")]), under("/home/one/.cache"));
        let both = [("HOME", "/home/one"), ("XDG_CACHE_HOME", "/caches")];
        assert_eq!(found(&both), under("/caches"));
        let relative = [("HOME", "/home/one"), ("XDG_CACHE_HOME", "caches")];
        assert_eq!(found(&relative), under("/home/one/.cache"));
        assert_eq!(found(&[]), None);
    }
}
