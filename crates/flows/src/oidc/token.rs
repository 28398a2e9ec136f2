//! The token endpoint and userinfo.

use crate::{
    base::{
        audit::{Detailed as _, Ended},
        cx::Cx,
        failure::Failure,
    },
    oidc::Oidc,
};
use serde_json::Value;
use vestibule_domain::{Client, GrantType, Timestamp};
use vestibule_oidc::{
    ErrorCode, OAuthError, Parameters,
    claims::ClaimsParameter,
    pkce,
    token::{
        ClientCredentials, TokenRequest, TokenResponse, authenticate, authenticate_unknown, narrowed_scopes,
    },
    tokens::{AccessTokenInput, IdTokenInput, access_token, id_token, verify_access_token},
    userinfo,
};
use vestibule_seal::sha256;
use vestibule_store::records::{CodeRow, GrantRow, GrantWithUser, RefreshRow, Spend};

/// Why a code or a refresh token was not honoured, when that must leave no trace: nothing is written.
enum Untouched {
    /// It is not for this application.
    Foreign,
    /// It asks for more than was granted.
    Scope(OAuthError),
}

/// What spending a code or a refresh token led to.
enum Spent {
    Good { grant: Box<GrantWithUser>, nonce: Option<String>, scopes: Vec<String> },
    Bad,
}

