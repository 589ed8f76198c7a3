//! A type of one's own that looks like a permit can be made by hand.

use by_hand::WritePermit;

mod by_hand {
    pub struct WritePermit {
        pub tool: &'static str,
    }
}

fn main() {
    let permit = WritePermit { tool: "create_collection" };
    let _ = permit;
}
