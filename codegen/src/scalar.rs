//! A scalar's name → what it is on the wire, and what its text must look like.
//!
//! AppSync's own scalars: <https://docs.aws.amazon.com/appsync/latest/devguide/scalars.html>. The patterns are no
//! stricter than AppSync; they are written so that ECMA 262 (JSON Schema) and Rust's `regex` read them alike. `\s`, for one,
//! is what each of them takes for white space, and so is written out.

use crate::{
    api::{Local, Wire},
    model::TextPattern,
};

/// Returns what a scalar is in JSON; of one that nobody declared, nothing.
pub(crate) fn wire(name: &str, local: &Local) -> Option<Wire> {
    Some(match name {
        "Int" | "AWSTimestamp" => Wire::Int,
        "Float" => Wire::Float,
        "Boolean" => Wire::Boolean,
        "ID" | "String" => Wire::String,
        _ if name.starts_with("AWS") => Wire::String,
        _ => *local.scalars.get(name)?,
    })
}

/// Returns what the text of one of AppSync's scalars must match.
pub(crate) fn pattern(name: &str) -> Option<TextPattern> {
    let (regex, hint) = match name {
        "AWSDate" => (
            r"^-?[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(Z|[+-][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$",
            "a date such as `2026-01-31`",
        ),
        "AWSTime" => (
            r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$",
            "a time of day such as `13:45:00`",
        ),
        "AWSDateTime" => (
            r"^-?[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2}(:[0-9]{2})?)$",
            "a moment with a time zone, such as `2026-01-31T13:45:00.000Z`",
        ),
        "AWSEmail" => (
            r"^[^@\t-\r ]+@[^@\t-\r ]+\.[^@\t-\r ]+$",
            "an e-mail address such as `name@example.com`",
        ),
        "AWSURL" => (
            r"^[A-Za-z][A-Za-z0-9+.-]*:[^\t-\r ]+$",
            "a URL such as `https://example.com/`",
        ),
        "AWSPhone" => (r"^[+]?[0-9() -]{3,24}$", "a phone number such as `+1 555 0100`"),
        "AWSIPAddress" => (
            r"^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]+)(/[0-9]{1,3})?$",
            "an IPv4 or IPv6 address such as `192.0.2.1`",
        ),
        _ => return None,
    };
    Some(TextPattern {
        regex: regex.to_owned(),
        hint: hint.to_owned(),
    })
}
