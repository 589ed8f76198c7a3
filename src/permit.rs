//! Turns `--allow-mutations` into permits: the write gate.
//!
//! Invariant: a [`WritePermit`] is made in [`Mutations::permit`] and nowhere else, for one tool, and only if the flag allows it.
//! Invariant: a [`Mutations`] that allows anything comes out of `Mutations::parse`, which only start-up code can call.
//! Sending a write takes a permit by its type, so without one it does not compile.

use std::collections::BTreeSet;
use std::fmt;

use appsync_mcp_client::suggest;

use crate::error::Denied;
use crate::quote;
use crate::tool::{Contract, Tool, WriteTool};

/// Which writes this server carries out; decided once, at start.
#[derive(Debug)]
pub struct Mutations {
    allowed: Allowed,
}

#[derive(Debug)]
enum Allowed {
    None,
    All,
    Some(BTreeSet<&'static str>),
}

/// The leave to call one write tool. It can't be made outside of this module.
#[derive(Debug)]
pub struct WritePermit {
    tool: &'static str,
}

/// Why the flag's value can't be used. The messages are for whoever starts the server.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum MutationsError {
    /// Nothing is named.
    #[error("no write operation is named; leave the value out to allow all, or name some of: {known}")]
    Empty {
        /// The names of the writes.
        known: String,
    },
    /// There is no such tool.
    #[error("there is no write operation `{name}` among {known}{hint}")]
    Unknown {
        /// The name as it was given, shortened and escaped.
        name: String,
        /// `; did you mean …?`, or nothing.
        hint: String,
        /// The names of the writes.
        known: String,
    },
    /// The tool only reads.
    #[error("`{name}` only reads and is always allowed; take it out")]
    Read {
        /// The tool's name.
        name: &'static str,
    },
    /// The contract has no writes.
    #[error("there are no write operations in this binary, so none can be allowed; start without --allow-mutations")]
    NoWrites,
}

impl Mutations {
    /// Allows no writes: what holds without the flag.
    pub(crate) fn off() -> Self {
        Self { allowed: Allowed::None }
    }

    /// Reads the flag's value: names of writes with commas between them, or `true` for all, which is what the flag means
    /// without a value; `false` allows none.
    ///
    /// White space around names and repeated names do no harm; a name that is no write's refuses everything, since who wrote
    /// it meant something else.
    pub(crate) fn parse(text: &str, contract: &Contract) -> Result<Self, MutationsError> {
        let known = || writes(contract).collect::<Vec<_>>().join(", ");
        let names: Vec<&str> = text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        let allowed = match names.as_slice() {
            [] => return Err(MutationsError::Empty { known: known() }),
            ["false"] => Allowed::None,
            _ if writes(contract).next().is_none() => return Err(MutationsError::NoWrites),
            ["true"] => Allowed::All,
            names => Allowed::Some(
                names
                    .iter()
                    .map(|name| write(contract, name, known))
                    .collect::<Result<_, _>>()?,
            ),
        };
        Ok(Self { allowed })
    }

    /// Returns the permit to call a write, or why there is none.
    pub fn permit(&self, tool: &WriteTool) -> Result<WritePermit, Denied> {
        let name = tool.codec.spec.name;
        match &self.allowed {
            Allowed::All => Ok(WritePermit { tool: name }),
            Allowed::Some(names) if names.contains(name) => Ok(WritePermit { tool: name }),
            Allowed::Some(_) => Err(Denied::Mutation { tool: name }),
            Allowed::None => Err(Denied::Mutations),
        }
    }
}

/// For the line that the server logs at start: `false`, `true`, or the names with commas between them.
impl fmt::Display for Mutations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.allowed {
            Allowed::None => f.write_str("false"),
            Allowed::All => f.write_str("true"),
            Allowed::Some(names) => f.write_str(&names.iter().copied().collect::<Vec<_>>().join(",")),
        }
    }
}

