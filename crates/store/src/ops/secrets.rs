//! Secrets of a pool that last as long as it does.

use crate::{
    engine::values,
    entity::{pool_secrets, select},
    error::StoreError,
    handles::{PoolReads, PoolTx},
};
use std::sync::LazyLock;
use vestibule_domain::Timestamp;
use vestibule_seal::Sealed;

impl PoolReads {
    /// The secret of the pool for a purpose, if it was drawn.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pool_secret(&self, purpose: &str) -> Result<Option<Sealed>, StoreError> {
        static SQL: LazyLock<String> =
            LazyLock::new(|| select::<pool_secrets::Entity>("pool_id = $1 AND purpose = $2"));
        let rows: Vec<pool_secrets::Model> =
            self.exec.all(&SQL, values![self.pool.as_uuid(), purpose]).await?;
        Ok(rows.into_iter().next().map(|row| Sealed::from_bytes(row.secret)))
    }
}

impl PoolTx {
    /// Stores the secret for a purpose, unless there is one: the first one counts for ever. Whether it was the first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert_pool_secret(
        &self,
        purpose: &str,
        secret: &Sealed,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT INTO pool_secrets (pool_id, purpose, secret, created_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT DO NOTHING";
        let values = values![self.pool.as_uuid(), purpose, secret.as_bytes().to_vec(), now.as_seconds()];
        self.exec.hit(sql, values).await
    }

    /// Stores the same secret, sealed again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reseal_pool_secret(
        &self,
        purpose: &str,
        old: &Sealed,
        new: &Sealed,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE pool_secrets SET secret = $4 WHERE pool_id = $1 AND purpose = $2 AND secret = $3";
        let (old, new) = (old.as_bytes().to_vec(), new.as_bytes().to_vec());
        self.exec.hit(sql, values![self.pool.as_uuid(), purpose, old, new]).await
    }
}
