//! Turns what people write for a country into its ISO 3166-1 alpha-2 code.
//!
//! Understood are the codes (alpha-2 and alpha-3), ISO's English names, and the everyday ones in `country/names.rs`, without
//! regard to case, accents, punctuation, spaces and the word "the".
//!
//! Ambiguous names: `Congo` is ISO's name of the Republic of the Congo (CG), so it means that one; `Guinea`, `Samoa` and
//! `Saint Martin` likewise mean the country that ISO calls so; `Korea` and `Virgin Islands` are refused, and both are suggested.
//!
//! Invariant: every code and every name that [`all`] gives maps to itself.
//! Invariant: pure; what is read of a long text is bounded.

mod names;

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

/// Longer texts are no country's name. The longest has 52 characters.
const NAME_BYTES_MAX: usize = 120;

/// The most names that are suggested.
const SUGGESTIONS_MAX: usize = 3;

/// Folded names and their codes.
static CODES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let iso = rust_iso3166::ALL.iter().flat_map(|country| {
        let reordered = country
            .name
            .split_once(" (")
            .map(|(name, rest)| format!("{rest} {name}"));
        [Some(country.name.to_owned()), reordered]
            .into_iter()
            .flatten()
            .map(|name| (fold(&name), country.alpha2))
    });
    let everyday = names::EVERYDAY
        .iter()
        .chain(names::OTHER)
        .map(|(code, name)| (fold(name), *code));
    iso.chain(everyday).collect()
});

/// A text that is no country's code or name. `Display` says what was expected, and what may be meant.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownCountry {
    given: String,
}

/// Returns the alpha-2 code of a country.
pub fn code(given: &str) -> Result<&'static str, UnknownCountry> {
    let unknown = || UnknownCountry {
        given: given.chars().take(NAME_BYTES_MAX).collect(),
    };
    if given.len() > NAME_BYTES_MAX {
        return Err(unknown());
    }
    by_code(given)
        .or_else(|| CODES.get(&fold(given)).copied())
        .ok_or_else(unknown)
}

/// Returns all countries: the alpha-2 code and the everyday English name, in the order of the codes.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut countries: Vec<_> = rust_iso3166::ALL
        .iter()
        .map(|country| (country.alpha2, name(country)))
        .collect();
    countries.sort_unstable();
    countries.into_iter()
}

impl fmt::Display for UnknownCountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given = crate::quote::text(&self.given);
        write!(
            f,
            "expected a country as an ISO 3166-1 code or an English name, got {given}"
        )?;
        match suggestions(&self.given).as_slice() {
            [] => Ok(()),
            [one] => write!(f, "; did you mean {one}?"),
            [first @ .., last] => write!(f, "; did you mean {} or {last}?", first.join(", ")),
        }
    }
}

impl std::error::Error for UnknownCountry {}

fn name(country: &rust_iso3166::CountryCode) -> &'static str {
    let everyday = names::EVERYDAY.iter().find(|(code, _)| *code == country.alpha2);
    everyday.map_or(country.name, |(_, name)| name)
}

/// Reads `de`, `DEU` and `U.S.A.`.
fn by_code(given: &str) -> Option<&'static str> {
    let letters: String = given
        .chars()
        .filter(|c| *c != '.' && !c.is_whitespace())
        .collect::<String>()
        .to_ascii_uppercase();
    let country = match letters.len() {
        2 => rust_iso3166::from_alpha2(&letters)?,
        3 => rust_iso3166::from_alpha3(&letters)?,
        _ => return None,
    };
    Some(country.alpha2)
}

/// Returns up to three countries whose names are near to the text, nearest first, such as `Germany (DE)`.
fn suggestions(given: &str) -> Vec<String> {
    let given = fold(given);
    // Three letters are near to too many names, and long texts to none.
    if !(4..=60).contains(&given.len()) {
        return Vec::new();
    }
    let mut near: Vec<_> = CODES
        .iter()
        .filter_map(|(name, code)| {
            let part = name.len() >= 4 && (name.contains(&given) || given.contains(name.as_str()));
            let distance = if part { 1 } else { strsim::osa_distance(&given, name) };
            (distance <= given.len() / 3).then_some((distance, *code))
        })
        .collect();
    near.sort_unstable();
    let best = near.first().map_or(0, |(distance, _)| *distance);
    let mut codes = Vec::new();
    for (distance, code) in near {
        if distance <= best + 1 && !codes.contains(&code) {
            codes.push(code);
        }
    }
    let countries = codes
        .into_iter()
        .take(SUGGESTIONS_MAX)
        .filter_map(rust_iso3166::from_alpha2);
    countries
        .map(|country| format!("{} ({})", name(&country), country.alpha2))
        .collect()
}

/// Returns what two spellings of one name have in common: lower-case letters without accents.
fn fold(name: &str) -> String {
    let mut plain = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match unaccented(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(c),
        }
    }
    let words = plain.split_whitespace().filter(|word| *word != "the");
    words.map(|word| if word == "st" { "saint" } else { word }).collect()
}

/// Returns what stands for a character in a folded name, unless it is the character itself.
///
/// Punctuation becomes a space, or nothing where it stands within a word.
fn unaccented(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o",
        'ř' => "r",
        'ś' | 'ş' | 'š' | 'ș' => "s",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        '&' => " and ",
        // Combining accents, and what stands within a word.
        '\u{300}'..='\u{36f}' | '.' | '\'' | '’' | '‘' | 'ʼ' | '`' | '´' => "",
        _ if c.is_alphanumeric() => return None,
        _ => " ",
    })
}

#[cfg(test)]
mod tests;
