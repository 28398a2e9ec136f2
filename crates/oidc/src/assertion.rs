//! What a trusted issuer says of a user (RFC 7523 §3). It counts once, and for minutes.

use crate::{
    ErrorCode, OAuthError,
    discovery::path,
    once::OneTime,
    signed::foreign_algs,
    tokens::{Confirmation, one_or_many},
};
use serde::{Deserialize, de::IgnoredAny};
use vestibule_domain::{AssertedSubject, Client, Email, Strictness, Timestamp, TrustedIssuer, UserId};
use vestibule_jose::{Expect, ForeignKeys, Times, Typ, VerifyError, peek_unverified, verify_foreign};

/// Seconds by which clocks may differ.
const LEEWAY: i64 = 30;

/// The longest life of an assertion, in seconds.
const LONGEST: i64 = 300;

/// The longest `jti`, in bytes.
const LONGEST_ID: usize = 256;

/// What stands in an assertion (RFC 7523 §3).
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    #[serde(deserialize_with = "one_or_many")]
    aud: Vec<String>,
    jti: Option<String>,
    email: Option<String>,
    email_verified: Option<bool>,
    /// The application that it was made for, where it is said.
    client_id: Option<String>,
    cnf: Option<Confirmation>,
    /// Who acts for the user: a chain that would be lost here.
    act: Option<IgnoredAny>,
    may_act: Option<IgnoredAny>,
    #[serde(flatten)]
    times: Times,
}

/// What is read before the signature is checked, to find the issuer.
#[derive(Deserialize)]
struct Claimed {
    iss: String,
}

/// Why an assertion does not count: for the log alone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAssertion {
    /// It cannot be read, or no issuer that the application may use has this name.
    #[error("the assertion is of no issuer that the application may use")]
    Issuer,
    /// The issuer has no keys that could be read.
    #[error("the issuer {0:?} has no keys that can be read")]
    NoKeys(String),
    /// The signature.
    #[error("the signature of the assertion")]
    Signature(#[source] VerifyError),
    /// A claim is missing or wrong.
    #[error("the claim {0} of the assertion")]
    Claim(&'static str),
    /// It has been used.
    #[error("the assertion was used before")]
    Reused,
    /// There is no such user, or that one cannot sign in.
    #[error("the assertion names no active user of the pool")]
    NoUser,
}

impl From<BadAssertion> for OAuthError {
    /// RFC 7521 §4.1: the answer is the same for every reason.
    fn from(reason: BadAssertion) -> Self {
        Self::invalid_grant("the assertion is not valid here, expired, used before or about nobody")
            .with_cause(reason)
    }
}

/// Whom an assertion is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asserted {
    /// The user with this identifier.
    User(UserId),
    /// The user whose proved address this is.
    Mailbox(Email),
}

/// A good assertion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// Whom it is about.
    pub about: Asserted,
    /// It counts once.
    pub once: OneTime,
    /// The key that has to be proved with it, if there is one.
    pub cnf: Option<Confirmation>,
}

/// Where and when an assertion arrives, and from whom.
#[derive(Clone, Copy)]
pub struct Arriving<'a> {
    /// The keys of its issuer.
    pub keys: Option<&'a ForeignKeys>,
    /// The issuer of the pool.
    pub here: &'a str,
    /// The application that brings it.
    pub client: &'a Client,
    /// The moment.
    pub now: Timestamp,
}

/// The issuer that an assertion is said to be of, among those that the application may use.
///
/// # Errors
/// [`BadAssertion::Issuer`].
pub fn issuer_of<'a>(
    assertion: &str,
    client: &Client,
    trusted: &'a [TrustedIssuer],
) -> Result<&'a TrustedIssuer, BadAssertion> {
    let claimed: Claimed = peek_unverified(assertion).map_err(|_| BadAssertion::Issuer)?;
    let found = trusted.iter().find(|one| one.issuer == claimed.iss && one.serves(&client.id));
    found.ok_or(BadAssertion::Issuer)
}

