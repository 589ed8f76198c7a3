//! JSON that says what it means, and yet not as the reader takes it → the value, and how many characters of it are lost.
//!
//! AppSync passes on what a resolver writes. So a text that was cut in the middle of an emoji arrives as half a surrogate pair
//! (`\ud83d`), and a count that went through a floating-point number as `10.0` or `1e2`. A whole page is worth more than that.
//!
//! Invariant: JSON that is as it should be is read once, and nothing else happens to it.
//! Invariant: numbers keep their value, exactly; one that is no whole number of at most 19 digits stays as it is.
//! Invariant: what is replaced is within texts, and is counted.

use serde::de::{DeserializeOwned, IgnoredAny};

/// What stands for a character that is lost (U+FFFD), as it is and as JSON may spell it.
const REPLACEMENT: &str = "\u{FFFD}";

/// What some writers put before a text. A reader of JSON may pass over it (RFC 8259, section 8.1).
const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// The most digits that a number is written out with: those of the largest `i64`.
const DIGITS_MAX: usize = 19;

/// Reads a value, from a mended text if it has to be; returns it with how many characters were replaced.
///
/// `refuse` makes the error, of the text that it is about: the one that came, unless something else is wrong once it is mended.
pub(crate) fn read<T: DeserializeOwned, E>(
    text: &[u8],
    refuse: impl Fn(&[u8], &serde_json::Error) -> E,
) -> Result<(T, usize), E> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let error = match serde_json::from_slice(text) {
        Ok(value) => return Ok((value, 0)),
        Err(error) => error,
    };
    let Some(mended) = mend(text) else {
        return Err(refuse(text, &error));
    };
    match serde_json::from_slice(&mended.text) {
        Ok(value) => Ok((value, mended.replaced)),
        // The same is wrong, and its place is that in the text as it came.
        Err(again) if fact(&again) == fact(&error) => Err(refuse(text, &error)),
        Err(error) => Err(refuse(&mended.text, &error)),
    }
}

/// Returns what is wrong, without the place.
fn fact(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let fact = message.rsplit_once(" at line ").map(|(fact, _)| fact.to_owned());
    fact.unwrap_or(message)
}

/// A text without what the reader does not take.
#[derive(Default)]
struct Mended {
    text: Vec<u8>,
    /// How many characters of texts were replaced.
    replaced: usize,
    /// Whether a number was written out.
    has_number: bool,
}

/// Returns the text mended; nothing if there is nothing to mend.
fn mend(text: &[u8]) -> Option<Mended> {
    let mut mended = Mended {
        text: Vec::with_capacity(text.len()),
        ..Mended::default()
    };
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = match first {
            b'"' => {
                mended.text.push(b'"');
                mended.string(after)
            }
            b'-' | b'0'..=b'9' => mended.number(rest),
            other => {
                mended.text.push(*other);
                after
            }
        };
    }
    (mended.replaced > 0 || mended.has_number).then_some(mended)
}

impl Mended {
    /// Takes a string from behind its first quotation mark; returns what comes after it.
    fn string<'a>(&mut self, mut rest: &'a [u8]) -> &'a [u8] {
        while let Some((first, after)) = rest.split_first() {
            rest = match first {
                b'"' => {
                    self.text.push(b'"');
                    return after;
                }
                b'\\' => self.escape(rest),
                b'\0'..=b'\x7f' => {
                    self.text.push(*first);
                    after
                }
                _ => {
                    let length = rest.iter().take_while(|byte| !byte.is_ascii()).count();
                    let (run, after) = rest.split_at(length);
                    self.not_ascii(run);
                    after
                }
            };
        }
        rest
    }

    /// Takes an escape, or two that are one character; returns what comes after it.
    fn escape<'a>(&mut self, text: &'a [u8]) -> &'a [u8] {
        let length = match (code_unit(text), text.get(6..).and_then(code_unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                self.text.extend(REPLACEMENT.as_bytes());
                self.replaced += 1;
                return text.get(6..).unwrap_or_default();
            }
            (Some(_), _) => 6,
            // A quotation mark behind it is none that ends the string.
            (None, _) => 2,
        };
        let (escape, rest) = text.split_at(length.min(text.len()));
        self.text.extend(escape);
        rest
    }

    fn not_ascii(&mut self, run: &[u8]) {
        for chunk in run.utf8_chunks() {
            self.text.extend(chunk.valid().as_bytes());
            if !chunk.invalid().is_empty() {
                self.text.extend(REPLACEMENT.as_bytes());
                self.replaced += 1;
            }
        }
    }

    /// Takes a number; returns what comes after it.
    fn number<'a>(&mut self, text: &'a [u8]) -> &'a [u8] {
        let is_part = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let (number, rest) = text.split_at(text.iter().take_while(is_part).count());
        let whole = std::str::from_utf8(number).ok().and_then(written_out);
        self.has_number |= whole.is_some();
        self.text.extend(whole.as_deref().map_or(number, str::as_bytes));
        rest
    }
}

/// Returns the number in an escape such as `\ud83d` at the beginning of a text.
fn code_unit(text: &[u8]) -> Option<u16> {
    let digits = text.strip_prefix(br"\u")?.get(..4)?;
    // What is no digit may be a sign.
    let digits = std::str::from_utf8(digits)
        .ok()
        .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    u16::from_str_radix(digits, 16).ok()
}

