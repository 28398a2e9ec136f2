//! Devices that wait for their user's answer (RFC 8628): one answer, and one time that it is collected.

use super::{grants::grant_of, tokens::redeeming};
use crate::{
    engine::{ByEngine, values},
    entity::{columns, device_requests, select},
    error::StoreError,
    handles::{PoolReads, PoolTx},
    records::{DeviceRow, DeviceState, GrantWithUser, Hash, SLOWER_BY, SLOWEST, Spend},
    text::to_hash,
};
use sea_orm::FromQueryResult;
use std::sync::LazyLock;
use vestibule_domain::{GrantId, Timestamp};

const TABLE: &str = "device_requests";

/// Whether nobody has answered, and it is not too late at `$3`.
const WAITS: &str = "denied_at IS NULL AND grant_id IS NULL AND expires_at > $3";

impl device_requests::Model {
    fn into_row(self) -> Result<DeviceRow, StoreError> {
        let state = match (self.denied_at, self.grant_id.map(GrantId::from_uuid), self.spent_at) {
            (None, None, _) => DeviceState::Waiting,
            (Some(_), _, _) => DeviceState::Denied,
            (None, Some(grant), None) => DeviceState::Allowed(grant),
            (None, Some(grant), Some(_)) => DeviceState::Spent(grant),
        };
        Ok(DeviceRow {
            hash: to_hash(self.hash, TABLE, "hash")?,
            user_code: to_hash(self.user_code, TABLE, "user_code")?,
            client_id: self.client_id,
            request: self.request,
            dpop_jkt: self.dpop_jkt,
            x5t_s256: self.x5t_s256,
            interval: self.poll_interval,
            expires_at: Timestamp::from_seconds(self.expires_at),
            state,
        })
    }
}

impl PoolReads {
    /// A device by the code that it keeps, as long as its row is kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn device_request(&self, hash: &Hash) -> Result<Option<DeviceRow>, StoreError> {
        static SQL: LazyLock<String> =
            LazyLock::new(|| select::<device_requests::Entity>("pool_id = $1 AND hash = $2"));
        let values = values![self.pool.as_uuid(), hash.to_vec()];
        let row: Option<device_requests::Model> = self.exec.one(&SQL, values).await?;
        row.map(device_requests::Model::into_row).transpose()
    }

    /// A device that waits, by the code that it shows.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting_device(
        &self,
        user_code: &Hash,
        now: Timestamp,
    ) -> Result<Option<DeviceRow>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            select::<device_requests::Entity>(&format!("pool_id = $1 AND user_code = $2 AND {WAITS}"))
        });
        let values = values![self.pool.as_uuid(), user_code.to_vec(), now.as_seconds()];
        let row: Option<device_requests::Model> = self.exec.one(&SQL, values).await?;
        row.map(device_requests::Model::into_row).transpose()
    }
}

impl PoolTx {
    /// Stores the request of a device that waits; `false` when another one shows the same code.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert_device_request(&self, row: &DeviceRow) -> Result<bool, StoreError> {
        let sql = "INSERT INTO device_requests \
                   (pool_id, hash, user_code, client_id, request, dpop_jkt, poll_interval, expires_at, x5t_s256) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
        let values = values![
            self.pool.as_uuid(),
            row.hash.to_vec(),
            row.user_code.to_vec(),
            row.client_id.clone(),
            row.request.clone(),
            row.dpop_jkt.clone(),
            row.interval,
            row.expires_at.as_seconds(),
            row.x5t_s256.clone()
        ];
        self.exec.hit(sql, values).await
    }

    /// Has a device that waits wait longer between two questions; `false` when nobody waits, or as long as can be.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn slow_device_down(&self, hash: &Hash, now: Timestamp) -> Result<bool, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            format!(
                "UPDATE device_requests SET poll_interval = poll_interval + {SLOWER_BY} \
                 WHERE pool_id = $1 AND hash = $2 AND {WAITS} AND poll_interval < {SLOWEST}"
            )
        });
        self.exec.hit(&SQL, values![self.pool.as_uuid(), hash.to_vec(), now.as_seconds()]).await
    }

    /// The user of a device agrees, to this grant; `false` when nobody waits any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn allow_device(
        &self,
        hash: &Hash,
        grant: GrantId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            format!("UPDATE device_requests SET grant_id = $4 WHERE pool_id = $1 AND hash = $2 AND {WAITS}")
        });
        let values = values![self.pool.as_uuid(), hash.to_vec(), now.as_seconds(), grant.as_uuid()];
        self.exec.hit(&SQL, values).await
    }

    /// The user of a device says no; `false` when nobody waits any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn deny_device(&self, hash: &Hash, now: Timestamp) -> Result<bool, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            format!("UPDATE device_requests SET denied_at = $3 WHERE pool_id = $1 AND hash = $2 AND {WAITS}")
        });
        self.exec.hit(&SQL, values![self.pool.as_uuid(), hash.to_vec(), now.as_seconds()]).await
    }

    /// Spends the answer that a device was given (RFC 8628 §3.5), and reads its living grant in the same trip. Whether it is the
    /// right application with the right key is for the caller to judge.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn redeem_device(
        &self,
        hash: &Hash,
        now: Timestamp,
    ) -> Result<Spend<(DeviceRow, Option<GrantWithUser>)>, StoreError> {
        static SQL: LazyLock<ByEngine> = LazyLock::new(|| {
            let of_row = columns::<device_requests::Entity>("t.", "t_");
            redeeming(TABLE, &of_row, "denied_at IS NULL AND grant_id IS NOT NULL AND expires_at > $3")
        });
        let values = values![self.pool.as_uuid(), hash.to_vec(), now.as_seconds()];
        if let Some(won) = self.exec.row(self.exec.pick(&SQL), values).await? {
            let row = device_requests::Model::from_query_result(&won, "t_")?.into_row()?;
            return Ok(Spend::Won((row, grant_of(&won)?)));
        }
        let seen = self.device_request(hash).await?;
        let spent = seen.filter(|row| matches!(row.state, DeviceState::Spent(_)));
        Ok(spent.map_or(Spend::Unknown, |row| Spend::Replayed((row, None))))
    }
}
