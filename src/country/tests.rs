use std::collections::HashMap;

use super::*;

#[test]
fn maps_every_code_and_every_name_to_itself() {
    assert_eq!(rust_iso3166::ALL.len(), 249);
    for country in rust_iso3166::ALL {
        for given in [country.alpha2, country.alpha3, country.name, name(country)] {
            for given in [
                given.to_owned(),
                given.to_lowercase(),
                given.to_uppercase(),
                format!(" {given}\n"),
            ] {
                assert_eq!(code(&given), Ok(country.alpha2), "{given}");
            }
        }
    }
}

#[test]
fn understands_what_people_write() {
    for (expected, names) in [
        (
            "US",
            "USA|usa|US|U.S.|u.s.a.|U. S. A.|America|United States|the United States of America",
        ),
        ("GB", "UK|U.K.|Great Britain|England|scotland|United Kingdom|GBR"),
        ("KR", "South Korea|Republic of Korea|Korea, Republic of|southkorea|ROK"),
        ("KP", "North Korea|Democratic People's Republic of Korea|DPRK"),
        ("RU", "Russia|Russian Federation"),
        (
            "NL",
            "the netherlands|Holland|Kingdom of the Netherlands|The  NETHERLANDS",
        ),
        ("TR", "Turkey|Türkiye|Turkiye|TÜRKİYE|Tu\u{308}rkiye"),
        ("CZ", "Czech Republic|Czechia"),
        ("VN", "Vietnam|Viet Nam|viet-nam"),
        ("IR", "Iran|Islamic Republic of Iran"),
        ("SY", "Syria"),
        ("LA", "Laos"),
        ("BO", "Bolivia|Plurinational State of Bolivia"),
        ("VE", "Venezuela"),
        ("TZ", "Tanzania|Tanzania, United Republic of"),
        ("MD", "Moldova|Republic of Moldova"),
        ("TW", "Taiwan|Taiwan, Province of China"),
        ("PS", "Palestine|State of Palestine"),
        (
            "CI",
            "Ivory Coast|Cote d'Ivoire|Côte d’Ivoire|cote d ivoire|COTE DIVOIRE",
        ),
        ("CV", "Cape Verde|Cabo Verde"),
        ("SZ", "Swaziland|Eswatini"),
        ("MK", "Macedonia|North Macedonia"),
        ("MM", "Burma|Myanmar"),
        ("VA", "Vatican|Vatican City|Holy See"),
        ("BN", "Brunei|Brunei Darussalam"),
        ("AE", "UAE|U.A.E.|Emirates|United Arab Emirates"),
        (
            "CD",
            "DR Congo|D.R. Congo|DRC|Democratic Republic of the Congo|Congo, Democratic Republic of the|Congo-Kinshasa",
        ),
        ("CG", "Congo|Republic of the Congo|Congo (Brazzaville)"),
        ("LC", "St. Lucia|St Lucia|Saint Lucia"),
        ("TT", "Trinidad & Tobago|Trinidad and Tobago"),
        ("GW", "Guinea Bissau|Guinea-Bissau"),
        ("GN", "Guinea"),
        ("WS", "Samoa"),
        ("MF", "Saint Martin|St. Martin"),
        ("CW", "Curacao|Curaçao"),
        ("ST", "São Tomé and Príncipe"),
        ("DE", "de|DEU|germany|GERMANY| Germany\n"),
    ] {
        for given in names.split('|') {
            assert_eq!(code(given), Ok(expected), "{given:?}");
        }
    }
}

#[test]
fn refuses_what_is_no_country_and_suggests_what_is_near() {
    let refused = |given: &str| code(given).unwrap_err().to_string();
    let expected = "expected a country as an ISO 3166-1 code or an English name, got ";
    for (given, rest) in [
        ("Germny", "\"Germny\"; did you mean Germany (DE)?"),
        ("Korea", "\"Korea\"; did you mean North Korea (KP) or South Korea (KR)?"),
        (
            "Virgin Islands",
            "\"Virgin Islands\"; did you mean British Virgin Islands (VG) or US Virgin Islands (VI)?",
        ),
        ("Untied States", "\"Untied States\"; did you mean United States (US)?"),
        ("Atlantis", "\"Atlantis\""),
        ("", "\"\""),
        (" ", "\" \""),
        ("the", "\"the\""),
        ("XX", "\"XX\""),
        ("276", "\"276\""),
        ("D\u{0}", "\"D\\0\""),
        ("🇩🇪", "\"🇩🇪\""),
    ] {
        assert_eq!(refused(given), format!("{expected}{rest}"), "{given}");
    }
    assert!(refused(&"x".repeat(1_000_000)).len() < 300);
    assert!(refused(&"land".repeat(25)).len() < 300);
}

#[test]
fn no_name_means_two_countries() {
    let mut seen: HashMap<String, &str> = rust_iso3166::ALL.iter().map(|c| (fold(c.name), c.alpha2)).collect();
    assert_eq!(seen.len(), rust_iso3166::ALL.len());
    for (code, name) in names::EVERYDAY {
        // Both lists may have one name in two spellings: `Viet Nam`, `Vietnam`.
        assert!(
            seen.insert(fold(name), code).is_none_or(|other| other == *code),
            "{name}"
        );
    }
    for (code, name) in names::OTHER {
        assert_eq!(seen.insert(fold(name), code), None, "{name}");
    }
    for (code, name) in names::EVERYDAY.iter().chain(names::OTHER) {
        assert!(rust_iso3166::from_alpha2(code).is_some(), "{code}");
        assert!(by_code(name).is_none(), "{name} is a code");
    }
}

#[test]
fn lists_every_country_once_by_its_everyday_name() {
    let countries: Vec<_> = all().collect();
    assert_eq!(countries.len(), 249);
    assert!(countries.is_sorted_by(|a, b| a.0 < b.0));
    for expected in [
        ("DE", "Germany"),
        ("US", "United States"),
        ("KR", "South Korea"),
        ("TR", "Turkey"),
    ] {
        assert!(countries.contains(&expected), "{expected:?}");
    }
}
