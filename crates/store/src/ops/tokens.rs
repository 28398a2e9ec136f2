//! Authorization codes and refresh tokens: spent once, and remembered until they expire, so that a copy is noticed.

use super::grants::{grant_of, joined_to_grant};
use crate::{
    engine::{ByEngine, sql::Change, values},
    entity::{codes, columns, refresh_tokens, select},
    error::StoreError,
    handles::{PoolReads, PoolTx},
    records::{CodeRow, GrantWithUser, Hash, RefreshRow, Spend},
    text::to_hash,
};
use sea_orm::FromQueryResult;
use std::sync::LazyLock;
use vestibule_domain::{GrantId, Timestamp};

/// Spends a row of `table`, and reads it with its living grant.
pub(super) fn redeeming(table: &str, columns: &str, condition: &str) -> ByEngine {
    let (of_grant, joins) = joined_to_grant();
    let key = "pool_id = $1 AND hash = $2";
    let spend = format!("UPDATE {table} SET spent_at = $3 WHERE {key} AND spent_at IS NULL AND {condition}");
    ByEngine {
        // `changes()` is what the statement before has changed: the row is read if this call has won it.
        sqlite: format!(
            "{spend}; SELECT {columns}, {of_grant} FROM {table} t {joins} WHERE t.{} AND changes() = 1",
            key.replace("AND ", "AND t.")
        ),
        postgres: format!("WITH t AS ({spend} RETURNING *) SELECT {columns}, {of_grant} FROM t {joins}"),
    }
}

impl codes::Model {
    fn into_row(self) -> Result<CodeRow, StoreError> {
        Ok(CodeRow {
            hash: to_hash(self.hash, "codes", "hash")?,
            grant: GrantId::from_uuid(self.grant_id),
            client_id: self.client_id,
            redirect_uri: self.redirect_uri,
            nonce: self.nonce,
            challenge: self.challenge,
            dpop_jkt: self.dpop_jkt,
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
            dpop_jkt: self.dpop_jkt,
            x5t_s256: self.x5t_s256,
        })
    }
}

