//! Browser sessions.

use super::{logouts::Ended, users};
use crate::{
    engine::{sql::Change, values},
    entity::{columns, consents, select, sessions, users as user_table},
    error::StoreError,
    handles::{PoolReads, PoolTx},
    records::{ConsentRow, Hash, SessionWithUser},
    text::{from_json, to_json},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _};
use std::sync::LazyLock;
use vestibule_domain::{AuthEvent, FlowId, Session, SessionId, Timestamp, UserId, session::merge_events};

const TABLE: &str = "sessions";

/// How often a change that was overtaken is tried again.
const RETRIES: usize = 64;

impl sessions::Model {
    fn into_session(self) -> Result<Session, StoreError> {
        Ok(Session {
            id: SessionId::from_uuid(self.id),
            user: UserId::from_uuid(self.user_id),
            events: from_json(&self.events, TABLE, "events")?,
            created_at: Timestamp::from_seconds(self.created_at),
            last_seen_at: Timestamp::from_seconds(self.last_seen_at),
            expires_at: Timestamp::from_seconds(self.expires_at),
            ip: self.ip,
            user_agent: self.user_agent,
        })
    }
}

impl PoolReads {
    /// The session of a cookie and whose it is, unless it was revoked. Whether it is still alive, and the user active,
    /// is the caller's to judge.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session_by_token(&self, token_hash: &Hash) -> Result<Option<SessionWithUser>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            format!(
                "SELECT {}, {} FROM sessions s JOIN users u ON u.pool_id = s.pool_id AND u.id = s.user_id \
                 WHERE s.pool_id = $1 AND s.token_hash = $2 AND s.revoked_at IS NULL AND s.ended_at IS NULL",
                columns::<sessions::Entity>("s.", "s_"),
                *users::JOINED
            )
        });
        let Some(row) = self.exec.row(&SQL, values![self.pool.as_uuid(), token_hash.to_vec()]).await? else {
            return Ok(None);
        };
        let session = sessions::Model::from_query_result(&row, "s_")?.into_session()?;
        let user = user_table::Model::from_query_result(&row, "u_")?.into_user()?;
        Ok(Some(SessionWithUser { session, user }))
    }

    /// As [`PoolReads::session_by_token`], with what the user agreed that an application may have, in one statement.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session_and_consent(
        &self,
        token_hash: &Hash,
        client_id: &str,
    ) -> Result<Option<(SessionWithUser, Option<ConsentRow>)>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            format!(
                "SELECT {}, {}, {} FROM sessions s JOIN users u ON u.pool_id = s.pool_id AND u.id = s.user_id \
                 LEFT JOIN consents c ON c.pool_id = s.pool_id AND c.user_id = s.user_id AND c.client_id = $3 \
                 WHERE s.pool_id = $1 AND s.token_hash = $2 AND s.revoked_at IS NULL AND s.ended_at IS NULL",
                columns::<sessions::Entity>("s.", "s_"),
                *users::JOINED,
                columns::<consents::Entity>("c.", "c_"),
            )
        });
        let values = values![self.pool.as_uuid(), token_hash.to_vec(), client_id];
        let Some(row) = self.exec.row(&SQL, values).await? else { return Ok(None) };
        let session = sessions::Model::from_query_result(&row, "s_")?.into_session()?;
        let user = user_table::Model::from_query_result(&row, "u_")?.into_user()?;
        let consent = match row.try_get::<Option<String>>("", "c_client_id")? {
            Some(_) => Some(consents::Model::from_query_result(&row, "c_")?.into_row()?),
            None => None,
        };
        Ok(Some((SessionWithUser { session, user }, consent)))
    }

    /// The user's sessions that were not revoked, the one used last first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sessions_of(&self, user: UserId) -> Result<Vec<Session>, StoreError> {
        let rows = sessions::Entity::find()
            .filter(sessions::Column::PoolId.eq(self.pool.as_uuid()))
            .filter(sessions::Column::UserId.eq(user.as_uuid()))
            .filter(sessions::Column::RevokedAt.is_null())
            .filter(sessions::Column::EndedAt.is_null())
            .order_by_desc(sessions::Column::LastSeenAt)
            .order_by_desc(sessions::Column::Id)
            .all(&self.exec)
            .await?;
        rows.into_iter().map(sessions::Model::into_session).collect()
    }
}

impl PoolTx {
    /// Opens a session.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the user does not exist, or the identifier or the token does.
    pub async fn insert_session(&self, session: &Session, token_hash: &Hash) -> Result<(), StoreError> {
        let row = sessions::Model {
            pool_id: self.pool.as_uuid(),
            id: session.id.as_uuid(),
            user_id: session.user.as_uuid(),
            token_hash: token_hash.to_vec(),
            events: to_json(&session.events, TABLE)?,
            created_at: session.created_at.as_seconds(),
            last_seen_at: session.last_seen_at.as_seconds(),
            expires_at: session.expires_at.as_seconds(),
            ip: session.ip.clone(),
            user_agent: session.user_agent.clone(),
            revoked_at: None,
            ended_at: None,
        };
        self.exec.apply(Change::insert::<sessions::Entity>(row)).await?;
        Ok(())
    }

