//! One line of a client becomes one message for the SDK, or the reason why it is none.
//!
//! The SDK tries one type of message after the other and, if none fits, says no more than that. Here each member that the
//! server uses is read by its name, so that the reason told is the reason, and every other one is passed over: whatever
//! is in it, it changes nothing.
//!
//! Invariant: of a member that is read, a value that has one meaning only is taken: a list without items where an object is
//! meant, as PHP writes an empty one, and a text that is exactly one JSON object, or one of what stands for none, for the arguments.
//! Invariant: a notification is never answered.

use appsync_mcp_client::suggest::did_you_mean;
use rmcp::ErrorData;
use rmcp::model::{
    CallToolRequest, CallToolRequestParams, CancelledNotification, CancelledNotificationParam, ClientCapabilities,
    ClientJsonRpcMessage, ClientRequest, DiscoverRequest, DiscoverRequestParams, ErrorCode, GetMeta as _,
    GetPromptRequest, GetPromptRequestParams, Implementation, InitializeRequest, InitializeRequestParams, JsonObject,
    PaginatedRequestParams, PingRequest, ProtocolVersion, ReadResourceRequest, ReadResourceRequestParams, RequestId,
    RequestMetaObject, RequestOptionalParam, SubscriptionFilter, SubscriptionsListenRequest,
    SubscriptionsListenRequestParams,
};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::quote;

/// The methods that are served, each in the versions of the protocol that have it.
const METHODS: [&str; 11] = [
    INITIALIZE,
    PING,
    DISCOVER,
    "tools/list",
    "tools/call",
    "resources/list",
    "resources/templates/list",
    "resources/read",
    "prompts/list",
    "prompts/get",
    LISTEN,
];

const INITIALIZE: &str = "initialize";
const PING: &str = "ping";
const DISCOVER: &str = "server/discover";
const LISTEN: &str = "subscriptions/listen";

/// How the methods of notifications begin.
const NOTIFICATIONS: &str = "notifications/";

/// The members of a request's `_meta` that the SDK looks at.
const PROTOCOL_VERSION: &str = "io.modelcontextprotocol/protocolVersion";
const CLIENT_CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";

/// What a line is.
#[derive(Debug)]
pub(super) enum Read {
    /// Nothing that wants an answer.
    Nothing,
    Message(Box<ClientJsonRpcMessage>),
    /// To be answered with an error.
    Refused {
        id: Option<RequestId>,
        error: ErrorData,
    },
}

/// Reads a line.
pub(super) fn read(line: &[u8]) -> Read {
    // A byte order mark may be passed over (RFC 8259, section 8.1).
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii();
    if line.is_empty() {
        return Read::Nothing;
    }
    match serde_json::from_slice(line) {
        Ok(Value::Object(message)) => of_object(message),
        Ok(Value::Array(_)) => refused(
            None,
            ErrorCode::INVALID_REQUEST,
            "the line is a list, and batches are not part of the protocol versions that this server speaks; \
             send each message on a line of its own",
        ),
        Ok(value) => {
            let text = format!("a message is a JSON object, and this line is {}", quote::value(&value));
            refused(None, ErrorCode::INVALID_REQUEST, text)
        }
        Err(_) => of_unrepresentable(line),
    }
}

fn refused(id: Option<RequestId>, code: ErrorCode, text: impl Into<String>) -> Read {
    let error = ErrorData::new(code, text.into(), None);
    Read::Refused { id, error }
}

