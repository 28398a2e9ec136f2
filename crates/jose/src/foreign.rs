//! The keys that somebody else publishes: an application's `jwks` (RFC 7591 section 2).

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::jwe::{EncryptionKey, JweAlg};
use crate::jwk::{Members, Purpose};
use crate::strict::Strict;
use crate::{Alg, Jwk, JwkError};

/// The most keys a foreign set may have, usable or not.
pub const MAX_FOREIGN_KEYS: usize = 32;

/// The longest document of a foreign set, in bytes of JSON without white space.
pub const MAX_FOREIGN_BYTES: usize = 64 * 1024;

/// Why a document is not accepted as a key set of somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForeignKeysError {
    /// More than [`MAX_FOREIGN_BYTES`].
    #[error("the key set is longer than 65536 bytes")]
    TooLong,
    /// More than [`MAX_FOREIGN_KEYS`].
    #[error("the key set has more than 32 keys")]
    TooMany,
    /// Not a JSON object with unique members and a list of objects in `keys`.
    #[error("the key set is not a JSON object with a list of keys in \"keys\"")]
    Shape,
    /// One of the keys has secret members: it has been given away, and so may have been the others.
    #[error("a key of the set holds secret parameters; publish public keys alone and replace this one")]
    Secret,
}

/// A key set of somebody else (RFC 7517 section 5). Keys that this crate cannot use are skipped, as the section asks;
/// a set with a secret in it is refused. Keys for signatures and keys for encryption are kept apart, by `use`,
/// `key_ops` and `alg`; a key that names none of them counts as both.
///
/// Serializes as the document it was read from, with the members this crate does not know. Equality is that of the
/// documents.
#[derive(Clone)]
pub struct ForeignKeys {
    document: Value,
    signature: Vec<SignatureKey>,
    /// Those that are labelled as for encryption first.
    encryption: Vec<EncryptionKey>,
    /// SHA-256 thumbprints, base64url.
    certificates: Vec<String>,
}

/// A key of a [`ForeignKeys`] for one algorithm.
#[derive(Clone)]
pub(crate) struct SignatureKey {
    /// The `kid` it was published with: unlike a [`Jwk`]'s, it may be missing.
    pub(crate) kid: Option<String>,
    pub(crate) jwk: Jwk,
}

impl ForeignKeys {
    /// Reads a document as it came, such as a response body.
    ///
    /// # Errors
    /// [`ForeignKeysError`].
    pub fn parse(json: &[u8]) -> Result<Self, ForeignKeysError> {
        if json.len() > MAX_FOREIGN_BYTES {
            return Err(ForeignKeysError::TooLong);
        }
        let Strict(document) = serde_json::from_slice(json).map_err(|_| ForeignKeysError::Shape)?;
        Self::read(document)
    }

    /// Whether a signature with `alg` could verify.
    #[must_use]
    pub fn verifies(&self, alg: Alg) -> bool {
        self.signature.iter().any(|key| key.jwk.alg() == alg)
    }

    /// The key to encrypt to with `alg`: the first with `use` `enc`, or else the first that may be used so.
    #[must_use]
    pub fn encryption_key(&self, alg: JweAlg) -> Option<&EncryptionKey> {
        self.encryption.iter().find(|key| key.alg() == alg)
    }

    /// Whether one of the keys has that certificate, by its SHA-256 thumbprint in base64url: the first of its `x5c`
    /// (RFC 7517 section 4.7), or its `x5t#S256` (section 4.9).
    #[must_use]
    pub fn has_certificate(&self, thumbprint: &str) -> bool {
        self.certificates.iter().any(|one| one == thumbprint)
    }

    pub(crate) fn signature_keys(&self) -> &[SignatureKey] {
        &self.signature
    }

    fn read(document: Value) -> Result<Self, ForeignKeysError> {
        if document.as_object().is_some_and(|set| Members::of(set).is_err()) {
            return Err(ForeignKeysError::Secret);
        }
        let listed = document.get("keys").and_then(Value::as_array).ok_or(ForeignKeysError::Shape)?;
        if listed.len() > MAX_FOREIGN_KEYS {
            return Err(ForeignKeysError::TooMany);
        }
        let objects: Option<Vec<_>> = listed.iter().map(Value::as_object).collect();
        let (mut signature, mut encryption, mut unlabelled) = (Vec::new(), Vec::new(), Vec::new());
        let mut certificates = Vec::new();
        for object in objects.ok_or(ForeignKeysError::Shape)? {
            let members = Members::of(object).map_err(|_| ForeignKeysError::Secret)?;
            certificates.extend(certificates_of(object));
            signature.extend(SignatureKey::read(members).unwrap_or_default());
            let labelled = members.is_labelled(Purpose::Encrypt);
            let of_kind = if labelled { &mut encryption } else { &mut unlabelled };
            of_kind.extend(EncryptionKey::read(members).ok());
        }
        encryption.append(&mut unlabelled);
        Ok(Self { document, signature, encryption, certificates })
    }
}

/// The thumbprints of the certificates that a key is published with.
fn certificates_of(key: &Map<String, Value>) -> impl Iterator<Item = String> {
    let first = key.get("x5c").and_then(|chain| chain.get(0)).and_then(Value::as_str);
    let der = first.and_then(|text| STANDARD.decode(text).ok());
    let named = key.get("x5t#S256").and_then(Value::as_str).map(str::to_owned);
    der.map(|der| URL_SAFE_NO_PAD.encode(digest(&SHA256, &der))).into_iter().chain(named)
}

impl SignatureKey {
    /// The key for each algorithm it can verify: an RSA key without `alg` is for two.
    fn read(members: Members<'_>) -> Result<Vec<Self>, JwkError> {
        members.allow(Purpose::Verify)?;
        let (material, kid) = (members.material()?, members.kid()?);
        let named = members.alg()?;
        let algs =
            material.algs().iter().copied().filter(|alg| named.is_none_or(|name| name.parse() == Ok(*alg)));
        let key = |alg| {
            let jwk = Jwk::new(material.clone(), alg, kid.map(str::to_owned))?;
            Ok(Self { kid: kid.map(str::to_owned), jwk })
        };
        algs.map(key).collect()
    }
}

/// The key in the header of a proof, for `alg`. Its `kid` is its thumbprint, whatever the sender calls it.
pub(crate) fn embedded(object: &Map<String, Value>, alg: Alg) -> Result<Jwk, JwkError> {
    let members = Members::of(object)?;
    members.allow(Purpose::Verify)?;
    if members.alg()?.is_some_and(|name| name.parse() != Ok(alg)) {
        return Err(JwkError::Unsupported);
    }
    Jwk::new(members.material()?, alg, None)
}

impl PartialEq for ForeignKeys {
    fn eq(&self, other: &Self) -> bool {
        self.document == other.document
    }
}

impl Eq for ForeignKeys {}

impl fmt::Debug for ForeignKeys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = self.signature.iter().map(|key| &key.jwk);
        out.debug_struct("ForeignKeys")
            .field("signature", &signature.collect::<Vec<_>>())
            .field("encryption", &self.encryption)
            .finish()
    }
}

impl Serialize for ForeignKeys {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.document.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ForeignKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Strict(document) = Strict::deserialize(deserializer)?;
        if document.to_string().len() > MAX_FOREIGN_BYTES {
            return Err(D::Error::custom(ForeignKeysError::TooLong));
        }
        Self::read(document).map_err(D::Error::custom)
    }
}
