//! Authenticated encryption at rest under a key ring that can rotate.
//!
//! Owns: the [`KeyRing`], the format of [`Sealed`] values and sealed URL tokens, keyed MACs, the [`Entropy`]
//! trait through which every random byte of the product is asked for, and a few digest helpers.
//!
//! Must not know: what is being sealed (callers name it in [`AssociatedData`]), where keys come from (callers
//! pass text), or where randomness comes from (callers pass an [`Entropy`]; the operating system's one lives in
//! the server).
//!
//! To add another sealed thing: choose a new domain name for [`AssociatedData::new`] and bind every identifier
//! that says whose it is with [`AssociatedData::with`]. To add another format: give it the next version byte in
//! `ring.rs` and keep opening the older ones until a reseal has replaced them all.

mod ad;
mod derive;
mod digest;
mod entropy;
mod ring;
mod ring_text;
mod sealed;
pub mod testing;

pub use ad::AssociatedData;
pub use digest::{ct_eq, hmac_sha256, random_token, sha256};
pub use entropy::{Entropy, bytes};
pub use ring::{KeyRing, OpenError};
pub use ring_text::KeyRingError;
pub use sealed::{KeyId, Sealed};
