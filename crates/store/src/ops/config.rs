//! What changes rarely and is read from a snapshot: applications and signing keys. Every change raises the version of
//! the configuration in the same transaction, which is how nodes learn that their snapshot is old.

use crate::{
    engine::Executor,
    entity::{
        clients, codes, consents, device_requests, grants, logout_notices, refresh_tokens, signing_keys,
    },
    error::StoreError,
    handles::{PoolReads, PoolTx},
    records::{KeyStatus, SigningKeyRow},
    text::{from_json, to_json},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    sea_query::OnConflict,
};
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
        let rows = clients::Entity::find()
            .filter(clients::Column::PoolId.eq(self.pool.as_uuid()))
            .order_by_asc(clients::Column::Id)
            .all(&self.exec)
            .await?;
        rows.iter().map(|row| from_json(&row.document, "clients", "document")).collect()
    }

    /// The signing keys, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn signing_keys(&self) -> Result<Vec<SigningKeyRow>, StoreError> {
        let rows = signing_keys::Entity::find()
            .filter(signing_keys::Column::PoolId.eq(self.pool.as_uuid()))
            .order_by_asc(signing_keys::Column::CreatedAt)
            .order_by_asc(signing_keys::Column::Kid)
            .all(&self.exec)
            .await?;
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
        let or_replace = OnConflict::columns([clients::Column::PoolId, clients::Column::Id])
            .update_column(clients::Column::Document)
            .to_owned();
        let insert = clients::Entity::insert(row.into_active_model()).on_conflict(or_replace);
        insert.exec_without_returning(&self.exec).await?;
        Ok(())
    }

    /// Removes an application, ends its grants and forgets what users agreed to.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_client(&self, client_id: &str) -> Result<bool, StoreError> {
        bump(&self.exec).await?;
        self.delete_of_client(consents::Column::PoolId, consents::Column::ClientId, client_id).await?;
        self.end_grants_of(client_id).await?;
        let key = (self.pool.as_uuid(), client_id.to_owned());
        Ok(clients::Entity::delete_by_id(key).exec(&self.exec).await?.rows_affected == 1)
    }

    /// Ends everything that was given to an application, and what is under way, notices of sign-outs included: it will know its
    /// users by other names, and is not told those of users it knew before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_grants_of(&self, client_id: &str) -> Result<(), StoreError> {
        self.delete_of_client(codes::Column::PoolId, codes::Column::ClientId, client_id).await?;
        let (pool, client) = (device_requests::Column::PoolId, device_requests::Column::ClientId);
        self.delete_of_client(pool, client, client_id).await?;
        let (pool, client) = (refresh_tokens::Column::PoolId, refresh_tokens::Column::ClientId);
        self.delete_of_client(pool, client, client_id).await?;
        let (pool, client) = (logout_notices::Column::PoolId, logout_notices::Column::ClientId);
        self.delete_of_client(pool, client, client_id).await?;
        self.delete_of_client(grants::Column::PoolId, grants::Column::ClientId, client_id).await
    }

    /// Deletes the rows of the columns' table that are an application's.
    async fn delete_of_client<C>(&self, pool: C, client: C, client_id: &str) -> Result<(), StoreError>
    where
        C: ColumnTrait,
        <C as ColumnTrait>::EntityName: EntityTrait,
    {
        let rows = <C as ColumnTrait>::EntityName::delete_many();
        rows.filter(pool.eq(self.pool.as_uuid())).filter(client.eq(client_id)).exec(&self.exec).await?;
        Ok(())
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
        signing_keys::Entity::insert(row.into_active_model()).exec_without_returning(&self.exec).await?;
        Ok(())
    }

    /// Moves a signing key on in its life.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_key_status(&self, kid: &str, status: KeyStatus) -> Result<bool, StoreError> {
        let change =
            signing_keys::ActiveModel { status: Set(status.as_str().to_owned()), ..Default::default() };
        self.update_signing_key(kid, change).await
    }

    /// Removes a signing key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_signing_key(&self, kid: &str) -> Result<bool, StoreError> {
        bump(&self.exec).await?;
        let key = (self.pool.as_uuid(), kid.to_owned());
        Ok(signing_keys::Entity::delete_by_id(key).exec(&self.exec).await?.rows_affected == 1)
    }

    /// Stores the same private key, sealed again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reseal_signing_key(&self, kid: &str, private: &Sealed) -> Result<bool, StoreError> {
        let change =
            signing_keys::ActiveModel { private_key: Set(private.as_bytes().to_vec()), ..Default::default() };
        self.update_signing_key(kid, change).await
    }

    async fn update_signing_key(
        &self,
        kid: &str,
        change: signing_keys::ActiveModel,
    ) -> Result<bool, StoreError> {
        bump(&self.exec).await?;
        let update = signing_keys::Entity::update_many()
            .set(change)
            .filter(signing_keys::Column::PoolId.eq(self.pool.as_uuid()))
            .filter(signing_keys::Column::Kid.eq(kid));
        Ok(update.exec(&self.exec).await?.rows_affected == 1)
    }
}
