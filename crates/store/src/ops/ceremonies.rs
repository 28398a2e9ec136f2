//! Challenges that wait for their answer, once.

use crate::{
    engine::{sql::Change, values},
    entity::{ceremonies, returning, select, spent_challenges},
    error::StoreError,
    handles::{PoolReads, PoolTx},
    records::{CeremonyKey, CeremonyRow, Hash},
    text::to_hash,
};
use std::sync::LazyLock;
use vestibule_domain::{CeremonyId, FactorKind, Timestamp, UserId};

impl ceremonies::Model {
    pub(super) fn into_row(self) -> Result<CeremonyRow, StoreError> {
        Ok(CeremonyRow {
            id: CeremonyId::from_uuid(self.id),
            user: UserId::from_uuid(self.user_id),
            kind: FactorKind::from_text(self.kind),
            purpose: self.purpose,
            bound_to: to_hash(self.bound_to, "ceremonies", "bound_to")?,
            state: self.state,
            expires_at: Timestamp::from_seconds(self.expires_at),
        })
    }
}

impl PoolReads {
    /// The challenge that waits for its answer in a flow or a session. Looking does not take it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ceremony(
        &self,
        bound_to: &Hash,
        purpose: &str,
        now: Timestamp,
    ) -> Result<Option<CeremonyRow>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            select::<ceremonies::Entity>(
                "pool_id = $1 AND bound_to = $2 AND purpose = $3 AND expires_at > $4 ORDER BY id DESC LIMIT 1",
            )
        });
        let values = values![self.pool.as_uuid(), bound_to.to_vec(), purpose, now.as_seconds()];
        let row: Option<ceremonies::Model> = self.exec.one(&SQL, values).await?;
        row.map(ceremonies::Model::into_row).transpose()
    }
}

impl PoolReads {
    /// Whether a challenge, or something else that counts once, was spent, as far as it is remembered.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_spent(&self, hash: &Hash) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM spent_challenges WHERE pool_id = $1 AND hash = $2";
        Ok(self.exec.row(sql, values![self.pool.as_uuid(), hash.to_vec()]).await?.is_some())
    }
}

impl PoolTx {
    /// Drops the challenges that wait in a flow or a session, so that another one can take their place.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_ceremonies(&self, bound_to: &Hash, purpose: &str) -> Result<u64, StoreError> {
        let sql = "DELETE FROM ceremonies WHERE pool_id = $1 AND bound_to = $2 AND purpose = $3";
        self.exec.run(sql, values![self.pool.as_uuid(), bound_to.to_vec(), purpose]).await
    }

    /// Drops the challenges of a user for one purpose, whatever they wait in, except for one flow or session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_ceremonies_of(
        &self,
        user: UserId,
        purpose: &str,
        except: Option<&Hash>,
    ) -> Result<u64, StoreError> {
        // Nothing has the digest of zeros, so it excepts none.
        let except = except.map_or_else(|| vec![0; 32], |hash| hash.to_vec());
        let sql = "DELETE FROM ceremonies \
                   WHERE pool_id = $1 AND user_id = $2 AND purpose = $3 AND bound_to <> $4";
        self.exec.run(sql, values![self.pool.as_uuid(), user.as_uuid(), purpose, except]).await
    }

    /// Stores a challenge.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the identifier exists.
    pub async fn insert_ceremony(&self, row: &CeremonyRow) -> Result<(), StoreError> {
        let row = ceremonies::Model {
            pool_id: self.pool.as_uuid(),
            id: row.id.as_uuid(),
            user_id: row.user.as_uuid(),
            kind: row.kind.as_str().to_owned(),
            purpose: row.purpose.clone(),
            bound_to: row.bound_to.to_vec(),
            state: row.state.clone(),
            expires_at: row.expires_at.as_seconds(),
        };
        self.exec.defer(Change::insert::<ceremonies::Entity>(row)).await
    }

    /// Spends a challenge that was handed out under seal and not stored; `false` when it is spent already, which means
    /// replay. It is remembered until `expires_at`: from then on the caller refuses it for its age.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn spend_challenge(&self, hash: &Hash, expires_at: Timestamp) -> Result<bool, StoreError> {
        let row = spent_challenges::Model {
            pool_id: self.pool.as_uuid(),
            hash: hash.to_vec(),
            expires_at: expires_at.as_seconds(),
        };
        let added = Change::insert_if_absent::<spent_challenges::Entity>(row);
        self.exec.hit_change(added).await
    }

    /// Takes a challenge out, so that it can be answered once. One that belongs to anybody or anything else, or has
    /// expired, is not there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_ceremony(
        &self,
        key: &CeremonyKey<'_>,
        now: Timestamp,
    ) -> Result<Option<CeremonyRow>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            returning::<ceremonies::Entity>(
                "DELETE FROM ceremonies WHERE pool_id = $1 AND id = $2 AND user_id = $3 AND kind = $4 \
                 AND purpose = $5 AND bound_to = $6 AND expires_at > $7",
            )
        });
        let values = values![
            self.pool.as_uuid(),
            key.id.as_uuid(),
            key.user.as_uuid(),
            key.kind.as_str(),
            key.purpose,
            key.bound_to.to_vec(),
            now.as_seconds()
        ];
        let row: Option<ceremonies::Model> = self.exec.one(&SQL, values).await?;
        row.map(ceremonies::Model::into_row).transpose()
    }
}
