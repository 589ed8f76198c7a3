//! "Did you mean": the candidate nearest to a name that nobody has.
//!
//! Invariant: pure; the caller decides what to say.

/// Returns the candidate that `name` is most likely a slip of, if one is near enough.
///
/// Near enough is: at most a third of the letters have to change, and at least one may.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Longer names are nobody's slip, and the distance costs time in proportion to both lengths.
    if name.len() > 128 {
        return None;
    }
    let fold = |text: &str| text.to_ascii_lowercase().replace('-', "_");
    let folded = fold(name);
    candidates
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&folded, &fold(candidate)), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Returns `; did you mean X?` with the nearest candidate in backticks, or nothing.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, candidates)
        .map(|candidate| format!("; did you mean `{candidate}`?"))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["search_companies", "get_company", "get_companies_batch"];

    #[test]
    fn finds_the_slip_and_nothing_else() {
        for (name, expected) in [
            ("serch_companies", Some("search_companies")),
            ("Search-Companies", Some("search_companies")),
            ("get_compnay", Some("get_company")),
            ("delete_everything", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, NAMES), expected, "{name}");
        }
        assert_eq!(nearest(&"x".repeat(1_000_000), NAMES), None);
    }
}
