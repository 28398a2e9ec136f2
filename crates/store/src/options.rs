//! Where the database is, and which one it is.

use std::fmt;

/// Where the database is.
#[derive(Clone)]
pub struct StoreOptions {
    /// `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`.
    pub url: String,
    /// Connections at most; readers, on SQLite.
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
    /// A file next to the program.
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
