//! What an application does with its own registration (RFC 7592).

use super::{named_apart, told, too_many};
use crate::{
    base::{audit::AuditAction, budget::of_source, cx::Cx, failure::Failure},
    oidc::Oidc,
};
use serde_json::Value;
use vestibule_domain::{Budget, Client, Registered, RegisteredBy, Timestamp};
use vestibule_oidc::{
    ErrorCode, OAuthError,
    registration::{Asked, read},
};
use vestibule_seal::{ct_eq, sha256};
use vestibule_store::PoolTx;

/// What a change must not name (RFC 7592 §2.2).
const OURS: [&str; 4] = [
    "registration_access_token",
    "registration_client_uri",
    "client_secret_expires_at",
    "client_id_issued_at",
];

impl Oidc<'_> {
    /// `GET` of a registration (RFC 7592 §2.1), with its token.
    ///
    /// # Errors
    /// [`Failure`] when the database fails; the inner error is the protocol's.
    pub async fn registration(
        self,
        cx: &Cx,
        id: &str,
        token: &str,
    ) -> Result<Result<Value, OAuthError>, Failure> {
        if let Err(error) = known(cx, id, token) {
            return Ok(Err(error));
        }
        // As it says of itself: what the pool asks of all is not its own.
        let there = self.app.pool_store(cx).clients().await?;
        Ok(own(there, id, token).map(|client| told(cx, &client, token, None)))
    }

    /// `PUT` of a registration (RFC 7592 §2.2): what it says replaces what the application said before. What an
    /// administrator decided about it stays.
    ///
    /// # Errors
    /// [`Failure`] when the database fails; the inner error is the protocol's.
    pub async fn reregister(
        self,
        cx: &Cx,
        id: &str,
        token: &str,
        body: &str,
    ) -> Result<Result<Value, OAuthError>, Failure> {
        if let Err(error) = known(cx, id, token) {
            return Ok(Err(error));
        }
        let rules = &cx.pool.pool.settings.client_registration;
        let asked = match read(body, rules, &self.app.origins()).and_then(|asked| named_apart(cx, asked)) {
            Ok(asked) => asked,
            Err(error) => return Ok(Err(error.with_client(id))),
        };
        let fresh = self.app.secret();
        // Before the pool is held: what changes nothing, and who has changed too much, holds nobody up.
        let store = self.app.pool_store(cx);
        let judged = own(store.clients().await?, id, token).and_then(|there| {
            let client = replaced(there.clone(), asked.clone(), &fresh, cx.now)?;
            Ok((client != there).then_some(there.clone()).ok_or(there))
        });
        let before = match judged {
            Err(error) => return Ok(Err(error.with_client(id))),
            Ok(Err(same)) => return Ok(Ok(told(cx, &same, token, None))),
            Ok(Ok(before)) => before,
        };
        let budgets = of_source(cx, Budget::ApplicationChangeFromSource);
        if store.used_up(&budgets, cx.now).await?.is_some() {
            return Ok(Err(too_many()));
        }
        if asked.client.has_new_sector(Some(&before)).is_some() && !self.may_ask(cx).await? {
            return Ok(Err(too_many()));
        }
        if let Err(error) = self.of_sector(cx, &asked, Some(&before)).await {
            return Ok(Err(error.with_client(id)));
        }
        let row = self.registration_row(cx, AuditAction::ClientUpdated, id);
        let (named, presented, drawn) = (id.to_owned(), token.to_owned(), fresh.clone());
        let now = cx.now;
        let job = move |tx: PoolTx| async move {
            tx.lock_pool().await?;
            // Once more, of now: it may have been deleted meanwhile.
            let there = match own(tx.clients().await?, &named, &presented) {
                Ok(there) => there,
                Err(error) => return Ok(Err(error)),
            };
            let client = match replaced(there.clone(), asked, &drawn, now) {
                Ok(client) => client,
                Err(error) => return Ok(Err(error)),
            };
            if client == there {
                return Ok(Ok(client));
            }
            if tx.spend_budgets(&budgets, now).await?.is_some() {
                return Ok(Err(too_many()));
            }
            // Users agreed to that name and those addresses, and to no others.
            if !client.looks_like(&there) {
                tx.forget_consents_to(&named).await?;
            }
            // It would learn what the users it knows are called in the other sector (OIDC Core §12.2).
            if client.sector() != there.sector() {
                tx.end_grants_of(&named).await?;
            }
            tx.upsert_client(&client).await?;
            tx.insert_audit(&row).await?;
            Ok(Ok(client))
        };
        let client = match self.app.pool_store(cx).write_or_undo(job).await? {
            Ok(client) => client,
            Err(error) => return Ok(Err(error.with_client(id))),
        };
        self.app.refresh_configuration().await?;
        let drawn = client.secret_sha256 == Some(sha256(fresh.as_bytes()));
        Ok(Ok(told(cx, &client, token, drawn.then_some(fresh.as_str()))))
    }

    /// `DELETE` of a registration (RFC 7592 §2.3): the application goes, with its grants and what users agreed to.
    ///
    /// # Errors
    /// [`Failure`] when the database fails; the inner error is the protocol's.
    pub async fn unregister(self, cx: &Cx, id: &str, token: &str) -> Result<Result<(), OAuthError>, Failure> {
        if let Err(error) = known(cx, id, token) {
            return Ok(Err(error));
        }
        let row = self.registration_row(cx, AuditAction::ClientRemoved, id);
        let (named, presented) = (id.to_owned(), token.to_owned());
        let job = move |tx: PoolTx| async move {
            tx.lock_pool().await?;
            if let Err(error) = own(tx.clients().await?, &named, &presented) {
                return Ok(Err(error));
            }
            tx.delete_client(&named).await?;
            tx.insert_audit(&row).await?;
            Ok(Ok(()))
        };
        let gone = self.app.pool_store(cx).write(job).await?;
        self.app.refresh_configuration().await?;
        Ok(gone)
    }
}

