//! Turns a name that somebody else chose into text that is fit to be shown.
//!
//! Invariant: what is returned is bounded, and has no control, invisible or direction-changing characters.

/// The most characters that are shown of a name.
const CHARS_MAX: usize = 40;

/// Returns a name's beginning, with what can't be seen escaped.
pub fn name(text: &str) -> String {
    let mut shown = String::new();
    let mut chars = text.chars();
    for c in chars.by_ref().take(CHARS_MAX) {
        match c {
            // An apostrophe needs no escape within double quotes or backticks.
            '\'' => shown.push(c),
            _ if is_invisible(c) && !c.is_control() => shown.extend(c.escape_unicode()),
            _ => shown.extend(c.escape_debug()),
        }
    }
    if chars.next().is_some() {
        shown.push('…');
    }
    shown
}

/// Says whether a character can hide text or change how it reads: format characters, fillers, tags, variation selectors.
pub fn is_invisible(c: char) -> bool {
    matches!(u32::from(c),
        0x00AD | 0x034F | 0x061C | 0x06DD | 0x070F | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F
        | 0x0600..=0x0605 | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF
        | 0xFFA0 | 0xFFF0..=0xFFFB | 0xE000..=0xF8FF | 0x1D173..=0x1D17A | 0xE_0000..=0xE_0FFF | 0xF_0000..=0x10_FFFF)
        || c.is_control()
}
