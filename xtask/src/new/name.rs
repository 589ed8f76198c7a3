//! Which names a project can have.
//!
//! The name is that of a folder, of a package, of a crate and of a program at once.

/// Rust's keywords and what it reserves (<https://doc.rust-lang.org/reference/keywords.html>).
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Crates that every crate has, or that this one will have.
const CRATES: &[&str] = &[
    "alloc",
    "appsync_mcp",
    "appsync_mcp_client",
    "appsync_mcp_codegen",
    "appsync_mcp_xtask",
    "core",
    "cynic",
    "proc_macro",
    "std",
    "test",
    "xtask",
];

/// Folders that Cargo makes beside the program.
const FOLDERS: &[&str] = &["build", "deps", "examples", "incremental"];

/// Names of devices, which Windows has in every folder.
const DEVICES: &[&str] = &["aux", "con", "nul", "prn"];

const LENGTH_MAX: usize = 64;

/// Says why a project can't be called so, and what to do.
pub(super) fn check(name: &str) -> Result<(), String> {
    let refused = |reason: &str| Err(format!("a project can't be called `{name}`: {reason}"));
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) || !name.chars().all(legal) {
        return refused("write it with lower-case letters, digits, `-` and `_`, a letter first");
    }
    if name.len() > LENGTH_MAX {
        return refused(&format!("it may have {LENGTH_MAX} characters at most"));
    }
    let crate_name = name.replace('-', "_");
    let is_one_of = |names: &[&str]| names.contains(&crate_name.as_str());
    let is_port = ["com", "lpt"].iter().any(|port| {
        let number = crate_name.strip_prefix(port);
        number.is_some_and(|number| matches!(number.as_bytes(), [b'1'..=b'9']))
    });
    if is_one_of(KEYWORDS) {
        refused("Rust keeps this word for itself; choose another")
    } else if is_one_of(CRATES) {
        refused("another crate of the build is called so; choose another")
    } else if is_one_of(FOLDERS) {
        refused("Cargo has a folder of this name where the program goes; choose another")
    } else if is_one_of(DEVICES) || is_port {
        refused("it is the name of a device on Windows; choose another")
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_name_is_one_of_a_folder_and_of_a_crate() {
        for name in [
            "books",
            "my-api",
            "my_api_2",
            "b",
            "test-api",
            "tests",
            "com10",
            &"a".repeat(64),
        ] {
            assert_eq!(check(name), Ok(()));
        }
        for (name, reason) in [
            ("", "write it with lower-case letters"),
            ("Books", "write it with lower-case letters"),
            ("my api", "write it with lower-case letters"),
            ("bücher", "write it with lower-case letters"),
            ("2books", "a letter first"),
            ("-books", "a letter first"),
            ("a.b", "write it with lower-case letters"),
            ("match", "Rust keeps this word"),
            ("gen", "Rust keeps this word"),
            ("test", "another crate"),
            ("proc-macro", "another crate"),
            ("appsync-mcp", "another crate"),
            ("xtask", "another crate"),
            ("build", "Cargo has a folder"),
            ("nul", "a device on Windows"),
            ("com1", "a device on Windows"),
            (&"a".repeat(65), "64 characters at most"),
        ] {
            let error = check(name).unwrap_err();
            assert!(error.contains(reason), "{name}: {error}");
        }
    }
}
