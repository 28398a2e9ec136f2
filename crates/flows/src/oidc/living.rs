//! Whether an access token still counts, for whoever asks here: what an operator has left of it, and what it hangs on.

use crate::{
    base::{cx::Cx, failure::Failure},
    oidc::Oidc,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use vestibule_domain::{Client, GrantType, PoolSettings};
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
    if claims.acting.obtained == Some(Obtained::Exchanged) {
        claims.aud.retain(|api| client.may_exchange_for(api));
    }
    let left = Audience::left_of(client, apis, issuer, &claims.aud)?;
    claims.scope = left.scopes(apis, attributes, &still_registered(client, &claims.scopes())).join(" ");
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

/// Whether the pool still trusts whoever's word a token came of, for this application and these APIs.
fn still_trusted(cx: &Cx, client: &Client, claims: &AccessTokenClaims, granted: &GrantWithUser) -> bool {
    let issuer = Word::issuer(&granted.grant.basis).unwrap_or_default();
    let trusted = cx.pool.pool.settings.trusted_issuers.iter().find(|one| one.issuer == issuer);
    client.may_assert()
        && trusted
            .is_some_and(|one| one.serves(&client.id) && claims.aud.iter().all(|api| one.apis.contains(api)))
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
        let acts = claims.acting.act.as_ref().and_then(|actor| actor.gid);
        if let Some(gid) = acts
            && store.live_grant(gid, cx.now).await?.is_none()
        {
            return Ok(None);
        }
        Ok(Some(Life::OfUser(Box::new(granted))))
    }
}
