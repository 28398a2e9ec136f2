//! The end of a sign-in: a session opened or raised and, where the application may have it, a code.
//!
//! However a sign-in ends – behind the first factor, with an answer, with an enrolment, with one that was postponed – it
//! ends here, in one transaction. That transaction holds the user, reads their factors and the rules as they are now, and
//! judges once more what was proved. So whatever changed since the sign-in began counts, and a page that was kept open is
//! worth nothing more than a new one.

use crate::{
    base::{
        app::App,
        audit::{AGENT, AuditAction, Detailed as _, Ended, FLOW},
        cx::{Cx, Live, RememberedBrowserToken, SessionToken},
        failure::Failure,
        notice::{Letter, Notice},
        outbox::{ReadyMail, queue},
        outcome::{Next, Step},
        session_end::{SessionEnd, end_sessions},
    },
    factor::call::PoolAt,
    oidc::request::other_user,
    policy::offers::Offers,
    sign_in::{
        SignIn,
        course::{Course, Proposals},
        intent::{Wish, requirement_for, unknown_class},
    },
};
use std::collections::BTreeSet;
use vestibule_domain::{
    Authenticated, FactorKind, LoginFlow, RememberedBrowserId, Requirement, Session, SessionId, Timestamp,
    User, UserStatus,
};
use vestibule_store::{
    PoolTx, StoreError,
    records::{Factors, Known, RememberedBrowser},
};

/// Where a sign-in leads, as far as that can be known before its last transaction.
#[derive(Clone)]
enum Destination {
    /// To what it was begun for. `agreed` says that the application need not ask the user.
    Wish { wish: Wish, agreed: bool },
    /// To an answer without a code: the application would refuse the request by now.
    Elsewhere(Next),
}

/// A sign-in that has come to its end, ready to be judged once more and stored.
#[derive(Clone)]
pub(crate) struct Ending {
    app: App,
    cx: Cx,
    flow: LoginFlow,
    /// The version of the sign-in's row; none where it ends before it was ever stored.
    stored: Option<i64>,
    session: SessionId,
    /// The session of the browser, of whichever user and however long it was left alone: a browser has one session at a time.
    live: Option<Live>,
    destination: Destination,
    token: SessionToken,
    /// The kinds of factor that can be used now.
    available: BTreeSet<FactorKind>,
    /// Whether the user wants this browser remembered.
    remember: bool,
}

/// Why nothing was stored.
pub(crate) enum FlowLost {
    /// Somebody else moved or ended the sign-in, or changed what it stands on.
    Moved,
    /// The session that was to be raised, or its user, is gone.
    SessionGone,
}

impl SignIn<'_> {
    /// Prepares the end of a sign-in from which nothing is missing. `stored` is the version of its row, where it has one.
    pub(crate) async fn ending(
        self,
        cx: &Cx,
        flow: &LoginFlow,
        stored: Option<i64>,
        user: &User,
    ) -> Result<Ending, Failure> {
        let destination = match self.wish(cx, flow.intent()) {
            Err(next) => Destination::Elsewhere(next),
            Ok(wish) => match wish.checked() {
                Some(checked) if !checked.is_for(cx, user) => Destination::Elsewhere(other_user(cx, checked)),
                Some(checked) => {
                    let agreed = !self.needs_consent(cx, checked, user).await?;
                    Destination::Wish { wish, agreed }
                }
                None => Destination::Wish { wish, agreed: true },
            },
        };
        let new_id = || SessionId::new(cx.now, self.app.entropy().as_ref());
        Ok(Ending {
            app: self.app.clone(),
            cx: cx.clone(),
            flow: flow.clone(),
            stored,
            session: flow.base().unwrap_or_else(new_id),
            live: self.app.open_session(cx).await?,
            destination,
            token: self.app.fresh_session_token(),
            available: self.app.policies().available(self.app.factors().at(cx), user),
            remember: false,
        })
    }
}

impl Ending {
    /// Has the browser remembered, for as long as the rules let it.
    pub(crate) fn remembering(self) -> Self {
        Self { remember: true, ..self }
    }