impl Oidc<'_> {
    /// `POST /oidc/token` (RFC 6749 §3.2).
    ///
    /// # Errors
    /// [`Failure`] when the database or the signature fails; the inner error is the protocol's.
    pub async fn token(
        self,
        cx: &Cx,
        authorization: Option<&str>,
        form: &str,
    ) -> Result<Result<TokenResponse, OAuthError>, Failure> {
        let (client, request) = match token_request(cx, authorization, form) {
            Ok(both) => both,
            Err(error) => return Ok(Err(error)),
        };
        match request {
            TokenRequest::AuthorizationCode { code, redirect_uri, code_verifier } => {
                self.exchange(cx, client, &code, redirect_uri, code_verifier.to_string()).await
            }
            TokenRequest::RefreshToken { refresh_token, scope } => {
                self.refresh(cx, client, &refresh_token, scope).await
            }
        }
    }

    /// A code for tokens (RFC 6749 §4.1.3, RFC 7636 §4.6). A code that was used before takes all its tokens with it.
    async fn exchange(
        self,
        cx: &Cx,
        client: Client,
        code: &str,
        redirect_uri: String,
        verifier: String,
    ) -> Result<Result<TokenResponse, OAuthError>, Failure> {
        let (hash, now) = (sha256(code.as_bytes()), cx.now);
        let (secret, refresh) = self.new_refresh(cx, &client);
        let replayed = self.app.audit(cx, "code-replayed", None, Ended::Refused).client(&client.id);
        let client_id = client.id.clone();
        let job = move |tx: vestibule_store::PoolTx| async move {
            let (row, grant): (CodeRow, _) = match tx.redeem_code(&hash, now).await? {
                Spend::Won(won) => won,
                Spend::Replayed((row, _)) if row.client_id == client_id => {
                    tx.revoke_grant(row.grant, now).await?;
                    tx.insert_audit(&replayed).await?;
                    return Ok(Ok(Spent::Bad));
                }
                Spend::Replayed(_) | Spend::Unknown => return Ok(Ok(Spent::Bad)),
            };
            if row.client_id != client_id {
                return Ok(Err(Untouched::Foreign));
            }
            let bound = row.redirect_uri == redirect_uri && pkce::verify(&row.challenge, &verifier).is_ok();
            let Some(grant) = grant.filter(|_| bound) else { return Ok(Ok(Spent::Bad)) };
            let scopes = still_registered(&refresh.client, &grant.grant.scopes);
            if let Some(refresh) = refresh.for_grant(&grant.grant) {
                tx.insert_refresh(&refresh).await?;
            }
            Ok(Ok(Spent::Good { grant: Box::new(grant), nonce: row.nonce, scopes }))
        };
        let done = self.app.pool_store(cx).write_or_undo(job).await?;
        self.respond(cx, &client, done, secret)
    }

    /// A refresh token for new tokens, itself included (RFC 6749 §6, RFC 9700 §4.14.2). Reuse revokes the family.
    async fn refresh(
        self,
        cx: &Cx,
        client: Client,
        token: &str,
        asked: Option<Vec<String>>,
    ) -> Result<Result<TokenResponse, OAuthError>, Failure> {
        if !client.may_use(GrantType::RefreshToken) {
            let hint = "the application may not use refresh tokens";
            return Ok(Err(OAuthError::new(ErrorCode::UnauthorizedClient, hint)));
        }
        let (hash, now) = (sha256(token.as_bytes()), cx.now);
        let (secret, refresh) = self.new_refresh(cx, &client);
        let reused = self.app.audit(cx, "refresh-token-reused", None, Ended::Refused).client(&client.id);
        let client_id = client.id.clone();
        let job = move |tx: vestibule_store::PoolTx| async move {
            let (row, grant): (RefreshRow, _) = match tx.redeem_refresh(&hash, now).await? {
                Spend::Won(won) => won,
                Spend::Replayed((row, _)) if row.client_id == client_id => {
                    tx.revoke_grant(row.grant, now).await?;
                    tx.insert_audit(&reused).await?;
                    return Ok(Ok(Spent::Bad));
                }
                Spend::Replayed(_) | Spend::Unknown => return Ok(Ok(Spent::Bad)),
            };
            if row.client_id != client_id {
                return Ok(Err(Untouched::Foreign));
            }
            let Some(grant) = grant else { return Ok(Ok(Spent::Bad)) };
            let granted = still_registered(&refresh.client, &grant.grant.scopes);
            let scopes = match narrowed_scopes(&granted, asked.as_deref()) {
                Ok(scopes) => scopes,
                Err(error) => return Ok(Err(Untouched::Scope(error))),
            };
            tx.insert_refresh(&refresh.after(&row)).await?;
            Ok(Ok(Spent::Good { grant: Box::new(grant), nonce: None, scopes }))
        };
        let done = self.app.pool_store(cx).write_or_undo(job).await?;
        self.respond(cx, &client, done, secret)
    }

    fn respond(
        self,
        cx: &Cx,
        client: &Client,
        done: Result<Spent, Untouched>,
        refresh_secret: String,
    ) -> Result<Result<TokenResponse, OAuthError>, Failure> {
        match done {
            Ok(Spent::Good { grant, nonce, scopes }) => {
                let refresh = offline(client, &grant.grant).then_some(refresh_secret);
                let response = self.tokens(cx, client, &grant, (nonce, scopes))?;
                Ok(Ok(match refresh {
                    Some(secret) => response.with_refresh_token(secret),
                    None => response,
                }))
            }
            Ok(Spent::Bad) | Err(Untouched::Foreign) => {
                Ok(Err(OAuthError::invalid_grant("the code or token is unknown, expired, used or not yours")))
            }
            Err(Untouched::Scope(error)) => Ok(Err(error)),
        }
    }

    /// Signs the tokens of a grant. `acr`, `amr` and `auth_time` are those of the sign-in, also after a refresh.
    fn tokens(
        self,
        cx: &Cx,
        client: &Client,
        granted: &GrantWithUser,
        (nonce, scopes): (Option<String>, Vec<String>),
    ) -> Result<TokenResponse, Failure> {
        let (grant, lifetimes) = (&granted.grant, &cx.pool.pool.settings.lifetimes);
        let key = cx.pool.signing_key(client.id_token_alg)?;
        let issuer = cx.pool.issuer.as_str();
        let access = AccessTokenInput {
            issuer,
            audience: issuer,
            client_id: &client.id,
            user: grant.user,
            grant: grant.id,
            sid: grant.session,
            scopes: &scopes,
            acr: &grant.acr,
            auth_time: grant.auth_time,
            jti: &self.app.uuid(cx.now).to_string(),
            now: cx.now,
            lifetime: lifetimes.access_token,
        };
        let access = access_token(&access, key).map_err(Failure::internal)?;
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
        let id = id_token(&id, key).map_err(Failure::internal)?;
        Ok(TokenResponse::new(access, lifetimes.access_token, &scopes).with_id_token(id))
    }

    fn new_refresh(self, cx: &Cx, client: &Client) -> (String, NewRefresh) {
        let secret = self.app.secret();
        let lifetimes = &cx.pool.pool.settings.lifetimes;
        let refresh = NewRefresh {
            hash: sha256(secret.as_bytes()),
            client: client.clone(),
            now: cx.now,
            idle: lifetimes.refresh_idle,
            absolute: lifetimes.refresh_absolute,
        };
        (secret, refresh)
    }

    /// `GET /oidc/me` (OIDC Core §5.3): the claims of the user whose access token this is, as long as the grant lives.
    ///
    /// # Errors
    /// [`Failure`] when the database fails; the inner error is the protocol's.
    pub async fn userinfo(self, cx: &Cx, token: &str) -> Result<Result<Value, OAuthError>, Failure> {
        let claims = match verify_access_token(token, cx.pool.verifying_keys(), &cx.pool.issuer, cx.now) {
            Ok(claims) => claims,
            Err(error) => return Ok(Err(error)),
        };
        if !claims.has_scope("openid") {
            return Ok(Err(OAuthError::new(ErrorCode::InsufficientScope, "the openid scope is needed")));
        }
        let Some(granted) = self.app.pool_store(cx).live_grant(claims.gid, cx.now).await? else {
            return Ok(Err(OAuthError::invalid_token()));
        };
        let Some(client) = cx.pool.client(&claims.client_id) else {
            return Ok(Err(OAuthError::invalid_token()));
        };
        let requested = claims_of(client, &granted.grant);
        Ok(Ok(userinfo(&granted.user, &claims.scopes(), requested.as_ref())))
    }
}

