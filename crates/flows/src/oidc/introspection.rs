//! What a token says, told to its application and to the APIs that it is for (RFC 7662).

use crate::{
    base::{cx::Cx, failure::Failure},
    oidc::{
        Oidc,
        living::{left_of, still_registered},
    },
};
use vestibule_domain::{Client, ClientKind};
use vestibule_oidc::{
    BackChannelRequest, OAuthError,
    introspection::{Introspection, RefreshTimes},
};
use vestibule_seal::sha256;

/// The answer of the endpoint.
pub enum Introspected {
    /// As JSON.
    Plain(Introspection),
    /// As a signed token (RFC 9701).
    Signed(String),
}

impl Oidc<'_> {
    /// `POST /oidc/introspect` (RFC 7662 §2). An application is told about its own tokens, and one that serves an API about the
    /// tokens that are for it; of any other token nobody learns whether it exists.
    ///
    /// # Errors
    /// [`Failure`] when the database or the signature fails; the inner error is the protocol's.
    pub async fn introspect(
        self,
        cx: &Cx,
        request: BackChannelRequest,
        signed: bool,
    ) -> Result<Result<Introspected, OAuthError>, Failure> {
        let client = match self.authenticated(cx, &request).await? {
            Ok(client) => client,
            Err(error) => return Ok(Err(error)),
        };
        // Whoever need not say who it is could try tokens out (§2.1).
        if client.kind == ClientKind::Public {
            return Ok(Err(OAuthError::invalid_client().with_client(&client.id)));
        }
        let token = match request.form.require("token") {
            Ok(token) => token,
            Err(error) => return Ok(Err(error.with_client(&client.id))),
        };
        let told = self.told_of(cx, &client, token).await?;
        if !signed {
            return Ok(Ok(Introspected::Plain(told)));
        }
        let key = cx.pool.key_for(&client.id)?;
        let token = told.signed(&cx.pool.issuer, &client.id, cx.now, key).map_err(Failure::internal)?;
        Ok(Ok(Introspected::Signed(token)))
    }

    /// `token_type_hint` need not be heeded (§2.1): a token shows what it is.
    async fn told_of(self, cx: &Cx, asks: &Client, token: &str) -> Result<Introspection, Failure> {
        let Ok(claims) = self.read_access_token(cx, token) else {
            return self.told_of_refresh(cx, asks, token).await;
        };
        // Whom it concerns is asked of what is left: an API whose tokens were taken away is none of its readers.
        let Some(claims) = left_of(cx, claims) else { return Ok(Introspection::inactive()) };
        let concerned =
            claims.client_id == asks.id || claims.aud.iter().any(|api| asks.introspects.contains(api));
        if concerned && let Some(life) = self.life_of(cx, &claims).await? {
            return Ok(Introspection::access(life.left_of(cx, claims)));
        }
        Ok(Introspection::inactive())
    }

    async fn told_of_refresh(self, cx: &Cx, asks: &Client, token: &str) -> Result<Introspection, Failure> {
        let store = self.app.pool_store(cx);
        let found = store.waiting_refresh_token(&sha256(token.as_bytes()), cx.now).await?;
        let Some(row) = found.filter(|row| row.client_id == asks.id) else {
            return Ok(Introspection::inactive());
        };
        let Some(granted) = store.live_grant(row.grant, cx.now).await? else {
            return Ok(Introspection::inactive());
        };
        let scopes = still_registered(asks, &granted.grant.scopes);
        let times = RefreshTimes { issued_at: row.issued_at, expires_at: row.expires_at };
        let sub = cx.pool.subject_of(asks, granted.grant.user)?;
        Ok(Introspection::refresh(&cx.pool.issuer, sub, &asks.id, &scopes, times))
    }
}
