//! Attacks on single factors: mailed codes, passkeys, clocks that are off, rules that change, factors that fail.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod broken;
mod clocks;
mod doors;
mod entries;
mod factor;
mod keys;
mod mail;
mod rules;
mod support;
