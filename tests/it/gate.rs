//! The write gate: without leave no write is listed, carried out, or written in code that compiles.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use expect_test::expect;
use serde_json::{Value, json};

use crate::api::{Api, Folder};
use crate::contract;
use crate::program;
use crate::session::{Era, Session};

const WRITES: [&str; 3] = ["add_to_collection", "create_collection", "request_email_discovery"];
const REFUSAL: &str = "mutations are disabled; start with --allow-mutations to enable write operations";

fn listed(session: &mut Session) -> Vec<String> {
    let list = session.request("tools/list", json!({})).unwrap();
    let tools = list["tools"].as_array().unwrap();
    tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap().to_owned())
        .collect()
}

fn expected(writes: &[&str]) -> Vec<&'static str> {
    let names = contract::specs().map(|spec| spec.name);
    names
        .filter(|name| !WRITES.contains(name) || writes.contains(name))
        .collect()
}

#[test]
fn without_the_flag_there_are_six_tools_and_every_write_is_refused() {
    let api = Api::start();
    for era in Era::ALL {
        for flags in [&[][..], &["--allow-mutations=false"]] {
            let mut session = Session::start_in(era, &api, flags);
            assert_eq!(listed(&mut session), expected(&[]));
            assert_eq!(listed(&mut session).len(), 6);
            for name in WRITES {
                let good = contract::required_arguments(contract::spec(name)).into();
                // Good or bad, the arguments do not matter.
                for arguments in [good, json!({}), json!({ "unknown": 1 })] {
                    assert_eq!(session.failure(name, arguments), REFUSAL);
                }
            }
        }
    }
    assert_eq!(api.requests(), 0);
}

#[test]
fn with_the_flag_there_are_nine_tools_and_every_write_is_carried_out() {
    let api = Api::start();
    for era in Era::ALL {
        let mut session = Session::start_in(era, &api, &["--allow-mutations"]);
        assert_eq!(listed(&mut session), expected(&WRITES));
        assert_eq!(listed(&mut session).len(), 9);
        for name in WRITES {
            let mut arguments = contract::required_arguments(contract::spec(name));
            if name == "create_collection" {
                arguments.insert("name".to_owned(), json!(format!("In {era:?}")));
            }
            session.result(name, arguments.into());
        }
    }
    assert_eq!(api.requests(), 6);
}

#[test]
fn with_names_there_are_those_writes_and_no_others() {
    let api = Api::start();
    let mut session = Session::start(&api, &["--allow-mutations=create_collection,add_to_collection"]);
    assert_eq!(
        listed(&mut session),
        expected(&["create_collection", "add_to_collection"])
    );
    session.result("create_collection", json!({ "name": "Allowed" }));
    let refused = session.failure("request_email_discovery", json!({ "companyId": "c-00001" }));
    assert_eq!(
        refused,
        "mutations are disabled for `request_email_discovery`; add it to the names in --allow-mutations to enable it"
    );
    assert_eq!(api.requests(), 1);
}

#[test]
fn a_name_that_is_no_write_s_refuses_to_start() {
    let api = Api::start();
    for (names, message) in [
        (
            "create_colection",
            "error: `--allow-mutations`: there is no write operation `create_colection` among add_to_collection, \
             create_collection, request_email_discovery; did you mean `create_collection`?\n",
        ),
        (
            "create_collection,get_company",
            "error: `--allow-mutations`: `get_company` only reads and is always allowed; take it out\n",
        ),
        (
            "",
            "error: `--allow-mutations`: no write operation is named; leave the value out to allow all, or name some of: \
             add_to_collection, create_collection, request_email_discovery\n",
        ),
    ] {
        let flag = format!("--allow-mutations={names}");
        for command in [&["serve"][..], &["tools"], &["call", "list_collections"]] {
            let mut words: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
            words.extend(api.flags());
            words.push(flag.clone());
            let ended = program::run(&words);
            assert_eq!(
                (ended.code, ended.stdout.as_str(), ended.stderr.as_str()),
                (2, "", message),
                "{command:?} {flag}"
            );
        }
    }
    assert_eq!(api.requests(), 0);
}

