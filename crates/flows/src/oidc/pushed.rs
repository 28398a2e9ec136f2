//! Pushed authorization requests (RFC 9126): an application says what it wants before the browser comes.
//!
//! Nothing is stored: the request travels as its own address, sealed for this pool, so that a flood of them costs no row. That
//! it leads to one code is written down with the code.

use crate::{
    base::{cx::Cx, failure::Failure},
    oidc::Oidc,
};
use vestibule_domain::{Client, ClientKind};
use vestibule_oidc::{
    BackChannelRequest, ErrorCode, OAuthError,
    authorize::{Endpoint, Pushed, Rejection, ResolvedRequest},
    dpop::{BadProof, ProvedKey},
};
use vestibule_seal::AssociatedData;

/// How the address of a pushed request begins (RFC 9126 §2.2).
pub(super) const PUSHED: &str = "urn:ietf:params:oauth:request_uri:";

/// For so many seconds a pushed request can be begun (FAPI 2.0 Security Profile §5.3.2.2: less than 600).
const LIFE: i64 = 120;

/// The longest address of a request, in bytes: it has to fit into a query.
const LONGEST: usize = 6 * 1024;

/// Where a pushed request is.
pub struct PushedRequest {
    /// `request_uri`.
    pub request_uri: String,
    /// For so many seconds it can be begun.
    pub expires_in: i64,
}

impl Oidc<'_> {
    fn sealed_as_pushed(cx: &Cx) -> AssociatedData {
        AssociatedData::new("pushed-request").with(cx.pool.pool.id.as_bytes())
    }

    /// `POST /oidc/par` (RFC 9126 §2).
    ///
    /// # Errors
    /// [`Failure`] when the database fails; the inner error is the protocol's.
    pub async fn push(
        self,
        cx: &Cx,
        request: BackChannelRequest,
    ) -> Result<Result<PushedRequest, OAuthError>, Failure> {
        let client = match self.authenticated(cx, &request).await? {
            Ok(client) => client,
            Err(error) => return Ok(Err(error)),
        };
        let key = match self.proved_key(cx, &request, &client) {
            Ok(key) => key,
            Err(error) => return Ok(Err(error.with_client(&client.id))),
        };
        // Of an application that anybody can be nothing is written down: what comes of its request is of no use to others.
        let once = key.as_ref().filter(|_| client.kind == ClientKind::Confidential).map(|key| key.once);
        let judged = self.judged(cx, &client, &request).await;
        let pushed = match judged.and_then(|asked| self.sealed(cx, asked, key)) {
            Ok(pushed) => pushed,
            Err(error) => return Ok(Err(error.with_client(&client.id))),
        };
        if let Some(once) = once
            && !self.spend(cx, once).await?
        {
            return Ok(Err(OAuthError::from(BadProof::Reused).with_client(&client.id)));
        }
        Ok(Ok(pushed))
    }

    async fn judged(
        self,
        cx: &Cx,
        client: &Client,
        request: &BackChannelRequest,
    ) -> Result<ResolvedRequest, OAuthError> {
        if request.form.get("request_uri").is_some() {
            return Err(OAuthError::invalid_request("request_uri cannot be pushed (RFC 9126 §2.1)"));
        }
        let sent = request.form.clone().of_client(&client.id);
        let resolved = self.resolved(cx, Endpoint::PushedAuthorization, client, &sent).await;
        let permitted = resolved.map_err(|rejection| match rejection {
            Rejection::Page(error) | Rejection::Redirect { error, .. } => error,
        });
        // The code of the page for people is none of RFC 6749.
        let error = |error: OAuthError| match error.code {
            ErrorCode::InvalidRedirectUri => error.recoded(ErrorCode::InvalidRequest),
            _ => error,
        };
        Ok(permitted.map_err(error)?.request)
    }

    fn sealed(
        self,
        cx: &Cx,
        asked: ResolvedRequest,
        key: Option<ProvedKey>,
    ) -> Result<PushedRequest, OAuthError> {
        let pushed = Pushed { id: self.app.secret(), expires_at: cx.now + LIFE };
        let asked = asked.pushed_as(pushed, key.as_ref().map(|key| key.jkt.as_str()))?;
        let sealed = self.app.seal_value(&Self::sealed_as_pushed(cx), &asked);
        let sealed = sealed.map_err(OAuthError::server_error)?;
        let request_uri = format!("{PUSHED}{sealed}");
        if request_uri.len() > LONGEST {
            return Err(OAuthError::invalid_request("the request is too long to be pushed"));
        }
        Ok(PushedRequest { request_uri, expires_in: LIFE })
    }

    /// Opens the address of a pushed request that can still be begun.
    pub(super) fn open_pushed(self, cx: &Cx, sealed: &str) -> Option<ResolvedRequest> {
        let request: ResolvedRequest = self.app.open_value(&Self::sealed_as_pushed(cx), sealed).ok()?;
        let begins = request.pushed.as_ref().is_some_and(|pushed| cx.now < pushed.expires_at);
        begins.then_some(request)
    }
}
