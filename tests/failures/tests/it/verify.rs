//! `verify` in front of an API that keeps what is written: what was made is taken back, and what is personal is told nowhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::credential::{Credential, Mode};
use crate::people::{Answer, Api, Asked, People, answer};

/// What the program has done.
struct Done {
    code: i32,
    out: String,
    err: String,
}

impl Done {
    fn lines(&self) -> Vec<Value> {
        let lines = self.out.lines().map(|line| serde_json::from_str(line).unwrap());
        lines.collect()
    }

    /// The lines of one kind.
    fn of(&self, kind: &str) -> Vec<Value> {
        let lines = self.lines().into_iter();
        lines.filter_map(|line| line.get(kind).cloned()).collect()
    }

    /// What came of a tool.
    fn tool(&self, name: &str) -> Value {
        let mut tools = self.of("tool").into_iter();
        tools.find(|tool| tool["tool"] == name).unwrap()
    }
}

/// Runs `verify`, writes included, without the settings of whoever runs the tests.
fn verify(api: &Api, words: &[&str]) -> Done {
    let credential = Credential::new(Mode::ApiKey);
    let endpoint = format!("http://{}/graphql", api.address);
    let mut command = command(&["--endpoint", &endpoint]);
    command.args(credential.flags());
    command.args(["verify", "--include-writes", "--staging"]).args(words);
    run(command)
}

fn command(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_appsync-mcp-failures"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().to_ascii_uppercase().starts_with("APPSYNC_MCP_") {
            command.env_remove(name);
        }
    }
    command.args(words).stdin(Stdio::null());
    command
}