/// Returns the digits of a whole number that is written as another one might be: `10.0`, `1e2`, `-0`.
fn written_out(number: &str) -> Option<String> {
    // From here on it is a number as JSON has it.
    serde_json::from_str::<IgnoredAny>(number).ok()?;
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{integer}{fraction}");
    let significant = digits.trim_end_matches('0');
    let dropped = i32::try_from(digits.len() - significant.len()).ok()?;
    let significant = significant.trim_start_matches('0');
    if significant.is_empty() {
        // The reader takes `-0` for a number with a fraction.
        return (number != "0").then(|| "0".to_owned());
    }
    let (exponent, behind) = (exponent.parse::<i32>().ok()?, i32::try_from(fraction.len()).ok()?);
    let zeros = exponent.checked_sub(behind)?.checked_add(dropped)?;
    let zeros = usize::try_from(zeros).ok().filter(|zeros| *zeros <= DIGITS_MAX)?;
    let whole = format!("{sign}{significant}{}", "0".repeat(zeros));
    (significant.len() + zeros <= DIGITS_MAX && whole != number).then_some(whole)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Mends a text; returns it with how many characters were replaced.
    fn mended(text: &[u8]) -> Option<(String, usize)> {
        let mended = mend(text)?;
        Some((String::from_utf8(mended.text).unwrap(), mended.replaced))
    }

    #[test]
    fn writes_out_whole_numbers_and_no_other() {
        for (number, digits) in [
            ("10.0", "10"),
            ("-10.00", "-10"),
            ("1e2", "100"),
            ("1E+2", "100"),
            ("1.5e1", "15"),
            ("120e-1", "12"),
            ("100.50e1", "1005"),
            ("0.012e3", "12"),
            ("0.0", "0"),
            ("0e999999999999", "0"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("1.7e9", "1700000000"),
            // More than a floating-point number can hold.
            ("9007199254740993.0", "9007199254740993"),
            ("9223372036854775807.0", "9223372036854775807"),
            ("1e18", "1000000000000000000"),
        ] {
            assert_eq!(mended(number.as_bytes()), Some((digits.to_owned(), 0)), "{number}");
        }
        for number in [
            "0",
            "10",
            "-10",
            "1.5",
            "1e-1",
            "15e-1",
            "1.0000000000000001",
            "1e19",
            "1e400",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "12345678901234567890.0",
            // No JSON.
            "1.",
            ".0",
            "1e",
            "1e+",
            "1e+-2",
            "01.0",
            "00",
            "--1.0",
            "1.0.0",
            "1e2e2",
            "-",
        ] {
            assert_eq!(mended(number.as_bytes()), None, "{number}");
        }
    }

    #[test]
    fn replaces_halves_of_characters_and_nothing_else() {
        for (text, expected, replaced) in [
            (r#""\ud83d""#, r#""�""#, 1),
            (r#""\ude00""#, r#""�""#, 1),
            (r#""\uD83D!""#, r#""�!""#, 1),
            (r#""\ud83d\n""#, r#""�\n""#, 1),
            (r#""\ud83d\u0041""#, r#""�\u0041""#, 1),
            (r#""\ude00\ud83d""#, r#""��""#, 2),
            (r#""\ud83d\ud83d\ude00""#, r#""�\ud83d\ude00""#, 1),
            (r#""\\\ud83d\\""#, r#""\\�\\""#, 1),
            (r#"{"\ud83d":["\ud83d","1.0"]}"#, r#"{"�":["�","1.0"]}"#, 2),
        ] {
            let mended = mended(text.as_bytes());
            assert_eq!(mended, Some((expected.to_owned(), replaced)), "{text}");
        }
        for text in [
            r#""\ud83d\ude00""#,
            r#""\\ud83d""#,
            r#""\ufffd""#,
            r#""\"1.0\"""#,
            r#""\ud83""#,
            r#""\ud8"#,
            r#""\u+83d""#,
            r#""\"#,
            "\"",
            r"\ud83d",
        ] {
            assert_eq!(mended(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn replaces_bytes_that_are_no_utf_8_within_texts_only() {
        for (text, expected, replaced) in [
            (b"[\"K\xf6ln\"]".as_slice(), "[\"K�ln\"]", 1),
            // Half a pair as UTF-8 does not spell it.
            (b"\"\xed\xa0\xbd\"", "\"���\"", 3),
            // Cut in the middle of a character.
            ("\"é\u{1F600}".as_bytes().split_at(6).0, "\"é�", 1),
        ] {
            assert_eq!(mended(text), Some((expected.to_owned(), replaced)), "{text:?}");
        }
        for text in ["\"Köln 東京 😀\"".as_bytes(), b"[\xff]", b"\xff"] {
            assert!(mended(text).is_none(), "{text:?}");
        }
    }

    #[test]
    fn reads_as_it_is_what_can_be() {
        let read = |text: &[u8]| read::<Value, _>(text, |text, error| (text.to_vec(), error.to_string()));
        // Taken as it is, the number has a fraction.
        assert_eq!(read(b"[1.0]").unwrap(), (serde_json::json!([1.0]), 0));
        assert_eq!(read(b"\xef\xbb\xbf[1]").unwrap(), (serde_json::json!([1]), 0));
        assert_eq!(read(br#"["\ud83d"]"#).unwrap(), (serde_json::json!(["�"]), 1));
        let (text, error) = read(br#"[1.0,x]"#).unwrap_err();
        assert_eq!(
            (&*text, &*error),
            (&b"[1.0,x]"[..], "expected value at line 1 column 6")
        );
        let (text, error) = read(br#"["\ud83d",x]"#).unwrap_err();
        assert_eq!(
            (text.as_slice(), error.as_str()),
            (r#"["�",x]"#.as_bytes(), "expected value at line 1 column 8")
        );
        assert_eq!(
            read(b"\xef\xbb\xbf\xef\xbb\xbf1").unwrap_err().1,
            "expected value at line 1 column 1"
        );
    }
}
