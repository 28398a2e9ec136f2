//! The audit trail. Append-only: triggers refuse every change of a line that is there.

use crate::{
    engine::sql::Change,
    entity::audit,
    error::StoreError,
    handles::{PoolReads, PoolTx},
    records::{AuditFilter, AuditRow},
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _,
    Select, sea_query::ExprTrait as _,
};
use vestibule_domain::{AuditId, SessionId, Timestamp, UserId};

impl audit::Model {
    fn into_row(self) -> AuditRow {
        AuditRow {
            id: AuditId::from_uuid(self.id),
            at: Timestamp::from_seconds(self.happened_at),
            action: self.action,
            user: self.user_id.map(UserId::from_uuid),
            client_id: self.client_id,
            session: self.session_id.map(SessionId::from_uuid),
            ip: self.ip,
            request_id: self.request_id,
            outcome: self.outcome,
            detail: self.detail,
        }
    }
}

impl PoolReads {
    /// The last lines of the trail, newest first; of one action when it is given.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit(&self, limit: u64, action: Option<&str>) -> Result<Vec<AuditRow>, StoreError> {
        let lines = audit::Entity::find()
            .filter(audit::Column::PoolId.eq(self.pool.as_uuid()))
            .apply_if(action, |lines, action| lines.filter(audit::Column::Action.eq(action)))
            .order_by_desc(audit::Column::HappenedAt)
            .order_by_desc(audit::Column::Id)
            .limit(limit)
            .all(&self.exec)
            .await?;
        Ok(lines.into_iter().map(audit::Model::into_row).collect())
    }

    /// Lines of the trail that pass the filter, oldest first, behind the line `after` when it is given.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_after(
        &self,
        filter: &AuditFilter,
        after: Option<(Timestamp, AuditId)>,
        limit: u64,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let lines = self.audit_lines(filter).apply_if(after, |lines, (at, id)| {
            let (at, id) = (at.as_seconds(), id.as_uuid());
            let later = audit::Column::HappenedAt.gt(at);
            let beside = audit::Column::HappenedAt.eq(at).and(audit::Column::Id.gt(id));
            lines.filter(later.or(beside))
        });
        let lines = lines.order_by_asc(audit::Column::HappenedAt).order_by_asc(audit::Column::Id);
        let lines = lines.limit(limit).all(&self.exec).await?;
        Ok(lines.into_iter().map(audit::Model::into_row).collect())
    }

    /// The last lines of the trail that pass the filter, oldest of them first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_last(&self, filter: &AuditFilter, limit: u64) -> Result<Vec<AuditRow>, StoreError> {
        let lines = self.audit_lines(filter);
        let lines = lines.order_by_desc(audit::Column::HappenedAt).order_by_desc(audit::Column::Id);
        let mut lines = lines.limit(limit).all(&self.exec).await?;
        lines.reverse();
        Ok(lines.into_iter().map(audit::Model::into_row).collect())
    }

    fn audit_lines(&self, filter: &AuditFilter) -> Select<audit::Entity> {
        use audit::Column::{Action, ClientId, HappenedAt, Outcome, PoolId, UserId};
        audit::Entity::find()
            .filter(PoolId.eq(self.pool.as_uuid()))
            .apply_if(filter.action.as_deref(), |lines, action| lines.filter(Action.eq(action)))
            .apply_if(filter.outcome.as_deref(), |lines, outcome| lines.filter(Outcome.eq(outcome)))
            .apply_if(filter.user, |lines, user| lines.filter(UserId.eq(user.as_uuid())))
            .apply_if(filter.client_id.as_deref(), |lines, client| lines.filter(ClientId.eq(client)))
            .apply_if(filter.since, |lines, since| lines.filter(HappenedAt.gte(since.as_seconds())))
            .apply_if(filter.until, |lines, until| lines.filter(HappenedAt.lt(until.as_seconds())))
    }

    /// Lines about one user, newest first: of each outcome the actions that are named with it, behind a line when it is given.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_of(
        &self,
        user: UserId,
        kinds: [(&str, &[&str]); 2],
        behind: Option<(Timestamp, AuditId)>,
        limit: u64,
    ) -> Result<Vec<AuditRow>, StoreError> {
        use audit::Column::{Action, HappenedAt, Id, Outcome, PoolId};
        let [one, other] =
            kinds.map(|(outcome, actions)| Outcome.eq(outcome).and(Action.is_in(actions.iter().copied())));
        let lines = audit::Entity::find()
            .filter(PoolId.eq(self.pool.as_uuid()))
            .filter(audit::Column::UserId.eq(user.as_uuid()))
            .filter(one.or(other))
            .apply_if(behind, |lines, (at, id)| {
                let (at, id) = (at.as_seconds(), id.as_uuid());
                lines.filter(HappenedAt.lt(at).or(HappenedAt.eq(at).and(Id.lt(id))))
            });
        let lines = lines.order_by_desc(HappenedAt).order_by_desc(Id).limit(limit).all(&self.exec).await?;
        Ok(lines.into_iter().map(audit::Model::into_row).collect())
    }

    /// One line of the trail.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_row(&self, at: Timestamp, id: AuditId) -> Result<Option<AuditRow>, StoreError> {
        let key = (self.pool.as_uuid(), at.as_seconds(), id.as_uuid());
        let line = audit::Entity::find_by_id(key).one(&self.exec).await?;
        Ok(line.map(audit::Model::into_row))
    }
}

impl PoolTx {
    /// Adds a line.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn insert_audit(&self, row: &AuditRow) -> Result<(), StoreError> {
        let row = audit::Model {
            pool_id: self.pool.as_uuid(),
            happened_at: row.at.as_seconds(),
            id: row.id.as_uuid(),
            action: row.action.clone(),
            user_id: row.user.map(|user| user.as_uuid()),
            client_id: row.client_id.clone(),
            session_id: row.session.map(|session| session.as_uuid()),
            ip: row.ip.clone(),
            request_id: row.request_id.clone(),
            outcome: row.outcome.clone(),
            detail: row.detail.clone(),
        };
        self.exec.defer(Change::insert::<audit::Entity>(row)).await
    }
}
