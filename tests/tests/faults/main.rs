//! Faults that users and attackers found, each named after its row: what must be true instead, over real HTTP.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr, reason = "tests fail loudly")]

mod account;
mod addresses;
mod again;
mod connections;
mod grants;
mod languages;
mod mails;
mod misdirected;
mod names;
mod outbox;
mod overload;
mod passwords;
mod proxies;
mod redirects;
mod settings;
mod shown_once;
mod support;
mod truth;
mod unknown_names;
mod ways;
