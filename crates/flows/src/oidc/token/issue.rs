//! The tokens of a grant: signed, and the refresh token that is stored.

use crate::{
    base::{app::App, cx::Cx, failure::Failure, runtime::PoolRuntime},
    oidc::{Oidc, bound::spend_proof, living::still_registered, userinfo::claims_of},
};
use vestibule_domain::{AccessTokenId, Client, GrantId, GrantType, Strictness, Timestamp, TokenShape};
use vestibule_oidc::{
    Holder, OAuthError,
    audience::{Audience, Targets},
    claims::AskedClaims,
    token::TokenResponse,
    tokens::{
        AccessTokenInput, Acting, ClientSubject, Confirmation, IdTokenInput, Recipient, Subject, UserSubject,
        id_token,
    },
};
use vestibule_seal::sha256;
use vestibule_store::{
    PoolTx, StoreError,
    records::{GrantRow, GrantWithUser, RefreshRow},
};

/// What is to be issued.
pub(super) struct Issue<'a> {
    client: &'a Client,
    /// For whom the application will act.
    subject: Subject,
    scopes: Vec<String>,
    /// Who acts, and how it was got.
    acting: Acting,
    /// The sign-in that the ID token tells of. An application that acts for itself gets none.
    sign_in: Option<SignedIn<'a>>,
}

struct SignedIn<'a> {
    granted: &'a GrantWithUser,
    /// The user and the session, as the application knows them.
    sub: String,
    sid: String,
    nonce: Option<String>,
}

/// What the token request gets besides.
pub(super) struct Granted {
    /// Whom the access token is for, and what it looks like.
    pub(super) aim: Aim,
    /// The refresh token that was stored, if the grant comes with one.
    pub(super) refresh: Option<String>,
    /// What the access token is bound to.
    pub(super) key: Option<Holder>,
    /// The key that the ID token is encrypted to, if it is.
    pub(super) recipient: Option<Recipient>,
}

impl<'a> Issue<'a> {
    /// For a user. `acr`, `amr` and `auth_time` are those of the sign-in, also after a refresh.
    ///
    /// # Errors
    /// [`Failure`] when the pool cannot say how the application knows the user.
    pub(super) fn for_user(
        pool: &PoolRuntime,
        client: &'a Client,
        granted: &'a GrantWithUser,
        scopes: Vec<String>,
    ) -> Result<Self, Failure> {
        let grant = &granted.grant;
        let subject = UserSubject {
            sub: pool.subject_of(client, grant.user)?,
            gid: grant.id,
            sid: Some(pool.sid_of(client, grant.session)?),
            acr: grant.acr.clone(),
            amr: grant.amr.clone(),
            auth_time: Some(grant.auth_time.as_seconds()),
        };
        let (sub, sid) = (subject.sub.clone(), pool.sid_of(client, grant.session)?);
        let sign_in = Some(SignedIn { granted, sub, sid, nonce: None });
        Ok(Self { client, subject: Subject::User(subject), scopes, acting: Acting::default(), sign_in })
    }

    /// For the application itself.
    pub(super) fn for_itself(client: &'a Client, scopes: Vec<String>) -> Self {
        let subject = Subject::Client(ClientSubject { sub: client.id.clone() });
        Self { client, subject, scopes, acting: Acting::default(), sign_in: None }
    }

    /// For a user, and not by a sign-in to the application: an access token alone.
    pub(super) fn without_sign_in(
        client: &'a Client,
        subject: UserSubject,
        scopes: Vec<String>,
        acting: Acting,
    ) -> Self {
        Self { client, subject: Subject::User(subject), scopes, acting, sign_in: None }
    }

    /// With the nonce of the authorization request; a refreshed ID token has none (OIDC Core §12.2).
    pub(super) fn with_nonce(self, nonce: Option<String>) -> Self {
        let sign_in = self.sign_in.map(|sign_in| SignedIn { nonce, ..sign_in });
        Self { sign_in, ..self }
    }