    /// Adds proofs to a session and gives it a new token; the old one is dead. The newest proof of each factor and
    /// credential stays. `false` when the session was revoked, has expired or is another user's.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when other changes of the same session kept overtaking this one.
    pub async fn raise_session(
        &self,
        id: SessionId,
        user: UserId,
        events: &[AuthEvent],
        new_token_hash: &Hash,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let read = "SELECT events FROM sessions \
                    WHERE pool_id = $1 AND id = $2 AND user_id = $3 AND revoked_at IS NULL AND ended_at IS NULL AND expires_at > $4";
        let raise = "UPDATE sessions SET events = $5, token_hash = $6, last_seen_at = $4 \
                     WHERE pool_id = $1 AND id = $2 AND user_id = $3 AND revoked_at IS NULL AND ended_at IS NULL AND expires_at > $4 \
                     AND events = $7";
        let (pool, session, user, time) =
            (self.pool.as_uuid(), id.as_uuid(), user.as_uuid(), now.as_seconds());
        for _ in 0..RETRIES {
            let Some(row) = self.exec.row(read, values![pool, session, user, time]).await? else {
                return Ok(false);
            };
            let seen: String = row.try_get_by_index(0)?;
            let old: Vec<AuthEvent> = from_json(&seen, TABLE, "events")?;
            let merged = to_json(&merge_events(&old, events), TABLE)?;
            let values = values![pool, session, user, time, merged, new_token_hash.to_vec(), seen];
            if self.exec.hit(raise, values).await? {
                return Ok(true);
            }
        }
        Err(StoreError::Conflict("the session kept changing; try again".to_owned()))
    }

    /// Makes whoever would end the session wait until this transaction ends, and reads it as of then; none when it has ended
    /// or is another user's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hold_session(
        &self,
        user: UserId,
        id: SessionId,
        now: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        static READ: LazyLock<String> =
            LazyLock::new(|| select::<sessions::Entity>("pool_id = $1 AND id = $2 AND user_id = $3"));
        let hold = "UPDATE sessions SET last_seen_at = last_seen_at \
                    WHERE pool_id = $1 AND id = $2 AND user_id = $3 AND revoked_at IS NULL AND ended_at IS NULL AND expires_at > $4";
        let (pool, session, user) = (self.pool.as_uuid(), id.as_uuid(), user.as_uuid());
        if !self.exec.hit(hold, values![pool, session, user, now.as_seconds()]).await? {
            return Ok(None);
        }
        let row: Option<sessions::Model> = self.exec.one(&READ, values![pool, session, user]).await?;
        row.map(sessions::Model::into_session).transpose()
    }

    /// Notes that the session was used; never moves back in time. What is `None` stays as it was.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn touch_session(
        &self,
        id: SessionId,
        now: Timestamp,
        ip: Option<&str>,
        user_agent: Option<&str>,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE sessions SET last_seen_at = $3, ip = COALESCE($4, ip), user_agent = COALESCE($5, user_agent) \
                   WHERE pool_id = $1 AND id = $2 AND revoked_at IS NULL AND ended_at IS NULL AND last_seen_at <= $3";
        let values = values![
            self.pool.as_uuid(),
            id.as_uuid(),
            now.as_seconds(),
            ip.map(str::to_owned),
            user_agent.map(str::to_owned)
        ];
        self.exec.hit(sql, values).await
    }

    /// The user signs out of a session: grants given in it end with it, except those of offline access, which is
    /// meant for a user who is not there (OIDC Core §11). `false` when there is no such session any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_session(&self, user: UserId, id: SessionId, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE sessions SET ended_at = $4 \
                   WHERE pool_id = $1 AND id = $2 AND user_id = $3 AND revoked_at IS NULL AND ended_at IS NULL";
        let values = values![self.pool.as_uuid(), id.as_uuid(), user.as_uuid(), now.as_seconds()];
        let ended = self.exec.hit(sql, values).await?;
        if ended {
            self.note_logouts(user, Ended::One(id), now).await?;
        }
        Ok(ended)
    }

    /// Ends a session of the user and every grant given in it; `false` when there is no such session any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_session(
        &self,
        user: UserId,
        id: SessionId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE sessions SET revoked_at = $4 \
                   WHERE pool_id = $1 AND id = $2 AND user_id = $3 AND revoked_at IS NULL";
        let values = values![self.pool.as_uuid(), id.as_uuid(), user.as_uuid(), now.as_seconds()];
        if !self.exec.hit(sql, values).await? {
            return Ok(false);
        }
        let grants = "UPDATE grants SET revoked_at = $3 \
                      WHERE pool_id = $1 AND session_id = $2 AND revoked_at IS NULL";
        self.exec.run(grants, values![self.pool.as_uuid(), id.as_uuid(), now.as_seconds()]).await?;
        self.note_logouts(user, Ended::One(id), now).await?;
        Ok(true)
    }

    /// Ends the user's sessions, except one that may stay, every grant given in them, and every sign-in under way but
    /// `during`:
    /// its first factor may have been given with what is being revoked. Says how many sessions.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_sessions(
        &self,
        user: UserId,
        except: Option<SessionId>,
        during: Option<FlowId>,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        // No session has the nil identifier, so it excepts none.
        let except = except.map_or(uuid::Uuid::nil(), |id| id.as_uuid());
        let sql = "UPDATE sessions SET revoked_at = $4 \
                   WHERE pool_id = $1 AND user_id = $2 AND id <> $3 AND revoked_at IS NULL";
        let values = values![self.pool.as_uuid(), user.as_uuid(), except, now.as_seconds()];
        let ended = self.exec.run(sql, values).await?;
        if ended > 0 {
            self.note_logouts(user, Ended::Several, now).await?;
        }
        // Also those of sessions that ended by themselves: "all others" means nothing of them is left.
        let grants = "UPDATE grants SET revoked_at = $4 \
                      WHERE pool_id = $1 AND user_id = $2 AND session_id <> $3 AND revoked_at IS NULL";
        self.exec.run(grants, values![self.pool.as_uuid(), user.as_uuid(), except, now.as_seconds()]).await?;
        self.delete_other_flows(user, during).await?;
        Ok(ended)
    }
}
