//! What the program tells → a bar on a terminal, and a line for each tool elsewhere.
//!
//! Invariant: it writes to standard error only.

use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::event::Event;

/// How far a verification has come.
#[derive(Default)]
pub(super) enum Progress {
    /// Nothing is known yet.
    #[default]
    Unknown,
    Bar(ProgressBar),
    Lines,
}

impl Progress {
    /// Shows what is new.
    pub(super) fn show(&mut self, event: &Event) {
        match (&*self, event) {
            (_, Event::Begin(begin)) => *self = Self::begin(begin.cases),
            (Self::Bar(bar), Event::Case(case)) => {
                bar.set_message(format!("{} {}", case.tool, case.name));
                bar.inc(1);
            }
            (Self::Lines, Event::Tool(tool)) => {
                eprintln!(
                    "{}: {} of {} cases passed",
                    tool.name,
                    tool.counts.passed,
                    tool.counts.all()
                );
            }
            _ => {}
        }
    }

    fn begin(cases: u64) -> Self {
        if !io::stderr().is_terminal() {
            return Self::Lines;
        }
        let bar = ProgressBar::with_draw_target(Some(cases), ProgressDrawTarget::stderr());
        // A template that could not be read would leave the style that a bar has anyway.
        if let Ok(style) =
            ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} cases, {eta} left  {wide_msg}")
        {
            bar.set_style(style);
        }
        Self::Bar(bar)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