    /// Makes them.
    ///
    /// # Errors
    /// [`Failure`] when the signature fails.
    pub(super) fn tokens(self, oidc: Oidc<'_>, cx: &Cx, granted: Granted) -> Result<TokenResponse, Failure> {
        let Self { client, subject, scopes, acting, sign_in } = self;
        let settings = &cx.pool.pool.settings;
        let (lifetimes, issuer) = (&settings.lifetimes, cx.pool.issuer.as_str());
        let openid = is_openid(&scopes);
        let Granted { aim: Aim { audience, shape }, refresh, key, recipient } = granted;
        let cnf = key.as_ref().map(Confirmation::from);
        let permits = audience.scopes(&settings.apis, &settings.attributes, &scopes);
        let access = AccessTokenInput {
            issuer,
            audience: audience.names(issuer),
            client_id: &client.id,
            subject,
            scopes: &permits,
            jti: &AccessTokenId::new(cx.now, oidc.app.entropy().as_ref()).to_string(),
            cnf: cnf.clone(),
            acting,
            now: cx.now,
            lifetime: shape.lifetime,
        };
        let access = oidc.write_access_token(cx, &access.claims(), shape)?;
        let mut response = TokenResponse::new(access.clone(), shape.lifetime, &permits).bound(cnf.as_ref());
        let Some(SignedIn { granted, sub, sid, nonce }) = sign_in else { return Ok(response) };
        let grant = &granted.grant;
        if openid {
            let claims = claims_of(cx, client, grant);
            let at_userinfo = client.is_strict(Strictness::ClaimsAtUserinfo);
            let id = IdTokenInput {
                issuer,
                client_id: &client.id,
                user: &granted.user,
                sub: &sub,
                sid: &sid,
                nonce: nonce.as_deref(),
                auth_time: grant.auth_time,
                acr: &grant.acr,
                amr: &grant.amr,
                now: cx.now,
                lifetime: lifetimes.id_token,
                asked: AskedClaims {
                    own: &settings.attributes,
                    scopes: if at_userinfo { &[] } else { &scopes },
                    claims: claims.as_ref(),
                },
                access_token: Some(&access),
            };
            let key = cx.pool.key_for(&client.id)?;
            let signed = id_token(&id, key);
            let told = match &recipient {
                Some(to) => signed.and_then(|token| to.seal_token(&token)),
                None => signed,
            };
            response = response.with_id_token(told.map_err(Failure::internal)?);
        }
        Ok(match refresh.filter(|_| refreshes(client, grant)) {
            Some(secret) => response.with_refresh_token(secret),
            None => response,
        })
    }
}

/// The APIs of a grant, and those of them that are asked for.
pub(super) const fn targets_of<'a>(grant: &'a GrantRow, asked: &'a [String]) -> Targets<'a> {
    Targets { granted: grant.resources.as_slice(), otherwise: grant.resources.as_slice(), asked }
}

/// Whom a token is for, and what it looks like.
pub(super) struct Aim {
    audience: Audience,
    shape: TokenShape,
}

impl Aim {
    /// How long the token lives, in seconds.
    pub(super) const fn lifetime(&self) -> i64 {
        self.shape.lifetime
    }

    /// The same for a token that lives no longer than this, in seconds.
    pub(super) fn at_most(self, seconds: i64) -> Self {
        let shape = TokenShape { lifetime: self.shape.lifetime.min(seconds), ..self.shape };
        Self { shape, ..self }
    }
}

/// Whom the token of a request is for. Where something is spent for it, that is asked before: whoever asks for the wrong thing
/// loses nothing.
pub(super) fn aim(
    pool: &PoolRuntime,
    client: &Client,
    targets: Targets<'_>,
    openid: bool,
) -> Result<Aim, OAuthError> {
    let settings = &pool.pool.settings;
    let audience = Audience::of(client, &settings.apis, targets, openid)?;
    let shape = audience.shape(&settings.tokens, settings.lifetimes.access_token)?;
    Ok(Aim { audience, shape })
}

/// Whether the scopes are those of a sign-in.
pub(super) fn is_openid(scopes: &[String]) -> bool {
    scopes.iter().any(|scope| scope == "openid")
}

/// Whether a grant comes with refresh tokens. Those of `offline_access` outlive the session (OIDC Core §11), others end with it.
fn refreshes(client: &Client, grant: &GrantRow) -> bool {
    let in_session = !client.is_strict(Strictness::OfflineAccessOnly);
    client.may_use(GrantType::RefreshToken) && (grant.offline || in_session)
}

/// What the key of successors is derived for.
const SUCCESSOR: &str = "refresh-token-successor";

