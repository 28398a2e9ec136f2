//! HTTP: routes, cookies, anti-forgery, and turning outcomes into responses.
//!
//! **Owns** what is on the wire: which path does what, which headers every answer carries, how a form is trusted, how
//! a refusal looks. Each handler extracts, makes one call, matches its outcome once.
//!
//! **Must not know** SQL, policy, or any factor: it asks `flows` and shows `pages`.
//!
//! **Files** use each other in one direction only, from right to left:
//! `options`, `device`, `paths`, `http` ← `visit` ← `page` ← `call`, `extract`, `next`, `gate`, `messages` ← `ops`, `assets`,
//! `oidc`, `login`, `account`, `pool_settings` (these six never each other) ← `routes` ← `site` ← `serve`.
//!
//! **To add a route**, write its handler in the file of its subject and its line in the table of `routes`, and its address in
//! [`paths`]; a form's
//! handler takes `extract::Posted`, which has checked the token, the origin and the pool before the handler runs.

mod account;
mod assets;
mod call;
mod device;
mod extract;
mod gate;
mod http;
mod login;
mod mail;
mod messages;
mod next;
mod oidc;
mod ops;
mod options;
mod page;
pub mod paths;
mod pool_settings;
mod routes;
mod serve;
mod site;
mod visit;

pub use mail::PagesMail;
pub use options::WebOptions;
pub use routes::{ROUTES, Route};
pub use serve::serve;
pub use site::{Site, site};
