//! What a factor shows only once, kept until its owner says that it is saved: sealed, for as long as a sign-in may take,
//! and only for the sign-in or the session that made it. A reload shows the same; nothing of it is ever in an address.

use crate::base::{
    app::App,
    bound::{Bound, REVEAL},
    cx::Cx,
    failure::Failure,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vestibule_domain::{CeremonyId, FactorKind, User, UserId};
use vestibule_mfa::FactorView;
use vestibule_seal::{AssociatedData, Sealed};
use vestibule_store::records::CeremonyRow;

/// What is shown only once.
#[derive(Clone)]
pub struct Revealed {
    /// The factor that shows it.
    pub kind: FactorKind,
    /// Its part of the page.
    pub view: FactorView,
    /// Whose it is.
    pub account: String,
}

#[derive(Serialize, Deserialize)]
struct Content {
    template: String,
    data: Value,
}

impl App {
    fn reveal_ad(cx: &Cx, user: UserId, bound: Bound) -> AssociatedData {
        AssociatedData::new(REVEAL)
            .with(cx.pool.pool.id.as_bytes())
            .with(user.as_bytes())
            .with(bound.digest())
    }

    /// The row that keeps it.
    pub(crate) fn reveal_row(
        &self,
        cx: &Cx,
        user: UserId,
        bound: Bound,
        revealed: &Revealed,
    ) -> Result<CeremonyRow, Failure> {
        let FactorView { template, data } = revealed.view.clone();
        let plain = serde_json::to_vec(&Content { template, data }).map_err(Failure::internal)?;
        let sealed = self.keys().seal(self.entropy().as_ref(), &Self::reveal_ad(cx, user, bound), &plain);
        Ok(CeremonyRow {
            id: CeremonyId::new(cx.now, self.entropy().as_ref()),
            user,
            kind: revealed.kind.clone(),
            purpose: REVEAL.to_owned(),
            bound_to: bound.digest(),
            state: sealed.into_bytes(),
            expires_at: cx.now + cx.pool.pool.settings.lifetimes.flow,
        })
    }

    /// What the row keeps, for its owner.
    pub(crate) fn revealed(
        &self,
        cx: &Cx,
        user: &User,
        bound: Bound,
        row: CeremonyRow,
    ) -> Result<Option<Revealed>, Failure> {
        if row.user != user.id {
            return Ok(None);
        }
        let ad = Self::reveal_ad(cx, user.id, bound);
        let plain = self.keys().open(&ad, &Sealed::from_bytes(row.state)).map_err(Failure::internal)?;
        let Content { template, data } = serde_json::from_slice(&plain).map_err(Failure::internal)?;
        let account = user.username.clone();
        Ok(Some(Revealed { kind: row.kind, view: FactorView { template, data }, account }))
    }
}
