//! AppSync's directives on what an operation touches → who can call it.
//!
//! AppSync lets a caller have a field if the field's directives name the caller's mode; of a field without any, its
//! type's count, and then the API's default mode
//! (<https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html#using-additional-authorization-modes>).
//! AWS's simulator (`@aws-amplify/amplify-appsync-simulator` 2.16.20, `lib/schema/directives/auth.js`) decides alike, by
//! the object type of a value and in its fields only. Where the two differ, or nobody says, this is on the strict side:
//!
//! - `@aws_auth` is for user pools and, AWS says, of no effect beside other modes; the simulator goes by it all the same.
//!   Here it keeps other modes out, and lets user pools in only where they are the default mode.
//! - `cognito_groups: []` lets nobody in; the simulator lets everybody in.
//! - A field of an interface has to be allowed on every type that a value can have, and by the interface's own directives
//!   if it carries some. A union and an input type restrict if they carry some.
//!
//! `__typename` needs nothing.

use std::collections::BTreeSet;

use apollo_compiler::{
    Name, Node,
    ast::{Argument, Directive, Type, Value},
    schema::{ExtendedType, FieldDefinition},
};

use crate::{
    api::{Facts, Mode},
    diagnostic::Span,
    model::{Access, Barred},
    parse::Parsed,
};

/// Who is left, while an operation is walked.
pub(super) struct Reach<'a> {
    parsed: &'a Parsed,
    pub(super) access: Vec<Access>,
    pub(super) barred: Option<Barred>,
    /// Where the first directive stands that was met.
    pub(super) directive: Option<Span>,
}

/// What a place allows, and why.
struct Rule {
    allows: Vec<Access>,
    because: String,
}

/// Returns the modes that the API has; all of them if nobody says which.
pub(crate) fn modes(facts: Option<&Facts>) -> BTreeSet<Mode> {
    facts.map_or_else(
        || BTreeSet::from(Mode::ALL),
        |facts| {
            let more = facts.additional_authentication_providers.iter().copied();
            more.chain([facts.authentication_type]).collect()
        },
    )
}

impl<'a> Reach<'a> {
    /// Begins with every mode that the API has.
    pub(super) fn new(parsed: &'a Parsed) -> Self {
        let access = modes(parsed.api.facts.as_ref()).into_iter().map(|mode| Access {
            mode,
            groups: Vec::new(),
        });
        Self {
            parsed,
            access: access.collect(),
            barred: None,
            directive: None,
        }
    }

    /// A field is selected of values of a type that can be any of `possible`.
    pub(super) fn field(&mut self, ty: &Name, possible: &BTreeSet<Name>, field: &Name, span: &Span) {
        if field.starts_with("__") {
            return;
        }
        for object in possible {
            let rule = self.own(object, field).or_else(|| self.default());
            self.narrow(rule, &format!("{object}.{field}"), span);
        }
        if !possible.contains(ty) {
            let rule = self.own(ty, field);
            self.narrow(rule, &format!("{ty}.{field}"), span);
        }
    }

    /// Values of a union are selected.
    pub(super) fn union(&mut self, name: &Name, span: &Span) {
        if self.parsed.schema.get_union(name).is_some() {
            let rule = self.own_of_type(name);
            self.narrow(rule, name, span);
        }
    }

    /// Arguments are given.
    pub(super) fn arguments(&mut self, arguments: &[Node<Argument>], definition: &FieldDefinition) {
        for argument in arguments {
            let declared = definition.argument_by_name(&argument.name);
            if let (Some(declared), Some(span)) = (declared, self.parsed.places.span(argument.value.location())) {
                self.input(&declared.ty, Some(&argument.value), &mut BTreeSet::new(), &span);
            }
        }
    }

    /// A value is given, or may be where it is a variable's: then nothing says what of it.
    fn input(&mut self, ty: &Type, value: Option<&Value>, seen: &mut BTreeSet<Name>, span: &Span) {
        let parsed = self.parsed;
        let name = ty.inner_named_type();
        let Some(object) = parsed.schema.get_input_object(name) else {
            return;
        };
        match value {
            Some(Value::List(items)) => {
                for item in items {
                    self.input(ty, Some(item), seen, span);
                }
                return;
            }
            Some(Value::Null) => return,
            Some(Value::Object(given)) => {
                for (field, value) in given {
                    if let Some(field) = object.fields.get(field) {
                        self.input(&field.ty, Some(value), seen, span);
                    }
                }
            }
            _ => {
                if !seen.insert(name.clone()) {
                    return;
                }
                for field in object.fields.values() {
                    self.input(&field.ty, None, seen, span);
                }
            }
        }
        let rule = self.own_of_type(name);
        self.narrow(rule, name, span);
    }

    /// Keeps those whom a rule allows as well; without one, everybody.
    fn narrow(&mut self, rule: Option<Rule>, name: &str, span: &Span) {
        let Some(Rule { allows, mut because }) = rule else {
            return;
        };
        if self.access.is_empty() {
            return;
        }
        let before = self.access.iter().map(|access| access.mode).collect();
        self.access.retain_mut(|access| {
            let allowed = allows.iter().find(|allowed| allowed.mode == access.mode);
            let Some(allowed) = allowed else { return false };
            access.groups.extend(allowed.groups.iter().cloned());
            simplify(&mut access.groups);
            true
        });
        if self.access.is_empty() {
            let modes = modes(self.parsed.api.facts.as_ref());
            if !allows.is_empty() && allows.iter().all(|allowed| !modes.contains(&allowed.mode)) {
                because.push_str("; the API does not have it");
            }
            self.barred = Some(Barred {
                span: span.clone(),
                name: name.to_owned(),
                because,
                allows: allows.iter().map(|allowed| allowed.mode).collect(),
                before,
            });
        }
    }

