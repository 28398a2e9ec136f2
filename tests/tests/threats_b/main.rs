//! Attacks on accounts, sessions, pools and the server itself (groups B, D and E of the threats): each is tried in
//! several shapes and has to fail.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail loudly")]

mod accounts;
mod changes;
mod crossing;
mod enumeration;
mod exhaustion;
mod fixation;
mod forgery;
mod fuzz;
mod logout;
mod malformed;
mod markup;
mod pages;
mod profiles;
mod support;
