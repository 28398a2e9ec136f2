//! Pools, and the version of the configuration.

use super::config::bump;
use crate::{
    entity::{pools, tenants},
    error::StoreError,
    handles::{PlatformStore, PlatformTx},
    records::PoolWrite,
    text::{from_json, to_json},
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, sea_query::ExprTrait as _,
};
use vestibule_domain::{Origin, Pool, PoolId};

const TABLE: &str = "pools";

impl pools::Model {
    pub(crate) fn into_pool(self) -> Result<Pool, StoreError> {
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
        let rows = pools::Entity::find().order_by_asc(pools::Column::Slug).all(&self.read).await?;
        rows.into_iter().map(pools::Model::into_pool).collect()
    }

    /// The pool with a short name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pool_by_slug(&self, slug: &str) -> Result<Option<Pool>, StoreError> {
        let row = pools::Entity::find().filter(pools::Column::Slug.eq(slug)).one(&self.read).await?;
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
        let row = pools::Entity::find_by_id(pool.as_uuid()).one(&self.exec).await?;
        Ok(row.map(|row| row.version))
    }

    /// Adds a pool or replaces the one with its identifier. Its version is counted here and not taken from the caller:
    /// it begins with 1 and rises when anything but the short name has changed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn upsert_pool(&self, pool: &Pool) -> Result<PoolWrite, StoreError> {
        // Serializes all changes of the configuration, so nobody can take the names after they were found free.
        bump(&self.exec).await?;
        let others = pools::Entity::find()
            .filter(pools::Column::Id.ne(pool.id.as_uuid()))
            .filter(
                pools::Column::Slug.eq(pool.slug.as_str()).or(pools::Column::Origin.eq(pool.origin.as_str())),
            )
            .all(&self.exec)
            .await?;
        if others.iter().any(|other| other.slug == pool.slug) {
            return Ok(PoolWrite::SlugTaken);
        }
        if !others.is_empty() {
            return Ok(PoolWrite::OriginTaken);
        }
        // A tenant begins with its first pool; its display name is its short name until somebody gives it another.
        let tenant = tenants::Model { slug: pool.tenant.clone(), name: pool.tenant.clone() };
        tenants::Entity::insert(tenant.into_active_model())
            .on_conflict_do_nothing()
            .exec_without_returning(&self.exec)
            .await?;
        let mut row = pools::Model {
            id: pool.id.as_uuid(),
            tenant: pool.tenant.clone(),
            slug: pool.slug.clone(),
            name: pool.name.clone(),
            origin: pool.origin.as_str().to_owned(),
            settings: to_json(&pool.settings, TABLE)?,
            version: 1,
            audit_kept: pool.settings.lifetimes.audit,
        };
        let old = pools::Entity::find_by_id(row.id).one(&self.exec).await?;
        let Some(old) = old else {
            pools::Entity::insert(row.into_active_model()).exec_without_returning(&self.exec).await?;
            return Ok(PoolWrite::Written);
        };
        let is_same = (&row.tenant, &row.name, &row.origin, &row.settings)
            == (&old.tenant, &old.name, &old.origin, &old.settings);
        row.version = old.version + i64::from(!is_same);
        row.into_active_model().reset_all().update(&self.exec).await?;
        Ok(PoolWrite::Written)
    }
}
