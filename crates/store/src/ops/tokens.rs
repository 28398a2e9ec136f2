//! Authorization codes and refresh tokens: spent once, and remembered until they expire, so that a copy is noticed.

use crate::{
    entity::{codes, insert, refresh_tokens, returning, select},
    error::StoreError,
    exec::values,
    records::{CodeRow, Hash, RefreshRow, Spend},
    store::{PoolReads, PoolTx},
    text::to_hash,
};
use std::sync::LazyLock;
use vestibule_domain::{GrantId, Timestamp};

impl codes::Model {
    fn into_row(self) -> Result<CodeRow, StoreError> {
        Ok(CodeRow {
            hash: to_hash(self.hash, "codes", "hash")?,
            grant: GrantId::from_uuid(self.grant_id),
            client_id: self.client_id,
            redirect_uri: self.redirect_uri,
            nonce: self.nonce,
            challenge: self.challenge,
            expires_at: Timestamp::from_seconds(self.expires_at),
        })
    }
}

impl refresh_tokens::Model {
    fn into_row(self) -> Result<RefreshRow, StoreError> {
        Ok(RefreshRow {
            hash: to_hash(self.hash, "refresh_tokens", "hash")?,
            grant: GrantId::from_uuid(self.grant_id),
            client_id: self.client_id,
            issued_at: Timestamp::from_seconds(self.issued_at),
            expires_at: Timestamp::from_seconds(self.expires_at),
            absolute_expires_at: Timestamp::from_seconds(self.absolute_expires_at),
        })
    }
}

impl PoolReads {
    /// A refresh token, spent or not, expired or not.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refresh_by_hash(&self, hash: &Hash) -> Result<Option<RefreshRow>, StoreError> {
        static SQL: LazyLock<String> =
            LazyLock::new(|| select::<refresh_tokens::Entity>("pool_id = $1 AND hash = $2"));
        let row: Option<refresh_tokens::Model> =
            self.exec.one(&SQL, values![self.pool.as_uuid(), hash.to_vec()]).await?;
        row.map(refresh_tokens::Model::into_row).transpose()
    }
}

impl PoolTx {
    /// Stores an authorization code.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the code exists.
    pub async fn insert_code(&self, row: &CodeRow) -> Result<(), StoreError> {
        let row = codes::Model {
            pool_id: self.pool.as_uuid(),
            hash: row.hash.to_vec(),
            grant_id: row.grant.as_uuid(),
            client_id: row.client_id.clone(),
            redirect_uri: row.redirect_uri.clone(),
            nonce: row.nonce.clone(),
            challenge: row.challenge.clone(),
            expires_at: row.expires_at.as_seconds(),
            spent_at: None,
        };
        let (sql, values) = insert::<codes::Entity>(row, "");
        self.exec.later(&sql, values).await
    }

    /// Spends an authorization code (RFC 6749 §4.1.2). Whether application, redirection and PKCE agree is the caller's
    /// to judge.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn spend_code(&self, hash: &Hash, now: Timestamp) -> Result<Spend<CodeRow>, StoreError> {
        static SPEND: LazyLock<String> = LazyLock::new(|| {
            returning::<codes::Entity>(
                "UPDATE codes SET spent_at = $3 WHERE pool_id = $1 AND hash = $2 AND spent_at IS NULL AND expires_at > $3",
            )
        });
        static SEEN: LazyLock<String> =
            LazyLock::new(|| select::<codes::Entity>("pool_id = $1 AND hash = $2 AND spent_at IS NOT NULL"));
        let values = values![self.pool.as_uuid(), hash.to_vec(), now.as_seconds()];
        if let Some(won) = self.exec.one::<codes::Model>(&SPEND, values).await? {
            return Ok(Spend::Won(won.into_row()?));
        }
        let seen: Option<codes::Model> =
            self.exec.one(&SEEN, values![self.pool.as_uuid(), hash.to_vec()]).await?;
        seen.map_or(Ok(Spend::Unknown), |row| row.into_row().map(Spend::Replayed))
    }

    /// Stores a refresh token.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the token exists.
    pub async fn insert_refresh(&self, row: &RefreshRow) -> Result<(), StoreError> {
        let row = refresh_tokens::Model {
            pool_id: self.pool.as_uuid(),
            hash: row.hash.to_vec(),
            grant_id: row.grant.as_uuid(),
            client_id: row.client_id.clone(),
            issued_at: row.issued_at.as_seconds(),
            expires_at: row.expires_at.as_seconds(),
            absolute_expires_at: row.absolute_expires_at.as_seconds(),
            spent_at: None,
        };
        let (sql, values) = insert::<refresh_tokens::Entity>(row, "");
        self.exec.later(&sql, values).await
    }

    /// Spends a refresh token (RFC 9700 §4.14.2: rotation).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn spend_refresh(&self, hash: &Hash, now: Timestamp) -> Result<Spend<RefreshRow>, StoreError> {
        static SPEND: LazyLock<String> = LazyLock::new(|| {
            returning::<refresh_tokens::Entity>(
                "UPDATE refresh_tokens SET spent_at = $3 WHERE pool_id = $1 AND hash = $2 AND spent_at IS NULL \
                 AND expires_at > $3 AND absolute_expires_at > $3",
            )
        });
        static SEEN: LazyLock<String> = LazyLock::new(|| {
            select::<refresh_tokens::Entity>("pool_id = $1 AND hash = $2 AND spent_at IS NOT NULL")
        });
        let values = values![self.pool.as_uuid(), hash.to_vec(), now.as_seconds()];
        if let Some(won) = self.exec.one::<refresh_tokens::Model>(&SPEND, values).await? {
            return Ok(Spend::Won(won.into_row()?));
        }
        let values = values![self.pool.as_uuid(), hash.to_vec()];
        let seen: Option<refresh_tokens::Model> = self.exec.one(&SEEN, values).await?;
        seen.map_or(Ok(Spend::Unknown), |row| row.into_row().map(Spend::Replayed))
    }
}
