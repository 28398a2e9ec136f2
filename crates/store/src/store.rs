//! The store: opening a database, bringing its schema up to date, and the way to the handles.

use crate::{
    engine::Database,
    error::StoreError,
    handles::{PlatformStore, PoolStore},
    migrate::{self, MigrationReport, NameCollision, SchemaState},
    options::{Engine, StoreOptions},
    sweep,
    tally::Counters,
};
use vestibule_domain::{PoolId, Timestamp};

/// An open database. Clones share it.
#[derive(Clone)]
pub struct Store {
    database: Database,
}

impl Store {
    /// Opens the database; a SQLite file and its directory are created where they are missing. Does not migrate.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] when it does not answer or the URL is of an unknown kind.
    pub async fn connect(options: &StoreOptions) -> Result<Self, StoreError> {
        Ok(Self { database: Database::connect(options).await? })
    }

    /// Brings the schema to this program's version: under a lock, in one transaction, and nothing when it is there.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a newer program has migrated the database.
    pub async fn migrate(&self) -> Result<MigrationReport, StoreError> {
        let engine = self.engine();
        self.database.change(move |exec| async move { migrate::run(&exec, engine).await }).await
    }

    /// Where the schema stands.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn schema(&self) -> Result<SchemaState, StoreError> {
        migrate::state(self.database.reading(), self.engine()).await
    }

    /// The user names that look like an older one of their pool. None were made since names are compared by their look.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn name_collisions(&self) -> Result<Vec<NameCollision>, StoreError> {
        migrate::collisions(self.database.reading()).await
    }

    /// Asks the database for an answer.
    ///
    /// # Errors
    /// When there is none.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.database.reading().row("SELECT 1", vec![]).await.map(|_| ())
    }

    /// What this store has done so far.
    pub fn counters(&self) -> Counters {
        self.database.counters()
    }

    /// Which database it is.
    pub fn engine(&self) -> Engine {
        self.database.engine()
    }

    /// What is above the pools.
    pub fn platform(&self) -> PlatformStore {
        PlatformStore::of(&self.database)
    }

    /// One pool. Whether it exists is not asked: one that does not has nothing in it.
    pub fn pool(&self, id: PoolId) -> PoolStore {
        PoolStore::of(&self.database, id)
    }

    /// Deletes what has expired by `now`, in small transactions, and says how many rows those were.
    ///
    /// # Errors
    /// When the database fails; what was swept before stays swept.
    pub async fn sweep(&self, now: Timestamp) -> Result<u64, StoreError> {
        sweep::all(&self.database, now).await
    }

    /// Finishes the changes that wait and closes all connections. Later calls fail.
    pub async fn close(&self) {
        self.database.close().await;
    }

    /// What the handles work on.
    #[cfg(test)]
    pub(crate) const fn database(&self) -> &Database {
        &self.database
    }
}
