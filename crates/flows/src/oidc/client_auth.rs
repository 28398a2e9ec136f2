//! Which application sends a request of the back channel.

use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::Cx,
        failure::Failure,
        key_sets::Want,
    },
    oidc::Oidc,
};
use std::sync::Arc;
use vestibule_domain::{Client, Encryption};
use vestibule_jose::ForeignKeys;
use vestibule_oidc::{
    BackChannelRequest, OAuthError,
    client_auth::{ClientAuthFailure, ClientCredentials, Proof, Proving, authenticate},
    tokens::Recipient,
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
        let by_keys = client.filter(|client| credentials.needs_keys_of(client));
        let judge = |keys: Option<&ForeignKeys>| {
            let authorities = cx.pool.authorities();
            let proving =
                Proving { issuer: &cx.pool.issuer, url: &request.url, keys, authorities, now: cx.now };
            authenticate(client, credentials, proving)
        };
        let judged = match by_keys {
            Some(signer) => self.by_keys_of(cx, signer, judge).await,
            None => judge(None),
        };
        let Proof { once } = match judged {
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

    /// The key of the application that its answers are encrypted to, if they are. One that is no longer there is looked for again
    /// where the application publishes its keys.
    ///
    /// # Errors
    /// The protocol's, where there is no such key.
    pub(super) async fn recipient(
        self,
        cx: &Cx,
        client: &Client,
        wanted: Option<Encryption>,
    ) -> Result<Option<Recipient>, OAuthError> {
        let Some(wanted) = wanted else { return Ok(None) };
        self.by_keys_of(cx, client, |keys| Recipient::of(keys, wanted)).await.map(Some)
    }

    /// Judges what an application signed by its keys. Where it publishes them, it may have new ones.
    pub(super) async fn by_keys_of<T, E>(
        self,
        cx: &Cx,
        client: &Client,
        judge: impl Fn(Option<&ForeignKeys>) -> Result<T, E>,
    ) -> Result<T, E> {
        let written = cx.pool.registered_keys(&client.id);
        self.by_keys(cx, client.jwks_uri.as_deref(), written, judge).await
    }

    /// Judges by the keys that somebody publishes at an address, or by those that are written down.
    pub(super) async fn by_keys<T, E>(
        self,
        cx: &Cx,
        published: Option<&str>,
        written: Option<Arc<ForeignKeys>>,
        judge: impl Fn(Option<&ForeignKeys>) -> Result<T, E>,
    ) -> Result<T, E> {
        let Some(uri) = published else { return judge(written.as_deref()) };
        let kept = self.app.keys_at(cx, uri, Want::Kept).await;
        let judged = judge(kept.as_deref());
        if judged.is_ok() {
            return judged;
        }
        match self.app.keys_at(cx, uri, Want::Newer).await {
            Some(newer) if kept.is_none_or(|kept| !Arc::ptr_eq(&kept, &newer)) => judge(Some(&newer)),
            _ => judged,
        }
    }

    /// Writes down that an application gave a wrong proof. One that does not exist is not worth a row.
    async fn note_refused_client(self, cx: &Cx, credentials: &ClientCredentials) -> Result<(), Failure> {
        let Some(client) = cx.pool.client(credentials.client_id()) else { return Ok(()) };
        let row = self.app.audit(cx, AuditAction::ClientRefused, None, Ended::Refused).client(&client.id);
        self.app.note_budgeted(cx, self.app.budgeted(cx, row)).await
    }
}
