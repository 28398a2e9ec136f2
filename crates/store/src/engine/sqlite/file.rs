//! The database file: where it is, and the settings it is opened with.

use crate::error::StoreError;
use sea_orm::DatabaseConnection;
use sqlx::{
    ConnectOptions as _,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// The pools that a file's connections come from.
pub(super) struct Pools {
    /// Of one connection.
    pub(super) writer: DatabaseConnection,
    /// Of connections that cannot write.
    pub(super) readers: DatabaseConnection,
}

/// Opens the file of a database URL, and creates it with its directory where it is missing.
pub(super) async fn open(url: &str, readers: u32) -> Result<Pools, StoreError> {
    let path = path_of(url)?;
    create_directory_of(&path)?;
    create_private(&path)?;
    let writable = options_of(&path).create_if_missing(true).pragma("wal_autocheckpoint", "8000");
    let writer = pool(writable, 1).await?;
    // No memory map: SQLite drops a reader's map, as its pages, whenever somebody has written, and mapping it again costs
    // more than reading the few pages that an answer needs.
    let readable = options_of(&path).read_only(true).pragma("cache_size", "-2000").pragma("mmap_size", "0");
    Ok(Pools { writer, readers: pool(readable, readers).await? })
}

/// The path of `sqlite:PATH` or `sqlite://PATH`.
fn path_of(url: &str) -> Result<PathBuf, StoreError> {
    let rest = url.strip_prefix("sqlite:").unwrap_or(url);
    let path = rest.strip_prefix("//").unwrap_or(rest).split('?').next().unwrap_or_default();
    if path.is_empty() || path == ":memory:" {
        let cause = "a SQLite database needs the path of a file, as in sqlite:data/vestibule.db".to_owned();
        return Err(StoreError::Unreachable { cause });
    }
    Ok(PathBuf::from(path))
}

fn create_directory_of(path: &Path) -> Result<(), StoreError> {
    let Some(directory) = path.parent().filter(|one| !one.as_os_str().is_empty() && !one.exists()) else {
        return Ok(());
    };
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    // Personal data: only the program's own account may look.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).map_err(|error| StoreError::Unreachable {
        cause: format!("the directory {} cannot be created: {error}", directory.display()),
    })
}

/// Makes the file where it is missing, for the program's own account alone, whatever the umask says and however open the
/// directory is. SQLite gives the files next to it (`-wal`, `-shm`) the same mode.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StoreError::Unreachable {
            cause: format!("the file {} cannot be created: {error}", path.display()),
        }),
    }
}

fn options_of(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("cache_size", "-20000")
        .pragma("mmap_size", "268435456")
        .pragma("temp_store", "MEMORY")
        .statement_cache_capacity(512)
        .disable_statement_logging()
}

async fn pool(options: SqliteConnectOptions, connections: u32) -> Result<DatabaseConnection, StoreError> {
    let pool: SqlitePool = SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options)
        .await
        .map_err(|error| match StoreError::from_driver(&error) {
            StoreError::Full => StoreError::Full,
            other => StoreError::Unreachable { cause: other.to_string() },
        })?;
    Ok(DatabaseConnection::from(pool))
}
