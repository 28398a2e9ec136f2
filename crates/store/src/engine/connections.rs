//! Connections that are held for good.
//!
//! A pool tests every connection when it comes back, which doubles the trips to the database. So connections are taken
//! out of their pools once and kept on a shelf for as long as they are sound.

use super::handover::{Lease, Shelf};
use crate::error::StoreError;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, TransactionTrait};
use std::sync::Arc;

/// A connection that is out of its pool for good. sea-orm gives one out for a transaction alone, so that is what it
/// counts as; the transactions of this crate are begun and ended on it by statements.
pub(crate) type Held = DatabaseTransaction;

/// Takes one connection out of `pool` for good and leaves the transaction that sea-orm began: `leave` ends it.
pub(crate) async fn hold(pool: &DatabaseConnection, leave: &str) -> Result<Held, StoreError> {
    let held = pool.begin().await?;
    held.execute_unprepared(leave).await?;
    Ok(held)
}

/// What becomes of a connection whose user went away in the middle of a statement, or met an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AfterBreak {
    /// It is as good as before: a file's connection finishes on its own thread what it began.
    Keep,
    /// It goes back to its pool, which rolls it back and sees whether it is still good.
    Return,
}

impl AfterBreak {
    /// A connection that is let go is rolled back, and PostgreSQL would warn every time that there is nothing to undo.
    const fn leave(self) -> &'static str {
        match self {
            Self::Keep => "COMMIT",
            Self::Return => "COMMIT; SET client_min_messages = error",
        }
    }
}

/// Connections of one kind, each used by one at a time.
pub(crate) struct Connections {
    pool: DatabaseConnection,
    after_break: AfterBreak,
    shelf: Arc<Shelf<Held>>,
}

impl Connections {
    /// Up to `count` connections of `pool`, each taken when it is needed first.
    pub(crate) fn new(pool: DatabaseConnection, count: u32, after_break: AfterBreak) -> Self {
        let count = usize::try_from(count).unwrap_or(usize::MAX).clamp(1, 1 << 16);
        Self { pool, after_break, shelf: Shelf::new(count) }
    }

    /// Waits for a free connection.
    pub(crate) async fn lease(&self) -> Result<Lease<Held>, StoreError> {
        let mut lease =
            self.shelf.lease().await.map_err(|_| StoreError::Interrupted("the store was closed"))?;
        let connection = match lease.take() {
            Some(connection) => connection,
            None => hold(&self.pool, self.after_break.leave()).await?,
        };
        lease.put(connection, self.after_break == AfterBreak::Keep);
        Ok(lease)
    }

    /// Refuses further use and lets the connections go.
    pub(crate) fn close(&self) {
        self.shelf.close();
    }
}

impl Lease<Held> {
    /// Takes note of how the last thing ended that was asked of the connection.
    pub(crate) fn settle<T>(&mut self, outcome: Result<T, DbErr>) -> Result<T, DbErr> {
        match &outcome {
            Ok(_) => self.mark(true),
            Err(error) if StoreError::is_of_connection(error) => {
                self.mark(false);
                // Should the server be gone, the idle ones are broken as well.
                self.clear_shelf();
            }
            Err(_) => {}
        }
        outcome
    }
}