    /// Judges the sign-in by the user's factors and the rules of now, and stores its end: the session, the code, and
    /// whatever else comes with them. Where more is asked by now, the sign-in goes on instead.
    ///
    /// It belongs in the transaction of what led to the end, and has to be the last thing there.
    pub(crate) async fn store(self, tx: &PoolTx) -> Result<Result<Step, FlowLost>, StoreError> {
        let seen = self.cx.pool.pool.version;
        let Some((user, changed)) = tx.locked_user(self.flow.user(), seen).await? else {
            return Ok(Err(FlowLost::SessionGone));
        };
        if user.status != UserStatus::Active {
            return Ok(Err(FlowLost::SessionGone));
        }
        let factors = tx.factors(user.id).await?;
        let pool = changed.as_ref().unwrap_or(&self.cx.pool.pool);
        let at = PoolAt { pool, now: self.cx.now, can_mail: self.app.can_mail() };
        let offers = self.offers(at, &user, factors);
        let Some(asked) = self.asked(at, &offers) else {
            let next = match &self.destination {
                Destination::Wish { wish, .. } => unknown_class(&self.cx, wish),
                Destination::Elsewhere(next) => next.clone(),
            };
            return self.give_up(tx, next).await;
        };
        let both = self.flow.requirement().and(&asked);
        let proposals = Proposals::due(&both, self.flow.events(), self.cx.now);
        let course = Course::of(&both, self.flow.events(), &offers, proposals, self.cx.now);
        match course {
            Course::Through => {}
            Course::FirstFactor => {
                let request = self.app.seal_request_of_flow(&self.cx, self.flow.intent());
                return self.give_up(tx, Next::Login { request }).await;
            }
            Course::Unreachable => {
                let sign_in = self.app.sign_in();
                let away = sign_in.unreachable(&self.cx, user.id, self.flow.intent(), &both);
                tx.insert_audit(&away.audit).await?;
                return self.give_up(tx, away.next).await;
            }
            more => return self.go_on(tx, &asked, more).await,
        }
        let Ok(flow) = self.flow.clone().reconsidered(&asked, course.need(), self.cx.now) else {
            return Ok(Err(FlowLost::Moved));
        };
        let Some(authenticated) = Authenticated::from_flow(&flow, self.session, self.cx.now) else {
            return Ok(Err(FlowLost::Moved));
        };
        let days = if self.remember { offers.policy.remember_days.value } else { 0 };
        self.end(tx, &flow, &user, &authenticated, days).await
    }

    /// The factors of the user as they are now, under the rules of now.
    fn offers(&self, at: PoolAt<'_>, user: &User, factors: Factors) -> Offers {
        let policies = self.app.policies();
        let application = match &self.destination {
            Destination::Wish { wish, .. } => wish.application(),
            Destination::Elsewhere(_) => None,
        };
        let policy = policies.policy_after(at, user, application.as_ref(), self.flow.events());
        policies.offers_among(&self.available, at.pool, policy, factors)
    }

    /// What is required now. `None`: a class that nobody knows.
    fn asked(&self, at: PoolAt<'_>, offers: &Offers) -> Option<Requirement> {
        let Destination::Wish { wish, .. } = &self.destination else {
            return Some(Requirement::floor(&offers.policy, offers.has_factor()));
        };
        let base = self.live.as_ref().filter(|live| Some(live.session.id) == self.flow.base());
        let began = base.map(|live| live.session.created_at);
        requirement_for(at, wish, offers, self.flow.events(), began).ok()
    }

    /// More is asked by now than when the sign-in began: it goes on with that. Its page makes the challenge.
    async fn go_on(
        self,
        tx: &PoolTx,
        asked: &Requirement,
        course: Course,
    ) -> Result<Result<Step, FlowLost>, StoreError> {
        let Ok(flow) = self.flow.clone().reconsidered(asked, course.need(), self.cx.now) else {
            return Ok(Err(FlowLost::Moved));
        };
        let mut audit = self.app.challenge_row(&self.cx, &flow);
        match self.stored {
            Some(version) if !tx.update_flow(&flow, version).await? => return Ok(Err(FlowLost::Moved)),
            // The row with the sign-in's own identifier was written when it began.
            Some(_) => audit.id = self.app.audit_id(self.cx.now),
            None => tx.insert_flow(&flow).await?,
        }
        tx.insert_audit(&audit).await?;
        Ok(Ok(Next::Flow(Box::new(flow)).into()))
    }

    /// The sign-in is over without a session.
    async fn give_up(self, tx: &PoolTx, next: Next) -> Result<Result<Step, FlowLost>, StoreError> {
        if let Some(version) = self.stored
            && !tx.delete_flow(self.flow.id(), version).await?
        {
            return Ok(Err(FlowLost::Moved));
        }
        Ok(Ok(next.into()))
    }

