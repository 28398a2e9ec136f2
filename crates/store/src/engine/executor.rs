//! Running statements: one place that counts them, maps their errors and knows over which connection they go.

use super::{
    blame::of_changes,
    connections::{Connections, Held},
    sql::{Change, SentChanges},
    transaction::{Transaction, Waiting},
};
use crate::{error::StoreError, tally::Tally};
use futures_util::future::BoxFuture;
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, FromQueryResult, QueryResult, Statement, Value,
};
use std::{borrow::Cow, sync::Arc};

/// Parameters of a statement, in the order of `$1`, `$2`, …, which both engines understand.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$(sea_orm::Value::from($value)),*] };
}
pub(crate) use values;

#[derive(Clone)]
enum Route {
    /// A free one of the connections held for reading.
    Readers(Arc<Connections>),
    /// The connection of a transaction.
    Transaction(Arc<Transaction>),
}

/// One operation that needs another text on each engine to be one trip.
pub(crate) struct ByEngine {
    pub(crate) sqlite: String,
    pub(crate) postgres: String,
}

/// What is asked of a connection, and what it answers.
type Call<T> = for<'c> fn(&'c Held, Statement) -> BoxFuture<'c, Result<T, DbErr>>;

/// A statement with what is sent before it in the same text.
struct Trip<'a> {
    sql: Cow<'a, str>,
    values: Vec<Value>,
    /// Whether nothing is sent before it.
    is_alone: bool,
    sent: SentChanges,
}

impl<'a> Trip<'a> {
    const fn alone(sql: &'a str, values: Vec<Value>) -> Self {
        Self { sql: Cow::Borrowed(sql), values, is_alone: true, sent: SentChanges::none() }
    }
}

/// A way to the database: each statement on any free connection, or all in one transaction. Operations run their SQL
/// on it, and sea-orm its own (see `bridge`).
#[derive(Clone)]
pub(crate) struct Executor {
    route: Route,
    backend: DbBackend,
    tally: Arc<Tally>,
}

impl Executor {
    pub(crate) const fn reading(readers: Arc<Connections>, backend: DbBackend, tally: Arc<Tally>) -> Self {
        Self { backend, route: Route::Readers(readers), tally }
    }

    pub(crate) const fn within(transaction: Arc<Transaction>, backend: DbBackend, tally: Arc<Tally>) -> Self {
        Self { backend, route: Route::Transaction(transaction), tally }
    }

    pub(super) const fn backend(&self) -> DbBackend {
        self.backend
    }

