//! RP-initiated logout (RP-Initiated Logout 1.0). The user confirms it, unless nobody is signed in or the application
//! proves by its hint that it knows this very sign-in.

use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::{Cx, Live},
        failure::Failure,
        session_end::{SessionEnd, end_sessions},
    },
    oidc::{
        Oidc,
        farewell::{Farewell, FarewellQuery},
    },
};
use std::error::Error as _;
use vestibule_oidc::{
    logout::{EndSessionRequest, Logout, SignOutRefusal, SignOutReturn},
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
        /// Whether the form leads to the application.
        leads_back: bool,
    },
    /// Nobody is signed in, or not any more.
    Done {
        /// Where the application wants the user.
        back: Option<SignOutReturn>,
    },
    /// The browser was signed out just now, and this is the page for it.
    SignedOut(FarewellQuery),
    /// It is that page.
    Farewell(Farewell),
    /// The request is wrong; nothing happens and nobody is sent anywhere.
    Rejected(SignOutRefusal),
}

/// What became of the user's decision.
pub enum LogoutDecision {
    /// Signed out, and this is where to go.
    Leave(SignOutReturn),
    /// Signed out; the application named no place to go.
    SignedOut,
    /// Signed out, and there is a page before the browser goes anywhere.
    Farewell(FarewellQuery),
    /// The user stays signed in.
    Stayed,
    /// The request is wrong.
    Rejected(SignOutRefusal),
}

impl Oidc<'_> {
    fn check_logout(self, cx: &Cx, encoded: &str) -> Result<Logout, SignOutRefusal> {
        let request = EndSessionRequest::parse(encoded)?;
        let verified = |hint: &String| {
            verify_id_token_hint(hint, cx.pool.verifying_keys(), &cx.pool.issuer, None)
                .inspect_err(|error| {
                    let cause = error.source().map(ToString::to_string);
                    tracing::info!(request.id = %cx.request_id, cause, "a hint at a sign-out cannot be checked");
                })
                .ok()
        };
        let hint = request.id_token_hint.as_ref().and_then(verified);
        let client_id = request.client_of(hint.as_ref()).unwrap_or_default().to_owned();
        let client = cx.pool.client(&client_id);
        request.check(hint, client).map_err(|refusal| refusal.with_client(&client_id))
    }

    /// `GET` or `POST /oidc/session/end`: asks the user, or ends the session where the application has proved that it
    /// knows it.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn logout_page(self, cx: &Cx, encoded: &str) -> Result<LogoutPage, Failure> {
        let logout = match self.check_logout(cx, encoded) {
            Ok(logout) => logout,
            Err(error) => return Ok(LogoutPage::Rejected(error)),
        };
        let Some(live) = self.app.open_session(cx).await? else {
            return Ok(match self.open_farewell(cx, encoded).await? {
                Some(farewell) => LogoutPage::Farewell(farewell),
                None => LogoutPage::Done { back: logout.back },
            });
        };
        if names(cx, &logout, &live)? {
            return Ok(match self.signed_out(cx, &live, &logout).await? {
                Some(query) => LogoutPage::SignedOut(query),
                None => LogoutPage::Done { back: logout.back },
            });
        }
        let client_name =
            logout.client_id.as_deref().and_then(|id| cx.pool.client_name(id)).map(str::to_owned);
        let leads_back = logout.back.is_some();
        Ok(LogoutPage::Confirm { username: live.user.username, client_name, leads_back })
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
        if let Some(live) = self.app.open_session(cx).await? {
            let farewell = self.signed_out(cx, &live, &logout).await?;
            if let Some(query) = farewell {
                return Ok(LogoutDecision::Farewell(query));
            }
        }
        Ok(logout.back.map_or(LogoutDecision::SignedOut, LogoutDecision::Leave))
    }

    async fn signed_out(
        self,
        cx: &Cx,
        live: &Live,
        logout: &Logout,
    ) -> Result<Option<FarewellQuery>, Failure> {
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
        self.farewell(cx, id, logout).await
    }
}

/// Whether the hint names the sign-in of this browser, in the words of the application that it was issued to.
fn names(cx: &Cx, logout: &Logout, live: &Live) -> Result<bool, Failure> {
    let Some(known) = &logout.known else { return Ok(false) };
    let Some(client) = known.client_id.as_deref().and_then(|id| cx.pool.client(id)) else { return Ok(false) };
    let sub = cx.pool.subject_of(client, live.user.id)?;
    Ok(known.is(&sub, &cx.pool.sid_of(client, live.session.id)?))
}
