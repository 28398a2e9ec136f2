//! From an operation's statement to the database: connections and who owns them, transactions, changes that wait, group
//! commit, tries. The only modules that know which database is there; operations do not.
//!
//! `handover` ← `connections` ← `transaction` (with `sql`) ← `executor` (with `blame`) ← `job` ← `postgres`, `sqlite` ←
//! `database` (with `retry`).

mod blame;
mod bridge;
mod connections;
mod database;
mod executor;
mod handover;
mod job;
mod postgres;
mod retry;
pub(crate) mod sql;
mod sqlite;
mod sync;
mod transaction;

pub(crate) use database::Database;
pub(crate) use executor::{ByEngine, Executor, values};
