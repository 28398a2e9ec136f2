//! Running statements: one place that counts them, maps their errors and knows over which connection they go.

use crate::{engine::lanes::Lanes, error::StoreError, script::Script, store::Counters};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, FromQueryResult, QueryResult,
    Statement, Value,
};
use std::{
    borrow::Cow,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
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
    trips: AtomicU64,
    commits: AtomicU64,
}

impl Tally {
    /// A trip for the transaction itself: its beginning, its end.
    pub(crate) fn went(&self) {
        self.trips.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn committed(&self) {
        self.commits.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Counters {
        Counters {
            statements: self.statements.load(Ordering::Relaxed),
            trips: self.trips.load(Ordering::Relaxed),
            commits: self.commits.load(Ordering::Relaxed),
        }
    }
}

/// The standing of one transaction, shared by the handle its job holds and by who will end it.
#[derive(Debug, Default)]
pub(crate) struct Standing {
    ended: AtomicBool,
    failed: AtomicBool,
    begun: AtomicBool,
    due: Mutex<Due>,
}

/// What has to be sent before, or together with, the next statement.
#[derive(Debug, Default)]
struct Due {
    /// Begins the transaction, or makes room for its next part. Engines that cannot take several statements in one
    /// text get it as a trip of its own.
    opening: Option<&'static str>,
    changes: Script,
}

impl Standing {
    /// A transaction that begins with `opening`, once there is a statement to run in it.
    pub(crate) fn opening_with(opening: Option<&'static str>) -> Self {
        let due = Due { opening, changes: Script::default() };
        Self { due: Mutex::new(due), ..Self::default() }
    }

    /// No statement may follow: the transaction is being committed or undone.
    pub(crate) fn end(&self) {
        self.ended.store(true, Ordering::Release);
    }

    /// Whether a statement failed. PostgreSQL then answers COMMIT with a silent rollback, so such a transaction never
    /// counts as done, even if its job forgot the error.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }

    /// Whether anything was sent.
    pub(crate) fn has_begun(&self) -> bool {
        self.begun.load(Ordering::Acquire)
    }

    /// The changes that were not sent yet, and what has to be said before them.
    pub(crate) fn take_due(&self) -> (Option<&'static str>, Script) {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        (due.opening.take(), std::mem::take(&mut due.changes))
    }

    fn is_over(&self) -> Result<(), StoreError> {
        match self.ended.load(Ordering::Acquire) {
            true => Err(StoreError::Interrupted("its transaction had already ended")),
            false => Ok(()),
        }
    }
}

#[derive(Clone)]
enum Way {
    /// A free one of the connections held for reading.
    Lanes(Arc<Lanes>),
    /// The connection of a transaction.
    Transaction(Arc<DatabaseTransaction>, Arc<Standing>),
}

/// One operation that needs another text on each engine to be one trip.
pub(crate) struct ByEngine {
    pub(crate) sqlite: String,
    pub(crate) postgres: String,
}

/// A way to the database.
#[derive(Clone)]
pub(crate) struct Exec {
    way: Way,
    backend: DbBackend,
    tally: Arc<Tally>,
}

impl Exec {
    pub(crate) fn over_lanes(lanes: Arc<Lanes>, backend: DbBackend, tally: Arc<Tally>) -> Self {
        Self { backend, way: Way::Lanes(lanes), tally }
    }

    pub(crate) fn in_transaction(
        tx: Arc<DatabaseTransaction>,
        standing: Arc<Standing>,
        tally: Arc<Tally>,
    ) -> Self {
        Self { backend: tx.get_database_backend(), way: Way::Transaction(tx, standing), tally }
    }

    /// The text for the engine at the other end.
    pub(crate) fn pick<'a>(&self, texts: &'a ByEngine) -> &'a str {
        if self.backend == DbBackend::Sqlite { &texts.sqlite } else { &texts.postgres }
    }

