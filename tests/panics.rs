//! A server program that panics: what comes out says where, and nothing of what it was working on.
//!
//! Started as a test, it starts itself once more with the program's own flags, and reads what that leaves.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that can't go on has failed")]

use std::env;
use std::process::{Command, ExitCode};

use appsync_mcp::{App, SandboxFuture, SandboxOptions, sample};

const NAME: &str = "a_panic_shows_its_place_and_no_value";

const SECRET: &str = "topsecret-quokka";

/// What the standard library's own report begins with, which quotes the message.
const OF_STD: &str = "panicked";

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let has = |word: &str| words.iter().any(|other| other == word);
    if has("--sandbox") {
        return appsync_mcp::run(&App {
            name: "panics",
            version: "0",
            contract: &sample::CONTRACT,
            sandbox: Some(panicking),
        });
    }
    if has("--list") {
        // As a test runner asks: the second time, for tests that are ignored.
        if !has("--ignored") {
            show(NAME);
        }
        return ExitCode::SUCCESS;
    }
    check();
    ExitCode::SUCCESS
}

#[expect(clippy::print_stdout, reason = "a test runner reads it")]
fn show(name: &str) {
    println!("{name}: test");
}

fn panicking(_: SandboxOptions) -> SandboxFuture {
    panic!("failed with {}", env::var("TOKEN").unwrap())
}

fn check() {
    for backtrace in ["0", "1"] {
        let ended = Command::new(env::current_exe().unwrap())
            .args(["call", "get_company", "id=c-1", "--sandbox"])
            .env("TOKEN", SECRET)
            .env("RUST_BACKTRACE", backtrace)
            .output()
            .unwrap();
        let stderr = String::from_utf8(ended.stderr).unwrap();
        let (report, functions) = stderr.split_once('\n').unwrap();
        let place = report.strip_prefix(concat!("error: a fault of this program at ", file!(), ":"));
        let what = place.and_then(|place| place.split_once(": ")).map(|(_, what)| what);
        assert_eq!(
            what,
            Some("what it says may be confidential and is left out; please report it"),
            "{stderr}"
        );
        assert_eq!(functions.is_empty(), backtrace == "0", "{stderr}");
        for text in [SECRET, "failed with", OF_STD] {
            assert!(!stderr.contains(text), "{stderr}");
        }
        assert_eq!((ended.status.code(), &*ended.stdout), (Some(101), &b""[..]));
    }
}
