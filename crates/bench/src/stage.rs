//! Where the product plays: a directory or cluster with databases, its settings, and the program.

use crate::{
    cli::{Database, Place},
    machine::{Process, parent_of},
};
use anyhow::Context as _;
use std::path::{Path, PathBuf};
use vestibule_flows::HashCost;
use vestibule_seal::KeyRing;

/// One database engine with an empty database.
pub(crate) struct Stage<'a> {
    place: &'a Place,
    /// Which engine.
    pub(crate) database: Database,
    directory: PathBuf,
    /// The process that all processes of PostgreSQL descend from.
    pub(crate) postmaster: Option<u32>,
    /// Holds a connection to the cluster, so that its first process is known.
    maintenance: Option<sqlx::PgPool>,
    url: String,
}

impl<'a> Stage<'a> {
    /// Empties the directory, and makes a key ring and an empty database.
    pub(crate) async fn set(place: &'a Place, database: Database) -> anyhow::Result<Self> {
        let directory = place.data.join(format!("{database:?}").to_lowercase());
        if directory.exists() {
            std::fs::remove_dir_all(&directory)?;
        }
        std::fs::create_dir_all(&directory)?;
        let directory = directory.canonicalize()?;
        std::fs::write(directory.join("key-ring"), KeyRing::generate_text(&vestibule::SystemEntropy))?;
        std::fs::set_permissions(
            directory.join("key-ring"),
            std::os::unix::fs::PermissionsExt::from_mode(0o600),
        )?;
        let (maintenance, postmaster) = match database {
            Database::Sqlite => (None, None),
            Database::Postgres => {
                let url = place.postgres.as_ref().context("--postgres is needed for that engine")?;
                let pool = sqlx::postgres::PgPoolOptions::new().max_connections(1).connect(url).await?;
                let backend: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&pool).await?;
                let postmaster = parent_of(u32::try_from(backend)?)?;
                (Some(pool), Some(postmaster))
            }
        };
        let mut stage = Self { place, database, directory, postmaster, maintenance, url: String::new() };
        stage.url = stage.empty_database("bench").await?;
        Ok(stage)
    }

    /// The address of a SQLite file.
    pub(crate) fn file(&self, name: &str) -> String {
        format!("sqlite://{}", self.directory.join(format!("{name}.sqlite")).display())
    }

    /// The address of a database with nothing in it.
    pub(crate) async fn empty_database(&self, name: &str) -> anyhow::Result<String> {
        let Some(pool) = &self.maintenance else { return Ok(self.file(name)) };
        let name = format!("bench_{name}");
        sqlx::query(sqlx::AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name}"))).execute(pool).await?;
        sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(pool).await?;
        let mut url = url::Url::parse(self.place.postgres.as_deref().unwrap_or_default())?;
        url.set_path(&name);
        Ok(url.to_string())
    }

    /// Writes settings as an operator would, for the stage's own database.
    pub(crate) fn settings(&self, name: &str, cost: HashCost) -> anyhow::Result<PathBuf> {
        self.settings_at(name, &self.url, cost)
    }

    /// Writes settings for the database at `url`.
    pub(crate) fn settings_at(&self, name: &str, url: &str, cost: HashCost) -> anyhow::Result<PathBuf> {
        let ring = self.directory.join("key-ring");
        let mut text = format!(
            "[server]\nlisten = \"127.0.0.1:0\"\n[database]\nurl = \"{url}\"\n[secrets]\nkey_ring_file = \"{}\"\n\
             [log]\nlevel = \"warn\"\n",
            ring.display()
        );
        if cost != HashCost::default() {
            let (memory, iterations) = (cost.memory_kib, cost.iterations);
            text.push_str(&format!("[password_hashing]\nmemory_kib = {memory}\niterations = {iterations}\n"));
        }
        let path = self.directory.join(format!("{name}.toml"));
        std::fs::write(&path, text)?;
        Ok(path)
    }

    /// Starts the product on a database that is filled.
    pub(crate) fn product(&self, settings: &Path) -> anyhow::Result<Process> {
        let settings = settings.to_string_lossy();
        match &self.place.program {
            Some(program) => Process::start(program, &["serve", "--json", "--config", &settings]),
            None => Process::start(&std::env::current_exe()?, &["serve", "--config", &settings]),
        }
    }

    /// Starts the product on an empty database.
    pub(crate) fn first_start(&self, settings: &Path) -> anyhow::Result<Process> {
        let program = self.place.program.as_ref().context("--program is needed to measure starts")?;
        Process::start(program, &["serve", "--migrate", "--json", "--config", &settings.to_string_lossy()])
    }

    /// What the stage's own database takes on disk, in KiB.
    pub(crate) async fn size(&self) -> anyhow::Result<u64> {
        let bytes = match &self.maintenance {
            None => {
                let files = ["bench.sqlite", "bench.sqlite-wal"].map(|name| self.directory.join(name));
                files.iter().filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum()
            }
            Some(pool) => {
                let asked = sqlx::query_scalar::<_, i64>("SELECT pg_database_size('bench_bench')");
                u64::try_from(asked.fetch_one(pool).await?)?
            }
        };
        Ok(bytes / 1024)
    }

    /// A directory of the stage's, where mails are put.
    pub(crate) fn mails(&self) -> PathBuf {
        self.directory.join("mails")
    }

    /// Lets go of the cluster.
    pub(crate) async fn close(self) {
        if let Some(pool) = self.maintenance {
            pool.close().await;
        }
    }
}
