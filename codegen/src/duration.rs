//! `"30s"` and `"5/min"` → numbers.

/// Returns the seconds of a duration such as `30s`.
pub(crate) fn seconds(text: &str) -> Option<u32> {
    number(text.strip_suffix('s')?)
}

/// Returns the calls and the seconds of a rate such as `5/min`.
pub(crate) fn rate(text: &str) -> Option<(u32, u32)> {
    let (calls, unit) = text.split_once('/')?;
    let per_seconds = match unit {
        "s" => 1,
        "min" => 60,
        "h" => 3600,
        _ => return None,
    };
    Some((number(calls)?, per_seconds))
}

/// Returns a number above 0 that is written in digits alone.
fn number(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| digits && *number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_contract_writes_and_nothing_else() {
        assert_eq!(seconds("30s"), Some(30));
        assert_eq!(rate("5/min"), Some((5, 60)));
        assert_eq!(rate("1/h"), Some((1, 3600)));
        for wrong in ["", "30", "0s", "-1s", "1.5s", "30 s", "30m", "+5s"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
        for wrong in ["", "5", "0/min", "5/day", "five/min", "5/min/s", "/min", "+5/min"] {
            assert_eq!(rate(wrong), None, "{wrong}");
        }
    }
}
