//! Attacks on the second factor (group A of the threats): each is tried in several shapes and has to fail.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod actors;
mod changes;
mod codes;
mod doors;
mod freshness;
mod guessing;
mod held;
mod interleaving;
mod interrupted;
mod kinds;
mod links;
mod lockout;
mod parked;
mod remembered;
mod secrets;
mod settings;
mod skips;
mod support;
mod table;
mod truth;
mod walk;
