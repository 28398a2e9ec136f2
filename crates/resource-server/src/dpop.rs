//! Proofs of possession (RFC 9449).

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use vestibule_jose::{Alg, VerifyError, verify_embedded};

use crate::nonce::Nonces;
use crate::place::{self, PublicUrl};
use crate::replay::{ProofId, ReplayCache};

/// Oldest proof that is accepted, in seconds.
const MAX_AGE: i64 = 60;
/// The longest `jti`, in bytes.
const MAX_JTI: usize = 256;

/// Why a proof is refused (RFC 9449 §4.3). No variant holds any of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofFault {
    /// There is no `DPoP` header, or more than one.
    #[error("there must be one DPoP header")]
    Header,
    /// It is not a JWT of the right type, signed with the public key that it brings.
    #[error("the proof does not verify")]
    Jws(#[source] VerifyError),
    /// `htm` is another method.
    #[error("the proof is for another method")]
    Method,
    /// `htu` is another address, or the request's own is not known.
    #[error("the proof is for another address")]
    Address,
    /// `ath` is not the hash of the token.
    #[error("the proof is for another token")]
    Token,
    /// `iat` is too old or in the future.
    #[error("the proof is not of now")]
    Age,
    /// `jti` is empty or too long.
    #[error("the proof has no usable jti")]
    Jti,
    /// It was used before.
    #[error("the proof was used before")]
    Replayed,
}

/// What proofs must be here.
pub(crate) struct Dpop {
    pub(crate) algs: Vec<Alg>,
    pub(crate) url: PublicUrl,
    pub(crate) replay: Box<dyn ReplayCache>,
    pub(crate) nonces: Option<Nonces>,
    /// Seconds.
    pub(crate) leeway: i64,
}

/// A proof that fits its request and its token, and may have been used before.
pub(crate) struct Proved {
    /// RFC 7638, of the key that signed it.
    pub(crate) thumbprint: String,
    pub(crate) id: ProofId,
    /// From then on it is too old. Seconds since 1970.
    pub(crate) until: i64,
    pub(crate) nonce: Option<String>,
}

#[derive(Deserialize)]
struct ProofClaims {
    jti: String,
    htm: String,
    htu: String,
    iat: serde_json::Number,
    ath: String,
    nonce: Option<String>,
}

impl Dpop {
    /// RFC 9449 §4.3 and §7.1, in all that needs no memory.
    pub(crate) fn verify(
        &self,
        parts: &Parts,
        token: &str,
        proof: &str,
        now: i64,
    ) -> Result<Proved, ProofFault> {
        let (key, claims): (_, ProofClaims) =
            verify_embedded(proof, "dpop+jwt", &self.algs).map_err(ProofFault::Jws)?;
        if claims.htm != parts.method.as_str() {
            return Err(ProofFault::Method);
        }
        if !(self.url)(parts).is_some_and(|here| place::are_equal(&claims.htu, &here)) {
            return Err(ProofFault::Address);
        }
        if claims.ath != URL_SAFE_NO_PAD.encode(digest(&SHA256, token.as_bytes())) {
            return Err(ProofFault::Token);
        }
        let iat = seconds(&claims.iat).ok_or(ProofFault::Age)?;
        let until = iat.saturating_add(MAX_AGE).saturating_add(self.leeway);
        if iat > now.saturating_add(self.leeway) || now > until {
            return Err(ProofFault::Age);
        }
        if claims.jti.is_empty() || claims.jti.len() > MAX_JTI {
            return Err(ProofFault::Jti);
        }
        let thumbprint = key.thumbprint();
        let id = ProofId::new(&thumbprint, &claims.jti);
        Ok(Proved { thumbprint, id, until, nonce: claims.nonce })
    }
}

/// A NumericDate may have a fraction (RFC 7519 §2), which is cut off.
#[expect(clippy::cast_possible_truncation, reason = "the fraction is to be cut, and a huge date saturates")]
fn seconds(date: &serde_json::Number) -> Option<i64> {
    date.as_i64().or_else(|| date.as_f64().map(|date| date.floor() as i64))
}
