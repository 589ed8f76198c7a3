//! Recordings: that they replay without an API, that a difference is found, and what is written where.
//!
//! `tests/recordings/` is made by the program itself. Where the tools have changed, make it anew:
//! `cargo run -- verify --sandbox --sandbox-companies 60 --include-writes --record tests/recordings --case TOOL:CASE…`

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::api::{Api, Folder};
use crate::program::{Ended, run};

const RECORDINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recordings");

fn replay(folder: &Path) -> (Ended, Vec<Value>) {
    let ended = run(&["verify", "--replay", folder.to_str().unwrap()]);
    let lines = ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap());
    let lines = lines.collect();
    (ended, lines)
}

/// What the cases that failed say, by `TOOL:CASE`.
fn problems(lines: &[Value]) -> Vec<(String, String)> {
    let cases = lines.iter().filter_map(|line| line.get("case"));
    let failed = cases.filter(|case| case["outcome"] == "failed");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    failed
        .map(|case| {
            (
                format!("{}:{}", text(&case["tool"]), text(&case["case"])),
                text(&case["problem"]),
            )
        })
        .collect()
}

/// Changes one file of a copy of the recordings, and returns what is found.
fn changed(tool: &str, case: &str, change: impl FnOnce(&mut Value)) -> Vec<(String, String)> {
    let folder = Folder::new();
    let from = Path::new(RECORDINGS).join(tool).join(format!("{case}.json"));
    let mut recording: Value = serde_json::from_slice(&fs::read(from).unwrap()).unwrap();
    change(&mut recording);
    fs::create_dir_all(folder.path(tool)).unwrap();
    folder.write(&format!("{tool}/{case}.json"), &recording.to_string());
    let (ended, lines) = replay(&folder.path(""));
    assert_eq!(ended.code, 1, "{}", ended.all());
    problems(&lines)
}

#[test]
fn the_committed_recordings_replay_without_an_api() {
    let (ended, lines) = replay(Path::new(RECORDINGS));
    assert_eq!(problems(&lines), [], "record them anew if the tools have changed");
    assert_eq!(ended.code, 0, "{}", ended.all());
    let end = &lines.last().unwrap()["end"];
    assert!(end["passed"].as_u64().unwrap() >= 10, "{end}");
    assert!(lines[0]["begin"].get("endpoint").is_none());
}

#[test]
fn a_difference_is_found_and_both_sides_are_shown() {
    // What a changed operation sends.
    let found = changed("get_company", "only-required", |recording| {
        let query = &mut recording["calls"][0]["request"]["query"];
        *query = query.as_str().unwrap().replace("founded", "foundedAt").into();
    });
    assert_eq!(found.len(), 1);
    let (case, problem) = &found[0];
    assert_eq!(case, "get_company:only-required");
    assert!(
        problem.starts_with("the request is another one\nrecorded: "),
        "{problem}"
    );
    assert!(
        problem.contains("foundedAt") && problem.contains("\nnow:      "),
        "{problem}"
    );

    // What a changed contract refuses.
    let found = changed("create_collection", "null-description", |recording| {
        recording["calls"][0]["arguments"]["name"] = json!("x".repeat(101));
    });
    assert!(
        found[0].1.contains("expected 1 to 100 characters, got 101"),
        "{}",
        found[0].1
    );

    // What does not decode, or comes to something else.
    let found = changed("get_company", "only-required", |recording| {
        recording["calls"][0]["response"]["body"]["json"]["data"]["getCompany"]["name"] = Value::Null;
    });
    assert!(found[0].1.contains("unexpected response"), "{}", found[0].1);
    let found = changed("get_companies_batch", "ids-duplicates", |recording| {
        recording["calls"][0]["response"]["body"]["json"]["data"]["getCompanies"] = json!([]);
    });
    assert!(found[0].1.starts_with("the outcome is another one"), "{}", found[0].1);
}

#[test]
fn what_is_no_recording_fails_and_so_does_no_folder() {
    let folder = Folder::new();
    for tool in ["get_company", "get_planet"] {
        fs::create_dir_all(folder.path(tool)).unwrap();
        folder.write(&format!("{tool}/only-required.json"), "{");
    }
    let (ended, lines) = replay(&folder.path(""));
    assert_eq!(ended.code, 1);
    let problems = problems(&lines);
    assert!(problems[0].1.starts_with("the recording is none"), "{problems:?}");
    assert!(
        problems[1].1.starts_with("there is no tool `get_planet` any more"),
        "{problems:?}"
    );

    let (ended, lines) = replay(&folder.path("nowhere"));
    assert_eq!((ended.code, lines), (2, Vec::new()));
    assert!(ended.stderr.contains("failed to read the folder"), "{}", ended.stderr);

    // What is empty is nothing to fail.
    fs::create_dir(folder.path("empty")).unwrap();
    let (ended, _) = replay(&folder.path("empty"));
    assert_eq!(ended.code, 0);
    assert!(ended.stderr.contains("there are no recordings"), "{}", ended.stderr);
}

/// A pipe that nobody writes to would be waited for, and `/dev/zero` has no end.
#[cfg(unix)]
#[test]
fn only_regular_files_are_read() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path("get_company")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", folder.path("get_company/endless.json")).unwrap();
    let pipe = folder.path("get_company/pipe.json");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    // A link to a recording is as good as one.
    let recording = Path::new(RECORDINGS).join("get_company/only-required.json");
    std::os::unix::fs::symlink(recording, folder.path("get_company/only-required.json")).unwrap();
    let (ended, lines) = replay(&folder.path(""));
    assert_eq!(ended.code, 1, "{}", ended.all());
    let problem = "the recording is no regular file; remove it, or record anew";
    let expected = ["endless", "pipe"].map(|case| (format!("get_company:{case}"), problem.to_owned()));
    assert_eq!(problems(&lines), expected);
}

#[test]
fn recordings_are_for_staging_and_git_ignores_them() {
    let api = Api::start();
    let folder = Folder::new();
    let to = folder.path("recorded");
    let to = to.to_str().unwrap();
    let mut words: Vec<_> = ["verify", "--record", to, "--case", "get_company:only-required"]
        .map(str::to_owned)
        .into();
    words.extend(api.flags());
    let refused = run(&words);
    assert_eq!(refused.code, 2);
    assert!(
        refused.stderr.contains("`--record` needs `--staging`"),
        "{}",
        refused.stderr
    );
    assert!(!folder.path("recorded").exists());

    words.push("--staging".to_owned());
    assert_eq!(run(&words).code, 0);
    assert_eq!(fs::read_to_string(folder.path("recorded/.gitignore")).unwrap(), "*\n");
    let text = fs::read_to_string(folder.path("recorded/get_company/only-required.json")).unwrap();
    assert!(
        !text.contains(api.sandbox.bearer()) && !text.contains("127.0.0.1"),
        "{text}"
    );

    // Somebody has decided otherwise.
    folder.write("recorded/.gitignore", "");
    assert_eq!(run(&words).code, 0);
    assert_eq!(fs::read_to_string(folder.path("recorded/.gitignore")).unwrap(), "");
    let (ended, lines) = replay(&folder.path("recorded"));
    assert_eq!((ended.code, problems(&lines)), (0, Vec::new()));
}
