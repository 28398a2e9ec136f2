//! The signature algorithms.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use serde::{Deserialize, Serialize};

/// A signature algorithm. Each key has exactly one; symmetric algorithms and `none` cannot be expressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Alg {
    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 section 3.3). Every provider must support it.
    #[serde(rename = "RS256")]
    Rs256,
    /// ECDSA on P-256 with SHA-256 (RFC 7518 section 3.4).
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519 under the name of RFC 8037 section 3.1.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// RSASSA-PSS with SHA-256 and a salt as long as the hash (RFC 7518 section 3.5).
    #[serde(rename = "PS256")]
    Ps256,
}

/// A name that is not one of [`Alg::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown signature algorithm; use RS256, ES256, EdDSA or PS256")]
pub struct UnknownAlg;

impl Alg {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Rs256, Self::Es256, Self::EdDsa, Self::Ps256];

    /// The name in the registry of RFC 7518 section 7.1.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Ps256 => "PS256",
        }
    }

    /// The value of `at_hash` and `c_hash` (OpenID Connect Core 1.0 section 3.1.3.6): base64url of the left half
    /// of the hash of `value` with the algorithm's own hash, which is SHA-512 for Ed25519.
    #[must_use]
    pub fn half_hash(self, value: &str) -> String {
        let hash = self.hash(value.as_bytes());
        let (left, _) = hash.split_at(hash.len() / 2);
        crate::encode(left)
    }

    /// The hash that belongs to the algorithm.
    pub(crate) fn hash(self, bytes: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Self::Rs256 | Self::Es256 | Self::Ps256 => &SHA256,
            Self::EdDsa => &SHA512,
        };
        digest(algorithm, bytes).as_ref().to_vec()
    }
}

impl fmt::Display for Alg {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl FromStr for Alg {
    type Err = UnknownAlg;

    /// Names are case-sensitive (RFC 7515 section 4.1.1). Others may call Ed25519 by the name of RFC 9864 section 2.2.
    fn from_str(name: &str) -> Result<Self, UnknownAlg> {
        let name = if name == "Ed25519" { Self::EdDsa.as_str() } else { name };
        Self::ALL.into_iter().find(|alg| alg.as_str() == name).ok_or(UnknownAlg)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_agree_everywhere() {
        for alg in Alg::ALL {
            assert_eq!(alg.as_str().parse(), Ok(alg));
            assert_eq!(serde_json::to_value(alg).unwrap(), alg.as_str());
        }
        assert_eq!("Ed25519".parse(), Ok(Alg::EdDsa));
        for name in ["none", "HS256", "ed25519", "Ed448", "rs256", "ES384", "PS384", "ps256", "RS256 ", ""] {
            assert_eq!(name.parse::<Alg>(), Err(UnknownAlg));
        }
    }

    /// OpenID Connect Core 1.0 appendix A.3 and A.6: the example's access token, code and their hashes.
    #[test]
    fn half_hash_matches_the_specification() {
        assert_eq!(
            Alg::Rs256.half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"),
            "77QmUPtjPfzWtF2AnpK9RQ"
        );
        assert_eq!(
            Alg::Rs256.half_hash("Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk"),
            "LDktKdoQak3Pk0cnXxCltA"
        );
        assert_eq!(Alg::EdDsa.half_hash("x").len(), 43);
    }
}
