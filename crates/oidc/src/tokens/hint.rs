//! ID tokens that come back as `id_token_hint` (OIDC Core §3.1.2.1, RP-Initiated Logout §2).

use super::{WrongToken, one_or_many};
use crate::OAuthError;
use serde::Deserialize;
use vestibule_jose::{Alg, Expect, Jwk, Typ, verify};

/// What a hint says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct HintClaims {
    iss: String,
    /// The user.
    pub sub: String,
    /// The session.
    #[serde(default)]
    pub sid: Option<String>,
    /// The applications it was issued to.
    #[serde(deserialize_with = "one_or_many")]
    pub aud: Vec<String>,
    /// When it ended, or will. Every ID token says so; signed userinfo does not, so that it is no hint.
    pub exp: i64,
    /// Access tokens have it, ID tokens do not: what an API has seen is no hint, whatever its `typ`.
    #[serde(default, rename = "client_id")]
    of_access: Option<String>,
}

/// Checks that this issuer signed the token, and for `client` if one is given. An expired one is accepted, as both
/// sections ask: it is a hint and opens nothing.
///
/// # Errors
/// `invalid_request`, the same for every reason.
pub fn verify_id_token_hint(
    token: &str,
    keys: &[Jwk],
    issuer: &str,
    client: Option<&str>,
) -> Result<HintClaims, OAuthError> {
    let invalid = || OAuthError::invalid_request("id_token_hint invalid");
    let expect = Expect { typ: Typ::Plain, algs: &Alg::ALL };
    let verified = verify::<HintClaims>(keys, token, &expect);
    let claims = verified.map_err(|error| invalid().with_cause(error))?.claims;
    if claims.of_access.is_some() {
        return Err(invalid().with_cause(WrongToken::Subject));
    }
    if claims.iss != issuer {
        return Err(invalid().with_cause(WrongToken::Issuer(claims.iss)));
    }
    let for_client = client.is_none_or(|client| claims.aud.iter().any(|audience| audience == client));
    if for_client { Ok(claims) } else { Err(invalid().with_cause(WrongToken::Audience(claims.aud))) }
}
