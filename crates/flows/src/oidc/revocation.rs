//! An application gives a token back (RFC 7009).

use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::Cx,
        failure::Failure,
    },
    oidc::{Oidc, living::given_back},
};
use vestibule_domain::{Client, GrantId, UserId};
use vestibule_oidc::{BackChannelRequest, OAuthError, OneTime, tokens::Obtained};
use vestibule_seal::sha256;
use vestibule_store::{PoolTx, records::AuditRow};

impl Oidc<'_> {
    /// `POST /oidc/revoke` (RFC 7009 §2). Whichever token of a grant is given back, the grant ends: with it all of its refresh
    /// and access tokens, as far as somebody asks here. One that was exchanged for another ends alone: the grant is not the
    /// application's. A token that is unknown, over or another application's is no error
    /// (§2.2), and nothing happens to it.
    ///
    /// # Errors
    /// [`Failure`] when the database fails; the inner error is the protocol's.
    pub async fn revoke(
        self,
        cx: &Cx,
        request: BackChannelRequest,
    ) -> Result<Result<(), OAuthError>, Failure> {
        let client = match self.authenticated(cx, &request).await? {
            Ok(client) => client,
            Err(error) => return Ok(Err(error)),
        };
        let token = match request.form.require("token") {
            Ok(token) => token,
            Err(error) => return Ok(Err(error.with_client(&client.id))),
        };
        let Some(ends) = self.ended_by(cx, &client, token).await? else { return Ok(Ok(())) };
        let user = match ends {
            Ends::Alone { user, .. } => Some(user),
            Ends::Grant(_) => None,
        };
        let audit = self.app.audit(cx, AuditAction::TokenRevoked, user, Ended::Done).client(&client.id);
        // Any number of tokens can be exchanged, and each given back.
        let of_one = self.app.budgeted_exchange(&client, audit.clone());
        let now = cx.now;
        let job = move |tx: PoolTx| async move {
            match ends {
                Ends::Grant(grant) => {
                    if let Some(user) = tx.revoke_grant(grant, now).await? {
                        tx.insert_audit(&AuditRow { user: Some(user), ..audit }).await?;
                    }
                }
                Ends::Alone { once, .. } => {
                    if tx.spend_challenge(&once.digest, once.expires_at).await? {
                        of_one.store(&tx).await?;
                    }
                }
            }
            Ok(())
        };
        self.app.pool_store(cx).write(job).await?;
        Ok(Ok(()))
    }

    /// What ends with a token of the application. `token_type_hint` need not be heeded (RFC 7009 §2.1).
    async fn ended_by(self, cx: &Cx, client: &Client, token: &str) -> Result<Option<Ends>, Failure> {
        if let Ok(claims) = self.read_access_token(cx, token) {
            let subject = claims.subject.user().filter(|_| claims.client_id == client.id);
            let Some(subject) = subject else { return Ok(None) };
            if claims.acting.obtained != Some(Obtained::Exchanged) {
                return Ok(Some(Ends::Grant(subject.gid)));
            }
            // Of one that is dead for good nothing is remembered. What an operator took away may come back.
            let alive = self.app.pool_store(cx).live_grant(subject.gid, cx.now).await?;
            return Ok(alive.map(|granted| Ends::Alone { user: granted.user.id, once: given_back(&claims) }));
        }
        let refresh = self.app.pool_store(cx).refresh_token(&sha256(token.as_bytes())).await?;
        Ok(refresh.filter(|row| row.client_id == client.id).map(|row| Ends::Grant(row.grant)))
    }
}

/// What ends when a token is given back.
#[derive(Clone, Copy)]
enum Ends {
    /// Everything that came of what its user granted.
    Grant(GrantId),
    /// It alone.
    Alone { user: UserId, once: OneTime },
}
