//! The encryption algorithms.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Algorithm};
use serde::{Deserialize, Serialize};

/// How the key of a token's content reaches the recipient: the `alg` of an encrypted token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum JweAlg {
    /// RSAES OAEP with SHA-256 and MGF1 with SHA-256 (RFC 7518 section 4.3).
    #[serde(rename = "RSA-OAEP-256")]
    RsaOaep256,
    /// Direct key agreement with an ephemeral key on P-256 (RFC 7518 section 4.6).
    #[serde(rename = "ECDH-ES")]
    EcdhEs,
}

/// How a token's content is encrypted: its `enc`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum JweEnc {
    /// AES-GCM with a key of 128 bits (RFC 7518 section 5.3).
    #[serde(rename = "A128GCM")]
    A128Gcm,
    /// AES-GCM with a key of 256 bits (RFC 7518 section 5.3).
    #[serde(rename = "A256GCM")]
    A256Gcm,
}

/// A name that is not one of [`JweAlg::ALL`] or [`JweEnc::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown encryption algorithm; use RSA-OAEP-256 or ECDH-ES with A128GCM or A256GCM")]
pub struct UnknownJweAlg;

impl JweAlg {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::RsaOaep256, Self::EcdhEs];

    /// The name in the registry of RFC 7518 section 7.1.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RsaOaep256 => "RSA-OAEP-256",
            Self::EcdhEs => "ECDH-ES",
        }
    }
}

impl JweEnc {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::A128Gcm, Self::A256Gcm];

    /// The name in the registry of RFC 7518 section 7.1.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A128Gcm => "A128GCM",
            Self::A256Gcm => "A256GCM",
        }
    }

    pub(super) const fn key_bytes(self) -> usize {
        match self {
            Self::A128Gcm => 16,
            Self::A256Gcm => 32,
        }
    }

    pub(super) const fn cipher(self) -> &'static Algorithm {
        match self {
            Self::A128Gcm => &AES_128_GCM,
            Self::A256Gcm => &AES_256_GCM,
        }
    }
}

impl fmt::Display for JweAlg {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl fmt::Display for JweEnc {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for JweAlg {
    type Err = UnknownJweAlg;

    fn from_str(name: &str) -> Result<Self, UnknownJweAlg> {
        Self::ALL.into_iter().find(|alg| alg.as_str() == name).ok_or(UnknownJweAlg)
    }
}

impl FromStr for JweEnc {
    type Err = UnknownJweAlg;

    fn from_str(name: &str) -> Result<Self, UnknownJweAlg> {
        Self::ALL.into_iter().find(|enc| enc.as_str() == name).ok_or(UnknownJweAlg)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_agree_everywhere() {
        for alg in JweAlg::ALL {
            assert_eq!(alg.as_str().parse(), Ok(alg));
            assert_eq!(serde_json::to_value(alg).unwrap(), alg.to_string());
        }
        for enc in JweEnc::ALL {
            assert_eq!(enc.as_str().parse(), Ok(enc));
            assert_eq!(serde_json::to_value(enc).unwrap(), enc.to_string());
        }
        for name in ["RSA1_5", "RSA-OAEP", "dir", "ECDH-ES+A128KW", "A128CBC-HS256", "a128gcm", "none", ""] {
            assert_eq!(name.parse::<JweAlg>(), Err(UnknownJweAlg));
            assert_eq!(name.parse::<JweEnc>(), Err(UnknownJweAlg));
        }
    }
}
