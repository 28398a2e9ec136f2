//! Enrolling a factor within a sign-in, and what an enrolment writes. One transaction makes the factor, its recovery codes
//! and everything that goes with them; before it nothing is active.

use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        bound::{Bound, REVEAL},
        cx::Cx,
        failure::Failure,
        notice::{Letter, Notice},
        outbox::Notices,
        outcome::{Next, Step},
        session_end::{SessionEnd, Sessions, end_sessions},
    },
    factor::{
        Claimant,
        ceremony::{Purpose, WaitingCeremony, take},
        revealed::Revealed,
    },
    policy::offers::Offers,
    sign_in::{
        SignIn,
        course::{Course, Proposals},
        ending::Ending,
    },
};
use vestibule_domain::{
    AuthEvent, Credential, FactorKind, FlowId, LoginFlow, Stage, Timestamp, User, UserId,
    assurance::EventKind, policy::has_factor, session::merge_events,
};
use vestibule_mfa::{FactorError, FactorInput, Hint, Replaces};
use vestibule_store::{PoolTx, StoreError, records::CeremonyRow};

/// What became of an enrolment's answer.
pub enum Enrolled {
    /// Active. What is shown only once waits to be shown: on the page of the flow, or in the user center.
    Shown {
        /// New session secret, where the session was raised.
        step: Option<Box<Step>>,
    },
    /// Active; this is next.
    Step(Box<Step>),
    /// The answer is wrong; nothing is active, the question is the same.
    Wrong {
        /// Which factor's.
        kind: FactorKind,
        /// What the factor has to say of it.
        hint: Option<Hint>,
    },
    /// The name is not allowed.
    LabelInvalid,
    /// The tenant does not take this one.
    Refused {
        /// Translation key of why.
        key: &'static str,
    },
    /// The page was out of date; show it again.
    Stale,
    /// Over.
    Expired,
}

/// What an enrolment writes.
#[derive(Clone)]
pub(crate) struct NewFactor {
    pub(crate) user: UserId,
    /// What the user had when it was judged.
    pub(crate) had: usize,
    pub(crate) kind: FactorKind,
    pub(crate) wipe: Vec<FactorKind>,
    /// Whether a factor that the user had is removed: then the sessions that rely on it end.
    pub(crate) replaces: bool,
    pub(crate) credentials: Vec<Credential>,
    pub(crate) told: Notices,
    pub(crate) reveal: Option<Revealed>,
    pub(crate) event: AuthEvent,
}

impl NewFactor {
    /// Writes all of it; `false` when another request changed the user's factors meanwhile.
    ///
    /// Every other sign-in of the user that is under way ends: it was begun without this factor. `during` is the one that
    /// enrols it.
    pub(crate) async fn store(&self, tx: &PoolTx, during: Option<FlowId>) -> Result<bool, StoreError> {
        // One after the other: of two requests that enrol a first factor at once, the second has to answer with the other's.
        tx.lock_user(self.user).await?;
        if tx.credentials(self.user).await?.len() != self.had {
            return Ok(false);
        }
        for kind in &self.wipe {
            tx.delete_credentials_of_kind(self.user, kind).await?;
        }
        for credential in &self.credentials {
            tx.insert_credential(credential).await?;
        }
        tx.forget_attempts(self.user.as_uuid(), &self.kind).await?;
        tx.forget_remembered_browsers(self.user).await?;
        tx.delete_other_flows(self.user, during).await?;
        self.told.store(tx).await?;
        Ok(true)
    }
}

/// Translation key of what is said about an authenticator that cannot give what the sign-in asks for.
const NOT_ENOUGH: &str = "error-factor-model-refused";

/// Where a factor is enrolled.
#[derive(Clone, Copy)]
pub(crate) enum EnrolmentPlace {
    /// Within a sign-in, forced or proposed.
    Flow {
        proposed: bool,
        /// A recovery code was used on the way here, so the old device of the same kind goes.
        lost: bool,
    },
    /// In the user center.
    Center,
}

