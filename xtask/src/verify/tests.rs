//! The lines that a program writes: what is read of them, what people are shown, and what stays known.

use std::{fs, path::PathBuf};

use appsync_mcp_codegen::{Verification, Verifications};
use expect_test::expect;

use super::*;

const DIGEST: &str = "sha256:aaaa";

/// A run over three tools: one passes, one fails whenever an argument is left out, and one is not called.
const LINES: &str = r#"
{"begin":{"digest":"sha256:aaaa","endpoint":"sha256:eeee","tools":3,"cases":7}}
{"case":{"tool":"find_books","case":"only-required","outcome":"passed","ms":3}}
{"case":{"tool":"find_books","case":"last-page","outcome":"skipped","ms":90}}
{"tool":{"tool":"find_books","kind":"read","passed":1,"failed":0,"skipped":1}}
{"case":{"tool":"add_book","case":"everything","outcome":"passed","ms":3}}
{"created":{"tool":"add_book","result":{"id":"b-1"},"undoneBy":"drop_book","undone":true}}
{"case":{"tool":"add_book","case":"without-note","outcome":"failed","ms":4,"problem":"the resolver failed: \u001b[31mnull","request":{"method":"POST","url":"https://api.example.com/graphql","headers":{"content-type":"application/json","authorization":"[redacted]"},"body":"{\"query\":\"mutation\",\"variables\":{\"title\":\"A\"}}"},"response":"{\"data\":null,\"errors\":[{\"errorType\":\"Lambda:Unhandled\"}]}"}}
{"case":{"tool":"add_book","case":"only-required","outcome":"failed","ms":4,"problem":"the resolver failed","response":"<html>\u202e"}}
{"case":{"tool":"add_book","case":"title-longest","outcome":"failed","ms":4,"problem":"the resolver failed"}}
{"created":{"tool":"add_book","result":{"id":"b-2"},"undoneBy":"drop_book","undone":false}}
{"case":{"tool":"add_book","case":"title-of-emoji","outcome":"failed","ms":4,"problem":"the resolver failed"}}
{"created":{"tool":"add_book","result":{"id":"b-3"},"undone":false}}
{"tool":{"tool":"add_book","kind":"write","passed":1,"failed":4,"skipped":0,"because":"fails whenever `note` is left out"}}
{"tool":{"tool":"drop_book","kind":"write","passed":0,"failed":0,"skipped":0,"notVerified":"a write; verify with --include-writes --staging against a staging endpoint"}}
{"end":{"passed":2,"failed":4,"skipped":1}}
"#;

fn taken<'l>(lines: impl IntoIterator<Item = &'l str>) -> Result<Run, String> {
    let mut run = Run::of(&[DIGEST.to_owned()]);
    for line in lines.into_iter().filter(|line| !line.is_empty()) {
        run.take(line).map_err(|error| error.to_string())?;
    }
    Ok(run)
}

fn tools() -> BTreeMap<String, String> {
    let tools = ["add_book", "drop_book", "find_books", "get_book"];
    tools.map(|name| (name.to_owned(), format!("sha256:{name}"))).into()
}

fn known(contract: &str) -> Verification {
    Verification {
        contract: contract.to_owned(),
        endpoint: "sandbox".to_owned(),
        time: "2026-01-31T12:00:00Z".to_owned(),
        cases: 9,
    }
}

fn before() -> Verifications {
    let known = [
        ("add_book", known("sha256:add_book")),
        ("drop_book", known("sha256:drop_book")),
        ("find_books", known("sha256:another")),
        ("get_book", known("sha256:another")),
        ("gone", known("sha256:gone")),
    ];
    known.map(|(name, known)| (name.to_owned(), known)).into()
}

#[test]
fn what_passed_is_known_and_what_failed_is_forgotten() {
    let run = taken(LINES.lines()).unwrap();
    let now = kept(&run, &tools(), &before());
    // What was not called stays known as it is, and only so.
    assert_eq!(now.keys().collect::<Vec<_>>(), ["drop_book", "find_books"]);
    assert_eq!(now["drop_book"], known("sha256:drop_book"));
    let found = &now["find_books"];
    assert_eq!(
        (&*found.contract, &*found.endpoint, found.cases),
        ("sha256:find_books", "sha256:eeee", 1)
    );
    assert_eq!(found.time.len(), "2026-01-31T12:00:00Z".len(), "{}", found.time);
    assert!(found.time.ends_with('Z'), "{}", found.time);
    // It is what a build reads.
    assert!(
        verified_lock(&now).contains("\n[find_books]\ncontract = \"sha256:find_books\"\nendpoint = \"sha256:eeee\"\n")
    );
}

