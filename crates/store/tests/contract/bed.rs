//! A fresh database for each test, on each engine.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, SqliteConnection};
use std::{
    future::Future,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};
use uuid::Uuid;
use vestibule_domain::{Origin, Pool, PoolId, PoolSettings};
use vestibule_store::{PoolStore, PoolWrite, Store, StoreOptions};

static NEXT: AtomicU64 = AtomicU64::new(1);

/// An identifier no other call in this process gives.
pub(crate) fn unique() -> Uuid {
    Uuid::from_u128(u128::from(NEXT.fetch_add(1, Ordering::Relaxed)))
}

pub(crate) fn postgres() -> Option<String> {
    std::env::var("VESTIBULE_TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}

/// A database that is deleted in the end.
pub(crate) struct Bed {
    pub(crate) url: String,
    /// The directory of a SQLite file, or the maintenance database and the name of a PostgreSQL one.
    place: Place,
}

enum Place {
    Directory(PathBuf),
    Database { maintenance: String, name: String },
}

impl Bed {
    pub(crate) fn sqlite() -> Self {
        let name = format!("vestibule-store-{}-{}", std::process::id(), unique().as_u128());
        let directory = std::env::temp_dir().join(name);
        let url = format!("sqlite:{}", directory.join("data/test.db").display());
        Self { url, place: Place::Directory(directory) }
    }

    pub(crate) async fn postgres(maintenance: String) -> Self {
        let name = format!("vestibule_test_{}_{}", std::process::id(), unique().as_u128());
        let mut admin = PgConnection::connect(&maintenance).await.unwrap();
        let create = format!("CREATE DATABASE {name}");
        admin.execute(AssertSqlSafe(create)).await.unwrap();
        let mut url = url::Url::parse(&maintenance).unwrap();
        url.set_path(&name);
        Self { url: url.to_string(), place: Place::Database { maintenance, name } }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self.place, Place::Directory(_))
    }

    /// An identifier as a literal of this engine.
    pub(crate) fn identifier(&self, number: usize) -> String {
        let hex = format!("{number:032x}");
        if self.is_sqlite() { format!("x'{hex}'") } else { format!("'{hex}'::uuid") }
    }

    pub(crate) async fn connect(&self) -> Store {
        Store::connect(&StoreOptions { url: self.url.clone(), max_connections: 8 }).await.unwrap()
    }

    /// Runs a statement behind the store's back, over a connection of its own. Returns what the database refused.
    ///
    /// The connection is closed before the answer: one that is dropped closes in the background, and the last one of
    /// a SQLite file holds it exclusively meanwhile, so that the next one to come is told that it is locked.
    pub(crate) async fn raw(&self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.is_sqlite() {
            let mut file = SqliteConnection::connect(&self.url).await?;
            let outcome = file.execute(sql).await.map(drop);
            file.close().await?;
            outcome
        } else {
            PgConnection::connect(&self.url).await?.execute(sql).await.map(drop)
        }
    }

    /// Lines of text that a query with one text column gives.
    pub(crate) async fn lines(&self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.is_sqlite() {
            let mut file = SqliteConnection::connect(&self.url).await.unwrap();
            let lines = file.fetch_all(sql).await.unwrap().iter().map(|row| row.get(0)).collect();
            file.close().await.unwrap();
            lines
        } else {
            let mut server = PgConnection::connect(&self.url).await.unwrap();
            server.fetch_all(sql).await.unwrap().iter().map(|row| row.get(0)).collect()
        }
    }

    /// Every row of a table as text, sorted.
    pub(crate) async fn dump(&self, table: &str) -> Vec<String> {
        if !self.is_sqlite() {
            return self.lines(&format!("SELECT t::text FROM {table} t ORDER BY 1")).await;
        }
        let columns = self.lines(&format!("SELECT name FROM pragma_table_info('{table}')")).await;
        let quoted: Vec<String> = columns.iter().map(|name| format!("quote({name})")).collect();
        self.lines(&format!("SELECT {} AS line FROM {table} ORDER BY line", quoted.join(" || ',' || "))).await
    }

    pub(crate) async fn remove(self) {
        match self.place {
            Place::Directory(directory) => std::fs::remove_dir_all(directory).unwrap(),
            Place::Database { maintenance, name } => {
                let mut admin = PgConnection::connect(&maintenance).await.unwrap();
                let drop = format!("DROP DATABASE {name} WITH (FORCE)");
                admin.execute(AssertSqlSafe(drop)).await.unwrap();
            }
        }
    }
}

/// A migrated database and two pools in it.
pub(crate) struct World {
    pub(crate) bed: Bed,
    pub(crate) store: Store,
    pub(crate) pool: PoolStore,
    pub(crate) other: PoolStore,
}

/// Runs a test on a fresh database of each engine, not migrated.
pub(crate) async fn on_each_bed<F, Fut>(test: F)
where
    F: Fn(std::sync::Arc<Bed>) -> Fut,
    Fut: Future<Output = ()>,
{
    let mut beds = vec![Bed::sqlite()];
    if let Some(url) = postgres() {
        beds.push(Bed::postgres(url).await);
    }
    for bed in beds {
        let bed = std::sync::Arc::new(bed);
        test(std::sync::Arc::clone(&bed)).await;
        std::sync::Arc::into_inner(bed).expect("the test holds its bed no longer").remove().await;
    }
}

/// Runs a test in a world of each engine.
pub(crate) async fn on_each<F, Fut>(test: F)
where
    F: Fn(std::sync::Arc<World>) -> Fut,
    Fut: Future<Output = ()>,
{
    let mut beds = vec![Bed::sqlite()];
    if let Some(url) = postgres() {
        beds.push(Bed::postgres(url).await);
    }
    for bed in beds {
        let store = bed.connect().await;
        store.migrate().await.unwrap();
        let (first, second) = (a_pool("first"), a_pool("second"));
        let (pool, other) = (store.pool(first.id), store.pool(second.id));
        for one in [first, second] {
            let written = store.platform().write(move |tx| async move { tx.upsert_pool(&one).await }).await;
            assert_eq!(written, Ok(PoolWrite::Written));
        }
        let world = std::sync::Arc::new(World { bed, store, pool, other });
        test(std::sync::Arc::clone(&world)).await;
        let world = std::sync::Arc::into_inner(world).expect("the test holds its world no longer");
        world.store.close().await;
        world.bed.remove().await;
    }
}

pub(crate) fn a_pool(slug: &str) -> Pool {
    Pool {
        id: PoolId::from_uuid(unique()),
        tenant: format!("tenant-of-{slug}"),
        slug: slug.to_owned(),
        name: format!("Pool {slug}"),
        origin: Origin::parse(&format!("https://{slug}.example")).unwrap(),
        settings: PoolSettings::default(),
        version: 1,
    }
}

/// Runs `attempt` in so many tasks at once and gives what each got.
pub(crate) async fn race<T, F, Fut>(tasks: usize, attempt: F) -> Vec<T>
where
    T: Send + 'static,
    F: Fn(usize) -> Fut,
    Fut: Future<Output = T> + Send + 'static,
{
    let running: Vec<_> = (0..tasks).map(|task| tokio::spawn(attempt(task))).collect();
    let mut results = Vec::new();
    for one in running {
        results.push(one.await.unwrap());
    }
    results
}
