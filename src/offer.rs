//! Which of the contract's tools are offered: those that the authorization mode of this start can call, without the writes
//! that the start-up flags do not allow, without what the contract itself withholds, and without what does not fit the API's
//! schema any more, where that was looked at.
//!
//! Invariant: what is listed and what can be called agree, since both come from here.
//! Invariant: built once and never changed, so the tools that a client has seen are the tools that there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use appsync_mcp_client::Mode;
use appsync_mcp_client::suggest::nearest;

use crate::bind::withheld;
use crate::drift::Drift;
use crate::error::Denied;
use crate::permit::{Mutations, WritePermit};
use crate::tool::{Contract, ReadTool, Tool, ToolSpec, WriteTool};

/// The contract under the start-up flags.
#[derive(Debug)]
pub(crate) struct Offer {
    contract: &'static Contract,
    mutations: Mutations,
    /// Nothing where no API is talked to.
    mode: Option<Mode>,
    /// What does not fit the API's schema any more, and why, by the tools' names.
    drifted: BTreeMap<&'static str, Arc<str>>,
}

/// Says why a tool is not offered, if it is not.
type Reason = fn(&Offer, &'static Tool) -> Option<Denied>;

/// All that keeps a tool from being offered. Of several, the first is told: the others would not be enough to change.
const REASONS: &[Reason] = &[
    |_, tool| withheld(tool.spec()),
    Offer::denied_by_mode,
    Offer::denied_by_drift,
    Offer::denied_by_flags,
];

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
    /// Puts the contract under the flags and, where it is known, under an authorization mode.
    pub(crate) fn new(contract: &'static Contract, mutations: Mutations, mode: Option<Mode>) -> Self {
        Self {
            contract,
            mutations,
            mode,
            drifted: BTreeMap::new(),
        }
    }

    /// Withdraws the tools that would fail.
    pub(crate) fn without(self, drift: &Drift) -> Self {
        let drifted = drift
            .tools()
            .filter_map(|tool| Some((tool, drift.for_model(tool)?.into())));
        Self {
            drifted: drifted.collect(),
            ..self
        }
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
        let Some(entry) = self.tool(name) else {
            return Found::Unknown(nearest(name, self.tools().map(|spec| spec.name)));
        };
        if let Some(denied) = self.denial_of(entry) {
            return Found::Denied(entry, denied);
        }
        match entry {
            Tool::Read(tool) => Found::Read(tool),
            Tool::Write(tool) => match self.mutations.permit(tool) {
                Ok(permit) => Found::Write(tool, permit),
                Err(denied) => Found::Denied(entry, denied),
            },
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

    /// Returns the tools that are not offered, and why, in the contract's order.
    pub(crate) fn denials(&self) -> impl Iterator<Item = (&'static ToolSpec, Denied)> {
        let tools = self.contract.tools.iter();
        tools.filter_map(|tool| Some((tool.spec(), self.denial_of(tool)?)))
    }

    fn tool(&self, name: &str) -> Option<&'static Tool> {
        // A few dozen names at most: quicker than hashing one, and nothing to build at start.
        self.contract.tools.iter().find(|tool| tool.spec().name == name)
    }

    fn denial_of(&self, tool: &'static Tool) -> Option<Denied> {
        REASONS.iter().find_map(|reason| reason(self, tool))
    }

    fn denied_by_mode(&self, tool: &'static Tool) -> Option<Denied> {
        let (mode, access) = (self.mode?, tool.spec().access);
        let is_open = access.iter().any(|access| access.mode == mode);
        (!is_open).then_some(Denied::Mode { mode, access })
    }

    fn denied_by_drift(&self, tool: &'static Tool) -> Option<Denied> {
        let tool = tool.spec().name;
        let reason = self.drifted.get(tool)?;
        Some(Denied::Drift {
            tool,
            reason: Arc::clone(reason),
        })
    }

    fn denied_by_flags(&self, tool: &'static Tool) -> Option<Denied> {
        match tool {
            Tool::Read(_) => None,
            Tool::Write(tool) => self.mutations.permit(tool).err(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::example::{CONTRACT, offer};

    use super::*;

    fn under(mode: Mode, mutations: &str) -> Offer {
        let mutations = Mutations::parse(mutations, &CONTRACT).unwrap();
        Offer::new(&CONTRACT, mutations, Some(mode))
    }

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
    fn a_tool_is_found_only_under_a_mode_that_can_call_it() {
        let denied = "the API does not open all of this to the authorization mode `api-key`; start with one of: oidc, cognito-user-pools";
        for mutations in ["false", "true"] {
            let offer = under(Mode::ApiKey, mutations);
            assert_eq!(offer.denial("create_collection").unwrap().to_string(), denied);
            assert!(matches!(
                offer.find("create_collection"),
                Found::Denied(Tool::Write(_), _)
            ));
            assert!(matches!(offer.find("search_companies"), Found::Read(_)));
            assert_eq!(offer.denials().count(), 1);
        }
        let offer = under(Mode::Oidc, "true");
        assert!(matches!(offer.find("create_collection"), Found::Write(..)));
        assert_eq!(offer.denials().count(), 0);
        assert!(matches!(
            under(Mode::Lambda, "true").find("search_companies"),
            Found::Denied(Tool::Read(_), _)
        ));
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
        let modes = [None, Some(Mode::ApiKey), Some(Mode::Oidc), Some(Mode::Iam)];
        for (mutations, mode) in ["false", "true", "create_collection"]
            .into_iter()
            .flat_map(|flag| modes.map(|mode| (flag, mode)))
        {
            let offer = Offer::new(&CONTRACT, Mutations::parse(mutations, &CONTRACT).unwrap(), mode);
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
