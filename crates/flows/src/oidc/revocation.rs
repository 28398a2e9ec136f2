//! An application gives a token back (RFC 7009).

use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::Cx,
        failure::Failure,
    },
    oidc::Oidc,
};
use vestibule_domain::{Client, GrantId};
use vestibule_oidc::{BackChannelRequest, OAuthError};
use vestibule_seal::sha256;
use vestibule_store::{PoolTx, records::AuditRow};

impl Oidc<'_> {
    /// `POST /oidc/revoke` (RFC 7009 §2). Whichever token of a grant is given back, the grant ends: with it all of its refresh
    /// and access tokens, as far as somebody asks here. A token that is unknown, over or another application's is no error
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
        let Some(grant) = self.grant_behind(cx, &client, token).await? else { return Ok(Ok(())) };
        let audit = self.app.audit(cx, AuditAction::TokenRevoked, None, Ended::Done).client(&client.id);
        let now = cx.now;
        let job = move |tx: PoolTx| async move {
            if let Some(user) = tx.revoke_grant(grant, now).await? {
                tx.insert_audit(&AuditRow { user: Some(user), ..audit }).await?;
            }
            Ok(())
        };
        self.app.pool_store(cx).write(job).await?;
        Ok(Ok(()))
    }

    /// The grant that a token of the application hangs on. `token_type_hint` need not be heeded (RFC 7009 §2.1).
    async fn grant_behind(self, cx: &Cx, client: &Client, token: &str) -> Result<Option<GrantId>, Failure> {
        if let Ok(claims) = self.read_access_token(cx, token) {
            let own = claims.client_id == client.id;
            return Ok(claims.subject.user().filter(|_| own).map(|subject| subject.gid));
        }
        let refresh = self.app.pool_store(cx).refresh_token(&sha256(token.as_bytes())).await?;
        Ok(refresh.filter(|row| row.client_id == client.id).map(|row| row.grant))
    }
}
