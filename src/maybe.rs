//! The type of a variable, or of an input object's field, for which null is a value of its own (`@nullable`).
//!
//! cynic's traits are foreign and so is the schema's module, so that the type has to be local to the generated code: it is
//! written here once, as a macro.

/// Defines `Maybe<T>` for generated code, with a module `schema` of cynic's beside it.
#[doc(hidden)]
#[macro_export]
macro_rules! maybe {
    () => {
        /// A value that may be absent, null or there.
        #[derive(Debug, Clone, Default)]
        pub enum Maybe<T> {
            /// It is left out of the request.
            #[default]
            Absent,
            /// It is sent as null.
            Null,
            /// It is sent.
            Value(T),
        }

        impl<T> Maybe<T> {
            /// Whether it is left out of the request.
            pub fn is_absent(&self) -> bool {
                matches!(self, Self::Absent)
            }
        }

        impl<T: $crate::__private::serde::Serialize> $crate::__private::serde::Serialize for Maybe<T> {
            fn serialize<S: $crate::__private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    Self::Absent | Self::Null => serializer.serialize_none(),
                    Self::Value(value) => serializer.serialize_some(value),
                }
            }
        }

        impl<'de, T: $crate::__private::serde::Deserialize<'de>> $crate::__private::serde::Deserialize<'de>
            for Maybe<T>
        {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = <Option<T> as $crate::__private::serde::Deserialize>::deserialize(deserializer)?;
                Ok(value.map_or(Self::Null, Self::Value))
            }
        }

        impl<T: $crate::__private::schemars::JsonSchema> $crate::__private::schemars::JsonSchema for Maybe<T> {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                <Option<T> as $crate::__private::schemars::JsonSchema>::schema_name()
            }

            fn json_schema(
                generator: &mut $crate::__private::schemars::SchemaGenerator,
            ) -> $crate::__private::schemars::Schema {
                <Option<T> as $crate::__private::schemars::JsonSchema>::json_schema(generator)
            }
        }

        /// cynic's derive of input objects reads types as they are written: one is nullable if it is called `Option`.
        #[doc(hidden)]
        pub mod __maybe {
            pub use super::Maybe as Option;
        }

        impl<T: cynic::schema::IsScalar<L>, L> cynic::schema::IsScalar<Option<L>> for Maybe<T> {
            type SchemaType = Option<T::SchemaType>;
        }

        impl<T: cynic::Enum> cynic::Enum for Maybe<T> {
            type SchemaType = Option<T::SchemaType>;
        }

        impl<T: cynic::InputObject> cynic::InputObject for Maybe<T> {
            type SchemaType = Option<T::SchemaType>;
        }

        impl<T, L> cynic::coercions::CoercesTo<Option<L>> for Maybe<T> where T: cynic::coercions::CoercesTo<L> {}

        impl<T: schema::variable::Variable> schema::variable::Variable for Maybe<T> {
            const TYPE: cynic::variables::VariableType = <Option<T> as schema::variable::Variable>::TYPE;
        }
    };
}
