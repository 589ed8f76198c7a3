//! How many companies are made -> a bar on a terminal, and some lines elsewhere.
//!
//! Invariant: it writes to standard error only.

use std::io::{self, IsTerminal as _, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Where it is shown that data is made, which takes a while for many companies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Nowhere.
    Silent,
    /// On standard error.
    Stderr,
}

/// A progress that is shown.
pub(crate) enum Bar {
    Silent,
    Terminal(ProgressBar),
    Lines { out: Box<dyn Write>, of: u32 },
}

impl Progress {
    /// Begins to show it.
    pub(crate) fn bar(self, of: u32) -> Bar {
        match self {
            Self::Silent => Bar::Silent,
            Self::Stderr if io::stderr().is_terminal() => {
                let bar = ProgressBar::with_draw_target(Some(of.into()), ProgressDrawTarget::stderr());
                // A template that could not be read would leave the style that a bar has anyway.
                if let Ok(style) =
                    ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} companies, {eta} left")
                {
                    bar.set_style(style);
                }
                Bar::Terminal(bar)
            }
            Self::Stderr => Bar::Lines {
                out: Box::new(io::stderr()),
                of,
            },
        }
    }
}

impl Bar {
    /// Shows that so many are made.
    pub(crate) fn show(&mut self, made: u32) {
        match self {
            // Now and then is enough: drawing takes longer than making.
            Self::Terminal(bar) if made.is_multiple_of(1_024) => bar.set_position(made.into()),
            Self::Silent | Self::Terminal(_) => {}
            Self::Lines { out, of } => {
                let tenth = |made: u32| u64::from(made) * 10 / u64::from((*of).max(1));
                if tenth(made) > tenth(made.saturating_sub(1)) {
                    // Nobody listens, and the data is made all the same.
                    drop(writeln!(out, "{made} of {of} companies are made"));
                }
            }
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Self::Terminal(bar) = self {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io::{self, Write};
    use std::rc::Rc;

    use super::Bar;

    struct Lines(Rc<RefCell<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn shown(of: u32) -> String {
        let written = Rc::default();
        let mut bar = Bar::Lines {
            out: Box::new(Lines(Rc::clone(&written))),
            of,
        };
        (1..=of).for_each(|made| bar.show(made));
        drop(bar);
        String::from_utf8(written.take()).unwrap()
    }

    #[test]
    fn ten_lines_are_enough_for_any_number() {
        let lines = shown(123_456);
        assert_eq!(lines.lines().count(), 10, "{lines}");
        assert!(lines.starts_with("12346 of 123456 companies are made\n"), "{lines}");
        assert!(lines.ends_with("123456 of 123456 companies are made\n"), "{lines}");
        assert_eq!(shown(3).lines().count(), 3);
        assert_eq!(shown(0), "");
    }
}
