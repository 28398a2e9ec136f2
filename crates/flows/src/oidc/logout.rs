//! RP-initiated logout (RP-Initiated Logout 1.0): always confirmed by the user unless nobody is signed in.

use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::Cx,
        failure::Failure,
        session_end::{SessionEnd, end_sessions},
    },
    oidc::Oidc,
};
use vestibule_oidc::{
    OAuthError,
    logout::{EndSessionRequest, Logout, SignOutReturn},
    tokens::verify_id_token_hint,
};

/// What the end-session page shows.
pub enum LogoutPage {
    /// Somebody is signed in and is asked.
    Confirm {
        /// Who.
        username: String,
        /// The application that asks.
        client_name: Option<String>,
        /// Where the form's redirect may lead, for `form-action`.
        form_target: Option<String>,
    },
    /// Nobody is signed in: done already.
    Done {
        /// Where the application wants the user.
        back: Option<SignOutReturn>,
    },
    /// The request is wrong; nothing happens and nobody is sent anywhere.
    Rejected(OAuthError),
}

/// What became of the user's decision.
pub enum LogoutDecision {
    /// Signed out, and this is where to go.
    Leave(SignOutReturn),
    /// Signed out; the application named no place to go.
    SignedOut,
    /// The user stays signed in.
    Stayed,
    /// The request is wrong.
    Rejected(OAuthError),
}

impl Oidc<'_> {
    fn check_logout(self, cx: &Cx, encoded: &str) -> Result<Logout, OAuthError> {
        let request = EndSessionRequest::parse(encoded)?;
        let hint = match &request.id_token_hint {
            Some(hint) => Some(verify_id_token_hint(hint, cx.pool.verifying_keys(), &cx.pool.issuer, None)?),
            None => None,
        };
        let client_id = request.client_of(hint.as_ref()).unwrap_or_default().to_owned();
        let client = cx.pool.client(&client_id);
        request.check(hint, client).map_err(|error| error.with_client(&client_id))
    }

    /// `GET` or `POST /oidc/session/end`: asks the user.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn logout_page(self, cx: &Cx, encoded: &str) -> Result<LogoutPage, Failure> {
        let logout = match self.check_logout(cx, encoded) {
            Ok(logout) => logout,
            Err(error) => return Ok(LogoutPage::Rejected(error)),
        };
        let Some(live) = self.app.live(cx).await? else {
            return Ok(LogoutPage::Done { back: logout.back });
        };
        let client_name =
            logout.client_id.as_deref().and_then(|id| cx.pool.client_name(id)).map(str::to_owned);
        let form_target = logout.back.as_ref().map(SignOutReturn::origin_for_csp);
        Ok(LogoutPage::Confirm { username: live.user.username, client_name, form_target })
    }

    /// The user's decision about the request of the page.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn logout(self, cx: &Cx, encoded: &str, leave: bool) -> Result<LogoutDecision, Failure> {
        let logout = match self.check_logout(cx, encoded) {
            Ok(logout) => logout,
            Err(error) => return Ok(LogoutDecision::Rejected(error)),
        };
        if !leave {
            return Ok(LogoutDecision::Stayed);
        }
        if let Some(live) = self.app.live(cx).await? {
            let (user, id, now) = (live.user.id, live.session.id, cx.now);
            let mut audit = self.app.audit(cx, AuditAction::SignOut, Some(user), Ended::Done).in_session(id);
            audit.client_id.clone_from(&logout.client_id);
            self.app
                .pool_store(cx)
                .write(move |tx| async move {
                    end_sessions(&tx, user, SessionEnd::SignedOut(id), now).await?;
                    tx.insert_audit(&audit).await
                })
                .await?;
        }
        Ok(logout.back.map_or(LogoutDecision::SignedOut, LogoutDecision::Leave))
    }
}
