//! Pools, and the version of the configuration.

use super::config::bump;
use crate::{
    engine::{sql::Change, values},
    entity::{pools, select, tenants},
    error::StoreError,
    handles::{PlatformStore, PlatformTx},
    records::PoolWrite,
    text::{from_json, to_json},
};
use std::sync::LazyLock;
use vestibule_domain::{Origin, Pool, PoolId};

const TABLE: &str = "pools";

impl pools::Model {
    fn into_pool(self) -> Result<Pool, StoreError> {
        Ok(Pool {
            id: PoolId::from_uuid(self.id),
            tenant: self.tenant,
            slug: self.slug,
            name: self.name,
            origin: Origin::parse(&self.origin)
                .map_err(|_| StoreError::corrupt(TABLE, "column origin is no origin"))?,
            settings: from_json(&self.settings, TABLE, "settings")?,
            version: self.version,
        })
    }
}

impl PlatformStore {
    /// All pools, by short name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pools(&self) -> Result<Vec<Pool>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| select::<pools::Entity>("TRUE ORDER BY slug"));
        let rows: Vec<pools::Model> = self.read.all(&SQL, vec![]).await?;
        rows.into_iter().map(pools::Model::into_pool).collect()
    }

    /// The pool with a short name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pool_by_slug(&self, slug: &str) -> Result<Option<Pool>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| select::<pools::Entity>("slug = $1"));
        let row: Option<pools::Model> = self.read.one(&SQL, values![slug]).await?;
        row.map(pools::Model::into_pool).transpose()
    }

    /// Grows with every change of a pool, an application or a signing key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn config_version(&self) -> Result<i64, StoreError> {
        let version =
            self.read.number("SELECT config_version FROM platform_state WHERE id = 1", vec![]).await?;
        version.ok_or_else(|| StoreError::corrupt("platform_state", "its row is missing"))
    }
}

impl PlatformTx {
    /// The version of a pool's settings; changes of the configuration wait until this transaction ends.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pool_version(&self, pool: PoolId) -> Result<Option<i64>, StoreError> {
        bump(&self.exec).await?;
        self.exec.number("SELECT version FROM pools WHERE id = $1", values![pool.as_uuid()]).await
    }

    /// Adds a pool or replaces the one with its identifier. Its version is counted here and not taken from the caller:
    /// it begins with 1 and rises when anything but the short name has changed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn upsert_pool(&self, pool: &Pool) -> Result<PoolWrite, StoreError> {
        // Serializes all changes of the configuration, so nobody can take the names after they were found free.
        bump(&self.exec).await?;
        let sql = "SELECT COUNT(*) FILTER (WHERE slug = $2), COUNT(*) FILTER (WHERE origin = $3) FROM pools \
                   WHERE id <> $1 AND (slug = $2 OR origin = $3)";
        let values = values![pool.id.as_uuid(), pool.slug.as_str(), pool.origin.as_str()];
        let row = self.exec.row(sql, values).await?;
        let count = |index| row.as_ref().map_or(Ok(0), |row| row.try_get_by_index::<i64>(index));
        match (count(0)?, count(1)?) {
            (0, 0) => {}
            (0, _) => return Ok(PoolWrite::OriginTaken),
            _ => return Ok(PoolWrite::SlugTaken),
        }
        // A tenant begins with its first pool; its display name is its short name until somebody gives it another.
        let tenant = tenants::Model { slug: pool.tenant.clone(), name: pool.tenant.clone() };
        self.exec.apply(Change::insert_if_absent::<tenants::Entity>(tenant)).await?;
        let row = pools::Model {
            id: pool.id.as_uuid(),
            tenant: pool.tenant.clone(),
            slug: pool.slug.clone(),
            name: pool.name.clone(),
            origin: pool.origin.as_str().to_owned(),
            settings: to_json(&pool.settings, TABLE)?,
            version: 1,
        };
        let tail = " ON CONFLICT (id) DO UPDATE SET tenant = excluded.tenant, slug = excluded.slug, name = excluded.name, \
                    origin = excluded.origin, settings = excluded.settings, \
                    version = pools.version + CASE WHEN pools.tenant <> excluded.tenant OR pools.name <> excluded.name \
                    OR pools.origin <> excluded.origin OR pools.settings <> excluded.settings THEN 1 ELSE 0 END";
        self.exec.apply(Change::upsert::<pools::Entity>(row, tail)).await?;
        Ok(PoolWrite::Written)
    }
}
