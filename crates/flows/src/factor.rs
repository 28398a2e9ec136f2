//! Second factors at work: calling them, their ceremonies, what their verdicts do, what is issued.
//!
//! Knows `base`.

pub(crate) mod address;
pub(crate) mod call;
pub(crate) mod ceremony;
pub(crate) mod issue;
pub(crate) mod revealed;
pub(crate) mod verdict;

use crate::base::app::App;
use vestibule_domain::{Credential, User};

/// A user in front of a factor, with the credentials to answer with (NIST SP 800-63-4: a claimant proves to be a user).
#[derive(Clone, Copy)]
pub(crate) struct Claimant<'a> {
    pub(crate) user: &'a User,
    pub(crate) own: &'a [Credential],
}

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