    async fn end(
        self,
        tx: &PoolTx,
        flow: &LoginFlow,
        user: &User,
        authenticated: &Authenticated,
        remember_days: u32,
    ) -> Result<Result<Step, FlowLost>, StoreError> {
        if let Some(version) = self.stored
            && !tx.delete_flow(flow.id(), version).await?
        {
            return Ok(Err(FlowLost::Moved));
        }
        let (cx, now, digest) = (&self.cx, self.cx.now, self.token.digest());
        if flow.base().is_some() {
            if !tx.raise_session(self.session, user.id, flow.events(), &digest, now).await? {
                return Ok(Err(FlowLost::SessionGone));
            }
        } else {
            tx.insert_session(&new_session(cx, self.session, flow), &digest).await?;
        }
        if let Some(other) = self.live.as_ref().filter(|live| Some(live.session.id) != flow.base()) {
            end_sessions(tx, other.session.user, SessionEnd::Replaced(other.session.id), now).await?;
        }
        let next = self.arrive(tx, flow, authenticated).await?;
        let remembered_browser = match i64::from(remember_days) * 86_400 {
            0 => None,
            seconds => {
                let (row, token) = self.remembered(user, now + seconds);
                tx.remember_browser(&row, &token.digest()).await?;
                Some((token, seconds))
            }
        };
        if flow.base().is_none()
            && tx.know_browser(user.id, &cx.browser, now).await? == Known::New
            && let Some(mail) = self.new_browser_mail(user)
        {
            queue(tx, &[mail]).await?;
        }
        if cx.language.chosen && user.locale.as_deref() != cx.language.known() {
            tx.set_locale(user.id, cx.language.known(), now).await?;
        }
        let audit =
            self.app.audit(cx, AuditAction::SignIn, Some(user.id), Ended::Done).in_session(self.session);
        let audit = audit.why("amr", authenticated.assurance().amr.join(" "));
        let audit = audit.and(FLOW, flow.id().to_string());
        tx.insert_audit(&audit.and(AGENT, cx.user_agent.clone())).await?;
        Ok(Ok(Step { next, session: Some(self.token), remembered_browser }))
    }

    /// Where the user goes from here; with the code, where there is one.
    async fn arrive(
        &self,
        tx: &PoolTx,
        flow: &LoginFlow,
        authenticated: &Authenticated,
    ) -> Result<Next, StoreError> {
        let recovered =
            |event: &vestibule_domain::AuthEvent| event.evidence.is_recovery() && event.at == self.cx.now;
        let request = || self.app.seal_request(&self.cx, flow.intent());
        if flow.events().iter().any(recovered) {
            return Ok(Next::Recovered { request: request() });
        }
        let checked = match &self.destination {
            Destination::Elsewhere(next) => return Ok(next.clone()),
            Destination::Wish { wish: Wish::Account(action), .. } => {
                return Ok(Next::Account(action.clone()));
            }
            Destination::Wish { agreed: false, .. } => return Ok(Next::Consent { request: request() }),
            Destination::Wish { wish: Wish::Application(checked), .. } => checked,
        };
        let raised = self.live.as_ref().filter(|live| Some(live.session.id) == self.flow.base());
        let lifetimes = &self.cx.pool.pool.settings.lifetimes;
        let ends = raised.map_or(self.cx.now + lifetimes.session_absolute, |live| live.session.expires_at);
        let code = self.app.oidc().mint(&self.cx, checked, authenticated, flow.requirement(), ends);
        let answer = match code {
            Some(code) => code.store(tx, authenticated.user()).await?,
            None => None,
        };
        Ok(answer.map_or_else(|| Next::Consent { request: request() }, Next::Answer))
    }

    fn remembered(&self, user: &User, expires_at: Timestamp) -> (RememberedBrowser, RememberedBrowserToken) {
        let cx = &self.cx;
        let row = RememberedBrowser {
            id: RememberedBrowserId::new(cx.now, self.app.entropy().as_ref()),
            user: user.id,
            label: cx.user_agent.clone().unwrap_or_default(),
            ip: cx.ip.clone(),
            created_at: cx.now,
            last_used_at: cx.now,
            expires_at,
        };
        (row, RememberedBrowserToken::new(self.app.secret()))
    }

    /// The mail about a sign-in from a browser that is new for the user. A sign-in is not refused because its
    /// notice could not be written.
    fn new_browser_mail(&self, user: &User) -> Option<ReadyMail> {
        let cx = &self.cx;
        let notice = Notice::NewDevice { user_agent: cx.user_agent.clone(), ip: cx.ip.clone() };
        let letter = Letter::in_answer(cx, user, notice)?;
        match self.app.letters(&cx.pool.pool, cx.now, [letter]) {
            Ok(mut mails) => mails.pop(),
            Err(cause) => {
                tracing::error!(%cause, "the mail about a new browser could not be rendered");
                None
            }
        }
    }
}

fn new_session(cx: &Cx, id: SessionId, flow: &LoginFlow) -> Session {
    Session {
        id,
        user: flow.user(),
        events: flow.events().to_vec(),
        created_at: cx.now,
        last_seen_at: cx.now,
        expires_at: cx.now + cx.pool.pool.settings.lifetimes.session_absolute,
        ip: cx.ip.clone(),
        user_agent: cx.user_agent.clone(),
    }
}