#[test]
fn what_a_sandbox_answers_takes_nothing_from_what_an_api_has() {
    let by = |endpoint: &str, contract: &str| Verification {
        endpoint: endpoint.to_owned(),
        ..known(contract)
    };
    let in_sandbox = LINES.replace("sha256:eeee", "sandbox");
    assert_ne!(in_sandbox, LINES);
    let run = taken(in_sandbox.lines()).unwrap();
    for (before, expected) in [
        // An API has answered the tool as it is.
        (by("sha256:eeee", "sha256:find_books"), "sha256:eeee"),
        // It has answered another one.
        (by("sha256:eeee", "sha256:another"), "sandbox"),
        (by("sandbox", "sha256:find_books"), "sandbox"),
    ] {
        let before: Verifications = [("find_books".to_owned(), before.clone())].into();
        let now = kept(&run, &tools(), &before);
        assert_eq!(now["find_books"].endpoint, expected, "{before:?}");
        assert_eq!(now["find_books"].time == "2026-01-31T12:00:00Z", expected != "sandbox");
    }
    // The other way round, what is better counts.
    let run = taken(LINES.lines()).unwrap();
    let before = [("find_books".to_owned(), by("sandbox", "sha256:find_books"))].into();
    assert_eq!(kept(&run, &tools(), &before)["find_books"].endpoint, "sha256:eeee");
}

#[test]
fn what_was_not_answered_stays_known() {
    let because = r#""because":"fails whenever `note` is left out"}"#;
    let unanswered = r#""notVerified":"the API did not answer, or not to this credential"}"#;
    let run = taken(LINES.replacen(because, unanswered, 1).lines()).unwrap();
    let now = kept(&run, &tools(), &before());
    assert_eq!(now["add_book"], known("sha256:add_book"));
    // It has failed all the same, and who runs it is told.
    assert!(run.has_failed());
    let report = report::report(&run, &Args::default(), &now);
    let said = "yes, by 2026-01-31T12:00:00Z (the API did not answer, or not to this credential)\n";
    assert!(report.contains(said), "{report}");
    // What was known of it as it was before does not.
    let changed = [("add_book".to_owned(), "sha256:changed".to_owned())].into();
    assert!(kept(&run, &changed, &before()).is_empty());
}

