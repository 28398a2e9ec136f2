//! Public key parameters, and what makes them sound.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    RsaPublicKeyComponents,
};

use super::JwkError;
use crate::{Alg, encode};

/// Moduli from 2048 to 4096 bits: below is forgeable, above only costs the verifier time.
const RSA_MODULUS_BYTES: std::ops::RangeInclusive<usize> = 256..=512;

/// The public parameters, as raw bytes.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Material {
    /// Modulus and exponent, big-endian without leading zeros.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// Coordinates on P-256.
    P256 { x: [u8; 32], y: [u8; 32] },
    /// Ed25519 public key.
    Ed25519 { x: [u8; 32] },
}

impl Material {
    /// The algorithms a key of this type can be for; the first is what it is for when it does not say.
    pub(crate) const fn algs(&self) -> &'static [Alg] {
        match self {
            Self::Rsa { .. } => &[Alg::Rs256, Alg::Ps256],
            Self::P256 { .. } => &[Alg::Es256],
            Self::Ed25519 { .. } => &[Alg::EdDsa],
        }
    }

    /// The algorithm that the key's `alg` member means.
    pub(super) fn alg_of(&self, name: Option<&str>) -> Option<Alg> {
        match name {
            None => self.algs().first().copied(),
            Some(name) => self.algs().iter().copied().find(|alg| name.parse() == Ok(*alg)),
        }
    }

    /// The key, ready to verify with `alg`; [`JwkError::Unsupported`] for an algorithm of another key type.
    pub(super) fn parse(&self, alg: Alg) -> Result<ParsedPublicKey, JwkError> {
        let parsed = match (self, alg) {
            (Self::Rsa { n, e }, Alg::Rs256 | Alg::Ps256) => {
                check_rsa(n, e)?;
                let padding = match alg {
                    Alg::Ps256 => &RSA_PSS_2048_8192_SHA256,
                    _ => &RSA_PKCS1_2048_8192_SHA256,
                };
                RsaPublicKeyComponents { n, e }.to_parsed_public_key(padding)
            }
            (Self::P256 { x, y }, Alg::Es256) => {
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, uncompressed(x, y))
            }
            (Self::Ed25519 { x }, Alg::EdDsa) => ParsedPublicKey::new(&ED25519, x),
            (Self::Rsa { .. } | Self::P256 { .. } | Self::Ed25519 { .. }, _) => {
                return Err(JwkError::Unsupported);
            }
        };
        parsed.map_err(|_| JwkError::Invalid)
    }

    /// RFC 7638 section 3: the required members in lexicographic order, no white space.
    pub(crate) fn thumbprint(&self) -> String {
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

/// A point on P-256 as SEC 1 section 2.3.3 writes it, uncompressed.
pub(crate) fn uncompressed(x: &[u8; 32], y: &[u8; 32]) -> Vec<u8> {
    [&[4_u8], x.as_slice(), y.as_slice()].concat()
}

/// The library checks these when it verifies; a key that can never verify is no key.
pub(crate) fn check_rsa(n: &[u8], e: &[u8]) -> Result<(), JwkError> {
    if is_sound_modulus(n) && is_sound_exponent(e) { Ok(()) } else { Err(JwkError::Invalid) }
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
