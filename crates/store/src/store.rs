//! The store: opening a database, and the handles to a pool and to the platform.

use crate::{
    engine::{
        job::{Answer, Queued},
        lanes::Lanes,
        postgres, sqlite,
    },
    error::StoreError,
    exec::{Exec, Tally},
    migrate::{self, MigrationReport, SchemaState},
    sweep,
};
use sea_orm::{DatabaseConnection, DbBackend};
use std::{convert::Infallible, fmt, future::Future, ops::Deref, sync::Arc};
use vestibule_domain::{PoolId, Timestamp};

/// Where the database is.
#[derive(Clone)]
pub struct StoreOptions {
    /// `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    pub url: String,
    /// Connections at the most; readers, on SQLite.
    pub max_connections: u32,
}

impl fmt::Debug for StoreOptions {
    /// Without the URL: it may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreOptions").field("max_connections", &self.max_connections).finish_non_exhaustive()
    }
}

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file beside the program.
    Sqlite,
    /// A PostgreSQL server, or one that speaks its protocol.
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

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

enum Database {
    Sqlite { readers: Arc<Lanes>, writer: sqlite::Writer },
    Postgres { pool: DatabaseConnection, lanes: Arc<Lanes> },
}

struct Inner {
    database: Database,
    read: Exec,
    tally: Arc<Tally>,
}

/// An open database. Clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

impl Store {
    /// Opens the database; a SQLite file and its directory are created where they are missing. Does not migrate.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] when it does not answer or the URL is of an unknown kind.
    pub async fn connect(options: &StoreOptions) -> Result<Self, StoreError> {
        let tally = Arc::new(Tally::default());
        let scheme = options.url.split(':').next().unwrap_or_default();
        let (database, read) = match scheme {
            "sqlite" => {
                let sqlite::Opened { readers, writer } = sqlite::connect(options, &tally).await?;
                let read = Exec::over_lanes(Arc::clone(&readers), DbBackend::Sqlite, Arc::clone(&tally));
                (Database::Sqlite { readers, writer }, read)
            }
            "postgres" | "postgresql" => {
                let postgres::Opened { pool, lanes } = postgres::connect(options).await?;
                let read = Exec::over_lanes(Arc::clone(&lanes), DbBackend::Postgres, Arc::clone(&tally));
                (Database::Postgres { pool, lanes }, read)
            }
            _ => {
                let cause = "the database URL has to begin with sqlite: or postgres:".to_owned();
                return Err(StoreError::Unreachable { cause });
            }
        };
        Ok(Self { inner: Arc::new(Inner { database, read, tally }) })
    }

    /// Brings the schema to this program's version: under a lock, in one transaction, and nothing when it is there.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a newer program has migrated the database.
    pub async fn migrate(&self) -> Result<MigrationReport, StoreError> {
        let engine = self.engine();
        self.change(move |exec| async move { migrate::run(&exec, engine).await }).await
    }

