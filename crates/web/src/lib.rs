//! HTTP: routes, cookies, anti-forgery, and turning outcomes into responses.
//!
//! **Owns** what is on the wire: which path does what, which headers every answer carries, how a form is trusted, how
//! a refusal looks. Each handler extracts, makes one call, matches its outcome once.
//!
//! **Must not know** SQL, policy, or any factor: it asks `flows` and shows `pages`.
//!
//! **Files** use each other in one direction only, from right to left:
//! `options`, `device`, `paths`, `http` ← `visit` ← `page`, `call`, `extract` ← `refusal` ← `next` ← `stop`, `gate`,
//! `messages` ← `ops`, `assets`, `oidc`, `login`, `account`, `pool_settings` (these six never each other) ← `routes` ←
//! `site` ← `serve`. `mail` uses `paths` and `device` alone.
//!
//! **A handler** extracts, makes one call and returns a `Reply`: an answer, or the `Stop` that came in its way, most often
//! by `?`. `stop` makes an answer of a stop, and `refusal` writes it to the log, once.
//!
//! **To add a route**, write its handler in the file of its subject, its line in the table of `routes`, and its address
//! in [`paths`]. A form's handler takes `extract::Posted`, which has checked the token, the origin and the pool before the
//! handler runs. A handler for signed-in users begins with `gate::enter` and the action that it is for.

mod account;
mod assets;
mod call;
mod device;
mod extract;
mod gate;
mod http;
mod language;
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
mod refusal;
mod routes;
mod serve;
mod site;
mod stop;
mod visit;

pub use http::certificate::ConnectionCertificate;
pub use mail::PagesMail;
pub use options::{ConnectionLimits, WebOptions};
pub use routes::{ROUTES, Route};
pub use serve::{ClientCertificates, Identity, Tls, serve, serve_tls};
pub use site::{Answering, Site, SiteParts};