fn of_object(mut message: JsonObject) -> Read {
    let method = match message.remove("method") {
        // The answer to a question: this server asks none.
        None if message.contains_key("result") || message.contains_key("error") => return Read::Nothing,
        method => method,
    };
    let is_named_notification = matches!(&method, Some(Value::String(method)) if method.starts_with(NOTIFICATIONS));
    let id = match message.remove("id") {
        None => None,
        // As serializers write what is not there.
        Some(Value::Null) if is_named_notification => None,
        Some(id) => {
            let Ok(read) = RequestId::deserialize(&id) else {
                let id = quote::value(&id);
                let text = format!("`id` must be a string or a signed 64-bit integer; it is {id}");
                return refused(None, ErrorCode::INVALID_REQUEST, text);
            };
            Some(read)
        }
    };
    let method = match method {
        Some(Value::String(method)) => method,
        Some(method) => {
            let text = format!("`method` must be a string; it is {}", quote::value(&method));
            return refused(id, ErrorCode::INVALID_REQUEST, text);
        }
        None => return refused(id, ErrorCode::INVALID_REQUEST, "`method` is missing"),
    };
    let version = message.remove("jsonrpc");
    let params = Params(message.remove("params"));
    let Some(id) = id else {
        return of_notification(&method, &params);
    };
    if version != Some("2.0".into()) {
        let is = version.map_or("is missing".to_owned(), |version| {
            format!("is {}", quote::value(&version))
        });
        return refused(
            Some(id),
            ErrorCode::INVALID_REQUEST,
            format!("`jsonrpc` must be \"2.0\"; it {is}"),
        );
    }
    if is_named_notification {
        let text = format!("`{}` is a notification, which has no `id`", quote::name(&method));
        return refused(Some(id), ErrorCode::INVALID_REQUEST, text);
    }
    match of_request(&method, params) {
        Ok(request) => Read::Message(Box::new(ClientJsonRpcMessage::request(request, id))),
        Err(error) => Read::Refused { id: Some(id), error },
    }
}

/// The only notification that changes anything here is the one that gives up a request.
fn of_notification(method: &str, params: &Params) -> Read {
    let id = match params.0.as_ref().and_then(|params| params.get("requestId")) {
        Some(id) if method == "notifications/cancelled" => RequestId::deserialize(id).ok(),
        _ => None,
    };
    if METHODS.contains(&method) {
        tracing::warn!(%method, "a message without `id` is a notification, and gets no answer");
    }
    let Some(id) = id else {
        return Read::Nothing;
    };
    let cancelled = CancelledNotification::new(CancelledNotificationParam::new(Some(id), None));
    Read::Message(Box::new(ClientJsonRpcMessage::notification(cancelled.into())))
}

fn of_request(method: &str, params: Params) -> Result<ClientRequest, ErrorData> {
    if !METHODS.contains(&method) {
        return Err(unknown_method(method));
    }
    let mut params = params.into_object()?;
    let meta = params.meta()?;
    let version = meta.protocol_version();
    // As it was up to this version of the protocol: a session has a state.
    let is_legacy = version.as_ref().is_none_or(ProtocolVersion::has_initialize);
    let mut request: ClientRequest = match method {
        INITIALIZE => InitializeRequest::new(params.initialize()?).into(),
        PING if is_legacy => PingRequest::default().into(),
        DISCOVER => DiscoverRequest::new(DiscoverRequestParams {}).into(),
        "tools/list" => ClientRequest::ListToolsRequest(params.list()?),
        "resources/list" => ClientRequest::ListResourcesRequest(params.list()?),
        "resources/templates/list" => ClientRequest::ListResourceTemplatesRequest(params.list()?),
        "prompts/list" => ClientRequest::ListPromptsRequest(params.list()?),
        "tools/call" => {
            let call = CallToolRequestParams::new(params.text("name")?);
            CallToolRequest::new(call.with_arguments(params.arguments()?)).into()
        }
        "prompts/get" => {
            let get = GetPromptRequestParams::new(params.text("name")?);
            GetPromptRequest::new(get.with_arguments(params.arguments()?)).into()
        }
        "resources/read" => ReadResourceRequest::new(ReadResourceRequestParams::new(params.text("uri")?)).into(),
        LISTEN if !is_legacy => {
            // Nothing of what may be asked for ever happens, so it does not matter what is.
            let nothing = SubscriptionFilter::default();
            SubscriptionsListenRequest::new(SubscriptionsListenRequestParams::new(nothing)).into()
        }
        _ => return Err(method_of_another_version(method, version.as_ref())),
    };
    *request.get_meta_mut() = meta;
    Ok(request)
}

