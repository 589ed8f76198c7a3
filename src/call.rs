//! The run-time pipeline: the arguments of one call in, the tool's result out.
//!
//! Invariant: a write is sent by [`WriteTool::call`] and nowhere else, and that takes a [`WritePermit`] for this very tool.
//! Invariant: all attempts of a call send the same bytes, and only one of them is under way at a time.
//! Invariant: dropping the future drops the request.

use appsync_mcp_client::{Client, DryRun, ErrorTypes, Request};

use crate::bind::{bind, disabled};
use crate::decode::{Decoded, JsonObject, decode};
use crate::error::{CallError, Denied};
use crate::exchange;
use crate::permit::WritePermit;
use crate::rate::{Caller, Rates};
use crate::request::request;
use crate::retry::{Failure, Retry};
use crate::shape::{Asked, Shaped, shape};
use crate::tool::{Codec, Contract, ReadTool, ToolSpec, WriteTool};
use crate::turn::Turns;

/// What calls need beside the tool and its arguments. One for all tools of a contract.
#[derive(Debug)]
pub struct Ctx {
    client: Client,
    errors: ErrorTypes,
    /// Nothing where tools are verified: neither rates nor the contract's `disabled` hold there.
    rates: Option<Rates>,
    turns: Turns,
}

impl Ctx {
    /// Puts together what the calls of a contract's tools need.
    pub fn new(client: Client, contract: &Contract) -> Self {
        Self {
            client,
            errors: contract.errors,
            rates: Some(Rates::new(contract)),
            turns: Turns::default(),
        }
    }

    /// Puts together what it takes to verify a contract's tools: how often they are called is no matter, and the tool that
    /// takes something back may be one that is disabled for everybody else.
    pub(crate) fn for_verification(client: Client, contract: &Contract) -> Self {
        Self {
            rates: None,
            ..Self::new(client, contract)
        }
    }

    /// Counts the call, or says why it is not to be made.
    fn allow(&self, spec: &ToolSpec, caller: &Caller) -> Result<(), CallError> {
        self.offers(spec)?;
        self.rates.as_ref().map_or(Ok(()), |rates| rates.check(spec, caller))
    }

    fn offers(&self, spec: &ToolSpec) -> Result<(), Denied> {
        let denied = disabled(spec).filter(|_| self.rates.is_some());
        denied.map_or(Ok(()), Err)
    }

    /// Returns the client.
    pub fn client(&self) -> &Client {
        &self.client
    }
}

impl ReadTool {
    /// Calls the tool for `caller`.
    pub async fn call(&self, ctx: &Ctx, caller: &Caller, arguments: JsonObject) -> Result<Shaped, CallError> {
        call(&self.codec, ctx, caller, arguments).await
    }

    /// Returns the request that [`ReadTool::call`] would send. Nothing is sent, and no call is counted.
    pub fn dry_run(&self, ctx: &Ctx, arguments: JsonObject) -> Result<DryRun, CallError> {
        dry_run(&self.codec, ctx, arguments)
    }
}

impl WriteTool {
    /// Calls the tool for `caller`, with leave.
    pub async fn call(
        &self,
        ctx: &Ctx,
        caller: &Caller,
        arguments: JsonObject,
        permit: &WritePermit,
    ) -> Result<Shaped, CallError> {
        permit.check(self)?;
        call(&self.codec, ctx, caller, arguments).await
    }

    /// Returns the request that [`WriteTool::call`] would send. Nothing is sent, so it takes no leave.
    pub fn dry_run(&self, ctx: &Ctx, arguments: JsonObject) -> Result<DryRun, CallError> {
        dry_run(&self.codec, ctx, arguments)
    }
}

/// decode → bind → admit → allow → send → shape, the last two again after a failure that passes. Private: the two ways in are above.
async fn call(codec: &Codec, ctx: &Ctx, caller: &Caller, arguments: JsonObject) -> Result<Shaped, CallError> {
    let Codec { spec, response, .. } = codec;
    let Decoded { mut values, notes } = decode(spec, arguments)?;
    bind(spec, &mut values)?;
    let turn = ctx.turns.admit(spec.name).ok_or(CallError::Busy)?;
    ctx.allow(spec, caller)?;

    let request = request(codec, &values)?;
    let mut retry = Retry::new(spec, &ctx.errors, request.timeout);
    loop {
        let attempt = async {
            let (_slot, timeout) = retry.begin(&turn).await?;
            let request = Request {
                timeout,
                ..request.clone()
            };
            let answer = exchange::send(&ctx.client, &request).await?;

            let request_id = answer.request_id;
            let envelope =
                response(&answer.body).map_err(|error| CallError::undecodable(error, spec.kind, request_id.clone()))?;
            let asked = Asked {
                spec,
                values: &values,
                errors: &ctx.errors,
                request_id,
            };
            Ok::<_, Failure>(shape(asked, envelope, notes.clone())?)
        };
        match attempt.await {
            Ok(shaped) => return Ok(shaped),
            Err(failure) => retry.after(failure).await?,
        }
    }
}

fn dry_run(codec: &Codec, ctx: &Ctx, arguments: JsonObject) -> Result<DryRun, CallError> {
    let Decoded { mut values, .. } = decode(codec.spec, arguments)?;
    bind(codec.spec, &mut values)?;
    ctx.offers(codec.spec)?;
    Ok(ctx.client.dry_run(&request(codec, &values)?))
}

#[cfg(test)]
mod tests;
