//! The JSON that an API answers to an introspection query → the SDL that says the same.
//!
//! What introspection does not tell is not in the SDL: which authorization mode reaches what, above all.
//! Invariant: each text of the answer becomes what it is told as and nothing else: a name is one name, a default one literal.
//! The shape of the JSON: <https://spec.graphql.org/September2025/#sec-Schema-Introspection>.

use std::fmt::{self, Write as _};

use apollo_compiler::{
    Name,
    ast::{Definition, Document, Value as Literal},
};
use serde::{Deserialize, Deserializer, de};
use serde_json::Value;

use crate::{
    block_string::{description, quoted},
    hidden::visible,
};

/// Why a text is no answer to an introspection query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntrospectionError(String);

impl fmt::Display for IntrospectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An API's own words are in it.
        f.write_str(&visible(&self.0))
    }
}

impl std::error::Error for IntrospectionError {}

/// Turns an introspection result into SDL, types in the order in which the API tells them.
///
/// The result may begin with a byte order mark, and `__schema` may stand at the top, or in `data` as it is sent.
///
/// # Errors
/// When it is no JSON, holds no `__schema`, or lacks something of it; the message says which.
///
/// ```
/// let json = r#"{ "data": { "__schema": { "queryType": { "name": "Query" }, "types": [{
///     "kind": "OBJECT", "name": "Query",
///     "fields": [{ "name": "now", "args": [], "type": { "kind": "SCALAR", "name": "AWSDateTime" } }]
/// }] } } }"#;
/// assert_eq!(appsync_mcp_codegen::sdl_of_introspection(json)?, "type Query {\n  now: AWSDateTime\n}\n");
/// # Ok::<(), appsync_mcp_codegen::IntrospectionError>(())
/// ```
pub fn sdl_of_introspection(json: &str) -> Result<String, IntrospectionError> {
    Ok(introspected(json)?.sdl)
}

/// What an introspection result tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introspected {
    /// The schema, as [`sdl_of_introspection`] returns it.
    pub sdl: String,
    /// The directives that it tells wherever they are applied, so that where it tells none, none is: `deprecated`, and what
    /// was asked for of those that not every API knows.
    pub directives: Vec<&'static str>,
}

/// Returns what an introspection result tells.
///
/// # Errors
/// As [`sdl_of_introspection`].
pub fn introspected(json: &str) -> Result<Introspected, IntrospectionError> {
    let answer: Value = serde_json::from_str(json.trim_start_matches('\u{feff}'))
        .map_err(|error| IntrospectionError(format!("this is no JSON: {error}")))?;
    let schema = ["/__schema", "/data/__schema"]
        .iter()
        .find_map(|place| answer.pointer(place))
        .filter(|schema| !schema.is_null());
    let Some(schema) = schema else {
        let told = answer.pointer("/errors/0/message").and_then(Value::as_str);
        return Err(IntrospectionError(match told {
            Some(told) => format!("the API does not tell its schema: {told}"),
            None => "`__schema` is missing: this is no answer to an introspection query".to_owned(),
        }));
    };
    let directives = directives(schema);
    let schema: Schema = serde_path_to_error::deserialize(schema)
        .map_err(|error| IntrospectionError(format!("`__schema.{}` can't be read: {}", error.path(), error.inner())))?;
    let sdl = schema.print()?;
    Ok(Introspected { sdl, directives })
}

/// Returns the directives that are told, by the keys that types have: those that were not asked for are missing, and those
/// that do not apply are null.
fn directives(schema: &Value) -> Vec<&'static str> {
    let types = schema.get("types").and_then(Value::as_array);
    let has = |key: &str| types.into_iter().flatten().any(|ty| ty.get(key).is_some());
    let mut directives = vec!["deprecated"];
    if has("isOneOf") {
        directives.push("oneOf");
    }
    if has("specifiedByURL") || has("specifiedByUrl") {
        directives.push("specifiedBy");
    }
    directives
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Schema {
    description: Option<String>,
    query_type: Named,
    mutation_type: Option<Named>,
    subscription_type: Option<Named>,
    types: Vec<Type>,
    #[serde(default, deserialize_with = "absent_or_null")]
    directives: Vec<Directive>,
}

