//! Deleting a user or a pool with everything that is theirs.

use crate::{
    engine::values,
    error::StoreError,
    handles::{PlatformTx, PoolReads, PoolTx},
    ops::config::bump,
    records::PoolTotals,
};
use vestibule_domain::{PoolId, UserId};

/// What a user has, in an order that leaves no row pointing at one that is gone. A test compares it with the schema.
const OF_USER: &[(&str, &str)] = &[
    ("device_requests", "grant_id IN (SELECT id FROM grants WHERE pool_id = $1 AND user_id = $2)"),
    ("codes", "grant_id IN (SELECT id FROM grants WHERE pool_id = $1 AND user_id = $2)"),
    ("refresh_tokens", "grant_id IN (SELECT id FROM grants WHERE pool_id = $1 AND user_id = $2)"),
    ("grants", "user_id = $2"),
    ("consents", "user_id = $2"),
    ("mail_tokens", "user_id = $2"),
    ("known_browsers", "user_id = $2"),
    ("remembered_devices", "user_id = $2"),
    ("ceremonies", "user_id = $2"),
    ("flows", "user_id = $2"),
    ("attempts", "subject = $2"),
    ("credentials", "user_id = $2"),
    ("sessions", "user_id = $2"),
    ("users", "id = $2"),
];

/// What a pool has, in such an order. The audit trail goes last: it may only go when its pool has gone.
const OF_POOL: &[&str] = &[
    "device_requests",
    "codes",
    "refresh_tokens",
    "grants",
    "consents",
    "mail_tokens",
    "known_browsers",
    "remembered_devices",
    "ceremonies",
    "spent_challenges",
    "flows",
    "attempts",
    "budgets",
    "credentials",
    "sessions",
    "users",
    "outbox",
    "logout_notices",
    "signing_keys",
    "pool_secrets",
    "clients",
];

impl PoolReads {
    /// How much the pool holds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn totals(&self) -> Result<PoolTotals, StoreError> {
        let count = async |table: &str, condition: &str| {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE pool_id = $1{condition}");
            let count = self.exec.number(&sql, values![self.pool.as_uuid()]).await?;
            Ok::<u64, StoreError>(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
        };
        Ok(PoolTotals {
            users: count("users", "").await?,
            clients: count("clients", "").await?,
            sessions: count("sessions", " AND revoked_at IS NULL AND ended_at IS NULL").await?,
            credentials: count("credentials", "").await?,
            audit: count("audit", "").await?,
        })
    }
}

impl PoolReads {
    /// What an application has been given: how many consents, and how many grants that were not taken back.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn given_to(&self, client_id: &str) -> Result<(u64, u64), StoreError> {
        let count = async |table: &str, condition: &str| {
            let sql =
                format!("SELECT COUNT(*) FROM {table} WHERE pool_id = $1 AND client_id = $2{condition}");
            let count = self.exec.number(&sql, values![self.pool.as_uuid(), client_id]).await?;
            Ok::<u64, StoreError>(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
        };
        Ok((count("consents", "").await?, count("grants", " AND revoked_at IS NULL").await?))
    }
}

impl PoolTx {
    /// Deletes a user with everything that is theirs; `false` when there is no such user. The audit trail keeps its rows. Sessions
    /// have to be ended before, so that applications hear of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_user(&self, user: UserId) -> Result<bool, StoreError> {
        let mut deleted = 0;
        for (table, condition) in OF_USER {
            let sql = format!("DELETE FROM {table} WHERE pool_id = $1 AND {condition}");
            deleted = self.exec.run(&sql, values![self.pool.as_uuid(), user.as_uuid()]).await?;
        }
        Ok(deleted == 1)
    }
}

impl PlatformTx {
    /// Deletes a pool with everything in it, its audit trail included; `false` when there is no such pool.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_pool(&self, pool: PoolId) -> Result<bool, StoreError> {
        bump(&self.exec).await?;
        for table in OF_POOL {
            let sql = format!("DELETE FROM {table} WHERE pool_id = $1");
            self.exec.run(&sql, values![pool.as_uuid()]).await?;
        }
        let deleted = self.exec.run("DELETE FROM pools WHERE id = $1", values![pool.as_uuid()]).await?;
        self.exec.run("DELETE FROM audit WHERE pool_id = $1", values![pool.as_uuid()]).await?;
        Ok(deleted == 1)
    }
}

/// The tables of which a user's rows go with the user.
#[cfg(test)]
pub(crate) fn tables_of_user() -> Vec<&'static str> {
    OF_USER.iter().map(|(table, _)| *table).collect()
}

/// The tables that are emptied with a pool, besides the list of pools and the audit trail.
#[cfg(test)]
pub(crate) const fn tables_of_pool() -> &'static [&'static str] {
    OF_POOL
}
