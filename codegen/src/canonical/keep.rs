//! A schema as introspection tells it, and the one before → the new one, with the directives that introspection can't tell.
//!
//! Invariant: nothing is guessed. A directive stays where it was, by schema coordinate; what is new has none, and is listed.

use std::collections::{BTreeSet, HashSet};

use apollo_compiler::{
    Name, Schema,
    ast::{Definition, Directive, DirectiveLocation, FieldDefinition, Type},
    collections::IndexMap,
    schema::{Component, ExtendedType},
};

use super::{SchemaError, canonical, print::print, read};
use crate::parse;

/// A schema with another one's directives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its canonical text.
    pub sdl: String,
    /// The schema coordinates whose directives nobody knows, sorted: new types, types that were of another kind, and new
    /// fields of the others; but for those on which no directive can stand that introspection does not tell.
    pub unknown: Vec<String>,
}

/// The directives that introspection can tell, all of the GraphQL specification.
const TELLABLE: [&str; 3] = ["deprecated", "oneOf", "specifiedBy"];

/// Returns the new schema with the old one's directives.
///
/// A directive stays on the type, field, argument, input field or enum value of the same schema coordinate
/// (<https://spec.graphql.org/September2025/#sec-Schema-Coordinates>), unless it is one of those that are `told`, without
/// the at sign, or the new schema applies it there: of those, [`crate::Introspected::directives`], none is where none is told. Where a directive stays that the new schema does not declare, so do its declaration and the types of its
/// arguments.
///
/// # Errors
/// When one of the two is no schema, or both together are none: a directive has no place any more. The message names the
/// text that it is about.
///
/// ```
/// use appsync_mcp_codegen::with_directives_of;
///
/// let old = "type Query { a: Int @aws_iam, b: Int @aws_oidc }";
/// let kept = with_directives_of("type Query { a: String, c: Int }", old, &["deprecated"])?;
/// assert_eq!(kept.sdl, "type Query {\n  a: String @aws_iam\n  c: Int\n}\n");
/// assert_eq!(kept.unknown, ["Query.c"]);
/// # Ok::<(), appsync_mcp_codegen::SchemaError>(())
/// ```
pub fn with_directives_of(new: &str, old: &str, told: &[&str]) -> Result<Kept, SchemaError> {
    let mut new = read(new).map_err(|error| error.in_file("the new schema"))?;
    let old = read(old)?;
    let mut keeper = Keeper {
        told,
        places: places(&[&new, &old]),
        kept: BTreeSet::new(),
        unknown: BTreeSet::new(),
    };
    let roots = new.schema_definition.make_mut();
    keeper.directives(&mut roots.directives.0, &old.schema_definition.directives.0);
    for (name, ty) in new.types.iter_mut().filter(|(_, ty)| !ty.is_built_in()) {
        keeper.ty(ty, old.types.get(name));
    }
    declare(&keeper.kept, &mut new, &old);
    let sdl = canonical(&print(&new)).map_err(|error| error.in_file("the new schema with the old one's directives"))?;
    Ok(Kept {
        sdl,
        unknown: keeper.unknown.into_iter().collect(),
    })
}

/// Returns where directives can stand that introspection does not tell.
fn places(schemas: &[&Schema]) -> HashSet<DirectiveLocation> {
    let appsync = parse::appsync();
    let appsyncs = appsync.definitions.iter().filter_map(|definition| match definition {
        Definition::DirectiveDefinition(directive) => Some(directive),
        _ => None,
    });
    let declared = schemas.iter().flat_map(|schema| schema.directive_definitions.values());
    let untold = appsyncs
        .chain(declared)
        .filter(|directive| !is_tellable(&directive.name));
    untold
        .flat_map(|directive| directive.locations.iter().copied())
        .collect()
}

fn is_tellable(directive: &str) -> bool {
    TELLABLE.contains(&directive)
}

struct Keeper<'a> {
    /// The names of the directives that the new schema has wherever they are applied.
    told: &'a [&'a str],
    places: HashSet<DirectiveLocation>,
    /// The names of the directives that stay.
    kept: BTreeSet<Name>,
    unknown: BTreeSet<String>,
}