#[test]
fn people_see_a_table_and_how_to_see_a_failure_again() {
    let run = taken(LINES.lines()).unwrap();
    let args = Args {
        include_writes: true,
        staging: true,
        tool: vec!["add_book".to_owned()],
        flags: [
            "--endpoint",
            "https://api.example.com/graphql",
            "--token-command",
            "get token",
        ]
        .map(OsString::from)
        .into(),
        ..Args::default()
    };
    let now = kept(&run, &tools(), &before());
    expect![[r#"
        tool        kind   cases  passed  failed  skipped  verified
        find_books  read   2      1       0       1        yes
        add_book    write  5      1       4       0        no: fails whenever `note` is left out
        drop_book   write  0      0       0       0        yes, by 2026-01-31T12:00:00Z (a write; verify with --include-writes --staging against a staging endpoint)

        add_book: 4 of 5 cases failed; fails whenever `note` is left out

          without-note: the resolver failed: \u{1b}[31mnull
          request
            POST https://api.example.com/graphql
            content-type: application/json
            authorization: [redacted]
            {
              "query": "mutation",
              "variables": {
                "title": "A"
              }
            }
          response
            {
              "data": null,
              "errors": [
                {
                  "errorType": "Lambda:Unhandled"
                }
              ]
            }
          again
            cargo xtask verify --include-writes --staging --case add_book:without-note -- --endpoint https://api.example.com/graphql --token-command 'get token'

          only-required: the resolver failed
          response
            <html>\u{202e}
          again
            cargo xtask verify --include-writes --staging --case add_book:only-required -- --endpoint https://api.example.com/graphql --token-command 'get token'

          title-longest: the resolver failed
          again
            cargo xtask verify --include-writes --staging --case add_book:title-longest -- --endpoint https://api.example.com/graphql --token-command 'get token'

          title-of-emoji: the resolver failed
          cargo xtask verify --include-writes --staging --case add_book:title-of-emoji -- --endpoint https://api.example.com/graphql --token-command 'get token'

        made and not removed:
          add_book (`drop_book` did not): {"id":"b-2"}
          add_book: {"id":"b-3"}
    "#]]
    .assert_eq(&report::report(&run, &args, &now));
}

#[test]
fn of_many_things_that_are_made_the_first_are_shown() {
    let created = |tool: &str, numbers: std::ops::Range<u32>| -> String {
        let line = |number| {
            format!(r#"{{"created":{{"tool":"{tool}","result":{{"id":"{tool}-{number}"}},"undone":false}}}}"#) + "\n"
        };
        let case = format!(r#"{{"case":{{"tool":"{tool}","case":"everything","outcome":"passed","ms":3}}}}"#) + "\n";
        case + &numbers.map(line).collect::<String>()
    };
    let begin = LINES.trim_start().lines().next().unwrap();
    let lines = format!("{begin}\n{}{}", created("five", 0..5), created("six", 0..6));
    let run = taken(lines.lines()).unwrap();
    expect![[r#"

        made and not removed:
          five: {"id":"five-0"}
          five: {"id":"five-1"}
          five: {"id":"five-2"}
          five: {"id":"five-3"}
          five: {"id":"five-4"}
          six: {"id":"six-0"}
          six: {"id":"six-1"}
          six: {"id":"six-2"}
          six: 3 more, which `--json` tells
    "#]]
    .assert_eq(&report::created(&run));
}

#[test]
fn what_may_have_been_made_is_shown_as_it_was_sent() {
    let made = r#"{"created":{"tool":"add_book","result":{"id":"b-3"},"undone":false}}"#;
    let maybe = r#"{"created":{"tool":"add_book","result":null,"arguments":{"title":"A"},"maybe":true,"undoneBy":"drop_book","undone":false}}"#;
    let run = taken(LINES.replacen(made, maybe, 1).lines()).unwrap();
    expect![[r#"

        made and not removed:
          add_book (`drop_book` did not): {"id":"b-2"}

        perhaps made, since the outcome is unknown; this was sent:
          add_book: {"title":"A"}
    "#]]
    .assert_eq(&report::created(&run));
}

#[test]
fn what_else_there_is_to_know_of_a_tool_is_told() {
    let lines = LINES.replacen(
        r#""skipped":1}}"#,
        r#""skipped":1,"note":"7 more cases were not tried"}}"#,
        1,
    );
    let run = taken(lines.lines()).unwrap();
    let text = report::report(&run, &Args::default(), &BTreeMap::new());
    assert!(
        text.ends_with("\n\nfind_books: 7 more cases were not tried\n"),
        "{text}"
    );
}

#[test]
fn a_run_that_is_not_whole_proves_nothing() {
    let whole: Vec<_> = LINES.lines().filter(|line| !line.is_empty()).collect();
    let without = |at: usize| {
        whole
            .iter()
            .enumerate()
            .filter(move |(other, _)| *other != at)
            .map(|(_, line)| *line)
    };
    let (last, first) = (whole.len() - 1, 0);
    for (told, expected) in [
        (taken(without(first)), "it comes before the beginning"),
        // A case, then a tool.
        (taken(without(1)), "its numbers are not those of the cases"),
        (taken(without(3)), "its numbers are not those of the cases"),
        (taken(without(12)), "its numbers are not those of the cases"),
        (taken([whole[first], whole[5]]), "it comes after no case of its tool"),
        (
            taken([whole[first], whole[1], whole[5]]),
            "it comes after no case of its tool",
        ),
        (
            taken(whole.iter().copied().chain([whole[last]])),
            "it comes after the end",
        ),
        (taken([whole[first], whole[first]]), "it begins again"),
        (
            taken([whole[first], whole[1], whole[2], whole[3], whole[last]]),
            "its numbers are not those of the tools",
        ),
        (
            taken([whole[first], whole[1], whole[2], whole[3], whole[1], whole[2], whole[3]]),
            "the tool was told of before",
        ),
        (taken(["{\"hello\":1}"]), "unknown variant `hello`"),
        (taken(["warning: \u{1b}[1m"]), r"warning: \u{1b}[1m"),
        (
            taken([&*whole[first].replace("aaaa", "bbbb")]),
            "the program's tools are sha256:bbbb, not those of the present sources",
        ),
    ] {
        let error = told.err().unwrap_or_default();
        assert!(error.contains(expected), "{error:?} has {expected:?}");
    }
}

#[test]
fn the_programs_flags_come_first() {
    let args = Args {
        include_writes: true,
        tool: vec!["a".to_owned(), "b".to_owned()],
        case: vec!["c:only-required".to_owned()],
        record: Some("recordings".into()),
        flags: vec!["--sandbox".into()],
        ..Args::default()
    };
    let expected = "--sandbox verify --include-writes --tool a --tool b --case c:only-required --record recordings";
    assert_eq!(args.line(), expected.split(' ').collect::<Vec<_>>());
}

/// A program that prints the file that its first argument names, and ends with the code that the second one does.
#[cfg(unix)]
fn fake(lines: &str, code: u8) -> (PathBuf, Args) {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let file = std::env::temp_dir().join(format!("appsync-mcp-verify-{}-{number}", std::process::id()));
    fs::write(&file, lines.trim_start()).unwrap();
    let script = "cat \"$0\"; rm \"$0\"; exit \"$1\"";
    let flags = vec!["-c".into(), script.into(), file.into(), code.to_string().into()];
    let args = Args {
        flags,
        ..Args::default()
    };
    (PathBuf::from("/bin/sh"), args)
}

#[cfg(unix)]
#[test]
fn a_program_is_followed_to_its_end() {
    let followed = |lines: &str, code| {
        let (program, args) = fake(lines, code);
        let mut run = Run::of(&[DIGEST.to_owned()]);
        follow(&args, &program, &mut run).map_err(|error| error.to_string())
    };
    let whole = LINES.to_owned();
    let cut = LINES.trim_end().rsplit_once('\n').unwrap().0;
    assert_eq!(followed(&whole, 1), Ok(()));
    for (lines, code, expected) in [
        // Something has failed, so this is not the end that it tells of.
        (
            &*whole,
            0,
            "the program ended before the verification did (exit status: 0)",
        ),
        (cut, 1, "the program ended before the verification did (exit status: 1)"),
        ("", 0, "the program ended before the verification did (exit status: 0)"),
        ("", 2, "the program did not take its flags or settings"),
        (
            "nonsense\n",
            0,
            "the program wrote a line that is none of a verification",
        ),
    ] {
        let error = followed(lines, code).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
        assert!(
            error.ends_with("`schema/verified.lock` is as it was") || error.contains("nonsense"),
            "{error}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_program_that_a_terminal_interrupts_has_said_what_it_made() {
    // The program is the first to follow the signal; a signal that no user sends is something else.
    for (signal, is_stop) in [("INT", true), ("TERM", true), ("KILL", false)] {
        let lines: String = LINES.trim_start().split_inclusive('\n').take(10).collect();
        let (program, mut args) = fake(&lines, 0);
        args.flags[1] = format!("cat \"$0\"; rm \"$0\"; kill -{signal} $$").into();
        let mut run = Run::of(&[DIGEST.to_owned()]);
        let error = follow(&args, &program, &mut run).unwrap_err();
        assert_eq!(matches!(error, VerifyError::Interrupted), is_stop, "{error}");
        if is_stop {
            assert_eq!(error.to_string(), "stopped; `schema/verified.lock` is as it was");
        }
        let created = report::created(&run);
        assert!(created.contains(r#"{"id":"b-2"}"#), "{created}");
    }
}

#[cfg(unix)]
#[test]
fn a_program_whose_line_is_wrong_is_ended() {
    let started = std::time::Instant::now();
    let flags = ["-c", "echo nonsense; exec sleep 3600"].map(OsString::from).into();
    let args = Args {
        flags,
        ..Args::default()
    };
    let error = follow(&args, Path::new("/bin/sh"), &mut Run::of(&[])).unwrap_err();
    assert!(matches!(error, VerifyError::Broken(_)), "{error}");
    assert!(started.elapsed() < std::time::Duration::from_mins(30));
}

#[test]
fn tools_are_counted_once() {
    for (by_api, in_sandbox, expected) in [
        (5, 0, "5 of 9 tools are verified"),
        (0, 0, "0 of 9 tools are verified"),
        (0, 2, "2 of 9 tools are verified in the sandbox only"),
        (5, 2, "5 of 9 tools are verified, 2 more in the sandbox only"),
    ] {
        assert_eq!(verified_text(by_api, in_sandbox, 9), expected);
    }
}
