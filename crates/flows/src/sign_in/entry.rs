//! After the first factor, whichever it was: a session at once, or a flow with what is still missing.

use crate::{
    base::{
        cx::{Cx, RememberedBrowserToken},
        failure::Failure,
        outcome::{Next, Step},
    },
    factor::verdict::apply,
    sign_in::{
        SignIn,
        challenge::NewFlow,
        course::{Course, Proposals},
        ending::{Ending, FlowLost},
        intent::{TurnedAway, requirement_for, unknown_class},
    },
};
use uuid::Uuid;
use vestibule_domain::{
    AuthEvent, Evidence, FactorKind, FlowId, Intent, LoginFlow, Requirement, Stage, Timestamp, User, UserId,
    assurance::EventKind, flow::Begin, session::merge_events,
};
use vestibule_mfa::Verified;
use vestibule_store::{PoolTx, StoreError};

/// What proved the first factor.
#[derive(Clone)]
pub(crate) enum FirstProof {
    /// A password.
    Password {
        /// The stored hash that it matched.
        checked: String,
        /// What is stored from now on: the same, or a better one of the same password.
        kept: String,
        /// The subject that the attempt was counted for.
        counted_by: Uuid,
    },
    /// A factor that says who the user is.
    Factor {
        /// Which.
        kind: FactorKind,
        /// Its answer.
        verified: Verified,
        /// Digest of the challenge, which is good for one answer.
        challenge: [u8; 32],
        /// When the challenge would have expired.
        expires_at: Timestamp,
    },
}

/// What became of a user after the first factor.
pub(crate) enum Entry {
    /// This is next.
    Step(Box<Step>),
    /// The proof was used, or the password changed, meanwhile.
    Spent,
}

impl FirstProof {
    fn event(&self, now: Timestamp, expires_at: Timestamp) -> AuthEvent {
        let (factor, credential, evidence) = match self {
            Self::Password { .. } => (FactorKind::PASSWORD, None, Evidence::password()),
            Self::Factor { kind, verified, .. } => {
                (kind.clone(), Some(verified.credential), verified.evidence.clone())
            }
        };
        AuthEvent { factor, credential, kind: EventKind::FirstFactor, at: now, expires_at, evidence }
    }

    /// Spends the proof, once. A password that was changed after it was checked opens nothing: what the change ended must
    /// not begin again. The hash is written even where it stays the same, so that a change at the same moment waits.
    async fn spend(&self, tx: &PoolTx, user: &User, now: Timestamp) -> Result<bool, StoreError> {
        let (subject, kind) = match self {
            Self::Password { checked, kept, counted_by } => {
                if !tx.replace_password_hash(user.id, checked, kept).await? {
                    return Ok(false);
                }
                (*counted_by, &FactorKind::PASSWORD)
            }
            Self::Factor { kind, verified, challenge, expires_at } => {
                if !tx.spend_challenge(challenge, *expires_at).await?
                    || !apply(tx, user.id, verified.credential, &verified.effect, now).await?
                {
                    return Ok(false);
                }
                (user.id.as_uuid(), kind)
            }
        };
        tx.forget_attempts(subject, kind).await?;
        Ok(true)
    }
}

#[derive(Clone)]
enum AfterFirstFactor {
    Ending(Box<Ending>),
    Flow(Box<NewFlow>),
}

