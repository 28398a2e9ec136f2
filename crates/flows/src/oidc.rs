//! What relying parties ask for: authorization requests, codes, tokens, userinfo, sign-out.
//!
//! Knows `policy` and what is below it.

mod access;
pub(crate) mod back_channel;
mod bound;
mod by_reference;
mod client_auth;
pub(crate) mod code;
pub(crate) mod device;
pub(crate) mod farewell;
pub(crate) mod introspection;
mod living;
pub(crate) mod logout;
pub(crate) mod pushed;
pub(crate) mod registration;
pub(crate) mod request;
pub(crate) mod revocation;
pub(crate) mod token;
pub(crate) mod userinfo;

use crate::base::app::App;

/// What relying parties ask for. See [`App::oidc`].
#[derive(Clone, Copy)]
pub struct Oidc<'a> {
    app: &'a App,
}

impl App {
    /// What relying parties ask for.
    pub const fn oidc(&self) -> Oidc<'_> {
        Oidc { app: self }
    }
}
