//! Browsers: those that are remembered, so that they are not asked for a second factor for a while, and those that a user
//! is known in.

use crate::{
    engine::{sql::Change, values},
    entity::{known_browsers, remembered_browsers, select},
    error::StoreError,
    handles::{PoolReads, PoolTx},
    records::{BROWSER_MEMORY, Hash, Known, MAX_KNOWN_BROWSERS, MAX_REMEMBERED_BROWSERS, RememberedBrowser},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use std::sync::LazyLock;
use uuid::Uuid;
use vestibule_domain::{RememberedBrowserId, Timestamp, UserId};

/// Characters of a label at most.
const LABEL: usize = 256;

/// How old the note of a browser's last use may grow, in seconds.
const SEEN_STEP: i64 = 86_400;

impl remembered_browsers::Model {
    fn into_record(self) -> RememberedBrowser {
        RememberedBrowser {
            id: RememberedBrowserId::from_uuid(self.id),
            user: UserId::from_uuid(self.user_id),
            label: self.label,
            ip: self.ip,
            created_at: Timestamp::from_seconds(self.created_at),
            last_used_at: Timestamp::from_seconds(self.last_used_at),
            expires_at: Timestamp::from_seconds(self.expires_at),
        }
    }
}

impl PoolReads {
    /// The browser whose cookie holds the secret, unless it is another user's or has expired.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remembered_browser(
        &self,
        hash: &Hash,
        user: UserId,
        now: Timestamp,
    ) -> Result<Option<RememberedBrowser>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            select::<remembered_browsers::Entity>(
                "pool_id = $1 AND hash = $2 AND user_id = $3 AND expires_at > $4",
            )
        });
        let values = values![self.pool.as_uuid(), hash.to_vec(), user.as_uuid(), now.as_seconds()];
        let row: Option<remembered_browsers::Model> = self.exec.one(&SQL, values).await?;
        Ok(row.map(remembered_browsers::Model::into_record))
    }

    /// Whether a subject, a user or a name that nobody has, has signed in before in a browser, known by a digest.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn knows_browser(&self, subject: Uuid, browser: &Hash) -> Result<bool, StoreError> {
        let sql = "SELECT COUNT(*) FROM known_browsers WHERE pool_id = $1 AND user_id = $2 AND browser = $3";
        let values = values![self.pool.as_uuid(), subject, browser.to_vec()];
        Ok(self.exec.number(sql, values).await? == Some(1))
    }

    /// The user's remembered browsers that have not expired, the one used last first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remembered_browsers(
        &self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<RememberedBrowser>, StoreError> {
        let rows = remembered_browsers::Entity::find()
            .filter(remembered_browsers::Column::PoolId.eq(self.pool.as_uuid()))
            .filter(remembered_browsers::Column::UserId.eq(user.as_uuid()))
            .filter(remembered_browsers::Column::ExpiresAt.gt(now.as_seconds()))
            .order_by_desc(remembered_browsers::Column::LastUsedAt)
            .order_by_desc(remembered_browsers::Column::Id)
            .all(&self.exec)
            .await?;
        Ok(rows.into_iter().map(remembered_browsers::Model::into_record).collect())
    }
}

impl PoolTx {
    /// Remembers a browser; where that makes more than [`MAX_REMEMBERED_BROWSERS`] of the user's, the oldest go.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the user does not exist, or the digest does.
    pub async fn remember_browser(
        &self,
        remembered: &RememberedBrowser,
        hash: &Hash,
    ) -> Result<(), StoreError> {
        // Two that are remembered at once would each leave room for the other.
        self.lock_user(remembered.user).await?;
        let row = remembered_browsers::Model {
            pool_id: self.pool.as_uuid(),
            hash: hash.to_vec(),
            user_id: remembered.user.as_uuid(),
            id: remembered.id.as_uuid(),
            label: remembered.label.chars().take(LABEL).collect(),
            ip: remembered.ip.clone(),
            created_at: remembered.created_at.as_seconds(),
            last_used_at: remembered.last_used_at.as_seconds(),
            expires_at: remembered.expires_at.as_seconds(),
        };
        self.exec.apply(Change::insert::<remembered_browsers::Entity>(row)).await?;
        // The new one is not asked for its age: it stays.
        let sql = "DELETE FROM remembered_devices WHERE pool_id = $1 AND user_id = $2 AND hash IN \
                   (SELECT hash FROM remembered_devices WHERE pool_id = $1 AND user_id = $2 AND hash <> $3 \
                   ORDER BY created_at DESC, id DESC LIMIT 1000 OFFSET $4)";
        let others = i64::from(MAX_REMEMBERED_BROWSERS) - 1;
        let values = values![self.pool.as_uuid(), remembered.user.as_uuid(), hash.to_vec(), others];
        self.exec.run(sql, values).await?;
        Ok(())
    }

