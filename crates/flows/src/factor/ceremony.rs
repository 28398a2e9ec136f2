//! A factor's challenge from the moment it is shown until it is answered: stored sealed, taken once.

use crate::{
    base::{
        bound::Bound,
        budget::{of_mailbox, of_pool, of_source},
        cx::Cx,
        failure::Failure,
        notice::{Letter, Notice},
        outbox::{ReadyMail, queue},
    },
    factor::{Claimant, Factors},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeSet, sync::Arc};
use vestibule_domain::{Budget, CeremonyId, FactorKind, FlowId, Timestamp, User, UserId};
use vestibule_mfa::{Aftermath, Ceremony, CeremonyState, FactorError, FactorInput, FactorView};
use vestibule_seal::{AssociatedData, Sealed};
use vestibule_store::{
    BudgetKey, PoolTx, StoreError,
    records::{CeremonyKey, CeremonyRow},
};

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

/// What a ceremony is good for. None can stand in for another.
#[derive(Clone, Copy)]
pub(crate) struct CeremonyBinding {
    pub(crate) purpose: Purpose,
    pub(crate) bound: Bound,
}

impl CeremonyBinding {
    /// An answer in a sign-in.
    pub(crate) const fn verify(flow: FlowId) -> Self {
        Self { purpose: Purpose::Verify, bound: Bound::Flow(flow) }
    }

    /// An enrolment in a sign-in or in the user center.
    pub(crate) const fn enrol(bound: Bound) -> Self {
        Self { purpose: Purpose::Enrol, bound }
    }
}

#[derive(Serialize, Deserialize)]
struct SealedCeremony {
    state: String,
    template: String,
    data: Value,
}

/// The longest state of a challenge, in bytes.
const MOST_STATE: usize = 64 * 1024;

/// The longest data of a challenge's page, in bytes of JSON.
const MOST_SHOWN: usize = 256 * 1024;

/// A ceremony that begins: its row, and what has to be mailed for it.
#[derive(Clone)]
pub(crate) struct NewCeremony {
    pub(crate) row: CeremonyRow,
    now: Timestamp,
    mails: Vec<ReadyMail>,
    /// What the mail is taken from.
    counted: Vec<BudgetKey>,
}

/// Whether the mails of a ceremony could be queued.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mailed {
    Yes,
    /// The address has had too many; this challenge can only be answered by another way.
    TooMany,
}

impl NewCeremony {
    pub(crate) async fn store(&self, tx: &PoolTx) -> Result<Mailed, StoreError> {
        tx.insert_ceremony(&self.row).await?;
        if tx.spend_budgets(&self.counted, self.now).await?.is_some() {
            return Ok(Mailed::TooMany);
        }
        queue(tx, &self.mails).await?;
        Ok(Mailed::Yes)
    }
}

/// A ceremony as it was read back.
pub(crate) struct WaitingCeremony {
    pub(crate) row: CeremonyRow,
    binding: CeremonyBinding,
    pub(crate) state: CeremonyState,
    pub(crate) view: FactorView,
}

impl WaitingCeremony {
    /// The view with the ceremony's identifier in it, for the page.
    pub(crate) fn page_view(&self) -> FactorView {
        let mut view = self.view.clone();
        if let Value::Object(fields) = &mut view.data {
            fields.insert("ceremony".to_owned(), Value::String(self.row.id.to_string()));
        }
        view
    }
}

