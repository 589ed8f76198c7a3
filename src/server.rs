//! The MCP adapter: lists and calls tools, reads resources, renders prompts.
//!
//! Written against [`ServerHandler`] by hand: the SDK's macros answer bad arguments with protocol errors, which a model
//! never sees.
//!
//! Invariant: the only user of rmcp.
//! Invariant: a mistake in the protocol (an unknown tool, malformed params) is a protocol error; whatever goes wrong in
//! a call is a tool error, so that the model can mend it.

mod guard;
mod lines;
mod message;

use std::borrow::Cow;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, GetPromptRequestParams,
    GetPromptResponse, GetPromptResult, Implementation, JsonObject, ListPromptsResult, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, MetaObject, PaginatedRequestParams, Prompt, PromptArgument, PromptMessage,
    ProtocolVersion, ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, Resource as McpResource,
    ResourceContents, Role, ServerCapabilities, ServerConfig, SubscriptionFilter, Tool, ToolAnnotations,
};
use rmcp::service::{RequestContext, RoleServer, RunningService, ServerInitializeError, SubscriptionContext};
use rmcp::{ErrorData, ServerHandler, ServiceExt as _};
use tokio::io::{AsyncRead, AsyncWrite};

use self::guard::Guard;
use self::lines::{End, Lines};
use crate::dispatch::{Dispatcher, Refused};
use crate::instructions;
use crate::prompt;
use crate::rate::Caller;
use crate::resource::{MEDIA_TYPE, RESOURCES, Resource};
use crate::retry;
use crate::tool::{Kind, ToolSpec};

/// How long a client may keep a list, in milliseconds. Lists never change while the server runs; a newly built server
/// under the same name is what this waits for.
const LIST_TTL_MS: u64 = 300_000;

/// The key of the tools' digest in the `_meta` of what tells the tools: `initialize`, `server/discover` and `tools/list`. A
/// prefix of ours, as <https://modelcontextprotocol.io/specification/2025-11-25/basic#_meta> wants of what is not the
/// protocol's.
const TOOLS_DIGEST: &str = "appsync-mcp/toolsDigest";

/// How many of the digest's hexadecimal digits are told: models read them, and 48 bits tell two builds apart.
const TOOLS_DIGEST_DIGITS: usize = 12;

/// The key of the server's name in the `_meta` of results, which the protocol has from 2026-07-28 on: there is no
/// `initialize` in which to say it once.
const SERVER_INFO: &str = "io.modelcontextprotocol/serverInfo";

/// The key by which a request says that it is of that generation.
const PROTOCOL_VERSION: &str = "io.modelcontextprotocol/protocolVersion";

/// How long a write that is on its way may go on after the end of a session has begun. Shorter than the SDK's own 5 s, so that whoever still
/// reads is told that its outcome is unknown; and than the 4 s after which clients kill.
const WRITE_GRACE: Duration = Duration::from_secs(3);

/// The versions of the protocol that are spoken. Not 2025-03-26, the only one with batches, which every server of it has to
/// take: who asks for it gets the version before.
const VERSIONS: [ProtocolVersion; 4] = [
    ProtocolVersion::V_2024_11_05,
    ProtocolVersion::V_2025_06_18,
    ProtocolVersion::V_2025_11_25,
    ProtocolVersion::V_2026_07_28,
];

/// The contract as an MCP server.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    dispatcher: Arc<Dispatcher>,
    tools: Vec<Tool>,
    config: ServerConfig,
    /// The tools' digest, shortened.
    digest: &'static str,
    end: End,
}

/// A schema that the build has put into the contract is not a JSON object: a fault of the build.
#[derive(Debug, thiserror::Error)]
#[error("the {which} schema of `{tool}` is not a JSON object; this is a fault of the build, please report it")]
pub(crate) struct BadSchema {
    tool: &'static str,
    which: &'static str,
}

