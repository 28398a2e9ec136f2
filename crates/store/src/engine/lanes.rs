//! Connections that are held for good.
//!
//! A pool tests every connection when it comes back; with SQLite that doubles the trips to the driver's thread. A
//! file does not break like a network does, so the few connections to it are taken out of their pools once and kept.

use crate::error::StoreError;
use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, TransactionTrait};
use std::{
    ops::Deref,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Takes one connection out of `pool` for good and leaves it outside any transaction, so that its holder says BEGIN
/// and COMMIT itself.
pub(crate) async fn hold(pool: &DatabaseConnection) -> Result<DatabaseTransaction, StoreError> {
    let held = pool.begin().await?;
    held.execute_unprepared("COMMIT").await?;
    Ok(held)
}

/// Connections for reading, each used by one read at a time.
pub(crate) struct Lanes {
    free: Arc<Mutex<Vec<Arc<DatabaseTransaction>>>>,
    permits: Arc<Semaphore>,
}

impl Lanes {
    /// Holds `count` connections of `pool`.
    pub(crate) async fn open(pool: &DatabaseConnection, count: u32) -> Result<Self, StoreError> {
        let mut free = Vec::new();
        for _ in 0..count {
            free.push(Arc::new(hold(pool).await?));
        }
        let permits = Arc::new(Semaphore::new(free.len()));
        Ok(Self { free: Arc::new(Mutex::new(free)), permits })
    }

    /// Waits for a free connection.
    pub(crate) async fn take(&self) -> Result<Lane, StoreError> {
        let closed = StoreError::Interrupted("the store was closed");
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| closed.clone())?;
        let connection = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop().ok_or(closed)?;
        Ok(Lane { connection, free: Arc::clone(&self.free), _permit: permit })
    }

    /// Refuses further reads and lets the connections go.
    pub(crate) fn close(&self) {
        self.permits.close();
        self.free.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// A connection in use. Goes back when dropped, before its permit does.
pub(crate) struct Lane {
    connection: Arc<DatabaseTransaction>,
    free: Arc<Mutex<Vec<Arc<DatabaseTransaction>>>>,
    _permit: OwnedSemaphorePermit,
}

impl Deref for Lane {
    type Target = DatabaseTransaction;
    fn deref(&self) -> &DatabaseTransaction {
        &self.connection
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&self.connection));
    }
}
