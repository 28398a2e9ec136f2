//! Access tokens as JWTs (RFC 9068).

use super::{Acting, Actor, MayAct, Obtained, TokenError, WrongToken, one_or_many};
use crate::{OAuthError, holder::Holder};
use serde::{Deserialize, Serialize, Serializer};
use vestibule_domain::{GrantId, Timestamp};
use vestibule_jose::{Alg, Expect, Jwk, SigningKey, Times, Typ, VerifyError, sign, verify};

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
    /// The user, as the application knows them (OIDC Core §8). An API is told the same: the application can read the token, and
    /// whoever could ask both would know two names of one user (RFC 9068 §6).
    pub sub: String,
    /// The grant it came from: when that is revoked, the token is dead.
    pub gid: GrantId,
    /// The session it came from, as the application knows it, if it came from one here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// The class that was reached, by the application's name for it.
    pub acr: String,
    /// The methods that were used (RFC 8176).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub amr: Vec<String>,
    /// When the user last gave a proof, in seconds since the epoch; nothing where nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
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

/// What a token is bound to (RFC 7800 §3.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confirmation {
    /// The thumbprint of a key that is proved with each request (RFC 9449 §6.1).
    #[serde(rename = "jkt")]
    Key(String),
    /// The SHA-256 thumbprint of a certificate, base64url (RFC 8705 §3.1).
    #[serde(rename = "x5t#S256")]
    Certificate(String),
}

impl From<&Holder> for Confirmation {
    fn from(holder: &Holder) -> Self {
        match holder {
            Holder::Key(key) => Self::Key(key.jkt.clone()),
            Holder::Certificate(thumbprint) => Self::Certificate(thumbprint.clone()),
        }
    }
}

/// What an access token says (RFC 9068 §2.2). Reading one proves nothing; [`verify_access_token`] does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Wire")]
pub struct AccessTokenClaims {
    /// The pool's issuer identifier.
    pub iss: String,
    /// Whom it is for: APIs, or the issuer itself for the userinfo endpoint.
    #[serde(serialize_with = "one_as_text")]
    pub aud: Vec<String>,
    /// For whom the application acts.
    #[serde(flatten)]
    pub subject: Subject,
    /// The application.
    pub client_id: String,
    /// Space-separated.
    pub scope: String,
    /// Its identifier.
    pub jti: String,
    /// The key that whoever uses it has to prove.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cnf: Option<Confirmation>,
    /// Who acts for its subject, and how it was got.
    #[serde(flatten)]
    pub acting: Acting,
    /// `exp` and `iat`.
    #[serde(flatten)]
    pub times: Times,
}

/// The claims as they stand in a token, side by side. Every call of userinfo reads them, and serde keeps copies of all
/// claims while it reads flattened ones.
#[derive(Deserialize)]
struct Wire {
    iss: String,
    #[serde(deserialize_with = "one_or_many")]
    aud: Vec<String>,
    sub: String,
    gid: Option<GrantId>,
    sid: Option<String>,
    acr: Option<String>,
    #[serde(default)]
    amr: Vec<String>,
    auth_time: Option<i64>,
    client_id: String,
    scope: String,
    jti: String,
    cnf: Option<Confirmation>,
    act: Option<Actor>,
    may_act: Option<MayAct>,
    gty: Option<Obtained>,
    exp: Option<i64>,
    nbf: Option<i64>,
    iat: Option<i64>,
}

impl From<Wire> for AccessTokenClaims {
    fn from(wire: Wire) -> Self {
        let Wire { iss, aud, sub, gid, sid, acr, amr, auth_time, client_id, scope, jti, .. } = wire;
        let Wire { cnf, act, may_act, gty: obtained, exp, nbf, iat, .. } = wire;
        let subject = match (gid, acr) {
            (Some(gid), Some(acr)) => Subject::User(UserSubject { sub, gid, sid, acr, amr, auth_time }),
            _ => Subject::Client(ClientSubject { sub }),
        };
        let acting = Acting { act, may_act, obtained };
        Self { iss, aud, subject, client_id, scope, jti, cnf, acting, times: Times { exp, nbf, iat } }
    }
}

