//! ID tokens (OIDC Core §2).

use super::TokenError;
use crate::claims::{AskedClaims, ToldIn};
use chrono::{DateTime, Utc};
use openidconnect::{
    AccessToken, AdditionalClaims, Audience, AuthenticationContextClass, AuthenticationMethodReference,
    IdToken, IdTokenClaims, IssuerUrl, Nonce, StandardClaims, SubjectIdentifier,
    core::{CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use vestibule_domain::{Timestamp, User};
use vestibule_jose::SigningKey;

/// Claims in addition to those of OIDC Core.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdTokenExtra {
    /// The session (OIDC Back-Channel Logout §2.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// What is told about the user: the same names and values as at userinfo.
    #[serde(flatten)]
    pub about: Map<String, Value>,
}

impl AdditionalClaims for IdTokenExtra {}

/// An ID token as `openidconnect` types it.
pub type SignedIdToken =
    IdToken<IdTokenExtra, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

/// What an ID token says.
pub struct IdTokenInput<'a> {
    /// The pool's issuer identifier.
    pub issuer: &'a str,
    /// The application: the audience.
    pub client_id: &'a str,
    /// Whom it is about.
    pub user: &'a User,
    /// That user, as the application knows them (OIDC Core §8).
    pub sub: &'a str,
    /// The session, as the application knows it.
    pub sid: &'a str,
    /// From the authorization request; absent in refreshed tokens (OIDC Core §12.2).
    pub nonce: Option<&'a str>,
    /// When the user last gave a proof.
    pub auth_time: Timestamp,
    /// The name of the class reached, from [`crate::authorize::AcrRequest::name_for`].
    pub acr: &'a str,
    /// The methods used.
    pub amr: &'a [String],
    /// The moment of issue.
    pub now: Timestamp,
    /// Lifetime in seconds.
    pub lifetime: i64,
    /// What is told about the user, as it is at userinfo, where applications often do not ask (OIDC Core §5.4).
    pub asked: AskedClaims<'a>,
    /// The access token that is issued with it, for `at_hash`.
    pub access_token: Option<&'a str>,
}

/// Signs an ID token with the key's algorithm.
///
/// # Errors
/// [`TokenError`] when the issuer or a time cannot be expressed, or the signature fails.
pub fn id_token(input: &IdTokenInput<'_>, key: &SigningKey) -> Result<String, TokenError> {
    let sid = Some(input.sid.to_owned());
    let about = input.asked.about(input.user, ToldIn::IdToken);
    let claims = IdTokenClaims::new(
        IssuerUrl::new(input.issuer.to_owned())?,
        vec![Audience::new(input.client_id.to_owned())],
        calendar(input.now + input.lifetime)?,
        calendar(input.now)?,
        StandardClaims::new(SubjectIdentifier::new(input.sub.to_owned())),
        IdTokenExtra { sid, about },
    );
    let amr = input.amr.iter().cloned().map(AuthenticationMethodReference::new).collect();
    let claims = claims
        .set_auth_time(Some(calendar(input.auth_time)?))
        .set_nonce(input.nonce.map(|nonce| Nonce::new(nonce.to_owned())))
        .set_auth_context_ref(Some(AuthenticationContextClass::new(input.acr.to_owned())))
        .set_auth_method_refs(Some(amr));
    let access_token = input.access_token.map(|token| AccessToken::new(token.to_owned()));
    let token: SignedIdToken = IdToken::new(claims, key, key.alg().into(), access_token.as_ref(), None)?;
    Ok(token.to_string())
}

fn calendar(at: Timestamp) -> Result<DateTime<Utc>, TokenError> {
    DateTime::from_timestamp(at.as_seconds(), 0).ok_or(TokenError::Time)
}
