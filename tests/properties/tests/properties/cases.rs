//! Runs a property over random values, the same ones each time.

use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestCaseResult, TestError, TestRunner};

/// Where cases that failed are kept.
const REGRESSIONS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/regressions");

/// Checks a property; `about` says of what, and `file` where its failed cases are kept. One in `share` of the usual number
/// of cases is run, for what takes long.
pub(crate) fn check<S: Strategy>(
    about: &str,
    file: &str,
    share: u32,
    values: &S,
    property: impl Fn(S::Value) -> TestCaseResult,
) {
    let mut config = Config::default();
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    config.cases = (config.cases / share).max(1);
    config.failure_persistence = Some(Box::new(FileFailurePersistence::Direct(path(file))));
    match TestRunner::new(config).run(values, property) {
        Ok(()) => {}
        Err(TestError::Fail(reason, value)) => panic!("{about}: {reason}\nthe smallest case: {value:?}"),
        Err(TestError::Abort(reason)) => panic!("{about}: {reason}"),
    }
}

/// The path has to live as long as the program does; there are a few.
fn path(file: &str) -> &'static str {
    let path = Path::new(REGRESSIONS).join(file).with_extension("txt");
    Box::leak(path.to_str().expect("a path in UTF-8").to_owned().into_boxed_str())
}