impl PoolReads {
    /// A refresh token, used or not, as long as it is kept.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refresh_token(&self, hash: &Hash) -> Result<Option<RefreshRow>, StoreError> {
        static SQL: LazyLock<String> =
            LazyLock::new(|| select::<refresh_tokens::Entity>("pool_id = $1 AND hash = $2"));
        let row: Option<refresh_tokens::Model> =
            self.exec.one(&SQL, values![self.pool.as_uuid(), hash.to_vec()]).await?;
        row.map(refresh_tokens::Model::into_row).transpose()
    }

    /// A refresh token that can be used at `now`, as far as its own row says.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting_refresh_token(
        &self,
        hash: &Hash,
        now: Timestamp,
    ) -> Result<Option<RefreshRow>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            select::<refresh_tokens::Entity>(
                "pool_id = $1 AND hash = $2 AND spent_at IS NULL AND expires_at > $3",
            )
        });
        let values = values![self.pool.as_uuid(), hash.to_vec(), now.as_seconds()];
        let row: Option<refresh_tokens::Model> = self.exec.one(&SQL, values).await?;
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
            dpop_jkt: row.dpop_jkt.clone(),
        };
        self.exec.defer(Change::insert::<codes::Entity>(row)).await
    }

    async fn seen_code(&self, hash: &Hash) -> Result<Option<CodeRow>, StoreError> {
        static SEEN: LazyLock<String> =
            LazyLock::new(|| select::<codes::Entity>("pool_id = $1 AND hash = $2 AND spent_at IS NOT NULL"));
        let values = values![self.pool.as_uuid(), hash.to_vec()];
        let seen: Option<codes::Model> = self.exec.one(&SEEN, values).await?;
        seen.map(codes::Model::into_row).transpose()
    }

    /// Spends an authorization code (RFC 6749 §4.1.2) and reads its living grant in the same trip, as
    /// [`PoolReads::live_grant`](crate::PoolReads::live_grant) would give it. Whether application, redirection and PKCE agree is for the caller to judge.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn redeem_code(
        &self,
        hash: &Hash,
        now: Timestamp,
    ) -> Result<Spend<(CodeRow, Option<GrantWithUser>)>, StoreError> {
        static SQL: LazyLock<ByEngine> =
            LazyLock::new(|| redeeming("codes", &columns::<codes::Entity>("t.", "t_"), "expires_at > $3"));
        let values = values![self.pool.as_uuid(), hash.to_vec(), now.as_seconds()];
        if let Some(won) = self.exec.row(self.exec.pick(&SQL), values).await? {
            let row = codes::Model::from_query_result(&won, "t_")?.into_row()?;
            return Ok(Spend::Won((row, grant_of(&won)?)));
        }
        Ok(match self.seen_code(hash).await? {
            Some(row) => Spend::Replayed((row, None)),
            None => Spend::Unknown,
        })
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
            dpop_jkt: row.dpop_jkt.clone(),
            x5t_s256: row.x5t_s256.clone(),
        };
        self.exec.defer(Change::insert::<refresh_tokens::Entity>(row)).await
    }

    async fn seen_refresh(&self, hash: &Hash) -> Result<Option<RefreshRow>, StoreError> {
        static SEEN: LazyLock<String> = LazyLock::new(|| {
            select::<refresh_tokens::Entity>("pool_id = $1 AND hash = $2 AND spent_at IS NOT NULL")
        });
        let values = values![self.pool.as_uuid(), hash.to_vec()];
        let seen: Option<refresh_tokens::Model> = self.exec.one(&SEEN, values).await?;
        seen.map(refresh_tokens::Model::into_row).transpose()
    }

    /// That refresh token, if it came of another one that was spent at `since` or later, and waits to be used.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn refresh_follower(
        &self,
        hash: &Hash,
        successor: &Hash,
        since: Timestamp,
    ) -> Result<Option<RefreshRow>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            format!(
                "SELECT {} FROM refresh_tokens old JOIN refresh_tokens new ON new.pool_id = old.pool_id \
                 AND new.grant_id = old.grant_id AND new.hash = $3 AND new.spent_at IS NULL \
                 WHERE old.pool_id = $1 AND old.hash = $2 AND old.spent_at >= $4",
                columns::<refresh_tokens::Entity>("new.", "n_")
            )
        });
        let values = values![self.pool.as_uuid(), hash.to_vec(), successor.to_vec(), since.as_seconds()];
        let Some(row) = self.exec.row(&SQL, values).await? else { return Ok(None) };
        refresh_tokens::Model::from_query_result(&row, "n_")?.into_row().map(Some)
    }

    /// Spends a refresh token (RFC 9700 §4.14.2: rotation) and reads its living grant in the same trip, as
    /// [`PoolReads::live_grant`](crate::PoolReads::live_grant) would give it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn redeem_refresh(
        &self,
        hash: &Hash,
        now: Timestamp,
    ) -> Result<Spend<(RefreshRow, Option<GrantWithUser>)>, StoreError> {
        static SQL: LazyLock<ByEngine> = LazyLock::new(|| {
            redeeming(
                "refresh_tokens",
                &columns::<refresh_tokens::Entity>("t.", "t_"),
                "expires_at > $3 AND absolute_expires_at > $3",
            )
        });
        let values = values![self.pool.as_uuid(), hash.to_vec(), now.as_seconds()];
        if let Some(won) = self.exec.row(self.exec.pick(&SQL), values).await? {
            let row = refresh_tokens::Model::from_query_result(&won, "t_")?.into_row()?;
            return Ok(Spend::Won((row, grant_of(&won)?)));
        }
        Ok(match self.seen_refresh(hash).await? {
            Some(row) => Spend::Replayed((row, None)),
            None => Spend::Unknown,
        })
    }
}
