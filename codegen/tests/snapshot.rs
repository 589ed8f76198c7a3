//! The Rust that this repository's own schema and operations become, kept where a review sees it.
//!
//! Accepted with `UPDATE_EXPECT=1 cargo test -p appsync-mcp-codegen`.

#![expect(clippy::expect_used, reason = "a helper of a test fails as the test does")]

use std::path::Path;

use appsync_mcp_codegen::{Diagnostics, Generated, SourceKind, Sources, Writes, generate};
use expect_test::expect_file;

fn sources() -> Sources {
    Sources::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).expect("the project's sources")
}

#[test]
fn the_sample_becomes_this_rust() {
    let sources = sources();
    let generated = generate(&sources, Writes::Included).map_err(|found| found.render(&sources));
    let generated = generated.unwrap_or_else(|report| panic!("{report}"));
    assert!(generated.warnings.is_empty(), "{}", generated.warnings.render(&sources));
    expect_file!["../../tests/snapshots/generated.rs"].assert_eq(&generated.code);
}

#[test]
fn the_same_sources_give_the_same_bytes_in_any_order() {
    let mut sources = sources();
    // Places name files by their number.
    let bytes = |sources: &Sources| {
        let generated = generate(sources, Writes::Included).expect("the sample builds");
        let unverified = generated.unverified.render(sources);
        let rest = Generated {
            unverified: Diagnostics::default(),
            ..generated
        };
        (rest, unverified)
    };
    let expected = bytes(&sources);
    for _ in 0..sources.files.len() {
        sources.files.rotate_left(1);
        assert_eq!(bytes(&sources), expected);
    }
}

#[test]
fn without_writes_nothing_of_a_write_is_emitted() {
    let sources = sources();
    let generated = generate(&sources, Writes::Excluded).expect("the sample builds");
    let writes = sources.files.iter().filter(|file| file.kind == SourceKind::Write);
    for file in writes {
        assert!(
            !generated.code.contains(&format!("pub mod {}", file.stem())),
            "{}",
            file.path
        );
    }
    for word in ["mutation", "Mutation"] {
        assert!(
            !generated.code.contains(word) && !generated.sdl.contains(word),
            "`{word}`"
        );
    }
}
