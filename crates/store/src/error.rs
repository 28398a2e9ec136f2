//! What can go wrong between the program and its database.

use sea_orm::{DbErr, RuntimeErr};
use std::sync::Arc;

/// Why an operation of the store failed. Expected refusals (a code that was spent, a name that is taken) are outcomes
/// of the operations and never errors.
///
/// No variant carries a parameter of a statement: values of rows are personal data or digests of secrets.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer, or refuses the connection.
    #[error(
        "the database cannot be reached: {cause}; check the database URL, that the server runs and that this \
             program may use it"
    )]
    Unreachable {
        /// What the driver said.
        cause: String,
    },
    /// The database was migrated by a newer program.
    #[error(
        "the database has schema version {database}, this program knows versions up to {program}; run the newer \
             program, or restore a backup made before its migration"
    )]
    Newer {
        /// Version found.
        database: i64,
        /// Newest version this program knows.
        program: i64,
    },
    /// Nothing more can be written. Nothing of the failed transaction was kept.
    #[error("the database has no space left; free some or enlarge the disk")]
    Full,
    /// The change contradicts a rule of the schema, or another change made at the same moment.
    #[error("the change was refused: {0}")]
    Conflict(String),
    /// Other transactions got in the way (a deadlock, a serialization failure, a locked file) as often as it was tried.
    #[error("the change lost against other transactions in {tries} tries ({cause}); try again later")]
    Contention {
        /// How often it was tried.
        tries: u32,
        /// What the database reported in the end.
        cause: String,
    },
    /// A row cannot be read back.
    #[error(
        "stored data cannot be read: {0}; it was changed outside this program or belongs to another version of it"
    )]
    Corrupt(String),
    /// The transaction ended before its work did. Nothing of it was kept.
    #[error("the change was abandoned: {0}")]
    Interrupted(&'static str),
    /// Anything else the database reported.
    #[error("the database reported: {0}")]
    Database(String),
}

/// SQLite's primary result codes (sqlite.org/rescode.html); extended codes carry them in the low byte.
mod sqlite_code {
    pub(super) const BUSY: u32 = 5;
    pub(super) const FULL: u32 = 13;
    pub(super) const CANTOPEN: u32 = 14;
    pub(super) const CONSTRAINT: u32 = 19;
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::ConnectionAcquire(cause) => Self::Unreachable { cause: cause.to_string() },
            DbErr::Conn(RuntimeErr::SqlxError(cause))
            | DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause)) => Self::from_driver(&cause),
            DbErr::Conn(RuntimeErr::Internal(cause)) => Self::Unreachable { cause },
            DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. } => {
                Self::Corrupt("a column has another type".to_owned())
            }
            other => Self::Database(other.to_string()),
        }
    }
}

impl StoreError {
    /// A lease or a loan was used after its end: only a mistake inside the engine can come to this.
    pub(crate) const NO_CONNECTION: Self = Self::Interrupted("its connection is gone");

    fn contention(cause: &str) -> Self {
        Self::Contention { tries: 1, cause: cause.to_owned() }
    }

    /// Whether the same change may succeed when it is tried again from its beginning.
    pub(crate) const fn is_contention(&self) -> bool {
        matches!(self, Self::Contention { .. })
    }

    /// For the way through sea-orm; `From<DbErr>` finds it again.
    pub(crate) fn into_db(self) -> DbErr {
        DbErr::Exec(RuntimeErr::SqlxError(Arc::new(sqlx::Error::AnyDriverError(Box::new(self)))))
    }

    /// Whether the connection is to blame, so that nothing more can be expected of it.
    pub(crate) fn is_of_connection(error: &DbErr) -> bool {
        match error {
            DbErr::Conn(RuntimeErr::SqlxError(cause))
            | DbErr::Exec(RuntimeErr::SqlxError(cause))
            | DbErr::Query(RuntimeErr::SqlxError(cause)) => {
                matches!(Self::from_driver(cause), Self::Unreachable { .. })
            }
            _ => false,
        }
    }

    /// From what the driver says, by code and never by the words of the message.
    pub(crate) fn from_driver(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::AnyDriverError(own) if own.is::<Self>() => {
                own.downcast_ref::<Self>().cloned().unwrap_or(Self::NO_CONNECTION)
            }
            sqlx::Error::Database(report) => Self::from_report(report.as_ref()),
            sqlx::Error::ColumnDecode { index, .. } => {
                Self::Corrupt(format!("column {index} has another type"))
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Configuration(_) => Self::Unreachable { cause: error.to_string() },
            other => Self::Database(other.to_string()),
        }
    }

    fn from_report(report: &dyn sqlx::error::DatabaseError) -> Self {
        let code = report.code().unwrap_or_default();
        // SQLite's codes are numbers; SQLSTATE has five characters, so the two cannot be confused.
        if report.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
            return match code.parse::<u32>().unwrap_or(1) & 0xff {
                sqlite_code::FULL => Self::Full,
                sqlite_code::CANTOPEN => Self::Unreachable { cause: report.message().to_owned() },
                sqlite_code::BUSY => Self::contention("another process holds the database"),
                sqlite_code::CONSTRAINT => Self::Conflict(report.message().to_owned()),
                _ => Self::Database(format!("{} (SQLite code {code})", report.message())),
            };
        }
        Self::from_sqlstate(&code, report)
    }

    /// PostgreSQL, appendix A "Error Codes". Messages of the classes that quote a value are left out.
    fn from_sqlstate(code: &str, report: &dyn sqlx::error::DatabaseError) -> Self {
        let class = code.get(..2).unwrap_or_default();
        match (class, code) {
            (_, "53100") => Self::Full,
            ("08" | "28" | "3D" | "57", _) | (_, "53300") => {
                Self::Unreachable { cause: format!("{} (SQLSTATE {code})", report.message()) }
            }
            ("23", _) => Self::Conflict(match report.constraint() {
                Some(constraint) => format!("constraint {constraint} (SQLSTATE {code})"),
                None => format!("a constraint (SQLSTATE {code})"),
            }),
            (_, "40001" | "40P01") => {
                Self::contention(&format!("another transaction got in the way, SQLSTATE {code}"))
            }
            ("40", _) => {
                Self::Conflict(format!("another transaction got in the way (SQLSTATE {code}); try again"))
            }
            ("22", _) => Self::Database(format!("a value was refused (SQLSTATE {code})")),
            _ => Self::Database(format!("{} (SQLSTATE {code})", report.message())),
        }
    }

    /// A row of `table` cannot be understood. `what` names the column and the reason, never the value.
    pub(crate) fn corrupt(table: &str, what: &str) -> Self {
        Self::Corrupt(format!("table {table}: {what}"))
    }
}
