//! Databases to test on.

use std::{
    future::Future,
    sync::atomic::{AtomicU64, Ordering},
};
use tokio::task::JoinSet;
use uuid::Uuid;

/// The variable that names a PostgreSQL cluster in which databases may be created.
const POSTGRES: &str = "VESTIBULE_TEST_POSTGRES";

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file of its own.
    Sqlite,
    /// A database of its own in the cluster that `VESTIBULE_TEST_POSTGRES` names.
    Postgres,
}

impl Engine {
    /// A fresh database and what to keep alive with it.
    pub(crate) async fn fresh(self) -> String {
        let name = unique("vestibule");
        match self {
            Self::Sqlite => {
                let path = std::env::temp_dir().join(format!("{name}.sqlite"));
                format!("sqlite://{}", path.display())
            }
            Self::Postgres => {
                let maintenance = std::env::var(POSTGRES).expect("asked for PostgreSQL without a cluster");
                let pool = sqlx::postgres::PgPoolOptions::new()
                    .max_connections(1)
                    .connect(&maintenance)
                    .await
                    .unwrap();
                let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
                sqlx::query(create).execute(&pool).await.unwrap();
                pool.close().await;
                let mut url = url::Url::parse(&maintenance).unwrap();
                url.set_path(&name);
                url.to_string()
            }
        }
    }
}

/// A name that no other test has, in this process or another.
pub(crate) fn unique(prefix: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let random =
        Uuid::from_u128(u128::from(std::process::id()) << 64 | u128::from(number)).simple().to_string();
    let nanos = std::time::UNIX_EPOCH.elapsed().map(|since| since.as_nanos()).unwrap_or_default();
    format!("{prefix}_{}_{nanos:x}", random.trim_start_matches('0'))
}

/// Runs a test on SQLite always, and on PostgreSQL where a cluster is given. With `CI` set, a missing cluster fails.
pub async fn on_every_engine<F: Future<Output = ()>>(test: impl Fn(Engine) -> F) {
    test(Engine::Sqlite).await;
    if std::env::var(POSTGRES).is_ok() {
        test(Engine::Postgres).await;
    } else if std::env::var("CI").is_ok_and(|ci| ci == "true") {
        panic!("{POSTGRES} is not set, so nothing would be tested on PostgreSQL; run `cargo xtask test`");
    } else {
        eprintln!("not run on PostgreSQL: {POSTGRES} is not set; `cargo xtask test` sets it");
    }
}

/// Runs jobs all at once and gives what each came to.
pub async fn at_once<T: Send + 'static>(
    jobs: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let mut set = JoinSet::new();
    for job in jobs {
        set.spawn(job);
    }
    set.join_all().await
}
