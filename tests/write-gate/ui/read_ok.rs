//! A query is registered as a read.

use appsync_mcp::sample;
use appsync_mcp::tool::ReadTool;

static TOOL: ReadTool = ReadTool::of::<sample::get_company::GetCompany>();

fn main() {
    let _ = &TOOL;
}
