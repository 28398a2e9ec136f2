//! The normal forms of names that were stored before there were any.
//!
//! The older of two users who want the same form gets it. The other one keeps what was stored, which still finds the
//! account when it is typed as before, and is reported.

use crate::{
    engine::{Executor, values},
    error::StoreError,
};
use uuid::Uuid;
use vestibule_domain::user::{fold, skeleton};

/// Users that are read at once.
const BATCH: i64 = 1000;

/// A user name that looks like an older one of its pool.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameCollision {
    /// The pool, by short name.
    pub pool: String,
    /// The name as it is stored.
    pub username: String,
}

/// A user as far as names go.
struct Row {
    pool: Uuid,
    id: Uuid,
    username: String,
    key: String,
    email: Option<String>,
    email_key: Option<String>,
}

/// Gives all users the forms of today, in the order in which they were made.
pub(super) async fn normalize(exec: &Executor) -> Result<(), StoreError> {
    let (mut pool, mut id) = (Uuid::nil(), Uuid::nil());
    loop {
        let sql = "SELECT pool_id, id, username, username_key, email, email_key FROM users \
                   WHERE pool_id > $1 OR (pool_id = $1 AND id > $2) ORDER BY pool_id, id LIMIT $3";
        let rows = exec.rows(sql, values![pool, id, BATCH]).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        (pool, id) = (last.try_get_by_index(0)?, last.try_get_by_index(1)?);
        for row in &rows {
            let row = Row {
                pool: row.try_get_by_index(0)?,
                id: row.try_get_by_index(1)?,
                username: row.try_get_by_index(2)?,
                key: row.try_get_by_index(3)?,
                email: row.try_get_by_index(4)?,
                email_key: row.try_get_by_index(5)?,
            };
            normalize_one(exec, &row).await?;
        }
    }
}

async fn normalize_one(exec: &Executor, row: &Row) -> Result<(), StoreError> {
    let (key, look) = (fold(&row.username), skeleton(&row.username));
    if key != row.key {
        let sql = "UPDATE users SET username_key = $3 WHERE pool_id = $1 AND id = $2 \
                   AND NOT EXISTS (SELECT 1 FROM users o WHERE o.pool_id = $1 AND o.username_key = $3)";
        exec.run(sql, values![row.pool, row.id, key.clone()]).await?;
    }
    // What keeps its old key has the look of the one that has the new key.
    let sql = "UPDATE users SET username_skeleton = $3 WHERE pool_id = $1 AND id = $2 \
               AND NOT EXISTS (SELECT 1 FROM users o WHERE o.pool_id = $1 AND o.username_skeleton = $3) \
               AND NOT EXISTS (SELECT 1 FROM users o WHERE o.pool_id = $1 AND o.username_key = $4 AND o.id <> $2)";
    exec.run(sql, values![row.pool, row.id, look, key]).await?;
    let email_key = row.email.as_deref().map(fold);
    if email_key != row.email_key {
        let sql = "UPDATE users SET email_key = $3 WHERE pool_id = $1 AND id = $2 \
                   AND NOT EXISTS (SELECT 1 FROM users o WHERE o.pool_id = $1 AND o.email_key = $3)";
        exec.run(sql, values![row.pool, row.id, email_key]).await?;
    }
    Ok(())
}

/// The names that collide with an older one.
pub(crate) async fn collisions(exec: &Executor) -> Result<Vec<NameCollision>, StoreError> {
    let sql = "SELECT p.slug, u.username FROM users u JOIN pools p ON p.id = u.pool_id \
               WHERE u.username_skeleton IS NULL ORDER BY p.slug, u.username";
    let rows = exec.rows(sql, values![]).await?;
    rows.iter()
        .map(|row| Ok(NameCollision { pool: row.try_get_by_index(0)?, username: row.try_get_by_index(1)? }))
        .collect()
}