    /// The text for the engine at the other end.
    pub(crate) fn pick<'a>(&self, texts: &'a ByEngine) -> &'a str {
        if self.backend == DbBackend::Sqlite { &texts.sqlite } else { &texts.postgres }
    }

    /// Rows affected.
    pub(crate) async fn run(&self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        self.tally.add_statement();
        let Route::Transaction(transaction) = &self.route else {
            return Ok(self.read(sql, values, execute).await?.rows_affected());
        };
        let connection = transaction.connection().await?;
        let trip = self.prepare(transaction, &connection, sql, values).await?;
        if trip.is_alone {
            return Ok(self.go(transaction, &connection, trip, execute).await?.rows_affected());
        }
        // The driver adds up what all statements of a text affected; this asks for the last one alone.
        let trip = Trip { sql: Cow::Owned(format!("{}; SELECT changes()", trip.sql)), ..trip };
        let row = self.go(transaction, &connection, trip, query_one).await?;
        let count: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
    }

    /// Whether exactly the one row in question was affected.
    pub(crate) async fn hit(&self, sql: &str, values: Vec<Value>) -> Result<bool, StoreError> {
        Ok(self.run(sql, values).await? == 1)
    }

    /// Makes a change at once: rows affected.
    pub(crate) async fn apply(&self, change: Change) -> Result<u64, StoreError> {
        let (sql, values) = change.statement.into_parts();
        self.run(&sql, values).await
    }

    /// As [`Executor::hit`], for a change.
    pub(crate) async fn hit_change(&self, change: Change) -> Result<bool, StoreError> {
        Ok(self.apply(change).await? == 1)
    }

    /// A change without an answer. In a transaction it may wait, to be sent along with the next statement or with the
    /// end; what goes wrong with it then is the error of that, and names the change.
    pub(crate) async fn defer(&self, change: Change) -> Result<(), StoreError> {
        let Route::Transaction(transaction) = &self.route else {
            return self.apply(change).await.map(|_| ());
        };
        self.tally.add_statement();
        let mut next = Some(change);
        while let Some(change) = next {
            next = transaction.defer(change, self.backend != DbBackend::Sqlite)?;
            if next.is_some() {
                self.send_waiting().await?;
            }
        }
        Ok(())
    }

    /// Sends what waits.
    pub(crate) async fn send_waiting(&self) -> Result<(), StoreError> {
        let Route::Transaction(transaction) = &self.route else { return Ok(()) };
        let connection = transaction.connection().await?;
        if transaction.has_waiting() {
            let waiting = transaction.begin(&connection);
            self.send(transaction, &connection, waiting).await?;
        }
        Ok(())
    }

    /// The first row, for statements that can have but one.
    pub(crate) async fn row(&self, sql: &str, values: Vec<Value>) -> Result<Option<QueryResult>, StoreError> {
        self.ask(sql, values, query_one).await
    }

    /// All rows.
    pub(crate) async fn rows(&self, sql: &str, values: Vec<Value>) -> Result<Vec<QueryResult>, StoreError> {
        self.ask(sql, values, query_all).await
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
    pub(crate) async fn script(&self, sql: &'static str) -> Result<(), StoreError> {
        self.tally.add_statement();
        match &self.route {
            Route::Readers(readers) => {
                let mut lease = readers.lease().await?;
                self.tally.add_trip();
                let outcome = held(&lease)?.execute_unprepared(sql).await;
                lease.settle(outcome)?;
            }
            Route::Transaction(transaction) => {
                let connection = transaction.connection().await?;
                let waiting = transaction.begin(&connection);
                if !waiting.is_empty() {
                    self.send(transaction, &connection, waiting).await?;
                }
                self.tally.add_trip();
                let outcome = connection.execute_unprepared(sql).await;
                outcome.inspect_err(|_| transaction.fail())?;
            }
        }
        Ok(())
    }

    /// Runs one statement of sea-orm's that changes rows. What waits goes first, as a trip of its own: sea-orm wants
    /// the driver's own count, which is that of a whole text.
    pub(super) async fn execute(&self, sql: &str, values: Vec<Value>) -> Result<ExecResult, StoreError> {
        self.send_waiting().await?;
        self.ask(sql, values, execute).await
    }

    /// Runs one statement that gives rows.
    pub(super) async fn ask<T>(&self, sql: &str, values: Vec<Value>, call: Call<T>) -> Result<T, StoreError> {
        self.tally.add_statement();
        let Route::Transaction(transaction) = &self.route else { return self.read(sql, values, call).await };
        let connection = transaction.connection().await?;
        let trip = self.prepare(transaction, &connection, sql, values).await?;
        self.go(transaction, &connection, trip, call).await
    }

    async fn read<T>(&self, sql: &str, values: Vec<Value>, call: Call<T>) -> Result<T, StoreError> {
        let Route::Readers(readers) = &self.route else { return Err(StoreError::NO_CONNECTION) };
        let mut lease = readers.lease().await?;
        let outcome = call(held(&lease)?, self.statement(sql, values)).await;
        Ok(lease.settle(outcome)?)
    }

    /// The statement with everything that waits to be sent before it. Where the engine takes one statement at a time,
    /// what waits is sent here.
    async fn prepare<'a>(
        &self,
        transaction: &Transaction,
        connection: &Held,
        sql: &'a str,
        values: Vec<Value>,
    ) -> Result<Trip<'a>, StoreError> {
        let waiting = transaction.begin(connection);
        if waiting.is_empty() {
            return Ok(Trip::alone(sql, values));
        }
        if self.backend != DbBackend::Sqlite {
            self.send(transaction, connection, waiting).await?;
            return Ok(Trip::alone(sql, values));
        }
        let sent = waiting.changes.names();
        let (sql, values) = waiting.changes.in_turn(waiting.opening, Some((sql, values)));
        Ok(Trip { sql: Cow::Owned(sql), values, is_alone: false, sent })
    }

    /// Sends what waited by itself.
    async fn send(
        &self,
        transaction: &Transaction,
        connection: &Held,
        waiting: Waiting,
    ) -> Result<(), StoreError> {
        let Waiting { opening, changes } = waiting;
        let sent = changes.names();
        let (sql, values) = if self.backend == DbBackend::Sqlite {
            changes.in_turn(opening, None)
        } else {
            if let Some(opening) = opening {
                self.tally.add_trip();
                let outcome = connection.execute_unprepared(opening).await;
                outcome.inspect_err(|_| transaction.fail())?;
            }
            if changes.is_empty() {
                return Ok(());
            }
            changes.at_once()
        };
        let outcome = connection.execute_raw(self.statement(&sql, values)).await;
        outcome.map(|_| ()).map_err(|error| {
            transaction.fail();
            of_changes(error, &sent, false)
        })
    }

    async fn go<T>(
        &self,
        transaction: &Transaction,
        connection: &Held,
        trip: Trip<'_>,
        call: Call<T>,
    ) -> Result<T, StoreError> {
        let outcome = call(connection, self.statement(&trip.sql, trip.values)).await;
        outcome.map_err(|error| {
            transaction.fail();
            of_changes(error, &trip.sent, true)
        })
    }

    /// Each is one trip to the database.
    fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        self.tally.add_trip();
        Statement::from_sql_and_values(self.backend, sql, values)
    }
}

fn held(lease: &super::handover::Lease<Held>) -> Result<&Held, StoreError> {
    lease.connection().ok_or(StoreError::NO_CONNECTION)
}

fn execute(connection: &Held, statement: Statement) -> BoxFuture<'_, Result<ExecResult, DbErr>> {
    connection.execute_raw(statement)
}

pub(super) fn query_one(
    connection: &Held,
    statement: Statement,
) -> BoxFuture<'_, Result<Option<QueryResult>, DbErr>> {
    connection.query_one_raw(statement)
}

pub(super) fn query_all(
    connection: &Held,
    statement: Statement,
) -> BoxFuture<'_, Result<Vec<QueryResult>, DbErr>> {
    connection.query_all_raw(statement)
}
