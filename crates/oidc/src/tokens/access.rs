//! Access tokens as JWTs (RFC 9068).

use super::{TokenError, WrongToken};
use crate::OAuthError;
use serde::{Deserialize, Serialize};
use vestibule_domain::{AccessTokenType, GrantId, SessionId, Timestamp, UserId};
use vestibule_jose::{Alg, Expect, Jwk, SigningKey, Times, Typ, sign, verify};

/// Seconds by which nodes' clocks may differ.
const LEEWAY: i64 = 5;

/// For whom an application acts (RFC 9068 §2.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Subject {
    /// A user who signed in.
    User(UserSubject),
    /// Itself.
    Client(ClientSubject),
}

/// A user, and how that user signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UserSubject {
    /// The user.
    pub sub: UserId,
    /// The grant it came from: when that is revoked, the token is dead.
    pub gid: GrantId,
    /// The session it came from.
    pub sid: SessionId,
    /// The class that was reached, by the application's name for it.
    pub acr: String,
    /// When the user last gave a proof, in seconds since the epoch.
    pub auth_time: i64,
}

/// The application itself: `sub` is its `client_id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClientSubject {
    /// The same as `client_id`.
    pub sub: String,
}

impl Subject {
    /// The user, if it is one.
    pub const fn user(&self) -> Option<&UserSubject> {
        match self {
            Self::User(user) => Some(user),
            Self::Client(_) => None,
        }
    }
}

/// What an access token says (RFC 9068 §2.2). Reading one proves nothing; [`verify_access_token`] does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Wire")]
pub struct AccessTokenClaims {
    /// The pool's issuer identifier.
    pub iss: String,
    /// Whom it is for; the issuer itself for the userinfo endpoint.
    pub aud: String,
    /// For whom the application acts.
    #[serde(flatten)]
    pub subject: Subject,
    /// The application.
    pub client_id: String,
    /// Space-separated.
    pub scope: String,
    /// Its identifier.
    pub jti: String,
    /// `exp` and `iat`.
    #[serde(flatten)]
    pub times: Times,
}

/// The claims as they stand in a token, side by side. Every call of userinfo reads them, and serde keeps copies of all
/// claims while it reads flattened ones.
#[derive(Deserialize)]
struct Wire {
    iss: String,
    aud: String,
    sub: String,
    gid: Option<GrantId>,
    sid: Option<SessionId>,
    acr: Option<String>,
    auth_time: Option<i64>,
    client_id: String,
    scope: String,
    jti: String,
    exp: Option<i64>,
    nbf: Option<i64>,
    iat: Option<i64>,
}

impl From<Wire> for AccessTokenClaims {
    fn from(wire: Wire) -> Self {
        let Wire { iss, aud, sub, gid, sid, acr, auth_time, client_id, scope, jti, exp, nbf, iat } = wire;
        let subject = match (sub.parse(), gid, sid, acr, auth_time) {
            (Ok(sub), Some(gid), Some(sid), Some(acr), Some(auth_time)) => {
                Subject::User(UserSubject { sub, gid, sid, acr, auth_time })
            }
            _ => Subject::Client(ClientSubject { sub }),
        };
        Self { iss, aud, subject, client_id, scope, jti, times: Times { exp, nbf, iat } }
    }
}

impl AccessTokenClaims {
    /// Whether the token has a scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|one| one == scope)
    }

    /// The scopes.
    pub fn scopes(&self) -> Vec<String> {
        self.scope.split(' ').filter(|one| !one.is_empty()).map(str::to_owned).collect()
    }
}

/// What goes into an access token.
pub struct AccessTokenInput<'a> {
    /// The pool's issuer identifier.
    pub issuer: &'a str,
    /// Whom it is for; the issuer itself for the userinfo endpoint.
    pub audience: &'a str,
    /// The application.
    pub client_id: &'a str,
    /// For whom it acts.
    pub subject: Subject,
    /// What it permits.
    pub scopes: &'a [String],
    /// A fresh identifier.
    pub jti: &'a str,
    /// The moment of issue.
    pub now: Timestamp,
    /// Lifetime in seconds.
    pub lifetime: i64,
}

/// Signs an access token, with the `typ` that its reader wants.
///
/// # Errors
/// [`TokenError::AccessToken`] when the signature fails.
pub fn access_token(
    input: AccessTokenInput<'_>,
    typ: AccessTokenType,
    key: &SigningKey,
) -> Result<String, TokenError> {
    let times = Times {
        exp: Some((input.now + input.lifetime).as_seconds()),
        nbf: None,
        iat: Some(input.now.as_seconds()),
    };
    let claims = AccessTokenClaims {
        iss: input.issuer.to_owned(),
        aud: input.audience.to_owned(),
        subject: input.subject,
        client_id: input.client_id.to_owned(),
        scope: input.scopes.join(" "),
        jti: input.jti.to_owned(),
        times,
    };
    Ok(sign(key, Some(typ.as_str()), &claims)?)
}

/// Checks an access token that this issuer made for its own endpoints (RFC 9068 §4): signature, type, issuer,
/// audience and dates. Whether its grant is still alive is for the caller. Besides tokens of the pool's `typ` those of
/// RFC 9068 count, so that a change of it ends none; what else this issuer signs as `JWT` lacks these claims.
///
/// # Errors
/// `invalid_token`, the same for every reason.
pub fn verify_access_token(
    token: &str,
    typ: AccessTokenType,
    keys: &[Jwk],
    issuer: &str,
    now: Timestamp,
) -> Result<AccessTokenClaims, OAuthError> {
    let of_type = |typ: AccessTokenType| {
        verify::<AccessTokenClaims>(keys, token, &Expect { typ: Typ::Only(typ.as_str()), algs: &Alg::ALL })
    };
    let verified = match typ {
        AccessTokenType::AtJwt => of_type(AccessTokenType::AtJwt),
        AccessTokenType::Jwt => of_type(AccessTokenType::Jwt).or_else(|_| of_type(AccessTokenType::AtJwt)),
    };
    let claims = verified.map_err(|error| OAuthError::invalid_token().with_cause(error))?.claims;
    claims
        .times
        .check(now.as_seconds(), LEEWAY)
        .map_err(|error| OAuthError::invalid_token().with_cause(error))?;
    let problem = if claims.iss != issuer {
        WrongToken::Issuer(claims.iss)
    } else if claims.aud != issuer {
        WrongToken::Audience(vec![claims.aud])
    } else if matches!(&claims.subject, Subject::Client(client) if client.sub != claims.client_id) {
        WrongToken::Subject
    } else {
        return Ok(claims);
    };
    Err(OAuthError::invalid_token().with_cause(problem))
}
