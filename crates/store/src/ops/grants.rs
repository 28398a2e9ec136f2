//! Grants: what all tokens of one sign-in hang on.

use super::users;
use crate::{
    engine::{sql::Change, values},
    entity::{columns, grants, users as user_table},
    error::StoreError,
    handles::{PoolReads, PoolTx},
    records::{GrantRow, GrantWithUser},
    text::{from_json, to_json},
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _, QueryResult,
    sea_query::IntoCondition,
};
use std::sync::LazyLock;
use vestibule_domain::{GrantId, SessionId, Timestamp, UserId};

const TABLE: &str = "grants";

/// Whether a grant `g` lives at `$3`, with its user `u` and its session `s`. False where there is none.
const LIVES: &str = "g.revoked_at IS NULL AND g.expires_at > $3 AND u.status = 'active' \
                     AND s.revoked_at IS NULL AND (s.ended_at IS NULL OR g.offline)";

/// The columns and joins that put the living grant of a row with a `grant_id` into the same row.
/// The row has the alias `t`.
pub(crate) fn joined_to_grant() -> (String, &'static str) {
    let columns = format!(
        "{}, {}, CAST(CASE WHEN {LIVES} THEN 1 ELSE 0 END AS BIGINT) AS lives",
        columns::<grants::Entity>("g.", "g_"),
        *users::JOINED
    );
    let joins = "LEFT JOIN grants g ON g.pool_id = t.pool_id AND g.id = t.grant_id \
                 LEFT JOIN users u ON u.pool_id = g.pool_id AND u.id = g.user_id \
                 LEFT JOIN sessions s ON s.pool_id = g.pool_id AND s.id = g.session_id";
    (columns, joins)
}

/// The living grant of such a row.
pub(crate) fn grant_of(row: &QueryResult) -> Result<Option<GrantWithUser>, StoreError> {
    if row.try_get::<i64>("", "lives")? == 0 {
        return Ok(None);
    }
    let grant = grants::Model::from_query_result(row, "g_")?.into_row()?;
    let user = user_table::Model::from_query_result(row, "u_")?.into_user()?;
    Ok(Some(GrantWithUser { grant, user }))
}

impl grants::Model {
    fn into_row(self) -> Result<GrantRow, StoreError> {
        Ok(GrantRow {
            id: GrantId::from_uuid(self.id),
            user: UserId::from_uuid(self.user_id),
            client_id: self.client_id,
            session: SessionId::from_uuid(self.session_id),
            scopes: from_json(&self.scopes, TABLE, "scopes")?,
            resources: from_json(&self.resources, TABLE, "resources")?,
            acr: self.acr,
            amr: from_json(&self.amr, TABLE, "amr")?,
            auth_time: Timestamp::from_seconds(self.auth_time),
            claims: self.claims,
            basis: self.basis,
            offline: self.offline,
            created_at: Timestamp::from_seconds(self.created_at),
            expires_at: Timestamp::from_seconds(self.expires_at),
        })
    }
}

impl PoolReads {
    /// A grant that stands: neither revoked nor expired, its user active, its session not revoked. When the user has
    /// signed out only offline access is left of it; a session that has merely expired leaves its grants standing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn live_grant(&self, id: GrantId, now: Timestamp) -> Result<Option<GrantWithUser>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            format!(
                "SELECT {}, {} FROM grants g JOIN users u ON u.pool_id = g.pool_id AND u.id = g.user_id \
                 LEFT JOIN sessions s ON s.pool_id = g.pool_id AND s.id = g.session_id \
                 WHERE g.pool_id = $1 AND g.id = $2 AND {LIVES}",
                columns::<grants::Entity>("g.", "g_"),
                *users::JOINED
            )
        });
        let values = values![self.pool.as_uuid(), id.as_uuid(), now.as_seconds()];
        let Some(row) = self.exec.row(&SQL, values).await? else { return Ok(None) };
        let grant = grants::Model::from_query_result(&row, "g_")?.into_row()?;
        let user = user_table::Model::from_query_result(&row, "u_")?.into_user()?;
        Ok(Some(GrantWithUser { grant, user }))
    }

    /// The user's grants that were not revoked, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn grants_of(&self, user: UserId) -> Result<Vec<GrantRow>, StoreError> {
        self.standing_grants(grants::Column::UserId.eq(user.as_uuid())).await
    }

    /// The grants given in a session that were not revoked, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn grants_of_session(&self, session: SessionId) -> Result<Vec<GrantRow>, StoreError> {
        self.standing_grants(grants::Column::SessionId.eq(session.as_uuid())).await
    }

    /// The applications that were given something in a session, whether it was taken back or not, by identifier.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clients_of_session(&self, session: SessionId) -> Result<Vec<String>, StoreError> {
        let sql =
            "SELECT DISTINCT client_id FROM grants WHERE pool_id = $1 AND session_id = $2 ORDER BY client_id";
        let rows = self.exec.rows(sql, values![self.pool.as_uuid(), session.as_uuid()]).await?;
        rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
    }

    async fn standing_grants(&self, condition: impl IntoCondition) -> Result<Vec<GrantRow>, StoreError> {
        let rows = grants::Entity::find()
            .filter(grants::Column::PoolId.eq(self.pool.as_uuid()))
            .filter(condition)
            .filter(grants::Column::RevokedAt.is_null())
            .order_by_desc(grants::Column::CreatedAt)
            .order_by_desc(grants::Column::Id)
            .all(&self.exec)
            .await?;
        rows.into_iter().map(grants::Model::into_row).collect()
    }
}

