//! The answer at the second factor.
//!
//! A verdict is computed first. Nobody is told before a transaction has committed that takes the ceremony and counts the
//! attempt. So no verdict is told without its count, and one commit does the work of two. An answer that turns out not to
//! count is told so at a time that says nothing about its verdict.

use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        budget::UnjudgedRow,
        cx::Cx,
        failure::Failure,
        notice::{Letter, Notice},
        outbox::{Notices, ReadyMail, queue},
        outcome::{Next, Step},
    },
    factor::{
        Claimant,
        ceremony::{NewCeremony, Purpose, WaitingCeremony},
        verdict::{apply, checked_verdict},
    },
    policy::offers::Offers,
    sign_in::{
        SignIn,
        challenge::OwnFlow,
        course::{Course, Proposals},
        ending::{Ending, FlowLost},
        intent::TurnedAway,
    },
};
use vestibule_domain::{
    Credential, CredentialId, FactorKind, FlowId, LoginFlow, Stage, Timestamp, User, UserId,
    assurance::EventKind,
    attempts::{Admission, DISABLE_AT, LONGEST_DELAY},
    session::merge_events,
};
use vestibule_mfa::{Aftermath, Effect, FactorError, FactorInput, Hint, SecondFactor, Verified};
use vestibule_store::{
    PoolTx, StoreError,
    records::{AuditRow, CeremonyKey, CeremonyRow},
};

/// What became of an answer at the second factor.
pub enum Answer {
    /// Right; this is next.
    Step(Box<Step>),
    /// Wrong, replayed or malformed; ask again.
    Wrong {
        /// Which factor was asked.
        kind: FactorKind,
        /// What may help.
        hint: Option<Hint>,
    },
    /// Not evaluated: too many tries.
    Throttled {
        /// Until the next try.
        seconds: i64,
    },
    /// Wrong, and too often: the sign-in is over. A new one can begin after the wait.
    Locked {
        /// Until the next try.
        seconds: i64,
        /// What the sign-in was for, sealed, to begin again with.
        request: String,
    },
    /// Not evaluated: the factor is disabled after too many failures.
    Disabled,
    /// The page was out of date; show it again.
    Stale,
    /// The flow is over, expired, or another browser's.
    Expired,
}