/// Who asks, and for what.
fn token_request(
    cx: &Cx,
    authorization: Option<&str>,
    form: &str,
) -> Result<(Client, TokenRequest), OAuthError> {
    let form = Parameters::parse(form)?;
    let credentials = ClientCredentials::extract(authorization, &form)?;
    let Some(client) = cx.pool.client(credentials.client_id()) else {
        return Err(authenticate_unknown(&credentials));
    };
    authenticate(client, &credentials)?;
    Ok((client.clone(), TokenRequest::parse(&form)?))
}

/// What is left of the granted scopes: an operator may have taken some from the application since.
fn still_registered(client: &Client, granted: &[String]) -> Vec<String> {
    let registered = |scope: &&String| *scope == "openid" || client.scopes.contains(scope);
    granted.iter().filter(registered).cloned().collect()
}

/// Whether a grant comes with refresh tokens (OIDC Core §11).
fn offline(client: &Client, grant: &GrantRow) -> bool {
    client.may_use(GrantType::RefreshToken) && grant.offline
}

fn claims_of(client: &Client, grant: &GrantRow) -> Option<ClaimsParameter> {
    let text = grant.claims.as_deref()?;
    ClaimsParameter::parse(text).ok().map(|claims| claims.limited_to(client))
}

/// A refresh token about to be stored.
#[derive(Clone)]
struct NewRefresh {
    hash: [u8; 32],
    client: Client,
    now: Timestamp,
    idle: i64,
    absolute: i64,
}

impl NewRefresh {
    fn for_grant(self, grant: &GrantRow) -> Option<RefreshRow> {
        offline(&self.client, grant).then(|| {
            let absolute = grant.created_at + self.absolute;
            self.row(grant.id, absolute)
        })
    }

    fn after(self, old: &RefreshRow) -> RefreshRow {
        self.row(old.grant, old.absolute_expires_at)
    }

    fn row(self, grant: vestibule_domain::GrantId, absolute_expires_at: Timestamp) -> RefreshRow {
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
