//! What a user, an application or a pool has, and the end of it: sessions, factors, and the thing itself.

use crate::{
    admin::{Admin, AdminError, actor::is_admin},
    base::{
        audit::AuditAction,
        notice::{Letter, Notice},
        outbox::Notices,
        session_end::{SessionEnd, end_sessions},
    },
    policy::lockout::{Admins, OwnedFactors, PoolState, UserChange},
};
use serde::Serialize;
use serde_json::json;
use vestibule_domain::{Credential, CredentialId, FactorKind, Pool, Session, SessionId, Timestamp, User};
use vestibule_store::{PlatformTx, PoolTotals, PoolTx};

/// A user, and what goes when the user is deleted.
#[derive(Clone)]
pub struct UserHoldings {
    /// The user.
    pub user: User,
    /// Living sessions.
    pub sessions: Vec<Session>,
    /// Second factors; recovery codes are among them, one by one.
    pub factors: Vec<Credential>,
    /// Ids of the applications that the user gave something to.
    pub applications: Vec<String>,
}

/// What goes when an application is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ClientHoldings {
    /// Users who agreed to what it asks for.
    pub consents: u64,
    /// Grants under which it has tokens.
    pub grants: u64,
}

/// Which of a user's factors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhichFactor {
    /// The one with this identifier.
    One(CredentialId),
    /// All of a kind.
    Kind(FactorKind),
}

impl WhichFactor {
    /// Reads an identifier, or the name of a kind.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Kind(FactorKind::from_text(text)), Self::One)
    }

    fn fits(&self, credential: &Credential) -> bool {
        match self {
            Self::One(id) => credential.id == *id,
            Self::Kind(kind) => credential.kind == *kind,
        }
    }
}