#[test]
fn a_write_from_a_shell_needs_the_flag_as_well() {
    let api = Api::start();
    let words = |more: &[&str]| {
        let mut words: Vec<String> = ["call", "create_collection", "name=From a shell"]
            .map(str::to_owned)
            .to_vec();
        words.extend(api.flags());
        words.extend(more.iter().map(|word| (*word).to_owned()));
        words
    };
    let ended = program::run(&words(&[]));
    assert_eq!((ended.code, ended.stdout), (1, String::new()));
    assert_eq!(ended.stderr, format!("error: {REFUSAL}\n"));
    let ended = program::run(&words(&["--dry-run"]));
    assert_eq!(ended.code, 0);
    assert!(
        ended.stderr.contains(&format!(
            "note: without --dry-run, this call would be refused: {REFUSAL}\n"
        )),
        "{}",
        ended.stderr
    );
    assert_eq!(api.requests(), 0);
    let ended = program::run(&words(&["--allow-mutations=create_collection"]));
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(api.requests(), 1);
}

/// Each file in `tests/ui` that must not compile stands beside a twin that differs from it in one place and compiles.
///
/// Not with trybuild: it builds every dependency once more, which takes ten minutes on two cores. The library that this
/// test was linked with is there already.
#[test]
fn a_write_without_leave_does_not_compile() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort_unstable();
    let (twins, refused): (Vec<_>, Vec<_>) = files.iter().partition(|file| stem(file).ends_with("_ok"));
    let names = |files: &[&PathBuf], end: &str| -> Vec<String> {
        files
            .iter()
            .map(|file| stem(file).strip_suffix(end).unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&twins, "_ok"), names(&refused, "_refused"));
    for (twin, refused) in twins.iter().zip(&refused) {
        assert_eq!(differences(twin, refused), 1, "{} and its twin", refused.display());
    }

    let library = libraries()
        .into_iter()
        .find(|library| twins.iter().all(|twin| compile(twin, library).is_empty()));
    let library = library.expect("the twins compile with no library that is there; `cargo build` and look why");
    let mut told = String::new();
    for file in refused {
        let errors = compile(file, &library);
        writeln!(told, "{}: {}", stem(file), errors.join(", ")).unwrap();
    }
    expect![[r"
        make_mutations_refused: E0624 associated function `parse` is private
        make_permit_refused: E0451 field `tool` of struct `appsync_mcp::permit::WritePermit` is private
        read_refused: E0277 the trait bound `appsync_mcp::sample::schema::Mutation: cynic::schema::QueryRoot` is not satisfied
        send_refused: E0061 this method takes 4 arguments but 3 arguments were supplied
    "]].assert_eq(&told);
}

fn stem(file: &Path) -> &str {
    file.file_stem().unwrap().to_str().unwrap()
}

/// In how many lines two files differ, but for the first, which says what they are.
fn differences(one: &Path, other: &Path) -> usize {
    let (one, other) = (fs::read_to_string(one).unwrap(), fs::read_to_string(other).unwrap());
    assert_eq!(one.lines().count(), other.lines().count());
    one.lines()
        .zip(other.lines())
        .skip(1)
        .filter(|(one, other)| one != other)
        .count()
}

/// The builds of the library that lie beside this test, the newest first: with other features there are others.
fn libraries() -> Vec<PathBuf> {
    let deps = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    let files = fs::read_dir(deps).unwrap().map(|entry| entry.unwrap().path());
    let is_library = |file: &PathBuf| {
        stem(file).starts_with("libappsync_mcp-") && file.extension().is_some_and(|extension| extension == "rlib")
    };
    let mut libraries: Vec<PathBuf> = files.filter(is_library).collect();
    libraries.sort_by_key(|library| fs::metadata(library).unwrap().modified().unwrap());
    libraries.reverse();
    libraries
}

/// Compiles a program against a build of the library, and returns the errors.
fn compile(file: &Path, library: &Path) -> Vec<String> {
    let folder = Folder::new();
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args([
            "--edition=2024",
            "--crate-type=bin",
            "--emit=metadata",
            "--error-format=json",
            "-Adead_code",
        ])
        .arg(format!("--extern=appsync_mcp={}", library.display()))
        .arg(format!("-Ldependency={}", library.parent().unwrap().display()))
        .arg(format!("--out-dir={}", folder.path("").display()))
        .arg(file)
        .output()
        .unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    let errors = errors.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let errors = errors.filter(|error| error["level"] == "error" && !error["spans"].as_array().unwrap().is_empty());
    let errors: Vec<String> = errors
        .map(|error| {
            format!(
                "{} {}",
                error["code"]["code"].as_str().unwrap_or_default(),
                error["message"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        output.status.success(),
        errors.is_empty(),
        "{}: {errors:?}",
        file.display()
    );
    errors
}
