//! Enrolled factors.

use crate::{
    engine::{sql::Change, values},
    entity::{attempts, columns, credentials, select},
    error::StoreError,
    handles::{PoolReads, PoolTx},
    records::{CredentialTotal, CredentialUpdate, Factors},
    text::to_count,
};
use sea_orm::{FromQueryResult, IdenStatic, Iterable};
use std::sync::LazyLock;
use vestibule_domain::{Credential, CredentialId, FactorKind, Timestamp, UserId, credential::Public};
use vestibule_seal::Sealed;

impl credentials::Model {
    fn into_credential(self) -> Credential {
        Credential {
            id: CredentialId::from_uuid(self.id),
            user: UserId::from_uuid(self.user_id),
            kind: FactorKind::from_text(self.kind),
            label: self.label,
            public: Public(self.public_data),
            secret: self.secret.map(Sealed::from_bytes),
            counter: self.counter,
            chosen: self.chosen,
            created_at: Timestamp::from_seconds(self.created_at),
            last_used_at: self.last_used_at.map(Timestamp::from_seconds),
        }
    }
}

impl PoolReads {
    /// The user's credentials that are not spent, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn credentials(&self, user: UserId) -> Result<Vec<Credential>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            select::<credentials::Entity>(
                "pool_id = $1 AND user_id = $2 AND spent_at IS NULL ORDER BY created_at, id",
            )
        });
        let rows: Vec<credentials::Model> =
            self.exec.all(&SQL, values![self.pool.as_uuid(), user.as_uuid()]).await?;
        Ok(rows.into_iter().map(credentials::Model::into_credential).collect())
    }

    /// The user's unspent credentials, oldest first, and the user's counters of failed attempts, in one statement: as
    /// [`PoolReads::credentials`] and [`PoolReads::attempts`] would give them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn factors(&self, user: UserId) -> Result<Factors, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            let names: Vec<&str> = attempts::Column::iter().map(|column| column.as_str()).collect();
            let none: Vec<String> = names.iter().map(|name| format!("NULL AS a_{name}")).collect();
            let some = columns::<attempts::Entity>("", "a_");
            let nothing: Vec<&str> = credentials::Column::iter().map(|_| "NULL").collect();
            format!(
                "SELECT CAST(0 AS BIGINT) AS part, {}, {} FROM credentials WHERE pool_id = $1 AND user_id = $2 AND spent_at IS NULL \
                 UNION ALL SELECT CAST(1 AS BIGINT), {}, {some} FROM attempts WHERE pool_id = $1 AND subject = $2 \
                 ORDER BY part, c_created_at, c_id, a_kind",
                columns::<credentials::Entity>("", "c_"),
                none.join(", "),
                nothing.join(", "),
            )
        });
        let rows = self.exec.rows(&SQL, values![self.pool.as_uuid(), user.as_uuid()]).await?;
        let mut found = Factors { credentials: Vec::new(), attempts: Vec::new() };
        for row in &rows {
            if row.try_get::<i64>("", "part")? == 0 {
                let row = credentials::Model::from_query_result(row, "c_")?;
                found.credentials.push(row.into_credential());
            } else {
                let row = attempts::Model::from_query_result(row, "a_")?;
                found.attempts.push((FactorKind::from_text(row.kind.clone()), row.to_attempts()?));
            }
        }
        Ok(found)
    }

    /// How many credentials of each kind the user has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn credential_totals(&self, user: UserId) -> Result<Vec<CredentialTotal>, StoreError> {
        let sql = "SELECT kind, COUNT(*) FILTER (WHERE spent_at IS NULL), COUNT(*) FROM credentials \
                   WHERE pool_id = $1 AND user_id = $2 GROUP BY kind ORDER BY kind";
        let rows = self.exec.rows(sql, values![self.pool.as_uuid(), user.as_uuid()]).await?;
        rows.iter()
            .map(|row| {
                Ok(CredentialTotal {
                    kind: FactorKind::from_text(row.try_get_by_index::<String>(0)?),
                    left: to_count(row.try_get_by_index(1)?, "credentials", "count")?,
                    total: to_count(row.try_get_by_index(2)?, "credentials", "count")?,
                })
            })
            .collect()
    }
}

impl PoolTx {
    /// Enrols a credential.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the user does not exist, or the identifier does.
    pub async fn insert_credential(&self, credential: &Credential) -> Result<(), StoreError> {
        let row = credentials::Model {
            pool_id: self.pool.as_uuid(),
            user_id: credential.user.as_uuid(),
            id: credential.id.as_uuid(),
            kind: credential.kind.as_str().to_owned(),
            label: credential.label.clone(),
            public_data: credential.public.0.clone(),
            secret: credential.secret.as_ref().map(|secret| secret.as_bytes().to_vec()),
            counter: credential.counter,
            chosen: credential.chosen,
            created_at: credential.created_at.as_seconds(),
            last_used_at: credential.last_used_at.map(Timestamp::as_seconds),
            spent_at: None,
        };
        self.exec.defer(Change::insert::<credentials::Entity>(row)).await
    }

