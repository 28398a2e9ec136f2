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
    client_auth::{ClientCredentials, authenticate},
};

impl Oidc<'_> {
    /// Which application sends a request; a wrong secret leaves a trace.
    pub(super) async fn authenticated(
        self,
        cx: &Cx,
        request: &BackChannelRequest,
    ) -> Result<Result<Client, OAuthError>, Failure> {
        let authenticated = proved(cx, request);
        if authenticated.is_err() {
            self.note_refused_client(cx, request).await?;
        }
        Ok(authenticated)
    }

    /// Writes down that an application gave a wrong secret. One that does not exist is not worth a row.
    async fn note_refused_client(self, cx: &Cx, request: &BackChannelRequest) -> Result<(), Failure> {
        let Some(client) = claimed(cx, request) else { return Ok(()) };
        let row = self.app.audit(cx, AuditAction::ClientRefused, None, Ended::Refused).client(&client.id);
        self.app.note_budgeted(cx, self.app.budgeted(cx, row)).await
    }
}

/// The application, once it has authenticated itself.
fn proved(cx: &Cx, request: &BackChannelRequest) -> Result<Client, OAuthError> {
    let credentials = ClientCredentials::read(request)?;
    let client = cx.pool.client(credentials.client_id());
    authenticate(client, &credentials).map_err(|error| error.with_client(credentials.client_id()))?;
    // An application that does not exist is never authenticated.
    client.cloned().ok_or_else(OAuthError::invalid_client)
}

/// The application whose secret a request pretends to have.
fn claimed<'a>(cx: &'a Cx, request: &BackChannelRequest) -> Option<&'a Client> {
    let credentials = ClientCredentials::read(request).ok().filter(ClientCredentials::has_secret)?;
    cx.pool.client(credentials.client_id())
}