impl SignIn<'_> {
    /// Goes on after the first factor.
    pub(crate) async fn enter(
        self,
        cx: &Cx,
        intent: Intent,
        user: User,
        proof: FirstProof,
    ) -> Result<Entry, Failure> {
        let live = self.app.live(cx).await?;
        let base = live.as_ref().filter(|live| live.session.user == user.id);
        let lifetimes = &cx.pool.pool.settings.lifetimes;
        let lasts = match proof {
            FirstProof::Password { .. } => lifetimes.session_absolute,
            // It may count as the second factor, too.
            FirstProof::Factor { .. } => lifetimes.second_factor.min(lifetimes.session_absolute),
        };
        let event = proof.event(cx.now, cx.now + lasts);
        let wish = match self.wish(cx, &intent) {
            Ok(wish) => wish,
            Err(next) => {
                let audit = self.app.refusal_row(cx, user.id, &intent, None);
                return self.turned_away(cx, &user, TurnedAway { next, audit }, &proof).await;
            }
        };
        if let Some(checked) = wish.checked().filter(|checked| !checked.is_for(cx, &user)) {
            let next = crate::oidc::request::other_user(cx, checked);
            let audit = self.app.refusal_row(cx, user.id, &intent, None);
            return self.turned_away(cx, &user, TurnedAway { next, audit }, &proof).await;
        }
        let offers = self
            .app
            .policies()
            .offers(cx, &user, self.app.policies().policy(cx, &user, wish.application().as_ref()))
            .await?;
        let before: &[AuthEvent] = base.map_or(&[], |live| live.session.events.as_slice());
        let mut events = merge_events(before, &[event]);
        // A new sign-in is asked anew.
        events.retain(|event| event.kind != EventKind::Postponed);
        // Only the remembered browser of this cookie is checked and touched below, not those in the session's events.
        let remembered = match proof {
            FirstProof::Password { .. } => self.remembered(cx, &user, &offers.policy).await?,
            FirstProof::Factor { .. } => None,
        };
        if let Some(remembered) = &remembered {
            events = merge_events(&events, std::slice::from_ref(remembered));
        }
        let began = base.map(|live| live.session.created_at);
        let Ok(requirement) = requirement_for(self.app.factors().at(cx), &wish, &offers, &events, began)
        else {
            let next = unknown_class(cx, &wish);
            let audit = self.app.refusal_row(cx, user.id, &intent, None);
            return self.turned_away(cx, &user, TurnedAway { next, audit }, &proof).await;
        };
        let course = Course::of(&requirement, &events, &offers, Proposals::Made, cx.now);
        let away = match course {
            Course::Unreachable => Some(self.unreachable(cx, user.id, &intent, &requirement)),
            Course::FirstFactor => Some(self.once_more(cx, &user, &intent)),
            _ => None,
        };
        if let Some(away) = away {
            return self.turned_away(cx, &user, away, &proof).await;
        }
        let begin = self.begin(cx, intent, user.id, requirement, events);
        let begin = Begin { base: base.map(|live| live.session.id), ..begin };
        let mut flow = LoginFlow::begin(begin, course.need(), cx.now).map_err(Failure::internal)?;
        let cookie = cx
            .remembered_browser
            .as_ref()
            .filter(|_| remembered.is_some())
            .map(RememberedBrowserToken::digest);
        let after = match flow.stage() {
            Stage::Authenticated => {
                AfterFirstFactor::Ending(Box::new(self.ending(cx, &flow, None, &user).await?))
            }
            _ => {
                let challenge = self.opening_ceremony(cx, &mut flow, offers.claimant(&user)).await?;
                let audit = self.app.challenge_row(cx, &flow);
                AfterFirstFactor::Flow(Box::new(NewFlow { flow, opening: challenge, audit }))
            }
        };
        self.store_entry(cx, user, proof, cookie, after).await
    }

    /// A proof of the very second in which it was asked for is not younger than the question, by a clock of whole seconds or by
    /// that of another node: it is asked for again.
    fn once_more(self, cx: &Cx, user: &User, intent: &Intent) -> TurnedAway {
        let next = Next::Login { request: self.app.seal_request_of_flow(cx, intent) };
        TurnedAway { next, audit: self.app.refusal_row(cx, user.id, intent, None) }
    }

    async fn store_entry(
        self,
        cx: &Cx,
        user: User,
        proof: FirstProof,
        cookie: Option<[u8; 32]>,
        after: AfterFirstFactor,
    ) -> Result<Entry, Failure> {
        let now = cx.now;
        let done = self
            .app
            .pool_store(cx)
            .write_or_undo(move |tx| async move {
                if !proof.spend(&tx, &user, now).await? {
                    return Ok(Err(FlowLost::Moved));
                }
                // The browser was forgotten after it was looked up: then it no longer replaces the second factor.
                if let Some(cookie) = &cookie
                    && !tx.touch_remembered_browser(cookie, now).await?
                {
                    return Ok(Err(FlowLost::Moved));
                }
                match after {
                    AfterFirstFactor::Ending(ending) => ending.store(&tx).await,
                    AfterFirstFactor::Flow(new_flow) => {
                        new_flow.store(&tx).await?;
                        Ok(Ok(Next::Flow(Box::new(new_flow.flow)).into()))
                    }
                }
            })
            .await?;
        Ok(done.map_or(Entry::Spent, |step| Entry::Step(Box::new(step))))
    }

    /// The proof was right but leads nowhere. It is not held against the user: an application that asks for what cannot
    /// be reached must not lock its users out.
    async fn turned_away(
        self,
        cx: &Cx,
        user: &User,
        away: TurnedAway,
        proof: &FirstProof,
    ) -> Result<Entry, Failure> {
        let TurnedAway { next, audit } = away;
        let (proof, user, now) = (proof.clone(), user.clone(), cx.now);
        let done = self
            .app
            .pool_store(cx)
            .write_or_undo(move |tx| async move {
                if !proof.spend(&tx, &user, now).await? {
                    return Ok(Err(()));
                }
                tx.insert_audit(&audit).await?;
                Ok(Ok(()))
            })
            .await?;
        Ok(done.map_or(Entry::Spent, |()| Entry::Step(Box::new(next.into()))))
    }

    /// What a remembered browser stands for, where the policy lets it stand for anything.
    async fn remembered(
        self,
        cx: &Cx,
        user: &User,
        policy: &vestibule_domain::Effective,
    ) -> Result<Option<AuthEvent>, Failure> {
        let (Some(token), Some(_)) = (&cx.remembered_browser, policy.remembered_since) else {
            return Ok(None);
        };
        let found = self.app.pool_store(cx).remembered_browser(&token.digest(), user.id, cx.now).await?;
        Ok(found.map(|browser| AuthEvent {
            factor: FactorKind::REMEMBERED,
            credential: None,
            kind: EventKind::RememberedBrowser,
            at: browser.created_at,
            expires_at: browser.expires_at,
            evidence: Evidence::nothing(),
        }))
    }

    /// What a sign-in of this browser begins with, where it raises no session.
    pub(crate) fn begin(
        self,
        cx: &Cx,
        intent: Intent,
        user: UserId,
        requirement: Requirement,
        events: Vec<AuthEvent>,
    ) -> Begin {
        Begin {
            id: FlowId::new(cx.now, self.app.entropy().as_ref()),
            intent,
            browser: cx.browser,
            user,
            base: None,
            requirement,
            events,
            expires_at: cx.now + cx.pool.pool.settings.lifetimes.flow,
        }
    }
}
