//! What waits in a table to be sent: which rows are due, and taking them.

use crate::{
    engine::{Executor, sql::Sql},
    entity::returning,
    error::StoreError,
    handles::PlatformStore,
    records::{Claim, LEASE},
    text::to_limit,
};
use sea_orm::{EntityTrait, FromQueryResult};
use vestibule_domain::Timestamp;

/// A table of what is to be sent, with the columns `pool_id`, `tries` and `next_try_at`.
pub(super) struct Outgoing {
    pub(super) table: &'static str,
    /// Its key within the pool.
    pub(super) key: &'static str,
    /// What rows share that may hold one another up.
    pub(super) destination: &'static str,
}

impl Outgoing {
    /// Takes rows that are due, for [`LEASE`] seconds: as many as `claim` allows of each pool and each destination. Their count
    /// of tries has this one in it. Costs no commit when none is due.
    pub(super) async fn claim<E, M>(
        &'static self,
        store: &PlatformStore,
        now: Timestamp,
        claim: &Claim,
    ) -> Result<Vec<M>, StoreError>
    where
        E: EntityTrait,
        M: FromQueryResult + Send + 'static,
    {
        let (due, values) = self.due(now, claim).into_parts();
        let any = format!("SELECT COUNT(*) FROM ({due}) AS due");
        if store.read.number(&any, values).await? == Some(0) {
            return Ok(Vec::new());
        }
        let claim = claim.clone();
        let job = move |exec: Executor| async move {
            let Self { table, key, .. } = self;
            let take = Sql::new("UPDATE ")
                .text(table)
                .text(" SET tries = tries + 1, next_try_at = ")
                .value((now + LEASE).as_seconds())
                .text(" WHERE next_try_at <= ")
                .value(now.as_seconds())
                .text(&format!(" AND (pool_id, {key}) IN ("))
                .then(self.due(now, &claim))
                .text(")");
            let (sql, values) = take.into_parts();
            exec.all(&returning::<E>(&sql), values).await
        };
        store.database.change(job).await
    }

    /// Which rows may be claimed, those that wait the longest first: their keys.
    fn due(&self, now: Timestamp, claim: &Claim) -> Sql {
        let Self { table, key, destination } = self;
        let mut sql = Sql::new(&format!(
            "SELECT pool_id, {key} FROM (SELECT pool_id, {key}, next_try_at, \
             ROW_NUMBER() OVER (PARTITION BY pool_id ORDER BY next_try_at, {key}) AS of_pool FROM \
             (SELECT pool_id, {key}, next_try_at, \
             ROW_NUMBER() OVER (PARTITION BY pool_id, {destination} ORDER BY next_try_at, {key}) AS of_destination \
             FROM {table} WHERE next_try_at <= "
        ))
        .value(now.as_seconds());
        for pool in &claim.full_pools {
            sql = sql.text(" AND pool_id <> ").value(pool.as_uuid());
        }
        for (pool, full) in &claim.full_destinations {
            sql = sql.text(" AND NOT (pool_id = ").value(pool.as_uuid());
            sql = sql.text(&format!(" AND {destination} = ")).value(full.clone()).text(")");
        }
        sql.text(") AS each WHERE of_destination <= ")
            .value(to_limit(claim.of_destination))
            .text(") AS fair WHERE of_pool <= ")
            .value(to_limit(claim.of_pool))
            .text(&format!(" ORDER BY next_try_at, {key} LIMIT "))
            .value(to_limit(claim.most))
    }
}