    /// What a field's own directives say, or its type's.
    fn own(&mut self, ty: &Name, field: &Name) -> Option<Rule> {
        let definition = match self.parsed.schema.types.get(ty)? {
            ExtendedType::Object(object) => object.fields.get(field)?,
            ExtendedType::Interface(interface) => interface.fields.get(field)?,
            _ => return None,
        };
        let directives = definition.directives.iter().map(AsRef::as_ref);
        self.of_directives(directives, &format!("{ty}.{field}"))
            .or_else(|| self.own_of_type(ty))
    }

    fn own_of_type(&mut self, ty: &Name) -> Option<Rule> {
        let directives = self.parsed.schema.types.get(ty)?.directives();
        self.of_directives(directives.iter().map(|directive| &***directive), ty)
    }

    fn of_directives<'d>(&mut self, directives: impl Iterator<Item = &'d Directive>, place: &str) -> Option<Rule> {
        let directives: Vec<_> = directives.filter(|directive| mode(&directive.name).is_some()).collect();
        if let (None, Some(first)) = (&self.directive, directives.first()) {
            let name = self.parsed.places.span(first.name.location());
            // The `@` stands right before the name.
            self.directive = name.map(|Span { file, bytes }| Span {
                file,
                bytes: bytes.start.saturating_sub(1)..bytes.end,
            });
        }
        let facts = self.parsed.api.facts.as_ref();
        let allows = allowed(directives.iter().copied(), facts.map(|facts| facts.authentication_type))?;
        let met: Vec<_> = directives
            .iter()
            .map(|directive| format!("`@{}`", directive.name))
            .collect();
        Some(Rule {
            allows,
            because: format!("{} on `{place}`", met.join(" ")),
        })
    }

    /// What holds where no directive says anything; nothing if nobody says what the default mode is.
    fn default(&self) -> Option<Rule> {
        let facts = self.parsed.api.facts.as_ref()?;
        Some(Rule {
            allows: vec![Access {
                mode: facts.authentication_type,
                groups: Vec::new(),
            }],
            because: "the API's default mode, where no directive stands".to_owned(),
        })
    }
}

/// Returns whom directives let in; nothing if none of them says anything of it. `default` is the API's default mode, if
/// somebody says which.
pub(crate) fn allowed<'d>(
    directives: impl Iterator<Item = &'d Directive>,
    default: Option<Mode>,
) -> Option<Vec<Access>> {
    // Several directives can name one mode: any group of theirs will do.
    let mut modes: Vec<(Mode, Option<BTreeSet<String>>)> = Vec::new();
    let mut is_said = false;
    for directive in directives {
        let Some(mode) = mode(&directive.name) else { continue };
        is_said = true;
        if directive.name == "aws_auth" && default.is_some_and(|default| default != Mode::AmazonCognitoUserPools) {
            continue;
        }
        let groups = groups(directive);
        match modes.iter_mut().find(|(known, _)| *known == mode) {
            Some((_, Some(known))) => known.extend(groups.into_iter().flatten()),
            Some((_, known)) => *known = groups,
            None => modes.push((mode, groups)),
        }
    }
    let allows = modes.into_iter().filter_map(|(mode, groups)| match groups {
        Some(groups) if groups.is_empty() => None,
        groups => Some(Access {
            mode,
            groups: groups.into_iter().collect(),
        }),
    });
    is_said.then(|| allows.collect())
}

/// Returns the mode that a directive is about; of one that is about something else, nothing.
pub(crate) fn mode(directive: &str) -> Option<Mode> {
    Some(match directive {
        "aws_api_key" => Mode::ApiKey,
        "aws_iam" => Mode::AwsIam,
        "aws_oidc" => Mode::OpenidConnect,
        "aws_lambda" => Mode::AwsLambda,
        "aws_cognito_user_pools" | "aws_auth" => Mode::AmazonCognitoUserPools,
        _ => return None,
    })
}

/// Returns the groups that a directive names; nothing if it names none, and so lets every group in.
fn groups(directive: &Directive) -> Option<BTreeSet<String>> {
    let groups = directive.specified_argument_by_name("cognito_groups")?;
    match groups.as_ref() {
        Value::Null => None,
        Value::List(groups) => Some(
            groups
                .iter()
                .filter_map(|group| group.as_str())
                .map(str::to_owned)
                .collect(),
        ),
        // One value stands for a list of it.
        group => Some(group.as_str().map(str::to_owned).into_iter().collect()),
    }
}

/// Drops what follows from the rest: whoever is in a group of a set is in one of its supersets.
fn simplify(sets: &mut Vec<BTreeSet<String>>) {
    sets.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    let mut kept: Vec<BTreeSet<String>> = Vec::new();
    for set in sets.drain(..) {
        if !kept.iter().any(|smaller| smaller.is_subset(&set)) {
            kept.push(set);
        }
    }
    *sets = kept;
}
