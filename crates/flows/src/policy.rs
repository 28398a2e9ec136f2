//! The tenant's rules, applied to one user: what is asked, what there is to give, who would be locked out.
//!
//! Knows `factor` and what is below it.

pub(crate) mod account;
pub(crate) mod lockout;
pub(crate) mod offers;

use crate::base::app::App;

/// The tenant's rules, applied to one user. See [`App::policies`].
#[derive(Clone, Copy)]
pub(crate) struct Policies<'a> {
    app: &'a App,
}

impl App {
    /// The tenant's rules, applied to one user.
    pub(crate) const fn policies(&self) -> Policies<'_> {
        Policies { app: self }
    }
}
