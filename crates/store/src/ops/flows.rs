//! Sign-ins under way.

use super::users;
use crate::{
    engine::{sql::Change, values},
    entity::{ceremonies, columns, flows, known_browsers, select, users as user_table},
    error::StoreError,
    handles::{PoolReads, PoolTx},
    records::{FlowRow, FlowSight, Hash},
    text::{from_json, to_json},
};
use sea_orm::{FromQueryResult, QueryResult};
use std::sync::LazyLock;
use uuid::Uuid;
use vestibule_domain::{
    FlowId, Kept, LoginFlow, Timestamp, User, UserId,
    budget::{UnderWay, surplus},
};

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

impl PoolReads {
    /// A sign-in under way with its user, in one statement, as [`PoolReads::flow`] and [`PoolReads::user`] would give
    /// them, and with the challenges that are bound to `bound_to` and are this user's: what
    /// [`PoolReads::ceremony`] would give is the first of its purpose.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn flow_sight(
        &self,
        id: FlowId,
        bound_to: &Hash,
        now: Timestamp,
    ) -> Result<Option<FlowSight>, StoreError> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            format!(
                "SELECT {}, {}, {} FROM flows f JOIN users u ON u.pool_id = f.pool_id AND u.id = f.user_id \
                 LEFT JOIN ceremonies c ON c.pool_id = f.pool_id AND c.bound_to = $4 AND c.user_id = f.user_id \
                 AND c.expires_at > $3 WHERE f.pool_id = $1 AND f.id = $2 AND f.expires_at > $3 ORDER BY c.id DESC",
                columns::<flows::Entity>("f.", "f_"),
                *users::JOINED,
                columns::<ceremonies::Entity>("c.", "c_"),
            )
        });
        let values = values![self.pool.as_uuid(), id.as_uuid(), now.as_seconds(), bound_to.to_vec()];
        let rows = self.exec.rows(&SQL, values).await?;
        let Some(first) = rows.first() else { return Ok(None) };
        let (flow, user) = both_of(first)?;
        let mut waiting = Vec::new();
        for row in &rows {
            if row.try_get::<Option<Uuid>>("", "c_id")?.is_some() {
                waiting.push(ceremonies::Model::from_query_result(row, "c_")?.into_row()?);
            }
        }
        Ok(Some(FlowSight { flow, user, ceremonies: waiting }))
    }
}

fn both_of(row: &QueryResult) -> Result<(FlowRow, User), StoreError> {
    let found = flows::Model::from_query_result(row, "f_")?;
    let flow = FlowRow { flow: from_json(&found.document, TABLE, "document")?, version: found.version };
    Ok((flow, user_table::Model::from_query_result(row, "u_")?.into_user()?))
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
        self.exec.defer(Change::insert::<flows::Entity>(row)).await
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

    /// Ends all sign-ins of a user but one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_other_flows(&self, user: UserId, but: Option<FlowId>) -> Result<(), StoreError> {
        // No sign-in has the nil identifier, so it excepts none.
        let but = but.map_or(Uuid::nil(), |id| id.as_uuid());
        let sql = "DELETE FROM flows WHERE pool_id = $1 AND user_id = $2 AND id <> $3";
        self.exec.run(sql, values![self.pool.as_uuid(), user.as_uuid(), but]).await?;
        Ok(())
    }

    /// Ends those of a user's sign-ins under way that are too many by [`surplus`]; `new` stays.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_surplus_flows(&self, new: &LoginFlow) -> Result<(), StoreError> {
        static FLOWS: LazyLock<String> =
            LazyLock::new(|| select::<flows::Entity>("pool_id = $1 AND user_id = $2"));
        static KNOWN: LazyLock<String> =
            LazyLock::new(|| select::<known_browsers::Entity>("pool_id = $1 AND user_id = $2"));
        let user = || values![self.pool.as_uuid(), new.user().as_uuid()];
        let rows: Vec<flows::Model> = self.exec.all(&FLOWS, user()).await?;
        if rows.len() <= usize::try_from(Kept::Flows.most()).unwrap_or(usize::MAX) {
            return Ok(());
        }
        let known: Vec<known_browsers::Model> = self.exec.all(&KNOWN, user()).await?;
        let mut under_way = Vec::new();
        for row in rows {
            let flow: LoginFlow = from_json(&row.document, TABLE, "document")?;
            let (id, browser) = (flow.id(), *flow.browser());
            let known = known.iter().any(|one| one.browser == browser);
            under_way.push(UnderWay { id, browser, known });
        }
        for id in surplus(under_way, new.id()) {
            let sql = "DELETE FROM flows WHERE pool_id = $1 AND id = $2";
            self.exec.run(sql, values![self.pool.as_uuid(), id.as_uuid()]).await?;
        }
        Ok(())
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
