//! The page of a sign-in under way, switching factors, giving up. The answer is in `answer.rs`.

use crate::{
    base::{
        bound::{Bound, REVEAL},
        cx::{Cx, Live},
        failure::Failure,
        outcome::{Next, Step},
    },
    factor::{
        Claimant,
        ceremony::{CeremonyBinding, Mailed, NewCeremony, Purpose, WaitingCeremony},
        revealed::Revealed,
    },
    sign_in::{SignIn, course::Missing},
};
use vestibule_domain::{
    FactorKind, FlowId, Intent, Kept, LoginFlow, Stage, Suggestion, User, UserStatus, flow::Begin,
};
use vestibule_mfa::FactorView;
use vestibule_store::{
    PoolTx, StoreError,
    records::{AuditRow, CeremonyRow, FlowRow, FlowSight},
};

/// The page of a flow at its stage.
pub struct FlowPage {
    /// The flow.
    pub flow: LoginFlow,
    /// Who is signing in, as the page may say it.
    pub username: String,
    /// The user's language, where they chose one.
    pub locale: Option<String>,
    /// The name of the application that the sign-in leads to, if it leads to one.
    pub client_name: Option<String>,
    /// For how many days this browser can be remembered.
    pub remember_days: Option<u32>,
    /// Whether what is enrolled can never be removed again.
    pub locked: bool,
    /// Until when, and how often, a proposed enrolment can be postponed.
    pub skip: Option<Suggestion>,
    /// What to show.
    pub view: FlowView,
}

/// What a flow's page shows.
pub enum FlowView {
    /// A factor is asked.
    Verify {
        /// Which.
        kind: FactorKind,
        /// Its part of the page.
        view: FactorView,
        /// The others that would do.
        others: Vec<FactorKind>,
    },
    /// A factor is to be enrolled: first, which.
    EnrolChoice(Vec<FactorKind>),
    /// A factor is being enrolled.
    Enrol {
        /// Which.
        kind: FactorKind,
        /// Its part of the page.
        view: FactorView,
    },
    /// The factor is enrolled. What is shown only once, as long as it is kept; after that the user can only go on.
    Codes(Option<Revealed>),
}

/// What became of the wish for another factor.
pub enum Chosen {
    /// This is next.
    Next(Next),
    /// Its code could not be mailed: the address has had too many.
    TooManyMails,
}

/// A flow about to be stored, with its challenge and the row that explains it.
#[derive(Clone)]
pub(crate) struct NewFlow {
    pub(crate) flow: LoginFlow,
    pub(crate) opening: Option<NewCeremony>,
    pub(crate) audit: AuditRow,
}

impl NewFlow {
    pub(crate) async fn store(&self, tx: &PoolTx) -> Result<(), StoreError> {
        tx.insert_flow(&self.flow).await?;
        if Kept::is_looked_at(self.flow.id().as_bytes()) {
            tx.end_surplus_flows(&self.flow).await?;
        }
        if let Some(opening) = &self.opening {
            opening.store(tx).await?;
        }
        tx.insert_audit(&self.audit).await
    }
}

/// A flow that this browser may continue.
pub(crate) struct OwnFlow {
    pub(crate) flow: LoginFlow,
    pub(crate) version: i64,
    pub(crate) user: User,
    /// The challenges that wait for their answer, the newest first.
    pub(crate) waiting: Vec<CeremonyRow>,
}

