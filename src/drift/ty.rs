//! Types in GraphQL's own notation, and whether one can stand where another is asked for.

use std::fmt;

/// A type: `[Company!]!`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ty {
    Named(String),
    List(Box<Ty>),
    NonNull(Box<Ty>),
}

impl Ty {
    /// Reads a type of the contract.
    pub(super) fn parse(text: &str) -> Self {
        if let Some(inner) = text.strip_suffix('!') {
            Self::NonNull(Box::new(Self::parse(inner)))
        } else if let Some(item) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Self::List(Box::new(Self::parse(item)))
        } else {
            Self::Named(text.to_owned())
        }
    }

    /// Returns the name inside.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::List(inner) | Self::NonNull(inner) => inner.name(),
        }
    }

    pub(super) fn is_non_null(&self) -> bool {
        matches!(self, Self::NonNull(_))
    }

    /// Returns the type without a `!` at its end.
    pub(super) fn nullable(&self) -> &Self {
        match self {
            Self::NonNull(inner) => inner,
            other => other,
        }
    }

    /// Says whether values of this type can stand where `asked` is asked for: the same type, or a stricter one.
    pub(super) fn fits(&self, asked: &Self) -> bool {
        match (self, asked) {
            (Self::NonNull(own), Self::NonNull(asked)) | (Self::List(own), Self::List(asked)) => own.fits(asked),
            (_, Self::NonNull(_)) => false,
            (Self::NonNull(own), asked) => own.fits(asked),
            (Self::Named(own), Self::Named(asked)) => own == asked,
            _ => false,
        }
    }

    /// Says whether values of this type can be written where `asked` is asked for. One value stands for a list of it there,
    /// in each list of lists; a list in place of a list of lists does so only since 2025, and is refused.
    pub(super) fn fits_as_value(&self, asked: &Self) -> bool {
        match (self, asked) {
            (Self::NonNull(own), Self::NonNull(asked)) => own.fits_as_value(asked),
            (_, Self::NonNull(_)) => false,
            (Self::NonNull(own), asked) => own.fits_as_value(asked),
            // The value is there, or the list is not.
            (Self::Named(_), Self::List(item)) => self.fits_as_value(item.nullable()),
            _ => self.fits(asked),
        }
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(&crate::quote::name(name)),
            Self::List(item) => write!(f, "[{item}]"),
            Self::NonNull(inner) => write!(f, "{inner}!"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_fits_where_the_same_or_a_laxer_one_is_asked_for() {
        for (own, asked, expected) in [
            ("Int", "Int", true),
            ("Int!", "Int", true),
            ("Int", "Int!", false),
            ("Int", "Float", false),
            ("[Int!]!", "[Int]", true),
            ("[Int]!", "[Int!]", false),
            ("[Int]", "Int", false),
            ("Int", "[Int]", false),
            ("[[Int!]]", "[[Int]]", true),
        ] {
            assert_eq!(Ty::parse(own).fits(&Ty::parse(asked)), expected, "{own} at {asked}");
            assert_eq!(Ty::parse(own).to_string(), own);
            let as_value = Ty::parse(own).fits_as_value(&Ty::parse(asked));
            assert_eq!(
                as_value,
                expected || asked == "[Int]" && own == "Int",
                "{own} at {asked}"
            );
        }
    }

    #[test]
    fn a_value_stands_for_a_list_of_one() {
        for (own, asked, expected) in [
            ("Int!", "[Int!]!", true),
            ("Int", "[Int!]", true),
            ("Int", "[Int]!", false),
            ("Int!", "[[Int]]", true),
            ("Int!", "[Float]", false),
            ("[Int!]!", "[[Int]]", false),
            ("[Int!]!", "Int", false),
        ] {
            let fits = Ty::parse(own).fits_as_value(&Ty::parse(asked));
            assert_eq!(fits, expected, "{own} at {asked}");
        }
    }
}
