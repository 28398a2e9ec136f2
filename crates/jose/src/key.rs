//! Signing keys.

use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RSA_PSS_SHA256, RsaKeyPair,
};
use zeroize::Zeroizing;

use crate::jwk::Material;
use crate::{Alg, Jwk};

/// Why a signing key could not be made or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The library could not draw a key.
    #[error("key generation failed")]
    Generate,
    /// Not PKCS#8 of a key for the algorithm, or RSA outside 2048 to 4096 bits.
    #[error("the private key is not PKCS#8 for {0}, or its size is out of range")]
    Rejected(Alg),
    /// The key id that was stored belongs to another key.
    #[error("the private key does not belong to its key id")]
    KidMismatch,
    /// The library could not encode the key.
    #[error("the private key could not be encoded")]
    Export,
}

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// A private key with its one algorithm, parsed once: signing never reads it again, and clones share it. It has
/// no `Debug`, and its bytes leave only through [`SigningKey::to_pkcs8`].
///
/// The key id is the key's RFC 7638 thumbprint, so it needs no bookkeeping and cannot name another key. It says nothing
/// about the algorithm: one RSA key imported for RS256 and again for PS256 has one key id, and [`crate::verify`] then
/// chooses by both. RFC 8017 section 8 advises against such twins; [`SigningKey::generate`] never makes them.
#[derive(Clone)]
pub struct SigningKey(Arc<Inner>);

struct Inner {
    pair: Pair,
    public: Jwk,
}

impl SigningKey {
    /// Draws a key: RSA with 2048 bits, P-256 or Ed25519. This uses the random generator inside aws-lc, which takes no
    /// other; besides encryption it is the one place outside the server that does. RSA takes about 0.1 s of CPU time,
    /// so keep it off the async threads.
    ///
    /// # Errors
    /// [`KeyError::Generate`] when the library fails.
    pub fn generate(alg: Alg) -> Result<Self, KeyError> {
        let pair = match alg {
            Alg::Rs256 | Alg::Ps256 => RsaKeyPair::generate(KeySize::Rsa2048).map(Pair::Rsa),
            Alg::Es256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map(Pair::P256),
            Alg::EdDsa => Ed25519KeyPair::generate().map(Pair::Ed25519),
        };
        Self::new(pair.map_err(|_| KeyError::Generate)?, alg)
    }

    /// Reads a stored key and checks that it is the one `kid` names.
    ///
    /// # Errors
    /// [`KeyError::Rejected`] for bytes that are not such a key, [`KeyError::KidMismatch`] for another key.
    pub fn from_pkcs8(kid: &str, alg: Alg, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let key = Self::import_pkcs8(alg, pkcs8)?;
        if key.kid() == kid { Ok(key) } else { Err(KeyError::KidMismatch) }
    }

    /// Reads a key from elsewhere, unencrypted PKCS#8 in DER, as `openssl genpkey -outform DER` writes it.
    ///
    /// # Errors
    /// [`KeyError::Rejected`] for bytes that are not a key for `alg`.
    pub fn import_pkcs8(alg: Alg, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let pair = match alg {
            Alg::Rs256 | Alg::Ps256 => RsaKeyPair::from_pkcs8(pkcs8).map(Pair::Rsa),
            Alg::Es256 => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map(Pair::P256),
            Alg::EdDsa => Ed25519KeyPair::from_pkcs8(pkcs8).map(Pair::Ed25519),
        };
        Self::new(pair.map_err(|_| KeyError::Rejected(alg))?, alg)
    }

    fn new(pair: Pair, alg: Alg) -> Result<Self, KeyError> {
        let public = pair.material().and_then(|material| Jwk::new(material, alg, None).ok());
        let public = public.ok_or(KeyError::Rejected(alg))?;
        Ok(Self(Arc::new(Inner { pair, public })))
    }

    /// The private key as PKCS#8 version 1 in DER, for sealing and storing; wiped when dropped.
    ///
    /// # Errors
    /// [`KeyError::Export`] when the library fails.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let der = match &self.0.pair {
            Pair::Rsa(pair) => AsDer::<Pkcs8V1Der<'_>>::as_der(pair).map(|der| der.as_ref().to_vec()),
            Pair::P256(pair) => pair.to_pkcs8v1().map(|der| der.as_ref().to_vec()),
            Pair::Ed25519(pair) => pair.to_pkcs8v1().map(|der| der.as_ref().to_vec()),
        };
        der.map(Zeroizing::new).map_err(|_| KeyError::Export)
    }

    /// The key id: the RFC 7638 thumbprint, base64url.
    #[must_use]
    pub fn kid(&self) -> &str {
        self.0.public.kid()
    }

    /// The key's one algorithm.
    #[must_use]
    pub fn alg(&self) -> Alg {
        self.0.public.alg()
    }

    /// The public key, to publish and to verify with.
    #[must_use]
    pub fn public(&self) -> Jwk {
        self.0.public.clone()
    }

    /// The JWS signature of `message`; `None` when the library fails.
    pub(crate) fn signature(&self, message: &[u8]) -> Option<Vec<u8>> {
        let rng = SystemRandom::new();
        match &self.0.pair {
            Pair::Rsa(pair) => {
                let padding = if self.alg() == Alg::Ps256 { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &rng, message, &mut signature).ok()?;
                Some(signature)
            }
            Pair::P256(pair) => pair.sign(&rng, message).ok().map(|signature| signature.as_ref().to_vec()),
            Pair::Ed25519(pair) => pair.try_sign(message).ok().map(|signature| signature.as_ref().to_vec()),
        }
    }
}

impl Pair {
    fn material(&self) -> Option<Material> {
        match self {
            Self::Rsa(pair) => {
                let public = pair.public_key();
                Some(Material::Rsa {
                    n: public.modulus().big_endian_without_leading_zero().to_vec(),
                    e: public.exponent().big_endian_without_leading_zero().to_vec(),
                })
            }
            Self::P256(pair) => {
                // SEC 1 section 2.3.3, uncompressed: 4, x, y.
                let point = pair.public_key().as_ref().strip_prefix(&[4])?;
                let (x, y) = point.split_at_checked(32)?;
                Some(Material::P256 { x: x.try_into().ok()?, y: y.try_into().ok()? })
            }
            Self::Ed25519(pair) => Some(Material::Ed25519 { x: pair.public_key().as_ref().try_into().ok()? }),
        }
    }
}
