//! The only crate that knows SQL: everything that has to outlive the process, on SQLite or PostgreSQL.
//!
//! **Owns** the schema and its migrations, the tables (private), which change is one transaction, and the conditional
//! statements by which a code, a token, a TOTP step or a challenge is spent exactly once on either database.
//!
//! **Must not know** what a row is good for: whether a session is strong enough, whether a redirection matches, when a
//! key is rotated. Times and identifiers come from the caller; secrets come as digests or sealed.
//!
//! A [`PoolStore`] reads and writes one pool and cannot reach another. A write is one call with one job:
//!
//! ```
//! # use vestibule_store::{PoolStore, Spend, StoreError};
//! # use vestibule_domain::Timestamp;
//! # async fn example(pool: PoolStore, code: [u8; 32], now: Timestamp) -> Result<(), StoreError> {
//! let spent = pool.write(move |tx| async move { tx.redeem_code(&code, now).await }).await?;
//! if let Spend::Replayed((row, _)) = spent {
//!     pool.write(move |tx| async move { tx.revoke_grant(row.grant, now).await }).await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! **To add a table**: a new pair of migrations (see `migrate`), its entity in `entity.rs`, its record in [`records`],
//! its operations in a file of `ops`, a line in `sweep` when it expires, and its rows in the contract tests of
//! isolation and of races.
//!
//! **The order of the modules**, from the bottom: `error`, `options`, `tally`, `records`, `text` ← `entity`, `engine`
//! ← `handles` ← `ops`, `migrate`, `sweep` ← `store`. Nothing points back; inside `engine` the order is in `engine.rs`.
#![doc = include_str!("../docs/life.md")]

mod engine;
mod entity;
mod error;
mod handles;
mod migrate;
mod ops;
mod options;
pub mod records;
mod store;
mod sweep;
mod tally;
#[cfg(test)]
mod tests;
mod text;

pub use error::StoreError;
pub use handles::{PlatformStore, PlatformTx, PoolReads, PoolStore, PoolTx};
pub use migrate::{MigrationReport, NameCollision, SchemaState};
pub use ops::budgets::BudgetKey;
pub use options::{Engine, StoreOptions};
pub use records::{
    AuditFilter, AuditRow, BROWSER_MEMORY, CensusKind, CensusLine, CeremonyKey, CeremonyRow, Claim, CodeRow,
    ConsentRow, CredentialTotal, CredentialUpdate, DEVICE_KEPT, DeviceRow, DeviceState, FlowRow, GrantRow,
    GrantWithUser, Hash, Insertion, KeyStatus, Known, LEASE, LOGOUT_KEPT, LogoutKey, LogoutNotice,
    LogoutOutcome, LogoutState, MAX_KNOWN_BROWSERS, MAX_REMEMBERED_BROWSERS, MailBody, MailRow, MailTokenRow,
    MailWaiting, Page, PoolTotals, PoolWrite, RefreshRow, RememberedBrowser, SLOWER_BY, SLOWEST,
    SessionWithUser, SigningKeyRow, Spend, UserFilter, UserWithPassword, destination_of,
};
pub use store::Store;
pub use tally::Counters;
