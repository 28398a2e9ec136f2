//! Signed authorization requests: as they come, or from an address of the application (RFC 9101 §5.2, OIDC Core §6.2).

use crate::{base::cx::Cx, oidc::Oidc};
use vestibule_domain::{Client, client::without_fragment};
use vestibule_jose::ForeignKeys;
use vestibule_oidc::{
    ErrorCode, OAuthError, Parameters,
    authorize::request_object::{self, Reading},
};
use vestibule_outbound::{Fetched, OutboundError};

/// What a request is served as (RFC 9101 §10.6); the second was usual before.
const ACCEPT: [&str; 2] = ["application/oauth-authz-req+jwt", "application/jwt"];

impl Oidc<'_> {
    /// The parameters that the application signed, if it did.
    pub(super) async fn signed_request(
        self,
        cx: &Cx,
        client: &Client,
        sent: &Parameters,
    ) -> Result<Option<Parameters>, OAuthError> {
        match (sent.get("request"), sent.get("request_uri")) {
            (None, None) => Ok(None),
            (Some(object), None) => self.read_request(cx, client, object).await.map(Some),
            (None, Some(uri)) => self.fetched_request(cx, client, uri).await.map(Some),
            // OIDC Core §6.1.
            (Some(_), Some(_)) => {
                Err(OAuthError::invalid_request("request and request_uri exclude each other"))
            }
        }
    }

    async fn read_request(self, cx: &Cx, client: &Client, object: &str) -> Result<Parameters, OAuthError> {
        let read = |keys: Option<&ForeignKeys>| {
            request_object::read(object, client, Reading { keys, issuer: &cx.pool.issuer, now: cx.now })
        };
        self.by_keys_of(cx, client, read).await
    }

    /// What stands at the address. What is kept of it may be over, so that a request that does not count is fetched again.
    async fn fetched_request(self, cx: &Cx, client: &Client, uri: &str) -> Result<Parameters, OAuthError> {
        let refused = |hint: &str| OAuthError::new(ErrorCode::InvalidRequestUri, hint);
        // Anybody can name an address: only those of the application are asked.
        if !client.may_refer_to(uri) {
            return Err(refused("request_uri is not registered"));
        }
        let address = without_fragment(uri);
        let (documents, rules) = self.app.signed_requests(&cx.pool.pool);
        let unread = || refused("request_uri does not answer with a signed request");
        let text = |fetched: Result<Fetched, OutboundError>| {
            let body = fetched.map_err(|error| unread().with_cause(error))?.body;
            String::from_utf8(body.to_vec()).map_err(|error| unread().with_cause(error))
        };
        let kept = text(documents.get(&rules, address, &ACCEPT).await)?;
        let read = self.read_request(cx, client, kept.trim()).await;
        if read.is_ok() {
            return read;
        }
        match text(documents.refresh(&rules, address, &ACCEPT).await)? {
            same if same == kept => read,
            newer => self.read_request(cx, client, newer.trim()).await,
        }
    }
}
