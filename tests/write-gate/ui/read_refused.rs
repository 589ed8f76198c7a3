//! A mutation is registered as a read.

use appsync_mcp::sample;
use appsync_mcp::tool::ReadTool;

static TOOL: ReadTool = ReadTool::of::<sample::create_collection::CreateCollection>();

fn main() {
    let _ = &TOOL;
}
