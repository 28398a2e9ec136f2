//! Demonstrating proof of possession (RFC 9449): a request carries a proof that its sender has a key, and tokens are bound to it.

use crate::{ErrorCode, OAuthError, once::OneTime, signed::FOREIGN_ALGS};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use url::Url;
use vestibule_domain::Timestamp;
use vestibule_jose::{Alg, Jwk, VerifyError, verify_embedded};
use vestibule_seal::sha256;

/// RFC 9449 §4.2.
const TYP: &str = "dpop+jwt";

/// For so many seconds a proof counts after it was made.
const LIFE: i64 = 300;

/// So many seconds may the clock of its maker be ahead.
const AHEAD: i64 = 60;

/// The longest `jti`, in bytes.
const LONGEST_ID: usize = 256;

/// The names of the algorithms that proofs may have where nothing is asked beyond the usual, for challenges.
fn algs() -> impl Iterator<Item = &'static str> {
    FOREIGN_ALGS.into_iter().map(Alg::as_str)
}

/// The request that a proof comes with.
#[derive(Clone, Copy)]
pub struct ProofOf<'a> {
    /// The value of the `DPoP` header.
    pub proof: &'a str,
    /// The method, in capitals.
    pub method: &'a str,
    /// The URL without query, as applications know it.
    pub url: &'a str,
    /// The access token, at a protected resource.
    pub token: Option<&'a str>,
    /// The moment.
    pub now: Timestamp,
}

/// What a proof has to be like.
#[derive(Clone, Copy)]
pub struct Demands<'a> {
    /// The nonces that this server gave out and that still count.
    pub nonces: &'a [String],
    /// Whether there has to be one.
    pub nonce_required: bool,
    /// The algorithms that count.
    pub algs: &'a [Alg],
}

/// A key that was proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvedKey {
    /// Its thumbprint (RFC 7638).
    pub jkt: String,
    /// The proof, which counts once (RFC 9449 §11.1).
    pub once: OneTime,
}

/// Why a proof does not count: for the log alone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadProof {
    /// It cannot be read or does not verify.
    #[error("the proof does not verify")]
    Signature(#[source] VerifyError),
    /// It is for another request.
    #[error("the proof's {0} is missing or wrong")]
    Claim(&'static str),
    /// It was used before.
    #[error("the proof was used before")]
    Reused,
    /// It is made with another key than the token or the code is bound to.
    #[error("the proof is of another key")]
    OtherKey,
    /// It is bound to a certificate (RFC 8705 §4) that the connection did not show.
    #[error("the connection did not show the certificate that it is bound to")]
    OtherCertificate,
    /// What has to be bound comes without a proof.
    #[error("there is no proof")]
    Missing,
}

#[derive(Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: i64,
    ath: Option<String>,
    nonce: Option<String>,
}

impl OAuthError {
    /// `invalid_dpop_proof` (RFC 9449 §5).
    pub fn invalid_dpop_proof(why: BadProof) -> Self {
        Self::new(ErrorCode::InvalidDpopProof, "the DPoP proof is missing, wrong, too old or was used before")
            .with_cause(why)
    }
}

/// Checks a proof (RFC 9449 §4.3). That it counts once is for the caller, who spends [`ProvedKey::once`].
///
/// # Errors
/// `invalid_dpop_proof`, or `use_dpop_nonce` where only a nonce of this server is missing (§8).
pub fn check_proof(request: ProofOf<'_>, demands: Demands<'_>) -> Result<ProvedKey, OAuthError> {
    let bad = |why| OAuthError::invalid_dpop_proof(why);
    let verified: Result<(Jwk, Claims), VerifyError> = verify_embedded(request.proof, TYP, demands.algs);
    let (key, claims) = verified.map_err(|error| bad(BadProof::Signature(error)))?;
    let wrong = |claim| Err(bad(BadProof::Claim(claim)));
    if claims.htm != request.method {
        return wrong("htm");
    }
    if !same_address(&claims.htu, request.url) {
        return wrong("htu");
    }
    if claims.jti.is_empty() || claims.jti.len() > LONGEST_ID {
        return wrong("jti");
    }
    let ath = request.token.map(|token| URL_SAFE_NO_PAD.encode(sha256(token.as_bytes())));
    if ath.is_some() && claims.ath != ath {
        return wrong("ath");
    }
    let now = request.now.as_seconds();
    if claims.iat > now.saturating_add(AHEAD) || claims.iat < now.saturating_sub(LIFE) {
        return wrong("iat");
    }
    match claims.nonce {
        Some(nonce) if !demands.nonces.contains(&nonce) => return Err(use_nonce()),
        None if demands.nonce_required => return Err(use_nonce()),
        _ => {}
    }
    let jkt = key.thumbprint();
    let expires_at = Timestamp::from_seconds(claims.iat) + LIFE + 1;
    let once = OneTime::new("dpop-proof", &jkt, &claims.jti, expires_at);
    Ok(ProvedKey { jkt, once })
}

fn use_nonce() -> OAuthError {
    OAuthError::new(ErrorCode::UseDpopNonce, "the proof needs the nonce of the DPoP-Nonce header")
}

/// RFC 9449 §4.3: two addresses without query and fragment, in their normal form (RFC 3986 §6.2.2).
fn same_address(claimed: &str, own: &str) -> bool {
    let bare = |text: &str| {
        let mut url = Url::parse(text).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        Some(url)
    };
    bare(claimed).is_some_and(|claimed| Some(claimed) == bare(own))
}

/// Whether a text can be the thumbprint of a key (RFC 7638): base64url of 32 bytes.
pub(crate) fn is_thumbprint(text: &str) -> bool {
    text.len() == 43 && URL_SAFE_NO_PAD.decode(text).is_ok()
}

/// The challenge of a protected resource that takes proofs (RFC 9449 §7.1).
pub fn challenge(error: Option<&OAuthError>) -> String {
    let algs = algs().collect::<Vec<_>>().join(" ");
    let error = error
        .map(|error| format!("error=\"{}\", error_description=\"{}\", ", error.code.as_str(), error.hint()));
    format!("DPoP {}algs=\"{algs}\"", error.unwrap_or_default())
}

impl From<BadProof> for OAuthError {
    fn from(why: BadProof) -> Self {
        Self::invalid_dpop_proof(why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_in_their_normal_form() {
        let own = "https://login.example.com/oidc/token";
        for same in
            [own, "HTTPS://LOGIN.example.com:443/oidc/token", "https://login.example.com/oidc/token?a#b"]
        {
            assert!(same_address(same, own), "{same}");
        }
        for other in [
            "https://login.example.com/oidc/token/",
            "http://login.example.com/oidc/token",
            "https://login.example.com:8443/oidc/token",
            "https://login.example.com/oidc/me",
            "https://evil@login.example.com/oidc/token",
            "/oidc/token",
            "",
        ] {
            assert!(!same_address(other, own), "{other}");
        }
    }
}
