//! Faults that users and attackers found, each named after its row: what must be true instead, over real HTTP.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr, reason = "tests fail loudly")]

mod again;
mod connections;
mod misdirected;
mod outbox;
mod proxies;
mod redirects;
mod ways;