impl Admin<'_> {
    /// A user of a pool, by user name, address or identifier.
    ///
    /// # Errors
    /// [`AdminError::NoSuchUser`], [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn user_named(&self, pool: &str, user: &str) -> Result<User, AdminError> {
        Ok(self.account(pool, user).await?.1)
    }

    /// What a user has.
    ///
    /// # Errors
    /// [`AdminError::NoSuchUser`], [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn holdings_of_user(&self, pool: &str, user: &str) -> Result<UserHoldings, AdminError> {
        let (pool, user) = self.account(pool, user).await?;
        let (store, now) = (self.app.store().pool(pool.id), self.app.now());
        let mut sessions = store.sessions_of(user.id).await?;
        sessions.retain(|session| session.is_open(now));
        let consents = store.consents_of(user.id).await?;
        Ok(UserHoldings {
            sessions,
            factors: store.credentials(user.id).await?,
            applications: consents.into_iter().map(|consent| consent.client_id).collect(),
            user,
        })
    }

    /// Ends the sessions of a user with their tokens: one of them, or all. Says how many ended.
    ///
    /// # Errors
    /// [`AdminError::NoSuchSession`], [`AdminError::NoSuchUser`], [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn end_sessions_of_user(
        &self,
        pool: &str,
        user: &str,
        only: Option<SessionId>,
    ) -> Result<u64, AdminError> {
        let (pool, user) = self.account(pool, user).await?;
        let now = self.app.now();
        let (action, why) = match only {
            Some(id) => (AuditAction::SessionRevoked, SessionEnd::RevokedByUser(id)),
            None => (AuditAction::SessionsRevoked, SessionEnd::ByAdministrator),
        };
        let mut row = self.audit(now, action, Some(user.id), json!({}));
        if only.is_some() {
            row.session = only;
        }
        let job = move |tx: PoolTx| async move {
            let ended = end_sessions(&tx, user.id, why, now).await?;
            if only.is_none() || ended > 0 {
                tx.insert_audit(&row).await?;
            }
            Ok(ended)
        };
        let ended = self.change(pool.id, job).await?;
        match only {
            Some(id) if ended == 0 => Err(AdminError::NoSuchSession(id)),
            _ => Ok(ended),
        }
    }

    /// Takes one factor of a user away, or all of a kind: the user is told by mail, and every session ends. Says how many
    /// credentials went.
    ///
    /// # Errors
    /// [`AdminError::NoSuchFactor`], [`AdminError::Strands`], [`AdminError::NoSuchUser`], [`AdminError::NoSuchPool`] or
    /// [`AdminError::Failure`].
    pub async fn remove_factor_of_user(
        &self,
        pool: &str,
        user: &str,
        which: &WhichFactor,
    ) -> Result<u64, AdminError> {
        let (pool, user) = self.account(pool, user).await?;
        let (store, now) = (self.app.store().pool(pool.id), self.app.now());
        let (means, clients) = (OwnedFactors::of(&store, user.id).await?, store.clients().await?);
        let (gone, left): (Vec<Credential>, Vec<Credential>) =
            means.own.iter().cloned().partition(|credential| which.fits(credential));
        let Some(first) = gone.first() else {
            return Err(AdminError::NoSuchFactor { user: user.username });
        };
        let scene = PoolState { pool: &pool, clients: &clients };
        let usable = self.app.policies().usable(&pool, &user, now);
        let change = UserChange { before: &means.line(&user), after: &means.line_with(&user, &left) };
        if self.app.policies().would_strand(scene, change, &usable, now) {
            return Err(AdminError::Strands(user.username));
        }
        let notice = Notice::FactorRemoved { kind: first.kind.clone(), label: first.label.clone() };
        let detail = json!({ "kind": first.kind.as_str(), "count": gone.len() });
        let audit = self.audit(now, AuditAction::FactorRemoved, Some(user.id), detail);
        let mails = self.app.letters(&pool, now, Letter::to_user(&user, now, notice))?;
        let told = Notices { mails, audit };
        let ids: Vec<CredentialId> = gone.iter().map(|credential| credential.id).collect();
        let job = move |tx: PoolTx| async move {
            tx.lock_user(user.id).await?;
            let mut removed = 0;
            for id in &ids {
                removed += u64::from(tx.delete_credential(*id, user.id).await?);
            }
            end_sessions(&tx, user.id, SessionEnd::ByAdministrator, now).await?;
            told.store(&tx).await?;
            Ok(removed)
        };
        self.change(pool.id, job).await
    }

    /// Deletes a user with everything that is theirs. The audit trail keeps its rows.
    ///
    /// # Errors
    /// [`AdminError::LastAdmin`], [`AdminError::NoSuchUser`], [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn delete_user(&self, pool: &str, user: &str) -> Result<(), AdminError> {
        let (pool, user) = self.account(pool, user).await?;
        let now = self.app.now();
        let admins = self.admins_without(&pool, &user, now).await?;
        let detail = json!({ "username": user.username });
        let row = self.audit(now, AuditAction::UserDeleted, Some(user.id), detail);
        let job = move |tx: PoolTx| async move {
            if let Some(admins) = &admins {
                admins.hold(&tx).await?;
            }
            end_sessions(&tx, user.id, SessionEnd::AccountDeleted, now).await?;
            let deleted = tx.delete_user(user.id).await?;
            if deleted {
                tx.insert_audit(&row).await?;
            }
            Ok(deleted)
        };
        self.change(pool.id, job).await?;
        Ok(())
    }

    /// The administrators of the pool, to be held to while this user stops being one; `None` when the user is none.
    ///
    /// # Errors
    /// [`AdminError::LastAdmin`] when there would be no other.
    pub(super) async fn admins_without(
        &self,
        pool: &Pool,
        user: &User,
        now: Timestamp,
    ) -> Result<Option<Admins>, AdminError> {
        if !is_admin(pool, user) {
            return Ok(None);
        }
        let census = self.app.store().pool(pool.id).census().await?;
        let admins = self.app.policies().admins(pool, &census, now);
        if admins.are_only(user) {
            return Err(AdminError::LastAdmin(user.username.clone()));
        }
        Ok(Some(admins))
    }

    /// What an application has been given.
    ///
    /// # Errors
    /// [`AdminError::NoSuchClient`], [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn holdings_of_client(&self, pool: &str, id: &str) -> Result<ClientHoldings, AdminError> {
        let client = self.client_named(pool, id).await?;
        let pool = self.pool_named(pool).await?;
        let (consents, grants) = self.app.store().pool(pool.id).given_to(&client.id).await?;
        Ok(ClientHoldings { consents, grants })
    }

    /// What a pool has.
    ///
    /// # Errors
    /// [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn holdings_of_pool(&self, pool: &str) -> Result<PoolTotals, AdminError> {
        let pool = self.pool_named(pool).await?;
        Ok(self.app.store().pool(pool.id).totals().await?)
    }

    /// Deletes a pool with everything in it, its audit trail included.
    ///
    /// # Errors
    /// [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn delete_pool(&self, pool: &str) -> Result<(), AdminError> {
        let pool = self.pool_named(pool).await?;
        let id = pool.id;
        let job = move |tx: PlatformTx| async move { tx.delete_pool(id).await };
        self.change_pools(vec![id], job).await?;
        // Its audit trail is gone with it, so the log is the only place that can tell.
        tracing::warn!(pool.id = %id, pool.slug = %pool.slug, "a pool was deleted");
        Ok(())
    }
}
