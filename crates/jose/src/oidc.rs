//! The keys behind `openidconnect`'s traits: its claims types and verifiers run on aws-lc-rs.

use openidconnect::core::{CoreJsonWebKeyType, CoreJsonWebKeyUse, CoreJwsSigningAlgorithm};
use openidconnect::{
    JsonWebKey, JsonWebKeyAlgorithm, JsonWebKeyId, PrivateSigningKey, SignatureVerificationError,
    SigningError,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::Error as _};

use crate::{Alg, Jwk, SigningKey};

static SIGNATURE: CoreJsonWebKeyUse = CoreJsonWebKeyUse::Signature;

impl From<Alg> for CoreJwsSigningAlgorithm {
    fn from(alg: Alg) -> Self {
        oidc_alg(alg).clone()
    }
}

const fn oidc_alg(alg: Alg) -> &'static CoreJwsSigningAlgorithm {
    match alg {
        Alg::Rs256 => &CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
        Alg::Es256 => &CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        Alg::EdDsa => &CoreJwsSigningAlgorithm::EdDsa,
        Alg::Ps256 => &CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    }
}

/// A [`Jwk`] as `openidconnect` wants one: make it with `OidcKey::from(jwk)`. Serializes as the [`Jwk`].
///
/// That crate also makes keys from client secrets, for HMAC signatures, through this type; such a key verifies
/// nothing, hashes nothing and does not serialize, because symmetric signatures are not accepted here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OidcKey(Option<Jwk>);

impl From<Jwk> for OidcKey {
    fn from(jwk: Jwk) -> Self {
        Self(Some(jwk))
    }
}

impl Serialize for OidcKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Some(jwk) => jwk.serialize(serializer),
            None => Err(S::Error::custom("a symmetric key is never published")),
        }
    }
}

impl<'de> Deserialize<'de> for OidcKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Jwk::deserialize(deserializer).map(Self::from)
    }
}

impl OidcKey {
    /// The key, if it is for `alg`.
    fn usable(&self, alg: &CoreJwsSigningAlgorithm) -> Option<&Jwk> {
        self.0.as_ref().filter(|jwk| oidc_alg(jwk.alg()) == alg)
    }
}

impl JsonWebKey for OidcKey {
    type KeyUse = CoreJsonWebKeyUse;
    type SigningAlgorithm = CoreJwsSigningAlgorithm;

    fn key_id(&self) -> Option<&JsonWebKeyId> {
        self.0.as_ref().map(Jwk::oidc_kid)
    }

    fn key_type(&self) -> &CoreJsonWebKeyType {
        match self.0.as_ref().map(Jwk::alg) {
            Some(Alg::Rs256 | Alg::Ps256) => &CoreJsonWebKeyType::RSA,
            Some(Alg::Es256) => &CoreJsonWebKeyType::EllipticCurve,
            Some(Alg::EdDsa) => &CoreJsonWebKeyType::OctetKeyPair,
            None => &CoreJsonWebKeyType::Symmetric,
        }
    }

    fn key_use(&self) -> Option<&CoreJsonWebKeyUse> {
        Some(&SIGNATURE)
    }

    fn signing_alg(&self) -> JsonWebKeyAlgorithm<&CoreJwsSigningAlgorithm> {
        match &self.0 {
            Some(jwk) => JsonWebKeyAlgorithm::Algorithm(oidc_alg(jwk.alg())),
            None => JsonWebKeyAlgorithm::Unsupported,
        }
    }

    fn new_symmetric(_key: Vec<u8>) -> Self {
        Self(None)
    }

    fn verify_signature(
        &self,
        signature_alg: &CoreJwsSigningAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), SignatureVerificationError> {
        let wrong_key =
            || SignatureVerificationError::InvalidKey("the key is for another algorithm".to_owned());
        let jwk = self.usable(signature_alg).ok_or_else(wrong_key)?;
        jwk.verify_signature(message, signature)
            .map_err(|error| SignatureVerificationError::CryptoError(error.to_string()))
    }

    fn hash_bytes(&self, bytes: &[u8], alg: &CoreJwsSigningAlgorithm) -> Result<Vec<u8>, String> {
        let jwk = self.usable(alg).ok_or_else(|| "the key is for another algorithm".to_owned())?;
        Ok(jwk.alg().hash(bytes))
    }
}

impl PrivateSigningKey for SigningKey {
    type VerificationKey = OidcKey;

    fn sign(&self, signature_alg: &CoreJwsSigningAlgorithm, message: &[u8]) -> Result<Vec<u8>, SigningError> {
        if oidc_alg(self.alg()) != signature_alg {
            return Err(SigningError::UnsupportedAlg(format!("the key is for {}", self.alg())));
        }
        self.signature(message).ok_or(SigningError::CryptoError)
    }

    fn as_verification_key(&self) -> OidcKey {
        OidcKey::from(self.public())
    }
}
