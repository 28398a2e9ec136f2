//! JSON Web Signatures, Encryption and Keys (RFC 7515 to 7518, 7638, 8037) over aws-lc-rs.
//!
//! Owns: the algorithms the product signs and encrypts with, private keys parsed once and kept, public keys as
//! they are published, the key sets of others, the compact serializations with every header the product needs, and the
//! adapter that lets `openidconnect` sign and verify with these keys.
//!
//! Must not know: what a claim means, which issuer or audience is expected, where keys are stored, what time it
//! is. Callers check claims after [`verify`], with [`Times::check`] for the dates.
//!
//! There is one way to verify for each way to know a key: [`verify`] with our own keys, [`verify_foreign`] with those
//! an application published, [`verify_embedded`] with the one a proof brings along, [`verify_hmac`] with a shared
//! secret. None of them falls back to another. [`encrypt`] and [`decrypt`] stand beside them: an encrypted token says
//! nothing about who made it, so what is inside has to be signed.
//!
//! To add a signature algorithm: a variant of [`Alg`] with its name and hash in `alg.rs`, key material in
//! `jwk/material.rs`, a key pair in `key.rs`, its name for `openidconnect` in `oidc.rs`, and a line in the tests'
//! tables. The compiler points at each place. An encryption algorithm is a variant in `jwe/algs.rs`, and a key in
//! `jwe/keys.rs`.

mod alg;
mod foreign;
mod header;
mod jwe;
mod jwk;
mod jws;
mod key;
mod oidc;
mod strict;
mod times;

pub use alg::{Alg, UnknownAlg};
pub use foreign::{ForeignKeys, ForeignKeysError, MAX_FOREIGN_BYTES, MAX_FOREIGN_KEYS};
pub use jwe::{
    DecryptError, Decrypted, DecryptionKey, EncryptError, EncryptionKey, ExpectJwe, JweAlg, JweEnc,
    UnknownJweAlg, decrypt, encrypt,
};
pub use jwk::{BadSignature, Jwk, JwkError, JwkSet};
pub use jws::{
    Expect, MAX_PROOF_BYTES, MAX_TOKEN_BYTES, MIN_SECRET_BYTES, SignError, Typ, Verified, VerifyError,
    peek_unverified, sign, verify, verify_embedded, verify_foreign, verify_hmac,
};
pub use key::{KeyError, SigningKey};
pub use oidc::OidcKey;
pub use strict::unique_object;
pub use times::{TimeError, Times};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Unpadded base64url (RFC 7515 section 2).
fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads unpadded base64url in its one canonical spelling: padding, line breaks and stray trailing bits are
/// refused, so that two different texts never carry the same bytes.
fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
