//! What people do with their own account: registration, recovery, profile, password, sessions, applications, factors.
//!
//! Knows `sign_in` and what is below it.

pub(crate) mod enrolment;
pub(crate) mod factors;
pub(crate) mod password;
pub(crate) mod profile;
pub(crate) mod recovery;
pub(crate) mod registration;
pub(crate) mod sessions;

use crate::base::app::App;

/// A user's own account. See [`App::accounts`].
#[derive(Clone, Copy)]
pub struct Accounts<'a> {
    app: &'a App,
}

impl App {
    /// A user's own account.
    pub const fn accounts(&self) -> Accounts<'_> {
        Accounts { app: self }
    }
}
