//! Faults that people ran into, each tried again in a real browser: what must be true instead. A test is named after its
//! row in the list of faults.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod application;
mod times;
mod walk;
mod ways;
mod words;
