//! Userinfo (OIDC Core §5.3).

use crate::{
    base::{cx::Cx, failure::Failure},
    oidc::Oidc,
};
use serde_json::Value;
use vestibule_domain::Client;
use vestibule_oidc::{ErrorCode, OAuthError, claims::ClaimsParameter, tokens::WrongToken, userinfo};
use vestibule_store::records::GrantRow;

impl Oidc<'_> {
    /// Userinfo (OIDC Core §5.3): the claims of the user whose access token this is, as long as the grant lives.
    ///
    /// # Errors
    /// [`Failure`] when the database fails; the inner error is the protocol's.
    pub async fn userinfo(self, cx: &Cx, token: &str) -> Result<Result<Value, OAuthError>, Failure> {
        let claims = match self.read_access_token(cx, token) {
            Ok(claims) => claims,
            Err(error) => return Ok(Err(error)),
        };
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

/// The single claims that were asked for, limited to what the application may have now.
pub(super) fn claims_of(client: &Client, grant: &GrantRow) -> Option<ClaimsParameter> {
    let text = grant.claims.as_deref()?;
    ClaimsParameter::parse(text).ok().map(|claims| claims.limited_to(client))
}
