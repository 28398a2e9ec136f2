//! Attacks on the protocol (group C of the threats): addresses, codes, refresh tokens, and what `acr` says.

#![expect(clippy::unwrap_used, reason = "tests")]

mod claims;
mod codes;
mod essential;
mod pages;
mod redirects;
mod refresh;
mod revocation;
mod support;
mod truth;
mod waiting;
