//! Second factors at work: calling them, their ceremonies, what their verdicts do, what is issued.
//!
//! Knows `base`.

pub(crate) mod call;
pub(crate) mod ceremony;
pub(crate) mod issue;
pub(crate) mod verdict;

use crate::base::app::App;

/// Second factors at work. See [`App::factors`].
#[derive(Clone, Copy)]
pub(crate) struct Factors<'a> {
    app: &'a App,
}

impl App {
    /// Second factors at work.
    pub(crate) const fn factors(&self) -> Factors<'_> {
        Factors { app: self }
    }
}