#[derive(Deserialize)]
#[serde(expecting = "an object")]
struct Named {
    name: Name,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Type {
    kind: Kind,
    name: Name,
    description: Option<String>,
    #[serde(default, deserialize_with = "absent_or_null")]
    fields: Vec<Field>,
    #[serde(default, deserialize_with = "absent_or_null")]
    input_fields: Vec<InputValue>,
    #[serde(default, deserialize_with = "absent_or_null")]
    interfaces: Vec<Named>,
    #[serde(default, deserialize_with = "absent_or_null")]
    enum_values: Vec<EnumValue>,
    #[serde(default, deserialize_with = "absent_or_null")]
    possible_types: Vec<Named>,
    /// Called `specifiedByUrl` before the October 2021 edition.
    #[serde(rename = "specifiedByURL", alias = "specifiedByUrl")]
    specified_by_url: Option<String>,
    is_one_of: Option<bool>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Kind {
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    InputObject,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Field {
    name: Name,
    description: Option<String>,
    #[serde(default, deserialize_with = "absent_or_null")]
    args: Vec<InputValue>,
    #[serde(rename = "type")]
    ty: TypeReference,
    #[serde(default)]
    is_deprecated: Option<bool>,
    deprecation_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct InputValue {
    name: Name,
    description: Option<String>,
    #[serde(rename = "type")]
    ty: TypeReference,
    default_value: Option<Default>,
    is_deprecated: Option<bool>,
    deprecation_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct EnumValue {
    name: Name,
    description: Option<String>,
    is_deprecated: Option<bool>,
    deprecation_reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct Directive {
    name: Name,
    description: Option<String>,
    locations: Vec<Location>,
    #[serde(default, deserialize_with = "absent_or_null")]
    args: Vec<InputValue>,
    is_repeatable: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
struct TypeReference {
    kind: String,
    name: Option<Name>,
    of_type: Option<Box<TypeReference>>,
}

/// A value's default: one literal, as it is printed.
struct Default(String);

impl<'de> Deserialize<'de> for Default {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        literal(&text).map(Self).ok_or_else(|| {
            let found = de::Unexpected::Str(&text);
            de::Error::invalid_value(found, &"one GraphQL literal without variables")
        })
    }
}

/// Reads a text that is one literal, and nothing more.
fn literal(text: &str) -> Option<String> {
    // On a line of its own: a comment at its end ends there.
    let document = Document::parse(format!("input I {{ f: T =\n{text}\n}}"), "default").ok()?;
    let [Definition::InputObjectTypeDefinition(input)] = document.definitions.as_slice() else {
        return None;
    };
    let [field] = input.fields.as_slice() else {
        return None;
    };
    let default = field.default_value.as_ref()?;
    let is_alone = input.directives.is_empty() && field.directives.is_empty() && field.name == "f";
    (is_alone && is_constant(default)).then(|| default.serialize().no_indent().to_string())
}

fn is_constant(value: &Literal) -> bool {
    match value {
        Literal::Variable(_) => false,
        Literal::List(items) => items.iter().all(|item| is_constant(item)),
        Literal::Object(fields) => fields.iter().all(|(_, value)| is_constant(value)),
        _ => true,
    }
}

/// Where a directive may stand (<https://spec.graphql.org/September2025/#DirectiveLocation>). What is newer than that is
/// nothing that a schema can say yet.
struct Location(Option<&'static str>);

impl<'de> Deserialize<'de> for Location {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Name::deserialize(deserializer)?.to_string();
        Ok(Self(LOCATIONS.iter().copied().find(|known| *known == text)))
    }
}

const LOCATIONS: &[&str] = &[
    "QUERY",
    "MUTATION",
    "SUBSCRIPTION",
    "FIELD",
    "FRAGMENT_DEFINITION",
    "FRAGMENT_SPREAD",
    "INLINE_FRAGMENT",
    "VARIABLE_DEFINITION",
    "SCHEMA",
    "SCALAR",
    "OBJECT",
    "FIELD_DEFINITION",
    "ARGUMENT_DEFINITION",
    "INTERFACE",
    "UNION",
    "ENUM",
    "ENUM_VALUE",
    "INPUT_OBJECT",
    "INPUT_FIELD_DEFINITION",
];

/// A list that an API leaves out, or tells as null where it does not apply, is empty.
fn absent_or_null<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// What every schema has without saying so.
const SCALARS: &[&str] = &["Int", "Float", "String", "Boolean", "ID"];
const DIRECTIVES: &[&str] = &["include", "skip", "deprecated", "specifiedBy", "oneOf"];

impl Schema {
    fn print(&self) -> Result<String, IntrospectionError> {
        let mut parts = Vec::new();
        parts.extend(self.roots());
        for directive in self
            .directives
            .iter()
            .filter(|one| !DIRECTIVES.contains(&one.name.as_str()))
            .filter(|one| one.locations.iter().any(|place| place.0.is_some()))
        {
            parts.push(directive.print()?);
        }
        for ty in &self.types {
            let is_known = ty.kind == Kind::Scalar && SCALARS.contains(&ty.name.as_str());
            if !is_known && !ty.name.starts_with("__") {
                parts.push(ty.print()?);
            }
        }
        Ok(parts.join("\n"))
    }

    /// Returns the `schema` block, where it is described or the roots are not those that their names would make.
    fn roots(&self) -> Option<String> {
        let roots = [
            ("query", "Query", Some(&self.query_type)),
            ("mutation", "Mutation", self.mutation_type.as_ref()),
            ("subscription", "Subscription", self.subscription_type.as_ref()),
        ];
        let is_usual = roots.iter().all(|(_, usual, root)| match root {
            Some(root) => root.name == *usual,
            None => self.types.iter().all(|ty| ty.name != *usual),
        });
        let described = described(self.description.as_deref(), "");
        if is_usual && described.is_empty() {
            return None;
        }
        let mut block = format!("{described}schema {{\n");
        for (operation, _, root) in roots {
            if let Some(root) = root {
                let _ = writeln!(block, "  {operation}: {}", root.name);
            }
        }
        block.push_str("}\n");
        Some(block)
    }
}

impl Directive {
    fn print(&self) -> Result<String, IntrospectionError> {
        let arguments = arguments(&self.args, "")?;
        let repeatable = if self.is_repeatable == Some(true) {
            " repeatable"
        } else {
            ""
        };
        let locations: Vec<_> = self.locations.iter().filter_map(|one| one.0).collect();
        let locations = locations.join(" | ");
        Ok(format!(
            "{}directive @{}{arguments}{repeatable} on {locations}\n",
            described(self.description.as_deref(), ""),
            self.name
        ))
    }
}

impl Type {
    fn print(&self) -> Result<String, IntrospectionError> {
        let names = |types: &[Named], separator: &str| {
            let names: Vec<_> = types.iter().map(|ty| ty.name.as_str()).collect();
            names.join(separator)
        };
        let name = &self.name;
        let implements = match names(&self.interfaces, " & ") {
            none if none.is_empty() => none,
            interfaces => format!(" implements {interfaces}"),
        };
        let head = match self.kind {
            Kind::Scalar => format!("scalar {name}{}", specified_by(self.specified_by_url.as_deref())),
            Kind::Object => format!("type {name}{implements}"),
            Kind::Interface => format!("interface {name}{implements}"),
            Kind::Union => format!("union {name} = {}", names(&self.possible_types, " | ")),
            Kind::Enum => format!("enum {name}"),
            Kind::InputObject if self.is_one_of == Some(true) => format!("input {name} @oneOf"),
            Kind::InputObject => format!("input {name}"),
        };
        let lines = match self.kind {
            Kind::Scalar | Kind::Union => None,
            Kind::Object | Kind::Interface => {
                Some(self.fields.iter().map(Field::print).collect::<Result<String, _>>()?)
            }
            Kind::Enum => Some(self.enum_values.iter().map(EnumValue::print).collect()),
            Kind::InputObject => Some(input_values(&self.input_fields, "  ")?),
        };
        let body = lines.map(|lines| format!(" {{\n{lines}}}")).unwrap_or_default();
        Ok(format!("{}{head}{body}\n", described(self.description.as_deref(), "")))
    }
}

impl Field {
    fn print(&self) -> Result<String, IntrospectionError> {
        Ok(format!(
            "{}  {}{}: {}{}\n",
            described(self.description.as_deref(), "  "),
            self.name,
            arguments(&self.args, "  ")?,
            self.ty.print()?,
            deprecated(self.is_deprecated, self.deprecation_reason.as_deref())
        ))
    }
}

impl EnumValue {
    fn print(&self) -> String {
        let deprecated = deprecated(self.is_deprecated, self.deprecation_reason.as_deref());
        format!(
            "{}  {}{deprecated}\n",
            described(self.description.as_deref(), "  "),
            self.name
        )
    }
}

impl TypeReference {
    fn print(&self) -> Result<String, IntrospectionError> {
        let inner = || match &self.of_type {
            Some(inner) => inner.print(),
            None => Err(IntrospectionError(format!(
                "a type of kind `{}` has no `ofType`: ask for types to a greater depth",
                self.kind
            ))),
        };
        match (self.kind.as_str(), &self.name) {
            ("NON_NULL", _) => Ok(format!("{}!", inner()?)),
            ("LIST", _) => Ok(format!("[{}]", inner()?)),
            (_, Some(name)) => Ok(name.to_string()),
            (kind, None) => Err(IntrospectionError(format!("a type of kind `{kind}` has no name"))),
        }
    }
}

fn arguments(arguments: &[InputValue], indent: &str) -> Result<String, IntrospectionError> {
    if arguments.is_empty() {
        return Ok(String::new());
    }
    Ok(format!(
        "(\n{}{indent})",
        input_values(arguments, &format!("{indent}  "))?
    ))
}

fn input_values(values: &[InputValue], indent: &str) -> Result<String, IntrospectionError> {
    let mut lines = String::new();
    for value in values {
        let default = value.default_value.as_ref().map(|Default(text)| format!(" = {text}"));
        let _ = writeln!(
            lines,
            "{}{indent}{}: {}{}{}",
            described(value.description.as_deref(), indent),
            value.name,
            value.ty.print()?,
            default.unwrap_or_default(),
            deprecated(value.is_deprecated, value.deprecation_reason.as_deref())
        );
    }
    Ok(lines)
}

fn described(text: Option<&str>, indent: &str) -> String {
    let text = text.filter(|text| !text.trim().is_empty());
    text.map(|text| description(text, indent)).unwrap_or_default()
}

fn deprecated(is_deprecated: Option<bool>, reason: Option<&str>) -> String {
    match (is_deprecated, reason) {
        (Some(true), Some(reason)) => format!(" @deprecated(reason: {})", quoted(reason)),
        (Some(true), None) => " @deprecated".to_owned(),
        _ => String::new(),
    }
}

fn specified_by(url: Option<&str>) -> String {
    url.map(|url| format!(" @specifiedBy(url: {})", quoted(url)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(json: &str, expected: &Expect) {
        let sdl = sdl_of_introspection(json).unwrap_or_else(|error| format!("error: {error}\n"));
        expected.assert_eq(&sdl);
    }

    #[test]
    fn says_all_that_introspection_tells() {
        let json = include_str!("../tests/introspection/everything.json");
        let sdl = sdl_of_introspection(json).unwrap();
        expect_test::expect_file!["../tests/introspection/everything.graphql"].assert_eq(&sdl);
    }

    #[test]
    fn says_why_a_text_is_no_schema() {
        check(
            "",
            &expect![[r#"
            error: this is no JSON: EOF while parsing a value at line 1 column 0
        "#]],
        );
        check(
            r#"{ "data": null, "errors": [{ "message": "introspection is disabled" }] }"#,
            &expect![[r#"
                error: the API does not tell its schema: introspection is disabled
            "#]],
        );
        check(
            r#"{ "data": {} }"#,
            &expect![[r#"
            error: `__schema` is missing: this is no answer to an introspection query
        "#]],
        );
        check(
            "[1]",
            &expect![[r#"
            error: `__schema` is missing: this is no answer to an introspection query
        "#]],
        );
        let schema =
            |types: &str| format!(r#"{{ "__schema": {{ "queryType": {{ "name": "Q" }}, "types": [{types}] }} }}"#);
        check(
            &schema(r#"{ "kind": "CLASS", "name": "Q" }"#),
            &expect![[r#"
            error: `__schema.types[0].kind` can't be read: unknown variant `CLASS`, expected one of `SCALAR`, `OBJECT`, `INTERFACE`, `UNION`, `ENUM`, `INPUT_OBJECT`
        "#]],
        );
        let field = |ty: &str| {
            schema(&format!(
                r#"{{ "kind": "OBJECT", "name": "Q", "fields": [{{ "name": "f", "type": {ty} }}] }}"#
            ))
        };
        check(
            &field(r#"{ "kind": "LIST" }"#),
            &expect![[r#"
            error: a type of kind `LIST` has no `ofType`: ask for types to a greater depth
        "#]],
        );
        check(
            &field(r#"{ "kind": "OBJECT" }"#),
            &expect![[r#"
            error: a type of kind `OBJECT` has no name
        "#]],
        );
        check(
            &field("7"),
            &expect![[r#"
            error: `__schema.types[0].fields[0].type` can't be read: invalid type: integer `7`, expected an object
        "#]],
        );
    }

    #[test]
    fn a_directive_is_told_if_it_was_asked_for() {
        for (keys, expected) in [
            ("", &["deprecated"][..]),
            (r#", "isOneOf": null"#, &["deprecated", "oneOf"]),
            (r#", "specifiedByUrl": null"#, &["deprecated", "specifiedBy"]),
            (
                r#", "specifiedByURL": null, "isOneOf": null"#,
                &["deprecated", "oneOf", "specifiedBy"],
            ),
        ] {
            let json = format!(
                r#"{{ "__schema": {{ "queryType": {{ "name": "Query" }}, "types": [{{ "kind": "OBJECT", "name": "Query"{keys} }}] }} }}"#
            );
            assert_eq!(introspected(&json).unwrap().directives, expected, "{keys}");
        }
    }

    /// Returns an answer in which a text stands in one place.
    fn with(place: &str, text: &str) -> String {
        let mut answer = serde_json::json!({ "__schema": {
            "queryType": { "name": "Q" },
            "types": [
                { "kind": "OBJECT", "name": "Q", "fields": [{
                    "name": "f",
                    "args": [{ "name": "a", "type": { "kind": "SCALAR", "name": "T" }, "defaultValue": "1" }],
                    "type": { "kind": "LIST", "ofType": { "kind": "SCALAR", "name": "T" } },
                }]},
                { "kind": "ENUM", "name": "E", "enumValues": [{ "name": "V" }] },
            ],
            "directives": [{ "name": "d", "locations": ["FIELD"] }],
        }});
        *answer.pointer_mut(&format!("/__schema{place}")).unwrap() = text.into();
        answer.to_string()
    }

    #[test]
    fn a_text_is_what_it_is_told_as_and_nothing_else() {
        let mut told = String::new();
        for place in [
            "/queryType/name",
            "/types/0/name",
            "/types/0/fields/0/name",
            "/types/0/fields/0/args/0/name",
            "/types/0/fields/0/type/ofType/name",
            "/types/1/enumValues/0/name",
            "/directives/0/name",
            "/directives/0/locations/0",
        ] {
            let error = sdl_of_introspection(&with(place, "V\n  admin: T @aws_api_key")).unwrap_err();
            let _ = writeln!(told, "{error}");
        }
        expect![[r#"
            `__schema.queryType.name` can't be read: invalid value: string "V\n  admin: T @aws_api_key", expected a string in GraphQL Name syntax
            `__schema.types[0].name` can't be read: invalid value: string "V\n  admin: T @aws_api_key", expected a string in GraphQL Name syntax
            `__schema.types[0].fields[0].name` can't be read: invalid value: string "V\n  admin: T @aws_api_key", expected a string in GraphQL Name syntax
            `__schema.types[0].fields[0].args[0].name` can't be read: invalid value: string "V\n  admin: T @aws_api_key", expected a string in GraphQL Name syntax
            `__schema.types[0].fields[0].type.ofType.name` can't be read: invalid value: string "V\n  admin: T @aws_api_key", expected a string in GraphQL Name syntax
            `__schema.types[1].enumValues[0].name` can't be read: invalid value: string "V\n  admin: T @aws_api_key", expected a string in GraphQL Name syntax
            `__schema.directives[0].name` can't be read: invalid value: string "V\n  admin: T @aws_api_key", expected a string in GraphQL Name syntax
            `__schema.directives[0].locations[0]` can't be read: invalid value: string "V\n  admin: T @aws_api_key", expected a string in GraphQL Name syntax
        "#]].assert_eq(&told);
    }

    #[test]
    fn a_place_that_is_newer_than_the_specification_is_passed_over() {
        let mut answer: Value = serde_json::from_str(&with("/directives/0/name", "d")).unwrap();
        for (locations, expected) in [
            (vec!["FIELD", "DIRECTIVE_DEFINITION"], "directive @d on FIELD\n"),
            (vec!["DIRECTIVE_DEFINITION"], "type Q"),
        ] {
            *answer.pointer_mut("/__schema/directives/0/locations").unwrap() = locations.into();
            let sdl = sdl_of_introspection(&answer.to_string()).unwrap();
            assert!(sdl.contains(expected) && !sdl.contains("DEFINITION"), "{sdl}");
            assert_eq!(sdl.contains("@d"), expected.contains("@d"), "{sdl}");
        }
    }

    #[test]
    fn a_default_is_one_literal() {
        const PLACE: &str = "/types/0/fields/0/args/0/defaultValue";
        for text in ["1", "[A, \"b\", null, {c: 1.5}]", "\"ab\"", "true # why"] {
            let sdl = sdl_of_introspection(&with(PLACE, text)).unwrap();
            let text = text.trim_end_matches(" # why");
            assert!(sdl.contains(&format!("\n    a: T = {text}\n  ): [T]\n")), "{sdl}");
        }
        for text in [
            "",
            "1 2",
            "$a",
            "[{ a: $b }]",
            "1 @aws_api_key",
            "1 g: Int = 2",
            "1\n g: Int",
            "1 } type Admin { f: Int",
            "1 } extend input I @aws_api_key { g: Int",
            "1, \"of g\" g: Int",
            "\"a",
            "#",
        ] {
            let error = sdl_of_introspection(&with(PLACE, text)).unwrap_err().to_string();
            assert!(
                error.ends_with("expected one GraphQL literal without variables"),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn what_an_api_says_is_shown_as_it_is() {
        let error = sdl_of_introspection("{ \"errors\": [{ \"message\": \"\\u001b[2Jno\\u202e\" }] }").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the API does not tell its schema: \\u{1b}[2Jno\\u{202e}"
        );
    }
}
