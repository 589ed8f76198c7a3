//! The two resources: the catalogue of all tools with their contracts, and the codes that arguments accept.
//!
//! Both are JSON texts that are written when they are asked for: few clients ever do, and start-up stays short.
//!
//! Invariant: nothing here that the tools' own contracts do not say; no endpoint, no credential.

use std::collections::BTreeMap;

use appsync_mcp_client::suggest::did_you_mean;
use serde_json::{Map, Value, json};

use crate::country;
use crate::inputs::{Seen, each_input};
use crate::offer::Offer;
use crate::quote;
use crate::tool::{Absent, Access, Argument, Excess, Input, Kind, Normalize, Position, ToolSpec, Verified};

/// A resource, without its text.
#[derive(Debug)]
pub(crate) struct Resource {
    /// Where it is read.
    pub(crate) uri: &'static str,
    /// Its name. It has dashes, which no tool's name has: some clients make a tool of each resource, by its name.
    pub(crate) name: &'static str,
    /// Its name for people.
    pub(crate) title: &'static str,
    /// What is in it.
    pub(crate) description: &'static str,
    /// Writes its text.
    write: fn(&Offer) -> Value,
}

/// The resources, in the order in which they are listed.
pub(crate) static RESOURCES: [Resource; 2] = [
    Resource {
        uri: "appsync-mcp://tools",
        name: "appsync-mcp-tool-catalogue",
        title: "Tool catalogue",
        description: "Every tool with its contract: arguments, bounds, defaults, rate, scopes, and who can call it; \
                      also those that are not offered, and why. The fields of an input object stand where a tool first \
                      takes it.",
        write: catalogue,
    },
    Resource {
        uri: "appsync-mcp://codes",
        name: "appsync-mcp-argument-codes",
        title: "Codes",
        description: "The values of the enums, and the countries, that the tools' arguments accept.",
        write: codes,
    },
];

/// The media type of every resource.
pub(crate) const MEDIA_TYPE: &str = "application/json";

/// There is no resource at this URI. The message says which one may be meant.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown resource `{uri}`{hint}")]
pub(crate) struct UnknownResource {
    /// The URI, shortened and escaped.
    uri: String,
    hint: String,
}

impl Resource {
    /// Returns the resource at a URI.
    pub(crate) fn find(uri: &str) -> Result<&'static Self, UnknownResource> {
        RESOURCES
            .iter()
            .find(|resource| resource.uri == uri)
            .ok_or_else(|| UnknownResource {
                uri: quote::name(uri),
                hint: did_you_mean(uri, RESOURCES.iter().map(|resource| resource.uri)),
            })
    }

    /// Returns the resource's JSON text.
    pub(crate) fn text(&self, offer: &Offer) -> String {
        (self.write)(offer).to_string()
    }
}

/// Returns every tool with its contract.
pub(crate) fn catalogue(offer: &Offer) -> Value {
    let contract = offer.contract();
    let tools: Vec<Value> = contract
        .tools
        .iter()
        .map(|tool| tool_entry(tool.spec(), offer))
        .collect();
    json!({ "api": contract.api, "tools": tools })
}

fn tool_entry(spec: &ToolSpec, offer: &Offer) -> Value {
    let mut entry = Map::new();
    let mut put = |key: &str, value: Value| entry.insert(key.to_owned(), value);
    put("name", spec.name.into());
    put("title", spec.title.into());
    match spec.kind {
        Kind::Read => put("kind", "read".into()),
        Kind::Write {
            destructive,
            idempotent,
        } => {
            put("kind", "write".into());
            put("destructive", destructive.into());
            put("idempotent", idempotent.into())
        }
    };
    put("description", spec.description.into());
    let denial = offer.denial(spec.name);
    put("offered", denial.is_none().into());
    if let Some(reason) = denial {
        put("whyNot", reason.to_string().into());
    }
    let verified = match spec.verified {
        Verified::No => "no",
        Verified::Sandbox => "sandbox",
        Verified::Api => "api",
    };
    put("verified", verified.into());
    put("arguments", argument_entries(spec.arguments, &mut Seen::default()));
    put(
        "rate",
        spec.rate.map_or(
            Value::Null,
            |rate| json!({ "calls": rate.calls, "perSeconds": rate.per_seconds }),
        ),
    );
    put("timeoutSeconds", spec.timeout_seconds.into());
    put("resultBytesMax", spec.result_bytes_max.into());
    put("scopes", spec.scopes.iter().copied().collect());
    put("access", spec.access.iter().map(access_entry).collect());
    Value::Object(entry)
}

