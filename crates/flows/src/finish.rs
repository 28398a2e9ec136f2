//! The end of a sign-in: a session opened or raised and, where the application may have it, a code.

use crate::{
    app::App,
    audit::{Detailed, Ended, Why},
    authorize::Checked,
    context::{Cx, Live, Next, RememberedBrowserToken, SessionToken, Step},
    error::Failure,
    notice::{Letter, MailRenderer, Notice, mail_row},
    runtime::PoolRuntime,
};
use std::sync::Arc;
use uuid::Uuid;
use vestibule_domain::{
    AuthEvent, Authenticated, GrantId, Intent, LoginFlow, Requirement, Session, SessionId, Stage, Timestamp,
    User, UserId,
};
use vestibule_seal::sha256;
use vestibule_store::{
    PoolTx, StoreError,
    records::{AuditRow, CodeRow, GrantRow, Known, MailRow, RememberedBrowser},
};

/// A code about to be stored, and where it goes. Only an [`Authenticated`] makes one.
pub(crate) struct Mint {
    /// The application is one that users are asked about, so the user center tells when it was last used.
    consented: bool,
    grant: GrantRow,
    code: CodeRow,
    /// The redirect that carries the code.
    pub(crate) url: String,
}

impl Mint {
    pub(crate) fn new(
        app: &App,
        cx: &Cx,
        checked: &Checked,
        (authenticated, requirement): (&Authenticated, &Requirement),
    ) -> Self {
        let request = &checked.request;
        let lifetimes = &cx.pool.pool.settings.lifetimes;
        let assurance = authenticated.assurance();
        let secret = app.secret();
        let grant = GrantRow {
            id: GrantId::new(cx.now, app.entropy.as_ref()),
            user: authenticated.user(),
            client_id: checked.client.id.clone(),
            session: authenticated.session(),
            scopes: request.scopes.clone(),
            acr: request.acr.name_for(&checked.client, assurance.acr),
            amr: assurance.amr.clone(),
            auth_time: assurance.auth_time,
            claims: checked.claims.clone(),
            basis: serde_json::to_string(&Why::of(requirement)).unwrap_or_else(|_| "{}".to_owned()),
            offline: request.offline,
            created_at: cx.now,
            expires_at: cx.now + lifetimes.refresh_absolute,
        };
        let code = CodeRow {
            hash: sha256(secret.as_bytes()),
            grant: grant.id,
            client_id: checked.client.id.clone(),
            redirect_uri: request.redirect_uri.clone(),
            nonce: request.nonce.clone(),
            challenge: request.code_challenge.clone(),
            expires_at: cx.now + lifetimes.code,
        };
        let url = request.redirect.success(&secret, request.state.as_deref(), &cx.pool.issuer);
        Self { consented: !checked.client.first_party, grant, code, url }
    }

    pub(crate) async fn store(self, tx: &PoolTx, user: UserId) -> Result<(), StoreError> {
        if self.consented {
            tx.touch_consent(user, &self.grant.client_id, self.grant.created_at).await?;
        }
        tx.insert_grant(&self.grant).await?;
        tx.insert_code(&self.code).await
    }
}

/// Everything that the last transaction of a sign-in writes.
pub(crate) struct Landing {
    user: UserId,
    opened: Opened,
    token: SessionToken,
    replaced: Option<(UserId, SessionId)>,
    mint: Option<Mint>,
    audit: AuditRow,
    browser: [u8; 32],
    alarm: Alarm,
    remember: Option<Remember>,
    next: Next,
    now: Timestamp,
}

/// A browser to be remembered from now on.
struct Remember {
    row: RememberedBrowser,
    token: RememberedBrowserToken,
}

/// The mail about a sign-in from a browser that the user was never seen with; rendered only when it is sent.
struct Alarm {
    renderer: Arc<dyn MailRenderer>,
    pool: Arc<PoolRuntime>,
    letter: Option<Letter>,
    id: Uuid,
}

