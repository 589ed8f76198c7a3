//! Which of the contract's tools are offered: the reads, and the writes that the start-up flags allow, without those that the
//! contract itself withholds.
//!
//! Invariant: what is listed and what can be called agree, since both come from here.
//! Invariant: built once and never changed, so the tools that a client has seen are the tools that there are.

use crate::bind::withheld;
use crate::error::Denied;
use crate::permit::{Mutations, WritePermit};
use crate::suggest::nearest;
use crate::tool::{Contract, ReadTool, Tool, ToolSpec, WriteTool};

/// The contract under the start-up flags.
#[derive(Debug)]
pub(crate) struct Offer {
    contract: &'static Contract,
    mutations: Mutations,
}

/// What a name stands for.
#[derive(Debug)]
pub(crate) enum Found {
    /// A tool that only reads.
    Read(&'static ReadTool),
    /// A tool that may write, and the leave to do so.
    Write(&'static WriteTool, WritePermit),
    /// A tool that is not offered, and why.
    Denied(&'static Tool, Denied),
    /// No tool; perhaps a slip of this offered one.
    Unknown(Option<&'static str>),
}

impl Offer {
    /// Puts the contract under the flags.
    pub(crate) fn new(contract: &'static Contract, mutations: Mutations) -> Self {
        Self { contract, mutations }
    }

    /// Returns the whole contract, with what is not offered.
    pub(crate) fn contract(&self) -> &'static Contract {
        self.contract
    }

    /// Returns what the start-up flags say of writes.
    pub(crate) fn mutations(&self) -> &Mutations {
        &self.mutations
    }

    /// Returns the tools that are offered, in the contract's order.
    pub(crate) fn tools(&self) -> impl Iterator<Item = &'static ToolSpec> {
        self.contract
            .tools
            .iter()
            .filter(|tool| self.denial_of(tool).is_none())
            .map(Tool::spec)
    }

    /// Finds a tool by its name, offered or not.
    pub(crate) fn find(&self, name: &str) -> Found {
        match self.tool(name) {
            Some(found) => match (withheld(found.spec()), found) {
                (Some(denied), _) => Found::Denied(found, denied),
                (None, Tool::Read(tool)) => Found::Read(tool),
                (None, Tool::Write(tool)) => match self.mutations.permit(tool) {
                    Ok(permit) => Found::Write(tool, permit),
                    Err(denied) => Found::Denied(found, denied),
                },
            },
            None => Found::Unknown(nearest(name, self.tools().map(|spec| spec.name))),
        }
    }

    /// Returns what the build says of a tool, offered or not.
    pub(crate) fn spec(&self, name: &str) -> Option<&'static ToolSpec> {
        self.tool(name).map(Tool::spec)
    }

    /// Returns why a tool of the contract is not offered; nothing if it is, or if there is no such tool.
    pub(crate) fn denial(&self, name: &str) -> Option<Denied> {
        self.tool(name).and_then(|tool| self.denial_of(tool))
    }

    fn tool(&self, name: &str) -> Option<&'static Tool> {
        // A few dozen names at most: quicker than hashing one, and nothing to build at start.
        self.contract.tools.iter().find(|tool| tool.spec().name == name)
    }

    fn denial_of(&self, tool: &'static Tool) -> Option<Denied> {
        withheld(tool.spec()).or_else(|| match tool {
            Tool::Read(_) => None,
            Tool::Write(tool) => self.mutations.permit(tool).err(),
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::example::offer;

    use super::*;

    fn check(mutations: &str, name: &str, expected: &str) {
        let found = match offer(mutations).find(name) {
            Found::Read(tool) => format!("read {}", tool.codec.spec.name),
            Found::Write(tool, _) => format!("write {}", tool.codec.spec.name),
            Found::Denied(_, denied) => denied.to_string(),
            Found::Unknown(suggestion) => format!("unknown, {suggestion:?}"),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn a_write_is_found_only_where_it_is_allowed() {
        check("false", "search_companies", "read search_companies");
        check(
            "false",
            "create_collection",
            "mutations are disabled; start with --allow-mutations to enable write operations",
        );
        check("true", "create_collection", "write create_collection");
        check("create_collection", "create_collection", "write create_collection");
    }

    #[test]
    fn a_slip_is_told_by_offered_tools_only() {
        check("false", "serch_companies", "unknown, Some(\"search_companies\")");
        check("false", "create_collections", "unknown, None");
        check("true", "create_collections", "unknown, Some(\"create_collection\")");
        check("true", "", "unknown, None");
    }

    #[test]
    fn what_is_listed_can_be_called_and_nothing_else() {
        for mutations in ["false", "true", "create_collection"] {
            let offer = offer(mutations);
            for tool in offer.contract().tools {
                let name = tool.spec().name;
                let listed = offer.tools().any(|spec| spec.name == name);
                assert_eq!(
                    listed,
                    matches!(offer.find(name), Found::Read(_) | Found::Write(..)),
                    "{mutations} {name}"
                );
                assert_eq!(listed, offer.denial(name).is_none(), "{mutations} {name}");
            }
        }
    }
}