/// As [`own`], by what this node knows: strangers, who have no token, cost no statement.
fn known(cx: &Cx, id: &str, token: &str) -> Result<(), OAuthError> {
    own(cx.pool.client(id).cloned(), id, token).map(drop)
}

/// The application whose registration this is the token of. Whoever has another one, or names nobody, hears the same (RFC 7592
/// §2.1). One that an administrator disabled changes nothing.
fn own(there: impl IntoIterator<Item = Client>, id: &str, token: &str) -> Result<Client, OAuthError> {
    let digest = sha256(token.as_bytes());
    let is = |client: &Client| {
        let by = client.registered.as_ref().map(|registered| &registered.by);
        let known =
            matches!(by, Some(RegisteredBy::Request { token_sha256 }) if ct_eq(token_sha256, &digest));
        known && client.enabled && client.id == id
    };
    there.into_iter().find(is).ok_or_else(OAuthError::invalid_token)
}

/// The application as it is after a change.
fn replaced(there: Client, asked: Asked, fresh: &str, now: Timestamp) -> Result<Client, OAuthError> {
    let bad = |hint: &str| OAuthError::new(ErrorCode::InvalidClientMetadata, hint);
    if asked.text("client_id")? != Some(there.id.as_str()) {
        return Err(bad("client_id is not that of this registration"));
    }
    if OURS.iter().any(|name| asked.has(name)) {
        return Err(bad("the request names what the server alone decides (RFC 7592 2.2)"));
    }
    if let Some(secret) = asked.text("client_secret")?
        && !there.secret_sha256.is_some_and(|digest| ct_eq(&digest, &sha256(secret.as_bytes())))
    {
        return Err(bad("client_secret is not the one of this application"));
    }
    if there.registered.as_ref().is_some_and(|registered| registered.taken_over) {
        return Err(bad("an administrator has changed this application; it does not change itself any more"));
    }
    let mut client = renewed(there, asked, now);
    if !client.needs_secret() {
        client.secret_sha256 = None;
    } else if client.secret_sha256.is_none() {
        client.secret_sha256 = Some(sha256(fresh.as_bytes()));
    }
    Ok(client)
}

/// The application as it describes itself from `now` on. What an administrator decided about it stays, and its secret.
pub(super) fn renewed(there: Client, asked: Asked, now: Timestamp) -> Client {
    let same = asked.client.looks_like(&there);
    let registered = there.registered.map(|before| Registered {
        since: if same { before.since } else { now },
        metadata: asked.metadata,
        ..before
    });
    Client {
        id: there.id,
        secret_sha256: there.secret_sha256,
        registered,
        first_party: there.first_party,
        min_acr: there.min_acr,
        acr_aliases: there.acr_aliases,
        profile: there.profile,
        omit_iss: there.omit_iss,
        introspects: there.introspects,
        default_api: there.default_api,
        enabled: there.enabled,
        ..asked.client
    }
}