/// Serving failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServeError {
    /// The session could not be opened.
    #[error("failed to open the session")]
    Open(#[source] Box<ServerInitializeError>),
    /// The client gets nothing any more: it has closed its end of the pipe, or the disk is full.
    #[error("failed to write to standard output, and the session is over")]
    Output(#[source] io::Error),
    /// The task that serves has panicked. What it said then may be confidential, so that it is no source here.
    #[error("the session broke down")]
    Broken,
}

impl Server {
    /// Reads the schemas of the tools that are offered. `name` and `version` are what clients are told.
    pub(crate) fn new(dispatcher: Arc<Dispatcher>, name: &str, version: &str) -> Result<Self, BadSchema> {
        let offer = dispatcher.offer();
        let tools = offer.tools().map(mcp_tool).collect::<Result<_, _>>()?;
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_resources()
            .enable_prompts()
            .build();
        let mut config = ServerConfig::new(capabilities)
            .with_server_info(Implementation::new(name, version))
            .with_instructions(instructions::write(offer));
        let digest = offer.contract().digest.trim_start_matches("sha256:");
        let digest = digest.get(..TOOLS_DIGEST_DIGITS).unwrap_or(digest);
        // The SDK adds the server's name where the protocol wants it.
        config.meta = Some(MetaObject(JsonObject::from_iter([(
            TOOLS_DIGEST.to_owned(),
            digest.into(),
        )])));
        Ok(Self {
            dispatcher,
            tools,
            config,
            digest,
            end: End::default(),
        })
    }

    /// Serves until the client closes its end or `stop` is done; both are a regular end.
    pub(crate) async fn serve<R, W>(self, transport: (R, W), stop: impl Future<Output = ()>) -> Result<(), ServeError>
    where
        R: AsyncRead + Send + Unpin + 'static,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let end = self.end.clone();
        let served = Box::pin(self.serve_until(transport, stop)).await;
        match end.failure() {
            Some(kind) => Err(ServeError::Output(kind.into())),
            None => served,
        }
    }

    async fn serve_until<R, W>(self, transport: (R, W), stop: impl Future<Output = ()>) -> Result<(), ServeError>
    where
        R: AsyncRead + Send + Unpin + 'static,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        tokio::pin!(stop);
        let end = self.end.clone();
        let opened = tokio::select! {
            opened = self.serve_transport(transport) => opened,
            () = &mut stop => return Ok(()),
        };
        let running = match opened {
            Ok(running) => running,
            // A client that only asked what the server is, or nothing at all, before it left.
            Err(ServerInitializeError::ConnectionClosed(_) | ServerInitializeError::Cancelled) => return Ok(()),
            Err(error) => return Err(ServeError::Open(Box::new(error))),
        };
        let waiting = running.waiting();
        tokio::pin!(waiting);
        tokio::select! {
            ended = &mut waiting => { ended.map_err(|_| ServeError::Broken)?; }
            () = &mut stop => {
                // Nothing more is read; answers still go out.
                end.asked.cancel();
                waiting.await.map_err(|_| ServeError::Broken)?;
            }
        }
        Ok(())
    }

    async fn serve_transport<R, W>(
        self,
        transport: (R, W),
    ) -> Result<RunningService<RoleServer, Guard<Self>>, ServerInitializeError>
    where
        R: AsyncRead + Send + Unpin + 'static,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let (read, write) = transport;
        let end = self.end.clone();
        let guard = Guard {
            service: self,
            ended: end.begun.clone(),
        };
        guard.serve(Lines::new(read, write, end)).await
    }

    /// Returns what stands in the `_meta` of a result, if anything does.
    fn meta(&self, context: &RequestContext<RoleServer>) -> Option<MetaObject> {
        let info = &self.config.server_info;
        let info = serde_json::json!({ "name": info.name, "version": info.version });
        let is_wanted = context.meta.contains_key(PROTOCOL_VERSION);
        is_wanted.then(|| MetaObject(JsonObject::from_iter([(SERVER_INFO.to_owned(), info)])))
    }

    /// Is done when a call is not waited for any longer. A write that is on its way may go on for a while at the end of the
    /// session, since nobody could tell what became of it; one that is not does not set out any more.
    async fn given_up(&self, is_write: bool, context: &RequestContext<RoleServer>) {
        let ended = async {
            if is_write {
                tokio::select! {
                    () = self.end.asked.cancelled() => {}
                    () = self.end.begun.cancelled() => {}
                }
                if retry::no_more() > 0 {
                    tokio::time::sleep(WRITE_GRACE).await;
                }
            } else {
                self.end.asked.cancelled().await;
            }
        };
        tokio::select! {
            () = context.ct.cancelled() => {}
            () = ended => {}
        }
    }
}