    /// Raises a counter; `false` when it stands there or higher, which means replay.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn raise_counter(
        &self,
        id: CredentialId,
        user: UserId,
        to: i64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE credentials SET counter = $4, last_used_at = $5 \
                   WHERE pool_id = $1 AND user_id = $2 AND id = $3 AND counter < $4 AND spent_at IS NULL";
        self.exec
            .hit(sql, values![self.pool.as_uuid(), user.as_uuid(), id.as_uuid(), to, now.as_seconds()])
            .await
    }

    /// Spends a credential that answers once; `false` when it is spent already, which means replay.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn spend_credential(
        &self,
        id: CredentialId,
        user: UserId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE credentials SET spent_at = $4, last_used_at = $4 \
                   WHERE pool_id = $1 AND user_id = $2 AND id = $3 AND spent_at IS NULL";
        self.exec.hit(sql, values![self.pool.as_uuid(), user.as_uuid(), id.as_uuid(), now.as_seconds()]).await
    }

    /// Replaces what a factor keeps in a credential, after it answered; `false` when it is not as it `was` read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replace_credential(
        &self,
        update: &CredentialUpdate<'_>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE credentials SET public_data = $5, secret = $6, last_used_at = $7 \
                   WHERE pool_id = $1 AND user_id = $2 AND id = $3 AND spent_at IS NULL AND public_data = $4";
        let values = values![
            self.pool.as_uuid(),
            update.user.as_uuid(),
            update.id.as_uuid(),
            update.was.0.clone(),
            update.public.0.clone(),
            update.secret.map(|secret| secret.as_bytes().to_vec()),
            now.as_seconds()
        ];
        self.exec.hit(sql, values).await
    }

    /// Stores a secret that was sealed again; `false` when it is not the one that was read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reseal_credential(
        &self,
        id: CredentialId,
        user: UserId,
        old: &Sealed,
        new: &Sealed,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE credentials SET secret = $5 \
                   WHERE pool_id = $1 AND user_id = $2 AND id = $3 AND secret = $4";
        let (old, new) = (old.as_bytes().to_vec(), new.as_bytes().to_vec());
        self.exec.hit(sql, values![self.pool.as_uuid(), user.as_uuid(), id.as_uuid(), old, new]).await
    }

    /// Replaces the public part of what a factor keeps, though it did not answer; `false` when it is not as it `was` read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_public(
        &self,
        id: CredentialId,
        user: UserId,
        was: &Public,
        public: &Public,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE credentials SET public_data = $5 \
                   WHERE pool_id = $1 AND user_id = $2 AND id = $3 AND public_data = $4";
        let (was, public) = (was.0.clone(), public.0.clone());
        self.exec.hit(sql, values![self.pool.as_uuid(), user.as_uuid(), id.as_uuid(), was, public]).await
    }

    /// Gives a credential another name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rename_credential(
        &self,
        id: CredentialId,
        user: UserId,
        label: &str,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE credentials SET label = $4 \
                   WHERE pool_id = $1 AND user_id = $2 AND id = $3 AND spent_at IS NULL";
        self.exec.hit(sql, values![self.pool.as_uuid(), user.as_uuid(), id.as_uuid(), label]).await
    }

    /// Notes that the user wants all of their credentials, and says how many those are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn choose_credentials(&self, user: UserId) -> Result<u64, StoreError> {
        let sql = "UPDATE credentials SET chosen = TRUE WHERE pool_id = $1 AND user_id = $2";
        self.exec.run(sql, values![self.pool.as_uuid(), user.as_uuid()]).await
    }

    /// Removes a credential.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_credential(&self, id: CredentialId, user: UserId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM credentials WHERE pool_id = $1 AND user_id = $2 AND id = $3";
        self.exec.hit(sql, values![self.pool.as_uuid(), user.as_uuid(), id.as_uuid()]).await
    }

    /// Removes all credentials of a kind, spent ones too, and says how many those were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_credentials_of_kind(
        &self,
        user: UserId,
        kind: &FactorKind,
    ) -> Result<u64, StoreError> {
        let sql = "DELETE FROM credentials WHERE pool_id = $1 AND user_id = $2 AND kind = $3";
        self.exec.run(sql, values![self.pool.as_uuid(), user.as_uuid(), kind.as_str()]).await
    }
}
