//! Public keys (RFC 7517), checked when they are read.

mod material;
mod members;
mod published;

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::signature::ParsedPublicKey;
use openidconnect::JsonWebKeyId;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) use material::{Material, check_rsa, uncompressed};
pub(crate) use members::{Members, Purpose};
pub(crate) use published::{Labels, Published};

use crate::Alg;
use crate::strict::StrictObject;

/// Why a JSON Web Key is not one this crate uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// `kty`, `crv` or `alg` names something else than this crate supports.
    #[error("the key's type, curve or algorithm is not supported; use RSA, EC P-256 or OKP Ed25519")]
    Unsupported,
    /// `use` or `key_ops` forbids what the key is read for.
    #[error("the key is not for this purpose")]
    Purpose,
    /// A member is missing, not text, or not canonical base64url.
    #[error("a key parameter is missing or is not unpadded base64url")]
    Encoding,
    /// Private or symmetric members are present: the key has been given away.
    #[error("the key holds secret parameters; publish the public key alone and replace this one")]
    Secret,
    /// Not a point on the curve, a modulus outside 2048 to 4096 bits, a wrong length.
    #[error("the key's parameters are not a valid public key of its type")]
    Invalid,
}

/// A signature that does not verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not verify")]
pub struct BadSignature;

/// A public signature key for exactly one algorithm. Any value of this type has been parsed and is usable; clones
/// share it.
///
/// Serializes as RFC 7517 with `use` and `alg`. Deserializing requires `use`, `alg` and `key_ops`, where
/// present, to allow verification; an RSA key without `alg` is for RS256, a key without `kid` gets its RFC 7638
/// thumbprint as one.
#[derive(Clone)]
pub struct Jwk(Arc<Inner>);

struct Inner {
    kid: JsonWebKeyId,
    alg: Alg,
    material: Material,
    parsed: ParsedPublicKey,
}

impl Jwk {
    /// Parses `material` for `alg`; `kid` defaults to the thumbprint.
    pub(crate) fn new(material: Material, alg: Alg, kid: Option<String>) -> Result<Self, JwkError> {
        let parsed = material.parse(alg)?;
        let kid = JsonWebKeyId::new(kid.unwrap_or_else(|| material.thumbprint()));
        Ok(Self(Arc::new(Inner { kid, alg, material, parsed })))
    }

    /// Reads the public key that `members` describes.
    pub(crate) fn read(members: Members<'_>) -> Result<Self, JwkError> {
        members.allow(Purpose::Verify)?;
        let material = members.material()?;
        let alg = material.alg_of(members.alg()?).ok_or(JwkError::Unsupported)?;
        Self::new(material, alg, members.kid()?.map(str::to_owned))
    }

    /// The key id.
    #[must_use]
    pub fn kid(&self) -> &str {
        self.0.kid.as_str()
    }

    /// The key id as `openidconnect` has it.
    pub(crate) fn oidc_kid(&self) -> &JsonWebKeyId {
        &self.0.kid
    }

    /// The only algorithm this key verifies.
    #[must_use]
    pub fn alg(&self) -> Alg {
        self.0.alg
    }

    /// The SHA-256 thumbprint of RFC 7638, base64url. It does not depend on the algorithm.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        self.0.material.thumbprint()
    }

    pub(crate) fn material(&self) -> &Material {
        &self.0.material
    }

    /// Checks `signature` over `message` with the key's algorithm. ES256 signatures are the 64 bytes of RFC 7518
    /// section 3.4, never DER.
    ///
    /// # Errors
    /// [`BadSignature`], whatever the reason.
    pub fn verify_signature(&self, message: &[u8], signature: &[u8]) -> Result<(), BadSignature> {
        self.0.parsed.verify_sig(message, signature).map_err(|_| BadSignature)
    }
}

impl PartialEq for Jwk {
    fn eq(&self, other: &Self) -> bool {
        self.0.kid == other.0.kid && self.0.alg == other.0.alg && self.0.material == other.0.material
    }
}

impl Eq for Jwk {}

impl fmt::Debug for Jwk {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Jwk({} {})", self.alg(), self.kid())
    }
}

impl Serialize for Jwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let labels = Labels { kid: Some(self.kid()), purpose: Some("sig"), alg: Some(self.alg().as_str()) };
        self.0.material.published(labels).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Jwk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let StrictObject(object) = StrictObject::deserialize(deserializer)?;
        Members::of(&object).and_then(Self::read).map_err(D::Error::custom)
    }
}

/// A set of public keys (RFC 7517 section 5) of our own. Reading one skips keys this crate does not verify with, as
/// the section asks; it does not limit their number, so limit the document's size. For the keys of others there is
/// [`crate::ForeignKeys`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct JwkSet {
    /// The keys, in the order of preference of who publishes them.
    pub keys: Vec<Jwk>,
}

impl<'de> Deserialize<'de> for JwkSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Lenient {
            keys: Vec<serde_json::Value>,
        }
        let read = Lenient::deserialize(deserializer)?.keys;
        Ok(Self { keys: read.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect() })
    }
}