impl SignIn<'_> {
    /// Evaluates an answer of the factor that was asked.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn answer(
        self,
        cx: &Cx,
        id: FlowId,
        ceremony: &str,
        input: FactorInput,
    ) -> Result<Answer, Failure> {
        let Some(current) = self.own_flow(cx, id).await? else { return Ok(Answer::Expired) };
        let Stage::SecondFactor { asked, .. } = current.flow.stage() else { return Ok(Answer::Stale) };
        let asked = asked.clone();
        let held = self.waiting(cx, &current, Purpose::Verify)?;
        let Some(held) = held.filter(|held| held.row.kind == asked && held.row.id.to_string() == ceremony)
        else {
            return Ok(Answer::Stale);
        };
        let policy = self.flow_policy(cx, &current);
        let offers = self.app.policies().offers(cx, &current.user, policy).await?;
        // While no answer counts, none is judged: the work must not tell right from wrong.
        let counter = offers.attempts.iter().find(|(one, _)| *one == asked);
        let counts =
            counter.is_none_or(|(_, attempts)| matches!(attempts.admit(cx.now), Admission::Admitted(_)));
        // A factor that was taken out of service after it was asked does not answer any more.
        let counts = counts && offers.enrolled.iter().any(|offer| offer.kind == asked && !offer.disabled);
        let (claimant, factors) = (offers.claimant(&current.user), self.app.factors());
        let alike = factors.alike(&asked);
        let judged = if counts { Some(self.judge(cx, claimant, &held, &input).await) } else { None };
        let mut aftermath = Aftermath::default();
        let verdict = match judged {
            None => None,
            Some(Ok(verified)) => {
                let given = Given { kind: &asked, verified, remember: input.get("remember").is_some() };
                Some(self.right_answer(cx, &current, &offers, given).await?)
            }
            Some(Err(FactorError::Internal(_))) => None,
            Some(Err(_)) => {
                aftermath = factors.aftermath(cx, claimant, &held, &input).await?;
                None
            }
        };
        let transaction = AnswerTransaction {
            user: current.user.id,
            kind: asked.clone(),
            retry: factors.renewed(cx, &current.user, &held, aftermath.state)?,
            hint: aftermath.hint,
            taken: held.row,
            flow: id,
            version: current.version,
            refused: self
                .app
                .audit(cx, AuditAction::SecondFactor, Some(current.user.id), Ended::Refused)
                .why("kind", asked.as_str()),
            throttled: self.app.unjudged(cx, asked.as_str(), Some(current.user.id)),
            secrets: self.secrets(&asked, &offers.own),
            warning: self.warning(cx, &current.user, &offers, &asked)?,
            last_chance: self.last_chance(cx, &current.user, &offers, &asked)?,
            again: self.app.seal_request_of_flow(cx, current.flow.intent()),
            now: cx.now,
        };
        let done = self
            .app
            .pool_store(cx)
            .write_or_undo(move |tx| async move { transaction.run(&tx, verdict).await })
            .await?;
        let told = done.unwrap_or_else(|undone| match undone {
            AnswerLost::Stale => Answer::Stale,
            AnswerLost::Over => Answer::Expired,
        });
        if counts && matches!(told, Answer::Stale | Answer::Throttled { .. } | Answer::Disabled) {
            alike.await;
        }
        Ok(told)
    }

    /// Has a factor judge an answer. A factor whose verdict breaks its promise has failed.
    async fn judge(
        self,
        cx: &Cx,
        claimant: Claimant<'_>,
        held: &WaitingCeremony,
        input: &FactorInput,
    ) -> Result<Verified, FactorError> {
        let (state, input, user) = (held.state.clone(), input.clone(), claimant.user.id);
        let judged = self.app.factors().call(cx, claimant, &held.row.kind, move |factor, factor_cx, own| {
            let verified = factor.verify(factor_cx, own, &state, &input)?;
            checked_verdict(factor, user, own, verified)
        });
        judged.await
    }

    /// Everything that follows from a right answer, ready to be written.
    async fn right_answer(
        self,
        cx: &Cx,
        current: &OwnFlow,
        offers: &Offers,
        given: Given<'_>,
    ) -> Result<RightAnswer, Failure> {
        let Given { kind, verified, remember } = given;
        let backup = verified.evidence.is_recovery();
        let event = self.app.factors().event(
            cx,
            kind,
            Some(verified.credential),
            EventKind::SecondFactor,
            verified.evidence,
        );
        let events = merge_events(current.flow.events(), std::slice::from_ref(&event));
        let requirement = current.flow.requirement();
        let course = Course::of(requirement, &events, offers, Proposals::Over, cx.now);
        if course == Course::FirstFactor {
            // It has aged out while the second one was awaited.
            let next = Next::Login { request: self.app.seal_request_of_flow(cx, current.flow.intent()) };
            let intent = current.flow.intent();
            let audit = self.app.refusal_row(cx, current.user.id, intent, Some(requirement));
            let after = AfterAnswer::TurnedAway(Box::new(TurnedAway { next, audit }));
            let audit = self.second_factor_row(cx, current, kind);
            let told = Notices { mails: Vec::new(), audit };
            return Ok(RightAnswer { credential: verified.credential, effect: verified.effect, after, told });
        }
        let mut flow =
            current.flow.clone().answered(event, course.need(), cx.now).map_err(Failure::internal)?;
        let mails = self.app.letters(
            &cx.pool.pool,
            cx.now,
            self.use_notices(cx, current, offers, kind, &verified.effect),
        )?;
        let audit = self.second_factor_row(cx, current, kind);
        let after = match flow.stage() {
            Stage::Authenticated => {
                let ending = self.ending(cx, &flow, Some(current.version), &current.user).await?;
                // Only a real answer is worth remembering.
                AfterAnswer::Ending(Box::new(if remember && !backup { ending.remembering() } else { ending }))
            }
            Stage::Unreachable => {
                let away = self.unreachable(cx, current.user.id, flow.intent(), requirement);
                AfterAnswer::TurnedAway(Box::new(away))
            }
            _ => {
                let ceremony = self.opening_ceremony(cx, &mut flow, offers.claimant(&current.user)).await?;
                AfterAnswer::More(Box::new(flow), ceremony.map(Box::new))
            }
        };
        let told = Notices { mails, audit };
        Ok(RightAnswer { credential: verified.credential, effect: verified.effect, after, told })
    }

    fn second_factor_row(self, cx: &Cx, current: &OwnFlow, kind: &FactorKind) -> AuditRow {
        self.app
            .audit(cx, AuditAction::SecondFactor, Some(current.user.id), Ended::Done)
            .why("kind", kind.as_str())
    }

    /// How many secrets an answer could hit by chance.
    fn secrets(self, kind: &FactorKind, own: &[Credential]) -> u32 {
        self.app.registry().get(kind).map_or(1, |factor| factor.secrets(own))
    }

    /// The mail for the case that this attempt is one too many for now: somebody who answers knows the password. Rendered only
    /// when it could be sent.
    fn warning(
        self,
        cx: &Cx,
        user: &User,
        offers: &Offers,
        kind: &FactorKind,
    ) -> Result<Vec<ReadyMail>, Failure> {
        let counter = offers.attempts.iter().find(|(one, _)| one == kind);
        let secrets = self.secrets(kind, &offers.own);
        let next = counter.map(|(_, attempts)| *attempts).unwrap_or_default().admit_for(secrets, cx.now);
        match next {
            Admission::Admitted(next) if next.blocked_until > cx.now => {
                let notice = Notice::WrongCodes { kind: kind.clone() };
                self.app.letters(&cx.pool.pool, cx.now, Letter::to_user(user, cx.now, notice))
            }
            _ => Ok(Vec::new()),
        }
    }

    /// The mail for the case that this very attempt disables the factor; rendered only when it could.
    fn last_chance(
        self,
        cx: &Cx,
        user: &User,
        offers: &Offers,
        kind: &FactorKind,
    ) -> Result<Vec<ReadyMail>, Failure> {
        let failures =
            offers.attempts.iter().find(|(one, _)| one == kind).map_or(0, |(_, attempts)| attempts.failures);
        if failures.saturating_add(self.secrets(kind, &offers.own)) < DISABLE_AT {
            return Ok(Vec::new());
        }
        let label =
            offers.own.iter().find(|one| one.kind == *kind).map(|one| one.label.clone()).unwrap_or_default();
        let notice = Notice::FactorDisabled { kind: kind.clone(), label };
        self.app.letters(&cx.pool.pool, cx.now, Letter::in_answer(cx, user, notice))
    }

    fn use_notices(
        self,
        cx: &Cx,
        current: &OwnFlow,
        offers: &Offers,
        kind: &FactorKind,
        effect: &Effect,
    ) -> Vec<Letter> {
        let Some(traits) = self.app.registry().get(kind).map(SecondFactor::traits) else { return Vec::new() };
        let Some(mails) = traits.use_mails else { return Vec::new() };
        let spent = usize::from(*effect == Effect::Spend);
        let left = offers.own.iter().filter(|one| one.kind == *kind).count().saturating_sub(spent);
        let left = u32::try_from(left).unwrap_or(u32::MAX);
        let low = traits.low_water.is_some_and(|low| left <= low);
        let templates = std::iter::once(mails.used).chain(mails.low.filter(|_| low));
        let notices = templates.map(|template| Notice::FactorUsed { template, left });
        notices.filter_map(|notice| Letter::in_answer(cx, &current.user, notice)).collect()
    }
}

