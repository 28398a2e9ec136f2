//! Mailed links, and the outbox.
//!
//! A mail is queued in the transaction that makes it necessary, so it is sent if, and only if, that is committed. One
//! node claims it for a while; if that node dies, the claim runs out and another one sends it.

use super::outgoing::Outgoing;
use crate::{
    engine::{Executor, sql::Change, values},
    entity::{mail_tokens, outbox, returning, select},
    error::StoreError,
    handles::{PlatformStore, PoolReads, PoolTx},
    records::{Claim, Hash, MailBody, MailRow, MailTokenRow, MailWaiting, destination_of},
    text::{to_count, to_hash},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use std::sync::LazyLock;
use uuid::Uuid;
use vestibule_domain::{MailId, PoolId, Timestamp, UserId, user::fold};
use vestibule_seal::Sealed;

const MAILS: Outgoing = Outgoing { table: "outbox", key: "id", destination: "destination" };

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
            body: match self.body {
                Some(body) => MailBody::Sealed(Sealed::from_bytes(body)),
                None => MailBody::Plain { subject: self.subject, text: self.body_text, html: self.body_html },
            },
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

    /// The mailed links of a user that have this purpose and can still be used, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn mail_tokens_of(
        &self,
        user: Uuid,
        purpose: &str,
        now: Timestamp,
    ) -> Result<Vec<MailTokenRow>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            select::<mail_tokens::Entity>(
                "pool_id = $1 AND user_id = $2 AND purpose = $3 AND expires_at > $4",
            ) + " ORDER BY created_at, hash"
        });
        let values = values![self.pool.as_uuid(), user, purpose, now.as_seconds()];
        let rows: Vec<mail_tokens::Model> = self.exec.all(&SQL, values).await?;
        rows.into_iter().map(mail_tokens::Model::into_row).collect()
    }
}

impl PoolTx {
    /// Stores a mailed link.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the token exists; that may show only in the next statement, or at the end.
    pub async fn insert_mail_token(&self, row: &MailTokenRow) -> Result<(), StoreError> {
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

    /// Makes all links of a user useless.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_mail_tokens(&self, user: UserId) -> Result<u64, StoreError> {
        let sql = "DELETE FROM mail_tokens WHERE pool_id = $1 AND user_id = $2";
        self.exec.run(sql, values![self.pool.as_uuid(), user.as_uuid()]).await
    }

    /// Makes the links of a user useless, but for those of one purpose.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_mail_tokens_but(&self, user: UserId, purpose: &str) -> Result<u64, StoreError> {
        let sql = "DELETE FROM mail_tokens WHERE pool_id = $1 AND user_id = $2 AND purpose <> $3";
        self.exec.run(sql, values![self.pool.as_uuid(), user.as_uuid(), purpose]).await
    }

    /// Makes the links of a user useless that have this purpose and were made at `since` or later.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_mail_tokens_since(
        &self,
        user: UserId,
        purpose: &str,
        since: Timestamp,
    ) -> Result<u64, StoreError> {
        let sql = "DELETE FROM mail_tokens WHERE pool_id = $1 AND user_id = $2 AND purpose = $3 AND created_at >= $4";
        let values = values![self.pool.as_uuid(), user.as_uuid(), purpose, since.as_seconds()];
        self.exec.run(sql, values).await
    }

    /// Queues a mail; it is due at once.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the identifier exists.
    pub async fn queue_mail(&self, row: &MailRow) -> Result<(), StoreError> {
        let (subject, text, html, body) = match &row.body {
            MailBody::Sealed(sealed) => {
                (String::new(), String::new(), String::new(), Some(sealed.as_bytes().to_vec()))
            }
            MailBody::Plain { subject, text, html } => (subject.clone(), text.clone(), html.clone(), None),
        };
        let row = outbox::Model {
            pool_id: self.pool.as_uuid(),
            id: row.id.as_uuid(),
            recipient: row.to.clone(),
            destination: destination_of(&row.to),
            subject,
            body_text: text,
            body_html: html,
            body,
            created_at: row.created_at.as_seconds(),
            tries: i64::from(row.tries),
            next_try_at: row.created_at.as_seconds(),
        };
        self.exec.defer(Change::insert::<outbox::Entity>(row)).await
    }
}

impl PoolTx {
    /// Replaces the sealed body of a mail, unless it has gone or changed meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reseal_mail(&self, id: MailId, old: &Sealed, new: &Sealed) -> Result<bool, StoreError> {
        let sql = "UPDATE outbox SET body = $1 WHERE pool_id = $2 AND id = $3 AND body = $4";
        let values =
            values![new.as_bytes().to_vec(), self.pool.as_uuid(), id.as_uuid(), old.as_bytes().to_vec()];
        self.exec.hit(sql, values).await
    }
}

impl PlatformStore {
    /// Takes mails that are due, oldest first, for [`LEASE`](crate::LEASE) seconds: as many as `claim` allows of each pool and each
    /// domain. Their count of tries has this one in it. Costs no commit when none is due.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_mail(
        &self,
        now: Timestamp,
        claim: &Claim,
    ) -> Result<Vec<(PoolId, MailRow)>, StoreError> {
        let mut rows: Vec<outbox::Model> = MAILS.claim::<outbox::Entity, _>(self, now, claim).await?;
        rows.sort_by_key(|row| (row.created_at, row.id));
        rows.into_iter().map(outbox::Model::into_row).collect()
    }

    /// What waits to be sent. Mails to nobody are none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting_mail(&self) -> Result<MailWaiting, StoreError> {
        let count = self.read.number("SELECT COUNT(*) FROM outbox WHERE recipient <> ''", vec![]).await?;
        let oldest = "SELECT created_at FROM outbox WHERE recipient <> '' ORDER BY created_at, id LIMIT 1";
        let oldest = self.read.number(oldest, vec![]).await?;
        Ok(MailWaiting {
            count: count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default(),
            oldest: oldest.map(Timestamp::from_seconds),
        })
    }

    /// Everything sealed in the outbox, for sealing it again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sealed_mail(&self) -> Result<Vec<(PoolId, MailRow)>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| select::<outbox::Entity>("body IS NOT NULL"));
        let rows: Vec<outbox::Model> = self.read.all(&SQL, vec![]).await?;
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
