//! An open database of either kind: where reads go, and how a change gets its transaction, again if it has to.

use super::{
    connections::Connections,
    executor::Executor,
    job::{Answer, Job},
    postgres, retry, sqlite,
};
use crate::{
    error::StoreError,
    options::{Engine, StoreOptions},
    tally::{Counters, Tally},
};
use sea_orm::{DatabaseConnection, DbBackend};
use std::{
    convert::Infallible,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

enum Kind {
    Sqlite { readers: Arc<Connections>, writer: sqlite::Writer },
    Postgres { pool: DatabaseConnection, connections: Arc<Connections> },
}

/// An open database. Clones share it.
#[derive(Clone)]
pub(crate) struct Database(Arc<Inner>);

struct Inner {
    kind: Kind,
    reading: Executor,
    tally: Arc<Tally>,
    /// Numbers the pauses between tries.
    pauses: AtomicU64,
}

impl Database {
    /// Opens the database that the options name.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] when it does not answer or the URL is of an unknown kind.
    pub(crate) async fn connect(options: &StoreOptions) -> Result<Self, StoreError> {
        let tally = Arc::new(Tally::default());
        let scheme = options.url.split(':').next().unwrap_or_default();
        let (kind, reading) = match scheme {
            "sqlite" => {
                let sqlite::Opened { readers, writer } = sqlite::connect(options, &tally).await?;
                let reading = Executor::reading(Arc::clone(&readers), DbBackend::Sqlite, Arc::clone(&tally));
                (Kind::Sqlite { readers, writer }, reading)
            }
            "postgres" | "postgresql" => {
                let postgres::Opened { pool, connections } = postgres::connect(options).await?;
                let reading =
                    Executor::reading(Arc::clone(&connections), DbBackend::Postgres, Arc::clone(&tally));
                (Kind::Postgres { pool, connections }, reading)
            }
            _ => {
                let cause = "the database URL has to begin with sqlite: or postgres:".to_owned();
                return Err(StoreError::Unreachable { cause });
            }
        };
        Ok(Self(Arc::new(Inner { kind, reading, tally, pauses: AtomicU64::new(0) })))
    }

    /// Which database it is.
    pub(crate) fn engine(&self) -> Engine {
        match self.0.kind {
            Kind::Sqlite { .. } => Engine::Sqlite,
            Kind::Postgres { .. } => Engine::Postgres,
        }
    }

    /// What has been done so far.
    pub(crate) fn counters(&self) -> Counters {
        self.0.tally.read()
    }

    /// The way for reads.
    pub(crate) fn reading(&self) -> &Executor {
        &self.0.reading
    }

    /// Finishes the changes that wait and closes all connections. Later calls fail.
    pub(crate) async fn close(&self) {
        match &self.0.kind {
            Kind::Sqlite { readers, writer } => {
                readers.close();
                writer.close().await;
            }
            Kind::Postgres { pool, connections } => {
                connections.close();
                // The only error is that it was closed before.
                let _ = pool.close_by_ref().await;
            }
        }
    }

    /// One atomic change that cannot be refused by its caller.
    pub(crate) async fn change<T, F, Fut>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(Executor) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let outcome =
            self.change_or_undo(move |exec| async move { job(exec).await.map(Ok::<T, Infallible>) }).await?;
        let Ok(value) = outcome;
        Ok(value)
    }

    /// One atomic change, which its caller may refuse. The one place where a change that lost against another
    /// transaction is tried again: from its beginning, on a copy of the job, so that each try starts from the same
    /// state.
    pub(crate) async fn change_or_undo<T, R, F, Fut>(&self, job: F) -> Answer<T, R>
    where
        T: Send + 'static,
        R: Send + 'static,
        F: FnOnce(Executor) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = Answer<T, R>> + Send + 'static,
    {
        let mut tried = 0;
        loop {
            let answer = self.attempt(job.clone()).await;
            tried += 1;
            match answer {
                Err(StoreError::Contention { cause, .. }) if tried == retry::TRIES => {
                    return Err(StoreError::Contention { tries: tried, cause });
                }
                Err(error) if error.is_contention() => {
                    tracing::debug!(%error, tried, "a change is tried again");
                    let ticket = self.0.pauses.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(retry::pause(tried, ticket)).await;
                }
                answer => return answer,
            }
        }
    }

    async fn attempt<T, R, F, Fut>(&self, job: F) -> Answer<T, R>
    where
        T: Send + 'static,
        R: Send + 'static,
        F: FnOnce(Executor) -> Fut + Send + 'static,
        Fut: Future<Output = Answer<T, R>> + Send + 'static,
    {
        let (job, answer) = Job::new(job);
        match &self.0.kind {
            Kind::Sqlite { writer, .. } => writer.submit(job).await?,
            Kind::Postgres { connections, .. } => postgres::run(connections, &self.0.tally, job).await,
        }
        answer.await.unwrap_or(Err(StoreError::Interrupted("the writer stopped")))
    }
}
