//! RFC 7636: Proof Key for Code Exchange, with S256 as the only method.

use crate::OAuthError;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use vestibule_seal::{ct_eq, sha256};

/// The verifier is not the one that the challenge was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("code_verifier does not match code_challenge")]
pub struct PkceMismatch;

/// Whether a text can be an S256 challenge (RFC 7636 §4.2): the base64url of 32 bytes.
pub fn is_challenge(text: &str) -> bool {
    URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

/// Whether a text can be a verifier (RFC 7636 §4.1): 43 to 128 unreserved characters.
pub fn is_verifier(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

/// Whether a code comes with the verifier that its challenge asks for. Neither is no less than both: a verifier without a
/// challenge shows that somebody took the challenge out of the request (RFC 9700 §2.1.1, downgrade).
///
/// # Errors
/// `invalid_grant` when one is there without the other, or they do not belong together.
pub fn bound(challenge: Option<&str>, verifier: Option<&str>) -> Result<(), OAuthError> {
    match (challenge, verifier) {
        (None, None) => Ok(()),
        (Some(challenge), verifier) => verify(challenge, verifier.unwrap_or_default()),
        (None, Some(_)) => {
            let hint = "code_verifier was sent, but the authorization request had no code_challenge";
            Err(OAuthError::invalid_grant(hint).with_cause(PkceMismatch))
        }
    }
}

/// Checks the verifier of a token request against the challenge of the authorization request (RFC 7636 §4.6), in
/// constant time.
///
/// # Errors
/// `invalid_grant` when they do not belong together.
pub fn verify(challenge: &str, verifier: &str) -> Result<(), OAuthError> {
    let computed = URL_SAFE_NO_PAD.encode(sha256(verifier.as_bytes()));
    if is_verifier(verifier) && ct_eq(computed.as_bytes(), challenge.as_bytes()) {
        Ok(())
    } else {
        Err(OAuthError::invalid_grant("code_verifier does not match code_challenge").with_cause(PkceMismatch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636 appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_specifications_example() {
        assert!(is_challenge(CHALLENGE) && is_verifier(VERIFIER));
        assert_eq!(verify(CHALLENGE, VERIFIER), Ok(()));
    }

    #[test]
    fn everything_else_is_refused() {
        let long = "a".repeat(129);
        let with = |other: char| format!("{}{other}", "a".repeat(42));
        for verifier in [
            "",
            "a",
            CHALLENGE,
            &VERIFIER.to_lowercase(),
            &VERIFIER[1..],
            &format!("{VERIFIER} "),
            &long,
            &with('+'),
        ] {
            assert!(verify(CHALLENGE, verifier).is_err(), "{verifier}");
        }
        // Malformed verifiers fail even against their own hash.
        for malformed in ["a".repeat(42), long.clone(), with('+'), with('é'), with('\n')] {
            let own = URL_SAFE_NO_PAD.encode(sha256(malformed.as_bytes()));
            assert!(verify(&own, &malformed).is_err(), "{malformed}");
        }
        // A plain challenge, and none at all.
        assert!(verify(VERIFIER, VERIFIER).is_err());
        assert!(verify("", VERIFIER).is_err());
        for challenge in [
            "",
            "a",
            &VERIFIER[1..],
            &format!("{CHALLENGE}="),
            &CHALLENGE.replace('-', "+"),
            &"a".repeat(128),
        ] {
            assert!(!is_challenge(challenge), "{challenge}");
        }
    }
}
