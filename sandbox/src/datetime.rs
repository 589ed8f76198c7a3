//! Seconds and days since 1970-01-01 -> `AWSDateTime` and `AWSDate`.
//!
//! Invariant: no clock here but [`now`], and nothing that is generated from a seed calls it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds in a day.
pub(crate) const DAY: i64 = 86_400;

/// The time, in seconds since 1970-01-01T00:00:00Z.
pub(crate) fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// An `AWSDateTime` such as `2026-01-31T12:00:00.000Z`.
pub(crate) fn date_time(seconds: i64) -> String {
    let second = seconds.rem_euclid(DAY);
    format!(
        "{}T{:02}:{:02}:{:02}.000Z",
        date(seconds.div_euclid(DAY)),
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

/// An `AWSDate` such as `2026-01-31`.
///
/// The arithmetic is Howard Hinnant's `civil_from_days`: years are counted from March, so that the leap day is the last.
pub(crate) fn date(days: i64) -> String {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::{DAY, date, date_time};

    #[test]
    fn writes_leap_days_and_the_epoch() {
        assert_eq!(date(0), "1970-01-01");
        assert_eq!(date(19_782), "2024-02-29");
        assert_eq!(date(-1), "1969-12-31");
        assert_eq!(date_time(19_782 * DAY + 3_661), "2024-02-29T01:01:01.000Z");
    }
}
