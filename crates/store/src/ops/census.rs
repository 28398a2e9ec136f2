//! Counting users by what decides whether they can get in.

use crate::{
    engine::values,
    entity::{credentials, users},
    error::StoreError,
    handles::PoolReads,
    records::{CensusKind, CensusLine},
    text::{from_json, to_count},
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryResult,
    sea_query::{Expr, ExprTrait as _, Query},
};
use std::collections::BTreeMap;
use vestibule_domain::{FactorKind, attempts::DISABLE_AT};

/// One row for all users who are alike. A kind is its name behind two characters: `d` where it is disabled, `c` where
/// it was chosen. Spaces part kinds, and user names, too: neither has any.
const CENSUS: &str = "\
WITH held AS ( \
    SELECT user_id, kind, MAX(CASE WHEN chosen THEN 1 ELSE 0 END) AS chosen FROM credentials \
    WHERE pool_id = $1 AND spent_at IS NULL GROUP BY user_id, kind \
), factors AS ( \
    SELECT h.user_id, string_agg( \
        CASE WHEN a.subject IS NULL THEN '-' ELSE 'd' END || CASE h.chosen WHEN 1 THEN 'c' ELSE '-' END || h.kind, \
        ' ' ORDER BY h.kind) AS kinds \
    FROM held h LEFT JOIN attempts a \
    ON a.pool_id = $1 AND a.subject = h.user_id AND a.kind = h.kind AND a.failures >= $2 \
    GROUP BY h.user_id \
), alike AS ( \
    SELECT u.username, u.group_names AS group_names, COALESCE(f.kinds, '') AS kinds, \
        CASE WHEN u.password_hash IS NULL THEN 0 ELSE 1 END AS has_password, \
        CASE WHEN u.email_verified THEN 1 ELSE 0 END AS email_verified, u.mfa_skips AS mfa_skips \
    FROM users u LEFT JOIN factors f ON f.user_id = u.id WHERE u.pool_id = $1 AND u.status = 'active' \
), numbered AS ( \
    SELECT alike.*, ROW_NUMBER() OVER ( \
        PARTITION BY group_names, kinds, has_password, email_verified, mfa_skips) AS place \
    FROM alike \
) \
SELECT group_names, kinds, CAST(has_password AS BIGINT), CAST(email_verified AS BIGINT), mfa_skips, COUNT(*), \
    string_agg(username, ' ') FILTER (WHERE place <= 3) \
FROM numbered GROUP BY group_names, kinds, has_password, email_verified, mfa_skips";

/// User names of one line at most.
const SAMPLE: usize = 3;

impl PoolReads {
    /// The active users, those who are alike in one line: who would be locked out by a rule, and how many, without a
    /// row for each of a million.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn census(&self) -> Result<Vec<CensusLine>, StoreError> {
        let rows = self.exec.rows(CENSUS, values![self.pool.as_uuid(), i64::from(DISABLE_AT)]).await?;
        // The database tells groups apart by the order in which they were given; people do not.
        let mut lines: BTreeMap<_, CensusLine> = BTreeMap::new();
        for row in &rows {
            let line = read(row)?;
            let key =
                (line.groups.clone(), line.kinds.clone(), line.has_password, line.email_verified, line.skips);
            match lines.get_mut(&key) {
                None => {
                    lines.insert(key, line);
                }
                Some(alike) => {
                    alike.users += line.users;
                    alike.sample.extend(line.sample);
                    alike.sample.truncate(SAMPLE);
                }
            }
        }
        Ok(lines.into_values().collect())
    }

    /// How many active users have no unspent credential, those of `backup_kinds` not counted: they are the ones who
    /// would have to enrol.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn users_without_factor(&self, backup_kinds: &[FactorKind]) -> Result<u64, StoreError> {
        let kinds = backup_kinds.iter().map(FactorKind::as_str);
        let counted = Query::select()
            .expr(Expr::value(1))
            .from(credentials::Entity)
            .and_where(credentials::Column::PoolId.eq(self.pool.as_uuid()))
            .and_where(
                Expr::col(credentials::Column::UserId.as_column_ref())
                    .equals(users::Column::Id.as_column_ref()),
            )
            .and_where(credentials::Column::SpentAt.is_null())
            .and_where(credentials::Column::Kind.is_not_in(kinds))
            .to_owned();
        let without = users::Entity::find()
            .filter(users::Column::PoolId.eq(self.pool.as_uuid()))
            .filter(users::Column::Status.eq("active"))
            .filter(Expr::exists(counted).not());
        Ok(without.count(&self.exec).await?)
    }
}

fn read(row: &QueryResult) -> Result<CensusLine, StoreError> {
    let text = |index| row.try_get_by_index::<String>(index);
    let mut groups: Vec<String> = from_json(&text(0)?, "users", "group_names")?;
    groups.sort_unstable();
    groups.dedup();
    let mut kinds: Vec<CensusKind> = text(1)?
        .split_whitespace()
        .filter_map(|one| {
            let (properties, kind) = one.split_at_checked(2)?;
            Some(CensusKind {
                kind: FactorKind::from_text(kind),
                disabled: properties.starts_with('d'),
                chosen: properties.ends_with('c'),
            })
        })
        .collect();
    kinds.sort_unstable();
    let users = row.try_get_by_index::<i64>(5)?;
    let sample = row.try_get_by_index::<Option<String>>(6)?.unwrap_or_default();
    Ok(CensusLine {
        groups,
        kinds,
        has_password: row.try_get_by_index::<i64>(2)? == 1,
        email_verified: row.try_get_by_index::<i64>(3)? == 1,
        skips: to_count(row.try_get_by_index(4)?, "users", "mfa_skips")?,
        users: u64::try_from(users).map_err(|_| StoreError::corrupt("users", "a negative count"))?,
        sample: sample.split_whitespace().map(str::to_owned).collect(),
    })
}