/// The secrets that can follow a refresh token. They are made of it and of the keys of this server, so that whoever asks with
/// the same token again gets the same answer, and nobody who has only the one or only the other can tell it. The first is the
/// one to give; the others are those of keys from before a rotation, which may have been given.
pub(super) fn successors<'a>(app: &'a App, old: &'a str) -> impl Iterator<Item = String> + 'a {
    app.secrets_of(SUCCESSOR, old.as_bytes())
}

/// What the first request of a grant is for.
pub(super) struct Begun {
    pub(super) scopes: Vec<String>,
    pub(super) aim: Aim,
}

/// A refresh token about to be stored.
#[derive(Clone)]
pub(super) struct NewRefresh {
    hash: [u8; 32],
    client: Client,
    now: Timestamp,
    idle: i64,
    session_absolute: i64,
    bound_to: Option<Holder>,
}

impl NewRefresh {
    /// The first token of a grant: the secret for the application, and what is stored of it.
    pub(super) fn first(oidc: Oidc<'_>, cx: &Cx, client: &Client) -> (String, Self) {
        Self::of(oidc.app.secret(), cx, client)
    }

    /// The token of that secret: the first of [`successors`] for the one that follows another.
    pub(super) fn of(secret: String, cx: &Cx, client: &Client) -> (String, Self) {
        let lifetimes = &cx.pool.pool.settings.lifetimes;
        let refresh = Self {
            hash: sha256(secret.as_bytes()),
            client: client.clone(),
            now: cx.now,
            idle: lifetimes.refresh_idle,
            session_absolute: lifetimes.session_absolute,
            bound_to: None,
        };
        (secret, refresh)
    }

    /// The same, bound to what its application holds.
    pub(super) fn bound_to(self, bound_to: Option<Holder>) -> Self {
        Self { bound_to, ..self }
    }

    /// Whose it is.
    pub(super) const fn client(&self) -> &Client {
        &self.client
    }

    /// The first request of a grant, in the transaction that spends its code: what is left of the grant, its proof spent and its
    /// refresh token stored. An error of the inner result undoes it all.
    pub(super) async fn begin(
        self,
        tx: &PoolTx,
        pool: &PoolRuntime,
        grant: &GrantRow,
        resource: &[String],
        proved: Option<&Holder>,
    ) -> Result<Result<Begun, OAuthError>, StoreError> {
        let scopes = still_registered(&self.client, &grant.scopes);
        let aim = match aim(pool, &self.client, targets_of(grant, resource), is_openid(&scopes)) {
            Ok(aim) => aim,
            Err(error) => return Ok(Err(error)),
        };
        if let Err(error) = spend_proof(tx, proved).await? {
            return Ok(Err(error));
        }
        if let Some(refresh) = self.for_grant(grant) {
            tx.insert_refresh(&refresh).await?;
        }
        Ok(Ok(Begun { scopes, aim }))
    }

    /// The first of a grant, if it comes with refresh tokens.
    fn for_grant(self, grant: &GrantRow) -> Option<RefreshRow> {
        // A code of an earlier version has a grant without the end of its session.
        let session_ends = grant.session.made_at() + self.session_absolute;
        let ends =
            if grant.offline { grant.expires_at } else { grant.expires_at.min(session_ends.max(self.now)) };
        refreshes(&self.client, grant).then(|| self.row(grant.id, ends))
    }

    /// The next one.
    pub(super) fn after(self, old: &RefreshRow) -> RefreshRow {
        let next = self.row(old.grant, old.absolute_expires_at);
        // One that was free becomes bound as soon as something is proved with it (RFC 9449 §5).
        match (&old.dpop_jkt, &old.x5t_s256) {
            (None, None) => next,
            _ => RefreshRow { dpop_jkt: old.dpop_jkt.clone(), x5t_s256: old.x5t_s256.clone(), ..next },
        }
    }

    fn row(self, grant: GrantId, absolute_expires_at: Timestamp) -> RefreshRow {
        RefreshRow {
            hash: self.hash,
            grant,
            client_id: self.client.id,
            issued_at: self.now,
            expires_at: absolute_expires_at.min(self.now + self.idle),
            absolute_expires_at,
            dpop_jkt: self.bound_to.as_ref().and_then(Holder::jkt).map(str::to_owned),
            x5t_s256: self.bound_to.as_ref().and_then(Holder::x5t_s256).map(str::to_owned),
        }
    }
}
