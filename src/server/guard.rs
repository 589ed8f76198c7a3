//! Answers the requests that the SDK would leave unanswered: those whose handler panics, and subscriptions that are held
//! when the session ends.
//!
//! Invariant: nothing of what a panic says goes to the client; `panic_report.rs` has reported it.
//! Invariant: no subscription holds up the end of a session, whether it is acknowledged already or not.

use std::borrow::Cow;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use rmcp::ErrorData;
use rmcp::model::{
    ClientNotification, ClientRequest, ProtocolVersion, ServerConfig, ServerResult, SubscriptionsListenResult,
};
use rmcp::service::{NotificationContext, RequestContext, RoleServer, Service};
use tokio_util::sync::CancellationToken;

use super::lines::GivenUp;

/// A service and the end of its session.
pub(super) struct Guard<S> {
    pub(super) service: S,
    /// Nothing more will be read.
    pub(super) ended: CancellationToken,
}

impl<S: Service<RoleServer>> Service<RoleServer> for Guard<S> {
    async fn handle_request(
        &self,
        request: ClientRequest,
        mut context: RequestContext<RoleServer>,
    ) -> Result<ServerResult, ErrorData> {
        if let Some(GivenUp(given_up)) = context.extensions.get() {
            context.ct = given_up.clone();
        }
        let held = matches!(&request, ClientRequest::SubscriptionsListenRequest(_)).then(|| context.id.clone());
        // On the heap, since it is large and each future around it would hold it once more.
        let answer = Box::pin(self.service.handle_request(request, context));
        // What requests share is whole between two steps of each, and locks that are poisoned are taken all the same.
        let answer = AssertUnwindSafe(answer).catch_unwind();
        let answer = match held {
            None => answer.await,
            Some(id) => tokio::select! {
                answer = answer => answer,
                () = self.ended.cancelled() => {
                    let mut result = SubscriptionsListenResult::complete(id);
                    result.meta.set_server_info(self.get_info().server_info);
                    Ok(Ok(result.into()))
                }
            },
        };
        answer.unwrap_or_else(|_| {
            let text = "a fault of this server ended the request; tell the user";
            Err(ErrorData::internal_error(text, None))
        })
    }

    async fn handle_notification(
        &self,
        notification: ClientNotification,
        context: NotificationContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.service.handle_notification(notification, context).await
    }

    fn get_info(&self) -> ServerConfig {
        self.service.get_info()
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        self.service.supported_protocol_versions()
    }
}

#[cfg(test)]
mod tests {
    use rmcp::model::{ListToolsResult, PaginatedRequestParams};
    use rmcp::{ServerHandler, ServiceExt as _};
    use serde_json::{Value, json};
    use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};

    use super::*;

    struct Faulty;

    impl ServerHandler for Faulty {
        async fn list_tools(
            &self,
            request: Option<PaginatedRequestParams>,
            _: RequestContext<RoleServer>,
        ) -> Result<ListToolsResult, ErrorData> {
            match request.and_then(|request| request.cursor) {
                Some(secret) => panic!("failed at {secret}"),
                None => Ok(ListToolsResult::default()),
            }
        }
    }

    #[tokio::test]
    async fn a_panic_is_answered_without_what_it_says_and_the_session_goes_on() {
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        let ended = CancellationToken::new();
        let guard = Guard { service: Faulty, ended };
        let serving = tokio::spawn(async { guard.serve(theirs).await.unwrap().waiting().await });
        let (output, mut input) = tokio::io::split(ours);
        let mut lines = BufReader::new(output).lines();
        for (id, cursor) in [
            (1, json!("quokka")),
            (2, json!(null)),
            (3, json!("quokka")),
            (4, json!(null)),
        ] {
            let meta = json!({
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
            });
            let params = json!({"_meta": meta, "cursor": cursor});
            let request = json!({"jsonrpc": "2.0", "id": id, "method": "tools/list", "params": params});
            input.write_all(format!("{request}\n").as_bytes()).await.unwrap();
            let line = lines.next_line().await.unwrap().unwrap();
            assert!(!line.contains("quokka"), "{line}");
            let answer: Value = serde_json::from_str(&line).unwrap();
            assert_eq!(answer["id"], id);
            let code = if cursor.is_null() { Value::Null } else { json!(-32603) };
            assert_eq!(answer["error"]["code"], code, "{line}");
        }
        drop((input, lines));
        serving.await.unwrap().unwrap();
    }
}