impl Alarm {
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

enum Opened {
    New(Box<Session>),
    Raised { id: SessionId, events: Vec<AuthEvent> },
}

/// The session that was to be raised, or the password that opens it, is gone.
pub(crate) struct SessionGone;

impl Landing {
    /// Writes it all.
    pub(crate) async fn store(self, tx: &PoolTx) -> Result<Result<Step, SessionGone>, StoreError> {
        let digest = self.token.digest();
        match &self.opened {
            Opened::New(session) => tx.insert_session(session, &digest).await?,
            Opened::Raised { id, events } => {
                if !tx.raise_session(*id, self.user, events, &digest, self.now).await? {
                    return Ok(Err(SessionGone));
                }
            }
        }
        if let Some((user, id)) = self.replaced {
            tx.revoke_session(user, id, self.now).await?;
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
        if matches!(self.opened, Opened::New(_))
            && tx.know_browser(self.user, &self.browser, self.now).await? == Known::New
            && let Some(mail) = self.alarm.mail(self.now)
        {
            tx.queue_mail(&mail).await?;
        }
        tx.insert_audit(&self.audit).await?;
        Ok(Ok(Step { next: self.next, session: Some(self.token), remembered_browser }))
    }
}

impl App {
    /// Prepares the end of a flow that stands at [`Stage::Authenticated`].
    ///
    /// `live` is the session that the browser brought, whoever it belongs to: a browser has one session at a time.
    pub(crate) async fn land(
        &self,
        cx: &Cx,
        flow: &LoginFlow,
        user: &User,
        live: Option<&Live>,
    ) -> Result<Landing, Failure> {
        debug_assert_eq!(*flow.stage(), Stage::Authenticated);
        let base = flow.base();
        let id = base.unwrap_or_else(|| SessionId::new(cx.now, self.entropy.as_ref()));
        let authenticated = Authenticated::from_flow(flow, id, cx.now)
            .ok_or_else(|| Failure::internal("a flow ended without meeting its requirement"))?;
        let opened = match base {
            Some(id) => Opened::Raised { id, events: flow.events().to_vec() },
            None => Opened::New(Box::new(self.new_session(cx, id, user.id, flow.events()))),
        };
        let replaced = live.filter(|live| Some(live.session.id) != base);
        let (next, mint) = self.landing_place(cx, flow.intent(), user, &authenticated, flow).await?;
        let assurance = authenticated.assurance();
        let audit = self
            .audit(cx, "sign-in", Some(user.id), Ended::Done)
            .in_session(id)
            .why("amr", assurance.amr.join(" "));
        Ok(Landing {
            user: user.id,
            opened,
            token: self.fresh_session_token(),
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
    pub(crate) fn remembering(&self, cx: &Cx, landing: Landing, user: &User, days: u32) -> Landing {
        let row = RememberedBrowser {
            id: self.uuid(cx.now),
            user: user.id,
            label: cx.user_agent.clone().unwrap_or_default(),
            ip: cx.ip.clone(),
            created_at: cx.now,
            last_used_at: cx.now,
            expires_at: cx.now + i64::from(days) * 86_400,
        };
        let remember = Remember { row, token: RememberedBrowserToken::new(self.secret()) };
        Landing { remember: Some(remember), ..landing }
    }

    fn alarm(&self, cx: &Cx, user: &User) -> Alarm {
        let notice = Notice::NewDevice { user_agent: cx.user_agent.clone(), ip: cx.ip.clone() };
        Alarm {
            renderer: Arc::clone(&self.renderer),
            pool: Arc::clone(&cx.pool),
            letter: Letter::to_user(user, cx.now, notice),
            id: self.uuid(cx.now),
        }
    }

    async fn landing_place(
        &self,
        cx: &Cx,
        intent: &Intent,
        user: &User,
        authenticated: &Authenticated,
        flow: &LoginFlow,
    ) -> Result<(Next, Option<Mint>), Failure> {
        let used_recovery =
            flow.events().iter().any(|event| event.evidence.is_recovery() && event.at == cx.now);
        let query = match intent {
            _ if used_recovery => {
                return Ok((Next::Recovered { request: self.seal_request(cx, intent) }, None));
            }
            Intent::UserCenter { path } => return Ok((Next::Home { path: path.clone() }, None)),
            Intent::Authorize { query, .. } => query,
        };
        let checked = match self.check_request(cx, query) {
            Ok(checked) if checked.is_for(user) => checked,
            Ok(checked) => return Ok((crate::login::other_user(cx, &checked), None)),
            Err(next) => return Ok((next, None)),
        };
        // What the rules ask may have risen since the flow began: then there is more to do before there is a code.
        let policy = self.policy_inside(cx, user, Some(&checked));
        let floor = Requirement::floor(&policy, flow.requirement().second_factor);
        if !floor.is_met_by(flow.events(), cx.now) {
            let path = format!("/login/resume?request={}", self.seal_request(cx, intent));
            return Ok((Next::Leave { url: cx.pool.pool.origin.url(&path) }, None));
        }
        if self.needs_consent(cx, &checked, user).await? {
            return Ok((Next::Consent { request: self.seal_request(cx, intent) }, None));
        }
        let mint = self.mint(cx, &checked, (authenticated, flow.requirement()));
        Ok((Next::Leave { url: mint.url.clone() }, Some(mint)))
    }

    fn new_session(&self, cx: &Cx, id: SessionId, user: UserId, events: &[AuthEvent]) -> Session {
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

    /// Notes that a session was used, at most once a minute.
    pub(crate) fn touch_of(&self, cx: &Cx, live: &Live) -> Option<Touch> {
        let due = cx.now.since(live.session.last_seen_at) >= 60;
        due.then(|| (live.session.id, cx.now, cx.ip.clone(), cx.user_agent.clone()))
    }
}

/// Session, time, address, user agent.
pub(crate) type Touch = (SessionId, Timestamp, Option<String>, Option<String>);
