//! The user's own pages: who may open them, profile, password, sessions, connected applications.

use crate::{
    app::App,
    audit::{Detailed, Ended},
    change::{Told, end_all_else},
    context::{Cx, Live, Next, Step},
    error::Failure,
    login::PasswordCheck,
    notice::{Letter, Notice},
    policy::page_requirement,
};
use vestibule_domain::{
    Authenticated, FactorKind, Intent, Need, Requirement, Session, SessionId, Timestamp,
    password::{MAX_BYTES, Weakness},
    policy::plan,
};
use zeroize::Zeroizing;

/// How much a page or an action of the user center asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// What the pool asks of every sign-in.
    View,
    /// To have everything about factors at hand: what each of its changes asks for is asked once, on the way in.
    Manage,
    /// To add a factor: all of it, and recent.
    Enrol,
    /// To remove a factor: one at least as strong, and recent.
    Remove,
    /// To switch the second factor off.
    Disable,
    /// To get new recovery codes.
    Regenerate,
}

impl Gate {
    /// The gate before a path. A sign-in that was started for a path has to satisfy the same gate at its end.
    pub fn of_path(path: &str) -> Self {
        let gates = [
            ("/u/security/manage", Self::Manage),
            ("/u/security/enrol", Self::Enrol),
            ("/u/security/enable", Self::Enrol),
            ("/u/security/remove", Self::Remove),
            ("/u/security/disable", Self::Disable),
            ("/u/security/regenerate", Self::Regenerate),
            // Who may change what everybody has to prove has just proved all of it.
            ("/u/settings/", Self::Enrol),
        ];
        let found = gates.into_iter().find(|(prefix, _)| path.starts_with(prefix));
        found.map_or(Self::View, |(_, gate)| gate)
    }
}

/// Whoever may act on the account: the only way to get one is through a gate.
pub struct Account {
    /// The session and its user.
    pub live: Live,
    authenticated: Authenticated,
}

impl Account {
    /// The proof.
    pub const fn authenticated(&self) -> &Authenticated {
        &self.authenticated
    }
}

/// What a gate says.
pub enum Gated {
    /// Come in.
    Open(Box<Account>),
    /// This first.
    First(Step),
}

/// What becomes of a password change.
pub enum PasswordChange {
    /// Changed; every other session and every token is dead.
    Done,
    /// The current password is wrong.
    Wrong,
    /// Too many tries.
    Throttled {
        /// Until the next.
        seconds: i64,
    },
    /// The new one will not do.
    Weak(Weakness),
}

/// A session, as its owner sees it.
pub struct SessionView {
    /// The session.
    pub session: Session,
    /// Whether it is the one that looks.
    pub current: bool,
}

/// A connected application, as its user sees it.
pub struct AppView {
    /// `client_id`.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// Since when.
    pub granted_at: Timestamp,
    /// Last sign-in through it.
    pub last_used_at: Timestamp,
}

