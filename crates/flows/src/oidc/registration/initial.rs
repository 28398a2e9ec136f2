//! Initial access tokens (RFC 7591 §3): one application may be registered with each, for a short time.

use crate::{
    base::{app::App, cx::Cx, failure::Failure},
    oidc::Oidc,
};
use serde::{Deserialize, Serialize};
use vestibule_domain::{PoolId, Timestamp};
use vestibule_oidc::OneTime;
use vestibule_seal::AssociatedData;

#[derive(Serialize, Deserialize)]
struct Initial {
    id: String,
    expires_at: Timestamp,
}

/// An initial access token, to be shown once.
pub struct InitialToken {
    /// The token.
    pub token: String,
    /// From then on it is worth nothing.
    pub expires_at: Timestamp,
}

fn sealed_for(pool: PoolId) -> AssociatedData {
    AssociatedData::new("initial-access-token").with(pool.as_bytes())
}

impl App {
    /// Nothing is stored: the token is sealed for its pool, and that it was used is written down with what it made.
    pub(crate) fn initial_token(&self, pool: PoolId, life: i64) -> Result<InitialToken, Failure> {
        let expires_at = self.now() + life;
        let initial = Initial { id: self.secret(), expires_at };
        let token = self.seal_value(&sealed_for(pool), &initial).map_err(Failure::internal)?;
        Ok(InitialToken { token, expires_at })
    }
}

impl Oidc<'_> {
    /// What is spent with a token that is good now.
    pub(super) fn initial(self, cx: &Cx, token: &str) -> Option<OneTime> {
        let pool = cx.pool.pool.id;
        let initial: Initial = self.app.open_value(&sealed_for(pool), token).ok()?;
        let good = cx.now < initial.expires_at;
        good.then(|| OneTime::new("initial-access-token", "", &initial.id, initial.expires_at))
    }
}