impl SignIn<'_> {
    /// Finds a flow, if it is this browser's and its user can still sign in.
    pub(crate) async fn own_flow(self, cx: &Cx, id: FlowId) -> Result<Option<OwnFlow>, Failure> {
        let store = self.app.pool_store(cx);
        let found = store.flow_sight(id, &Bound::Flow(id).digest(), cx.now).await?;
        let Some(FlowSight { flow: FlowRow { flow, version }, user, ceremonies }) = found else {
            return Ok(None);
        };
        if !vestibule_seal::ct_eq(flow.browser(), &cx.browser) {
            return Ok(None);
        }
        let active = user.status == UserStatus::Active;
        Ok(active.then_some(OwnFlow { flow, version, user, waiting: ceremonies }))
    }

    /// The ceremony of a sign-in that is waiting for an answer, not taken.
    pub(crate) fn waiting(
        self,
        cx: &Cx,
        current: &OwnFlow,
        purpose: Purpose,
    ) -> Result<Option<WaitingCeremony>, Failure> {
        self.app.factors().waiting(cx, &current.user, current.flow.id(), &current.waiting, purpose)
    }

    /// Stores a new flow that begins behind an existing session.
    pub(crate) async fn start_flow(
        self,
        cx: &Cx,
        intent: Intent,
        live: &Live,
        missing: Missing,
    ) -> Result<Step, Failure> {
        let Live { session, user } = live;
        let Missing { requirement, offers, course } = missing;
        let begin = self.begin(cx, intent, user.id, requirement, session.events.clone());
        let begin = Begin { base: Some(session.id), ..begin };
        let mut flow = LoginFlow::begin(begin, course.need(), cx.now).map_err(Failure::internal)?;
        let opening = self.opening_ceremony(cx, &mut flow, offers.claimant(user)).await?;
        let new_flow = NewFlow { flow: flow.clone(), opening, audit: self.app.challenge_row(cx, &flow) };
        self.app.pool_store(cx).write(move |tx| async move { new_flow.store(&tx).await }).await?;
        Ok(Next::Flow(Box::new(flow)).into())
    }

    /// The ceremony that the stage of a flow begins with. Where a factor fails to make its challenge, the next
    /// possible one is asked instead.
    pub(crate) async fn opening_ceremony(
        self,
        cx: &Cx,
        flow: &mut LoginFlow,
        claimant: Claimant<'_>,
    ) -> Result<Option<NewCeremony>, Failure> {
        let factors = self.app.factors();
        let verify = CeremonyBinding::verify(flow.id());
        let enrol = CeremonyBinding::enrol(Bound::Flow(flow.id()));
        match flow.stage().clone() {
            Stage::SecondFactor { asked, choices } => {
                let others = choices.into_iter().filter(|kind| *kind != asked);
                let mut failed = None;
                for kind in std::iter::once(asked.clone()).chain(others) {
                    match factors.begin_ceremony(cx, claimant, &kind, verify).await {
                        Ok(opening) => {
                            *flow = flow.clone().choose(&kind).map_err(Failure::internal)?;
                            return Ok(Some(opening));
                        }
                        Err(cause) => failed = failed.or(Some(cause)),
                    }
                }
                Err(failed.unwrap_or_else(|| Failure::internal("a second factor without a factor")))
            }
            Stage::Enrol { choices } | Stage::Suggest { choices } => match choices.as_slice() {
                [only] => factors.begin_ceremony(cx, claimant, only, enrol).await.map(Some),
                _ => Ok(None),
            },
            Stage::SaveCodes | Stage::Authenticated | Stage::Unreachable => Ok(None),
        }
    }

    /// The page of a flow. `None`: expired, over, or not this browser's.
    ///
    /// # Errors
    /// [`Failure`] when the database or the factor fails.
    pub async fn flow_page(self, cx: &Cx, id: FlowId) -> Result<Option<FlowPage>, Failure> {
        let Some(current) = self.own_flow(cx, id).await? else { return Ok(None) };
        let view = match current.flow.stage() {
            Stage::SecondFactor { choices, asked } => {
                let Some(held) = self.ceremony_or_new(cx, &current, asked).await? else { return Ok(None) };
                let others = choices.iter().filter(|kind| *kind != asked).cloned().collect();
                FlowView::Verify { kind: asked.clone(), view: held.page_view(), others }
            }
            Stage::Enrol { choices } | Stage::Suggest { choices } => {
                match self.waiting(cx, &current, Purpose::Enrol)? {
                    Some(held) => FlowView::Enrol { kind: held.row.kind.clone(), view: held.page_view() },
                    None => FlowView::EnrolChoice(choices.clone()),
                }
            }
            Stage::SaveCodes => {
                let kept = current.waiting.iter().find(|row| row.purpose == REVEAL).cloned();
                let bound = Bound::Flow(id);
                let shown = kept.map(|row| self.app.revealed(cx, &current.user, bound, row)).transpose()?;
                FlowView::Codes(shown.flatten())
            }
            Stage::Authenticated | Stage::Unreachable => return Ok(None),
        };
        let checked = match current.flow.intent() {
            Intent::Authorize(asked) => self.app.oidc().check_request(cx, asked).ok(),
            Intent::Account(_) => None,
        };
        let policy = self.flow_policy(cx, &current);
        let suggested = matches!(current.flow.stage(), Stage::Suggest { .. });
        let days = policy.remember_days.value;
        Ok(Some(FlowPage {
            remember_days: (days > 0).then_some(days),
            locked: policy.locked.value,
            skip: current.flow.requirement().suggest.filter(|_| suggested),
            username: current.user.username,
            locale: current.user.locale,
            client_name: checked.map(|checked| checked.client.name),
            flow: current.flow,
            view,
        }))
    }

    /// The challenge that waits, or a new one. `None`: the user has no such factor any more, so the sign-in is over.
    async fn ceremony_or_new(
        self,
        cx: &Cx,
        current: &OwnFlow,
        kind: &FactorKind,
    ) -> Result<Option<WaitingCeremony>, Failure> {
        let binding = CeremonyBinding::verify(current.flow.id());
        if let Some(held) = self.waiting(cx, current, Purpose::Verify)?
            && held.row.kind == *kind
        {
            return Ok(Some(held));
        }
        let own = self.app.pool_store(cx).credentials(current.user.id).await?;
        if !own.iter().any(|one| one.kind == *kind) {
            return Ok(None);
        }
        let factors = self.app.factors();
        let claimant = Claimant { user: &current.user, own: &own };
        let opening = factors.begin_ceremony(cx, claimant, kind, binding).await?;
        factors.replace_ceremony(cx, opening).await?;
        factors.held_ceremony(cx, &current.user, binding).await
    }

    /// The user wants to answer with another factor, or chose which one to enrol.
    ///
    /// # Errors
    /// [`Failure`] when the database or the factor fails.
    pub async fn choose_factor(self, cx: &Cx, id: FlowId, kind: &FactorKind) -> Result<Chosen, Failure> {
        let Some(current) = self.own_flow(cx, id).await? else { return Ok(Chosen::Next(Next::Expired)) };
        let purpose = match current.flow.stage() {
            Stage::SecondFactor { choices, .. } if choices.contains(kind) => Purpose::Verify,
            Stage::Enrol { choices } | Stage::Suggest { choices } if choices.contains(kind) => Purpose::Enrol,
            _ => return Ok(Chosen::Next(Next::Flow(Box::new(current.flow)))),
        };
        let own = self.app.pool_store(cx).credentials(current.user.id).await?;
        if purpose == Purpose::Verify && !own.iter().any(|one| one.kind == *kind) {
            // Removed, or the last of a set spent, since the flow began.
            return Ok(Chosen::Next(Next::Flow(Box::new(current.flow))));
        }
        let binding = CeremonyBinding { purpose, bound: Bound::Flow(id) };
        let claimant = Claimant { user: &current.user, own: &own };
        let opening = self.app.factors().begin_ceremony(cx, claimant, kind, binding).await?;
        let flow = match purpose {
            Purpose::Verify => current.flow.clone().choose(kind).map_err(Failure::internal)?,
            Purpose::Enrol => current.flow.clone(),
        };
        let (stored, version) = (flow.clone(), current.version);
        let moved = self
            .app
            .pool_store(cx)
            .write(move |tx| async move {
                if !tx.update_flow(&stored, version).await? {
                    return Ok(None);
                }
                tx.delete_ceremonies(&opening.row.bound_to, &opening.row.purpose).await?;
                opening.store(&tx).await.map(Some)
            })
            .await?;
        Ok(match moved {
            Some(Mailed::TooMany) => Chosen::TooManyMails,
            Some(Mailed::Yes) => Chosen::Next(Next::Flow(Box::new(flow))),
            None => Chosen::Next(Next::Flow(Box::new(current.flow))),
        })
    }

    /// The user gives up, or another user wants to sign in (`restart`): the flow is over.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn leave_flow(self, cx: &Cx, id: FlowId, restart: bool) -> Result<Next, Failure> {
        let Some(current) = self.own_flow(cx, id).await? else { return Ok(Next::Expired) };
        let version = current.version;
        let leave = move |tx: PoolTx| async move {
            tx.delete_ceremonies(&Bound::Flow(id).digest(), REVEAL).await?;
            tx.delete_flow(id, version).await
        };
        self.app.pool_store(cx).write(leave).await?;
        let intent = current.flow.intent();
        if restart {
            return Ok(Next::Login { request: self.app.seal_request_of_flow(cx, intent) });
        }
        Ok(self.cancelled(cx, intent))
    }
}
