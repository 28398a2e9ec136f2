//! The compact serialization (RFC 7515 section 3.1): signing, and verifying against what is expected.

mod others;
mod parts;
mod typ;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use others::{MAX_PROOF_BYTES, MIN_SECRET_BYTES, verify_embedded, verify_foreign, verify_hmac};
pub use typ::Typ;

use crate::header::Header;
use crate::{Alg, Jwk, JwkError, SigningKey, encode};
use parts::Parts;

/// The longest token that is looked at, in bytes.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// Why a token could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The payload does not serialize.
    #[error("the token's payload does not serialize")]
    Payload(#[source] serde_json::Error),
    /// The library failed.
    #[error("the signature could not be made")]
    Crypto,
}

/// Why a token is refused. No variant carries any of the token's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Longer than [`MAX_TOKEN_BYTES`], or [`MAX_PROOF_BYTES`].
    #[error("the token is too long")]
    TooLong,
    /// Not three parts of canonical base64url.
    #[error("the token is not a compact JWS")]
    Malformed,
    /// The header is not a JSON object with unique members and a text in `alg`, `kid` and `typ`.
    #[error("the token's header is not valid")]
    Header,
    /// The header brings a key, or names something critical.
    #[error("the token's header has the forbidden parameter {0}")]
    ForbiddenHeader(&'static str),
    /// `alg` is unknown, symmetric, `none`, or not expected here.
    #[error("the token's algorithm is not accepted")]
    Algorithm,
    /// `typ` is not the one expected.
    #[error("the token is of another type")]
    Type,
    /// No key is named, or none of the keys has that name.
    #[error("the token's key is not known")]
    UnknownKey,
    /// The key that is named is for another algorithm than `alg`.
    #[error("the token's algorithm is not its key's")]
    KeyAlgorithm,
    /// The key in the header is not a public key for the header's algorithm.
    #[error("the key in the token's header is not usable: {0}")]
    EmbeddedKey(JwkError),
    /// The shared secret is shorter than [`MIN_SECRET_BYTES`]: a token shows enough to guess it.
    #[error("the shared secret is too short to verify with")]
    WeakSecret,
    /// The signature does not verify.
    #[error("the token's signature does not verify")]
    Signature,
    /// The payload is not a JSON object with unique members, or lacks what the caller reads.
    #[error("the token's payload is not what is expected")]
    Payload,
}

/// What a token must be. There is no default: each caller names the type and the algorithms it accepts.
#[derive(Clone, Copy, Debug)]
pub struct Expect<'a> {
    /// The types accepted.
    pub typ: Typ<'a>,
    /// The algorithms accepted.
    pub algs: &'a [Alg],
}

/// A token whose signature, algorithm, key and type have been checked. Issuer, audience and dates have not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified<T> {
    /// The payload.
    pub claims: T,
    /// Which key signed it.
    pub kid: String,
    /// With which algorithm.
    pub alg: Alg,
}

/// The header this crate writes.
#[derive(Serialize)]
struct Written<'a> {
    alg: Alg,
    kid: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    typ: Option<&'a str>,
}

/// Signs `payload` as a compact JWS with the headers `alg`, `kid` and, if given, `typ`.
///
/// # Errors
/// [`SignError`] when the payload does not serialize or the library fails.
pub fn sign<T: Serialize + ?Sized>(
    key: &SigningKey,
    typ: Option<&str>,
    payload: &T,
) -> Result<String, SignError> {
    let header = Written { alg: key.alg(), kid: key.kid(), typ };
    let header = serde_json::to_vec(&header).map_err(SignError::Payload)?;
    let payload = serde_json::to_vec(payload).map_err(SignError::Payload)?;
    let mut token = encode(header);
    token.push('.');
    token.push_str(&encode(payload));
    let signature = key.signature(token.as_bytes()).ok_or(SignError::Crypto)?;
    token.push('.');
    token.push_str(&encode(signature));
    Ok(token)
}

/// Verifies a compact JWS against `keys` and `expect` and reads its payload.
///
/// The key is chosen by `kid` among `keys` alone, and its own algorithm must be the header's: the header never
/// decides how a key is used (RFC 8725 sections 3.1 and 3.2).
///
/// # Errors
/// [`VerifyError`]; the payload is not looked at before the signature has verified.
pub fn verify<T: DeserializeOwned>(
    keys: &[Jwk],
    token: &str,
    expect: &Expect<'_>,
) -> Result<Verified<T>, VerifyError> {
    let parts = Parts::split(token, MAX_TOKEN_BYTES)?;
    let header = parts.header(None)?;
    let alg = accepted_alg(&header, expect)?;
    let kid = header.text("kid")?.ok_or(VerifyError::UnknownKey)?;
    let mut named = keys.iter().filter(|key| key.kid() == kid).peekable();
    named.peek().ok_or(VerifyError::UnknownKey)?;
    let key = named.find(|key| key.alg() == alg).ok_or(VerifyError::KeyAlgorithm)?;
    let signature = parts.signature()?;
    key.verify_signature(parts.signed.as_bytes(), &signature).map_err(|_| VerifyError::Signature)?;
    Ok(Verified { claims: parts.claims()?, kid: kid.to_owned(), alg })
}

/// The header's algorithm, if it and the header's type are expected.
fn accepted_alg(header: &Header, expect: &Expect<'_>) -> Result<Alg, VerifyError> {
    let alg = header.text("alg")?.and_then(|name| name.parse::<Alg>().ok());
    let alg = alg.filter(|alg| expect.algs.contains(alg)).ok_or(VerifyError::Algorithm)?;
    if expect.typ.accepts(header.text("typ")?) { Ok(alg) } else { Err(VerifyError::Type) }
}

/// Reads the payload of a compact JWS without any check, to learn whose key to fetch. Nothing in the result may be
/// believed before [`verify`] has accepted the same token.
///
/// # Errors
/// [`VerifyError`] when it is too long, malformed, or the payload does not read as `T`.
pub fn peek_unverified<T: DeserializeOwned>(token: &str) -> Result<T, VerifyError> {
    Parts::split(token, MAX_TOKEN_BYTES)?.claims()
}
