//! What is encrypted to an application (OIDC Core §10.2): first signed where it is signed at all, then encrypted (RFC 7519 §11.2).

use super::TokenError;
use crate::OAuthError;
use openidconnect::core::{CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm};
use vestibule_domain::{ContentEncryption, Encryption, KeyEncryption};
use vestibule_jose::{EncryptionKey, ForeignKeys, JweAlg, JweEnc, encrypt};

/// The key of an application that something is encrypted to.
pub struct Recipient {
    key: EncryptionKey,
    enc: JweEnc,
}

/// An application has to have a key that fits, and has none. For the log.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the application publishes no key to encrypt to with {0}")]
struct NoKey(&'static str);

impl Recipient {
    /// The first key of the application that fits.
    ///
    /// # Errors
    /// `invalid_request` where it has none: nothing that it wants encrypted is given in the clear.
    pub fn of(keys: Option<&ForeignKeys>, wanted: Encryption) -> Result<Self, OAuthError> {
        let key = keys.and_then(|keys| keys.encryption_key(jwe_alg(wanted.alg)));
        let key = key.cloned().ok_or_else(|| {
            let what =
                "the application has no key that the answer could be encrypted to; see its jwks or jwks_uri";
            OAuthError::invalid_request(what).with_cause(NoKey(wanted.alg.as_str()))
        })?;
        Ok(Self { key, enc: jwe_enc(wanted.enc) })
    }

    /// A signed token, encrypted.
    ///
    /// # Errors
    /// [`TokenError::Encryption`] when the library fails.
    pub fn seal_token(&self, token: &str) -> Result<String, TokenError> {
        encrypt(&self.key, self.enc, Some("JWT"), token.as_bytes()).map_err(TokenError::Encryption)
    }

    /// Claims that nobody signed, encrypted.
    ///
    /// # Errors
    /// [`TokenError::Encryption`] when the library fails.
    pub fn seal_claims(&self, claims: &str) -> Result<String, TokenError> {
        encrypt(&self.key, self.enc, None, claims.as_bytes()).map_err(TokenError::Encryption)
    }
}

const fn jwe_alg(alg: KeyEncryption) -> JweAlg {
    match alg {
        KeyEncryption::RsaOaep256 => JweAlg::RsaOaep256,
        KeyEncryption::EcdhEs => JweAlg::EcdhEs,
    }
}

const fn jwe_enc(enc: ContentEncryption) -> JweEnc {
    match enc {
        ContentEncryption::A128Gcm => JweEnc::A128Gcm,
        ContentEncryption::A256Gcm => JweEnc::A256Gcm,
    }
}

/// What the metadata promise of keys.
pub(crate) fn key_encryptions() -> Vec<CoreJweKeyManagementAlgorithm> {
    let named = |alg: &KeyEncryption| match alg {
        KeyEncryption::RsaOaep256 => CoreJweKeyManagementAlgorithm::RsaOaepSha256,
        KeyEncryption::EcdhEs => CoreJweKeyManagementAlgorithm::EcdhEs,
    };
    KeyEncryption::ALL.iter().map(named).collect()
}

/// What the metadata promise of contents.
pub(crate) fn content_encryptions() -> Vec<CoreJweContentEncryptionAlgorithm> {
    let named = |enc: &ContentEncryption| match enc {
        ContentEncryption::A128Gcm => CoreJweContentEncryptionAlgorithm::Aes128Gcm,
        ContentEncryption::A256Gcm => CoreJweContentEncryptionAlgorithm::Aes256Gcm,
    };
    ContentEncryption::ALL.iter().map(named).collect()
}
