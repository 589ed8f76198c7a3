//! A selection set → the shape of what comes back.
//!
//! Fields are collected as the specification does it (<https://spec.graphql.org/September2025/#CollectFields()>), but for
//! every type that a value can have: named and inline fragments melt into one list of fields a type.

mod mark;

use std::collections::BTreeSet;

use apollo_compiler::{
    ExecutableDocument, Name, Node, Schema,
    ast::{Directive, DirectiveList, OperationType, Type, Value},
    executable::{self, Operation, SelectionSet},
    schema::ExtendedType,
};

use super::{Used, access::Reach, contract, text, undeclared_scalar};
use crate::{
    diagnostic::{Diagnostics, Span},
    model::{Access, Barred, Field, List, ListMax, Literal, Mark, MarkKind, OutputType, Selection, Shape, Spanned},
    name::{self, Scope},
    parse::Parsed,
    scalar,
};

/// What an operation selects.
pub(super) struct Selected {
    /// What it answers.
    pub(super) data: Selection,
    /// The lists in it, outer ones first.
    pub(super) lists: Vec<List>,
    pub(super) marks: Vec<Mark>,
    /// Fields that are marked in another way where the object around them is of another type.
    pub(super) uneven_marks: Vec<(Vec<String>, Span)>,
    /// Who can call it.
    pub(super) access: Vec<Access>,
    /// What keeps out the last mode, if nobody can.
    pub(super) barred: Option<Barred>,
}

/// Resolves what an operation selects.
pub(super) fn data(
    operation: &Operation,
    rust_name: &str,
    document: &ExecutableDocument,
    parsed: &Parsed,
    names: &mut Scope,
    used: &mut Used,
    diagnostics: &mut Diagnostics,
) -> Selected {
    let mut resolver = Resolver {
        document,
        parsed,
        names,
        used,
        diagnostics,
        lists: Vec::new(),
        marks: Vec::new(),
        marked: Vec::new(),
        uneven_marks: Vec::new(),
        omitted: 0,
        reach: Reach::new(parsed),
    };
    let sets = [Part {
        set: &operation.selection_set,
        conditional: false,
    }];
    let description = match operation.operation_type {
        OperationType::Query => "What the query answers.",
        _ => "What the operation answers.",
    };
    let fields = resolver.fields(operation.object_type(), &sets, &mut Vec::new());
    let data = Selection {
        rust_name: rust_name.to_owned(),
        graphql_type: operation.object_type().to_string(),
        description: description.to_owned(),
        shape: Shape::Fields(fields),
    };
    let Resolver {
        mut lists,
        marks,
        uneven_marks,
        reach,
        used,
        ..
    } = resolver;
    lists.sort_by_key(|list| list.path.len());
    used.directive = used.directive.take().or(reach.directive);
    Selected {
        data,
        lists,
        marks,
        uneven_marks,
        access: reach.access,
        barred: reach.barred,
    }
}

/// A selection set, and whether it stands under an `@include` or `@skip`.
#[derive(Clone)]
struct Part<'a> {
    set: &'a SelectionSet,
    conditional: bool,
}

/// A field selection, and whether it stands under an `@include` or `@skip`.
struct Chosen<'a> {
    field: &'a Node<executable::Field>,
    conditional: bool,
}

/// Whether each of several selections of a field can be left out, and so the field.
fn is_conditional(selected: &[Chosen<'_>]) -> bool {
    selected.iter().all(|selected| selected.conditional)
}

struct Resolver<'a> {
    document: &'a ExecutableDocument,
    parsed: &'a Parsed,
    names: &'a mut Scope,
    used: &'a mut Used,
    diagnostics: &'a mut Diagnostics,
    lists: Vec<List>,
    marks: Vec<Mark>,
    /// How each place is marked, where it was met first.
    marked: Vec<(Vec<String>, BTreeSet<MarkKind>)>,
    uneven_marks: Vec<(Vec<String>, Span)>,
    /// How many of the fields above are left out of the result.
    omitted: usize,
    reach: Reach<'a>,
}

