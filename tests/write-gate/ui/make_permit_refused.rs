//! A permit can not be made by hand.

use appsync_mcp::permit::WritePermit;

mod by_hand {
    pub struct WritePermit {
        pub tool: &'static str,
    }
}

fn main() {
    let permit = WritePermit { tool: "create_collection" };
    let _ = permit;
}
