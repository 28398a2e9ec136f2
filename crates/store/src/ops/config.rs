//! What changes rarely and is read from a snapshot: applications and signing keys. Every change raises the version of
//! the configuration in the same transaction, which is how nodes learn that their snapshot is old.

use crate::{
    engine::{Executor, sql::Change, values},
    entity::{clients, select, signing_keys},
    error::StoreError,
    handles::{PoolReads, PoolTx},
    records::{KeyStatus, SigningKeyRow},
    text::{from_json, to_json},
};
use std::sync::LazyLock;
use vestibule_domain::{Client, Timestamp, TokenAlg};
use vestibule_seal::Sealed;

const KEYS: &str = "signing_keys";

/// Raises the version of the configuration. The row is locked from here to the end of the transaction, so changes of
/// the configuration follow one another.
pub(crate) async fn bump(exec: &Executor) -> Result<(), StoreError> {
    exec.run("UPDATE platform_state SET config_version = config_version + 1 WHERE id = 1", vec![]).await?;
    Ok(())
}

impl signing_keys::Model {
    fn into_row(self) -> Result<SigningKeyRow, StoreError> {
        let alg = TokenAlg::ALL.into_iter().find(|alg| alg.as_str() == self.alg);
        let status = KeyStatus::ALL.into_iter().find(|status| status.as_str() == self.status);
        Ok(SigningKeyRow {
            kid: self.kid,
            alg: alg.ok_or_else(|| StoreError::corrupt(KEYS, "column alg has an unknown value"))?,
            status: status.ok_or_else(|| StoreError::corrupt(KEYS, "column status has an unknown value"))?,
            private: Sealed::from_bytes(self.private_key),
            public_jwk: self.public_jwk,
            created_at: Timestamp::from_seconds(self.created_at),
        })
    }
}

impl PoolReads {
    /// The applications, by identifier.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clients(&self) -> Result<Vec<Client>, StoreError> {
        static SQL: LazyLock<String> =
            LazyLock::new(|| select::<clients::Entity>("pool_id = $1 ORDER BY id"));
        let rows: Vec<clients::Model> = self.exec.all(&SQL, values![self.pool.as_uuid()]).await?;
        rows.iter().map(|row| from_json(&row.document, "clients", "document")).collect()
    }

    /// The signing keys, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKeyRow>, StoreError> {
        static SQL: LazyLock<String> =
            LazyLock::new(|| select::<signing_keys::Entity>("pool_id = $1 ORDER BY created_at, kid"));
        let rows: Vec<signing_keys::Model> = self.exec.all(&SQL, values![self.pool.as_uuid()]).await?;
        rows.into_iter().map(signing_keys::Model::into_row).collect()
    }
}

impl PoolTx {
    /// Adds an application or replaces the one with its identifier.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the pool does not exist.
    pub async fn upsert_client(&self, client: &Client) -> Result<(), StoreError> {
        bump(&self.exec).await?;
        let row = clients::Model {
            pool_id: self.pool.as_uuid(),
            id: client.id.clone(),
            document: to_json(client, "clients")?,
        };
        let tail = " ON CONFLICT (pool_id, id) DO UPDATE SET document = excluded.document";
        self.exec.apply(Change::upsert::<clients::Entity>(row, tail)).await?;
        Ok(())
    }

    /// Removes an application, ends its grants and forgets what users agreed to.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_client(&self, client_id: &str) -> Result<bool, StoreError> {
        bump(&self.exec).await?;
        for table in ["consents", "codes", "refresh_tokens", "grants"] {
            let sql = format!("DELETE FROM {table} WHERE pool_id = $1 AND client_id = $2");
            self.exec.run(&sql, values![self.pool.as_uuid(), client_id]).await?;
        }
        let sql = "DELETE FROM clients WHERE pool_id = $1 AND id = $2";
        self.exec.hit(sql, values![self.pool.as_uuid(), client_id]).await
    }

    /// Adds a signing key.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the pool does not exist, or the key ID does.
    pub async fn insert_signing_key(&self, row: &SigningKeyRow) -> Result<(), StoreError> {
        bump(&self.exec).await?;
        let row = signing_keys::Model {
            pool_id: self.pool.as_uuid(),
            kid: row.kid.clone(),
            alg: row.alg.as_str().to_owned(),
            status: row.status.as_str().to_owned(),
            private_key: row.private.as_bytes().to_vec(),
            public_jwk: row.public_jwk.clone(),
            created_at: row.created_at.as_seconds(),
        };
        self.exec.apply(Change::insert::<signing_keys::Entity>(row)).await?;
        Ok(())
    }

    /// Moves a signing key on in its life.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_key_status(&self, kid: &str, status: KeyStatus) -> Result<bool, StoreError> {
        bump(&self.exec).await?;
        let sql = "UPDATE signing_keys SET status = $3 WHERE pool_id = $1 AND kid = $2";
        self.exec.hit(sql, values![self.pool.as_uuid(), kid, status.as_str()]).await
    }

    /// Removes a signing key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_signing_key(&self, kid: &str) -> Result<bool, StoreError> {
        bump(&self.exec).await?;
        let sql = "DELETE FROM signing_keys WHERE pool_id = $1 AND kid = $2";
        self.exec.hit(sql, values![self.pool.as_uuid(), kid]).await
    }

    /// Stores the same private key sealed anew.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reseal_signing_key(&self, kid: &str, private: &Sealed) -> Result<bool, StoreError> {
        bump(&self.exec).await?;
        let sql = "UPDATE signing_keys SET private_key = $3 WHERE pool_id = $1 AND kid = $2";
        self.exec.hit(sql, values![self.pool.as_uuid(), kid, private.as_bytes().to_vec()]).await
    }
}
