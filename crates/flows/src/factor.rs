//! The second door: the page of a sign-in under way, switching factors, giving up. The answer is in `answer.rs`.

use crate::{
    app::App,
    ceremony::{Bound, Held, Purpose},
    context::{Cx, Live, Next, Step},
    error::Failure,
};
use vestibule_domain::{
    Credential, FactorKind, FlowId, Intent, LoginFlow, Need, Requirement, Stage, User, UserStatus,
};
use vestibule_mfa::FactorView;
use vestibule_store::{
    PoolTx,
    records::{CeremonyRow, FlowRow},
};

/// The page of a flow at its stage.
pub struct FlowPage {
    /// The flow.
    pub flow: LoginFlow,
    /// Who is signing in, as the page may say it.
    pub username: String,
    /// The application's name.
    pub client_name: Option<String>,
    /// Whether there is somewhere to go back to.
    pub can_cancel: bool,
    /// Where the form's redirect may lead, for `form-action`.
    pub form_target: Option<String>,
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
    /// The recovery codes were shown and are gone; only going on is left.
    CodesShown,
}

/// A flow that this browser may continue.
pub(crate) struct Mine {
    pub(crate) flow: LoginFlow,
    pub(crate) version: i64,
    pub(crate) user: User,
}

impl App {
    /// Finds a flow, if it is this browser's and its user can still sign in.
    pub(crate) async fn my_flow(&self, cx: &Cx, id: FlowId) -> Result<Option<Mine>, Failure> {
        let store = self.pool_store(cx);
        let Some((FlowRow { flow, version }, user)) = store.flow_with_user(id, cx.now).await? else {
            return Ok(None);
        };
        if !vestibule_seal::ct_eq(flow.browser(), &cx.browser) {
            return Ok(None);
        }
        let active = user.status == UserStatus::Active;
        Ok(active.then_some(Mine { flow, version, user }))
    }

    /// Stores a new flow that begins behind an existing session.
    pub(crate) async fn start_flow(
        &self,
        cx: &Cx,
        intent: Intent,
        live: &Live,
        (requirement, need): (Requirement, Need),
        own: &[Credential],
    ) -> Result<Step, Failure> {
        let user = &live.user;
        let begin = self.begin(cx, intent, (user, Some(live)), requirement, live.session.events.clone());
        let flow = LoginFlow::begin(begin, need, cx.now).map_err(Failure::internal)?;
        let opening = self.opening_ceremony(cx, &flow, user, own)?;
        let stored = flow.clone();
        self.pool_store(cx)
            .write(move |tx| async move {
                tx.insert_flow(&stored).await?;
                if let Some(ceremony) = opening {
                    tx.insert_ceremony(&ceremony).await?;
                }
                Ok(())
            })
            .await?;
        Ok(Next::Flow(Box::new(flow)).into())
    }

    /// The ceremony that the stage of a flow begins with.
    pub(crate) fn opening_ceremony(
        &self,
        cx: &Cx,
        flow: &LoginFlow,
        user: &User,
        own: &[Credential],
    ) -> Result<Option<CeremonyRow>, Failure> {
        let bound = Bound::Flow(flow.id());
        let begin =
            |kind: &FactorKind, purpose| self.begin_ceremony(cx, user, own, (kind, purpose, bound)).map(Some);
        match flow.stage() {
            Stage::SecondDoor { asked, .. } => begin(asked, Purpose::Verify),
            Stage::Enrol { choices } => match choices.as_slice() {
                [only] => begin(only, Purpose::Enrol),
                _ => Ok(None),
            },
            Stage::SaveCodes | Stage::Authenticated | Stage::Refused(_) => Ok(None),
        }
    }

    /// The page of a flow. `None`: expired, over, or not this browser's.
    ///
    /// # Errors
    /// [`Failure`] when the database or the factor fails.
    pub async fn flow_page(&self, cx: &Cx, id: FlowId) -> Result<Option<FlowPage>, Failure> {
        let Some(mine) = self.my_flow(cx, id).await? else { return Ok(None) };
        let view = match mine.flow.stage() {
            Stage::SecondDoor { choices, asked } => {
                let Some(held) = self.ceremony_or_new(cx, &mine, asked).await? else { return Ok(None) };
                let others = choices.iter().filter(|kind| *kind != asked).cloned().collect();
                FlowView::Verify { kind: asked.clone(), view: held.page_view(), others }
            }
            Stage::Enrol { choices } => {
                match self.held_ceremony(cx, &mine.user, Purpose::Enrol, Bound::Flow(id)).await? {
                    Some(held) => FlowView::Enrol { kind: held.row.kind.clone(), view: held.page_view() },
                    None => FlowView::EnrolChoice(choices.clone()),
                }
            }
            Stage::SaveCodes => FlowView::CodesShown,
            Stage::Authenticated | Stage::Refused(_) => return Ok(None),
        };
        let checked = match mine.flow.intent() {
            Intent::Authorize { query, .. } => self.check_request(cx, query).ok(),
            Intent::UserCenter { .. } => None,
        };
        Ok(Some(FlowPage {
            username: mine.user.username,
            client_name: checked.as_ref().map(|checked| checked.client.name.clone()),
            can_cancel: checked.is_some() || mine.flow.base().is_some(),
            form_target: checked.map(|checked| checked.request.redirect.origin_for_csp()),
            flow: mine.flow,
            view,
        }))
    }

