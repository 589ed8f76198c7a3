//! A type of one's own can read the flag's value.

use by_hand::Mutations;

mod by_hand {
    use appsync_mcp::tool::Contract;

    pub struct Mutations;

    impl Mutations {
        pub fn parse(_: &str, _: &Contract) -> Result<Self, ()> {
            Ok(Self)
        }
    }
}

fn main() {
    let _ = Mutations::parse("true", &appsync_mcp::sample::CONTRACT);
}