impl Factors<'_> {
    /// Begins a ceremony of a factor and seals it for the database.
    pub(crate) async fn begin_ceremony(
        self,
        cx: &Cx,
        claimant: Claimant<'_>,
        kind: &FactorKind,
        binding: CeremonyBinding,
    ) -> Result<NewCeremony, Failure> {
        let (user, CeremonyBinding { purpose, bound }) = (claimant.user, binding);
        let templates = Arc::clone(self.app.templates());
        let begun = self.call(cx, claimant, kind, move |factor, factor_cx, own| {
            let begun = match purpose {
                Purpose::Verify => factor.begin_verify(factor_cx, own),
                Purpose::Enrol => factor.begin_enrol(factor_cx, own),
            };
            checked_ceremony(&factor.kind(), &templates, begun?)
        });
        let Ceremony { state, view, outbox } = begun.await.map_err(Failure::internal)?;
        let ad = ceremony_ad(cx, user, kind, binding);
        let row = CeremonyRow {
            id: CeremonyId::new(cx.now, self.app.entropy().as_ref()),
            user: user.id,
            kind: kind.clone(),
            purpose: purpose.as_str().to_owned(),
            bound_to: bound.digest(),
            state: self.seal_content(&ad, &state, &view)?,
            expires_at: cx.now + cx.pool.pool.settings.lifetimes.flow,
        };
        let keys = |to: &str| {
            let shared =
                of_source(cx, Budget::CodeFromSource).into_iter().chain([of_pool(Budget::CodeAtPool)]);
            shared.chain([of_mailbox(to, Budget::CodeToMailbox)]).collect::<Vec<_>>()
        };
        let counted = outbox.first().map(|message| keys(message.to.as_str()));
        let letters = outbox.into_iter().map(|message| {
            let notice = Notice::FactorMail { template: message.template, data: message.data };
            Letter::code(cx, user, message.to.as_str(), notice)
        });
        let mails = self.app.letters(&cx.pool.pool, cx.now, letters)?;
        let counted = counted.into_iter().flatten().collect();
        Ok(NewCeremony { row, now: cx.now, mails, counted })
    }

    fn seal_content(
        self,
        ad: &AssociatedData,
        state: &CeremonyState,
        view: &FactorView,
    ) -> Result<Vec<u8>, Failure> {
        let (template, data) = (view.template.clone(), view.data.clone());
        let content = SealedCeremony { state: URL_SAFE_NO_PAD.encode(&state.0), template, data };
        let plain = serde_json::to_vec(&content).map_err(Failure::internal)?;
        Ok(self.app.keys().seal(self.app.entropy().as_ref(), ad, &plain).into_bytes())
    }

    /// The ceremony that is waiting for an answer, not taken.
    pub(crate) async fn held_ceremony(
        self,
        cx: &Cx,
        user: &User,
        binding: CeremonyBinding,
    ) -> Result<Option<WaitingCeremony>, Failure> {
        let CeremonyBinding { purpose, bound } = binding;
        let found = self.app.pool_store(cx).ceremony(&bound.digest(), purpose.as_str(), cx.now).await?;
        match found.filter(|row| row.user == user.id) {
            Some(row) => self.open_ceremony(cx, user, row, binding).map(Some),
            None => Ok(None),
        }
    }

    /// Of the ceremonies that wait for a sign-in, the one for this purpose; not taken.
    pub(crate) fn waiting(
        self,
        cx: &Cx,
        user: &User,
        flow: FlowId,
        waiting: &[CeremonyRow],
        purpose: Purpose,
    ) -> Result<Option<WaitingCeremony>, Failure> {
        let newest = waiting.iter().find(|row| row.purpose == purpose.as_str()).cloned();
        let binding = CeremonyBinding { purpose, bound: Bound::Flow(flow) };
        newest.map(|row| self.open_ceremony(cx, user, row, binding)).transpose()
    }

    fn open_ceremony(
        self,
        cx: &Cx,
        user: &User,
        row: CeremonyRow,
        binding: CeremonyBinding,
    ) -> Result<WaitingCeremony, Failure> {
        let ad = ceremony_ad(cx, user, &row.kind, binding);
        let plain =
            self.app.keys().open(&ad, &Sealed::from_bytes(row.state.clone())).map_err(Failure::internal)?;
        let content: SealedCeremony = serde_json::from_slice(&plain).map_err(Failure::internal)?;
        let state = CeremonyState(URL_SAFE_NO_PAD.decode(content.state).map_err(Failure::internal)?);
        Ok(WaitingCeremony {
            row,
            binding,
            state,
            view: FactorView { template: content.template, data: content.data },
        })
    }

    /// What a factor does with a wrong answer.
    pub(crate) async fn aftermath(
        self,
        cx: &Cx,
        claimant: Claimant<'_>,
        held: &WaitingCeremony,
        input: &FactorInput,
    ) -> Result<Aftermath, Failure> {
        let (state, input) = (held.state.clone(), input.clone());
        let looked = self.call(cx, claimant, &held.row.kind, move |factor, factor_cx, own| {
            let aftermath = factor.after_wrong(factor_cx, own, &state, &input);
            let fits = aftermath.state.as_ref().is_none_or(|state| state.0.len() <= MOST_STATE);
            if fits { Ok(aftermath) } else { Err(FactorError::Internal("its state is too long".to_owned())) }
        });
        let aftermath = looked.await.unwrap_or_default();
        if let Some(drift) = aftermath.hint.as_ref().and_then(|hint| hint.drift) {
            self.app.drifts().note(claimant.user.id, drift, cx.now);
        }
        Ok(aftermath)
    }

    /// The same ceremony under a new identifier, for another try; with another state where a wrong answer left one.
    pub(crate) fn renewed(
        self,
        cx: &Cx,
        user: &User,
        held: &WaitingCeremony,
        state: Option<CeremonyState>,
    ) -> Result<CeremonyRow, Failure> {
        let mut row =
            CeremonyRow { id: CeremonyId::new(cx.now, self.app.entropy().as_ref()), ..held.row.clone() };
        if let Some(state) = state {
            let ad = ceremony_ad(cx, user, &row.kind, held.binding);
            row.state = self.seal_content(&ad, &state, &held.view)?;
        }
        Ok(row)
    }
}

