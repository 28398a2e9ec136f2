//! All that is kept about a person: a copy of it, and the end of it.

use crate::{
    account::{Accounts, Unchanged},
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::Cx,
        failure::Failure,
        notice::{Letter, Notice},
        outbox::Notices,
        session_end::{SessionEnd, end_sessions},
    },
    sign_in::gate::{Account, Admitted, DeleteAccount, ExportData},
};
use serde_json::{Value, json};
use vestibule_domain::{Timestamp, time::moment, user::fold};

/// How many lines of what happened are in a copy: the last ones.
const LINES: usize = 1000;

/// What goes with an account.
pub struct AccountHoldings {
    /// How many living sessions.
    pub sessions: usize,
    /// How many second factors; recovery codes are counted one by one.
    pub factors: usize,
    /// Names of the applications that have access.
    pub applications: Vec<String>,
}

/// What became of the wish to delete an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountDeletion {
    /// It is gone, with everything that hung on it.
    Done,
    /// The pool does not offer it.
    Off,
    /// What was typed is not the user name.
    Mistyped,
    /// Nobody could look after the pool any more.
    LastAdmin,
}

impl Accounts<'_> {
    /// A copy of what is kept about the person, for programs to read: no secret, and nothing about anybody else.
    ///
    /// # Errors
    /// [`Unchanged`]: that a copy was made is written down, behind the gate.
    pub async fn export(self, cx: &Cx, admitted: &Admitted<ExportData>) -> Result<Value, Unchanged> {
        let user = &admitted.live.user;
        let store = self.app.pool_store(cx);
        let (id, text) = (user.id, |at: Timestamp| moment(at));
        let sessions = self.sessions(cx, admitted).await?;
        let browsers = self.remembered_browsers(cx, admitted).await?;
        let factors = store.credentials(id).await?;
        let applications = self.apps(cx, admitted).await?;
        let rows = self.activity_rows(cx, id, None, LINES).await?;
        let audit = self.app.audit(cx, AuditAction::DataExported, Some(id), Ended::Done);
        self.change_for_sure(cx, admitted, move |tx, _| async move { tx.insert_audit(&audit).await }).await?;
        Ok(json!({
            "service": cx.pool.pool.name, "issuer": cx.pool.pool.origin.issuer(), "exported_at": text(cx.now),
            "account": {
                "sub": id, "username": user.username, "email": user.email, "email_verified": user.email_verified,
                "name": user.name, "locale": user.locale, "groups": user.groups, "profile": user.profile, "status": user.status,
                "created_at": text(user.created_at), "updated_at": text(user.updated_at),
            },
            "sessions": sessions.iter().map(|one| json!({
                "started_at": text(one.session.created_at), "last_seen_at": text(one.session.last_seen_at),
                "ip": one.session.ip, "user_agent": one.session.user_agent, "current": one.current,
            })).collect::<Vec<_>>(),
            "remembered_browsers": browsers.iter().map(|one| json!({
                "user_agent": one.label, "ip": one.ip, "created_at": text(one.created_at),
                "last_used_at": text(one.last_used_at), "expires_at": text(one.expires_at),
            })).collect::<Vec<_>>(),
            "factors": factors.iter().map(|one| json!({
                "kind": one.kind.as_str(), "label": one.label, "created_at": text(one.created_at),
                "last_used_at": one.last_used_at.map(text),
            })).collect::<Vec<_>>(),
            "applications": applications.iter().map(|one| json!({
                "client_id": one.client_id, "name": one.name, "scopes": one.scopes,
                "granted_at": text(one.granted_at), "last_used_at": text(one.last_used_at),
            })).collect::<Vec<_>>(),
            "activity": rows.iter().map(|row| json!({
                "at": text(row.at), "action": row.action, "outcome": row.outcome, "client_id": row.client_id,
                "ip": row.ip,
            })).collect::<Vec<_>>(),
        }))
    }

    /// What goes with the account.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn holdings(self, cx: &Cx, account: &Account) -> Result<AccountHoldings, Failure> {
        Ok(AccountHoldings {
            sessions: self.sessions(cx, account).await?.len(),
            factors: self.app.pool_store(cx).credentials(account.live.user.id).await?.len(),
            applications: self.apps(cx, account).await?.into_iter().map(|app| app.name).collect(),
        })
    }

    /// Deletes the account with everything that is its owner's, sessions and tokens included, in one transaction. The audit
    /// trail keeps what happened, and what the account was called.
    ///
    /// # Errors
    /// [`Unchanged`].
    pub async fn delete_account(
        self,
        cx: &Cx,
        admitted: &Admitted<DeleteAccount>,
        typed: &str,
    ) -> Result<AccountDeletion, Unchanged> {
        let (user, pool, now) = (admitted.live.user.clone(), &cx.pool.pool, cx.now);
        if !pool.settings.offers_deletion() {
            return Ok(AccountDeletion::Off);
        }
        if fold(typed) != fold(&user.username) {
            return Ok(AccountDeletion::Mistyped);
        }
        let census = self.app.pool_store(cx).census().await?;
        let admins = self.app.policies().admins(pool, &census, now);
        if admins.are_only(&user) {
            return Ok(AccountDeletion::LastAdmin);
        }
        let admins = admins.have(&user).then_some(admins);
        let audit = self.app.audit(cx, AuditAction::UserDeleted, Some(user.id), Ended::Done);
        let audit = audit.why("username", user.username.as_str()).and("actor", user.id.to_string());
        let letter = Letter::in_answer(cx, &user, Notice::AccountDeleted);
        let mails = self.app.letters(pool, now, letter)?;
        let told = Notices { mails, audit: audit.and("via", "user-center") };
        let delete = self.change_for_sure(cx, admitted, move |tx, _| async move {
            if let Some(admins) = &admins {
                admins.hold(&tx).await?;
            }
            end_sessions(&tx, user.id, SessionEnd::AccountDeleted, now).await?;
            tx.delete_user(user.id).await?;
            told.store(&tx).await
        });
        delete.await?;
        Ok(AccountDeletion::Done)
    }
}
