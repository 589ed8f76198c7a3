//! Each file in `ui/` that must not compile stands beside a twin that differs from it in one line and compiles.

use std::{fs, path::Path};

#[test]
fn a_write_without_leave_does_not_compile() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/*_ok.rs");
    cases.compile_fail("ui/*_refused.rs");
}

#[test]
fn twins_differ_in_one_line() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    for case in ["make_mutations", "make_permit", "read", "send"] {
        let (twin, refused) = (text(&format!("{case}_ok.rs")), text(&format!("{case}_refused.rs")));
        assert_eq!(twin.lines().count(), refused.lines().count(), "{case}");
        // The first line says what the file is.
        let differences = twin
            .lines()
            .zip(refused.lines())
            .skip(1)
            .filter(|(one, other)| one != other)
            .count();
        assert_eq!(differences, 1, "{case}");
    }
}
