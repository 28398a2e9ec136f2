//! Whether an access token still counts, for whoever asks here: what an operator has left of it, and what it hangs on.

use crate::{
    base::{cx::Cx, failure::Failure},
    oidc::Oidc,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use vestibule_domain::{Client, GrantType, PoolSettings, TrustedIssuer};
use vestibule_oidc::{
    OneTime,
    audience::Audience,
    tokens::{AccessTokenClaims, Obtained, Subject},
};
use vestibule_store::records::GrantWithUser;

/// Seconds by which nodes' clocks may differ: a token that was given back is remembered until no node takes it any more.
const CLOCKS: i64 = 60;

/// What a living token hangs on.
pub(super) enum Life {
    /// What a user granted.
    OfUser(Box<GrantWithUser>),
    /// The application itself.
    OfApplication,
}

/// What is left of granted scopes: an operator may have taken some from the application since.
pub(in crate::oidc) fn still_registered(client: &Client, granted: &[String]) -> Vec<String> {
    let registered = |scope: &&String| *scope == "openid" || client.scopes.contains(scope);
    granted.iter().filter(registered).cloned().collect()
}

/// What an operator has left of a token: readers, and the scopes that are for them. Nothing when no reader is left.
pub(super) fn left_of(cx: &Cx, mut claims: AccessTokenClaims) -> Option<AccessTokenClaims> {
    let client = cx.pool.client(&claims.client_id)?;
    let (PoolSettings { apis, attributes, .. }, issuer) = (&cx.pool.pool.settings, &cx.pool.issuer);
    let mut scopes = still_registered(client, &claims.scopes());
    if claims.acting.obtained == Some(Obtained::Exchanged) {
        claims.aud.retain(|api| client.may_exchange_for(api));
        scopes.retain(|scope| client.may_exchange_into(&claims.aud, scope));
    }
    let left = Audience::left_of(client, apis, issuer, &claims.aud)?;
    claims.scope = left.scopes(apis, attributes, &scopes).join(" ");
    claims.aud = left.names(issuer);
    Some(claims)
}

/// What is remembered of a token that was given back alone.
pub(super) fn given_back(claims: &AccessTokenClaims) -> OneTime {
    let exp = claims.times.exp.unwrap_or_default();
    let until = vestibule_domain::Timestamp::from_seconds(exp.saturating_add(CLOCKS));
    OneTime::new("token-given-back", &claims.client_id, &claims.jti, until)
}

/// Whose word a grant came of: what its `basis` says, where it came of no sign-in.
#[derive(Serialize, Deserialize)]
pub(super) struct Word {
    trusted_issuer: String,
}

impl Word {
    /// The word of that issuer, as it is stored.
    pub(super) fn of(issuer: &str) -> String {
        json!(Self { trusted_issuer: issuer.to_owned() }).to_string()
    }

    /// The issuer that is stored.
    pub(super) fn issuer(basis: &str) -> Option<String> {
        serde_json::from_str::<Self>(basis).ok().map(|word| word.trusted_issuer)
    }
}

/// The issuer whose word a grant came of, if the pool still trusts it.
fn trusted_for<'a>(cx: &'a Cx, granted: &GrantWithUser) -> Option<&'a TrustedIssuer> {
    let issuer = Word::issuer(&granted.grant.basis)?;
    cx.pool.pool.settings.trusted_issuers.iter().find(|one| one.issuer == issuer)
}

/// Whether the pool still trusts whoever's word a token came of, for this application and these APIs.
fn still_trusted(cx: &Cx, client: &Client, claims: &AccessTokenClaims, granted: &GrantWithUser) -> bool {
    let serves =
        |one: &TrustedIssuer| one.serves(&client.id) && claims.aud.iter().all(|api| one.apis.contains(api));
    client.may_assert() && trusted_for(cx, granted).is_some_and(serves)
}

impl Life {
    /// What is left of a living token: of one for the word of an issuer the scopes that this one may still give.
    pub(super) fn left_of(&self, cx: &Cx, mut claims: AccessTokenClaims) -> AccessTokenClaims {
        if let Self::OfUser(granted) = self
            && claims.acting.obtained == Some(Obtained::Asserted)
        {
            let issuer = trusted_for(cx, granted);
            let mut scopes = claims.scopes();
            scopes.retain(|scope| issuer.is_some_and(|one| one.scopes.contains(scope)));
            claims.scope = scopes.join(" ");
        }
        claims
    }
}

impl Oidc<'_> {
    /// What a token of this pool hangs on, as long as it lives.
    pub(super) async fn life_of(self, cx: &Cx, claims: &AccessTokenClaims) -> Result<Option<Life>, Failure> {
        let Some(client) = cx.pool.client(&claims.client_id) else { return Ok(None) };
        let Subject::User(user) = &claims.subject else {
            return Ok(client.may_use(GrantType::ClientCredentials).then_some(Life::OfApplication));
        };
        let store = self.app.pool_store(cx);
        let Some(granted) = store.live_grant(user.gid, cx.now).await? else { return Ok(None) };
        if claims.acting.obtained == Some(Obtained::Exchanged) {
            // It is another application's grant, which that one has to be there for.
            let gone = cx.pool.client(&granted.grant.client_id).is_none();
            if gone || store.is_spent(&given_back(claims).digest).await? {
                return Ok(None);
            }
        }
        if claims.acting.obtained == Some(Obtained::Asserted) && !still_trusted(cx, client, claims, &granted)
        {
            return Ok(None);
        }
        if !self.chain_lives(cx, claims).await? {
            return Ok(None);
        }
        Ok(Some(Life::OfUser(Box::new(granted))))
    }

    /// Whether all who are told to act, now or before, still may: their applications exchange tokens, and their own sign-ins are
    /// not over. Somebody in the middle whose right was taken away leaves nothing behind.
    async fn chain_lives(self, cx: &Cx, claims: &AccessTokenClaims) -> Result<bool, Failure> {
        let store = self.app.pool_store(cx);
        let mut next = claims.acting.act.as_ref();
        while let Some(actor) = next {
            if !cx.pool.client(&actor.client_id).is_some_and(Client::may_exchange) {
                return Ok(false);
            }
            if let Some(gid) = actor.gid
                && store.live_grant(gid, cx.now).await?.is_none()
            {
                return Ok(false);
            }
            next = actor.act.as_deref();
        }
        Ok(true)
    }
}
