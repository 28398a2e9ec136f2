//! PostgreSQL: every change is its own transaction at READ COMMITTED; conditional statements decide who wins.

use super::{
    blame::of_changes,
    connections::{AfterBreak, Connections, Held},
    executor::Executor,
    job::{Job, Verdict},
    transaction::{Ended, Transaction},
};
use crate::{error::StoreError, options::StoreOptions, tally::Tally};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{str::FromStr, sync::Arc, time::Duration};

/// Statements that each connection keeps prepared.
const PREPARED: usize = 512;

/// How long to wait for a connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connections to a server.
pub(crate) struct Opened {
    /// Where they come from, and where those go that may be broken.
    pub(crate) pool: DatabaseConnection,
    pub(crate) connections: Arc<Connections>,
}

/// Opens the pool, once the server has answered.
pub(crate) async fn connect(options: &StoreOptions) -> Result<Opened, StoreError> {
    let server = PgConnectOptions::from_str(&options.url)
        .map_err(|_| {
            unreachable("the database URL cannot be read; expected postgres://USER:PASSWORD@HOST/DATABASE")
        })?
        .application_name("vestibule")
        .statement_cache_capacity(PREPARED)
        .disable_statement_logging();
    // The pool would only say that it waited in vain; a first connection says why.
    let first = tokio::time::timeout(PATIENCE, PgConnection::connect_with(&server)).await;
    let first = first.map_err(|_| unreachable("the server does not answer"))?;
    first
        .map_err(|error| unreachable(error.to_string()))?
        .close()
        .await
        .map_err(|error| unreachable(error.to_string()))?;
    let count = options.max_connections.max(2);
    let pool = PgPoolOptions::new()
        .max_connections(count)
        .acquire_timeout(PATIENCE)
        // A connection is tested when it comes back to the pool; a second test would double the trips of every read.
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .connect_lazy_with(server);
    let pool = DatabaseConnection::from(pool);
    let connections = Connections::new(pool.clone(), count, AfterBreak::Return);
    Ok(Opened { connections: Arc::new(connections), pool })
}

fn unreachable(cause: impl Into<String>) -> StoreError {
    StoreError::Unreachable { cause: cause.into() }
}

/// Runs one change in a transaction of its own. Dropping the future undoes the change.
///
/// The transaction begins with the first statement whose answer is awaited. A change that has none of those is one
/// statement, which is a transaction in itself.
pub(crate) async fn run(connections: &Connections, tally: &Arc<Tally>, job: Job) {
    let leased = connections.lease().await.and_then(|mut lease| {
        let connection = lease.take().ok_or(StoreError::NO_CONNECTION)?;
        Ok((lease, connection))
    });
    let (mut lease, connection) = match leased {
        Ok(leased) => leased,
        Err(error) => {
            job.refuse(error).await;
            return;
        }
    };
    let transaction = Arc::new(Transaction::opening_with(connection, Some("BEGIN")));
    let exec = Executor::within(Arc::clone(&transaction), DbBackend::Postgres, Arc::clone(tally));
    let (finished, ended) = job.run(exec, transaction).await;
    let outcome = match ended {
        Some(ended) => {
            let keep = matches!(finished.verdict(), Verdict::Keep);
            let (connection, outcome) = end(ended, keep, tally).await;
            match &outcome {
                Ok(()) => lease.put(connection, true),
                // Should the server be gone, the idle ones are broken as well.
                Err(StoreError::Unreachable { .. }) => lease.clear_shelf(),
                // The connection goes, which undoes everything.
                Err(_) => {}
            }
            outcome
        }
        None => Err(StoreError::NO_CONNECTION),
    };
    drop(lease);
    finished.answer(outcome.err());
}

/// Commits or rolls back, and gives the connection back.
async fn end(ended: Ended, keep: bool, tally: &Tally) -> (Held, Result<(), StoreError>) {
    let Ended { connection, waiting, has_begun, .. } = ended;
    let outcome = async {
        let changes = waiting.changes;
        if keep && !changes.is_empty() {
            let sent = changes.names();
            let (sql, values) = changes.at_once();
            let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
            tally.add_trip();
            connection.execute_raw(statement).await.map_err(|error| of_changes(error, &sent, false))?;
        }
        if has_begun {
            tally.add_trip();
            connection.execute_unprepared(if keep { "COMMIT" } else { "ROLLBACK" }).await?;
        }
        if keep {
            tally.add_commit();
        }
        Ok(())
    };
    let outcome = outcome.await;
    (connection, outcome)
}
