//! Which application sends a request of the back channel.

use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::Cx,
        failure::Failure,
    },
    oidc::Oidc,
};
use vestibule_domain::Client;
use vestibule_oidc::{
    BackChannelRequest, OAuthError,
    client_auth::{ClientAuthFailure, ClientCredentials, Proof, Proving, authenticate},
};

impl Oidc<'_> {
    /// Which application sends a request; a wrong proof leaves a trace.
    pub(super) async fn authenticated(
        self,
        cx: &Cx,
        request: &BackChannelRequest,
    ) -> Result<Result<Client, OAuthError>, Failure> {
        let credentials = match ClientCredentials::read(request) {
            Ok(credentials) => credentials,
            Err(error) => return Ok(Err(error)),
        };
        let proved = self.proved(cx, request, &credentials).await?;
        if proved.is_err() && credentials.has_proof() {
            self.note_refused_client(cx, &credentials).await?;
        }
        Ok(proved.map_err(|error| error.with_client(credentials.client_id())))
    }

    async fn proved(
        self,
        cx: &Cx,
        request: &BackChannelRequest,
        credentials: &ClientCredentials,
    ) -> Result<Result<Client, OAuthError>, Failure> {
        let client = cx.pool.client(credentials.client_id());
        let keys = cx.pool.keys_of(credentials.client_id());
        let proving = Proving { issuer: &cx.pool.issuer, url: &request.url, keys, now: cx.now };
        let Proof { once } = match authenticate(client, credentials, proving) {
            Ok(proof) => proof,
            Err(error) => return Ok(Err(error)),
        };
        if let Some(once) = once
            && !self.spend(cx, once).await?
        {
            return Ok(Err(ClientAuthFailure::AssertionReused.into()));
        }
        // An application that does not exist is never authenticated.
        Ok(client.cloned().ok_or_else(OAuthError::invalid_client))
    }

    /// Writes down that an application gave a wrong proof. One that does not exist is not worth a row.
    async fn note_refused_client(self, cx: &Cx, credentials: &ClientCredentials) -> Result<(), Failure> {
        let Some(client) = cx.pool.client(credentials.client_id()) else { return Ok(()) };
        let row = self.app.audit(cx, AuditAction::ClientRefused, None, Ended::Refused).client(&client.id);
        self.app.note_budgeted(cx, self.app.budgeted(cx, row)).await
    }
}
