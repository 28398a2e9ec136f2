//! Applications that are to be told that a session has ended (OpenID Connect Back-Channel Logout 1.0).

use super::outgoing::Outgoing;
use crate::{
    engine::{sql::Change, values},
    entity::{logout_notices, select},
    error::StoreError,
    handles::{PlatformStore, PoolReads, PoolTx},
    records::{Claim, LogoutKey, LogoutNotice, LogoutOutcome, LogoutState},
    text::{from_json, to_count, to_limit},
};
use std::sync::LazyLock;
use uuid::Uuid;
use vestibule_domain::{Client, PoolId, SessionId, Timestamp, UserId};

const TABLE: &str = "logout_notices";

const NOTICES: Outgoing = Outgoing { table: TABLE, key: "session_id, client_id", destination: "client_id" };

/// Which sessions of a user have just ended.
#[derive(Clone, Copy)]
pub(super) enum Ended {
    /// This one.
    One(SessionId),
    /// Every one whose end has the time of this call.
    Several,
}

impl logout_notices::Model {
    fn into_notice(self) -> Result<LogoutNotice, StoreError> {
        let at = Timestamp::from_seconds;
        let state = match (self.next_try_at, self.delivered_at) {
            (_, Some(delivered)) => LogoutState::Delivered { at: at(delivered) },
            (Some(due), None) => LogoutState::Waiting { next_try_at: at(due), last_error: self.last_error },
            (None, None) => LogoutState::GivenUp { error: self.last_error.unwrap_or_default() },
        };
        Ok(LogoutNotice {
            key: LogoutKey { session: SessionId::from_uuid(self.session_id), client_id: self.client_id },
            subject: self.subject,
            created_at: at(self.created_at),
            tries: to_count(self.tries, TABLE, "tries")?,
            state,
        })
    }
}

impl PoolReads {
    /// The notices of an application, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn logout_notices(&self, client_id: &str, most: u64) -> Result<Vec<LogoutNotice>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            select::<logout_notices::Entity>("pool_id = $1 AND client_id = $2")
                + " ORDER BY created_at DESC, session_id DESC LIMIT $3"
        });
        let values = values![self.pool.as_uuid(), client_id, to_limit(most)];
        let rows: Vec<logout_notices::Model> = self.exec.all(&SQL, values).await?;
        rows.into_iter().map(logout_notices::Model::into_notice).collect()
    }
}

impl PoolTx {
    /// Notes which applications are to be told: those with an address for it that were given something in a session that has
    /// just ended at `now`. It follows the change that ends the session, which has waited for whoever was giving
    /// something in it.
    pub(super) async fn note_logouts(
        &self,
        user: UserId,
        ended: Ended,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        const GIVEN: &str = "SELECT DISTINCT g.session_id, g.client_id, c.document FROM grants g \
             JOIN clients c ON c.pool_id = g.pool_id AND c.id = g.client_id ";
        let (pool, user_id) = (self.pool.as_uuid(), user.as_uuid());
        let rows = match ended {
            Ended::One(session) => {
                let sql = format!("{GIVEN}WHERE g.pool_id = $1 AND g.session_id = $2 AND g.user_id = $3");
                self.exec.rows(&sql, values![pool, session.as_uuid(), user_id]).await?
            }
            Ended::Several => {
                let sql = format!(
                    "{GIVEN}JOIN sessions s ON s.pool_id = g.pool_id AND s.id = g.session_id \
                     WHERE g.pool_id = $1 AND g.user_id = $2 AND s.user_id = $2 AND s.revoked_at = $3"
                );
                self.exec.rows(&sql, values![pool, user_id, now.as_seconds()]).await?
            }
        };
        for row in rows {
            let (session_id, client_id): (Uuid, String) =
                (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
            let client: Client = from_json(&row.try_get_by_index::<String>(2)?, "clients", "document")?;
            if client.logout.backchannel_logout_uri.is_none() {
                continue;
            }
            let notice = logout_notices::Model {
                pool_id: pool,
                session_id,
                client_id,
                subject: user.to_string(),
                created_at: now.as_seconds(),
                tries: 0,
                next_try_at: Some(now.as_seconds()),
                last_error: None,
                delivered_at: None,
            };
            // A session that a user signed out of can be revoked later: its applications know already.
            self.exec.defer(Change::insert_if_absent::<logout_notices::Entity>(notice)).await?;
        }
        Ok(())
    }

    /// Writes down what became of a notice; `false` when it is gone or was settled already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle_logout(
        &self,
        key: &LogoutKey,
        outcome: &LogoutOutcome,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE logout_notices SET next_try_at = $4, last_error = $5, delivered_at = $6 \
                   WHERE pool_id = $1 AND session_id = $2 AND client_id = $3 AND next_try_at IS NOT NULL";
        let (next, error, delivered) = match outcome {
            LogoutOutcome::Delivered => (None, None, Some(now.as_seconds())),
            LogoutOutcome::Failed { error, next_try_at } => {
                (Some(next_try_at.as_seconds()), Some(error.clone()), None)
            }
            LogoutOutcome::GivenUp { error } => (None, Some(error.clone()), None),
        };
        let (pool, session) = (self.pool.as_uuid(), key.session.as_uuid());
        self.exec.hit(sql, values![pool, session, key.client_id.clone(), next, error, delivered]).await
    }
}

impl PlatformStore {
    /// Takes notices that are due, for [`LEASE`](crate::LEASE) seconds: as many as `claim` allows of each pool and each
    /// application. Their count of tries has this one in it. Costs no commit when none is due.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_logouts(
        &self,
        now: Timestamp,
        claim: &Claim,
    ) -> Result<Vec<(PoolId, LogoutNotice)>, StoreError> {
        let mut rows: Vec<logout_notices::Model> =
            NOTICES.claim::<logout_notices::Entity, _>(self, now, claim).await?;
        rows.sort_by_cached_key(|row| (row.created_at, row.session_id, row.client_id.clone()));
        rows.into_iter().map(|row| Ok((PoolId::from_uuid(row.pool_id), row.into_notice()?))).collect()
    }
}
