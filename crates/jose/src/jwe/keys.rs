//! The keys to encrypt to, and their private halves.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::agreement::{self, ECDH_P256, UnparsedPublicKey};
use aws_lc_rs::rsa::{
    OaepPrivateDecryptingKey, PrivateDecryptingKey, PublicEncryptingKey, PublicKeyComponents,
};
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use super::JweAlg;
use crate::jwk::{Labels, Material, Members, Purpose, check_rsa, uncompressed};
use crate::{Alg, JwkError, KeyError, SigningKey};

/// A public key to encrypt to, for exactly one algorithm. Those of an application come from
/// [`crate::ForeignKeys::encryption_key`], our own from [`DecryptionKey::public`]. Any value of this type is usable.
///
/// Serializes as RFC 7517 with `use` `enc` and `alg`.
#[derive(Clone, PartialEq, Eq)]
pub struct EncryptionKey {
    kid: Option<String>,
    alg: JweAlg,
    material: Material,
}

impl EncryptionKey {
    fn new(material: Material, kid: Option<String>) -> Result<Self, JwkError> {
        let alg = match &material {
            Material::Rsa { n, e } => {
                check_rsa(n, e)?;
                rsa(&material).ok_or(JwkError::Invalid)?;
                JweAlg::RsaOaep256
            }
            Material::P256 { x, y } => {
                let point = UnparsedPublicKey::new(&ECDH_P256, uncompressed(x, y));
                agreement::ParsedPublicKey::try_from(point).map_err(|_| JwkError::Invalid)?;
                JweAlg::EcdhEs
            }
            Material::Ed25519 { .. } => return Err(JwkError::Unsupported),
        };
        Ok(Self { kid, alg, material })
    }

    /// Reads the public key that `members` describes.
    pub(crate) fn read(members: Members<'_>) -> Result<Self, JwkError> {
        members.allow(Purpose::Encrypt)?;
        let key = Self::new(members.material()?, members.kid()?.map(str::to_owned))?;
        match members.alg()? {
            Some(name) if name != key.alg.as_str() => Err(JwkError::Unsupported),
            _ => Ok(key),
        }
    }

    /// The key id, if its owner gave it one.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The only algorithm this key is used with.
    #[must_use]
    pub fn alg(&self) -> JweAlg {
        self.alg
    }

    pub(super) fn material(&self) -> &Material {
        &self.material
    }
}

/// The key for OAEP, if `material` is of RSA.
pub(super) fn rsa(material: &Material) -> Option<PublicEncryptingKey> {
    let Material::Rsa { n, e } = material else { return None };
    PublicKeyComponents { n, e }.try_into().ok()
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "EncryptionKey({} {:?})", self.alg, self.kid)
    }
}

impl Serialize for EncryptionKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let labels = Labels { kid: self.kid(), purpose: Some("enc"), alg: Some(self.alg.as_str()) };
        self.material.published(labels).serialize(serializer)
    }
}

/// A private key to decrypt with, for exactly one algorithm; parsed once, and clones share it. It has no `Debug`, and
/// its bytes leave only through [`DecryptionKey::to_pkcs8`]. Use no [`SigningKey`]'s bytes for one: a key has one
/// purpose.
///
/// The key id is the key's RFC 7638 thumbprint.
#[derive(Clone)]
pub struct DecryptionKey(Arc<Inner>);

struct Inner {
    kid: String,
    private: Private,
    public: EncryptionKey,
    pkcs8: Zeroizing<Vec<u8>>,
}

pub(super) enum Private {
    Rsa(OaepPrivateDecryptingKey),
    P256(agreement::PrivateKey),
}

impl DecryptionKey {
    /// Draws a key: RSA with 2048 bits or P-256. Like [`SigningKey::generate`] it uses the library's own random
    /// generator, and for RSA belongs on no async thread.
    ///
    /// # Errors
    /// [`KeyError::Generate`] when the library fails.
    pub fn generate(alg: JweAlg) -> Result<Self, KeyError> {
        let drawn = SigningKey::generate(key_type(alg))?;
        Self::import_pkcs8(alg, &drawn.to_pkcs8()?)
    }

    /// Reads a stored key and checks that it is the one `kid` names.
    ///
    /// # Errors
    /// [`KeyError::Rejected`] for bytes that are not such a key, [`KeyError::KidMismatch`] for another key.
    pub fn from_pkcs8(kid: &str, alg: JweAlg, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let key = Self::import_pkcs8(alg, pkcs8)?;
        if key.kid() == kid { Ok(key) } else { Err(KeyError::KidMismatch) }
    }

    /// Reads a key from elsewhere, unencrypted PKCS#8 in DER.
    ///
    /// # Errors [`KeyError::Rejected`], with the signature algorithm of the same key type, for bytes that are not a key
    /// for `alg`.
    pub fn import_pkcs8(alg: JweAlg, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let key_type = key_type(alg);
        let rejected = KeyError::Rejected(key_type);
        let public = SigningKey::import_pkcs8(key_type, pkcs8)?.public();
        let kid = public.thumbprint();
        let private = match alg {
            JweAlg::RsaOaep256 => PrivateDecryptingKey::from_pkcs8(pkcs8)
                .ok()
                .and_then(|key| OaepPrivateDecryptingKey::new(key).ok())
                .map(Private::Rsa),
            JweAlg::EcdhEs => {
                agreement::PrivateKey::from_private_key_der(&ECDH_P256, pkcs8).ok().map(Private::P256)
            }
        };
        let public =
            EncryptionKey::new(public.material().clone(), Some(kid.clone())).map_err(|_| rejected)?;
        let private = private.ok_or(rejected)?;
        Ok(Self(Arc::new(Inner { kid, private, public, pkcs8: Zeroizing::new(pkcs8.to_vec()) })))
    }

    /// The private key as PKCS#8 in DER, for sealing and storing; wiped when dropped.
    #[must_use]
    pub fn to_pkcs8(&self) -> Zeroizing<Vec<u8>> {
        self.0.pkcs8.clone()
    }

    /// The key id: the RFC 7638 thumbprint, base64url.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.0.kid
    }

    /// The key's one algorithm.
    #[must_use]
    pub fn alg(&self) -> JweAlg {
        self.0.public.alg()
    }

    /// The public key, to publish.
    #[must_use]
    pub fn public(&self) -> EncryptionKey {
        self.0.public.clone()
    }

    pub(super) fn private(&self) -> &Private {
        &self.0.private
    }
}

/// The signature algorithm whose keys are of the same type, to draw and read them alike.
const fn key_type(alg: JweAlg) -> Alg {
    match alg {
        JweAlg::RsaOaep256 => Alg::Rs256,
        JweAlg::EcdhEs => Alg::Es256,
    }
}
