//! The end of a sign-in: a session opened or raised and, where the application may have it, a code.

use crate::{
    base::{
        audit::{Detailed as _, Ended},
        cx::{Cx, Live, RememberedBrowserToken, SessionToken},
        failure::Failure,
        notice::{Letter, MailRenderer, Notice, mail_row},
        outcome::{Next, Step},
        runtime::PoolRuntime,
        session_end::{SessionEnd, end_sessions},
    },
    oidc::code::IssuedCode,
    sign_in::SignIn,
};
use std::sync::Arc;
use uuid::Uuid;
use vestibule_domain::{
    AuthEvent, Authenticated, Intent, LoginFlow, Requirement, Session, SessionId, Stage, Timestamp, User,
    UserId,
};
use vestibule_store::{
    PoolTx, StoreError,
    records::{AuditRow, Known, MailRow, RememberedBrowser},
};

/// Everything that the last transaction of a sign-in writes.
#[derive(Clone)]
pub(crate) struct Ending {
    user: UserId,
    opened: SessionChange,
    token: SessionToken,
    replaced: Option<(UserId, SessionId)>,
    mint: Option<IssuedCode>,
    audit: AuditRow,
    browser: [u8; 32],
    alarm: NewBrowserMail,
    remember: Option<ToRemember>,
    next: Next,
    now: Timestamp,
}

/// A browser to be remembered from now on.
#[derive(Clone)]
struct ToRemember {
    row: RememberedBrowser,
    token: RememberedBrowserToken,
}

/// The mail about a sign-in from a browser that the user was never seen with; rendered only when it is sent.
#[derive(Clone)]
struct NewBrowserMail {
    renderer: Arc<dyn MailRenderer>,
    pool: Arc<PoolRuntime>,
    letter: Option<Letter>,
    id: Uuid,
}

impl NewBrowserMail {
    fn mail(&self, now: Timestamp) -> Option<MailRow> {
        let letter = self.letter.as_ref()?;
        match self.renderer.render(&self.pool.pool, letter) {
            Ok(mail) => Some(mail_row(self.id, letter.to.clone(), mail, now)),
            Err(cause) => {
                // A sign-in is not refused because its notice could not be written.
                tracing::error!(cause, "the mail about a new device could not be rendered");
                None
            }
        }
    }
}

#[derive(Clone)]
enum SessionChange {
    New(Box<Session>),
    Raised { id: SessionId, events: Vec<AuthEvent> },
}

/// The session that was to be raised, or the password that opens it, is gone.
pub(crate) struct SessionGone;

impl Ending {
    /// Writes it all.
    pub(crate) async fn store(self, tx: &PoolTx) -> Result<Result<Step, SessionGone>, StoreError> {
        let digest = self.token.digest();
        match &self.opened {
            SessionChange::New(session) => tx.insert_session(session, &digest).await?,
            SessionChange::Raised { id, events } => {
                if !tx.raise_session(*id, self.user, events, &digest, self.now).await? {
                    return Ok(Err(SessionGone));
                }
            }
        }
        if let Some((user, id)) = self.replaced {
            end_sessions(tx, user, SessionEnd::Replaced(id), self.now).await?;
        }
        if let Some(mint) = self.mint {
            mint.store(tx, self.user).await?;
        }
        let mut remembered_browser = None;
        if let Some(remember) = self.remember {
            let (token, seconds) = (remember.token, remember.row.expires_at.since(self.now));
            tx.remember_browser(&remember.row, &token.digest()).await?;
            remembered_browser = Some((token, seconds));
        }
        if matches!(self.opened, SessionChange::New(_))
            && tx.know_browser(self.user, &self.browser, self.now).await? == Known::New
            && let Some(mail) = self.alarm.mail(self.now)
        {
            tx.queue_mail(&mail).await?;
        }
        tx.insert_audit(&self.audit).await?;
        Ok(Ok(Step { next: self.next, session: Some(self.token), remembered_browser }))
    }
}