    /// Notes that a remembered browser stood in for the second factor; never moves back in time. `false` when it is
    /// not remembered any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn touch_remembered_browser(&self, hash: &Hash, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "UPDATE remembered_devices \
                   SET last_used_at = CASE WHEN last_used_at < $3 THEN $3 ELSE last_used_at END \
                   WHERE pool_id = $1 AND hash = $2 AND expires_at > $3";
        self.exec.hit(sql, values![self.pool.as_uuid(), hash.to_vec(), now.as_seconds()]).await
    }

    /// Forgets one of the user's remembered browsers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_remembered_browser(
        &self,
        user: UserId,
        id: RememberedBrowserId,
    ) -> Result<bool, StoreError> {
        let sql = "DELETE FROM remembered_devices WHERE pool_id = $1 AND user_id = $2 AND id = $3";
        Ok(self.exec.run(sql, values![self.pool.as_uuid(), user.as_uuid(), id.as_uuid()]).await? > 0)
    }

    /// Forgets all of the user's remembered browsers, and says how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_remembered_browsers(&self, user: UserId) -> Result<u64, StoreError> {
        let sql = "DELETE FROM remembered_devices WHERE pool_id = $1 AND user_id = $2";
        self.exec.run(sql, values![self.pool.as_uuid(), user.as_uuid()]).await
    }

    /// Forgets in which browsers the user has signed in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_known_browsers(&self, user: UserId) -> Result<u64, StoreError> {
        let sql = "DELETE FROM known_browsers WHERE pool_id = $1 AND user_id = $2";
        self.exec.run(sql, values![self.pool.as_uuid(), user.as_uuid()]).await
    }

    /// Notes that the user is in a browser, known by a digest, and says whether that is new. A user who comes back after all
    /// of their browsers were forgotten ([`BROWSER_MEMORY`]) is in a new one, not in their first. Where that makes more than
    /// [`MAX_KNOWN_BROWSERS`], the one that was used least recently is forgotten.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the user does not exist.
    pub async fn know_browser(
        &self,
        user: UserId,
        browser: &Hash,
        now: Timestamp,
    ) -> Result<Known, StoreError> {
        let read = "SELECT (SELECT last_seen FROM known_browsers \
                    WHERE pool_id = $1 AND user_id = $2 AND browser = $3), (SELECT COUNT(*) FROM \
                    (SELECT 1 FROM known_browsers WHERE pool_id = $1 AND user_id = $2 LIMIT 1) AS any_of_them)";
        let key = || values![self.pool.as_uuid(), user.as_uuid(), browser.to_vec()];
        let row = self.exec.row(read, key()).await?;
        let column = |index| row.as_ref().map_or(Ok(None), |row| row.try_get_by_index::<Option<i64>>(index));
        let (seen, others) = (column(0)?, column(1)? == Some(1));
        if let Some(seen) = seen {
            let stale = now.since(Timestamp::from_seconds(seen)) >= SEEN_STEP;
            if stale {
                let sql = "UPDATE known_browsers SET last_seen = $4 \
                           WHERE pool_id = $1 AND user_id = $2 AND browser = $3 AND last_seen < $4";
                let mut values = key();
                values.push(now.as_seconds().into());
                self.exec.run(sql, values).await?;
            }
            return Ok(Known::Seen);
        }
        // Of two first browsers at once one is not the first, and of two new ones each would leave room for the other.
        let others = self.is_no_newcomer(user, now).await? || others;
        let row = known_browsers::Model {
            pool_id: self.pool.as_uuid(),
            user_id: user.as_uuid(),
            browser: browser.to_vec(),
            first_seen: now.as_seconds(),
            last_seen: now.as_seconds(),
        };
        let added = Change::insert_if_absent::<known_browsers::Entity>(row);
        Ok(match (self.exec.hit_change(added).await?, others) {
            (true, true) => {
                self.forget_oldest_known(user, browser).await?;
                Known::New
            }
            (true, false) => Known::First,
            (false, _) => Known::Seen,
        })
    }

    /// Where a user is known in more than [`MAX_KNOWN_BROWSERS`], forgets those that were used least recently; `new` stays.
    async fn forget_oldest_known(&self, user: UserId, new: &Hash) -> Result<(), StoreError> {
        let sql = "DELETE FROM known_browsers WHERE pool_id = $1 AND user_id = $2 AND browser IN \
                   (SELECT browser FROM known_browsers WHERE pool_id = $1 AND user_id = $2 AND browser <> $3 \
                   ORDER BY last_seen DESC, first_seen DESC LIMIT 1000 OFFSET $4)";
        let others = i64::from(MAX_KNOWN_BROWSERS) - 1;
        let values = values![self.pool.as_uuid(), user.as_uuid(), new.to_vec(), others];
        self.exec.run(sql, values).await?;
        Ok(())
    }

    /// Whether the user, locked from here to the end of the transaction, is known in a browser or could have been in
    /// one that is forgotten.
    async fn is_no_newcomer(&self, user: UserId, now: Timestamp) -> Result<bool, StoreError> {
        self.lock_user(user).await?;
        let sql = "SELECT COUNT(*) FROM users WHERE pool_id = $1 AND id = $2 AND (created_at <= $3 OR EXISTS \
                   (SELECT 1 FROM known_browsers WHERE pool_id = $1 AND user_id = $2))";
        let values = values![self.pool.as_uuid(), user.as_uuid(), (now - BROWSER_MEMORY).as_seconds()];
        Ok(self.exec.number(sql, values).await? == Some(1))
    }
}
