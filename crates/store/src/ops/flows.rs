//! Sign-ins under way.

use crate::{
    entity::{flows, insert, select},
    error::StoreError,
    exec::values,
    records::FlowRow,
    store::{PoolReads, PoolTx},
    text::{from_json, to_json},
};
use std::sync::LazyLock;
use vestibule_domain::{FlowId, LoginFlow, Timestamp};

const TABLE: &str = "flows";

impl PoolReads {
    /// A sign-in that has not expired.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn flow(&self, id: FlowId, now: Timestamp) -> Result<Option<FlowRow>, StoreError> {
        static SQL: LazyLock<String> =
            LazyLock::new(|| select::<flows::Entity>("pool_id = $1 AND id = $2 AND expires_at > $3"));
        let values = values![self.pool.as_uuid(), id.as_uuid(), now.as_seconds()];
        let row: Option<flows::Model> = self.exec.one(&SQL, values).await?;
        row.map(|row| {
            Ok(FlowRow { flow: from_json(&row.document, TABLE, "document")?, version: row.version })
        })
        .transpose()
    }
}

impl PoolTx {
    /// Stores a new sign-in, at version 0.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the identifier exists.
    pub async fn insert_flow(&self, flow: &LoginFlow) -> Result<(), StoreError> {
        let row = flows::Model {
            pool_id: self.pool.as_uuid(),
            id: flow.id().as_uuid(),
            user_id: flow.user().as_uuid(),
            document: to_json(flow, TABLE)?,
            version: 0,
            expires_at: flow.expires_at().as_seconds(),
        };
        let (sql, values) = insert::<flows::Entity>(row, "");
        self.exec.later(&sql, values).await
    }

    /// Stores the next state of a sign-in; `false` when somebody else changed it since `seen_version` was read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn update_flow(&self, flow: &LoginFlow, seen_version: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE flows SET document = $4, expires_at = $5, version = version + 1 \
                   WHERE pool_id = $1 AND id = $2 AND version = $3";
        let values = values![
            self.pool.as_uuid(),
            flow.id().as_uuid(),
            seen_version,
            to_json(flow, TABLE)?,
            flow.expires_at().as_seconds()
        ];
        self.exec.hit(sql, values).await
    }

    /// Ends a sign-in; `false` when somebody else changed or ended it since `seen_version` was read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_flow(&self, id: FlowId, seen_version: i64) -> Result<bool, StoreError> {
        let sql = "DELETE FROM flows WHERE pool_id = $1 AND id = $2 AND version = $3";
        self.exec.hit(sql, values![self.pool.as_uuid(), id.as_uuid(), seen_version]).await
    }
}