impl<'a> Resolver<'a> {
    fn schema(&self) -> &'a Schema {
        &self.parsed.schema
    }

    fn selection(&mut self, ty: &Name, parts: &[Part<'a>], path: &mut Vec<String>, span: &Span) -> Selection {
        let definition = self.schema().types.get(ty);
        let rust_name = self.names.take(&name::pascal(ty));
        let description = text(
            definition
                .and_then(|definition| definition.description())
                .map(|text| &**text),
        );
        self.reach.union(ty, span);
        let by_type = match definition {
            Some(ExtendedType::Union(_)) => true,
            Some(ExtendedType::Interface(_)) => !self.narrower(ty, parts).is_empty(),
            _ => false,
        };
        let shape = if by_type {
            self.by_type(ty, parts, path, span)
        } else {
            Shape::Fields(self.fields(ty, parts, path))
        };
        Selection {
            rust_name,
            graphql_type: ty.to_string(),
            description,
            shape,
        }
    }

    fn by_type(&mut self, ty: &Name, parts: &[Part<'a>], path: &mut Vec<String>, span: &Span) -> Shape {
        let common = self.collect(ty, parts);
        let typename = common.iter().any(|(key, fields)| {
            key == "__typename"
                && !is_conditional(fields)
                && fields.iter().any(|selected| selected.field.name == "__typename")
        });
        let union = self.schema().get_union(ty).is_some();
        let aliased = common.iter().find(|(key, _)| union && key != "__typename");
        let aliased = aliased.and_then(|(_, fields)| fields.first());
        let places = &self.parsed.places;
        let aliased = aliased.and_then(|selected| places.span(selected.field.response_key().location()));
        let mut variants = Vec::new();
        for object in self.narrower(ty, parts) {
            // A type of which nothing but the name is selected is as any other type.
            if self.collect(&object, parts).iter().any(|(key, _)| key != "__typename") {
                variants.push(self.variant(&object, &object, parts, path));
            }
        }
        // What cynic falls back to on an interface is a struct, if only of `__typename`; on a union it is that name alone.
        let other = (!union).then(|| Box::new(self.variant(ty, "Other", parts, path)));
        Shape::ByType {
            variants,
            other,
            typename,
            aliased,
            span: span.clone(),
        }
    }

    fn variant(&mut self, ty: &Name, key: &str, parts: &[Part<'a>], path: &mut Vec<String>) -> Selection {
        let rust_name = self.names.take(&name::pascal(key));
        let fields = self.fields(ty, parts, path);
        let definition = self.schema().types.get(ty);
        Selection {
            rust_name,
            graphql_type: ty.to_string(),
            description: text(
                definition
                    .and_then(|definition| definition.description())
                    .map(|text| &**text),
            ),
            shape: Shape::Fields(fields),
        }
    }

    /// Returns the object types among `ty`'s that some fragment selects more of than of the rest.
    fn narrower(&self, ty: &Name, parts: &[Part<'a>]) -> BTreeSet<Name> {
        let mut conditions = BTreeSet::new();
        for part in parts {
            self.conditions(part.set, &mut conditions);
        }
        let possible = self.possible(ty);
        let narrow = conditions.iter().filter(|condition| !self.applies(condition, ty));
        narrow
            .flat_map(|condition| self.possible(condition))
            .filter(|object| possible.contains(object))
            .collect()
    }

    fn conditions(&self, set: &SelectionSet, found: &mut BTreeSet<Name>) {
        for selection in &set.selections {
            match selection {
                executable::Selection::Field(_) => {}
                executable::Selection::InlineFragment(fragment) => {
                    found.extend(fragment.type_condition.clone());
                    self.conditions(&fragment.selection_set, found);
                }
                executable::Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name) {
                        found.insert(fragment.type_condition().clone());
                        self.conditions(&fragment.selection_set, found);
                    }
                }
            }
        }
    }

    /// Returns the object types that a value of a composite type can have.
    fn possible(&self, ty: &Name) -> BTreeSet<Name> {
        match self.schema().types.get(ty) {
            Some(ExtendedType::Union(union)) => union.members.iter().map(|member| member.name.clone()).collect(),
            Some(ExtendedType::Interface(_)) => self
                .schema()
                .implementers_map()
                .get(ty)
                .map(|found| found.objects.iter().cloned().collect())
                .unwrap_or_default(),
            _ => BTreeSet::from([ty.clone()]),
        }
    }

    /// Whether a fragment on `condition` applies to every value of `ty`.
    fn applies(&self, condition: &Name, ty: &Name) -> bool {
        condition == ty || self.schema().is_subtype(condition, ty)
    }

    /// Collects the fields that every value of `ty` has, by response key, in the order of the document.
    fn collect(&self, ty: &Name, parts: &[Part<'a>]) -> Vec<(String, Vec<Chosen<'a>>)> {
        let mut collected: Vec<(String, Vec<Chosen<'a>>)> = Vec::new();
        for part in parts {
            self.collect_into(ty, part, &mut collected);
        }
        collected
    }

    fn collect_into(&self, ty: &Name, part: &Part<'a>, collected: &mut Vec<(String, Vec<Chosen<'a>>)>) {
        for selection in &part.set.selections {
            let conditional = |directives| part.conditional || conditional(directives);
            match selection {
                executable::Selection::Field(field) => {
                    let selected = Chosen {
                        field,
                        conditional: conditional(&field.directives),
                    };
                    let key = field.response_key();
                    match collected.iter_mut().find(|(known, _)| known == key.as_str()) {
                        Some((_, fields)) => fields.push(selected),
                        None => collected.push((key.to_string(), vec![selected])),
                    }
                }
                executable::Selection::InlineFragment(fragment) => {
                    if fragment
                        .type_condition
                        .as_ref()
                        .is_none_or(|condition| self.applies(condition, ty))
                    {
                        let part = Part {
                            set: &fragment.selection_set,
                            conditional: conditional(&fragment.directives),
                        };
                        self.collect_into(ty, &part, collected);
                    }
                }
                executable::Selection::FragmentSpread(spread) => {
                    let Some(fragment) = self.document.fragments.get(&spread.fragment_name) else {
                        continue;
                    };
                    if self.applies(fragment.type_condition(), ty) {
                        let part = Part {
                            set: &fragment.selection_set,
                            conditional: conditional(&spread.directives),
                        };
                        self.collect_into(ty, &part, collected);
                    }
                }
            }
        }
    }

    fn fields(&mut self, ty: &Name, parts: &[Part<'a>], path: &mut Vec<String>) -> Vec<Field> {
        let mut scope = Scope::default();
        let collected = self.collect(ty, parts);
        let possible = self.possible(ty);
        let next_token = collected.iter().find_map(|(key, fields)| {
            let field = &fields.first()?.field;
            (field.name == "nextToken").then(|| (key.clone(), !field.ty().is_non_null()))
        });
        let mut fields = Vec::new();
        for (key, selected) in collected {
            let Some(first) = selected.first() else { continue };
            let definition = &first.field.definition;
            // An implementer can narrow the type that its interface gives a field.
            let narrowed = self.schema().type_field(ty, &first.field.name);
            let field_type = narrowed.map_or(&definition.ty, |field| &field.ty);
            let span = self
                .parsed
                .places
                .span(first.field.name.location())
                .unwrap_or(Span { file: 0, bytes: 0..0 });
            self.reach.field(ty, &possible, &first.field.name, &span);
            self.reach.arguments(&first.field.arguments, definition);
            path.push(key.clone());
            self.list(&selected, path, &span, next_token.as_ref());
            let rule = self.mark(&selected, path, &span);
            let conditional = is_conditional(&selected);
            let inner: Vec<_> = selected
                .iter()
                .map(|one| Part {
                    set: &one.field.selection_set,
                    // Of a field that is selected once, what is in it is there whenever the field is.
                    conditional: one.conditional && selected.len() > 1,
                })
                .collect();
            let is_covered = rule.is_some() || self.omitted > 0;
            let personal = if is_covered {
                None
            } else {
                self.personal(ty, first.field)
            };
            // Nothing in what is left out needs a rule of its own.
            let omits = usize::from(rule == Some(MarkKind::Omit));
            self.omitted += omits;
            let resolver = self.has_resolver(&possible, first.field, path.len() == 1);
            let ty = self.output_type(field_type, &inner, path, &span);
            self.omitted -= omits;
            path.pop();
            fields.push(Field {
                resolver,
                rust_name: scope.take(&name::snake(&key)),
                name: first.field.name.to_string(),
                description: text(definition.description.as_deref()),
                deprecated: deprecation(&definition.directives),
                arguments: first
                    .field
                    .arguments
                    .iter()
                    .map(|argument| (argument.name.to_string(), literal(&argument.value)))
                    .collect(),
                conditional,
                personal,
                ty,
                key_span: self
                    .parsed
                    .places
                    .span(first.field.response_key().location())
                    .unwrap_or(span.clone()),
                span,
                key,
            });
        }
        fields
    }

    /// Whether AppSync calls a resolver for a field. Where nobody lists the resolvers, those fields count that usually have
    /// one: root fields, fields that take arguments, and fields that return objects.
    fn has_resolver(&self, possible: &BTreeSet<Name>, field: &executable::Field, is_root: bool) -> bool {
        if field.name.starts_with("__") {
            return false;
        }
        if let Some(listed) = &self.parsed.api.resolvers {
            return possible
                .iter()
                .any(|ty| listed.contains_key(&format!("{ty}.{}", field.name)));
        }
        let returned = self.schema().types.get(field.ty().inner_named_type());
        let of_leaves = returned.is_none_or(ExtendedType::is_leaf);
        is_root || !field.definition.arguments.is_empty() || !of_leaves
    }

    fn output_type(&mut self, ty: &Type, inner: &[Part<'a>], path: &mut Vec<String>, span: &Span) -> OutputType {
        let nullable = !ty.is_non_null();
        let output = match ty {
            Type::List(item) | Type::NonNullList(item) => {
                OutputType::List(Box::new(self.output_type(item, inner, path, span)))
            }
            Type::Named(name) | Type::NonNullNamed(name) => self.named(name, inner, path, span),
        };
        if nullable {
            OutputType::Nullable(Box::new(output))
        } else {
            output
        }
    }

    fn named(&mut self, name: &Name, inner: &[Part<'a>], path: &mut Vec<String>, span: &Span) -> OutputType {
        match (name.as_str(), self.schema().types.get(name)) {
            ("Boolean", _) => OutputType::Boolean,
            ("Int", _) => OutputType::Int,
            ("Float", _) => OutputType::Float,
            ("String", _) => OutputType::String,
            (_, Some(ExtendedType::Enum(_))) => {
                self.used.output_enums.insert(name.to_string());
                if self.omitted > 0 {
                    self.used.personal_enums.insert(name.to_string());
                }
                OutputType::Enum(name.to_string())
            }
            (_, Some(ExtendedType::Scalar(_)) | None) => {
                if scalar::wire(name, &self.parsed.api.local).is_none() {
                    self.diagnostics.push(undeclared_scalar(name, span.clone()));
                }
                self.used.scalars.insert(name.to_string());
                OutputType::Scalar(name.to_string())
            }
            _ => OutputType::Selection(Box::new(self.selection(name, inner, path, span))),
        }
    }

    fn list(&mut self, selected: &[Chosen<'a>], path: &[String], span: &Span, next_token: Option<&(String, bool)>) {
        let Some(first) = selected.first() else { return };
        let bounds = selected.iter().filter_map(|selected| self.list_bound(selected.field));
        let mut bounds: Vec<_> = bounds.collect();
        let inner = selected.iter().filter_map(|selected| {
            let directive = selected.field.directives.get("list")?;
            contract::spanned(directive, "inner", &self.parsed.places, contract::integer)
        });
        let mut inner_bounds: Vec<_> = inner.collect();
        if let Some(known) = self.lists.iter_mut().find(|list| list.path == path) {
            // Another member of a union, or the same one again.
            known.bounds.append(&mut bounds);
            known.inner_bounds.append(&mut inner_bounds);
            return;
        }
        let is_list = first.field.ty().is_list();
        if !is_list && bounds.is_empty() {
            return;
        }
        let of_leaves = self
            .schema()
            .types
            .get(first.field.ty().inner_named_type())
            .is_none_or(ExtendedType::is_leaf);
        self.lists.push(List {
            path: path.to_vec(),
            span: span.clone(),
            is_one: is_list,
            of_leaves,
            of_lists: first.field.ty().item_type().is_list(),
            inner_bounds,
            bounds,
            next_token: next_token.cloned(),
        });
    }

    fn list_bound(&self, field: &executable::Field) -> Option<Spanned<ListMax>> {
        let directive = field.directives.get("list")?;
        let places = &self.parsed.places;
        let max = contract::spanned(directive, "max", places, contract::integer);
        let from = contract::spanned(directive, "maxFrom", places, contract::string);
        Some(match (max, from) {
            (Some(max), None) => Spanned {
                value: ListMax::Items(max.value),
                span: max.span,
            },
            (None, Some(from)) => Spanned {
                value: ListMax::Variable(from.value),
                span: from.span,
            },
            _ => Spanned {
                value: ListMax::Unclear,
                span: places.span(directive.location())?,
            },
        })
    }
}

/// Whether a variable decides if something is selected. `@include(if: true)` and `@skip(if: false)` decide nothing.
fn conditional(directives: &DirectiveList) -> bool {
    let decides = |directive: &Node<Directive>, always: bool| {
        directive
            .specified_argument_by_name("if")
            .and_then(|value| value.to_bool())
            != Some(always)
    };
    directives.iter().any(|directive| match directive.name.as_str() {
        "include" => decides(directive, true),
        "skip" => decides(directive, false),
        _ => false,
    })
}

fn deprecation(directives: &DirectiveList) -> Option<String> {
    let directive = directives.get("deprecated")?;
    let reason = directive
        .specified_argument_by_name("reason")
        .and_then(|reason| reason.as_str());
    Some(reason.unwrap_or("No longer supported").to_owned())
}

fn literal(value: &Value) -> Literal {
    match value {
        Value::Null => Literal::Null,
        Value::Variable(name) => Literal::Variable(name.to_string()),
        Value::Enum(name) => Literal::Enum(name.to_string()),
        Value::String(text) => Literal::String(text.clone()),
        Value::Boolean(value) => Literal::Boolean(*value),
        Value::Int(number) => Literal::Int(number.as_str().to_owned()),
        Value::Float(number) => Literal::Float(number.as_str().to_owned()),
        Value::List(items) => Literal::List(items.iter().map(|item| literal(item)).collect()),
        Value::Object(fields) => Literal::Object(
            fields
                .iter()
                .map(|(name, value)| (name.to_string(), literal(value)))
                .collect(),
        ),
    }
}
