//! The compact serialization (RFC 7515 section 3.1): signing, and verifying against what is expected.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::strict::StrictObject;
use crate::{Alg, Jwk, SigningKey, decode, encode};

/// The longest token that is looked at, in bytes.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// Header parameters that would let a token bring its own key or change what is signed. `crit` is among them
/// because nothing that could be critical is supported (RFC 7515 section 4.1.11).
const FORBIDDEN: [&str; 6] = ["crit", "jwk", "jku", "x5u", "x5c", "b64"];

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
    /// Longer than [`MAX_TOKEN_BYTES`].
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
    /// No `kid`, or none of the keys has it.
    #[error("the token's key is not known")]
    UnknownKey,
    /// The key `kid` names is for another algorithm than `alg`.
    #[error("the token's algorithm is not its key's")]
    KeyAlgorithm,
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
    /// The `typ` header, such as `"at+jwt"`, compared without case and without a leading `application/` (RFC 7515
    /// section 4.1.9). `None` accepts only tokens without `typ` or with `JWT`, as ID tokens and client assertions
    /// are, so that a token with a type of its own never passes for one of them.
    pub typ: Option<&'a str>,
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
struct Header<'a> {
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
    let header = Header { alg: key.alg(), kid: key.kid(), typ };
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
    let parts = Parts::split(token)?;
    let header = parts.header()?;
    if let Some(name) = FORBIDDEN.into_iter().find(|name| header.contains_key(*name)) {
        return Err(VerifyError::ForbiddenHeader(name));
    }
    let alg = text(&header, "alg")?.and_then(|name| name.parse::<Alg>().ok());
    let alg = alg.filter(|alg| expect.algs.contains(alg)).ok_or(VerifyError::Algorithm)?;
    if !type_matches(expect.typ, text(&header, "typ")?) {
        return Err(VerifyError::Type);
    }
    let kid = text(&header, "kid")?.ok_or(VerifyError::UnknownKey)?;
    let mut named = keys.iter().filter(|key| key.kid() == kid).peekable();
    named.peek().ok_or(VerifyError::UnknownKey)?;
    let key = named.find(|key| key.alg() == alg).ok_or(VerifyError::KeyAlgorithm)?;
    let signature = decode(parts.signature).ok_or(VerifyError::Malformed)?;
    key.verify_signature(parts.signed.as_bytes(), &signature).map_err(|_| VerifyError::Signature)?;
    Ok(Verified { claims: parts.claims()?, kid: kid.to_owned(), alg })
}

/// Reads the payload of a compact JWS without any check, to learn whose key to fetch. Nothing in the result may be
/// believed before [`verify`] has accepted the same token.
///
/// # Errors
/// [`VerifyError`] when it is too long, malformed, or the payload does not read as `T`.
pub fn peek_unverified<T: DeserializeOwned>(token: &str) -> Result<T, VerifyError> {
    Parts::split(token)?.claims()
}

/// The parts of a compact JWS, still encoded.
struct Parts<'a> {
    header: &'a str,
    payload: &'a str,
    signature: &'a str,
    /// Header and payload with their dot: what the signature covers.
    signed: &'a str,
}

impl<'a> Parts<'a> {
    fn split(token: &'a str) -> Result<Self, VerifyError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(VerifyError::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(VerifyError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(VerifyError::Malformed)?;
        // Two dots, no more: five parts would be a JWE.
        if payload.contains('.') {
            return Err(VerifyError::Malformed);
        }
        Ok(Self { header, payload, signature, signed })
    }

    fn header(&self) -> Result<Map<String, Value>, VerifyError> {
        let raw = decode(self.header).ok_or(VerifyError::Malformed)?;
        let object: StrictObject = serde_json::from_slice(&raw).map_err(|_| VerifyError::Header)?;
        Ok(object.0)
    }

    fn claims<T: DeserializeOwned>(&self) -> Result<T, VerifyError> {
        let raw = decode(self.payload).ok_or(VerifyError::Malformed)?;
        let object: StrictObject = serde_json::from_slice(&raw).map_err(|_| VerifyError::Payload)?;
        serde_json::from_value(Value::Object(object.0)).map_err(|_| VerifyError::Payload)
    }
}

/// A header parameter that must be text where it is present.
fn text<'h>(header: &'h Map<String, Value>, name: &str) -> Result<Option<&'h str>, VerifyError> {
    match header.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(VerifyError::Header),
    }
}

/// RFC 7515 section 4.1.9.
fn type_matches(expected: Option<&str>, found: Option<&str>) -> bool {
    fn bare(typ: &str) -> String {
        let typ = typ.to_ascii_lowercase();
        // The prefix may be left out only when no other slash follows.
        match typ.strip_prefix("application/") {
            Some(rest) if !rest.contains('/') => rest.to_owned(),
            _ => typ,
        }
    }
    match (expected, found) {
        (Some(expected), Some(found)) => bare(expected) == bare(found),
        (Some(_), None) => false,
        (None, Some(found)) => bare(found) == "jwt",
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::type_matches;

    #[test]
    fn types() {
        for (expected, found, accepted) in [
            (Some("at+jwt"), Some("at+jwt"), true),
            (Some("at+jwt"), Some("AT+JWT"), true),
            (Some("at+jwt"), Some("application/at+jwt"), true),
            (Some("application/at+jwt"), Some("at+jwt"), true),
            (Some("at+jwt"), Some("JWT"), false),
            (Some("at+jwt"), Some("application/x/at+jwt"), false),
            (Some("at+jwt"), Some("text/at+jwt"), false),
            (Some("at+jwt"), None, false),
            (None, None, true),
            (None, Some("JWT"), true),
            (None, Some("application/jwt"), true),
            (None, Some("at+jwt"), false),
            (None, Some(""), false),
        ] {
            assert_eq!(type_matches(expected, found), accepted, "{expected:?} {found:?}");
        }
    }
}
