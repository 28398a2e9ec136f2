//! Mailed links, and the outbox.
//!
//! A mail is queued in the transaction that makes it necessary, so it is sent if, and only if, that is committed. One
//! node claims it for a while; if that node dies, the claim runs out and another one sends it.

use crate::{
    engine::{Executor, sql::Change, values},
    entity::{mail_tokens, outbox, returning, select},
    error::StoreError,
    handles::{PlatformStore, PoolReads, PoolTx},
    records::{Hash, MAIL_LEASE, MailRow, MailTokenRow},
    text::{to_count, to_hash, to_limit},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, SelectExt as _};
use std::sync::LazyLock;
use vestibule_domain::{MailId, PoolId, Timestamp, UserId, user::fold};

impl mail_tokens::Model {
    fn into_row(self) -> Result<MailTokenRow, StoreError> {
        Ok(MailTokenRow {
            hash: to_hash(self.hash, "mail_tokens", "hash")?,
            purpose: self.purpose,
            user: self.user_id.map(UserId::from_uuid),
            email: self.email,
            data: self.data,
            expires_at: Timestamp::from_seconds(self.expires_at),
            created_at: Timestamp::from_seconds(self.created_at),
        })
    }
}

impl outbox::Model {
    fn into_row(self) -> Result<(PoolId, MailRow), StoreError> {
        let row = MailRow {
            id: MailId::from_uuid(self.id),
            to: self.recipient,
            subject: self.subject,
            text: self.body_text,
            html: self.body_html,
            created_at: Timestamp::from_seconds(self.created_at),
            tries: to_count(self.tries, "outbox", "tries")?,
        };
        Ok((PoolId::from_uuid(self.pool_id), row))
    }
}

impl PoolReads {
    /// A mailed link that can still be used.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mail_token(
        &self,
        hash: &Hash,
        purpose: &str,
        now: Timestamp,
    ) -> Result<Option<MailTokenRow>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            select::<mail_tokens::Entity>("pool_id = $1 AND hash = $2 AND purpose = $3 AND expires_at > $4")
        });
        let values = values![self.pool.as_uuid(), hash.to_vec(), purpose, now.as_seconds()];
        let row: Option<mail_tokens::Model> = self.exec.one(&SQL, values).await?;
        row.map(mail_tokens::Model::into_row).transpose()
    }

    /// How many links that were not used went to an address at `since` or later. `email_key` is folded.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_mail_tokens(&self, email_key: &str, since: Timestamp) -> Result<u64, StoreError> {
        let sql =
            "SELECT COUNT(*) FROM mail_tokens WHERE pool_id = $1 AND email_key = $2 AND created_at >= $3";
        let count =
            self.exec.number(sql, values![self.pool.as_uuid(), email_key, since.as_seconds()]).await?;
        Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default())
    }
}

impl PoolTx {
    async fn insert_mail_token(&self, row: &MailTokenRow) -> Result<(), StoreError> {
        let row = mail_tokens::Model {
            pool_id: self.pool.as_uuid(),
            hash: row.hash.to_vec(),
            purpose: row.purpose.clone(),
            user_id: row.user.map(|user| user.as_uuid()),
            email: row.email.clone(),
            email_key: fold(&row.email),
            data: row.data.clone(),
            created_at: row.created_at.as_seconds(),
            expires_at: row.expires_at.as_seconds(),
        };
        self.exec.defer(Change::insert::<mail_tokens::Entity>(row)).await
    }

    /// Stores a mailed link, unless `most` of them went to its address at `since` or later; `false`: too many. Whoever
    /// else wants to store one in the pool waits meanwhile, so that many at once are not more than many in turn.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the token exists.
    pub async fn admit_mail_token(
        &self,
        row: &MailTokenRow,
        since: Timestamp,
        most: u64,
    ) -> Result<bool, StoreError> {
        let turn = "UPDATE pools SET slug = slug WHERE id = $1";
        self.exec.run(turn, values![self.pool.as_uuid()]).await?;
        if self.count_mail_tokens(&fold(&row.email), since).await? >= most {
            return Ok(false);
        }
        self.insert_mail_token(row).await?;
        Ok(true)
    }