impl PoolTx {
    /// Stores a grant.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the user does not exist, or the identifier does.
    pub async fn insert_grant(&self, row: &GrantRow) -> Result<(), StoreError> {
        let row = grants::Model {
            pool_id: self.pool.as_uuid(),
            id: row.id.as_uuid(),
            user_id: row.user.as_uuid(),
            client_id: row.client_id.clone(),
            session_id: row.session.as_uuid(),
            scopes: to_json(&row.scopes, TABLE)?,
            acr: row.acr.clone(),
            amr: to_json(&row.amr, TABLE)?,
            auth_time: row.auth_time.as_seconds(),
            claims: row.claims.clone(),
            basis: row.basis.clone(),
            offline: row.offline,
            created_at: row.created_at.as_seconds(),
            expires_at: row.expires_at.as_seconds(),
            revoked_at: None,
            resources: to_json(&row.resources, TABLE)?,
        };
        self.exec.defer(Change::insert::<grants::Entity>(row)).await
    }

    /// Deletes all but so many of the grants that a session has at an application without a refresh token. The newest stay, and
    /// `grant` among them. Of those with a refresh token as many stay, apart: codes that nobody redeems end no refresh.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn keep_newest_grants(&self, grant: &GrantRow, most: u32) -> Result<(), StoreError> {
        let older = |refreshed: &str| {
            let ours = format!(
                "pool_id = $1 AND session_id = $2 AND client_id = $3 AND {refreshed} (SELECT 1 FROM refresh_tokens \
                 WHERE refresh_tokens.pool_id = grants.pool_id AND refresh_tokens.grant_id = grants.id)"
            );
            format!(
                "FROM grants WHERE {ours} AND id <> $4 \
                 AND id <= (SELECT id FROM grants WHERE {ours} ORDER BY id DESC LIMIT 1 OFFSET $5)"
            )
        };
        let values = values![
            self.pool.as_uuid(),
            grant.session.as_uuid(),
            grant.client_id.clone(),
            grant.id.as_uuid(),
            i64::from(most)
        ];
        let tokens = older("EXISTS");
        let tokens =
            format!("DELETE FROM refresh_tokens WHERE pool_id = $1 AND grant_id IN (SELECT id {tokens})");
        self.exec.run(&tokens, values.clone()).await?;
        // Grants whose tokens have just gone are among those without one.
        self.exec.run(&format!("DELETE {}", older("NOT EXISTS")), values).await?;
        Ok(())
    }

    /// Ends a grant, and with it all its tokens. Gives whose it was; nobody's when it has ended before or there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_grant(&self, id: GrantId, now: Timestamp) -> Result<Option<UserId>, StoreError> {
        let sql = "UPDATE grants SET revoked_at = $3 WHERE pool_id = $1 AND id = $2 AND revoked_at IS NULL \
                   RETURNING user_id";
        let row = self.exec.row(sql, values![self.pool.as_uuid(), id.as_uuid(), now.as_seconds()]).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.map(UserId::from_uuid))
    }

    /// Ends the user's grants, those to one application or all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_grants(
        &self,
        user: UserId,
        client_id: Option<&str>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let all =
            "UPDATE grants SET revoked_at = $3 WHERE pool_id = $1 AND user_id = $2 AND revoked_at IS NULL";
        let mut values = values![self.pool.as_uuid(), user.as_uuid(), now.as_seconds()];
        let Some(client_id) = client_id else { return self.exec.run(all, values).await };
        values.push(client_id.into());
        self.exec.run(&format!("{all} AND client_id = $4"), values).await
    }
}