fn access_entry(access: &Access) -> Value {
    json!({ "mode": access.mode.to_string(), "groups": access.groups })
}

fn argument_entries(arguments: &'static [Argument], seen: &mut Seen) -> Value {
    arguments
        .iter()
        .map(|argument| argument_entry(argument, seen))
        .collect()
}

fn argument_entry(argument: &'static Argument, seen: &mut Seen) -> Value {
    let mut entry = Map::new();
    entry.insert("name".to_owned(), argument.name.into());
    entry.insert("description".to_owned(), argument.description.into());
    entry.insert("required".to_owned(), (argument.absent == Absent::Required).into());
    position_entry(&argument.value, &mut entry, seen);
    if let Absent::Default(text) = argument.absent {
        entry.insert("default".to_owned(), parse(text));
    }
    if let Some(text) = argument.example {
        entry.insert("example".to_owned(), parse(text));
    }
    Value::Object(entry)
}

fn position_entry(position: &'static Position, entry: &mut Map<String, Value>, seen: &mut Seen) {
    let mut put = |key: &str, value: Value| entry.insert(key.to_owned(), value);
    if position.nullable {
        put("nullable", true.into());
    }
    match &position.input {
        Input::Boolean => put("type", "Boolean".into()),
        Input::Integer { min, max, excess } => {
            put("type", "Int".into());
            put("min", (*min).into());
            put("max", (*max).into());
            put("excess", excess_name(*excess).into())
        }
        Input::Float { min, max, excess } => {
            put("type", "Float".into());
            // The outermost bounds stand for none; JSON readers have trouble with numbers of that size.
            if *min > f64::MIN {
                put("min", (*min).into());
            }
            if *max < f64::MAX {
                put("max", (*max).into());
            }
            put("excess", excess_name(*excess).into())
        }
        Input::Text {
            scalar,
            normalize,
            length_min,
            length_max,
            pattern,
            empty,
        } => {
            put("type", (*scalar).into());
            put("lengthMin", (*length_min).into());
            put("lengthMax", (*length_max).into());
            if *empty {
                put("empty", true.into());
            }
            if let Some(pattern) = pattern {
                put("pattern", pattern.regex.into());
                put("hint", pattern.hint.into());
            }
            if normalize.is_empty() {
                None
            } else {
                put(
                    "normalize",
                    normalize.iter().map(|rule| normalize_name(*rule)).collect(),
                )
            }
        }
        Input::Enum { name, values } => {
            put("type", (*name).into());
            put("values", values.iter().copied().collect())
        }
        Input::List {
            item,
            items_min,
            items_max,
            unique,
        } => {
            put("type", "list".into());
            put("itemsMin", (*items_min).into());
            put("itemsMax", (*items_max).into());
            put("unique", (*unique).into());
            let mut inner = Map::new();
            position_entry(item, &mut inner, seen);
            put("item", Value::Object(inner))
        }
        Input::Object { name, fields } => {
            put("type", (*name).into());
            // It may hold itself, or others that hold it.
            if seen.is_new(fields) {
                put("fields", argument_entries(fields, seen))
            } else {
                None
            }
        }
    };
}

fn excess_name(excess: Excess) -> &'static str {
    match excess {
        Excess::Reject => "reject",
        Excess::Clamp => "clamp",
    }
}

fn normalize_name(rule: Normalize) -> &'static str {
    match rule {
        Normalize::Trim => "trim",
        Normalize::Lowercase => "lowercase",
        Normalize::Uppercase => "uppercase",
        Normalize::CountryCode => "country code",
    }
}

/// Returns what the arguments of all tools accept: of the offered ones or not, since codes are good to know anyway.
fn codes(offer: &Offer) -> Value {
    let mut has_countries = false;
    let mut enums: BTreeMap<&str, &[&str]> = BTreeMap::new();
    for tool in offer.contract().tools {
        each_input(tool.spec().arguments, &mut |input| match input {
            Input::Enum { name, values } => {
                enums.insert(name, values);
            }
            Input::Text { normalize, .. } => has_countries |= normalize.contains(&Normalize::CountryCode),
            _ => {}
        });
    }
    let mut entry = Map::new();
    if has_countries {
        let countries: Map<String, Value> = country::all()
            .map(|(code, name)| (code.to_owned(), Value::from(name)))
            .collect();
        entry.insert("countries".to_owned(), Value::Object(countries));
    }
    let enums: Map<String, Value> = enums
        .into_iter()
        .map(|(name, values)| (name.to_owned(), values.iter().copied().collect()))
        .collect();
    entry.insert("enums".to_owned(), Value::Object(enums));
    Value::Object(entry)
}

