//! Deleting what has expired: in small transactions, so that a backlog never holds up the requests of users.
//!
//! To add a table, add a line to [`EXPIRING`].

use crate::{
    engine::{Database, Executor, values},
    error::StoreError,
    records::BROWSER_MEMORY,
};
use vestibule_domain::Timestamp;

/// Rows in one transaction at most.
const BATCH: i64 = 500;

/// How long the failures at a name that nobody has are remembered, in seconds.
const PHANTOM: i64 = 86_400;

/// How long a mailed link is remembered beyond its expiry, in seconds: no shorter than the time in which the links to
/// one address are counted.
const MAIL_MEMORY: i64 = 3_600;

/// How long a session is kept beyond its end, in seconds: as long as grants given in it could be under way.
const SESSION_GRACE: i64 = 3_600;

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
    before: Option<&'static str>,
}

const fn at_expiry(table: &'static str, key: &'static str) -> Expiring {
    Expiring { table, key, condition: "expires_at <= $1", grace: 0, before: None }
}

const EXPIRING: [Expiring; 11] = [
    at_expiry("flows", "id"),
    at_expiry("ceremonies", "id"),
    at_expiry("spent_challenges", "hash"),
    at_expiry("remembered_devices", "hash"),
    at_expiry("codes", "hash"),
    at_expiry("refresh_tokens", "hash"),
    // Counted for an hour, whether they still work or not.
    Expiring { grace: MAIL_MEMORY, ..at_expiry("mail_tokens", "hash") },
    at_expiry("grants", "id"),
    Expiring {
        grace: SESSION_GRACE,
        // A grant that slipped in while its session was being revoked stays dead when the session's row is gone.
        before: Some(
            "UPDATE grants SET revoked_at = $1 WHERE revoked_at IS NULL AND ((pool_id, session_id) IN \
             (SELECT pool_id, id FROM sessions WHERE expires_at <= $1 AND revoked_at IS NOT NULL) \
             OR (NOT offline AND (pool_id, session_id) IN \
             (SELECT pool_id, id FROM sessions WHERE expires_at <= $1 AND ended_at IS NOT NULL)))",
        ),
        ..at_expiry("sessions", "id")
    },
    Expiring {
        table: "known_browsers",
        key: "user_id, browser",
        condition: "last_seen <= $1",
        grace: BROWSER_MEMORY,
        before: None,
    },
    // The counter of a user is never forgotten: only a right answer clears it.
    Expiring {
        table: "attempts",
        key: "subject, kind",
        condition: "last_at <= $1 AND NOT EXISTS \
                    (SELECT 1 FROM users WHERE users.pool_id = attempts.pool_id AND users.id = attempts.subject)",
        grace: PHANTOM,
        before: None,
    },
];

/// Everything.
pub(crate) async fn all(database: &Database, now: Timestamp) -> Result<u64, StoreError> {
    let mut swept = 0;
    for one in &EXPIRING {
        swept += table(database, one, now).await?;
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
    if let Some(before) = one.before {
        exec.run(before, values![until]).await?;
    }
    // The condition twice: the outer one is looked at again when somebody changed the row meanwhile.
    let delete = format!(
        "DELETE FROM {table} WHERE {condition} \
         AND (pool_id, {key}) IN (SELECT pool_id, {key} FROM {table} WHERE {condition} LIMIT $2)"
    );
    exec.run(&delete, values![until, BATCH]).await
}