impl WritePermit {
    /// Checks that the permit is for this tool.
    pub(crate) fn check(&self, tool: &WriteTool) -> Result<(), Denied> {
        let name = tool.codec.spec.name;
        if self.tool == name {
            Ok(())
        } else {
            Err(Denied::OtherTool {
                tool: name,
                permitted: self.tool,
            })
        }
    }
}

/// Returns the names of the writes.
fn writes(contract: &Contract) -> impl Iterator<Item = &'static str> {
    contract.tools.iter().filter_map(|tool| match tool {
        Tool::Read(_) => None,
        Tool::Write(tool) => Some(tool.codec.spec.name),
    })
}

/// Finds the write of a name.
fn write(contract: &Contract, name: &str, known: impl Fn() -> String) -> Result<&'static str, MutationsError> {
    match contract.tools.iter().find(|tool| tool.spec().name == name) {
        Some(Tool::Write(tool)) => Ok(tool.codec.spec.name),
        Some(Tool::Read(tool)) => Err(MutationsError::Read {
            name: tool.codec.spec.name,
        }),
        None => Err(MutationsError::Unknown {
            name: quote::name(name),
            hint: suggest::did_you_mean(name, writes(contract)),
            known: known(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::specimen;

    fn parsed(text: &str) -> Result<String, String> {
        let mutations = Mutations::parse(text, &specimen::CONTRACT);
        mutations
            .map(|mutations| mutations.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn reads_the_flag() {
        for (text, expected) in [
            ("true", Ok("true")),
            ("false", Ok("false")),
            ("add_note", Ok("add_note")),
            ("add_note,make_list", Ok("add_note,make_list")),
            (" make_list , add_note,make_list,", Ok("add_note,make_list")),
            (
                "",
                Err(
                    "no write operation is named; leave the value out to allow all, or name some of: add_note, make_list",
                ),
            ),
            (
                " , ",
                Err(
                    "no write operation is named; leave the value out to allow all, or name some of: add_note, make_list",
                ),
            ),
            (
                "add_notes",
                Err("there is no write operation `add_notes` among add_note, make_list; did you mean `add_note`?"),
            ),
            (
                "add_note,*",
                Err("there is no write operation `*` among add_note, make_list"),
            ),
            (
                "true,add_note",
                Err("there is no write operation `true` among add_note, make_list"),
            ),
            (
                "ADD_NOTE,x",
                Err("there is no write operation `ADD_NOTE` among add_note, make_list; did you mean `add_note`?"),
            ),
            (
                "find_things",
                Err("`find_things` only reads and is always allowed; take it out"),
            ),
        ] {
            assert_eq!(
                parsed(text),
                expected.map(str::to_owned).map_err(str::to_owned),
                "{text:?}"
            );
        }
        let reads_only = Contract {
            tools: &[],
            ..specimen::CONTRACT
        };
        assert_eq!(
            Mutations::parse("true", &reads_only).unwrap_err(),
            MutationsError::NoWrites
        );
        assert!(Mutations::parse("false", &reads_only).is_ok());
    }

    #[test]
    fn permits_what_the_flag_allows_and_nothing_else() {
        let (add, make) = (specimen::ADD_NOTE, specimen::MAKE_LIST);
        let all = Mutations::parse("true", &specimen::CONTRACT).unwrap();
        assert!(all.permit(&add).unwrap().check(&add).is_ok());
        assert!(all.permit(&make).unwrap().check(&make).is_ok());

        let one = Mutations::parse("add_note", &specimen::CONTRACT).unwrap();
        let permit = one.permit(&add).unwrap();
        assert_eq!(
            permit.check(&make),
            Err(Denied::OtherTool {
                tool: "make_list",
                permitted: "add_note"
            })
        );
        let denied = one.permit(&make).unwrap_err();
        assert_eq!(
            denied.to_string(),
            "mutations are disabled for `make_list`; add it to the names in --allow-mutations to enable it"
        );

        for none in [
            Mutations::off(),
            Mutations::parse("false", &specimen::CONTRACT).unwrap(),
        ] {
            assert_eq!(
                none.permit(&add).unwrap_err().to_string(),
                "mutations are disabled; start with --allow-mutations to enable write operations"
            );
        }
    }
}
