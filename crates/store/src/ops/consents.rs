//! What users agreed to.

use crate::{
    engine::{sql::Change, values},
    entity::{consents, select},
    error::StoreError,
    handles::{PoolReads, PoolTx},
    records::ConsentRow,
    text::{from_json, to_json},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use std::{collections::BTreeSet, sync::LazyLock};
use vestibule_domain::{Timestamp, UserId};

const TABLE: &str = "consents";

impl consents::Model {
    pub(super) fn into_row(self) -> Result<ConsentRow, StoreError> {
        Ok(ConsentRow {
            client_id: self.client_id,
            scopes: from_json(&self.scopes, TABLE, "scopes")?,
            granted_at: Timestamp::from_seconds(self.granted_at),
            last_used_at: Timestamp::from_seconds(self.last_used_at),
        })
    }
}

impl PoolReads {
    /// What the user agreed that one application may have.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn consent(&self, user: UserId, client_id: &str) -> Result<Option<ConsentRow>, StoreError> {
        static SQL: LazyLock<String> =
            LazyLock::new(|| select::<consents::Entity>("pool_id = $1 AND user_id = $2 AND client_id = $3"));
        let values = values![self.pool.as_uuid(), user.as_uuid(), client_id];
        let row: Option<consents::Model> = self.exec.one(&SQL, values).await?;
        row.map(consents::Model::into_row).transpose()
    }

    /// Which of these applications any user has agreed to.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn agreed_to(&self, client_ids: &[&str]) -> Result<BTreeSet<String>, StoreError> {
        if client_ids.is_empty() {
            return Ok(BTreeSet::new());
        }
        let ids: Vec<String> = consents::Entity::find()
            .select_only()
            .column(consents::Column::ClientId)
            .distinct()
            .filter(consents::Column::PoolId.eq(self.pool.as_uuid()))
            .filter(consents::Column::ClientId.is_in(client_ids.iter().copied()))
            .into_tuple()
            .all(&self.exec)
            .await?;
        Ok(ids.into_iter().collect())
    }

    /// What the user agreed to, the application used last first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn consents_of(&self, user: UserId) -> Result<Vec<ConsentRow>, StoreError> {
        let rows = consents::Entity::find()
            .filter(consents::Column::PoolId.eq(self.pool.as_uuid()))
            .filter(consents::Column::UserId.eq(user.as_uuid()))
            .order_by_desc(consents::Column::LastUsedAt)
            .order_by_asc(consents::Column::ClientId)
            .all(&self.exec)
            .await?;
        rows.into_iter().map(consents::Model::into_row).collect()
    }
}

impl PoolTx {
    /// Notes what the user agrees to. The scopes replace those of before; when it was first is kept.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the user does not exist.
    pub async fn upsert_consent(
        &self,
        user: UserId,
        client_id: &str,
        scopes: &[String],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let row = consents::Model {
            pool_id: self.pool.as_uuid(),
            user_id: user.as_uuid(),
            client_id: client_id.to_owned(),
            scopes: to_json(&scopes, TABLE)?,
            granted_at: now.as_seconds(),
            last_used_at: now.as_seconds(),
        };
        let tail = " ON CONFLICT (pool_id, user_id, client_id) \
                    DO UPDATE SET scopes = excluded.scopes, last_used_at = excluded.last_used_at";
        self.exec.defer(Change::upsert::<consents::Entity>(row, tail)).await
    }

    /// Takes back what the user agreed to. The grants are another matter: see [`PoolTx::revoke_grants`].
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_consent(&self, user: UserId, client_id: &str) -> Result<bool, StoreError> {
        let key = (self.pool.as_uuid(), user.as_uuid(), client_id.to_owned());
        Ok(consents::Entity::delete_by_id(key).exec(&self.exec).await?.rows_affected == 1)
    }

    /// Forgets what anybody agreed to for an application that is another one from now on. Returns how many had.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_consents_to(&self, client_id: &str) -> Result<u64, StoreError> {
        let all = consents::Entity::delete_many()
            .filter(consents::Column::PoolId.eq(self.pool.as_uuid()))
            .filter(consents::Column::ClientId.eq(client_id));
        Ok(all.exec(&self.exec).await?.rows_affected)
    }

    /// Notes that the application made use of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn touch_consent(
        &self,
        user: UserId,
        client_id: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql =
            "UPDATE consents SET last_used_at = $4 WHERE pool_id = $1 AND user_id = $2 AND client_id = $3";
        self.exec.hit(sql, values![self.pool.as_uuid(), user.as_uuid(), client_id, now.as_seconds()]).await
    }
}