    /// Where the schema stands.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn schema(&self) -> Result<SchemaState, StoreError> {
        migrate::state(&self.inner.read, self.engine()).await
    }

    /// Asks the database for an answer.
    ///
    /// # Errors
    /// When there is none.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.inner.read.row("SELECT 1", vec![]).await.map(|_| ())
    }

    /// What this store has done so far.
    pub fn counters(&self) -> Counters {
        self.inner.tally.read()
    }

    /// Which database it is.
    pub fn engine(&self) -> Engine {
        match self.inner.database {
            Database::Sqlite { .. } => Engine::Sqlite,
            Database::Postgres { .. } => Engine::Postgres,
        }
    }

    /// What is above the pools.
    pub fn platform(&self) -> PlatformStore {
        PlatformStore { read: self.inner.read.clone(), store: self.clone() }
    }

    /// One pool. Whether it exists is not asked: one that does not has nothing in it.
    pub fn pool(&self, id: PoolId) -> PoolStore {
        PoolStore { reads: PoolReads { exec: self.inner.read.clone(), pool: id }, store: self.clone() }
    }

    /// Deletes what has expired by `now`, in small transactions, and says how many rows those were.
    ///
    /// # Errors
    /// When the database fails; what was swept before stays swept.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64, StoreError> {
        sweep::all(self, now).await
    }

    /// Finishes the changes that wait and closes all connections. Later calls fail.
    pub async fn close(&self) {
        match &self.inner.database {
            Database::Sqlite { readers, writer } => {
                readers.close();
                writer.close().await;
            }
            Database::Postgres { pool, lanes } => {
                lanes.close();
                // The only error is that it was closed before.
                let _ = pool.close_by_ref().await;
            }
        }
    }

    /// The way for reads.
    pub(crate) fn read(&self) -> &Exec {
        &self.inner.read
    }

    /// One atomic change that cannot be refused by its caller.
    pub(crate) async fn change<T, F, Fut>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(Exec) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let outcome =
            self.submit(move |exec| async move { job(exec).await.map(Ok::<T, Infallible>) }).await?;
        let Ok(value) = outcome;
        Ok(value)
    }

    async fn submit<T, R, F, Fut>(&self, job: F) -> Answer<T, R>
    where
        T: Send + 'static,
        R: Send + 'static,
        F: FnOnce(Exec) -> Fut + Send + 'static,
        Fut: Future<Output = Answer<T, R>> + Send + 'static,
    {
        let (job, answer) = Queued::new(job);
        match &self.inner.database {
            Database::Sqlite { writer, .. } => writer.submit(job).await?,
            Database::Postgres { lanes, .. } => postgres::run(lanes, &self.inner.tally, job).await,
        }
        answer.await.unwrap_or(Err(StoreError::Interrupted("the writer stopped")))
    }
}

/// The data of one pool. Reads are those of [`PoolReads`].
#[derive(Clone)]
pub struct PoolStore {
    reads: PoolReads,
    store: Store,
}

impl PoolStore {
    /// Runs `job` as one transaction: atomic always, and durable when this returns `Ok`. An `Err` undoes all of it.
    ///
    /// The job must do nothing slow beside its statements: on SQLite other changes wait for it.
    ///
    /// # Errors
    /// That of the job, or of the commit.
    pub async fn write<T, F, Fut>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(PoolTx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let pool = self.reads.pool;
        self.store.change(move |exec| job(PoolTx { reads: PoolReads { exec, pool } })).await
    }

    /// As [`PoolStore::write`], for jobs with a refusal of their own: `Ok(Err(refusal))` undoes the change, too.
    ///
    /// # Errors
    /// That of the job, or of the commit.
    pub async fn write_or_undo<T, R, F, Fut>(&self, job: F) -> Result<Result<T, R>, StoreError>
    where
        T: Send + 'static,
        R: Send + 'static,
        F: FnOnce(PoolTx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Result<T, R>, StoreError>> + Send + 'static,
    {
        let pool = self.reads.pool;
        self.store.submit(move |exec| job(PoolTx { reads: PoolReads { exec, pool } })).await
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
    pub(crate) exec: Exec,
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
    pub(crate) read: Exec,
    pub(crate) store: Store,
}

impl PlatformStore {
    /// As [`PoolStore::write`], above the pools.
    ///
    /// # Errors
    /// That of the job, or of the commit.
    pub async fn write<T, F, Fut>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(PlatformTx) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        self.store.change(move |exec| job(PlatformTx { exec })).await
    }
}

/// A transaction above the pools, as its job holds it.
pub struct PlatformTx {
    pub(crate) exec: Exec,
}

impl PlatformTx {
    /// Operations of one pool in the same transaction.
    pub fn pool(&self, id: PoolId) -> PoolTx {
        PoolTx { reads: PoolReads { exec: self.exec.clone(), pool: id } }
    }
}
