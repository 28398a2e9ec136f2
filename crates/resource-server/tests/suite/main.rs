//! The crate as an API uses it.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod api;
mod issuer;
mod keys;
mod proofs;
mod routes;
mod tokens;
