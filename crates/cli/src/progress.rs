//! What is being done, for a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use pipeline::Stage;
use std::time::Duration;

/// A line that says what is going on; gone when dropped.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Shown on standard error if that is a terminal and the user wants to hear anything.
    pub(crate) fn new(quiet: bool) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(None, target);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(bar)
    }

    /// Says something else.
    pub(crate) fn say(&self, what: &'static str) {
        self.0.set_message(what);
    }

    /// Says which stage has begun.
    pub(crate) fn stage(&self, stage: Stage) {
        self.say(match stage {
            Stage::Declare => "reading configuration",
            Stage::Summarise => "reading code",
            Stage::Interpret => "following calls",
            Stage::Resolve => "joining",
        });
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
