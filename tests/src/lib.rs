//! The harness of the tests that drive the whole product: the real router over real sockets, a browser that submits
//! the real forms, a relying party, an authenticator, a mail sink and a clock that stands still.
//!
//! A test says what it needs of the pool ([`Setup`]), starts a [`Server`], and acts as a person ([`Browser`]) or as an
//! application ([`App`]). [`on_every_engine`] runs it on SQLite, and on PostgreSQL where one is given.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a harness fails loudly"
)]

mod browser;
mod certificates;
mod ear;
mod engine;
mod known;
mod person;
mod relying_party;
mod server;
mod signer;

pub use browser::{Browser, Form, Page};
pub use certificates::{Authority, Shown};
pub use ear::Ear;
pub use engine::{Engine, at_once, on_every_engine};
pub use known::{BYSTANDER, Known, concrete};
pub use person::{Authenticator, PASSWORD, recovery_codes};
pub use relying_party::{App, Callback, Tokens, VERIFIER, challenge, payload};
pub use server::{ADMINS, CLIENT_SECRET, REDIRECT_URI, Server, Setup, TestClock};
pub use signer::{Signer, ath};
