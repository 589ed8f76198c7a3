//! Turns an enum's value in an answer into text: one that the schema has, or one that the API's schema has got since.
//!
//! A value that this build does not know is kept as it is, and is logged when it is met for the first time.
//!
//! Invariant: a known value costs its text and nothing else: no lock, no memory of it.
//! Invariant: what is remembered, and so what is logged, is bounded, whatever an API answers.
//! Invariant: of an enum that is left out of some result as personal data, no value is logged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer};

/// The longest value that is taken for one, in bytes.
const VALUE_BYTES_MAX: usize = 128;

/// The most values that are remembered.
const NEWER_MAX: usize = 100;

/// What stands in the log for a value that may be personal; it is none of any enum's.
const UNNAMED: &str = "-";

/// An enum as the build knows it.
pub trait OutputEnum {
    /// The type's name in the schema.
    const NAME: &'static str;
    /// The values in the schema.
    const VALUES: &'static [&'static str];
    /// Whether a tool leaves out a field with such values as personal data.
    const IS_PERSONAL: bool;
}

/// Reads a value. A text that can't be a value of any enum is an error.
pub fn enum_value<'de, E: OutputEnum, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let value = String::deserialize(deserializer)?;
    if E::VALUES.contains(&value.as_str()) {
        return Ok(value);
    }
    if !is_name(&value) {
        let expected = format!("a value of the enum `{}`", E::NAME);
        return Err(D::Error::invalid_value(Unexpected::Other("a text"), &expected.as_str()));
    }
    log(E::NAME, if E::IS_PERSONAL { UNNAMED } else { &value });
    Ok(value)
}

/// Whether a text can be the name of an enum's value: <https://spec.graphql.org/September2025/#EnumValue>.
fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= VALUE_BYTES_MAX
        && !["true", "false", "null"].contains(&text)
        && text.bytes().all(is_part)
        && text.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

fn log(enum_type: &'static str, value: &str) {
    static NEWER: Mutex<Newer> = Mutex::new(Newer::new());
    let said = NEWER
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .say(enum_type, value);
    match said {
        Some(Say::Value) => tracing::warn!(
            %enum_type,
            %value,
            "the API has a value of an enum that this build does not know; it is passed on as it is"
        ),
        Some(Say::Last) => {
            tracing::warn!("the API has more than {NEWER_MAX} such values of enums; no other one is logged");
        }
        None => {}
    }
}

/// The values that were logged, by enum.
struct Newer {
    values: BTreeMap<&'static str, BTreeSet<String>>,
    count: usize,
}

/// What there is to say of a value.
#[derive(Debug, PartialEq)]
enum Say {
    /// That it is there.
    Value,
    /// That there are too many.
    Last,
}

impl Newer {
    const fn new() -> Self {
        Self {
            values: BTreeMap::new(),
            count: 0,
        }
    }

    fn say(&mut self, enum_type: &'static str, value: &str) -> Option<Say> {
        // As many types as the build knows.
        let values = self.values.entry(enum_type).or_default();
        if self.count > NEWER_MAX || values.contains(value) {
            return None;
        }
        self.count += 1;
        if self.count > NEWER_MAX {
            return Some(Say::Last);
        }
        values.insert(value.to_owned());
        Some(Say::Value)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::Arc;

    use serde_json::{Value, json};
    use tracing_subscriber::fmt;

    use super::*;

    struct State;

    impl OutputEnum for State {
        const NAME: &'static str = "State";
        const VALUES: &'static [&'static str] = &["DRAFT", "DONE"];
        const IS_PERSONAL: bool = false;
    }

    #[test]
    fn what_may_be_a_value_is_kept_and_nothing_else() {
        let read = |value: Value| enum_value::<State, _>(value).map_err(|error| error.to_string());
        let longest = "x".repeat(VALUE_BYTES_MAX);
        for value in ["DRAFT", "DONE", "BURNT", "draft", "_", "_2", "a1", &longest] {
            assert_eq!(read(json!(value)).as_deref(), Ok(value));
        }
        let longer = "x".repeat(VALUE_BYTES_MAX + 1);
        for text in [
            "",
            " ",
            "DONE ",
            "IN PROGRESS",
            "in-progress",
            "2ND",
            "ÉTAT",
            "A\n",
            &longer,
        ] {
            let error = "invalid value: a text, expected a value of the enum `State`";
            assert_eq!(read(json!(text)), Err(error.to_owned()));
        }
        for (value, found) in [
            (json!(null), "null"),
            (json!(1), "integer `1`"),
            (json!(true), "boolean `true`"),
            (json!(["DONE"]), "sequence"),
            (json!({"DONE": null}), "map"),
        ] {
            assert_eq!(read(value), Err(format!("invalid type: {found}, expected a string")));
        }
    }

    struct Gender;

    impl OutputEnum for Gender {
        const NAME: &'static str = "Gender";
        const VALUES: &'static [&'static str] = &["FEMALE", "MALE"];
        const IS_PERSONAL: bool = true;
    }

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_log_has_one_line_and_no_personal_value() {
        let log = Log::default();
        let own = log.clone();
        let lines = fmt().with_writer(move || own.clone()).with_ansi(false).without_time();
        tracing::subscriber::with_default(lines.finish(), || {
            for value in ["LOGGED_ONCE", "DONE", "LOGGED_ONCE"] {
                enum_value::<State, _>(json!(value)).unwrap();
                enum_value::<State, _>(json!("no value")).unwrap_err();
            }
            for value in ["SECRET_ONE", "MALE", "SECRET_TWO"] {
                enum_value::<Gender, _>(json!(value)).unwrap();
            }
        });
        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        let line = |value: &str| {
            format!(
                " WARN appsync_mcp::output_enum: the API has a value of an enum that this build does not know; it is passed on as it is {value}\n"
            )
        };
        let expected = line("enum_type=State value=LOGGED_ONCE") + &line("enum_type=Gender value=-");
        assert_eq!(log, expected);
    }

    #[test]
    fn each_value_of_each_enum_is_told_once() {
        let mut newer = Newer::new();
        assert_eq!(newer.say("State", "BURNT"), Some(Say::Value));
        assert_eq!(newer.say("State", "BURNT"), None);
        assert_eq!(newer.say("State", "LOST"), Some(Say::Value));
        assert_eq!(newer.say("Phase", "BURNT"), Some(Say::Value));
        assert_eq!(newer.say("State", "LOST"), None);
    }

    #[test]
    fn when_there_are_too_many_that_is_told_once() {
        let mut newer = Newer::new();
        for n in 0..NEWER_MAX {
            assert_eq!(newer.say("State", &format!("V{n}")), Some(Say::Value));
        }
        assert_eq!(newer.say("State", "V0"), None);
        assert_eq!(newer.say("Phase", "A"), Some(Say::Last));
        for n in 0..10 * NEWER_MAX {
            assert_eq!(newer.say("State", &format!("W{n}")), None);
        }
        let remembered: usize = newer.values.values().map(BTreeSet::len).sum();
        assert_eq!(remembered, NEWER_MAX);
    }
}
