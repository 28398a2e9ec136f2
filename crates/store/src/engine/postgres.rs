//! PostgreSQL: every change is its own transaction at READ COMMITTED; conditional statements decide who wins.

use super::job::{Queued, Verdict};
use crate::{
    error::StoreError,
    exec::{Exec, Standing, Tally},
    store::StoreOptions,
};
use sea_orm::{DatabaseConnection, DatabaseTransaction, TransactionTrait};
use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{str::FromStr, sync::Arc, time::Duration};

/// Statements that each connection keeps prepared.
const PREPARED: usize = 512;

/// How long to wait for a connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens the pool, once the server has answered.
pub(crate) async fn connect(options: &StoreOptions) -> Result<DatabaseConnection, StoreError> {
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
    let pool = PgPoolOptions::new()
        .max_connections(options.max_connections.max(2))
        .acquire_timeout(PATIENCE)
        // A connection is tested when it comes back to the pool; a second test would double the trips of every read.
        .test_before_acquire(false)
        .connect_lazy_with(server);
    Ok(DatabaseConnection::from(pool))
}

fn unreachable(cause: impl Into<String>) -> StoreError {
    StoreError::Unreachable { cause: cause.into() }
}

/// Runs one change in a transaction of its own. Dropping the future undoes the change.
pub(crate) async fn run(pool: &DatabaseConnection, tally: &Arc<Tally>, job: Queued) {
    let tx = match pool.begin().await {
        Ok(tx) => Arc::new(tx),
        Err(error) => {
            job.refuse(error.into()).await;
            return;
        }
    };
    let standing = Arc::new(Standing::default());
    let exec = Exec::in_transaction(Arc::clone(&tx), Arc::clone(&standing), Arc::clone(tally));
    let ran = job.run(exec, standing).await;
    let end = end(tx, ran.verdict(), tally).await;
    ran.answer(end.err());
}

async fn end(tx: Arc<DatabaseTransaction>, verdict: &Verdict, tally: &Tally) -> Result<(), StoreError> {
    // A job that kept its handle beyond its end: dropping ours leaves the rollback to whoever drops the last one.
    let tx = Arc::into_inner(tx).ok_or(StoreError::Interrupted("its job let the transaction escape"))?;
    match verdict {
        Verdict::Keep => {
            tx.commit().await?;
            tally.committed();
        }
        Verdict::Undo | Verdict::Failed(_) => tx.rollback().await?,
    }
    Ok(())
}
