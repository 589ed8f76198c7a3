//! A write is sent with a permit.

use appsync_mcp::call::Ctx;
use appsync_mcp::decode::JsonObject;
use appsync_mcp::permit::WritePermit;
use appsync_mcp::rate::Caller;
use appsync_mcp::tool::WriteTool;

async fn send(tool: &WriteTool, ctx: &Ctx, arguments: JsonObject, permit: &WritePermit) -> bool {
    tool.call(ctx, &Caller::Local, arguments, permit).await.is_ok()
}

fn main() {
    let _ = send;
}