/// An answer to an enrolment.
pub(crate) struct EnrolmentAnswer<'a> {
    /// What it answers.
    pub(crate) held: &'a WaitingCeremony,
    pub(crate) input: &'a FactorInput,
    pub(crate) place: EnrolmentPlace,
}

impl SignIn<'_> {
    /// The answer to an enrolment within a sign-in.
    ///
    /// # Errors
    /// [`Failure`] when the database or the factor fails.
    pub async fn enrol_in_flow(
        self,
        cx: &Cx,
        id: FlowId,
        ceremony: &str,
        input: FactorInput,
    ) -> Result<Enrolled, Failure> {
        let Some(current) = self.own_flow(cx, id).await? else { return Ok(Enrolled::Expired) };
        let proposed = match current.flow.stage() {
            Stage::Enrol { .. } => false,
            Stage::Suggest { .. } => true,
            _ => return Ok(Enrolled::Stale),
        };
        let held = self.waiting(cx, &current, Purpose::Enrol)?;
        let Some(held) = held.filter(|held| held.row.id.to_string() == ceremony) else {
            return Ok(Enrolled::Stale);
        };
        // Somebody may have enrolled meanwhile: then a new factor takes an answer of the one that there is now.
        let policy = self.flow_policy(cx, &current);
        let offers = self.app.policies().offers(cx, &current.user, policy).await?;
        let (requirement, events) = (current.flow.requirement(), current.flow.events());
        match Course::of(requirement, events, &offers, Proposals::Over, cx.now) {
            Course::Enrol(choices) if choices.contains(&held.row.kind) => {}
            Course::Through if proposed && !has_factor(&offers.enrolled) => {}
            _ => return Ok(Enrolled::Expired),
        }
        let lost = events.iter().any(|event| event.evidence.is_recovery());
        let place = EnrolmentPlace::Flow { proposed, lost };
        let answer = EnrolmentAnswer { held: &held, input: &input, place };
        let new_factor = match self.judge_enrolment(cx, &current.user, &offers, answer).await? {
            Ok(new_factor) => new_factor,
            Err(refused) => return Ok(refused),
        };
        let after = merge_events(events, std::slice::from_ref(&new_factor.event));
        if !requirement.is_met_by(&after, cx.now) {
            // It works, but is not strong enough for what is asked; another authenticator might be.
            return Ok(Enrolled::Refused { key: NOT_ENOUGH });
        }
        let flow =
            current.flow.clone().enrolled(new_factor.event.clone(), new_factor.reveal.is_some(), cx.now);
        let flow = flow.map_err(Failure::internal)?;
        let ending = match flow.stage() {
            Stage::Authenticated => Some(self.ending(cx, &flow, Some(current.version), &current.user).await?),
            _ => None,
        };
        let (user, version, taken, now) = (current.user.id, current.version, held.row, cx.now);
        let bound = Bound::Flow(flow.id());
        let kept = new_factor.reveal.as_ref().map(|reveal| self.app.reveal_row(cx, user, bound, reveal));
        let kept = kept.transpose()?;
        let transaction = EnrolmentTransaction { user, flow, version, taken, new_factor, kept, ending, now };
        let store = self.app.pool_store(cx);
        let done = store.write_or_undo(move |tx| async move { transaction.run(&tx).await }).await?;
        Ok(done.unwrap_or(Enrolled::Stale))
    }

    /// A wrong answer to an enrolment: what the factor remembers of it takes the place of the old challenge.
    async fn enrolment_refused(
        self,
        cx: &Cx,
        claimant: Claimant<'_>,
        answer: EnrolmentAnswer<'_>,
        error: &FactorError,
    ) -> Result<Enrolled, Failure> {
        let EnrolmentAnswer { held, input, .. } = answer;
        let mut hint = None;
        if *error == FactorError::Wrong {
            let aftermath = self.app.factors().aftermath(cx, claimant, held, input).await?;
            hint.clone_from(&aftermath.hint);
            if aftermath.state.is_some() {
                let renewed = self.app.factors().renewed(cx, claimant.user, held, aftermath.state)?;
                let (taken, id, now) = (held.row.clone(), claimant.user.id, cx.now);
                let job = move |tx: PoolTx| async move {
                    let taken = take(&tx, &taken, id, now).await?;
                    if taken {
                        tx.insert_ceremony(&renewed).await?;
                    }
                    Ok(taken)
                };
                // Of several answers at once one is judged; the others are told what a right one would be.
                if !self.app.pool_store(cx).write(job).await? {
                    return Ok(Enrolled::Stale);
                }
            }
        }
        Ok(refused(&held.row.kind, error, hint))
    }

    /// The user has saved the codes; the sign-in ends.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn codes_saved(self, cx: &Cx, id: FlowId) -> Result<Step, Failure> {
        let Some(current) = self.own_flow(cx, id).await? else { return Ok(Next::Expired.into()) };
        let Ok(flow) = current.flow.clone().codes_saved(cx.now) else {
            return Ok(Next::Flow(Box::new(current.flow)).into());
        };
        let ending = self.ending(cx, &flow, Some(current.version), &current.user).await?;
        let shown = Bound::Flow(id).digest();
        let job = move |tx: PoolTx| async move {
            tx.delete_ceremonies(&shown, REVEAL).await?;
            Ok(ending.store(&tx).await?.map_err(|_| ()))
        };
        let done = self.app.pool_store(cx).write_or_undo(job).await?;
        Ok(done.unwrap_or_else(|()| Next::Expired.into()))
    }

    /// Judges an enrolment's answer and prepares what it writes. With the first factor that counts come the factors
    /// that are issued by themselves: recovery codes. What the factor remembers of a wrong answer is stored at once.
    pub(crate) async fn judge_enrolment(
        self,
        cx: &Cx,
        user: &User,
        offers: &Offers,
        answer: EnrolmentAnswer<'_>,
    ) -> Result<Result<Box<NewFactor>, Enrolled>, Failure> {
        let (kind, place) = (answer.held.row.kind.clone(), answer.place);
        let factor = self.app.factors().factor(&kind)?;
        let (state, input) = (answer.held.state.clone(), answer.input.clone());
        let claimant = offers.claimant(user);
        let finished = self.app.factors().call(cx, claimant, &kind, move |factor, factor_cx, _| {
            factor.finish_enrol(factor_cx, &state, &input)
        });
        let enrolment = match finished.await {
            Ok(enrolment) => enrolment,
            Err(FactorError::Internal(cause)) => return Err(Failure::internal(cause)),
            Err(error) => return self.enrolment_refused(cx, claimant, answer, &error).await.map(Err),
        };
        let mut wipe = Vec::new();
        let (lost, takes_the_place) = match place {
            EnrolmentPlace::Flow { lost, .. } => (lost, lost),
            EnrolmentPlace::Center => (false, cx.pool.pool.settings.enrolment.replace),
        };
        let replaces = takes_the_place && offers.has(&kind);
        if enrolment.replaces == Replaces::AllOfKind || replaces {
            wipe.push(kind.clone());
        }
        let evidence = enrolment.evidence.clone().unwrap_or_else(|| factor.traits().evidence);
        // In a sign-in the confirming code answers the challenge of that sign-in; in the user center there was no challenge.
        let how = match place {
            EnrolmentPlace::Flow { .. } if enrolment.evidence.is_some() => EventKind::SecondFactor,
            EnrolmentPlace::Flow { .. } | EnrolmentPlace::Center => EventKind::Enrolment,
        };
        let chosen = !matches!(place, EnrolmentPlace::Flow { proposed: false, .. });
        let label = enrolment.label.clone();
        let factors = self.app.factors();
        let mut credentials = factors.credentials_of(cx, user, &kind, chosen, enrolment.credentials);
        let first = credentials.first().map(|credential| credential.id);
        let event = factors.event(cx, &kind, first, how, evidence);
        let shown =
            |kind: &FactorKind, view| Revealed { kind: kind.clone(), view, account: user.username.clone() };
        let mut reveal = enrolment.reveal.map(|view| shown(&kind, view));
        if !has_factor(&offers.enrolled) || lost {
            for (kind, issued) in factors.automatic(cx, user).await? {
                credentials.extend(factors.credentials_of(cx, user, &kind, chosen, issued.credentials));
                reveal = reveal.or_else(|| issued.reveal.map(|view| shown(&kind, view)));
                wipe.push(kind);
            }
        }
        let mut letters =
            vec![Letter::in_answer(cx, user, Notice::FactorAdded { kind: kind.clone(), label })];
        if replaces {
            let removed = offers.own.iter().filter(|one| one.kind == kind);
            letters.extend(removed.map(|one| {
                let notice = Notice::FactorRemoved { kind: kind.clone(), label: one.label.clone() };
                Letter::in_answer(cx, user, notice)
            }));
        }
        let mails = self.app.letters(&cx.pool.pool, cx.now, letters.into_iter().flatten())?;
        let action = if replaces { AuditAction::FactorReplaced } else { AuditAction::FactorEnrolled };
        let audit = self.app.audit(cx, action, Some(user.id), Ended::Done).why("kind", kind.as_str());
        let had = offers.own.len();
        let told = Notices { mails, audit };
        let new_factor =
            NewFactor { user: user.id, had, kind, wipe, replaces, credentials, told, reveal, event };
        Ok(Ok(Box::new(new_factor)))
    }
}

