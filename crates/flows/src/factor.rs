//! The second door: the page of a sign-in under way, switching factors, and the answer.
//!
//! A verdict is computed first, but told to nobody before the transaction has committed that takes the ceremony and
//! counts the attempt. So no verdict exists without its count, and one commit does the work of two.

use crate::{
    app::App,
    audit::{Detailed, Ended},
    authorize::Offers,
    ceremony::{Bound, Held, Purpose},
    context::{Cx, Live, Next, Step},
    error::Failure,
    finish::Landing,
    notice::{Letter, Notice},
};
use vestibule_domain::{
    AuthEvent, Credential, CredentialId, Evidence, FactorKind, FlowId, Intent, LoginFlow, Need, Refusal,
    Requirement, Stage, Timestamp, User, UserId, UserStatus,
    assurance::Door,
    attempts::{Admission, DISABLE_AT, LONGEST_DELAY},
    policy::plan,
    session::merge_events,
};
use vestibule_mfa::{Effect, FactorError, FactorInput, FactorView, Verified};
use vestibule_store::{
    PoolTx, StoreError,
    records::{AuditRow, CeremonyKey, CeremonyRow, FlowRow, MailRow},
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

/// What became of an answer at the second door.
pub enum Answer {
    /// Right; this is next.
    Step(Box<Step>),
    /// Wrong, replayed or malformed; ask again.
    Wrong {
        /// Which factor was asked.
        kind: FactorKind,
    },
    /// Not evaluated: too many tries.
    Throttled {
        /// Until the next try.
        seconds: i64,
    },
    /// Wrong, and once too often: the sign-in is over and can be begun again after the wait.
    Locked {
        /// Until the next try.
        seconds: i64,
    },
    /// Not evaluated: the factor is disabled after too many failures.
    Disabled,
    /// The page was out of date; show it again.
    Stale,
    /// The flow is over, expired, or another browser's.
    Expired,
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
        let Some(FlowRow { flow, version }) = store.flow(id, cx.now).await? else { return Ok(None) };
        if !vestibule_seal::ct_eq(flow.browser(), &cx.browser) {
            return Ok(None);
        }
        let user = store.user(flow.user()).await?.filter(|user| user.status == UserStatus::Active);
        Ok(user.map(|user| Mine { flow, version, user }))
    }

    /// Stores a new flow that begins behind an existing session.
    pub(crate) async fn start_flow(
        &self,
        cx: &Cx,
        intent: Intent,
        live: &Live,
        (requirement, need): (Requirement, Need),
    ) -> Result<Step, Failure> {
        let user = &live.user;
        let begin = self.begin(cx, intent, (user, Some(live)), requirement, live.session.events.clone());
        let flow = LoginFlow::begin(begin, need, cx.now).map_err(Failure::internal)?;
        let own = self.pool_store(cx).credentials(user.id).await?;
        let opening = self.opening_ceremony(cx, &flow, user, &own)?;
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
                let held = self.ceremony_or_new(cx, &mine, asked, Purpose::Verify).await?;
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

    async fn ceremony_or_new(
        &self,
        cx: &Cx,
        mine: &Mine,
        kind: &FactorKind,
        purpose: Purpose,
    ) -> Result<Held, Failure> {
        let bound = Bound::Flow(mine.flow.id());
        if let Some(held) = self.held_ceremony(cx, &mine.user, purpose, bound).await?
            && held.row.kind == *kind
        {
            return Ok(held);
        }
        let own = self.pool_store(cx).credentials(mine.user.id).await?;
        let row = self.begin_ceremony(cx, &mine.user, &own, (kind, purpose, bound))?;
        self.replace_ceremony(cx, row).await?;
        let held = self.held_ceremony(cx, &mine.user, purpose, bound).await?;
        held.ok_or_else(|| Failure::internal("a ceremony vanished as it was begun"))
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

    /// Evaluates an answer of the factor that was asked.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn answer(
        &self,
        cx: &Cx,
        id: FlowId,
        ceremony: &str,
        input: FactorInput,
    ) -> Result<Answer, Failure> {
        let Some(mine) = self.my_flow(cx, id).await? else { return Ok(Answer::Expired) };
        let Stage::SecondDoor { asked, .. } = mine.flow.stage() else { return Ok(Answer::Stale) };
        let asked = asked.clone();
        let held = self.held_ceremony(cx, &mine.user, Purpose::Verify, Bound::Flow(id)).await?;
        let Some(held) = held.filter(|held| held.row.kind == asked && held.row.id.to_string() == ceremony)
        else {
            return Ok(Answer::Stale);
        };
        let offers = self.offers(cx, &mine.user).await?;
        let factor = self.factor(&asked)?;
        let verified = self.with_factor(cx, &mine.user, |factor_cx| {
            factor.verify(factor_cx, &offers.own, &held.state, &input)
        });
        let verdict = match verified {
            Ok(verified) => Some(self.consequence(cx, &mine, &offers, &asked, verified).await?),
            Err(FactorError::Internal(cause)) => {
                tracing::error!(factor.kind = %asked, request.id = %cx.request_id, cause, "a factor failed");
                None
            }
            Err(_) => None,
        };
        let post = Post {
            user: mine.user.id,
            kind: asked.clone(),
            retry: self.renewed(cx, &held),
            taken: held.row,
            flow: id,
            version: mine.version,
            refused: self
                .audit(cx, "second-factor", Some(mine.user.id), Ended::Refused)
                .why("kind", asked.as_str()),
            last_chance: self.last_chance(cx, &mine.user, &offers, &asked)?,
            now: cx.now,
        };
        let done =
            self.pool_store(cx).write_or_undo(move |tx| async move { post.run(&tx, verdict).await }).await?;
        Ok(done.unwrap_or_else(|undone| match undone {
            Undone::Stale => Answer::Stale,
            Undone::Over => Answer::Expired,
        }))
    }

    /// Everything that follows from a right answer, ready to be written.
    async fn consequence(
        &self,
        cx: &Cx,
        mine: &Mine,
        offers: &Offers,
        kind: &FactorKind,
        verified: Verified,
    ) -> Result<Consequence, Failure> {
        let event = self.event(cx, kind, Some(verified.credential), Door::Second, verified.evidence);
        let events = merge_events(mine.flow.events(), std::slice::from_ref(&event));
        let requirement = mine.flow.requirement();
        let need = plan(requirement, &events, &offers.enrolled, &offers.enrollable, cx.now);
        let flow = mine.flow.clone().answered(event, need, cx.now).map_err(Failure::internal)?;
        let mails =
            self.letters(&cx.pool.pool, cx.now, self.use_notices(cx, mine, offers, kind, &verified.effect))?;
        let passed =
            self.audit(cx, "second-factor", Some(mine.user.id), Ended::Done).why("kind", kind.as_str());
        let after = match flow.stage() {
            Stage::Authenticated => {
                let live = self.live(cx).await?;
                After::Landed(Box::new(self.land(cx, &flow, &mine.user, live.as_ref()).await?))
            }
            Stage::Refused(Refusal::Unreachable | Refusal::Cancelled) => {
                After::Refused(self.refused(cx, flow.intent(), requirement))
            }
            _ => {
                let ceremony = self.opening_ceremony(cx, &flow, &mine.user, &offers.own)?;
                After::More(Box::new(flow), ceremony.map(Box::new))
            }
        };
        Ok(Consequence { credential: verified.credential, effect: verified.effect, after, mails, passed })
    }

    /// The mail for the case that this very attempt disables the factor; rendered only when it could.
    fn last_chance(
        &self,
        cx: &Cx,
        user: &User,
        offers: &Offers,
        kind: &FactorKind,
    ) -> Result<Vec<MailRow>, Failure> {
        let failures =
            offers.attempts.iter().find(|(one, _)| one == kind).map_or(0, |(_, attempts)| attempts.failures);
        if failures + 1 < DISABLE_AT {
            return Ok(Vec::new());
        }
        let label =
            offers.own.iter().find(|one| one.kind == *kind).map(|one| one.label.clone()).unwrap_or_default();
        let notice = Notice::FactorDisabled { kind: kind.clone(), label };
        self.letters(&cx.pool.pool, cx.now, Letter::to_user(user, cx.now, notice))
    }

    fn use_notices(
        &self,
        cx: &Cx,
        mine: &Mine,
        offers: &Offers,
        kind: &FactorKind,
        effect: &Effect,
    ) -> Vec<Letter> {
        if *effect != Effect::Spend {
            return Vec::new();
        }
        let left = offers.own.iter().filter(|one| one.kind == *kind).count().saturating_sub(1);
        let left = u32::try_from(left).unwrap_or(u32::MAX);
        let low = self.registry.get(kind).and_then(|factor| factor.traits().low_water);
        let mut notices = vec![Notice::RecoveryCodeUsed { left }];
        if low.is_some_and(|low| left <= low) {
            notices.push(Notice::RecoveryCodesLow { left });
        }
        notices.into_iter().filter_map(|notice| Letter::to_user(&mine.user, cx.now, notice)).collect()
    }

    /// An event of the second door, with its own expiry.
    pub(crate) fn event(
        &self,
        cx: &Cx,
        kind: &FactorKind,
        credential: Option<CredentialId>,
        door: Door,
        evidence: Evidence,
    ) -> AuthEvent {
        let expires_at = cx.now + cx.pool.pool.settings.lifetimes.second_factor;
        AuthEvent { factor: kind.clone(), credential, door, at: cx.now, expires_at, evidence }
    }
}

struct Consequence {
    credential: CredentialId,
    effect: Effect,
    after: After,
    mails: Vec<MailRow>,
    passed: AuditRow,
}

enum After {
    Landed(Box<Landing>),
    More(Box<LoginFlow>, Option<Box<CeremonyRow>>),
    Refused(Next),
}

/// The transaction of an answer.
struct Post {
    user: UserId,
    kind: FactorKind,
    taken: CeremonyRow,
    retry: CeremonyRow,
    flow: FlowId,
    version: i64,
    refused: AuditRow,
    last_chance: Vec<MailRow>,
    now: Timestamp,
}

/// Why nothing was written.
enum Undone {
    /// Somebody else took the ceremony or moved the flow.
    Stale,
    /// The session that was to be raised is gone.
    Over,
}

impl Post {
    async fn run(
        self,
        tx: &PoolTx,
        verdict: Option<Consequence>,
    ) -> Result<Result<Answer, Undone>, StoreError> {
        let key = CeremonyKey {
            id: self.taken.id,
            user: self.user,
            kind: &self.kind,
            purpose: &self.taken.purpose,
            bound_to: &self.taken.bound_to,
        };
        if tx.take_ceremony(&key, self.now).await?.is_none() {
            return Ok(Err(Undone::Stale));
        }
        let counted = match tx.admit_attempt(self.user.as_uuid(), &self.kind, self.now).await? {
            Admission::Admitted(counted) => counted,
            Admission::Throttled { until } => {
                tx.insert_ceremony(&self.retry).await?;
                return Ok(Ok(Answer::Throttled { seconds: until.since(self.now).max(1) }));
            }
            Admission::Disabled => {
                tx.insert_ceremony(&self.retry).await?;
                return Ok(Ok(Answer::Disabled));
            }
        };
        if let Some(consequence) = verdict
            && apply(tx, self.user, consequence.credential, &consequence.effect, self.now).await?
        {
            return self.passed(tx, consequence).await;
        }
        tx.insert_audit(&self.refused).await?;
        if counted.is_disabled() {
            for mail in &self.last_chance {
                tx.queue_mail(mail).await?;
            }
        }
        if counted.is_disabled() || counted.blocked_until > self.now {
            // A guesser who waits out the lock has to open the first door again.
            tx.delete_flow(self.flow, self.version).await?;
            let seconds =
                if counted.is_disabled() { LONGEST_DELAY } else { counted.blocked_until.since(self.now) };
            return Ok(Ok(Answer::Locked { seconds }));
        }
        tx.insert_ceremony(&self.retry).await?;
        Ok(Ok(Answer::Wrong { kind: self.kind }))
    }

    async fn passed(
        self,
        tx: &PoolTx,
        consequence: Consequence,
    ) -> Result<Result<Answer, Undone>, StoreError> {
        tx.clear_attempts(self.user.as_uuid(), &self.kind).await?;
        tx.insert_audit(&consequence.passed).await?;
        for mail in &consequence.mails {
            tx.queue_mail(mail).await?;
        }
        let step = match consequence.after {
            After::More(flow, ceremony) => {
                if !tx.update_flow(&flow, self.version).await? {
                    return Ok(Err(Undone::Stale));
                }
                if let Some(ceremony) = ceremony {
                    tx.insert_ceremony(&ceremony).await?;
                }
                Next::Flow(flow).into()
            }
            After::Refused(next) => {
                tx.delete_flow(self.flow, self.version).await?;
                next.into()
            }
            After::Landed(landing) => {
                if !tx.delete_flow(self.flow, self.version).await? {
                    return Ok(Err(Undone::Stale));
                }
                match landing.store(tx).await? {
                    Ok(step) => step,
                    Err(_) => return Ok(Err(Undone::Over)),
                }
            }
        };
        Ok(Ok(Answer::Step(Box::new(step))))
    }
}

/// Applies what a right answer does to its credential; `false` means that it was spent before: a replay.
pub(crate) async fn apply(
    tx: &PoolTx,
    user: UserId,
    credential: CredentialId,
    effect: &Effect,
    now: Timestamp,
) -> Result<bool, StoreError> {
    match effect {
        Effect::RaiseCounter { to } => tx.raise_counter(credential, user, *to, now).await,
        Effect::Spend => tx.spend_credential(credential, user, now).await,
        Effect::Replace { public, secret } => {
            tx.replace_credential(credential, user, public, secret.as_ref(), now).await
        }
    }
}
