//! The client against servers of its own on loopback.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod cache;
mod crowd;
mod reach;
mod support;