    /// Rows affected.
    pub(crate) async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        let (sql, values, alone) = self.with_due(sql, values).await?;
        if !alone {
            // The driver adds up what all statements of a text affected; this asks for the last one alone.
            let row = self.fetch_row(self.statement(&format!("{sql}; SELECT changes()"), values)).await?;
            let count: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?;
            return Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default());
        }
        let statement = self.statement(&sql, values);
        let outcome: Result<ExecResult, DbErr> = match &self.way {
            Way::Lanes(lanes) => {
                let mut lane = lanes.take().await?;
                lane.settle(lane.execute_raw(statement).await)
            }
            Way::Transaction(tx, standing) => self.guard(standing, tx.execute_raw(statement)).await?,
        };
        Ok(outcome?.rows_affected())
    }

    /// A change without an answer. In a transaction it may wait, to be sent along with the next statement or with the
    /// end; what goes wrong with it then is the error of that.
    pub(crate) async fn later(&self, sql: &str, values: Vec<Value>) -> Result<(), StoreError> {
        let Way::Transaction(_, standing) = &self.way else { return self.run(sql, values).await.map(|_| ()) };
        standing.is_over()?;
        if self.backend != DbBackend::Sqlite {
            let full = |due: &Due| !due.changes.has_room_for(sql);
            if full(&standing.due.lock().unwrap_or_else(PoisonError::into_inner)) {
                self.send_due().await?;
            }
        }
        self.tally.statements.fetch_add(1, Ordering::Relaxed);
        standing.due.lock().unwrap_or_else(PoisonError::into_inner).changes.push(sql, values);
        Ok(())
    }

    /// The statement with everything that waits to be sent before it, and whether that is nothing. Where the engine
    /// takes one statement at a time, what waits is sent here.
    async fn with_due<'a>(
        &self,
        sql: &'a str,
        values: Vec<Value>,
    ) -> Result<(Cow<'a, str>, Vec<Value>, bool), StoreError> {
        self.tally.statements.fetch_add(1, Ordering::Relaxed);
        let Way::Transaction(_, standing) = &self.way else { return Ok((sql.into(), values, true)) };
        standing.is_over()?;
        if self.backend != DbBackend::Sqlite {
            self.send_due().await?;
            return Ok((sql.into(), values, true));
        }
        let (opening, changes) = standing.take_due();
        standing.begun.store(true, Ordering::Release);
        if opening.is_none() && changes.is_empty() {
            return Ok((sql.into(), values, true));
        }
        let (sql, values) = joined(opening, changes, Some((sql, values)));
        Ok((sql.into(), values, false))
    }

    /// Sends what waits.
    pub(crate) async fn send_due(&self) -> Result<(), StoreError> {
        let Way::Transaction(tx, standing) = &self.way else { return Ok(()) };
        standing.is_over()?;
        let (opening, changes) = standing.take_due();
        if opening.is_none() && changes.is_empty() {
            return Ok(());
        }
        standing.begun.store(true, Ordering::Release);
        if self.backend == DbBackend::Sqlite {
            let (sql, values) = joined(opening, changes, None);
            self.guard(standing, tx.execute_raw(self.statement(&sql, values))).await??;
            return Ok(());
        }
        if let Some(opening) = opening {
            self.tally.trips.fetch_add(1, Ordering::Relaxed);
            self.guard(standing, tx.execute_unprepared(opening)).await??;
        }
        if !changes.is_empty() {
            let (sql, values) = changes.at_once();
            self.guard(standing, tx.execute_raw(self.statement(&sql, values))).await??;
        }
        Ok(())
    }

    /// Whether exactly the one row in question was affected.
    pub(crate) async fn hit(&self, sql: &str, values: Vec<Value>) -> Result<bool, StoreError> {
        Ok(self.run(sql, values).await? == 1)
    }

    /// The first row, for statements that can have but one.
    pub(crate) async fn row(&self, sql: &str, values: Vec<Value>) -> Result<Option<QueryResult>, StoreError> {
        let (sql, values, _) = self.with_due(sql, values).await?;
        self.fetch_row(self.statement(&sql, values)).await
    }

    async fn fetch_row(&self, statement: Statement) -> Result<Option<QueryResult>, StoreError> {
        let outcome = match &self.way {
            Way::Lanes(lanes) => {
                let mut lane = lanes.take().await?;
                lane.settle(lane.query_one_raw(statement).await)
            }
            Way::Transaction(tx, standing) => self.guard(standing, tx.query_one_raw(statement)).await?,
        };
        Ok(outcome?)
    }

    /// All rows.
    pub(crate) async fn rows(&self, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, StoreError> {
        let (sql, values, _) = self.with_due(sql, values).await?;
        let statement = self.statement(&sql, values);
        let outcome = match &self.way {
            Way::Lanes(lanes) => {
                let mut lane = lanes.take().await?;
                lane.settle(lane.query_all_raw(statement).await)
            }
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
        self.send_due().await?;
        self.tally.statements.fetch_add(1, Ordering::Relaxed);
        self.tally.trips.fetch_add(1, Ordering::Relaxed);
        match &self.way {
            Way::Lanes(lanes) => {
                let mut lane = lanes.take().await?;
                lane.settle(lane.execute_unprepared(sql).await)?
            }
            Way::Transaction(tx, standing) => self.guard(standing, tx.execute_unprepared(sql)).await??,
        };
        Ok(())
    }

    /// Each is one trip to the database.
    fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        self.tally.trips.fetch_add(1, Ordering::Relaxed);
        Statement::from_sql_and_values(self.backend, sql, values)
    }

    async fn guard<T>(
        &self,
        standing: &Standing,
        statement: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<Result<T, DbErr>, StoreError> {
        standing.is_over()?;
        let outcome = statement.await;
        if outcome.is_err() {
            standing.failed.store(true, Ordering::Release);
        }
        Ok(outcome)
    }
}

/// As one text, for an engine that takes several statements in one.
pub(crate) fn joined(
    opening: Option<&str>,
    changes: Script,
    last: Option<(&str, Vec<Value>)>,
) -> (String, Vec<Value>) {
    let mut changes = changes;
    if let Some((sql, values)) = last {
        changes.push(sql, values);
    }
    let (sql, values) = changes.in_turn();
    match opening {
        Some(opening) if sql.is_empty() => (opening.to_owned(), values),
        Some(opening) => (format!("{opening}; {sql}"), values),
        None => (sql, values),
    }
}
