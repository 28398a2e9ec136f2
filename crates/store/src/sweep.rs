//! Deleting what has expired: in small transactions, so that a backlog never holds up the requests of users.
//!
//! To add a table, add a line to [`EXPIRING`].

use crate::{
    engine::{Database, Executor, values},
    error::StoreError,
    records::{BROWSER_MEMORY, DEVICE_KEPT, LOGOUT_KEPT},
};
use sea_orm::prelude::Uuid;
use vestibule_domain::{Timestamp, attempts::DISABLE_AT};

const _: () = assert!(DISABLE_AT == 100, "the condition of the counters names it");

/// Rows in one transaction at most.
const BATCH: i64 = 500;

/// How long failures at a password are remembered when there are no further ones, in seconds.
const GUESSES: i64 = 400 * 86_400;

/// How long a session is kept beyond its end, in seconds: as long as grants given in it could be under way.
const SESSION_GRACE: i64 = 3_600;

/// How long the trail is kept beyond its time, in seconds: the database refuses a whole batch for one row that is too young by
/// its own clock, and that clock may be set back.
const AUDIT_GRACE: i64 = 86_400;

/// So many seconds may the clocks of two nodes differ, at the most.
const CLOCKS: i64 = 60;

/// What expires.
struct Expiring {
    table: &'static str,
    /// Its key within the pool.
    key: &'static str,
    /// Which rows may go at `$1`.
    condition: &'static str,
    /// Kept for so many seconds more.
    grace: i64,
    /// Has to be done first, in the same transaction.
    before: Option<Before>,
}

