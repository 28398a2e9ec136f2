//! Encrypted tokens in the compact serialization (RFC 7516 section 3.1).
//!
//! Never compressed: the length of compressed content tells what is in it, and a small token could become a large one.

mod agree;
mod algs;
mod content;
mod decrypt;
mod encrypt;
mod keys;

pub use algs::{JweAlg, JweEnc, UnknownJweAlg};
pub use decrypt::{DecryptError, Decrypted, ExpectJwe, decrypt};
pub use encrypt::{EncryptError, encrypt};
pub use keys::{DecryptionKey, EncryptionKey};
