//! Who owns a connection, and how it passes from one to the next: always by move.
//!
//! Nothing here decides by a reference count or leaves a handle behind: a connection is either on the [`Shelf`], in one
//! [`Lease`], or in one [`Loan`]. `tests/handover.rs` compiles this file with the locks of a model checker.

use super::sync::{Mutex, PoisonError};
use std::{ops::Deref, sync::Arc};
use tokio::sync::{AcquireError, MappedMutexGuard, MutexGuard, OwnedSemaphorePermit, Semaphore};

/// Connections that nobody uses at the moment, and how many may be in use at once.
pub(crate) struct Shelf<C> {
    free: Mutex<Vec<C>>,
    permits: Arc<Semaphore>,
}

impl<C> Shelf<C> {
    /// Room for `count` connections in use.
    pub(crate) fn new(count: usize) -> Arc<Self> {
        Arc::new(Self { free: Mutex::new(Vec::new()), permits: Arc::new(Semaphore::new(count)) })
    }

    /// Waits for its turn. The lease has a connection in it if one was free; otherwise its holder makes one.
    ///
    /// # Errors
    /// When the shelf was closed.
    pub(crate) async fn lease(self: &Arc<Self>) -> Result<Lease<C>, AcquireError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await?;
        let connection = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Ok(Lease { connection, is_sound: false, shelf: Arc::clone(self), _permit: permit })
    }

    /// Lets go of the connections that nobody uses.
    pub(crate) fn clear(&self) {
        let idle = std::mem::take(&mut *self.free.lock().unwrap_or_else(PoisonError::into_inner));
        drop(idle);
    }

    /// Refuses further leases and lets the connections go; those in use go when their leases end.
    pub(crate) fn close(&self) {
        self.permits.close();
        self.clear();
    }

    fn put_back(&self, connection: C) {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        // Looked at under the lock, which `close` takes after it has closed: nothing is left behind there.
        if !self.permits.is_closed() {
            free.push(connection);
        }
    }
}

/// The right to use one connection. When it is dropped, a sound connection goes back to the shelf before the next
/// waiting caller gets its turn.
pub(crate) struct Lease<C> {
    connection: Option<C>,
    is_sound: bool,
    shelf: Arc<Shelf<C>>,
    // Dropped after `drop` has put the connection back.
    _permit: OwnedSemaphorePermit,
}

impl<C> Lease<C> {
    /// The connection, to be used in place.
    pub(crate) const fn connection(&self) -> Option<&C> {
        self.connection.as_ref()
    }

    /// Takes the connection out. Unless it is put in again, it does not go back to the shelf.
    pub(crate) const fn take(&mut self) -> Option<C> {
        self.connection.take()
    }

    /// Puts a connection in; `is_sound` says whether it may go back to the shelf as it is.
    pub(crate) fn put(&mut self, connection: C, is_sound: bool) {
        self.connection = Some(connection);
        self.is_sound = is_sound;
    }

    /// Says whether the connection may go back to the shelf.
    pub(crate) const fn mark(&mut self, is_sound: bool) {
        self.is_sound = is_sound;
    }

    /// Lets go of the connections that nobody uses.
    pub(crate) fn clear_shelf(&self) {
        self.shelf.clear();
    }
}

impl<C> Drop for Lease<C> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take()
            && self.is_sound
        {
            self.shelf.put_back(connection);
        }
    }
}

/// A connection that is lent to a job through handles that the job may clone and keep. The lender gets it back by move,
/// and every handle is empty from then on.
pub(crate) struct Loan<C>(tokio::sync::Mutex<Option<C>>);

/// The use of a lent connection, for one statement.
pub(crate) struct Borrowed<'a, C>(MappedMutexGuard<'a, C>);

impl<C> Loan<C> {
    pub(crate) fn new(connection: C) -> Self {
        Self(tokio::sync::Mutex::new(Some(connection)))
    }

    /// The connection, once no other statement uses it; none when the loan has ended.
    pub(crate) async fn borrow(&self) -> Option<Borrowed<'_, C>> {
        MutexGuard::try_map(self.0.lock().await, Option::as_mut).ok().map(Borrowed)
    }

    /// Ends the loan, once no statement uses the connection. None when it has ended before.
    pub(crate) async fn end(&self) -> Option<C> {
        self.0.lock().await.take()
    }
}

impl<C> Deref for Borrowed<'_, C> {
    type Target = C;
    fn deref(&self) -> &C {
        &self.0
    }
}
