//! HTTP: routes, cookies, anti-forgery, and turning outcomes into responses.
//!
//! **Owns** what is on the wire: which path does what, which headers every answer carries, how a form is trusted, how
//! a refusal looks. Each handler extracts, makes one call, matches its outcome once.
//!
//! **Must not know** SQL, policy, or any factor: it asks `flows` and shows `pages`.
//!
//! **To add a route**, write its handler in the module of its subject and its line in the table of [`routes`]; a form's
//! handler takes [`visit::Posted`], which has checked the token, the origin and the pool before the handler runs.

mod client_ip;
mod cookies;
mod device;
mod documents;
mod failure;
mod front;
mod mail;
mod next;
mod options;
mod routes;
mod serve;
mod visit;

pub use front::Site;
pub use mail::PagesMail;
pub use options::WebOptions;
pub use routes::{ROUTES, Route, site};
pub use serve::serve;