fn run(mut command: Command) -> Done {
    let output = command.output().unwrap();
    Done {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The tools of people; no other is answered.
const ALL: [&str; 4] = ["--tool", "add_person", "--tool", "remove_person"];

#[test]
fn what_was_made_is_taken_back_at_once() {
    let api = Api::start(answer);
    let done = verify(&api, &ALL);
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
    let lines = done.lines();
    let created: Vec<usize> = (0..lines.len())
        .filter(|at| lines[*at].get("created").is_some())
        .collect();
    assert!(created.len() > 3, "{}", done.out);
    for at in created {
        // What takes back makes nothing.
        let made = &lines[at]["created"];
        assert_eq!(
            (&made["tool"], &made["undoneBy"], &made["undone"]),
            (&json!("add_person"), &json!("remove_person"), &json!(true))
        );
        assert_eq!(lines[at - 1]["case"]["tool"], "add_person");
        assert_eq!(lines[at - 1]["case"]["outcome"], "passed");
    }
    assert_eq!(api.people(), People::new());
}

/// Nobody is removed.
fn keeps(asked: &Asked, people: &mut People) -> Answer {
    if asked.operation == "RemovePerson" {
        let error = json!({ "message": "denied", "errorType": "Locked", "path": ["removePerson"] });
        return (
            200,
            json!({ "data": { "removePerson": null }, "errors": [error] }).to_string(),
        );
    }
    answer(asked, people)
}

#[test]
fn what_can_not_be_taken_back_is_said() {
    let api = Api::start(keeps);
    let done = verify(&api, &ALL);
    // The one tool does what it promises, the other does not; neither hides the other.
    assert_eq!(done.code, 1, "{}{}", done.out, done.err);
    assert_eq!(done.tool("add_person")["failed"], 0);
    assert_ne!(done.tool("remove_person")["failed"], 0, "{}", done.out);
    assert_eq!(
        done.tool("remove_person")["because"],
        "every case fails: OUTCOME_UNKNOWN (Locked)"
    );
    let created = done.of("created");
    assert_eq!(created.len(), api.people().len());
    for made in &created {
        assert_eq!(
            (&made["undoneBy"], &made["undone"]),
            (&json!("remove_person"), &json!(false))
        );
    }
    let said = done.err.matches("what was made is still there").count();
    assert_eq!(said, created.len(), "{}", done.err);

    // It alone has passed, and says all the same what it has left behind.
    let done = verify(&Api::start(keeps), &["--tool", "add_person"]);
    assert_eq!(done.code, 0);
    assert!(done.of("created").iter().all(|made| made["undone"] == false));
}

/// In the name and the e-mail address of the person that the API answers, and in no argument.
const PERSONAL: &str = "uokka";
/// The id of that person, which is not marked.
const ID: &str = "p-visible";

fn person() -> Value {
    json!({ "id": ID, "name": "Ann Quokka", "email": "ann.quokka@example.com" })
}

/// An answer, what becomes of a read and of a write of it, and whether the exchange is kept.
struct Row {
    about: &'static str,
    answer: fn(field: &str) -> Answer,
    has_passed: bool,
    is_kept: bool,
}

const ROWS: [Row; 10] = [
    Row {
        about: "a result",
        answer: |field| (200, json!({ "data": { field: person() } }).to_string()),
        has_passed: true,
        is_kept: true,
    },
    Row {
        about: "a result, and more beside the data",
        answer: |field| {
            let more = json!({ "seen": person() });
            let body = json!({ "data": { field: person() }, "extensions": more, "more": more });
            (200, body.to_string())
        },
        has_passed: true,
        is_kept: true,
    },
    Row {
        about: "a field that was not asked for",
        answer: |field| {
            let mut data = person();
            data["also"] = json!("Ann Quokka");
            (200, json!({ "data": { field: data } }).to_string())
        },
        has_passed: false,
        is_kept: false,
    },
    Row {
        about: "a result that is not whole",
        answer: |field| {
            let mut data = person();
            data["email"] = Value::Null;
            (
                200,
                json!({ "data": { field: data }, "errors": [error(field)] }).to_string(),
            )
        },
        has_passed: false,
        is_kept: true,
    },
    Row {
        about: "an error",
        answer: |field| {
            (
                200,
                json!({ "data": { field: null }, "errors": [error(field)] }).to_string(),
            )
        },
        has_passed: false,
        is_kept: true,
    },
    Row {
        about: "another type than the schema's",
        answer: |field| {
            let mut data = person();
            data["id"] = json!({ "of": "Ann Quokka" });
            (200, json!({ "data": { field: data } }).to_string())
        },
        has_passed: false,
        is_kept: false,
    },
    Row {
        about: "no JSON",
        answer: |_| (200, "<p>Ann Quokka, ann.quokka@example.com</p>".to_owned()),
        has_passed: false,
        is_kept: false,
    },
    Row {
        about: "JSON that is cut",
        answer: |field| {
            let whole = json!({ "data": { field: person() } }).to_string();
            (200, whole[..whole.len() - 3].to_owned())
        },
        has_passed: false,
        is_kept: false,
    },
    Row {
        about: "status 400",
        answer: |field| (400, json!({ "errors": [error(field)] }).to_string()),
        has_passed: false,
        is_kept: true,
    },
    Row {
        about: "status 403",
        answer: |_| (403, json!({ "message": "Ann Quokka is not allowed" }).to_string()),
        has_passed: false,
        is_kept: true,
    },
];

fn error(field: &str) -> Value {
    json!({
        "message": "Ann Quokka has no address ann.quokka@example.com",
        "errorType": "Unknown",
        "errorInfo": { "who": person() },
        "data": person(),
        "path": [field, "email"],
        "locations": [{ "line": 1, "column": 2 }],
    })
}

/// All text of a folder's files.
fn texts(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let text = |path: PathBuf| {
        if path.is_dir() {
            texts(&path)
        } else {
            vec![fs::read_to_string(path).unwrap()]
        }
    };
    entries.flat_map(text).collect()
}

#[test]
fn what_is_personal_is_neither_told_nor_kept() {
    for (number, row) in ROWS.iter().enumerate() {
        let about = row.about;
        let api = Api::start(|asked, _| match asked.operation.as_str() {
            "GetPerson" => (row.answer)("getPerson"),
            "AddPerson" => (row.answer)("addPerson"),
            _ => (200, json!({ "data": { "removePerson": true } }).to_string()),
        });
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("people-{}-{number}", std::process::id()));
        let folder_name = folder.to_str().unwrap();
        let words = ["--tool", "get_person", "--tool", "add_person", "--record", folder_name];
        let done = verify(&api, &words);

        for tool in ["get_person", "add_person"] {
            assert_eq!(done.tool(tool)["failed"] == 0, row.has_passed, "{about}: {}", done.out);
        }
        let sent = |case: &Value| case["outcome"] == "failed";
        let failed: Vec<Value> = done.of("case").into_iter().filter(sent).collect();
        assert!(
            failed.iter().all(|case| case["response"].is_string()),
            "{about}: {}",
            done.out
        );
        let all = format!("{}{}", done.out, done.err);
        assert!(!all.contains(PERSONAL), "{about}: {all}");

        let kept = texts(&folder);
        assert_eq!(
            kept.iter().any(|text| text.contains("\"calls\"")),
            row.is_kept,
            "{about}: {kept:?}"
        );
        let personal = kept.iter().find(|text| text.contains(PERSONAL));
        assert_eq!(personal, None, "{about}");
        // It is this answer that is kept, and what comes of it is the same.
        if about.starts_with("a result") {
            assert!(kept.iter().any(|text| text.contains(ID)), "{about}");
            assert!(all.contains(ID), "{about}: {all}");
        }
        let again = run(command(&["verify", "--replay", folder_name]));
        assert_eq!(again.code, 0, "{about}: {}{}", again.out, again.err);
        assert_eq!(again.of("case").is_empty(), !row.is_kept, "{about}");
        fs::remove_dir_all(&folder).unwrap();
    }
}
