//! The rules of OAuth 2.0 and OpenID Connect, as functions from messages to verdicts.
//!
//! **Owns** what a request may look like, where an answer may be sent, which claims a token carries and how it is
//! signed and checked, what discovery promises, and every protocol error. It is pure: time, keys, clients and users
//! come in as parameters, and what must be stored or spent leaves as a value.
//!
//! **Must not know** HTTP frameworks, the database, sessions, or any authentication factor: it hears of a sign-in
//! only as `acr`, `amr` and `auth_time`.
//!
//! **To add a check** of the authorization request, write one file in `authorize/rules/` that opens with its section
//! of the specification, and one row in the table in `authorize/rules.rs`. A grant is one file in `token/grants/` and one
//! row in [`token::grants::GRANTS`]; a client authentication method is one file and one row in [`client_auth`]; a
//! standard claim is a variant of [`claims::UserClaim`].

pub mod assertion;
pub mod audience;
pub mod authorize;
mod back_channel;
pub mod bearer;
pub mod claims;
pub mod client_auth;
pub mod discovery;
pub mod dpop;
mod error;
pub mod exchange;
mod holder;
pub mod introspection;
pub mod logout;
mod once;
mod parameters;
pub mod pkce;
mod redirect;
pub mod registration;
mod signed;
pub mod token;
pub mod tokens;
mod userinfo;

pub use back_channel::{BackChannelRequest, Headers};
pub use discovery::discovery;
pub use error::{Arrived, ErrorCode, OAuthError, UnknownClientId};
pub use holder::Holder;
pub use once::OneTime;
pub use parameters::{MAX_MESSAGE_BYTES, Parameters};
pub use redirect::{RedirectMismatch, VerifiedRedirect};
pub use signed::foreign_algs;
pub use userinfo::{signed_userinfo, userinfo};