fn unknown_method(method: &str) -> ErrorData {
    let name = quote::name(method);
    let hint = did_you_mean(method, METHODS);
    let hint = if hint.is_empty() {
        format!(
            "; this server has {}",
            METHODS.map(|method| format!("`{method}`")).join(", ")
        )
    } else {
        hint
    };
    ErrorData::new(
        ErrorCode::METHOD_NOT_FOUND,
        format!("unknown method `{name}`{hint}"),
        None,
    )
}

fn method_of_another_version(method: &str, version: Option<&ProtocolVersion>) -> ErrorData {
    let since = ProtocolVersion::NO_INITIALIZE;
    let text = match version {
        Some(version) if !version.has_initialize() => {
            format!("`{method}` is not part of protocol {}", quote::name(version.as_str()))
        }
        _ => format!("`{method}` is part of protocol {since} and later; name the version in `_meta`"),
    };
    ErrorData::new(ErrorCode::METHOD_NOT_FOUND, text, None)
}

/// The params of a message, whatever they are.
struct Params(Option<Value>);

impl Params {
    fn into_object(self) -> Result<Object, ErrorData> {
        Object::of(self.0, "/params".to_owned(), Absent::Empty)
    }
}

/// An object within a message, of which one member after the other is read.
struct Object {
    members: JsonObject,
    /// Where it is, as a JSON Pointer.
    at: String,
}

/// What an object that is not there is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Absent {
    Empty,
    Refused,
}

impl Object {
    /// Takes a list without items for an empty object, as PHP writes one.
    fn of(value: Option<Value>, at: String, absent: Absent) -> Result<Self, ErrorData> {
        let members = match value {
            Some(Value::Object(members)) => members,
            Some(Value::Array(items)) if items.is_empty() => JsonObject::new(),
            None | Some(Value::Null) if absent == Absent::Empty => JsonObject::new(),
            value => return Err(misfit(&at, "an object", value.as_ref())),
        };
        Ok(Self { members, at })
    }

    /// Takes a member out, and says where it is.
    fn take(&mut self, name: &str) -> (Option<Value>, String) {
        let at = format!("{}/{}", self.at, name.replace('~', "~0").replace('/', "~1"));
        (self.members.remove(name), at)
    }

    fn object(&mut self, name: &str, absent: Absent) -> Result<Self, ErrorData> {
        let (value, at) = self.take(name);
        Self::of(value, at, absent)
    }

    fn text(&mut self, name: &str) -> Result<String, ErrorData> {
        match self.take(name) {
            (Some(Value::String(text)), _) => Ok(text),
            (value, at) => Err(misfit(&at, "a string", value.as_ref())),
        }
    }