/// A right answer, and what was said with it.
struct Given<'a> {
    kind: &'a FactorKind,
    verified: Verified,
    /// The user wants this browser remembered.
    remember: bool,
}

#[derive(Clone)]
struct RightAnswer {
    credential: CredentialId,
    effect: Effect,
    after: AfterAnswer,
    told: Notices,
}

#[derive(Clone)]
enum AfterAnswer {
    Ending(Box<Ending>),
    More(Box<LoginFlow>, Option<Box<NewCeremony>>),
    TurnedAway(Box<TurnedAway>),
}

/// The transaction of an answer.
#[derive(Clone)]
struct AnswerTransaction {
    user: UserId,
    kind: FactorKind,
    taken: CeremonyRow,
    retry: CeremonyRow,
    hint: Option<Hint>,
    flow: FlowId,
    version: i64,
    refused: AuditRow,
    /// For an answer that is not looked at.
    throttled: UnjudgedRow,
    /// How many secrets the answer could hit by chance.
    secrets: u32,
    /// For a wrong answer after which nothing counts for a while.
    warning: Vec<ReadyMail>,
    last_chance: Vec<ReadyMail>,
    again: String,
    now: Timestamp,
}

/// Why nothing was written.
enum AnswerLost {
    /// Somebody else took the ceremony or moved the flow.
    Stale,
    /// The session that was to be raised is gone.
    Over,
}

