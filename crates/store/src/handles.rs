//! The handles through which everything is read and written: to one pool, and to what is above the pools.

use crate::{
    engine::{Database, Executor},
    error::StoreError,
};
use std::{future::Future, ops::Deref};
use vestibule_domain::PoolId;

/// The data of one pool. Reads are those of [`PoolReads`].
#[derive(Clone)]
pub struct PoolStore {
    reads: PoolReads,
    database: Database,
}

impl PoolStore {
    /// Runs `job` as one transaction: atomic always, and durable when this returns `Ok`. An `Err` undoes all of it.
    ///
    /// The job must do nothing slow besides its statements: on SQLite other changes wait for it. It is `Clone` because it
    /// may run more than once: when another transaction got in the way, a fresh copy of it begins again. So whatever it
    /// does apart from its statements may happen again, too.
    ///
    /// # Errors
    /// That of the job, or of the commit; [`StoreError::Contention`] when others got in the way too often.
    pub async fn write<T, F, Fut>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(PoolTx) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let pool = self.reads.pool;
        self.database.change(move |exec| job(PoolTx { reads: PoolReads { exec, pool } })).await
    }

    /// As [`PoolStore::write`], for jobs with a refusal of their own: `Ok(Err(refusal))` undoes the change, too.
    ///
    /// # Errors
    /// That of the job, or of the commit.
    pub async fn write_or_undo<T, R, F, Fut>(&self, job: F) -> Result<Result<T, R>, StoreError>
    where
        T: Send + 'static,
        R: Send + 'static,
        F: FnOnce(PoolTx) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<Result<T, R>, StoreError>> + Send + 'static,
    {
        let pool = self.reads.pool;
        self.database.change_or_undo(move |exec| job(PoolTx { reads: PoolReads { exec, pool } })).await
    }
}

impl PoolStore {
    pub(crate) fn of(database: &Database, id: PoolId) -> Self {
        let reads = PoolReads { exec: database.reading().clone(), pool: id };
        Self { reads, database: database.clone() }
    }
}

impl Deref for PoolStore {
    type Target = PoolReads;
    fn deref(&self) -> &PoolReads {
        &self.reads
    }
}

/// Everything that can be read in a pool. On a [`PoolStore`] a read sees the last commit; on a [`PoolTx`] it sees the
/// transaction's own changes as well.
#[derive(Clone)]
pub struct PoolReads {
    pub(crate) exec: Executor,
    pub(crate) pool: PoolId,
}

impl PoolReads {
    /// Which pool.
    pub const fn id(&self) -> PoolId {
        self.pool
    }
}

/// A transaction in one pool, as its job holds it.
pub struct PoolTx {
    reads: PoolReads,
}

impl Deref for PoolTx {
    type Target = PoolReads;
    fn deref(&self) -> &PoolReads {
        &self.reads
    }
}

/// What is above the pools: the list of them, the version of the configuration, the outgoing mail of all.
#[derive(Clone)]
pub struct PlatformStore {
    pub(crate) read: Executor,
    pub(crate) database: Database,
}

impl PlatformStore {
    pub(crate) fn of(database: &Database) -> Self {
        Self { read: database.reading().clone(), database: database.clone() }
    }

    /// As [`PoolStore::write`], above the pools.
    ///
    /// # Errors
    /// That of the job, or of the commit.
    pub async fn write<T, F, Fut>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(PlatformTx) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        self.database.change(move |exec| job(PlatformTx { exec })).await
    }

    /// As [`PoolStore::write_or_undo`], above the pools.
    ///
    /// # Errors
    /// That of the job, or of the commit.
    pub async fn write_or_undo<T, R, F, Fut>(&self, job: F) -> Result<Result<T, R>, StoreError>
    where
        T: Send + 'static,
        R: Send + 'static,
        F: FnOnce(PlatformTx) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<Result<T, R>, StoreError>> + Send + 'static,
    {
        self.database.change_or_undo(move |exec| job(PlatformTx { exec })).await
    }
}

/// A transaction above the pools, as its job holds it.
pub struct PlatformTx {
    pub(crate) exec: Executor,
}

impl PlatformTx {
    /// Operations of one pool in the same transaction.
    pub fn pool(&self, id: PoolId) -> PoolTx {
        PoolTx { reads: PoolReads { exec: self.exec.clone(), pool: id } }
    }
}
