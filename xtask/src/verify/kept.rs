//! A whole run × what was known before → what is known now.

use std::collections::BTreeMap;

use appsync_mcp_codegen::{Verification, Verifications, Verified};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::run::Run;

/// Returns what is known of the present tools: those that have passed are verified, those that have failed are not, and of the
/// others stays what was known of them as they are now. A tool that the API did not answer is one of those others, although
/// its cases have failed: `not_verified` says so.
pub(super) fn kept(run: &Run, tools: &BTreeMap<String, String>, before: &Verifications) -> Verifications {
    let time = now();
    let known = tools.iter().filter_map(|(name, digest)| {
        let known = match run.tools.iter().find(|verified| verified.tool.name == *name) {
            Some(verified) if verified.has_passed() => {
                let now = Verification {
                    contract: digest.clone(),
                    endpoint: run.endpoint().to_owned(),
                    time: time.clone(),
                    cases: verified.tool.counts.passed,
                };
                let of_api = before.get(name).filter(|known| is_of_api(known, digest));
                of_api.filter(|_| now.by() != Verified::Api).cloned().unwrap_or(now)
            }
            Some(verified) if verified.tool.counts.failed > 0 && verified.tool.not_verified.is_none() => return None,
            _ => before.get(name).filter(|known| known.contract == *digest)?.clone(),
        };
        Some((name.clone(), known))
    });
    known.collect()
}

/// Whether a real API has answered the tool as it is. What a sandbox says later takes nothing away from that.
fn is_of_api(known: &Verification, digest: &str) -> bool {
    known.contract == digest && known.by() == Verified::Api
}

/// Returns the time in UTC, in whole seconds.
fn now() -> String {
    let now = OffsetDateTime::now_utc();
    let now = now.replace_nanosecond(0).unwrap_or(now);
    // A year of four digits can be written.
    now.format(&Rfc3339).unwrap_or_default()
}
