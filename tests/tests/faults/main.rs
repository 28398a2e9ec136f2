//! Faults that users and attackers found, each named after its row: what must be true instead, over real HTTP.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail loudly")]

mod connections;
mod misdirected;
mod outbox;
mod redirects;
mod settings;
mod ways;