impl AnswerTransaction {
    async fn run(
        self,
        tx: &PoolTx,
        verdict: Option<RightAnswer>,
    ) -> Result<Result<Answer, AnswerLost>, StoreError> {
        let key = CeremonyKey {
            id: self.taken.id,
            user: self.user,
            kind: &self.kind,
            purpose: &self.taken.purpose,
            bound_to: &self.taken.bound_to,
        };
        if tx.take_ceremony(&key, self.now).await?.is_none() {
            return Ok(Err(AnswerLost::Stale));
        }
        let admitted = tx.admit_attempt_for(self.secrets, self.user.as_uuid(), &self.kind, self.now).await?;
        let counted = match admitted {
            Admission::Admitted(counted) => counted,
            Admission::Throttled { until } => {
                self.throttled.store(tx).await?;
                tx.insert_ceremony(&self.retry).await?;
                return Ok(Ok(Answer::Throttled { seconds: until.wait_from(self.now) }));
            }
            Admission::Disabled => {
                self.throttled.store(tx).await?;
                tx.insert_ceremony(&self.retry).await?;
                return Ok(Ok(Answer::Disabled));
            }
        };
        if let Some(right_answer) = verdict
            && apply(tx, self.user, right_answer.credential, &right_answer.effect, self.now).await?
        {
            return self.passed(tx, right_answer).await;
        }
        tx.insert_audit(&self.refused).await?;
        if counted.is_disabled() {
            queue(tx, &self.last_chance).await?;
        } else if counted.blocked_until > self.now && !self.warning.is_empty() {
            queue(tx, &self.warning).await?;
        }
        if counted.is_disabled() || counted.blocked_until > self.now {
            // A guesser who waits until the lock ends has to give the first factor again.
            tx.delete_flow(self.flow, self.version).await?;
            let seconds =
                if counted.is_disabled() { LONGEST_DELAY } else { counted.blocked_until.since(self.now) };
            return Ok(Ok(Answer::Locked { seconds, request: self.again }));
        }
        tx.insert_ceremony(&self.retry).await?;
        Ok(Ok(Answer::Wrong { kind: self.kind, hint: self.hint }))
    }

    async fn passed(
        self,
        tx: &PoolTx,
        right_answer: RightAnswer,
    ) -> Result<Result<Answer, AnswerLost>, StoreError> {
        tx.forget_attempts(self.user.as_uuid(), &self.kind).await?;
        right_answer.told.store(tx).await?;
        let step = match right_answer.after {
            AfterAnswer::More(flow, ceremony) => {
                if !tx.update_flow(&flow, self.version).await? {
                    return Ok(Err(AnswerLost::Stale));
                }
                if let Some(opening) = ceremony {
                    opening.store(tx).await?;
                }
                Next::Flow(flow).into()
            }
            AfterAnswer::TurnedAway(away) => {
                tx.insert_audit(&away.audit).await?;
                tx.delete_flow(self.flow, self.version).await?;
                away.next.into()
            }
            AfterAnswer::Ending(ending) => match ending.store(tx).await? {
                Ok(step) => step,
                Err(FlowLost::Moved) => return Ok(Err(AnswerLost::Stale)),
                Err(FlowLost::SessionGone) => return Ok(Err(AnswerLost::Over)),
            },
        };
        Ok(Ok(Answer::Step(Box::new(step))))
    }
}
