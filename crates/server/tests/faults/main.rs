//! Faults that users and attackers found in the server's own parts, each named after its row: what must be true instead.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod commands;
mod files;
mod mail;
mod scratch;