impl AccessTokenClaims {
    /// Whether the token has a scope.
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|one| one == scope)
    }

    /// Checks that the token is for `audience` (RFC 9068 §4).
    ///
    /// # Errors
    /// `invalid_token`.
    pub fn require_audience(&self, audience: &str) -> Result<(), OAuthError> {
        if self.aud.iter().any(|one| one == audience) {
            return Ok(());
        }
        Err(OAuthError::invalid_token().with_cause(WrongToken::Audience(self.aud.clone())))
    }

    /// Checks what is said in a token that this issuer made, whatever keeps it from being forged: issuer, subject and dates.
    ///
    /// # Errors
    /// `invalid_token`, the same for every reason.
    pub fn check(&self, issuer: &str, now: Timestamp) -> Result<(), OAuthError> {
        self.times
            .check(now.as_seconds(), LEEWAY)
            .map_err(|error| OAuthError::invalid_token().with_cause(error))?;
        let problem = if self.iss != issuer {
            WrongToken::Issuer(self.iss.clone())
        } else if matches!(&self.subject, Subject::Client(client) if client.sub != self.client_id) {
            WrongToken::Subject
        } else {
            return Ok(());
        };
        Err(OAuthError::invalid_token().with_cause(problem))
    }

    /// The scopes.
    pub fn scopes(&self) -> Vec<String> {
        self.scope.split(' ').filter(|one| !one.is_empty()).map(str::to_owned).collect()
    }
}

/// `aud` as one text where there is one (RFC 7519 §4.1.3): many readers know no list.
fn one_as_text<S: Serializer>(audience: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    match audience {
        [only] => only.serialize(serializer),
        several => several.serialize(serializer),
    }
}

/// What goes into an access token.
pub struct AccessTokenInput<'a> {
    /// The pool's issuer identifier.
    pub issuer: &'a str,
    /// Whom it is for: APIs, or the issuer itself for the userinfo endpoint.
    pub audience: Vec<String>,
    /// The application.
    pub client_id: &'a str,
    /// For whom it acts.
    pub subject: Subject,
    /// What it permits.
    pub scopes: &'a [String],
    /// A fresh identifier.
    pub jti: &'a str,
    /// The key that it is bound to.
    pub cnf: Option<Confirmation>,
    /// Who acts for the subject, and how the token was got.
    pub acting: Acting,
    /// The moment of issue.
    pub now: Timestamp,
    /// Lifetime in seconds.
    pub lifetime: i64,
}

impl AccessTokenInput<'_> {
    /// What the token says.
    pub fn claims(self) -> AccessTokenClaims {
        let times = Times {
            exp: Some((self.now + self.lifetime).as_seconds()),
            nbf: None,
            iat: Some(self.now.as_seconds()),
        };
        AccessTokenClaims {
            iss: self.issuer.to_owned(),
            aud: self.audience,
            subject: self.subject,
            client_id: self.client_id.to_owned(),
            scope: self.scopes.join(" "),
            jti: self.jti.to_owned(),
            cnf: self.cnf,
            acting: self.acting,
            times,
        }
    }
}

/// The `typ` of a JWT that carries an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessTokenHeader {
    /// RFC 9068 §2.1: it cannot be taken for any other token.
    AtJwt,
    /// For resource servers that refuse `at+jwt`.
    Jwt,
}

impl AccessTokenHeader {
    const fn as_str(self) -> &'static str {
        match self {
            Self::AtJwt => "at+jwt",
            Self::Jwt => "JWT",
        }
    }
}

/// Signs an access token, with the `typ` that its reader wants.
///
/// # Errors
/// [`TokenError::AccessToken`] when the signature fails.
pub fn access_token(
    claims: &AccessTokenClaims,
    typ: AccessTokenHeader,
    key: &SigningKey,
) -> Result<String, TokenError> {
    Ok(sign(key, Some(typ.as_str()), claims)?)
}

/// Checks an access token that this issuer made (RFC 9068 §4): signature, type, issuer and dates. Whether it is for the reader
/// is for [`AccessTokenClaims::require_audience`], whether its grant is still alive for the caller. Both types count, so that
/// a change of them ends no token; what else this issuer signs as `JWT` lacks these claims.
///
/// # Errors
/// `invalid_token`, the same for every reason.
pub fn verify_access_token(
    token: &str,
    keys: &[Jwk],
    issuer: &str,
    now: Timestamp,
) -> Result<AccessTokenClaims, OAuthError> {
    let of_type = |typ: AccessTokenHeader| {
        verify::<AccessTokenClaims>(keys, token, &Expect { typ: Typ::Only(typ.as_str()), algs: &Alg::ALL })
    };
    let verified = of_type(AccessTokenHeader::AtJwt).or_else(|error| match error {
        VerifyError::Type => of_type(AccessTokenHeader::Jwt),
        error => Err(error),
    });
    let claims = verified.map_err(|error| OAuthError::invalid_token().with_cause(error))?.claims;
    claims.check(issuer, now)?;
    Ok(claims)
}
