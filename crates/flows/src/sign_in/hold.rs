//! The gate once more, inside the transaction of a change.
//!
//! Between the gate and the change the session can end, the account can be disabled, factors and rules can change. So a change
//! holds the user and the session first, reads everything again, and judges by that.

use crate::{
    base::{
        app::App,
        cx::{Cx, Live},
    },
    factor::call::PoolAt,
    policy::offers::Offers,
    sign_in::{
        gate::{Admitted, Gated},
        intent::{Wish, requirement_for},
    },
};
use std::collections::BTreeSet;
use vestibule_domain::{FactorKind, Pool, Requirement, SessionId, UserId, UserStatus};
use vestibule_store::{PoolTx, StoreError};

/// What a change has to hold before it is made.
#[derive(Clone)]
pub(crate) struct Hold {
    app: App,
    cx: Cx,
    user: UserId,
    session: SessionId,
    wish: Wish,
    /// The kinds of factor that can be used now.
    available: BTreeSet<FactorKind>,
}

/// A user, their session and their factors as of now; nobody else changes them until the transaction ends.
pub(crate) struct Held {
    pub(crate) live: Live,
    pub(crate) offers: Offers,
    /// What was required, and is met.
    pub(crate) requirement: Requirement,
    /// The pool, where its settings are no longer those of the request.
    pub(crate) changed: Option<Pool>,
}

impl<A: Gated> Admitted<A> {
    /// What a change holds that this proof is for.
    pub(crate) fn hold(&self, app: &App, cx: &Cx) -> Hold {
        Hold::of(app, cx, &self.live, Wish::Account(self.action().action()))
    }
}

impl Hold {
    /// What an answer holds that a session gives.
    pub(crate) fn of(app: &App, cx: &Cx, live: &Live, wish: Wish) -> Self {
        let Live { session, user } = live;
        Self {
            app: app.clone(),
            cx: cx.clone(),
            user: user.id,
            session: session.id,
            wish,
            available: app.policies().available(app.factors().at(cx), user),
        }
    }

    /// Holds the user and the session. `None`: the session has ended, the account is disabled, or the session does not give
    /// any more what the action asks for by the factors and rules of now.
    pub(crate) async fn enter(&self, tx: &PoolTx) -> Result<Option<Held>, StoreError> {
        let now = self.cx.now;
        let Some((user, changed)) = tx.locked_user(self.user, self.cx.pool.pool.version).await? else {
            return Ok(None);
        };
        let Some(session) = tx.hold_session(self.user, self.session, now).await? else { return Ok(None) };
        let pool = changed.as_ref().unwrap_or(&self.cx.pool.pool);
        if user.status != UserStatus::Active || !session.is_alive(&pool.settings.lifetimes, now) {
            return Ok(None);
        }
        let at = PoolAt { pool, now, can_mail: self.app.can_mail() };
        let policies = self.app.policies();
        let policy = policies.policy_after(at, &user, self.wish.application().as_ref(), &session.events);
        let offers = policies.offers_among(&self.available, pool, policy, tx.factors(user.id).await?);
        let required = requirement_for(at, &self.wish, &offers, &session.events, Some(session.created_at));
        let met = required.ok().filter(|requirement| requirement.is_met_by(&session.events, now));
        Ok(met.map(|requirement| Held { live: Live { session, user }, offers, requirement, changed }))
    }
}