impl SignIn<'_> {
    /// Prepares the end of a flow that stands at [`Stage::Authenticated`].
    ///
    /// `live` is the session that the browser brought, whoever it belongs to: a browser has one session at a time.
    pub(crate) async fn land(
        self,
        cx: &Cx,
        flow: &LoginFlow,
        user: &User,
        live: Option<&Live>,
    ) -> Result<Ending, Failure> {
        debug_assert_eq!(*flow.stage(), Stage::Authenticated);
        let base = flow.base();
        let id = base.unwrap_or_else(|| SessionId::new(cx.now, self.app.entropy().as_ref()));
        let authenticated = Authenticated::from_flow(flow, id, cx.now)
            .ok_or_else(|| Failure::internal("a flow ended without meeting its requirement"))?;
        let opened = match base {
            Some(id) => SessionChange::Raised { id, events: flow.events().to_vec() },
            None => SessionChange::New(Box::new(self.new_session(cx, id, user.id, flow.events()))),
        };
        let replaced = live.filter(|live| Some(live.session.id) != base);
        let (next, mint) = self.landing_place(cx, flow.intent(), user, &authenticated, flow).await?;
        let assurance = authenticated.assurance();
        let audit = self
            .app
            .audit(cx, "sign-in", Some(user.id), Ended::Done)
            .in_session(id)
            .why("amr", assurance.amr.join(" "));
        Ok(Ending {
            user: user.id,
            opened,
            token: self.app.fresh_session_token(),
            replaced: replaced.map(|live| (live.session.user, live.session.id)),
            mint,
            audit,
            browser: cx.browser,
            alarm: self.alarm(cx, user),
            remember: None,
            next,
            now: cx.now,
        })
    }

    /// Has the browser remembered that ends a sign-in with a second factor.
    pub(crate) fn remembering(self, cx: &Cx, landing: Ending, user: &User, days: u32) -> Ending {
        let row = RememberedBrowser {
            id: self.app.uuid(cx.now),
            user: user.id,
            label: cx.user_agent.clone().unwrap_or_default(),
            ip: cx.ip.clone(),
            created_at: cx.now,
            last_used_at: cx.now,
            expires_at: cx.now + i64::from(days) * 86_400,
        };
        let remember = ToRemember { row, token: RememberedBrowserToken::new(self.app.secret()) };
        Ending { remember: Some(remember), ..landing }
    }

    fn alarm(self, cx: &Cx, user: &User) -> NewBrowserMail {
        let notice = Notice::NewDevice { user_agent: cx.user_agent.clone(), ip: cx.ip.clone() };
        NewBrowserMail {
            renderer: Arc::clone(self.app.renderer()),
            pool: Arc::clone(&cx.pool),
            letter: Letter::to_user(user, cx.now, notice),
            id: self.app.uuid(cx.now),
        }
    }

    async fn landing_place(
        self,
        cx: &Cx,
        intent: &Intent,
        user: &User,
        authenticated: &Authenticated,
        flow: &LoginFlow,
    ) -> Result<(Next, Option<IssuedCode>), Failure> {
        let used_recovery =
            flow.events().iter().any(|event| event.evidence.is_recovery() && event.at == cx.now);
        let asked = match intent {
            _ if used_recovery => {
                return Ok((Next::Recovered { request: self.app.seal_request(cx, intent) }, None));
            }
            Intent::Account(action) => return Ok((Next::Account(action.clone()), None)),
            Intent::Authorize(asked) => asked,
        };
        let checked = match self.app.oidc().check_request(cx, asked) {
            Ok(checked) if checked.is_for(user) => checked,
            Ok(checked) => return Ok((crate::oidc::request::other_user(cx, &checked), None)),
            Err(next) => return Ok((next, None)),
        };
        // What the rules ask may have risen since the flow began: then there is more to do before there is a code.
        let policy = self.app.policies().policy_inside(cx, user, Some(&checked.application()));
        let floor = Requirement::floor(&policy, flow.requirement().second_factor);
        if !floor.is_met_by(flow.events(), cx.now) {
            return Ok((Next::Resume { request: self.app.seal_request(cx, intent) }, None));
        }
        if self.needs_consent(cx, &checked, user).await? {
            return Ok((Next::Consent { request: self.app.seal_request(cx, intent) }, None));
        }
        let mint = self.app.oidc().mint(cx, &checked, (authenticated, flow.requirement()));
        Ok((Next::Answer(mint.answer.clone()), Some(mint)))
    }

    fn new_session(self, cx: &Cx, id: SessionId, user: UserId, events: &[AuthEvent]) -> Session {
        Session {
            id,
            user,
            events: events.to_vec(),
            created_at: cx.now,
            last_seen_at: cx.now,
            expires_at: cx.now + cx.pool.pool.settings.lifetimes.session_absolute,
            ip: cx.ip.clone(),
            user_agent: cx.user_agent.clone(),
        }
    }
}