/// What goes or changes before the rows of a batch go.
enum Before {
    /// For all rows that are due at `$1`.
    All(&'static str),
    /// For as many of them as `$2` says, the first by their key: at least for those of the batch.
    Batch(&'static str),
}

const fn at_expiry(table: &'static str, key: &'static str) -> Expiring {
    Expiring { table, key, condition: "expires_at <= $1", grace: 0, before: None }
}

const EXPIRING: [Expiring; 14] = [
    at_expiry("flows", "id"),
    at_expiry("ceremonies", "id"),
    // Nodes' clocks differ: to a slower one, what was spent is not too old yet.
    Expiring { grace: CLOCKS, ..at_expiry("spent_challenges", "hash") },
    at_expiry("remembered_devices", "hash"),
    Expiring {
        // What nobody came for is no grant: no token hangs on it.
        before: Some(Before::Batch(
            "DELETE FROM grants WHERE (pool_id, id) IN (SELECT pool_id, grant_id FROM codes \
             WHERE expires_at <= $1 AND spent_at IS NULL ORDER BY pool_id, hash LIMIT $2)",
        )),
        ..at_expiry("codes", "hash")
    },
    Expiring {
        grace: DEVICE_KEPT,
        before: Some(Before::Batch(
            "DELETE FROM grants WHERE (pool_id, id) IN (SELECT pool_id, grant_id FROM device_requests \
             WHERE expires_at <= $1 AND spent_at IS NULL ORDER BY pool_id, hash LIMIT $2)",
        )),
        ..at_expiry("device_requests", "hash")
    },
    at_expiry("refresh_tokens", "hash"),
    at_expiry("mail_tokens", "hash"),
    Expiring { condition: "ends_at <= $1", ..at_expiry("budgets", "budget, hash") },
    at_expiry("grants", "id"),
    Expiring {
        grace: SESSION_GRACE,
        // A grant that slipped in while its session was being revoked stays dead when the session's row is gone.
        before: Some(Before::All(
            "UPDATE grants SET revoked_at = $1 WHERE revoked_at IS NULL AND ((pool_id, session_id) IN \
             (SELECT pool_id, id FROM sessions WHERE expires_at <= $1 AND revoked_at IS NOT NULL) \
             OR (NOT offline AND (pool_id, session_id) IN \
             (SELECT pool_id, id FROM sessions WHERE expires_at <= $1 AND ended_at IS NOT NULL)))",
        )),
        ..at_expiry("sessions", "id")
    },
    Expiring {
        table: "known_browsers",
        key: "user_id, browser",
        condition: "last_seen <= $1",
        grace: BROWSER_MEMORY,
        before: None,
    },
    Expiring {
        table: "logout_notices",
        key: "session_id, client_id",
        condition: "created_at <= $1",
        grace: LOGOUT_KEPT,
        before: None,
    },
    // One rule for every name, whether somebody has it or not; else its expiry would tell which. Where nobody guesses any more
    // the failures are forgotten, but a password that was disabled stays so. The counters of a user's other factors are never
    // forgotten: whoever sees them knows the password.
    Expiring {
        table: "attempts",
        key: "subject, kind",
        condition: "last_at <= $1 AND failures < 100 AND (kind = 'password' OR NOT EXISTS \
                    (SELECT 1 FROM users WHERE users.pool_id = attempts.pool_id AND users.id = attempts.subject))",
        grace: GUESSES,
        before: None,
    },
];

/// Everything.
pub(crate) async fn all(database: &Database, now: Timestamp) -> Result<u64, StoreError> {
    let mut swept = 0;
    for one in &EXPIRING {
        swept += table(database, one, now).await?;
    }
    Ok(swept + audit(database, now).await?)
}

/// Deletes what pools do not keep any longer of their audit trails, by the program's clock and by the database's.
async fn audit(database: &Database, now: Timestamp) -> Result<u64, StoreError> {
    // One probe of the trail's key for each pool.
    let due = "SELECT due.id, due.until FROM (SELECT pools.id, \
               CASE WHEN now < $1 THEN now ELSE $1 END - $2 - audit_kept AS until FROM pools, database_clock) AS due \
               WHERE EXISTS (SELECT 1 FROM audit WHERE audit.pool_id = due.id AND audit.happened_at <= due.until)";
    let mut swept = 0;
    for row in database.reading().rows(due, values![now.as_seconds(), AUDIT_GRACE]).await? {
        let (pool, until): (Uuid, i64) = (row.try_get("", "id")?, row.try_get("", "until")?);
        loop {
            let deleted = database
                .change(move |exec| async move {
                    let delete = "DELETE FROM audit WHERE pool_id = $1 AND (happened_at, id) IN (SELECT happened_at, id \
                                  FROM audit WHERE pool_id = $1 AND happened_at <= $2 ORDER BY happened_at, id LIMIT $3)";
                    exec.run(delete, values![pool, until, BATCH]).await
                })
                .await?;
            swept += deleted;
            if deleted < BATCH.unsigned_abs() {
                break;
            }
        }
    }
    Ok(swept)
}

async fn table(database: &Database, one: &'static Expiring, now: Timestamp) -> Result<u64, StoreError> {
    let until = (now - one.grace).as_seconds();
    let Expiring { table, condition, .. } = one;
    // Asked first: a commit that deletes nothing costs as much as any other.
    let due = format!("SELECT COUNT(*) FROM (SELECT 1 FROM {table} WHERE {condition} LIMIT 1) AS due");
    let mut swept = 0;
    while database.reading().number(&due, values![until]).await? == Some(1) {
        let deleted = database.change(move |exec| async move { batch(&exec, one, until).await }).await?;
        swept += deleted;
        if deleted == 0 {
            // Another node is sweeping the same rows.
            break;
        }
    }
    Ok(swept)
}

async fn batch(exec: &Executor, one: &Expiring, until: i64) -> Result<u64, StoreError> {
    let Expiring { table, key, condition, .. } = one;
    match one.before {
        None => {}
        Some(Before::All(before)) => {
            exec.run(before, values![until]).await?;
        }
        Some(Before::Batch(before)) => {
            exec.run(before, values![until, BATCH]).await?;
        }
    }
    // The condition twice: the outer one is looked at again when somebody changed the row meanwhile.
    let delete = format!(
        "DELETE FROM {table} WHERE {condition} \
         AND (pool_id, {key}) IN (SELECT pool_id, {key} FROM {table} WHERE {condition} ORDER BY pool_id, {key} LIMIT $2)"
    );
    exec.run(&delete, values![until, BATCH]).await
}
