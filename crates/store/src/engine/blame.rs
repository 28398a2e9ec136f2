//! Which of the changes that waited is to blame for an error.

use super::sql::SentChanges;
use crate::error::StoreError;
use sea_orm::{DbErr, RuntimeErr};

/// The error of a trip that carried waiting changes, and whether a statement followed them. Says which of the
/// changes failed, as far as the database tells.
pub(super) fn of_changes(error: DbErr, sent: &SentChanges, followed: bool) -> StoreError {
    if sent.is_empty() {
        return error.into();
    }
    let blamed = sent.of_table(|table| names_table(&error, table));
    let or = if followed { ", or the statement after it" } else { "" };
    let about = |what: &str| format!("{what} (waiting change: {blamed}{or})");
    match StoreError::from(error) {
        StoreError::Conflict(what) => StoreError::Conflict(about(&what)),
        StoreError::Database(what) => StoreError::Database(about(&what)),
        StoreError::Contention { tries, cause } => StoreError::Contention { tries, cause: about(&cause) },
        other => other,
    }
}

/// Whether the database says that a table is to blame: PostgreSQL in a field, SQLite in the names of the columns.
fn names_table(error: &DbErr, table: &str) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error
    else {
        return false;
    };
    let Some(report) = cause.as_database_error() else { return false };
    report.table() == Some(table)
        || report
            .message()
            .split([' ', ','])
            .any(|word| word.split_once('.').is_some_and(|(named, _)| named == table))
}