/// The build has written the text, so it parses; should it not, the reader sees it as it is.
fn parse(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|_| Value::from(json))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example::{offer, offer_of_self_containing};

    fn read(uri: &str, writes: &str) -> Value {
        serde_json::from_str(&Resource::find(uri).unwrap().text(&offer(writes))).unwrap()
    }

    #[test]
    fn the_catalogue_has_every_tool_and_says_which_are_offered() {
        let catalogue = read("appsync-mcp://tools", "false");
        let tools = catalogue["tools"].as_array().unwrap();
        let said = tools
            .iter()
            .map(|tool| [&tool["name"], &tool["offered"], &tool["verified"]]);
        assert_eq!(
            json!(said.collect::<Vec<_>>()),
            json!([
                ["ai_search", true, "no"],
                ["search_companies", true, "api"],
                ["create_collection", false, "no"]
            ])
        );
        assert_eq!(
            tools[2]["whyNot"],
            "mutations are disabled; start with --allow-mutations to enable write operations"
        );
        assert_eq!(
            tools[1]["arguments"][2],
            json!({
                "name": "limit", "description": "How many.", "required": false, "type": "Int",
                "min": 1, "max": 100, "excess": "clamp", "default": 20
            })
        );
        let open_to = json!([
            { "mode": "oidc", "groups": [] },
            { "mode": "cognito-user-pools", "groups": [["Editors", "Owners"]] },
        ]);
        assert_eq!(tools[2]["access"], open_to);
        assert_eq!(tools[0]["rate"], json!({"calls": 5, "perSeconds": 60}));
        assert!(read("appsync-mcp://tools", "true")["tools"][2].get("whyNot").is_none());
    }

    #[test]
    fn the_codes_are_those_that_arguments_accept() {
        let codes = read("appsync-mcp://codes", "false");
        assert_eq!(codes["enums"], json!({"Industry": ["ENERGY", "SOFTWARE"]}));
        assert_eq!(codes["countries"]["DE"], "Germany");
    }

    #[test]
    fn an_unknown_uri_is_told_so() {
        let error = Resource::find("appsync-mcp://tool").unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown resource `appsync-mcp://tool`; did you mean `appsync-mcp://tools`?"
        );
        let error = Resource::find(&"\u{1b}\u{202e}".repeat(100_000)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("unknown resource `{}…`", r"\u{1b}\u{202e}".repeat(20))
        );
    }

    #[test]
    fn an_input_object_s_fields_are_told_once() {
        let catalogue = catalogue(&offer_of_self_containing());
        let [filter, without] = catalogue["tools"][0]["arguments"].as_array().unwrap().as_slice() else {
            panic!("{catalogue}")
        };
        assert_eq!(
            *without,
            json!({"name": "without", "description": "What to leave out.", "required": false, "type": "NoteFilter"})
        );
        let [_, _, any, not, by] = filter["fields"].as_array().unwrap().as_slice() else {
            panic!("{catalogue}")
        };
        assert_eq!(any["item"], json!({"type": "NoteFilter"}));
        assert_eq!(
            *not,
            json!({"name": "not", "description": "Not this.", "required": false, "type": "NoteFilter"})
        );
        let [country, of] = by["fields"].as_array().unwrap().as_slice() else {
            panic!("{catalogue}")
        };
        assert_eq!(country["normalize"], json!(["country code"]));
        assert_eq!(
            *of,
            json!({"name": "of", "description": "Author of these.", "required": true, "type": "NoteFilter"})
        );
    }

    #[test]
    fn codes_are_found_in_an_input_object_that_holds_itself() {
        let codes = codes(&offer_of_self_containing());
        assert_eq!(codes["enums"], json!({"State": ["DRAFT", "DONE"]}));
        assert_eq!(codes["countries"]["DE"], "Germany");
    }
}
