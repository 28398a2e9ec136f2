//! Versioned migrations: the SQL files of `/migrations`, built into the program.
//!
//! To add one, write `migrations/sqlite/NNNN_name.sql` and its twin for PostgreSQL and append a line to [`ALL`]. A file
//! that was ever released is never changed again. What SQL cannot compute is a step of [`After`].

mod names;

use crate::{
    engine::{Executor, values},
    error::StoreError,
    options::Engine,
};
pub use names::NameCollision;
pub(crate) use names::collisions;

struct Migration {
    version: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
    after: Option<After>,
}

/// What follows a migration's SQL.
#[derive(Clone, Copy)]
enum After {
    /// User names and addresses get their normal forms.
    Names,
}

macro_rules! migration {
    ($version:literal, $name:literal) => {
        migration!($version, $name, None)
    };
    ($version:literal, $name:literal, $after:expr) => {
        Migration {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!("../../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../../migrations/postgres/", $name, ".sql")),
            after: $after,
        }
    };
}

/// Every migration, in order.
const ALL: &[Migration] = &[
    migration!(1, "0001_foundation"),
    migration!(2, "0002_sign_ins_begin_again"),
    migration!(3, "0003_outbox_sealed"),
    migration!(4, "0004_names_of_every_script", Some(After::Names)),
    migration!(5, "0005_budgets"),
    migration!(6, "0006_audit_retention"),
    migration!(7, "0007_codes_without_challenge"),
    migration!(8, "0008_tokens_for_apis"),
    migration!(9, "0009_logout_notices"),
    migration!(10, "0010_device_requests"),
    migration!(11, "0011_profiles"),
    migration!(12, "0012_consents_by_application"),
    migration!(13, "0013_pool_secrets"),
    migration!(14, "0014_certificates"),
];

/// Names the lock under which PostgreSQL nodes migrate one after the other: the letters "vestibul".
const LOCK: i64 = 0x7665_7374_6962_756c;

/// What a migration run did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationReport {
    /// Version found; 0 for an empty database.
    pub from: i64,
    /// Version now.
    pub to: i64,
    /// Names of the migrations that ran.
    pub applied: Vec<&'static str>,
    /// User names that have the same normal form as an older one, or look the same. They stay as they are, and their users
    /// sign in as before.
    pub collisions: Vec<NameCollision>,
}

/// How the schema compares to what this program needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// Nothing is there yet.
    Empty,
    /// Migrations have to run.
    Behind {
        /// Version found.
        database: i64,
        /// Version needed.
        program: i64,
    },
    /// As it should be.
    Current {
        /// The version.
        version: i64,
    },
    /// A newer program was here: this one must not touch it.
    Newer {
        /// Version found.
        database: i64,
        /// Version known.
        program: i64,
    },
}

fn newest() -> i64 {
    ALL.iter().map(|one| one.version).max().unwrap_or_default()
}

/// Reads the version, 0 where the table that holds it is missing.
async fn version(exec: &Executor, engine: Engine) -> Result<i64, StoreError> {
    let exists = match engine {
        Engine::Sqlite => {
            "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'"
        }
        Engine::Postgres => {
            "SELECT COUNT(*) FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_name = 'schema_migrations'"
        }
    };
    if exec.number(exists, vec![]).await?.unwrap_or_default() == 0 {
        return Ok(0);
    }
    let newest = exec.number("SELECT COALESCE(MAX(version), 0) FROM schema_migrations", vec![]).await?;
    Ok(newest.unwrap_or_default())
}

/// Where the schema stands.
pub(crate) async fn state(exec: &Executor, engine: Engine) -> Result<SchemaState, StoreError> {
    let (database, program) = (version(exec, engine).await?, newest());
    Ok(match database {
        0 => SchemaState::Empty,
        _ if database < program => SchemaState::Behind { database, program },
        _ if database > program => SchemaState::Newer { database, program },
        _ => SchemaState::Current { version: database },
    })
}

/// Runs what is missing, inside the caller's transaction. SQLite's is immediate and so a lock in itself.
pub(crate) async fn run(exec: &Executor, engine: Engine) -> Result<MigrationReport, StoreError> {
    if engine == Engine::Postgres {
        exec.row("SELECT pg_advisory_xact_lock($1)", values![LOCK]).await?;
    }
    let (from, to) = (version(exec, engine).await?, newest());
    if from > to {
        return Err(StoreError::Newer { database: from, program: to });
    }
    exec.script("CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)")
        .await?;
    let (mut applied, mut collided) = (Vec::new(), Vec::new());
    for one in ALL.iter().filter(|one| one.version > from) {
        exec.script(match engine {
            Engine::Sqlite => one.sqlite,
            Engine::Postgres => one.postgres,
        })
        .await?;
        match one.after {
            Some(After::Names) => {
                names::normalize(exec).await?;
                collided = collisions(exec).await?;
            }
            None => {}
        }
        let insert = "INSERT INTO schema_migrations (version, name) VALUES ($1, $2)";
        exec.run(insert, values![one.version, one.name]).await?;
        applied.push(one.name);
    }
    Ok(MigrationReport { from, to, applied, collisions: collided })
}
