//! Public keys (RFC 7517), checked when they are read.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};
use openidconnect::JsonWebKeyId;
use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Alg, decode, encode};

/// Moduli from 2048 to 4096 bits: below is forgeable, above only costs the verifier time.
const RSA_MODULUS_BYTES: std::ops::RangeInclusive<usize> = 256..=512;

/// Why a JSON Web Key is not one this crate verifies with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// `kty`, `crv` or `alg` names something else than RS256, ES256 or Ed25519.
    #[error("the key's type, curve or algorithm is not supported; use RSA, EC P-256 or OKP Ed25519")]
    Unsupported,
    /// `use` or `key_ops` forbids verification.
    #[error("the key is not for verifying signatures")]
    Purpose,
    /// A member is missing or not canonical base64url.
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

/// The public parameters, as raw bytes.
#[derive(PartialEq, Eq)]
pub(crate) enum Material {
    /// Modulus and exponent, big-endian without leading zeros.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// Coordinates on P-256.
    P256 { x: [u8; 32], y: [u8; 32] },
    /// Ed25519 public key.
    Ed25519 { x: [u8; 32] },
}

/// A public signature key. Any value of this type has been parsed and is usable; clones share it.
///
/// Serializes as RFC 7517 with `use` and `alg`. Deserializing requires `use`, `alg` and `key_ops`, where
/// present, to allow verification; a key without `kid` gets its RFC 7638 thumbprint as one.
#[derive(Clone)]
pub struct Jwk(Arc<Inner>);

struct Inner {
    kid: JsonWebKeyId,
    material: Material,
    parsed: ParsedPublicKey,
}

impl Jwk {
    /// Parses `material`; `kid` defaults to the thumbprint.
    pub(crate) fn new(material: Material, kid: Option<String>) -> Result<Self, JwkError> {
        let parsed = material.parse()?;
        let kid = JsonWebKeyId::new(kid.unwrap_or_else(|| material.thumbprint()));
        Ok(Self(Arc::new(Inner { kid, material, parsed })))
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
        match self.0.material {
            Material::Rsa { .. } => Alg::Rs256,
            Material::P256 { .. } => Alg::Es256,
            Material::Ed25519 { .. } => Alg::EdDsa,
        }
    }

    /// The SHA-256 thumbprint of RFC 7638, base64url.
    #[must_use]
    pub fn thumbprint(&self) -> String {
        self.0.material.thumbprint()
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
        self.0.kid == other.0.kid && self.0.material == other.0.material
    }
}

impl Eq for Jwk {}

impl fmt::Debug for Jwk {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Jwk({} {})", self.alg(), self.kid())
    }
}

impl Material {
    fn parse(&self) -> Result<ParsedPublicKey, JwkError> {
        let parsed = match self {
            Self::Rsa { n, e } => {
                // The library checks these when it verifies; a key that can never verify is no key.
                if !is_sound_modulus(n) || !is_sound_exponent(e) {
                    return Err(JwkError::Invalid);
                }
                RsaPublicKeyComponents { n, e }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
            }
            Self::P256 { x, y } => {
                let point = [&[4_u8], x.as_slice(), y.as_slice()].concat();
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            }
            Self::Ed25519 { x } => ParsedPublicKey::new(&ED25519, x),
        };
        parsed.map_err(|_| JwkError::Invalid)
    }

    /// RFC 7638 section 3: the required members in lexicographic order, no white space.
    fn thumbprint(&self) -> String {
        let json = match self {
            Self::Rsa { n, e } => format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, encode(e), encode(n)),
            Self::P256 { x, y } => {
                format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, encode(x), encode(y))
            }
            Self::Ed25519 { x } => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, encode(x)),
        };
        encode(digest(&SHA256, json.as_bytes()))
    }
}

/// 2048 to 4096 bits, odd, without leading zeros.
fn is_sound_modulus(n: &[u8]) -> bool {
    let top = n.first().copied().unwrap_or(0);
    let long_enough = n.len() > *RSA_MODULUS_BYTES.start() || top >= 0x80;
    RSA_MODULUS_BYTES.contains(&n.len())
        && long_enough
        && top != 0
        && n.last().is_some_and(|low| low % 2 == 1)
}

/// Odd, from 3 to the 33 bits the library accepts; with an exponent of 1 anyone could sign.
fn is_sound_exponent(e: &[u8]) -> bool {
    let value = e.iter().fold(0_u64, |value, byte| (value << 8) | u64::from(*byte));
    e.len() <= 5 && e.first().is_some_and(|top| *top != 0) && value % 2 == 1 && (3..1 << 33).contains(&value)
}

/// The members of a JSON Web Key this crate reads or writes; others are ignored (RFC 7517 section 4).
#[derive(Serialize, Deserialize, Default)]
struct Wire {
    kty: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    purpose: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alg: Option<String>,
    #[serde(skip_serializing)]
    key_ops: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    crv: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    #[serde(skip_serializing)]
    d: Option<IgnoredAny>,
    #[serde(skip_serializing)]
    k: Option<IgnoredAny>,
}

impl TryFrom<Wire> for Jwk {
    type Error = JwkError;

    fn try_from(wire: Wire) -> Result<Self, JwkError> {
        if wire.d.is_some() || wire.k.is_some() {
            return Err(JwkError::Secret);
        }
        let forbids = |ops: &Vec<String>| !ops.iter().any(|op| op == "verify");
        if wire.purpose.is_some_and(|purpose| purpose != "sig") || wire.key_ops.as_ref().is_some_and(forbids)
        {
            return Err(JwkError::Purpose);
        }
        let bytes = |member: Option<String>| member.and_then(|text| decode(&text)).ok_or(JwkError::Encoding);
        let fixed = |member| <[u8; 32]>::try_from(bytes(member)?).map_err(|_| JwkError::Invalid);
        let material = match (wire.kty.as_str(), wire.crv.as_deref()) {
            ("RSA", _) => Material::Rsa { n: bytes(wire.n)?, e: bytes(wire.e)? },
            ("EC", Some("P-256")) => Material::P256 { x: fixed(wire.x)?, y: fixed(wire.y)? },
            ("OKP", Some("Ed25519")) => Material::Ed25519 { x: fixed(wire.x)? },
            _ => return Err(JwkError::Unsupported),
        };
        let jwk = Self::new(material, wire.kid)?;
        if wire.alg.is_some_and(|alg| alg != jwk.alg().as_str()) {
            return Err(JwkError::Unsupported);
        }
        Ok(jwk)
    }
}

impl Serialize for Jwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut wire = Wire {
            kid: Some(self.kid().to_owned()),
            purpose: Some("sig".to_owned()),
            alg: Some(self.alg().to_string()),
            ..Wire::default()
        };
        match &self.0.material {
            Material::Rsa { n, e } => {
                "RSA".clone_into(&mut wire.kty);
                (wire.n, wire.e) = (Some(encode(n)), Some(encode(e)));
            }
            Material::P256 { x, y } => {
                "EC".clone_into(&mut wire.kty);
                (wire.crv, wire.x, wire.y) = (Some("P-256".to_owned()), Some(encode(x)), Some(encode(y)));
            }
            Material::Ed25519 { x } => {
                "OKP".clone_into(&mut wire.kty);
                (wire.crv, wire.x) = (Some("Ed25519".to_owned()), Some(encode(x)));
            }
        }
        wire.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Jwk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(Wire::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// A set of public keys (RFC 7517 section 5). Reading one skips keys this crate does not verify with, as the
/// section asks; it does not limit their number, so limit the document's size.
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
