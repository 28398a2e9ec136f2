//! The sessions and remembered browsers of a user.

use crate::{
    account::{Accounts, Unchanged},
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::Cx,
        failure::Failure,
        session_end::{SessionEnd, Sessions, end_sessions},
    },
    oidc::farewell::FarewellQuery,
    sign_in::gate::{Account, Admitted, View},
};
use vestibule_domain::{RememberedBrowserId, Session, SessionId};
use vestibule_oidc::logout::Logout;
use vestibule_store::RememberedBrowser;

/// A session, as its owner sees it.
pub struct SessionView {
    /// The session.
    pub session: Session,
    /// Whether it is the one that looks.
    pub current: bool,
}

impl Accounts<'_> {
    /// The sessions of the user that are not over, newest use first.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn sessions(self, cx: &Cx, account: &Account) -> Result<Vec<SessionView>, Failure> {
        let current = account.live.session.id;
        let sessions = self.app.pool_store(cx).sessions_of(account.live.user.id).await?;
        let open = sessions.into_iter().filter(|session| session.is_open(cx.now));
        Ok(open.map(|session| SessionView { current: session.id == current, session }).collect())
    }

    /// Ends one of the user's sessions; `false` when there is no such session of theirs.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn revoke_session(
        self,
        cx: &Cx,
        account: &Admitted<View>,
        id: SessionId,
    ) -> Result<bool, Unchanged> {
        let (user, now) = (account.live.user.id, cx.now);
        let audit = self.app.audit(cx, AuditAction::SessionRevoked, Some(user), Ended::Done).in_session(id);
        let revoke = self.change_for_sure(cx, account, move |tx, _| async move {
            let revoked = end_sessions(&tx, user, SessionEnd::RevokedByUser(id), now).await? > 0;
            if revoked {
                tx.insert_audit(&audit).await?;
            }
            Ok(revoked)
        });
        revoke.await
    }

    /// Ends all of the user's sessions but this one.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn revoke_other_sessions(self, cx: &Cx, account: &Admitted<View>) -> Result<u64, Unchanged> {
        let (user, keep, now) = (account.live.user.id, account.live.session.id, cx.now);
        let audit = self.app.audit(cx, AuditAction::SessionsRevoked, Some(user), Ended::Done);
        let revoke = self.change_for_sure(cx, account, move |tx, _| async move {
            tx.insert_audit(&audit).await?;
            end_sessions(&tx, user, SessionEnd::AllRevokedByUser(Sessions::AllBut(keep)), now).await
        });
        revoke.await
    }

    /// Signs the browser out. There may be a page for it then.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn sign_out(self, cx: &Cx) -> Result<Option<FarewellQuery>, Failure> {
        let Some(live) = self.app.live(cx).await? else { return Ok(None) };
        let (user, id, now) = (live.user.id, live.session.id, cx.now);
        let audit = self.app.audit(cx, AuditAction::SignOut, Some(user), Ended::Done).in_session(id);
        self.app
            .pool_store(cx)
            .write(move |tx| async move {
                end_sessions(&tx, user, SessionEnd::SignedOut(id), now).await?;
                tx.insert_audit(&audit).await
            })
            .await?;
        self.app.oidc().farewell(cx, id, &Logout::default()).await
    }

    /// The browsers that are remembered for the user, the last used first.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn remembered_browsers(
        self,
        cx: &Cx,
        account: &Account,
    ) -> Result<Vec<RememberedBrowser>, Failure> {
        Ok(self.app.pool_store(cx).remembered_browsers(account.live.user.id, cx.now).await?)
    }

    /// Forgets a remembered browser; `false` when there is no such browser of this user.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn forget_remembered_browser(
        self,
        cx: &Cx,
        account: &Admitted<View>,
        id: RememberedBrowserId,
    ) -> Result<bool, Unchanged> {
        let user = account.live.user.id;
        let audit = self.app.audit(cx, AuditAction::BrowserForgotten, Some(user), Ended::Done);
        let forget = self.change_for_sure(cx, account, move |tx, _| async move {
            let forgotten = tx.forget_remembered_browser(user, id).await?;
            if forgotten {
                tx.insert_audit(&audit).await?;
            }
            Ok(forgotten)
        });
        forget.await
    }
}