    fn text_if_any(&mut self, name: &str) -> Result<Option<String>, ErrorData> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => self.text(name).map(Some),
        }
    }

    /// Returns the arguments of a tool or a prompt, which some clients hand on as the text that the model has written.
    fn arguments(&mut self) -> Result<JsonObject, ErrorData> {
        let (value, at) = self.take("arguments");
        let value = match value {
            Some(Value::String(text)) if text.trim().is_empty() => None,
            Some(Value::String(text)) => match serde_json::from_str(&text) {
                Ok(value @ (Value::Object(_) | Value::Null)) => Some(value),
                Ok(Value::Array(items)) if items.is_empty() => None,
                _ => Some(Value::String(text)),
            },
            value => value,
        };
        Ok(Self::of(value, at, Absent::Empty)?.members)
    }

    /// Reads the params of `initialize`. What a client is and can do is no matter to this server; that it says so is what
    /// the protocol wants.
    fn initialize(&mut self) -> Result<InitializeRequestParams, ErrorData> {
        let asked = self.text("protocolVersion")?;
        // Who asks for this one, which is not spoken, knows the one before too.
        let version = if asked == ProtocolVersion::V_2025_03_26.as_str() {
            ProtocolVersion::V_2024_11_05
        } else {
            serde_json::from_value(asked.into()).unwrap_or_default()
        };
        self.object("capabilities", Absent::Refused)?;
        let mut client = self.object("clientInfo", Absent::Refused)?;
        let client = Implementation::new(client.text("name")?, client.text("version")?);
        Ok(InitializeRequestParams::new(ClientCapabilities::default(), client).with_protocol_version(version))
    }

    /// Reads what each request says of itself from 2026-07-28 on. Whether it has to is the SDK's to say: it knows whether
    /// there is a session.
    fn meta(&mut self) -> Result<RequestMetaObject, ErrorData> {
        let mut given = self.object("_meta", Absent::Empty)?;
        let mut meta = RequestMetaObject::new();
        if let Some(version) = given.text_if_any(PROTOCOL_VERSION)? {
            meta.insert(PROTOCOL_VERSION.to_owned(), version.into());
        }
        if given
            .members
            .get(CLIENT_CAPABILITIES)
            .is_some_and(|value| !value.is_null())
        {
            given.object(CLIENT_CAPABILITIES, Absent::Refused)?;
            meta.insert(CLIENT_CAPABILITIES.to_owned(), JsonObject::new().into());
        }
        Ok(meta)
    }

    /// Reads the params of a request for a list. An empty cursor is none: clients that fill everything in send it.
    fn list<M: Default>(&mut self) -> Result<RequestOptionalParam<M, PaginatedRequestParams>, ErrorData> {
        let cursor = self.text_if_any("cursor")?.filter(|cursor| !cursor.is_empty());
        Ok(RequestOptionalParam::with_param(
            PaginatedRequestParams::default().with_cursor(cursor),
        ))
    }
}

fn misfit(at: &str, expected: &str, value: Option<&Value>) -> ErrorData {
    let text = match value {
        Some(value) => format!("invalid params: {at}: expected {expected}, got {}", quote::value(value)),
        None => format!("invalid params: {at} is missing; expected {expected}"),
    };
    ErrorData::invalid_params(text, None)
}

/// What can be read of a message whose values can't all be represented.
#[derive(Deserialize)]
struct Head {
    id: Option<RequestId>,
    method: Option<String>,
}

/// Reads a line that is not JSON, or JSON by its grammar and yet beyond what can be represented.
fn of_unrepresentable(line: &[u8]) -> Read {
    const UNREADABLE: &str = "can't be read: nested too deeply, or a number or a text in it can't be represented";
    if serde_json::from_slice::<IgnoredAny>(line).is_err() {
        return refused(None, ErrorCode::PARSE_ERROR, "the line is not JSON");
    }
    // A derived structure reads a list too.
    let head = serde_json::from_slice::<Head>(line)
        .ok()
        .filter(|_| line.starts_with(b"{"));
    match head {
        Some(Head {
            id: Some(id),
            method: Some(method),
        }) if METHODS.contains(&method.as_str()) => {
            refused(Some(id), ErrorCode::INVALID_PARAMS, format!("the message {UNREADABLE}"))
        }
        Some(Head {
            id: Some(id),
            method: Some(method),
        }) => Read::Refused {
            id: Some(id),
            error: unknown_method(&method),
        },
        Some(Head {
            id: None,
            method: Some(_),
        }) => Read::Nothing,
        Some(Head { method: None, .. }) | None => {
            refused(None, ErrorCode::INVALID_REQUEST, format!("the message {UNREADABLE}"))
        }
    }
}

#[cfg(test)]
mod tests;
