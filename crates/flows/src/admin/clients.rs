//! Applications of a pool.

use crate::{
    admin::{
        Admin, AdminError,
        apply::{Applied, ClientSecret},
        spec::{ClientSpec, PoolSpec},
    },
    base::audit::AuditAction,
    oidc::registration::InitialToken,
};
use serde_json::json;
use vestibule_domain::{Client, ClientKind};
use vestibule_seal::sha256;
use vestibule_store::LogoutNotice;
use zeroize::Zeroizing;

impl Admin<'_> {
    /// The applications of a pool.
    ///
    /// # Errors
    /// [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn clients_of(&self, pool: &str) -> Result<Vec<Client>, AdminError> {
        let pool = self.pool_named(pool).await?;
        Ok(self.app.store().pool(pool.id).clients().await?)
    }

    /// An application of a pool.
    ///
    /// # Errors
    /// [`AdminError::NoSuchClient`], [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn client_named(&self, pool: &str, id: &str) -> Result<Client, AdminError> {
        let found = self.clients_of(pool).await?.into_iter().find(|client| client.id == id);
        found.ok_or_else(|| AdminError::NoSuchClient { pool: pool.to_owned(), client: id.to_owned() })
    }

    /// What an application was told, or is to be told, about sessions that ended: newest first, at most so many.
    ///
    /// # Errors
    /// [`AdminError::NoSuchClient`], [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn logouts_of(&self, pool: &str, id: &str, most: u64) -> Result<Vec<LogoutNotice>, AdminError> {
        self.client_named(pool, id).await?;
        let pool = self.pool_named(pool).await?;
        Ok(self.app.store().pool(pool.id).logout_notices(id, most).await?)
    }

    /// Makes an application that is not there yet.
    ///
    /// # Errors
    /// [`AdminError::Exists`], and those of [`Admin::apply`].
    pub async fn create_client(&self, pool: &str, client: ClientSpec) -> Result<Applied, AdminError> {
        if self.clients_of(pool).await?.iter().any(|one| one.id == client.client.id) {
            return Err(AdminError::Exists { kind: "application", name: client.client.id });
        }
        self.put_client(pool, client).await
    }

    /// Makes an application, or makes an existing one as declared.
    ///
    /// # Errors
    /// [`AdminError`].
    pub async fn put_client(&self, pool: &str, client: ClientSpec) -> Result<Applied, AdminError> {
        let pool = self.pool_named(pool).await?;
        self.apply(&[PoolSpec { clients: vec![client], ..PoolSpec::of(&pool) }]).await
    }

    /// Removes an application, ends its grants and forgets what users agreed to.
    ///
    /// # Errors
    /// [`AdminError::NoSuchClient`], [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn remove_client(&self, pool: &str, id: &str) -> Result<(), AdminError> {
        let pool = self.pool_named(pool).await?;
        let mut row = self.audit(self.app.now(), AuditAction::ClientRemoved, None, json!({}));
        row.client_id = Some(id.to_owned());
        let client = id.to_owned();
        let job = move |tx: vestibule_store::PoolTx| async move {
            let removed = tx.delete_client(&client).await?;
            if removed {
                tx.insert_audit(&row).await?;
            }
            Ok(removed)
        };
        if self.change(pool.id, job).await? {
            return Ok(());
        }
        Err(AdminError::NoSuchClient { pool: pool.slug, client: id.to_owned() })
    }

    /// An initial access token: with it one application may be registered at the pool, for so many seconds. Nothing is stored.
    ///
    /// # Errors
    /// [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn registration_token(&self, pool: &str, life: u32) -> Result<InitialToken, AdminError> {
        let pool = self.pool_named(pool).await?;
        Ok(self.app.initial_token(pool.id, life.into())?)
    }

    /// Replaces the secret of an application by a fresh one; the old one stops working at once.
    ///
    /// # Errors
    /// [`AdminError::NoSecret`] for a public application, [`AdminError::NoSuchClient`],
    /// [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn rotate_client_secret(&self, pool: &str, id: &str) -> Result<ClientSecret, AdminError> {
        let pool = self.pool_named(pool).await?;
        let store = self.app.store().pool(pool.id);
        let found = store.clients().await?.into_iter().find(|client| client.id == id);
        let missing = || AdminError::NoSuchClient { pool: pool.slug.clone(), client: id.to_owned() };
        let mut client = found.ok_or_else(missing)?;
        if client.kind == ClientKind::Public {
            return Err(AdminError::NoSecret(client.id));
        }
        let secret = Zeroizing::new(self.app.secret());
        client.secret_sha256 = Some(sha256(secret.as_bytes()));
        if let Some(registered) = &mut client.registered {
            registered.taken_over = true;
        }
        let mut row = self.audit(self.app.now(), AuditAction::ClientSecretRotated, None, json!({}));
        row.client_id = Some(client.id.clone());
        let job = move |tx: vestibule_store::PoolTx| async move {
            tx.upsert_client(&client).await?;
            tx.insert_audit(&row).await
        };
        self.change(pool.id, job).await?;
        Ok(ClientSecret { pool: pool.slug, client: id.to_owned(), secret })
    }
}
