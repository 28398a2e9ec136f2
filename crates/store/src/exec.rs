//! Running statements: one place that counts them, maps their errors and knows over which connection they go.

use crate::{engine::lanes::Lanes, error::StoreError, store::Counters};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, FromQueryResult,
    QueryResult, Statement, Value,
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

/// Parameters of a statement, in the order of `$1`, `$2`, …, which both engines understand.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$(sea_orm::Value::from($value)),*] };
}
pub(crate) use values;

/// What a store has done so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    statements: AtomicU64,
    commits: AtomicU64,
}

impl Tally {
    pub(crate) fn committed(&self) {
        self.commits.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Counters {
        Counters {
            statements: self.statements.load(Ordering::Relaxed),
            commits: self.commits.load(Ordering::Relaxed),
        }
    }
}

/// The standing of one transaction, shared by the handle its job holds and by who will end it.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    ended: AtomicBool,
    failed: AtomicBool,
}

impl Standing {
    /// No statement may follow: the transaction is being committed or undone.
    pub(crate) fn end(&self) {
        self.ended.store(true, Ordering::Release);
    }

    /// Whether a statement failed. PostgreSQL then answers COMMIT with a silent rollback, so such a transaction never
    /// counts as done, even if its job forgot the error.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }
}

#[derive(Clone)]
enum Way {
    /// Any connection of a pool, for reads.
    Pool(DatabaseConnection),
    /// A free one of the connections held for reading.
    Lanes(Arc<Lanes>),
    /// The connection of a transaction.
    Transaction(Arc<DatabaseTransaction>, Arc<Standing>),
}

/// A way to the database.
#[derive(Clone)]
pub(crate) struct Exec {
    way: Way,
    backend: DbBackend,
    tally: Arc<Tally>,
}

impl Exec {
    pub(crate) fn over_pool(pool: DatabaseConnection, tally: Arc<Tally>) -> Self {
        Self { backend: pool.get_database_backend(), way: Way::Pool(pool), tally }
    }

    pub(crate) fn over_lanes(lanes: Arc<Lanes>, tally: Arc<Tally>) -> Self {
        Self { backend: DbBackend::Sqlite, way: Way::Lanes(lanes), tally }
    }

    pub(crate) fn in_transaction(
        tx: Arc<DatabaseTransaction>,
        standing: Arc<Standing>,
        tally: Arc<Tally>,
    ) -> Self {
        Self { backend: tx.get_database_backend(), way: Way::Transaction(tx, standing), tally }
    }

    /// Rows affected.
    pub(crate) async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        let statement = self.statement(sql, values);
        let outcome: Result<ExecResult, DbErr> = match &self.way {
            Way::Pool(pool) => pool.execute_raw(statement).await,
            Way::Lanes(lanes) => lanes.take().await?.execute_raw(statement).await,
            Way::Transaction(tx, standing) => self.guard(standing, tx.execute_raw(statement)).await?,
        };
        Ok(outcome?.rows_affected())
    }

    /// Whether exactly the one row in question was affected.
    pub(crate) async fn hit(&self, sql: &str, values: Vec<Value>) -> Result<bool, StoreError> {
        Ok(self.run(sql, values).await? == 1)
    }

    /// The first row, for statements that can have but one.
    pub(crate) async fn row(&self, sql: &str, values: Vec<Value>) -> Result<Option<QueryResult>, StoreError> {
        let statement = self.statement(sql, values);
        let outcome = match &self.way {
            Way::Pool(pool) => pool.query_one_raw(statement).await,
            Way::Lanes(lanes) => lanes.take().await?.query_one_raw(statement).await,
            Way::Transaction(tx, standing) => self.guard(standing, tx.query_one_raw(statement)).await?,
        };
        Ok(outcome?)
    }

    /// All rows.
    pub(crate) async fn rows(&self, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, StoreError> {
        let statement = self.statement(sql, values);
        let outcome = match &self.way {
            Way::Pool(pool) => pool.query_all_raw(statement).await,
            Way::Lanes(lanes) => lanes.take().await?.query_all_raw(statement).await,
            Way::Transaction(tx, standing) => self.guard(standing, tx.query_all_raw(statement)).await?,
        };
        Ok(outcome?)
    }

    /// The first row as an entity's model.
    pub(crate) async fn one<M: FromQueryResult>(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Option<M>, StoreError> {
        let row = self.row(sql, values).await?;
        row.map(|row| M::from_query_result(&row, "")).transpose().map_err(StoreError::from)
    }

    /// All rows as an entity's models.
    pub(crate) async fn all<M: FromQueryResult>(
        &self,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Vec<M>, StoreError> {
        let rows = self.rows(sql, values).await?;
        rows.iter()
            .map(|row| M::from_query_result(row, ""))
            .collect::<Result<_, _>>()
            .map_err(StoreError::from)
    }

    /// The single number of a single row, such as a count.
    pub(crate) async fn number(&self, sql: &str, values: Vec<Value>) -> Result<Option<i64>, StoreError> {
        let row = self.row(sql, values).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?)
    }

    /// Runs a text of several statements, as migrations are.
    pub(crate) async fn script(&self, sql: &str) -> Result<(), StoreError> {
        self.tally.statements.fetch_add(1, Ordering::Relaxed);
        match &self.way {
            Way::Pool(pool) => pool.execute_unprepared(sql).await?,
            Way::Lanes(lanes) => lanes.take().await?.execute_unprepared(sql).await?,
            Way::Transaction(tx, standing) => self.guard(standing, tx.execute_unprepared(sql)).await??,
        };
        Ok(())
    }

    fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        self.tally.statements.fetch_add(1, Ordering::Relaxed);
        Statement::from_sql_and_values(self.backend, sql, values)
    }

    async fn guard<T>(
        &self,
        standing: &Standing,
        statement: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<Result<T, DbErr>, StoreError> {
        if standing.ended.load(Ordering::Acquire) {
            return Err(StoreError::Interrupted("its transaction had already ended"));
        }
        let outcome = statement.await;
        if outcome.is_err() {
            standing.failed.store(true, Ordering::Release);
        }
        Ok(outcome)
    }
}
