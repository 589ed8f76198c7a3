//! HTTP -> GraphQL -> HTTP, with the faults that are on.
//!
//! Invariant: binds the loopback interface only.
//! Invariant: every POST is in the journal before it is read.

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_graphql::parser::parse_query;
use async_graphql::parser::types::OperationType;
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use axum::serve::ListenerExt as _;
use serde_json::{Map, Value};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::auth::{Credentials, Identity};
use crate::cache::Cached;
use crate::envelope::{Answer, exception, request_error, validation_message};
use crate::execute::{execute, operation};
use crate::fault::{Active, Fault};
use crate::generate::World;
use crate::journal::{Entry, Journal, Received};
use crate::resolver::Ctx;
use crate::response::{
    answer, cut_connection, fault_after, fault_instead, internal_failure, malformed_request, method_not_allowed,
    not_found, refuse,
};
use crate::schedule::Faults;
use crate::schema::Schema;
use crate::sigv4::Signed;
use crate::store::Store;

/// The largest request that is read.
const REQUEST_BYTES_MAX: usize = 1024 * 1024;

/// What the requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) schema: Schema,
    pub(crate) cached: Cached,
    pub(crate) store: Store,
    pub(crate) world: World,
    pub(crate) credentials: Credentials,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) journal: Journal,
    /// True once the sandbox stops.
    pub(crate) stopping: watch::Receiver<bool>,
}

/// The body of a GraphQL request.
#[derive(Clone)]
struct GraphQlRequest {
    document: String,
    operation_name: Option<String>,
    variables: Value,
}

/// Binds the port on loopback; 0 is any free one.
pub(crate) async fn bind(port: u16) -> Result<TcpListener, io::Error> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

/// Serves until the sandbox stops.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) -> Result<(), io::Error> {
    let mut stopping = shared.stopping.clone();
    // Small answers must not wait for more of them (Nagle's algorithm against delayed acknowledgements: 40 ms a call). A
    // socket that refuses the option still works.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let router = Router::new()
        .route("/graphql", post(graphql).fallback(method_not_allowed))
        .fallback(not_found)
        .with_state(shared);
    let stopped = async move { drop(stopping.wait_for(|stopping| *stopping).await) };
    axum::serve(listener, router).with_graceful_shutdown(stopped).await
}

async fn graphql(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let faults = shared
        .faults
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take(shared.world.seed);
    let entry = shared.journal.came(&faults.faults);
    if faults.has(Fault::CutInRequest) {
        return cut_connection();
    }
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, REQUEST_BYTES_MAX).await else {
        return answer(
            StatusCode::PAYLOAD_TOO_LARGE,
            exception("RequestEntityTooLargeException", "Request body is too large."),
        );
    };
    let request = read_request(&body);
    shared.journal.read(entry, body.len());
    if let Ok(request) = &request {
        shared
            .journal
            .note(entry, |received| request.clone().describe(received));
    }
    if faults.has(Fault::Slow) {
        tokio::time::sleep(Duration::from_millis(faults.delay_ms)).await;
    }
    if faults.has(Fault::Hang) {
        // Not for ever: a sandbox that stops lets go of the connection.
        drop(shared.stopping.clone().wait_for(|stopping| *stopping).await);
        return cut_connection();
    }
    if faults.has(Fault::CutBeforeExecution) {
        return cut_connection();
    }
    if let Some(response) = fault_instead(&faults) {
        return response;
    }
    let identity = match shared.credentials.authenticate(Signed {
        uri: &head.uri,
        headers: &head.headers,
        body: &body,
    }) {
        Ok(identity) => identity,
        Err(refusal) => return refuse(&refusal),
    };
    shared.journal.note(entry, |received| {
        received.mode = Some(identity.mode);
        received.subject.clone_from(&identity.subject);
    });
    let request = match request {
        Ok(request) => request,
        Err(message) => return malformed_request(message),
    };
    let body = match run(shared, entry, identity, request, faults.clone()).await {
        Ok(body) => body,
        Err(response) => return *response,
    };
    fault_after(&faults, body)
}

/// Reads the body as AppSync does.
fn read_request(body: &[u8]) -> Result<GraphQlRequest, &'static str> {
    const UNREADABLE: &str = "Unable to parse GraphQL query.";
    if body.is_empty() {
        return Err("Request body is empty.");
    }
    let Ok(Value::Object(mut body)) = serde_json::from_slice(body) else {
        return Err(UNREADABLE);
    };
    let Some(Value::String(document)) = body.remove("query") else {
        return Err(UNREADABLE);
    };
    let operation_name = match body.remove("operationName") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name),
        Some(_) => return Err(UNREADABLE),
    };
    let variables = body.remove("variables").unwrap_or_default();
    if variables.is_null() || variables.is_object() {
        Ok(GraphQlRequest {
            document,
            operation_name,
            variables,
        })
    } else {
        Err(UNREADABLE)
    }
}

impl GraphQlRequest {
    fn describe(self, received: &mut Received) {
        received.operation_name = self.operation_name.or_else(|| only_operation_name(&self.document));
        received.document = self.document;
        received.variables = self.variables;
    }
}

fn only_operation_name(document: &str) -> Option<String> {
    let document = parse_query(document).ok()?;
    let mut names = document.operations.iter().filter_map(|(name, _)| name);
    names
        .next()
        .filter(|_| document.operations.iter().len() == 1)
        .map(ToString::to_string)
}

/// Parses, validates and executes. An error is the answer to a request that does not get as far as execution.
async fn run(
    shared: Arc<Shared>,
    entry: Entry,
    identity: Identity,
    request: GraphQlRequest,
    faults: Active,
) -> Result<Value, Box<Response>> {
    let Ok(document) = parse_query(&request.document) else {
        return Err(Box::new(malformed_request("Unable to parse GraphQL query.")));
    };
    let (name, operation) = match operation(&document, request.operation_name.as_deref()) {
        Ok((name, operation)) => (name, operation.clone()),
        Err(message) => return Ok(Answer::refused(vec![request_error(&message, &[])]).into_body()),
    };
    if operation.ty == OperationType::Subscription {
        let body = exception("UnsupportedOperation", "Subscriptions are not served over HTTP.");
        return Err(Box::new(answer(StatusCode::BAD_REQUEST, body)));
    }
    let variables = request.variables.as_object().cloned().unwrap_or_else(Map::new);
    let told = match shared.schema.validate(&request.document, name, &variables).await {
        Ok(told) => told,
        Err(errors) => {
            let errors = errors
                .iter()
                .map(|error| request_error(&validation_message(&error.message), &error.locations));
            return Ok(Answer::refused(errors.collect()).into_body());
        }
    };
    // SQLite blocks, so it has a thread of its own.
    let executed = tokio::task::spawn_blocking(move || {
        let ctx = Ctx {
            index: &shared.cached.index,
            store: &shared.store,
            world: shared.world,
            identity: &identity,
            faults: &faults,
            journal: &shared.journal,
            entry,
        };
        execute(&shared.schema, &ctx, &document.fragments, &operation, &variables, &told).into_body()
    });
    executed.await.map_err(|_| Box::new(internal_failure()))
}