impl App {
    /// Lets the browser's session through a gate, or says what has to come first. `path` is where to come back to,
    /// and decides the gate.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn gate(&self, cx: &Cx, gate: Gate, path: &str) -> Result<Gated, Failure> {
        debug_assert_eq!(gate, Gate::of_path(path));
        let intent = Intent::UserCenter { path: path.to_owned() };
        let login = || Gated::First(Next::Login { request: self.seal_request(cx, &intent) }.into());
        let Some(live) = self.live(cx).await? else { return Ok(login()) };
        if let Some((id, now, ip, agent)) = self.touch_of(cx, &live) {
            let touch = move |tx: vestibule_store::PoolTx| async move {
                tx.touch_session(id, now, ip.as_deref(), agent.as_deref()).await
            };
            self.pool_store(cx).write(touch).await?;
        }
        let policy = self.policy_inside(cx, &live.user, None);
        if gate == Gate::View {
            let strictest = Requirement::floor(&policy, true);
            if let Some(authenticated) = Authenticated::from_session(&live.session, &strictest, cx.now) {
                return Ok(Gated::Open(Box::new(Account { live, authenticated })));
            }
        }
        let offers = self.offers(cx, &live.user, policy).await?;
        let requirement = page_requirement(cx, path, &offers, Some(live.session.created_at));
        let need = plan(&requirement, &live.session.events, &offers.enrolled, &offers.enrollable, cx.now);
        Ok(match need {
            Need::Nothing | Need::Suggest(_) => {
                match Authenticated::from_session(&live.session, &requirement, cx.now) {
                    Some(authenticated) => Gated::Open(Box::new(Account { live, authenticated })),
                    None => login(),
                }
            }
            Need::FirstFactor => login(),
            Need::Unreachable => {
                let audit = self.refusal_row(cx, (live.user.id, &intent), Some(&requirement));
                let error = crate::authorize::unreachable(&requirement, audit.id);
                self.pool_store(cx).write(move |tx| async move { tx.insert_audit(&audit).await }).await?;
                Gated::First(Next::Page(error).into())
            }
            need => Gated::First(self.start_flow(cx, intent, &live, (requirement, need), &offers.own).await?),
        })
    }

    /// Changes the display name and the language.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn update_profile(
        &self,
        cx: &Cx,
        account: &Account,
        name: Option<String>,
        locale: Option<String>,
    ) -> Result<(), Failure> {
        let (user, now) = (account.live.user.id, cx.now);
        let audit = self.audit(cx, "profile", Some(user), Ended::Done);
        self.pool_store(cx)
            .write(move |tx| async move {
                tx.update_profile(user, name.as_deref(), locale.as_deref(), now).await?;
                tx.insert_audit(&audit).await
            })
            .await?;
        Ok(())
    }

    /// Changes the password. The current one is asked whatever the session has proved (ASVS 6.2.3).
    ///
    /// # Errors
    /// [`Failure`] when the database fails or no hashing permit is to be had.
    pub async fn change_password(
        &self,
        cx: &Cx,
        account: &Account,
        current: Zeroizing<String>,
        new: Zeroizing<String>,
    ) -> Result<PasswordChange, Failure> {
        let user = account.live.user.clone();
        if current.len() > MAX_BYTES {
            return Ok(PasswordChange::Wrong);
        }
        if let Err(weakness) = crate::password::weakness(&cx.pool.pool, &new, &personal(&user)) {
            return Ok(PasswordChange::Weak(weakness));
        }
        let stored = self.pool_store(cx).password_hash(user.id).await?;
        match self.check_password(cx, user.id.as_uuid(), current, stored.as_deref()).await? {
            PasswordCheck::Throttled { seconds } => return Ok(PasswordChange::Throttled { seconds }),
            PasswordCheck::Wrong => {
                let audit = self.audit(cx, "password-change", Some(user.id), Ended::Refused);
                self.pool_store(cx).write(move |tx| async move { tx.insert_audit(&audit).await }).await?;
                return Ok(PasswordChange::Wrong);
            }
            PasswordCheck::Right { .. } => {}
        }
        let hash = self.hasher.hash(new, self.entropy.as_ref()).await?;
        let audit = self.audit(cx, "password-change", Some(user.id), Ended::Done);
        let letter = Letter::to_user(&user, cx.now, Notice::PasswordChanged);
        let told = Told { mails: self.letters(&cx.pool.pool, cx.now, letter)?, audit };
        let (keep, now) = (account.live.session.id, cx.now);
        self.pool_store(cx)
            .write(move |tx| async move {
                tx.set_password(user.id, &hash, now).await?;
                tx.forget_attempts(user.id.as_uuid(), &FactorKind::PASSWORD).await?;
                end_all_else(&tx, user.id, Some(keep), now).await?;
                tx.delete_mail_tokens(user.id).await?;
                told.store(&tx).await
            })
            .await?;
        Ok(PasswordChange::Done)
    }

    /// The living sessions of the user, newest use first.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn sessions(&self, cx: &Cx, account: &Account) -> Result<Vec<SessionView>, Failure> {
        let lifetimes = &cx.pool.pool.settings.lifetimes;
        let current = account.live.session.id;
        let sessions = self.pool_store(cx).sessions_of(account.live.user.id).await?;
        let alive = sessions.into_iter().filter(|session| session.is_alive(lifetimes, cx.now));
        Ok(alive.map(|session| SessionView { current: session.id == current, session }).collect())
    }

    /// Ends one of the user's sessions; `false` when there is no such session of theirs.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn revoke_session(&self, cx: &Cx, account: &Account, id: SessionId) -> Result<bool, Failure> {
        let (user, now) = (account.live.user.id, cx.now);
        let audit = self.audit(cx, "session-revoked", Some(user), Ended::Done).in_session(id);
        let store = self.pool_store(cx);
        let revoke = store.write(move |tx| async move {
            let revoked = tx.revoke_session(user, id, now).await?;
            if revoked {
                tx.insert_audit(&audit).await?;
            }
            Ok(revoked)
        });
        Ok(revoke.await?)
    }

    /// Ends all of the user's sessions but this one.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn revoke_other_sessions(&self, cx: &Cx, account: &Account) -> Result<u64, Failure> {
        let (user, keep, now) = (account.live.user.id, account.live.session.id, cx.now);
        let audit = self.audit(cx, "sessions-revoked", Some(user), Ended::Done);
        let store = self.pool_store(cx);
        let revoke = store.write(move |tx| async move {
            tx.insert_audit(&audit).await?;
            tx.revoke_sessions(user, Some(keep), now).await
        });
        Ok(revoke.await?)
    }

    /// Applications that the user has signed in to.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn apps(&self, cx: &Cx, account: &Account) -> Result<Vec<AppView>, Failure> {
        let user = account.live.user.id;
        let store = self.pool_store(cx);
        let name = |id: &str| cx.pool.client_name(id).unwrap_or(id).to_owned();
        let mut apps: Vec<AppView> = store
            .consents_of(user)
            .await?
            .into_iter()
            .map(|consent| AppView {
                name: name(&consent.client_id),
                client_id: consent.client_id,
                scopes: consent.scopes,
                granted_at: consent.granted_at,
                last_used_at: consent.last_used_at,
            })
            .collect();
        for grant in store.grants_of(user).await? {
            match apps.iter_mut().find(|app| app.client_id == grant.client_id) {
                Some(app) => app.last_used_at = app.last_used_at.max(grant.created_at),
                None => apps.push(AppView {
                    name: name(&grant.client_id),
                    client_id: grant.client_id,
                    scopes: grant.scopes,
                    granted_at: grant.created_at,
                    last_used_at: grant.created_at,
                }),
            }
        }
        Ok(apps)
    }

    /// Disconnects an application: consent, tokens and all.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn revoke_app(&self, cx: &Cx, account: &Account, client_id: &str) -> Result<bool, Failure> {
        let (user, now, client_id) = (account.live.user.id, cx.now, client_id.to_owned());
        let audit = self.audit(cx, "application-revoked", Some(user), Ended::Done).client(&client_id);
        let store = self.pool_store(cx);
        let revoke = store.write(move |tx| async move {
            let consent = tx.delete_consent(user, &client_id).await?;
            let grants = tx.revoke_grants(user, Some(&client_id), now).await?;
            let any = consent || grants > 0;
            if any {
                tx.insert_audit(&audit).await?;
            }
            Ok(any)
        });
        Ok(revoke.await?)
    }

    /// Signs the browser out.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn sign_out(&self, cx: &Cx) -> Result<(), Failure> {
        let Some(live) = self.live(cx).await? else { return Ok(()) };
        let (user, id, now) = (live.user.id, live.session.id, cx.now);
        let audit = self.audit(cx, "sign-out", Some(user), Ended::Done).in_session(id);
        self.pool_store(cx)
            .write(move |tx| async move {
                tx.end_session(user, id, now).await?;
                tx.insert_audit(&audit).await
            })
            .await?;
        Ok(())
    }
}

/// The names that a user's password must not be made of.
pub(crate) fn personal(user: &vestibule_domain::User) -> Vec<&str> {
    let names = [Some(user.username.as_str()), user.email.as_deref(), user.name.as_deref()];
    names.into_iter().flatten().collect()
}
