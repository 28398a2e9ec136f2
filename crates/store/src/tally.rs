//! What a store has done since it was opened, counted.

use std::sync::atomic::{AtomicU64, Ordering};

/// What a store has done since it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Counters {
    /// Statements of operations; those that begin and end transactions are not counted.
    pub statements: u64,
    /// Trips to the database: several statements may share one, and those that begin and end transactions count.
    pub trips: u64,
    /// Durable commits.
    pub commits: u64,
}

/// The counters while they run.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    statements: AtomicU64,
    trips: AtomicU64,
    commits: AtomicU64,
}

impl Tally {
    /// An operation asked for a statement.
    pub(crate) fn add_statement(&self) {
        self.statements.fetch_add(1, Ordering::Relaxed);
    }

    /// Something was sent to the database.
    pub(crate) fn add_trip(&self) {
        self.trips.fetch_add(1, Ordering::Relaxed);
    }

    /// The database confirmed a commit.
    pub(crate) fn add_commit(&self) {
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