/// Checks an assertion of `issuer` (RFC 7523 §3): signature, audience, dates, and that it speaks of whom it may.
///
/// # Errors
/// [`BadAssertion`].
pub fn judge(
    assertion: &str,
    issuer: &TrustedIssuer,
    arriving: Arriving<'_>,
) -> Result<Assertion, BadAssertion> {
    let Arriving { keys, here, client, now } = arriving;
    let keys = keys.ok_or_else(|| BadAssertion::NoKeys(issuer.issuer.clone()))?;
    let expect = Expect { typ: Typ::Plain, algs: foreign_algs(client) };
    let claims: Claims = verify_foreign(keys, assertion, &expect).map_err(BadAssertion::Signature)?.claims;
    let wrong = |claim| Err(BadAssertion::Claim(claim));
    if claims.iss != issuer.issuer {
        return wrong("iss");
    }
    if claims.aud.is_empty() || !claims.aud.iter().all(|one| is_here(one, here, client)) {
        return wrong("aud");
    }
    if claims.client_id.is_some_and(|id| id != client.id) {
        return wrong("client_id");
    }
    if claims.act.is_some() || claims.may_act.is_some() {
        return wrong("act or may_act (exchange such a token where it was made)");
    }
    let seconds = now.as_seconds();
    if claims.times.check(seconds, LEEWAY).is_err() {
        return wrong("exp, nbf or iat");
    }
    let expires = claims.times.exp.unwrap_or_default();
    if expires > seconds + LONGEST + LEEWAY {
        return wrong("exp (at most five minutes away)");
    }
    let Some(id) = claims.jti.filter(|id| !id.is_empty() && id.len() <= LONGEST_ID) else {
        return wrong("jti");
    };
    let about = match issuer.subject {
        AssertedSubject::UserId => claims.sub.parse().ok().map(Asserted::User),
        AssertedSubject::Email => {
            let address = claims.email.filter(|_| claims.email_verified == Some(true));
            let address = address.and_then(|address| Email::parse(&address).ok());
            address.filter(|address| issuer.speaks_for(address)).map(Asserted::Mailbox)
        }
    };
    let Some(about) = about else { return wrong("sub, or email of a domain of the issuer") };
    let expires_at = now + (expires - seconds + LEEWAY);
    let once = OneTime::new("assertion", &issuer.issuer, &id, expires_at);
    Ok(Assertion { about, once, cnf: claims.cnf })
}

/// Whether an audience is this provider: by its name, or by its token endpoint where the name alone is not asked for.
fn is_here(audience: &str, here: &str, client: &Client) -> bool {
    let endpoint = audience.strip_prefix(here) == Some(path::TOKEN);
    audience == here || (endpoint && !client.is_strict(Strictness::IssuerAudience))
}

/// The scopes of a token for an assertion: those that issuer and application both have, or those of them that are asked for.
///
/// # Errors
/// `invalid_scope` for any other one.
pub fn asserted_scopes(
    client: &Client,
    issuer: &TrustedIssuer,
    asked: Option<&[String]>,
) -> Result<Vec<String>, OAuthError> {
    let mut scopes: Vec<String> = client.scopes.clone();
    scopes.retain(|scope| issuer.scopes.contains(scope));
    let Some(asked) = asked else { return Ok(scopes) };
    if asked.iter().any(|scope| !scopes.contains(scope)) {
        let hint = "scope is wider than what the issuer and the application have";
        return Err(OAuthError::new(ErrorCode::InvalidScope, hint));
    }
    scopes.retain(|scope| asked.contains(scope));
    Ok(scopes)
}

/// The one API of a token for an assertion.
///
/// # Errors
/// `invalid_target` for one that issuer or application do not have, for several, and where none is named and it is not clear
/// which is meant.
pub fn asserted_api(client: &Client, issuer: &TrustedIssuer, asked: &[String]) -> Result<String, OAuthError> {
    let refuse = |hint: &str| Err(OAuthError::new(ErrorCode::InvalidTarget, hint));
    let mut common = issuer.apis.iter().filter(|api| client.may_ask_for(api));
    match asked {
        [] => {
            let default = client.default_api.as_ref().filter(|api| issuer.apis.contains(*api));
            match (default, common.next(), common.next()) {
                (Some(api), ..) | (None, Some(api), None) => Ok(api.clone()),
                _ => refuse("resource is missing: name the API"),
            }
        }
        [api] if common.any(|known| known == api) => Ok(api.clone()),
        [_] => refuse("resource is not an API that the issuer and the application have"),
        _ => refuse("a token is for one API at a time"),
    }
}
