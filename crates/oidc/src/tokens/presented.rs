//! ID tokens that their application presents instead of an access token (RFC 8693 §3).

use super::{MayAct, WrongToken, one_or_many};
use crate::OAuthError;
use serde::{Deserialize, de::IgnoredAny};
use vestibule_domain::{SessionId, Timestamp};
use vestibule_jose::{Alg, Expect, Jwk, Times, Typ, verify};

/// Seconds by which nodes' clocks may differ.
const LEEWAY: i64 = 5;

/// The sign-in that an ID token tells of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// In which session.
    pub sid: SessionId,
    /// The class that was reached, by the application's name for it.
    pub acr: String,
    /// The methods that were used.
    pub amr: Vec<String>,
    /// When the user last gave a proof, in seconds since the epoch.
    pub auth_time: i64,
    /// Who may act for the user, where it is said.
    pub may_act: Option<MayAct>,
    /// When the token ends, in seconds since the epoch.
    pub exp: i64,
}

/// As it stands in the token. Everything that every ID token has is required: answers, logout tokens and userinfo, which this
/// issuer signs as well, lack some of it.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    #[serde(deserialize_with = "one_or_many")]
    aud: Vec<String>,
    #[serde(rename = "sub")]
    _sub: String,
    sid: SessionId,
    acr: String,
    amr: Vec<String>,
    auth_time: i64,
    may_act: Option<MayAct>,
    exp: i64,
    iat: i64,
    /// Access tokens have it.
    client_id: Option<IgnoredAny>,
    /// Logout tokens have it.
    events: Option<IgnoredAny>,
}

/// Checks an ID token that this issuer made for `client`, and that still counts. Whether the sign-in does is for the caller.
///
/// # Errors
/// `invalid_token`, the same for every reason.
pub fn verify_presented_id_token(
    token: &str,
    keys: &[Jwk],
    issuer: &str,
    client: &str,
    now: Timestamp,
) -> Result<SignedIn, OAuthError> {
    let refuse = |cause: WrongToken| Err(OAuthError::invalid_token().with_cause(cause));
    let verified = verify::<Claims>(keys, token, &Expect { typ: Typ::Plain, algs: &Alg::ALL });
    let claims = verified.map_err(|error| OAuthError::invalid_token().with_cause(error))?.claims;
    if claims.client_id.is_some() || claims.events.is_some() {
        return refuse(WrongToken::Subject);
    }
    if claims.iss != issuer {
        return refuse(WrongToken::Issuer(claims.iss));
    }
    if claims.aud != [client] {
        return refuse(WrongToken::Audience(claims.aud));
    }
    let times = Times { exp: Some(claims.exp), nbf: None, iat: Some(claims.iat) };
    times.check(now.as_seconds(), LEEWAY).map_err(|error| OAuthError::invalid_token().with_cause(error))?;
    let Claims { sid, acr, amr, auth_time, may_act, exp, .. } = claims;
    Ok(SignedIn { sid, acr, amr, auth_time, may_act, exp })
}
