//! A character → whether a reader sees it: what the build writes for readers has the others as escapes.
//!
//! Invariant: what is escaped has no controls, which a terminal would obey, and nothing that changes how other text reads.

use std::fmt::Write as _;

/// Whether a character is not seen, or changes how others read: controls, format characters, fillers, tags, variation
/// selectors, private use.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0x00AD | 0x034F | 0x061C | 0x06DD | 0x070F | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F
            | 0x0600..=0x0605 | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xE000..=0xF8FF
            | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0x1D173..=0x1D17A | 0xE_0000..=0x10_FFFF)
}

/// Returns a text as a terminal may show it: each hidden character as an escape such as `\u{1b}`, but for line ends and tabs.
///
/// ```
/// assert_eq!(appsync_mcp_codegen::visible("a\u{1b}[2J\u{202e}b\n"), "a\\u{1b}[2J\\u{202e}b\n");
/// ```
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) && !matches!(c, '\n' | '\t') {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Returns the same JSON with each hidden character of its strings as JSON escapes it. Line ends stay: they are between the
/// values, since no string has one that is not escaped.
///
/// ```
/// assert_eq!(appsync_mcp_codegen::visible_json("[\"a\u{202e}b\"]\n"), "[\"a\\u202eb\"]\n");
/// ```
pub fn visible_json(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        if is_hidden(c) && !matches!(c, '\n' | '\r' | '\t') {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Returns a line in which each hidden character is one that is seen, so that columns stay. Tabs stay too.
pub(crate) fn masked(line: &str) -> String {
    let seen = |c| if is_hidden(c) && c != '\t' { '\u{fffd}' } else { c };
    line.chars().map(seen).collect()
}
