//! The members of a JSON Web Key (RFC 7517 section 4, RFC 7518 section 6) as they are read.

use serde_json::{Map, Value};

use super::{JwkError, Material};
use crate::decode;

/// Members that hold private or symmetric parameters (RFC 7518 section 6, RFC 8037 section 2), and the private member
/// of keys to come (`AKP`).
const SECRET: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// What a key is read for.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// Verifying signatures.
    Verify,
    /// Encrypting, directly or after a key agreement.
    Encrypt,
}

impl Purpose {
    /// The value of `use` that names it.
    const fn name(self) -> &'static str {
        match self {
            Self::Verify => "sig",
            Self::Encrypt => "enc",
        }
    }

    /// Whether `key_ops` with these values allows it. The public half of a key agreement has no operation of its own in
    /// the Web Cryptography API, which exports an empty list.
    fn is_in(self, listed: &[Value]) -> bool {
        let operations: &[&str] = match self {
            Self::Verify => &["verify"],
            Self::Encrypt => &["encrypt", "wrapKey", "deriveKey", "deriveBits"],
        };
        let fits = |op: &Value| op.as_str().is_some_and(|op| operations.contains(&op));
        listed.iter().any(fits) || (listed.is_empty() && matches!(self, Self::Encrypt))
    }
}

/// A JSON object that may be a public key; it holds no secret. Members this crate does not know are ignored, as RFC
/// 7517 section 4 asks; `null` counts as absent.
#[derive(Clone, Copy)]
pub(crate) struct Members<'a>(&'a Map<String, Value>);

impl<'a> Members<'a> {
    /// Refuses keys that are not public. A secret counts whatever its value is, and whatever the key's type.
    pub(crate) fn of(object: &'a Map<String, Value>) -> Result<Self, JwkError> {
        if SECRET.iter().any(|name| object.contains_key(*name)) {
            return Err(JwkError::Secret);
        }
        Ok(Self(object))
    }

    pub(crate) fn kid(self) -> Result<Option<&'a str>, JwkError> {
        self.text("kid")
    }

    pub(crate) fn alg(self) -> Result<Option<&'a str>, JwkError> {
        self.text("alg")
    }

    /// Whether `use` names `purpose`: a key without one may be for anything.
    pub(crate) fn is_labelled(self, purpose: Purpose) -> bool {
        self.text("use").is_ok_and(|named| named == Some(purpose.name()))
    }

    /// Whether `use` and `key_ops`, where present, allow `purpose`.
    pub(crate) fn allow(self, purpose: Purpose) -> Result<(), JwkError> {
        if self.text("use")?.is_some_and(|named| named != purpose.name()) {
            return Err(JwkError::Purpose);
        }
        match self.get("key_ops") {
            None => Ok(()),
            Some(Value::Array(listed)) if purpose.is_in(listed) => Ok(()),
            Some(Value::Array(_)) => Err(JwkError::Purpose),
            Some(_) => Err(JwkError::Encoding),
        }
    }

    pub(crate) fn material(self) -> Result<Material, JwkError> {
        Ok(match (self.text("kty")?, self.text("crv")?) {
            (Some("RSA"), _) => Material::Rsa { n: self.bytes("n")?, e: self.bytes("e")? },
            (Some("EC"), Some("P-256")) => Material::P256 { x: self.fixed("x")?, y: self.fixed("y")? },
            (Some("OKP"), Some("Ed25519")) => Material::Ed25519 { x: self.fixed("x")? },
            _ => return Err(JwkError::Unsupported),
        })
    }

    fn get(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn text(self, name: &str) -> Result<Option<&'a str>, JwkError> {
        self.get(name).map(|value| value.as_str().ok_or(JwkError::Encoding)).transpose()
    }

    fn bytes(self, name: &str) -> Result<Vec<u8>, JwkError> {
        self.text(name)?.and_then(decode).ok_or(JwkError::Encoding)
    }

    fn fixed(self, name: &str) -> Result<[u8; 32], JwkError> {
        <[u8; 32]>::try_from(self.bytes(name)?).map_err(|_| JwkError::Invalid)
    }
}
