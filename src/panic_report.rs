//! Turns a panic, which is a fault of the program, into a report for standard error: where it happened, and nothing of what
//! the program was working on.
//!
//! Invariant: a message that was put together at run time is not shown, since it may have an argument, an answer or a
//! credential in it; a literal is.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write as _;
use std::panic::{self, Location};

/// Has all panics of the process reported so from now on.
pub(crate) fn report_panics() {
    panic::set_hook(Box::new(|info| {
        // Names of functions and places only; without `RUST_BACKTRACE` there is none.
        let backtrace = Backtrace::capture();
        let mut report = report(info.payload(), info.location());
        if backtrace.status() == BacktraceStatus::Captured {
            report = format!("{report}\n{backtrace}");
        }
        // Nothing is left to do about a standard error that is closed.
        let _ = writeln!(std::io::stderr(), "{report}");
    }));
}

fn report(payload: &(dyn Any + Send), location: Option<&Location<'_>>) -> String {
    let place = location.map_or_else(|| "at an unknown place".to_owned(), |place| format!("at {place}"));
    let what = payload
        .downcast_ref::<&'static str>()
        .unwrap_or(&"what it says may be confidential and is left out");
    format!("error: a fault of this program {place}: {what}; please report it")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report_of(fault: impl FnOnce() + panic::UnwindSafe) -> String {
        report(&*panic::catch_unwind(fault).unwrap_err(), Some(Location::caller()))
    }

    #[test]
    fn a_literal_is_shown_and_no_value() {
        let shown = report_of(|| unreachable!());
        assert!(
            shown.contains("internal error: entered unreachable code; please report it"),
            "{shown}"
        );
        assert!(shown.contains("src/panic_report.rs:"), "{shown}");

        let secret = "topsecrét".to_owned();
        let faults: [Box<dyn FnOnce() + panic::UnwindSafe>; 4] = [
            Box::new({
                let secret = secret.clone();
                move || panic!("{secret}")
            }),
            Box::new({
                let secret = secret.clone();
                move || drop(secret[..8].to_owned())
            }),
            Box::new({
                let secret = secret.clone();
                move || Some(secret).map_or(Ok(()), Err).unwrap()
            }),
            Box::new(move || assert_eq!(secret, "")),
        ];
        for fault in faults {
            let shown = report_of(fault);
            assert!(
                !shown.contains("topsec") && shown.contains("is left out; please report it"),
                "{shown}"
            );
        }
    }
}
