//! Reads an object of an answer, for the generated types: what is no JSON object is none.
//!
//! serde's derive takes a list of the fields' values for a struct as well, so that the types derive it for themselves only
//! (`remote = "Self"`), and [`object!`](crate::object) puts this in front.

use serde::{Deserialize, Deserializer};

/// A type with named fields.
pub trait Object: Sized {
    /// Reads the fields.
    fn fields<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Reads an object.
pub fn object<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Fields<T>(T);

    impl<'de, T: Object> Deserialize<'de> for Fields<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            T::fields(deserializer).map(Fields)
        }
    }

    let appsync_mcp_client::Object(Fields(value)) = Deserialize::deserialize(deserializer)?;
    Ok(value)
}

/// Makes what generated code derives with `#[serde(remote = "Self")]` a type that is read from objects only.
#[doc(hidden)]
#[macro_export]
macro_rules! object {
    ($name:ident) => {
        impl $crate::__private::Object for $name {
            fn fields<'de, D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $name::deserialize(deserializer)
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::__private::object(deserializer)
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $name::serialize(self, serializer)
            }
        }
    };
}
