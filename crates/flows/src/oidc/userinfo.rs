//! Userinfo (OIDC Core §5.3).

use crate::{
    base::{cx::Cx, failure::Failure},
    oidc::Oidc,
};
use serde_json::Value;
use vestibule_domain::Client;
use vestibule_oidc::{
    ErrorCode, OAuthError,
    bearer::{Credential, Scheme},
    claims::ClaimsParameter,
    dpop::{BadProof, ProofOf},
    tokens::{AccessTokenClaims, Confirmation, WrongToken},
    userinfo,
};
use vestibule_store::records::GrantRow;

/// A token as it was presented at userinfo.
pub struct Presented<'a> {
    /// The token, and how.
    pub credential: Credential<'a>,
    /// The value of the `DPoP` header.
    pub proof: Option<&'a str>,
    /// The method of the request, in capitals.
    pub method: &'a str,
    /// The URL of userinfo, as applications know it.
    pub url: &'a str,
}

impl Oidc<'_> {
    /// Userinfo (OIDC Core §5.3): the claims of the user whose access token this is, as long as the grant lives.
    ///
    /// # Errors
    /// [`Failure`] when the database fails; the inner error is the protocol's.
    pub async fn userinfo(
        self,
        cx: &Cx,
        presented: Presented<'_>,
    ) -> Result<Result<Value, OAuthError>, Failure> {
        let claims = match self.read_access_token(cx, presented.credential.token) {
            Ok(claims) => claims,
            Err(error) => return Ok(Err(error)),
        };
        if let Err(error) = self.proved_to_have(cx, &presented, &claims).await? {
            return Ok(Err(error.with_client(&claims.client_id)));
        }
        if let Err(error) = claims.require_audience(&cx.pool.issuer) {
            return Ok(Err(error.with_client(&claims.client_id)));
        }
        let refused = |error: OAuthError| Ok(Err(error.with_client(&claims.client_id)));
        let invalid = |why: WrongToken| refused(OAuthError::invalid_token().with_cause(why));
        if !claims.has_scope("openid") {
            return refused(OAuthError::new(ErrorCode::InsufficientScope, "the openid scope is needed"));
        }
        let Some(subject) = claims.subject.user() else { return invalid(WrongToken::Subject) };
        let Some(granted) = self.app.pool_store(cx).live_grant(subject.gid, cx.now).await? else {
            return invalid(WrongToken::GrantOver);
        };
        let Some(client) = cx.pool.client(&claims.client_id) else {
            return invalid(WrongToken::UnknownClient(claims.client_id.clone()));
        };
        let requested = claims_of(client, &granted.grant);
        Ok(Ok(userinfo(&granted.user, &claims.scopes(), requested.as_ref())))
    }
}

impl Oidc<'_> {
    /// Checks that a bound token comes with a proof of its key, and an unbound one without (RFC 9449 §7.1 and §7.2).
    async fn proved_to_have(
        self,
        cx: &Cx,
        presented: &Presented<'_>,
        claims: &AccessTokenClaims,
    ) -> Result<Result<(), OAuthError>, Failure> {
        let invalid = || Ok(Err(OAuthError::invalid_token().with_cause(WrongToken::Binding)));
        let bound = match (&claims.cnf, presented.credential.scheme) {
            (None, Scheme::Bearer) => return Ok(Ok(())),
            (Some(Confirmation::Key(jkt)), Scheme::Dpop) => jkt,
            _ => return invalid(),
        };
        let Some(proof) = presented.proof else { return Ok(Err(BadProof::Missing.into())) };
        let Some(client) = cx.pool.client(&claims.client_id) else {
            let why = WrongToken::UnknownClient(claims.client_id.clone());
            return Ok(Err(OAuthError::invalid_token().with_cause(why)));
        };
        let Presented { method, url, .. } = *presented;
        let token = Some(presented.credential.token);
        let of = ProofOf { proof, method, url, token, client, now: cx.now };
        Ok(match self.proof_checked(cx, of).await? {
            Ok(key) if key.jkt == *bound => Ok(()),
            Ok(_) => return invalid(),
            Err(error) => Err(error),
        })
    }
}

/// The single claims that were asked for, limited to what the application may have now.
pub(super) fn claims_of(client: &Client, grant: &GrantRow) -> Option<ClaimsParameter> {
    let text = grant.claims.as_deref()?;
    ClaimsParameter::parse(text).ok().map(|claims| claims.limited_to(client))
}
