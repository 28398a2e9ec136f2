//! The operations, one file for each topic. On the hot path SQL is written out: the same text runs on both engines, `$1`
//! is always the pool, and a reviewer of a spend sees its one conditional statement. Elsewhere operations use sea-orm's
//! entities and query builder.
//!
//! To add one: reads go to `impl PoolReads`, writes to `impl PoolTx`; begin every condition with the pool's id; let the
//! row count of one statement decide whatever may happen only once; never let a statement fail on purpose, because
//! PostgreSQL gives up the whole transaction then.

pub(crate) mod attempts;
pub(crate) mod audit;
pub(crate) mod browsers;
pub(crate) mod budgets;
pub(crate) mod census;
pub(crate) mod ceremonies;
pub(crate) mod config;
pub(crate) mod consents;
pub(crate) mod credentials;
pub(crate) mod deletion;
pub(crate) mod devices;
pub(crate) mod flows;
pub(crate) mod grants;
pub(crate) mod logouts;
pub(crate) mod mail;
mod outgoing;
pub(crate) mod platform;
pub(crate) mod secrets;
pub(crate) mod sessions;
pub(crate) mod tokens;
pub(crate) mod users;
