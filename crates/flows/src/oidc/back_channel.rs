//! Telling applications that a session has ended, from server to server (OpenID Connect Back-Channel Logout 1.0).
//!
//! Whoever ends a session leaves a notice for each application in its transaction (`end_sessions`). Here a notice is taken, the
//! token is signed, and what became of it is written down. The token is made when it is sent, since it counts for two minutes.

use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        failure::Failure,
        runtime::PoolRuntime,
        tries::next_try,
    },
    oidc::Oidc,
};
use std::sync::Arc;
use vestibule_domain::{Client, PoolId, UserId};
use vestibule_oidc::tokens::{LogoutTokenInput, logout_token};
use vestibule_outbound::OutboundError;
use vestibule_store::{Claim, LogoutNotice, LogoutOutcome};

/// A notice that was claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedLogout {
    /// Whose it is.
    pub pool: PoolId,
    /// What is to be told to whom.
    pub notice: LogoutNotice,
}

/// Why an application was not told.
enum NotTold {
    /// It may be otherwise later.
    ForNow(String),
    /// It will not be.
    ForGood(String),
}

impl Oidc<'_> {
    /// Takes notices of all pools that are due. Those who claim them have to [tell](Oidc::tell) within
    /// [`LEASE`](vestibule_store::LEASE) seconds, or they are due again.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn claim_logouts(self, claim: &Claim) -> Result<Vec<ClaimedLogout>, Failure> {
        let claimed = self.app.store().platform().claim_logouts(self.app.now(), claim).await?;
        Ok(claimed.into_iter().map(|(pool, notice)| ClaimedLogout { pool, notice }).collect())
    }

    /// Tells an application that a session has ended, and writes down what became of it.
    ///
    /// # Errors
    /// [`Failure`] when the database fails. The notice is due again when its lease is over.
    pub async fn tell(self, claimed: ClaimedLogout) -> Result<LogoutOutcome, Failure> {
        let ClaimedLogout { pool, notice } = claimed;
        let outcome = self.post(pool, &notice).await?;
        let now = self.app.now();
        let told = match outcome {
            Ok(()) => LogoutOutcome::Delivered,
            Err(NotTold::ForGood(error)) => LogoutOutcome::GivenUp { error },
            Err(NotTold::ForNow(error)) => match next_try(now, notice.tries) {
                Some(next_try_at) => LogoutOutcome::Failed { error, next_try_at },
                None => LogoutOutcome::GivenUp { error },
            },
        };
        let settled = match &told {
            LogoutOutcome::Delivered => Some((Ended::Done, None)),
            LogoutOutcome::GivenUp { error } => Some((Ended::Refused, Some(error.clone()))),
            LogoutOutcome::Failed { .. } => None,
        };
        let audit = settled.map(|(ended, error)| {
            let user = notice.subject.parse().ok();
            let row = self.app.row(now, AuditAction::BackchannelLogout, user, ended);
            let row = row.client(&notice.key.client_id).in_session(notice.key.session);
            row.why("tries", notice.tries).and("error", error)
        });
        let (key, outcome) = (notice.key, told.clone());
        let store = self.app.store().pool(pool);
        let settle = store.write(move |tx| {
            let (key, outcome, audit) = (key.clone(), outcome.clone(), audit.clone());
            async move {
                let first = tx.settle_logout(&key, &outcome, now).await?;
                if let (true, Some(audit)) = (first, audit) {
                    tx.insert_audit(&audit).await?;
                }
                Ok(())
            }
        });
        settle.await?;
        Ok(told)
    }

    async fn post(self, pool: PoolId, notice: &LogoutNotice) -> Result<Result<(), NotTold>, Failure> {
        let Some((runtime, client, uri)) = self.addressee(pool, notice).await? else {
            let gone = "the application has no `backchannel_logout_uri` any more, or is disabled";
            return Ok(Err(NotTold::ForGood(gone.to_owned())));
        };
        // A notice names the user as they are known here.
        let user = notice.subject.parse::<UserId>().map_err(Failure::internal)?;
        let input = LogoutTokenInput {
            issuer: &runtime.issuer,
            client_id: &client.id,
            subject: &runtime.subject_of(&client, user)?,
            sid: &runtime.sid_of(&client, notice.key.session)?,
            jti: &self.app.secret(),
            now: self.app.now(),
        };
        let key = runtime.key_for(&client.id)?;
        let token = logout_token(&input, key).map_err(Failure::internal)?;
        let (outbound, rules) = self.app.outbound(&runtime.pool);
        let status = match outbound.post_form(&rules, &uri, &[("logout_token", &token)]).await {
            Ok(status) => status,
            Err(error @ OutboundError::Address(_)) => return Ok(Err(NotTold::ForGood(error.to_string()))),
            Err(error) => return Ok(Err(NotTold::ForNow(error.to_string()))),
        };
        let answered = format!("the application answered with status {}", status.as_u16());
        Ok(match status.as_u16() {
            200..=299 => Ok(()),
            // Too slow, or too many at once (RFC 9110 §15.5.9, RFC 6585 §4): it may take the next one.
            408 | 429 => Err(NotTold::ForNow(answered)),
            400..=499 => Err(NotTold::ForGood(answered)),
            _ => Err(NotTold::ForNow(answered)),
        })
    }

    /// Who is told, and where. What is in memory may be older than the notice.
    async fn addressee(
        self,
        pool: PoolId,
        notice: &LogoutNotice,
    ) -> Result<Option<(Arc<PoolRuntime>, Client, String)>, Failure> {
        for fresh in [false, true] {
            if fresh && !self.app.refresh_configuration().await? {
                break;
            }
            let Some(runtime) = self.app.pool_of(pool).await? else { continue };
            let Some(client) = runtime.client(&notice.key.client_id).cloned() else { continue };
            if let Some(uri) = client.logout.backchannel_logout_uri.clone() {
                return Ok(Some((runtime, client, uri)));
            }
        }
        Ok(None)
    }
}