    /// The challenge that waits, or a new one. `None`: the user has no such factor any more, so the sign-in is over.
    async fn ceremony_or_new(
        &self,
        cx: &Cx,
        mine: &Mine,
        kind: &FactorKind,
    ) -> Result<Option<Held>, Failure> {
        let bound = Bound::Flow(mine.flow.id());
        if let Some(held) = self.held_ceremony(cx, &mine.user, Purpose::Verify, bound).await?
            && held.row.kind == *kind
        {
            return Ok(Some(held));
        }
        let own = self.pool_store(cx).credentials(mine.user.id).await?;
        if !own.iter().any(|one| one.kind == *kind) {
            return Ok(None);
        }
        let row = self.begin_ceremony(cx, &mine.user, &own, (kind, Purpose::Verify, bound))?;
        self.replace_ceremony(cx, row).await?;
        self.held_ceremony(cx, &mine.user, Purpose::Verify, bound).await
    }

    pub(crate) async fn replace_ceremony(&self, cx: &Cx, row: CeremonyRow) -> Result<(), Failure> {
        let replace = move |tx: PoolTx| async move {
            tx.delete_ceremonies(&row.bound_to, &row.purpose).await?;
            tx.insert_ceremony(&row).await
        };
        Ok(self.pool_store(cx).write(replace).await?)
    }

    /// The user wants to answer with another factor, or chose which one to enrol.
    ///
    /// # Errors
    /// [`Failure`] when the database or the factor fails.
    pub async fn choose_factor(&self, cx: &Cx, id: FlowId, kind: &FactorKind) -> Result<Next, Failure> {
        let Some(mine) = self.my_flow(cx, id).await? else { return Ok(Next::Expired) };
        let purpose = match mine.flow.stage() {
            Stage::SecondDoor { choices, .. } if choices.contains(kind) => Purpose::Verify,
            Stage::Enrol { choices } if choices.contains(kind) => Purpose::Enrol,
            _ => return Ok(Next::Flow(Box::new(mine.flow))),
        };
        let own = self.pool_store(cx).credentials(mine.user.id).await?;
        if purpose == Purpose::Verify && !own.iter().any(|one| one.kind == *kind) {
            // Removed, or the last of a set spent, since the flow began.
            return Ok(Next::Flow(Box::new(mine.flow)));
        }
        let row = self.begin_ceremony(cx, &mine.user, &own, (kind, purpose, Bound::Flow(id)))?;
        let flow = match purpose {
            Purpose::Verify => mine.flow.clone().choose(kind).map_err(Failure::internal)?,
            Purpose::Enrol => mine.flow.clone(),
        };
        let (stored, version) = (flow.clone(), mine.version);
        let moved = self
            .pool_store(cx)
            .write(move |tx| async move {
                let moved = tx.update_flow(&stored, version).await?;
                if moved {
                    tx.delete_ceremonies(&row.bound_to, &row.purpose).await?;
                    tx.insert_ceremony(&row).await?;
                }
                Ok(moved)
            })
            .await?;
        Ok(Next::Flow(Box::new(if moved { flow } else { mine.flow })))
    }

    /// The user gives up, or is somebody else (`restart`): the flow is over.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn leave_flow(&self, cx: &Cx, id: FlowId, restart: bool) -> Result<Next, Failure> {
        let Some(mine) = self.my_flow(cx, id).await? else { return Ok(Next::Expired) };
        let version = mine.version;
        self.pool_store(cx).write(move |tx| async move { tx.delete_flow(id, version).await }).await?;
        let intent = mine.flow.intent();
        if restart {
            return Ok(Next::Login { request: self.seal_request(cx, intent) });
        }
        Ok(self.cancelled(cx, intent))
    }
}
