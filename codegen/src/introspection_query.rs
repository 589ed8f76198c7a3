//! What to ask an API for its schema: the queries whose answers [`crate::sdl_of_introspection`] reads.
//!
//! A server refuses a whole query for one field that it does not know, and introspection has grown over the years.

/// Makes a query that asks a schema, directives, inputs and types for what is given, besides what every server knows.
/// `args` stands behind the fields that list inputs. A type is told with up to nine lists and non-nulls around its name.
macro_rules! query {
    (schema: $schema:literal, directive: $directive:literal, input: $input:literal, args: $args:literal, type: $type:literal) => {
        concat!(
            "query IntrospectionQuery {\n",
            "  __schema {\n",
            "    queryType { name }\n",
            "    mutationType { name }\n",
            "    subscriptionType { name }\n",
            "    types { ...FullType }\n",
            "    directives { name description locations args",
            $args,
            " { ...Input } ",
            $directive,
            " }\n    ",
            $schema,
            "\n  }\n}\n",
            "fragment FullType on __Type {\n",
            "  kind\n  name\n  description\n",
            "  fields(includeDeprecated: true) {\n",
            "    name description isDeprecated deprecationReason type { ...Reference } args",
            $args,
            " { ...Input }\n  }\n",
            "  inputFields",
            $args,
            " { ...Input }\n",
            "  interfaces { name }\n",
            "  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }\n",
            "  possibleTypes { name }\n  ",
            $type,
            "\n}\n",
            "fragment Input on __InputValue { name description defaultValue type { ...Reference } ",
            $input,
            " }\n",
            "fragment Reference on __Type {\n",
            "  kind name ofType { kind name ofType { kind name ofType {\n",
            "    kind name ofType { kind name ofType { kind name ofType {\n",
            "      kind name ofType { kind name ofType { kind name ofType { kind name } } }\n",
            "    } } }\n",
            "  } } }\n",
            "}\n",
        )
    };
}

/// The query of the June 2018 edition of GraphQL: what every server answers that tells its schema at all.
const INTROSPECTION_QUERY: &str = query!(schema: "", directive: "", input: "", args: "", type: "");

/// The queries to send in turn until one is not refused: the first asks for most, the last is what every server knows.
///
/// The first is of the September 2025 edition of GraphQL. The second leaves out `isOneOf`, which servers got last, and
/// `specifiedByURL`, which graphql-js 15 has under another name. To the last one no directive is told to be repeatable, and
/// servers that know deprecated arguments and input fields keep them back.
pub const INTROSPECTION_QUERIES: [&str; 3] = [
    query!(
        schema: "description",
        directive: "isRepeatable",
        input: "isDeprecated deprecationReason",
        args: "(includeDeprecated: true)",
        type: "specifiedByURL isOneOf"
    ),
    query!(
        schema: "description",
        directive: "isRepeatable",
        input: "isDeprecated deprecationReason",
        args: "(includeDeprecated: true)",
        type: ""
    ),
    INTROSPECTION_QUERY,
];

#[cfg(test)]
mod tests {
    use apollo_compiler::{ExecutableDocument, Schema};

    use super::*;

    #[test]
    fn is_valid_everywhere() {
        let schema = Schema::parse_and_validate("type Query { a: Int }", "schema").unwrap();
        ExecutableDocument::parse_and_validate(&schema, INTROSPECTION_QUERY, "query").unwrap();
    }

    #[test]
    fn asks_for_nine_wrappers() {
        for query in INTROSPECTION_QUERIES {
            assert_eq!(query.matches("ofType").count(), 9);
        }
    }
}
