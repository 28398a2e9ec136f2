//! Verifying what others sign: with a key they published, with a key they bring along, with a shared secret.

use aws_lc_rs::hmac;
use serde::de::DeserializeOwned;

use super::parts::Parts;
use super::{Expect, MAX_TOKEN_BYTES, Typ, Verified, VerifyError, accepted_alg};
use crate::foreign::{ForeignKeys, SignatureKey, embedded};
use crate::{Alg, Jwk};

/// How many keys are tried for one token: each costs a verification.
const MAX_TRIES: usize = 8;

/// The longest proof [`verify_embedded`] looks at, in bytes. Anybody can send one.
pub const MAX_PROOF_BYTES: usize = 8 * 1024;

/// The shortest secret [`verify_hmac`] takes, in bytes: the size of the hash (RFC 7518 section 3.2).
pub const MIN_SECRET_BYTES: usize = 32;

/// Verifies a compact JWS against the key set of who signed it. Unlike in [`super::verify`] `kid` may be missing, as
/// RFC 7515 section 4.1.4 allows: then the first 8 keys for the algorithm are tried. Where the token names a `kid`,
/// only keys with that one count. [`Verified::kid`] is the thumbprint for a key without `kid`.
///
/// # Errors
/// [`VerifyError`]; the payload is not looked at before the signature has verified.
pub fn verify_foreign<T: DeserializeOwned>(
    keys: &ForeignKeys,
    token: &str,
    expect: &Expect<'_>,
) -> Result<Verified<T>, VerifyError> {
    let parts = Parts::split(token, MAX_TOKEN_BYTES)?;
    let header = parts.header(None)?;
    let alg = accepted_alg(&header, expect)?;
    let kid = header.text("kid")?;
    let named = |key: &&SignatureKey| kid.is_none_or(|kid| key.kid.as_deref() == Some(kid));
    let mut named = keys.signature_keys().iter().filter(named).peekable();
    named.peek().ok_or(VerifyError::UnknownKey)?;
    let mut fitting = named.filter(|key| key.jwk.alg() == alg).take(MAX_TRIES).peekable();
    fitting.peek().ok_or(VerifyError::KeyAlgorithm)?;
    let signature = parts.signature()?;
    let signed_by =
        |key: &&SignatureKey| key.jwk.verify_signature(parts.signed.as_bytes(), &signature).is_ok();
    let key = fitting.find(signed_by).ok_or(VerifyError::Signature)?;
    Ok(Verified { claims: parts.claims()?, kid: key.jwk.kid().to_owned(), alg })
}

/// Verifies a proof that brings its public key in the header parameter `jwk`, as a DPoP proof does (RFC 9449 section
/// 4.3 points 2 to 7). `typ` must be there letter by letter. The key proves that who sent the token has its private
/// half, and nothing else: compare its [`Jwk::thumbprint`] with what the proof is to be bound to. Its `kid` is the
/// thumbprint, whatever the sender calls it; an RSA key without `alg` is for the algorithm of the header.
///
/// # Errors
/// [`VerifyError`]; the payload is not looked at before the signature has verified.
pub fn verify_embedded<T: DeserializeOwned>(
    token: &str,
    typ: &str,
    algs: &[Alg],
) -> Result<(Jwk, T), VerifyError> {
    let parts = Parts::split(token, MAX_PROOF_BYTES)?;
    let header = parts.header(Some("jwk"))?;
    let alg = accepted_alg(&header, &Expect { typ: Typ::Only(typ), algs })?;
    if header.text("typ")? != Some(typ) {
        return Err(VerifyError::Type);
    }
    let members = header.object("jwk")?.ok_or(VerifyError::UnknownKey)?;
    let jwk = embedded(members, alg).map_err(VerifyError::EmbeddedKey)?;
    let signature = parts.signature()?;
    jwk.verify_signature(parts.signed.as_bytes(), &signature).map_err(|_| VerifyError::Signature)?;
    Ok((jwk, parts.claims()?))
}

/// Verifies a compact JWS that was signed with a shared `secret` and HS256, as `client_secret_jwt` of OpenID Connect
/// Core 1.0 section 9 does. `kid` is not looked at. The comparison takes the same time wherever the signatures differ.
///
/// # Errors
/// [`VerifyError`]; [`VerifyError::WeakSecret`] for a secret below [`MIN_SECRET_BYTES`]. The payload is not looked at
/// before the signature has verified.
pub fn verify_hmac<T: DeserializeOwned>(secret: &[u8], token: &str, typ: Typ<'_>) -> Result<T, VerifyError> {
    if secret.len() < MIN_SECRET_BYTES {
        return Err(VerifyError::WeakSecret);
    }
    let parts = Parts::split(token, MAX_TOKEN_BYTES)?;
    let header = parts.header(None)?;
    if header.text("alg")? != Some("HS256") {
        return Err(VerifyError::Algorithm);
    }
    if !typ.accepts(header.text("typ")?) {
        return Err(VerifyError::Type);
    }
    let signature = parts.signature()?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
    hmac::verify(&key, parts.signed.as_bytes(), &signature).map_err(|_| VerifyError::Signature)?;
    parts.claims()
}