/// Checks a challenge against what the factor promised: it shows one of its own templates, and what it remembers is small
/// enough to be kept for everybody who asks.
pub(crate) fn checked_ceremony(
    kind: &FactorKind,
    templates: &BTreeSet<String>,
    begun: Ceremony,
) -> Result<Ceremony, FactorError> {
    let failed = |cause: &str| Err(FactorError::Internal(cause.to_owned()));
    let template = &begun.view.template;
    if begun.state.0.len() > MOST_STATE || begun.view.data.to_string().len() > MOST_SHOWN {
        failed("its challenge is too long")
    } else if begun.outbox.iter().any(|mail| !mail.template.starts_with(&format!("factor-{kind}-"))) {
        failed("its mail is none of its own")
    } else if !(template.starts_with(&format!("factors/{kind}/")) && templates.contains(template)) {
        failed("its template is none of its own")
    } else {
        Ok(begun)
    }
}

fn ceremony_ad(cx: &Cx, user: &User, kind: &FactorKind, binding: CeremonyBinding) -> AssociatedData {
    AssociatedData::new("ceremony")
        .with(cx.pool.pool.id.as_bytes())
        .with(user.id.as_bytes())
        .with(kind.as_str())
        .with(binding.purpose.as_str())
        .with(binding.bound.digest())
}

pub(crate) async fn take(
    tx: &PoolTx,
    row: &CeremonyRow,
    user: UserId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let key =
        CeremonyKey { id: row.id, user, kind: &row.kind, purpose: &row.purpose, bound_to: &row.bound_to };
    Ok(tx.take_ceremony(&key, now).await?.is_some())
}

impl Factors<'_> {
    pub(crate) async fn replace_ceremony(self, cx: &Cx, opening: NewCeremony) -> Result<Mailed, Failure> {
        let replace = move |tx: PoolTx| async move {
            tx.delete_ceremonies(&opening.row.bound_to, &opening.row.purpose).await?;
            opening.store(&tx).await
        };
        Ok(self.app.pool_store(cx).write(replace).await?)
    }
}
