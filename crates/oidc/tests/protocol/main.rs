//! The protocol rules from outside: what each message is answered with.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod acr;
mod authorize;
mod common;
mod discovery_logout;
mod redirects;
mod token_endpoint;
mod tokens;
