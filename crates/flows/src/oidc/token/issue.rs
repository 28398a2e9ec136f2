//! The tokens of a grant: signed, and the refresh token that is stored.

use crate::{
    base::{cx::Cx, failure::Failure},
    oidc::{Oidc, userinfo::claims_of},
};
use vestibule_domain::{AccessTokenId, Client, GrantId, GrantType, Timestamp};
use vestibule_oidc::{
    token::TokenResponse,
    tokens::{AccessTokenInput, IdTokenInput, Subject, UserSubject, access_token, id_token},
};
use vestibule_seal::sha256;
use vestibule_store::records::{GrantRow, GrantWithUser, RefreshRow};

/// What is to be issued.
pub(super) struct Issue<'a> {
    client: &'a Client,
    /// For whom the application will act.
    subject: Subject,
    scopes: Vec<String>,
    /// The sign-in that the ID token tells of. An application that acts for itself gets none.
    sign_in: Option<SignedIn<'a>>,
}

struct SignedIn<'a> {
    granted: &'a GrantWithUser,
    nonce: Option<String>,
}

impl<'a> Issue<'a> {
    /// For a user. `acr`, `amr` and `auth_time` are those of the sign-in, also after a refresh.
    pub(super) fn for_user(client: &'a Client, granted: &'a GrantWithUser, scopes: Vec<String>) -> Self {
        let grant = &granted.grant;
        let subject = UserSubject {
            sub: grant.user,
            gid: grant.id,
            sid: grant.session,
            acr: grant.acr.clone(),
            auth_time: grant.auth_time.as_seconds(),
        };
        let sign_in = Some(SignedIn { granted, nonce: None });
        Self { client, subject: Subject::User(subject), scopes, sign_in }
    }

    /// With the nonce of the authorization request; a refreshed ID token has none (OIDC Core §12.2).
    pub(super) fn with_nonce(self, nonce: Option<String>) -> Self {
        let sign_in = self.sign_in.map(|sign_in| SignedIn { nonce, ..sign_in });
        Self { sign_in, ..self }
    }

    /// Signs it. `refresh` is the refresh token that was stored, if the grant comes with one.
    pub(super) fn tokens(
        self,
        oidc: Oidc<'_>,
        cx: &Cx,
        refresh: Option<String>,
    ) -> Result<TokenResponse, Failure> {
        let Self { client, subject, scopes, sign_in } = self;
        let lifetimes = &cx.pool.pool.settings.lifetimes;
        let key = cx.pool.signing_key(client.id_token_alg)?;
        let issuer = cx.pool.issuer.as_str();
        let access = AccessTokenInput {
            issuer,
            audience: issuer,
            client_id: &client.id,
            subject,
            scopes: &scopes,
            jti: &AccessTokenId::new(cx.now, oidc.app.entropy().as_ref()).to_string(),
            now: cx.now,
            lifetime: lifetimes.access_token,
        };
        let access = access_token(access, key).map_err(Failure::internal)?;
        let mut response = TokenResponse::new(access.clone(), lifetimes.access_token, &scopes);
        let Some(SignedIn { granted, nonce }) = sign_in else { return Ok(response) };
        let grant = &granted.grant;
        if scopes.iter().any(|scope| scope == "openid") {
            let claims = claims_of(client, grant);
            let id = IdTokenInput {
                issuer,
                client_id: &client.id,
                user: &granted.user,
                sid: grant.session,
                nonce: nonce.as_deref(),
                auth_time: grant.auth_time,
                acr: &grant.acr,
                amr: &grant.amr,
                now: cx.now,
                lifetime: lifetimes.id_token,
                claims: claims.as_ref(),
                access_token: Some(&access),
            };
            response = response.with_id_token(id_token(&id, key).map_err(Failure::internal)?);
        }
        Ok(match refresh.filter(|_| offline(client, grant)) {
            Some(secret) => response.with_refresh_token(secret),
            None => response,
        })
    }
}

/// What is left of the granted scopes: an operator may have taken some from the application since.
pub(super) fn still_registered(client: &Client, granted: &[String]) -> Vec<String> {
    let registered = |scope: &&String| *scope == "openid" || client.scopes.contains(scope);
    granted.iter().filter(registered).cloned().collect()
}

/// Whether a grant comes with refresh tokens (OIDC Core §11).
fn offline(client: &Client, grant: &GrantRow) -> bool {
    client.may_use(GrantType::RefreshToken) && grant.offline
}

/// A refresh token about to be stored.
#[derive(Clone)]
pub(super) struct NewRefresh {
    hash: [u8; 32],
    client: Client,
    now: Timestamp,
    idle: i64,
    absolute: i64,
}

impl NewRefresh {
    /// A fresh token: the secret for the application, and what is stored of it.
    pub(super) fn prepare(oidc: Oidc<'_>, cx: &Cx, client: &Client) -> (String, Self) {
        let secret = oidc.app.secret();
        let lifetimes = &cx.pool.pool.settings.lifetimes;
        let refresh = Self {
            hash: sha256(secret.as_bytes()),
            client: client.clone(),
            now: cx.now,
            idle: lifetimes.refresh_idle,
            absolute: lifetimes.refresh_absolute,
        };
        (secret, refresh)
    }

    /// Whose it is.
    pub(super) const fn client(&self) -> &Client {
        &self.client
    }

    /// The first of a grant, if it comes with refresh tokens.
    pub(super) fn for_grant(self, grant: &GrantRow) -> Option<RefreshRow> {
        offline(&self.client, grant).then(|| {
            let absolute = grant.created_at + self.absolute;
            self.row(grant.id, absolute)
        })
    }

    /// The next one.
    pub(super) fn after(self, old: &RefreshRow) -> RefreshRow {
        self.row(old.grant, old.absolute_expires_at)
    }

    fn row(self, grant: GrantId, absolute_expires_at: Timestamp) -> RefreshRow {
        RefreshRow {
            hash: self.hash,
            grant,
            client_id: self.client.id,
            issued_at: self.now,
            expires_at: absolute_expires_at.min(self.now + self.idle),
            absolute_expires_at,
        }
    }
}