/// The transaction of an enrolment within a sign-in.
#[derive(Clone)]
struct EnrolmentTransaction {
    user: UserId,
    flow: LoginFlow,
    version: i64,
    taken: CeremonyRow,
    new_factor: Box<NewFactor>,
    /// What is shown only once, where there is something.
    kept: Option<CeremonyRow>,
    /// The end of the sign-in, where there is nothing to show first.
    ending: Option<Ending>,
    now: Timestamp,
}

impl EnrolmentTransaction {
    async fn run(self, tx: &PoolTx) -> Result<Result<Enrolled, ()>, StoreError> {
        let Self { user, flow, version, taken, new_factor, kept, ending, now } = self;
        if !take(tx, &taken, user, now).await? || !new_factor.store(tx, Some(flow.id())).await? {
            return Ok(Err(()));
        }
        if new_factor.replaces {
            // Whoever has the lost device may also have a session or tokens that stand on it.
            let kept = flow.base().map_or(Sessions::All, Sessions::AllBut);
            end_sessions(tx, user, SessionEnd::FactorReplacedDuring(flow.id(), kept), now).await?;
        }
        if let Some(ending) = ending {
            let ended = ending.store(tx).await?;
            return Ok(ended.map(|step| Enrolled::Step(Box::new(step))).map_err(|_| ()));
        }
        if !tx.update_flow(&flow, version).await? {
            return Ok(Err(()));
        }
        let step = Step::from(Next::Flow(Box::new(flow)));
        let Some(kept) = kept else { return Ok(Ok(Enrolled::Step(Box::new(step)))) };
        tx.insert_ceremony(&kept).await?;
        Ok(Ok(Enrolled::Shown { step: Some(Box::new(step)) }))
    }
}

fn refused(kind: &FactorKind, error: &FactorError, hint: Option<Hint>) -> Enrolled {
    match error {
        FactorError::LabelInvalid => Enrolled::LabelInvalid,
        FactorError::Refused(key) => Enrolled::Refused { key },
        FactorError::StateInvalid => Enrolled::Stale,
        FactorError::Wrong | FactorError::NotEnrolled | FactorError::Internal(_) => {
            Enrolled::Wrong { kind: kind.clone(), hint }
        }
    }
}
