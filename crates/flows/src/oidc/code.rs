//! An authorization code, made from the proof that its user gave everything.

use crate::{
    base::{app::App, audit::Why, cx::Cx},
    oidc::{Oidc, request::CheckedRequest},
};
use vestibule_domain::{Authenticated, GrantId, Kept, Requirement, Timestamp, UserId};
use vestibule_oidc::{
    ErrorCode, OAuthError, OneTime,
    authorize::{AuthorizationResponse, Reply, ReturnAddress},
};
use vestibule_seal::sha256;
use vestibule_store::{
    PoolTx, StoreError,
    records::{CodeRow, GrantRow},
};

impl Oidc<'_> {
    /// A code for a session that meets `requirement`, as `authenticated` proves, and is over at `session_ends`. `None` for a
    /// device: it is not answered by a browser.
    pub(crate) fn mint(
        self,
        cx: &Cx,
        checked: &CheckedRequest,
        authenticated: &Authenticated,
        requirement: &Requirement,
        session_ends: Timestamp,
    ) -> Option<IssuedCode> {
        IssuedCode::new(self.app, cx, checked, authenticated, requirement, session_ends)
    }
}

/// Until when a grant has to last.
#[derive(Clone, Copy)]
pub(crate) struct Span {
    /// When the session is over.
    pub(crate) session_ends: Timestamp,
    /// Until when its tokens can be asked for.
    pub(crate) redeemed_by: Timestamp,
}

/// What a user has agreed to, with what was proved for it. Only an [`Authenticated`] makes one.
pub(crate) fn grant_for(
    app: &App,
    cx: &Cx,
    checked: &CheckedRequest,
    authenticated: &Authenticated,
    requirement: &Requirement,
    span: Span,
) -> GrantRow {
    let request = &checked.request;
    let lifetimes = &cx.pool.pool.settings.lifetimes;
    let assurance = authenticated.assurance();
    // What ends with the session ends when that does at the latest; its code can be redeemed in any case.
    let expires_at = if request.offline {
        cx.now + lifetimes.refresh_absolute
    } else {
        span.session_ends.max(span.redeemed_by + lifetimes.access_token)
    };
    GrantRow {
        id: GrantId::new(cx.now, app.entropy().as_ref()),
        user: authenticated.user(),
        client_id: checked.client.id.clone(),
        session: authenticated.session(),
        scopes: request.scopes.clone(),
        resources: request.resources.clone(),
        acr: checked.acr.name_for(&checked.client, assurance.acr),
        amr: assurance.amr.clone(),
        auth_time: assurance.auth_time,
        claims: request.claims.as_ref().and_then(|claims| serde_json::to_string(claims).ok()),
        basis: serde_json::to_string(&Why::of(requirement)).unwrap_or_else(|_| "{}".to_owned()),
        offline: request.offline,
        created_at: cx.now,
        expires_at,
    }
}

/// A code about to be stored, and where it goes. Only an [`Authenticated`] makes one.
#[derive(Clone)]
pub(crate) struct IssuedCode {
    /// The application is one that users are asked about, so the user center tells when it was last used.
    consented: bool,
    grant: GrantRow,
    code: CodeRow,
    /// The answer that carries the code.
    answer: AuthorizationResponse,
    /// What a pushed request uses up.
    pushed: Option<UsedUp>,
}

/// A pushed request leads to one code (RFC 9126 §7.3).
#[derive(Clone)]
struct UsedUp {
    once: OneTime,
    /// The answer to whoever comes with it again.
    refusal: AuthorizationResponse,
}

impl UsedUp {
    fn of(cx: &Cx, checked: &CheckedRequest, to: &ReturnAddress) -> Option<Self> {
        let error = || {
            let hint = "the pushed request was used before: push it again";
            OAuthError::new(ErrorCode::InvalidRequestUri, hint).with_client(&checked.client.id)
        };
        let refusal = || AuthorizationResponse::error(to, error(), &cx.pool.issuer);
        checked.request.once().map(|once| Self { once, refusal: refusal() })
    }
}

impl IssuedCode {
    fn new(
        app: &App,
        cx: &Cx,
        checked: &CheckedRequest,
        authenticated: &Authenticated,
        requirement: &Requirement,
        session_ends: Timestamp,
    ) -> Option<Self> {
        let request = &checked.request;
        let (to, Reply::Redirect { redirect_uri, .. }) = (checked.to.address()?, &request.reply) else {
            return None;
        };
        let lifetimes = &cx.pool.pool.settings.lifetimes;
        let secret = app.secret();
        let span = Span { session_ends, redeemed_by: cx.now + lifetimes.code };
        let grant = grant_for(app, cx, checked, authenticated, requirement, span);
        let code = CodeRow {
            hash: sha256(secret.as_bytes()),
            grant: grant.id,
            client_id: checked.client.id.clone(),
            redirect_uri: redirect_uri.clone(),
            nonce: request.nonce.clone(),
            challenge: request.code_challenge.clone(),
            dpop_jkt: request.dpop_jkt.clone(),
            expires_at: cx.now + checked.client.code_lifetime(lifetimes.code),
        };
        let answer = AuthorizationResponse::code(to, &secret, &cx.pool.issuer);
        let pushed = UsedUp::of(cx, checked, to);
        Some(Self { consented: !checked.client.first_party, grant, code, answer, pushed })
    }

    /// Stores it, and gives the answer for the application. `None`: the user took the consent back meanwhile, so there is no
    /// code. Whoever takes it back from now on waits, and revokes this grant, too.
    pub(crate) async fn store(
        self,
        tx: &PoolTx,
        user: UserId,
    ) -> Result<Option<AuthorizationResponse>, StoreError> {
        if self.consented && !tx.touch_consent(user, &self.grant.client_id, self.grant.created_at).await? {
            return Ok(None);
        }
        if let Some(UsedUp { once, refusal }) = self.pushed
            && !tx.spend_challenge(&once.digest, once.expires_at).await?
        {
            return Ok(Some(refusal));
        }
        tx.insert_grant(&self.grant).await?;
        tx.insert_code(&self.code).await?;
        if Kept::is_looked_at(self.grant.id.as_bytes()) {
            tx.keep_newest_grants(&self.grant, Kept::Grants.most()).await?;
        }
        Ok(Some(self.answer))
    }
}
