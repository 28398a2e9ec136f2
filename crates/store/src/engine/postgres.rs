//! PostgreSQL: every change is its own transaction at READ COMMITTED; conditional statements decide who wins.

use super::{
    job::{Queued, Verdict},
    lanes::{Lane, Lanes, Unsettled},
};
use crate::{
    error::StoreError,
    exec::{Exec, Standing, Tally},
    store::StoreOptions,
};
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
    pub(crate) lanes: Arc<Lanes>,
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
    Ok(Opened { lanes: Arc::new(Lanes::new(pool.clone(), count, Unsettled::Left)), pool })
}

fn unreachable(cause: impl Into<String>) -> StoreError {
    StoreError::Unreachable { cause: cause.into() }
}

/// Runs one change in a transaction of its own. Dropping the future undoes the change.
///
/// The transaction begins with the first statement whose answer is awaited. A change that has none of those is one
/// statement, which is a transaction in itself.
pub(crate) async fn run(lanes: &Lanes, tally: &Arc<Tally>, job: Queued) {
    let mut lane = match lanes.take().await {
        Ok(lane) => lane,
        Err(error) => {
            job.refuse(error).await;
            return;
        }
    };
    let standing = Arc::new(Standing::opening_with(Some("BEGIN")));
    let exec = Exec::in_transaction(lane.share(), Arc::clone(&standing), Arc::clone(tally));
    let ran = job.run(exec, Arc::clone(&standing)).await;
    let end = if lane.is_shared() {
        // A job that kept its handle beyond its end: whoever drops the last one rolls back.
        Err(StoreError::Interrupted("its job let the transaction escape"))
    } else {
        end(&mut lane, ran.verdict(), &standing, tally).await
    };
    ran.answer(end.err());
}

async fn end(
    lane: &mut Lane,
    verdict: &Verdict,
    standing: &Standing,
    tally: &Tally,
) -> Result<(), StoreError> {
    let (_, changes) = standing.take_due();
    let (begun, keep) = (standing.has_begun(), matches!(verdict, Verdict::Keep));
    if keep && !changes.is_empty() {
        let (sql, values) = changes.at_once();
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        tally.went();
        // Inside a transaction that has begun, an error here leaves the connection unsettled, which undoes all.
        lane.execute_raw(statement).await?;
    }
    if begun {
        tally.went();
        let outcome = lane.execute_unprepared(if keep { "COMMIT" } else { "ROLLBACK" }).await;
        lane.settle(outcome)?;
    } else {
        lane.settle(Ok(()))?;
    }
    if keep {
        tally.committed();
    }
    Ok(())
}