    /// Takes a mailed link out, so that it works once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn spend_mail_token(
        &self,
        hash: &Hash,
        purpose: &str,
        now: Timestamp,
    ) -> Result<Option<MailTokenRow>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            returning::<mail_tokens::Entity>(
                "DELETE FROM mail_tokens WHERE pool_id = $1 AND hash = $2 AND purpose = $3 AND expires_at > $4",
            )
        });
        let values = values![self.pool.as_uuid(), hash.to_vec(), purpose, now.as_seconds()];
        let row: Option<mail_tokens::Model> = self.exec.one(&SQL, values).await?;
        row.map(mail_tokens::Model::into_row).transpose()
    }

    /// Makes all links of a user useless, as after a change of password or address.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_mail_tokens(&self, user: UserId) -> Result<u64, StoreError> {
        let sql = "DELETE FROM mail_tokens WHERE pool_id = $1 AND user_id = $2";
        self.exec.run(sql, values![self.pool.as_uuid(), user.as_uuid()]).await
    }

    /// Queues a mail; it is due at once.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the identifier exists.
    pub async fn queue_mail(&self, row: &MailRow) -> Result<(), StoreError> {
        let row = outbox::Model {
            pool_id: self.pool.as_uuid(),
            id: row.id.as_uuid(),
            recipient: row.to.clone(),
            subject: row.subject.clone(),
            body_text: row.text.clone(),
            body_html: row.html.clone(),
            created_at: row.created_at.as_seconds(),
            tries: i64::from(row.tries),
            next_try_at: row.created_at.as_seconds(),
        };
        self.exec.defer(Change::insert::<outbox::Entity>(row)).await
    }
}

impl PlatformStore {
    /// Takes mails of all pools that are due, oldest first, for [`MAIL_LEASE`] seconds. Their count of tries has this
    /// one in it. Costs no commit when none is due.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_mail(&self, now: Timestamp, limit: u64) -> Result<Vec<(PoolId, MailRow)>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            returning::<outbox::Entity>(
                "UPDATE outbox SET tries = tries + 1, next_try_at = $2 WHERE next_try_at <= $1 AND (pool_id, id) IN \
                 (SELECT pool_id, id FROM outbox WHERE next_try_at <= $1 ORDER BY next_try_at, id LIMIT $3)",
            )
        });
        let due = outbox::Entity::find().filter(outbox::Column::NextTryAt.lte(now.as_seconds()));
        if !due.exists(&self.read).await? {
            return Ok(Vec::new());
        }
        let values = values![now.as_seconds(), (now + MAIL_LEASE).as_seconds(), to_limit(limit)];
        let mut rows: Vec<outbox::Model> =
            self.database.change(move |exec| async move { exec.all(&SQL, values).await }).await?;
        rows.sort_by_key(|row| (row.created_at, row.id));
        rows.into_iter().map(outbox::Model::into_row).collect()
    }

    /// A mail is delivered, or given up: forgets it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mail_sent(&self, pool: PoolId, id: MailId) -> Result<bool, StoreError> {
        let delete = move |exec: Executor| async move {
            let deleted = outbox::Entity::delete_by_id((pool.as_uuid(), id.as_uuid())).exec(&exec).await?;
            Ok(deleted.rows_affected == 1)
        };
        self.database.change(delete).await
    }

    /// A mail could not be delivered: it is due again at `next_try_at`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mail_failed(
        &self,
        pool: PoolId,
        id: MailId,
        next_try_at: Timestamp,
    ) -> Result<bool, StoreError> {
        let change = outbox::ActiveModel { next_try_at: Set(next_try_at.as_seconds()), ..Default::default() };
        let update = move |exec: Executor| async move {
            let updated = outbox::Entity::update_many()
                .set(change)
                .filter(outbox::Column::PoolId.eq(pool.as_uuid()))
                .filter(outbox::Column::Id.eq(id.as_uuid()))
                .exec(&exec)
                .await?;
            Ok(updated.rows_affected == 1)
        };
        self.database.change(update).await
    }
}
