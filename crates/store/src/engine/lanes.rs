//! Connections that are held for good.
//!
//! A pool tests every connection when it comes back, which doubles the trips to the database. So connections are taken
//! out of their pools once and kept for as long as they are sound.

use crate::error::StoreError;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, TransactionTrait};
use std::{
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Takes one connection out of `pool` for good and leaves it outside any transaction, so that its holder says BEGIN
/// and COMMIT itself. `leave` does that.
pub(crate) async fn hold(pool: &DatabaseConnection, leave: &str) -> Result<DatabaseTransaction, StoreError> {
    let held = pool.begin().await?;
    held.execute_unprepared(leave).await?;
    Ok(held)
}

/// What becomes of a connection whose user went away in the middle of a statement, or met an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsettled {
    /// It is as good as before: a file's connection finishes on its own thread what it began.
    Kept,
    /// It goes back to its pool, which sees whether it is still good. Should it be broken, its idle neighbours go, too.
    Left,
}

impl Unsettled {
    /// A connection that is let go is rolled back, and PostgreSQL would warn every time that there is nothing to undo.
    const fn leave(self) -> &'static str {
        match self {
            Self::Kept => "COMMIT",
            Self::Left => "COMMIT; SET client_min_messages = error",
        }
    }
}

type Free = Arc<Mutex<Vec<Arc<DatabaseTransaction>>>>;

/// Connections, each used by one at a time.
pub(crate) struct Lanes {
    pool: DatabaseConnection,
    unsettled: Unsettled,
    free: Free,
    permits: Arc<Semaphore>,
}

impl Lanes {
    /// Up to `count` connections of `pool`, each taken when it is needed first.
    pub(crate) fn new(pool: DatabaseConnection, count: u32, unsettled: Unsettled) -> Self {
        let count = usize::try_from(count).unwrap_or(usize::MAX).clamp(1, 1 << 16);
        Self { pool, unsettled, free: Free::default(), permits: Arc::new(Semaphore::new(count)) }
    }

    /// Waits for a free connection.
    pub(crate) async fn take(&self) -> Result<Lane, StoreError> {
        let closed = |_| StoreError::Interrupted("the store was closed");
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(closed)?;
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match free {
            Some(connection) => connection,
            None => Arc::new(hold(&self.pool, self.unsettled.leave()).await?),
        };
        let good = self.unsettled == Unsettled::Kept;
        Ok(Lane {
            connection,
            good,
            free: Arc::clone(&self.free),
            permits: Arc::clone(&self.permits),
            _permit: permit,
        })
    }

    /// Refuses further use and lets the connections go.
    pub(crate) fn close(&self) {
        self.permits.close();
        self.free.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// A connection in use. Goes back when dropped, before its permit does.
pub(crate) struct Lane {
    connection: Arc<DatabaseTransaction>,
    /// Nothing is under way on it.
    good: bool,
    free: Free,
    permits: Arc<Semaphore>,
    _permit: OwnedSemaphorePermit,
}

impl Lane {
    /// Another handle to the connection, for a transaction.
    pub(crate) fn share(&self) -> Arc<DatabaseTransaction> {
        Arc::clone(&self.connection)
    }

    /// Whether somebody still has such a handle.
    pub(crate) fn is_shared(&self) -> bool {
        Arc::strong_count(&self.connection) > 1
    }

    /// Takes note of how the last thing ended that was asked of the connection.
    pub(crate) fn settle<T>(&mut self, outcome: Result<T, DbErr>) -> Result<T, DbErr> {
        match &outcome {
            Ok(_) => self.good = true,
            Err(error) if StoreError::is_of_connection(error) => {
                self.good = false;
                self.free.lock().unwrap_or_else(PoisonError::into_inner).clear();
            }
            Err(_) => {}
        }
        outcome
    }
}

impl Deref for Lane {
    type Target = DatabaseTransaction;
    fn deref(&self) -> &DatabaseTransaction {
        &self.connection
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        // One that ends unsettled is rolled back and tested where it came from.
        if self.good && !self.permits.is_closed() {
            free.push(Arc::clone(&self.connection));
        }
    }
}
