//! The sign-in, from the wish to the session: one dispatcher says what comes next, one ending stores it.
//!
//! Knows `oidc` and what is below it.

pub(crate) mod again;
pub(crate) mod answer;
pub(crate) mod challenge;
pub(crate) mod consent;
pub(crate) mod course;
pub(crate) mod device;
pub(crate) mod dispatch;
pub(crate) mod ending;
pub(crate) mod enrolment;
pub(crate) mod entry;
pub(crate) mod gate;
pub(crate) mod hold;
pub(crate) mod intent;
pub(crate) mod password;
pub(crate) mod passwordless;
pub(crate) mod postpone;

use crate::base::app::App;

/// Signing in. See [`App::sign_in`].
#[derive(Clone, Copy)]
pub struct SignIn<'a> {
    app: &'a App,
}

impl App {
    /// Signing in.
    pub const fn sign_in(&self) -> SignIn<'_> {
        SignIn { app: self }
    }
}
