//! A factor's challenge between being put and being answered: stored sealed, taken once.

use crate::{app::App, context::Cx, error::Failure};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vestibule_domain::{CeremonyId, Credential, FactorKind, FlowId, SessionId, User};
use vestibule_mfa::{
    Ceremony, CeremonyState, FactorCx, FactorError, FactorView, SecondFactor, Subject, guarded,
};
use vestibule_seal::{AssociatedData, Sealed, sha256};
use vestibule_store::records::CeremonyRow;

/// What a ceremony is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    Verify,
    Enrol,
}

impl Purpose {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Enrol => "enrol",
        }
    }
}

/// What a ceremony belongs to; no other flow or session can answer it.
#[derive(Clone, Copy)]
pub(crate) enum Bound {
    Flow(FlowId),
    Session(SessionId),
}

impl Bound {
    pub(crate) fn digest(self) -> [u8; 32] {
        let (label, id) = match self {
            Self::Flow(id) => ("flow", id.as_uuid()),
            Self::Session(id) => ("session", id.as_uuid()),
        };
        sha256(&[label.as_bytes(), id.as_bytes()].concat())
    }
}

#[derive(Serialize, Deserialize)]
struct Content {
    state: String,
    template: String,
    data: Value,
}

/// A ceremony as it was read back.
pub(crate) struct Held {
    pub(crate) row: CeremonyRow,
    pub(crate) state: CeremonyState,
    pub(crate) view: FactorView,
}

impl Held {
    /// The view with the ceremony's identifier in it, for the page.
    pub(crate) fn page_view(&self) -> FactorView {
        let mut view = self.view.clone();
        if let Value::Object(fields) = &mut view.data {
            fields.insert("ceremony".to_owned(), Value::String(self.row.id.to_string()));
        }
        view
    }
}

impl App {
    pub(crate) fn factor(&self, kind: &FactorKind) -> Result<&dyn SecondFactor, Failure> {
        self.registry.get(kind).ok_or_else(|| Failure::internal(format!("no factor of kind {kind}")))
    }

    /// Runs something of a factor with the context it may see; a panic is its failure and nobody else's.
    pub(crate) fn with_factor<T>(
        &self,
        cx: &Cx,
        user: &User,
        run: impl FnOnce(&FactorCx<'_>) -> Result<T, FactorError>,
    ) -> Result<T, FactorError> {
        let account = user.email.as_deref().unwrap_or(&user.username);
        let factor_cx = FactorCx {
            now: cx.now,
            entropy: self.entropy.as_ref(),
            keys: &self.keys,
            pool: &cx.pool.pool,
            subject: Subject { user: user.id, account },
        };
        guarded(|| run(&factor_cx))
    }

    /// Begins a ceremony of a factor and seals it for the database.
    pub(crate) fn begin_ceremony(
        &self,
        cx: &Cx,
        user: &User,
        own: &[Credential],
        (kind, purpose, bound): (&FactorKind, Purpose, Bound),
    ) -> Result<CeremonyRow, Failure> {
        let factor = self.factor(kind)?;
        let begun = self.with_factor(cx, user, |factor_cx| match purpose {
            Purpose::Verify => factor.begin_verify(factor_cx, own),
            Purpose::Enrol => factor.begin_enrol(factor_cx, own),
        });
        let Ceremony { state, view, .. } = begun.map_err(Failure::internal)?;
        let content =
            Content { state: URL_SAFE_NO_PAD.encode(&state.0), template: view.template, data: view.data };
        let plain = serde_json::to_vec(&content).map_err(Failure::internal)?;
        let ad = ceremony_ad(cx, user, kind, purpose, bound);
        Ok(CeremonyRow {
            id: CeremonyId::new(cx.now, self.entropy.as_ref()),
            user: user.id,
            kind: kind.clone(),
            purpose: purpose.as_str().to_owned(),
            bound_to: bound.digest(),
            state: self.keys.seal(self.entropy.as_ref(), &ad, &plain).into_bytes(),
            expires_at: cx.now + cx.pool.pool.settings.lifetimes.flow,
        })
    }

    /// The ceremony that is waiting for an answer, not taken.
    pub(crate) async fn held_ceremony(
        &self,
        cx: &Cx,
        user: &User,
        purpose: Purpose,
        bound: Bound,
    ) -> Result<Option<Held>, Failure> {
        let found = self.pool_store(cx).ceremony(&bound.digest(), purpose.as_str(), cx.now).await?;
        let Some(row) = found.filter(|row| row.user == user.id) else { return Ok(None) };
        let ad = ceremony_ad(cx, user, &row.kind, purpose, bound);
        let plain = self.keys.open(&ad, &Sealed::from_bytes(row.state.clone())).map_err(Failure::internal)?;
        let content: Content = serde_json::from_slice(&plain).map_err(Failure::internal)?;
        let state = CeremonyState(URL_SAFE_NO_PAD.decode(content.state).map_err(Failure::internal)?);
        Ok(Some(Held { row, state, view: FactorView { template: content.template, data: content.data } }))
    }

    /// The same ceremony under a new identifier, for another try.
    pub(crate) fn renewed(&self, cx: &Cx, held: &Held) -> CeremonyRow {
        CeremonyRow { id: CeremonyId::new(cx.now, self.entropy.as_ref()), ..held.row.clone() }
    }
}

fn ceremony_ad(cx: &Cx, user: &User, kind: &FactorKind, purpose: Purpose, bound: Bound) -> AssociatedData {
    AssociatedData::new("ceremony")
        .with(cx.pool.pool.id.as_bytes())
        .with(user.id.as_bytes())
        .with(kind.as_str())
        .with(purpose.as_str())
        .with(bound.digest())
}