impl Keeper<'_> {
    fn ty(&mut self, new: &mut ExtendedType, old: Option<&ExtendedType>) {
        let name = new.name().clone();
        match (new, old) {
            (ExtendedType::Scalar(new), Some(ExtendedType::Scalar(old))) => {
                self.directives(&mut new.make_mut().directives.0, &old.directives.0);
            }
            (ExtendedType::Union(new), Some(ExtendedType::Union(old))) => {
                self.directives(&mut new.make_mut().directives.0, &old.directives.0);
            }
            (ExtendedType::Object(new), Some(ExtendedType::Object(old))) => {
                let new = new.make_mut();
                self.directives(&mut new.directives.0, &old.directives.0);
                self.fields(&name, &mut new.fields, &old.fields);
            }
            (ExtendedType::Interface(new), Some(ExtendedType::Interface(old))) => {
                let new = new.make_mut();
                self.directives(&mut new.directives.0, &old.directives.0);
                self.fields(&name, &mut new.fields, &old.fields);
            }
            (ExtendedType::Enum(new), Some(ExtendedType::Enum(old))) => {
                let new = new.make_mut();
                self.directives(&mut new.directives.0, &old.directives.0);
                for (name, value) in &mut new.values {
                    if let Some(old) = old.values.get(name) {
                        self.directives(&mut value.make_mut().directives.0, &old.directives.0);
                    }
                }
            }
            (ExtendedType::InputObject(new), Some(ExtendedType::InputObject(old))) => {
                let new = new.make_mut();
                self.directives(&mut new.directives.0, &old.directives.0);
                for (field, value) in &mut new.fields {
                    match old.fields.get(field) {
                        Some(old) => self.directives(&mut value.make_mut().directives.0, &old.directives.0),
                        None => self.unknown(DirectiveLocation::InputFieldDefinition, format!("{name}.{field}")),
                    }
                }
            }
            (new, _) => self.unknown(place(new), name.to_string()),
        }
    }

    fn fields(
        &mut self,
        ty: &Name,
        new: &mut IndexMap<Name, Component<FieldDefinition>>,
        old: &IndexMap<Name, Component<FieldDefinition>>,
    ) {
        for (name, field) in new {
            let Some(old) = old.get(name) else {
                self.unknown(DirectiveLocation::FieldDefinition, format!("{ty}.{name}"));
                continue;
            };
            let field = field.make_mut();
            self.directives(&mut field.directives.0, &old.directives.0);
            for argument in &mut field.arguments {
                if let Some(old) = old.argument_by_name(&argument.name) {
                    self.directives(&mut argument.make_mut().directives.0, &old.directives.0);
                }
            }
        }
    }

    fn directives<T: AsRef<Directive> + Clone>(&mut self, new: &mut Vec<T>, old: &[T]) {
        let applied: BTreeSet<Name> = new.iter().map(|directive| directive.as_ref().name.clone()).collect();
        let stays = |directive: &&T| {
            let name = &directive.as_ref().name;
            !self.told.contains(&name.as_str()) && !applied.contains(name)
        };
        let kept = old.iter().filter(stays);
        self.kept
            .extend(kept.clone().map(|directive| directive.as_ref().name.clone()));
        new.extend(kept.cloned());
    }

    fn unknown(&mut self, place: DirectiveLocation, coordinate: String) {
        if self.places.contains(&place) {
            self.unknown.insert(coordinate);
        }
    }
}

fn place(ty: &ExtendedType) -> DirectiveLocation {
    match ty {
        ExtendedType::Scalar(_) => DirectiveLocation::Scalar,
        ExtendedType::Object(_) => DirectiveLocation::Object,
        ExtendedType::Interface(_) => DirectiveLocation::Interface,
        ExtendedType::Union(_) => DirectiveLocation::Union,
        ExtendedType::Enum(_) => DirectiveLocation::Enum,
        ExtendedType::InputObject(_) => DirectiveLocation::InputObject,
    }
}

/// Declares the directives that stay, as far as the new schema does not.
fn declare(kept: &BTreeSet<Name>, new: &mut Schema, old: &Schema) {
    for name in kept {
        let Some(declared) = old.directive_definitions.get(name) else {
            continue;
        };
        match new.directive_definitions.get_mut(name) {
            // Old servers don't tell whether a directive is repeatable.
            Some(told) if declared.repeatable => told.make_mut().repeatable = true,
            Some(_) => {}
            None => {
                new.directive_definitions.insert(name.clone(), declared.clone());
                for argument in &declared.arguments {
                    define(&argument.ty, new, old);
                }
            }
        }
    }
}

/// Defines an input's type, and those of its fields, as far as the new schema does not.
fn define(ty: &Type, new: &mut Schema, old: &Schema) {
    let name = ty.inner_named_type();
    let Some(ty) = old.types.get(name).filter(|_| !new.types.contains_key(name)) else {
        return;
    };
    new.types.insert(name.clone(), ty.clone());
    if let ExtendedType::InputObject(object) = ty {
        for field in object.fields.values() {
            define(&field.ty, new, old);
        }
    }
}