/// Returns standard input and output as a transport. Must be called inside a Tokio runtime.
pub(crate) fn stdio() -> (
    impl AsyncRead + Send + Unpin + 'static,
    impl AsyncWrite + Send + Unpin + 'static,
) {
    rmcp::transport::stdio_pipes()
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        self.config.clone()
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        one_page(request.as_ref())?;
        let mut list = ListToolsResult::with_all_items(self.tools.clone())
            .with_ttl_ms(LIST_TTL_MS)
            .with_cache_scope(CacheScope::Private);
        let mut meta = self.meta(&context).unwrap_or_default();
        meta.insert(TOOLS_DIGEST.to_owned(), self.digest.into());
        list.meta = Some(meta);
        Ok(list)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.tools.iter().find(|tool| tool.name == name).cloned()
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        let offer = self.dispatcher.offer();
        let is_write = offer
            .tools()
            .any(|spec| spec.name == request.name && spec.kind != Kind::Read);
        // Dropping the call drops the request to the API.
        let cancelled = self.given_up(is_write, &context);
        let outcome = self
            .dispatcher
            .call_logged(&request.name, &Caller::Local, arguments, cancelled)
            .await;
        let result = match outcome {
            Ok(shaped) => {
                let mut result = CallToolResult::success(vec![ContentBlock::text(shaped.text)]);
                result.structured_content = Some(shaped.structured.into());
                result
            }
            Err(error @ Refused::UnknownTool { .. }) => return Err(invalid_params(&error)),
            Err(error @ (Refused::Call(_) | Refused::Cancelled { .. })) => {
                CallToolResult::error(vec![ContentBlock::text(error.to_string())])
            }
        };
        Ok(result.with_meta(self.meta(&context)).into())
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        one_page(request.as_ref())?;
        let resources = RESOURCES.iter().map(mcp_resource).collect();
        let mut list = ListResourcesResult::with_all_items(resources)
            .with_ttl_ms(LIST_TTL_MS)
            .with_cache_scope(CacheScope::Private);
        list.meta = self.meta(&context);
        Ok(list)
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        one_page(request.as_ref())?;
        let mut list = ListResourceTemplatesResult::with_all_items(Vec::new())
            .with_ttl_ms(LIST_TTL_MS)
            .with_cache_scope(CacheScope::Private);
        list.meta = self.meta(&context);
        Ok(list)
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let resource = Resource::find(&request.uri).map_err(|error| invalid_params(&error))?;
        let text = resource.text(self.dispatcher.offer());
        let contents = ResourceContents::text(text, resource.uri).with_mime_type(MEDIA_TYPE);
        let mut result = ReadResourceResult::new(vec![contents])
            .with_ttl_ms(LIST_TTL_MS)
            .with_cache_scope(CacheScope::Private);
        result.meta = self.meta(&context);
        Ok(result.into())
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        one_page(request.as_ref())?;
        let prompts = self
            .dispatcher
            .offer()
            .contract()
            .prompts
            .iter()
            .map(mcp_prompt)
            .collect();
        let mut list = ListPromptsResult::with_all_items(prompts)
            .with_ttl_ms(LIST_TTL_MS)
            .with_cache_scope(CacheScope::Private);
        list.meta = self.meta(&context);
        Ok(list)
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let offer = self.dispatcher.offer();
        let prompt = prompt::find(offer.contract().prompts, &request.name).map_err(|error| invalid_params(&error))?;
        let text = prompt::render(prompt, &request.arguments.unwrap_or_default(), offer)
            .map_err(|error| invalid_params(&error))?;
        let mut result =
            GetPromptResult::new(vec![PromptMessage::new_text(Role::User, text)]).with_description(prompt.description);
        result.meta = self.meta(&context);
        Ok(result.into())
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        Cow::Borrowed(&VERSIONS)
    }

    /// Nothing of this server changes while it runs, so there is nothing to tell.
    fn accepted_subscription_filter(&self, _: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        Some(SubscriptionFilter::default())
    }

    /// Holds a subscription until the client gives it up.
    async fn listen(&self, subscription: SubscriptionContext) -> Result<(), ErrorData> {
        subscription.cancelled().await;
        Ok(())
    }
}

fn invalid_params(error: &dyn std::error::Error) -> ErrorData {
    ErrorData::invalid_params(error.to_string(), None)
}

/// Every list is one page, so there is no cursor that a client could have.
fn one_page(request: Option<&PaginatedRequestParams>) -> Result<(), ErrorData> {
    match request.and_then(|request| request.cursor.as_ref()) {
        None => Ok(()),
        Some(_) => Err(ErrorData::invalid_params("unknown cursor: the list has one page", None)),
    }
}

fn mcp_tool(spec: &'static ToolSpec) -> Result<Tool, BadSchema> {
    let schema = |which: &'static str, text: &str| {
        serde_json::from_str::<JsonObject>(text)
            .map(Arc::new)
            .map_err(|_| BadSchema { tool: spec.name, which })
    };
    Ok(
        Tool::new(spec.name, spec.description, schema("input", spec.input_schema)?)
            .with_title(spec.title)
            .with_raw_output_schema(schema("output", spec.output_schema)?)
            .with_annotations(annotations(spec)),
    )
}

/// Returns what clients ask their users by, as the contract says it.
fn annotations(spec: &ToolSpec) -> ToolAnnotations {
    let annotations = ToolAnnotations::with_title(spec.title).open_world(spec.open_world);
    match spec.kind {
        Kind::Read => annotations.read_only(true).destructive(false),
        Kind::Write {
            destructive,
            idempotent,
        } => annotations
            .read_only(false)
            .destructive(destructive)
            .idempotent(idempotent),
    }
}

fn mcp_resource(resource: &Resource) -> McpResource {
    McpResource::new(resource.uri, resource.name)
        .with_title(resource.title)
        .with_description(resource.description)
        .with_mime_type(MEDIA_TYPE)
}

fn mcp_prompt(prompt: &crate::tool::Prompt) -> Prompt {
    let arguments = prompt.arguments.iter().map(|argument| {
        PromptArgument::new(argument.name)
            .with_description(argument.description)
            .with_required(argument.required)
    });
    Prompt::new(prompt.name, Some(prompt.description), Some(arguments.collect())).with_title(prompt.title)
}

#[cfg(test)]
mod tests;
