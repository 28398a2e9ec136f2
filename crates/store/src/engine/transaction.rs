//! One transaction, shared by the handles that its job holds and by the engine, which ends it.

use super::{
    connections::Held,
    handover::{Borrowed, Loan},
    sql::{Change, WaitingChanges},
};
use crate::error::StoreError;
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// A transaction in progress.
pub(crate) struct Transaction {
    connection: Loan<Held>,
    has_failed: AtomicBool,
    has_begun: AtomicBool,
    /// None when the job is done: nothing can be added any more.
    waiting: Mutex<Option<Waiting>>,
}

/// What has to be sent before, or together with, the next statement.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    /// Begins the transaction, or makes room for its next part.
    pub(crate) opening: Option<&'static str>,
    pub(crate) changes: WaitingChanges,
}

impl Waiting {
    pub(crate) const fn is_empty(&self) -> bool {
        self.opening.is_none() && self.changes.is_empty()
    }
}

/// What is left of a transaction when its job is done.
pub(crate) struct Ended {
    /// Its connection: from here on no handle of the job reaches it.
    pub(crate) connection: Held,
    /// What the job has not sent.
    pub(crate) waiting: Waiting,
    /// Whether anything was sent.
    pub(crate) has_begun: bool,
    /// Whether a statement failed.
    pub(crate) has_failed: bool,
}

const OVER: StoreError = StoreError::Interrupted("its transaction had already ended");

impl Transaction {
    /// A transaction that begins with `opening`, once there is a statement to run in it.
    pub(crate) fn opening_with(connection: Held, opening: Option<&'static str>) -> Self {
        let waiting = Waiting { opening, changes: WaitingChanges::default() };
        Self {
            connection: Loan::new(connection),
            has_failed: AtomicBool::new(false),
            has_begun: AtomicBool::new(false),
            waiting: Mutex::new(Some(waiting)),
        }
    }

    /// The connection, for one statement.
    pub(crate) async fn connection(&self) -> Result<Borrowed<'_, Held>, StoreError> {
        self.connection.borrow().await.ok_or(OVER)
    }

    /// Notes that a statement failed. PostgreSQL then answers COMMIT with a silent rollback, so such a transaction
    /// never counts as done, even if its job forgot the error.
    pub(crate) fn fail(&self) {
        self.has_failed.store(true, Ordering::Release);
    }

    /// Lets a change wait. Gives it back when it cannot be one statement with those that wait already, and has to be.
    ///
    /// # Errors
    /// When the job is done.
    pub(crate) fn defer(&self, change: Change, as_one_statement: bool) -> Result<Option<Change>, StoreError> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = waiting.as_mut().ok_or(OVER)?;
        if as_one_statement && !waiting.changes.may_include(&change) {
            return Ok(Some(change));
        }
        waiting.changes.push(change);
        Ok(None)
    }

    /// Notes that a statement is about to be sent, and gives what has to be sent with it. For the one who has borrowed
    /// the connection: nobody else can send anything in between.
    pub(crate) fn begin(&self, _connection: &Held) -> Waiting {
        self.has_begun.store(true, Ordering::Release);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Whether anything waits.
    pub(crate) fn has_waiting(&self) -> bool {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.as_ref().is_some_and(|waiting| !waiting.is_empty())
    }

    /// Ends the job's use of the connection, once no statement is under way.
    ///
    /// # Errors
    /// When it has ended before.
    pub(crate) async fn end(&self) -> Result<Ended, StoreError> {
        let connection = self.connection.end().await.ok_or(OVER)?;
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
        Ok(Ended {
            connection,
            waiting: waiting.unwrap_or_default(),
            has_begun: self.has_begun.load(Ordering::Acquire),
            has_failed: self.has_failed.load(Ordering::Acquire),
        })
    }
}
