//! Reading the audit trail of a pool.

use crate::admin::{Admin, AdminError};
use vestibule_domain::{AuditId, Timestamp};
use vestibule_store::{AuditFilter, AuditRow};

/// Where in the trail to begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrailStart {
    /// With the last lines.
    Last,
    /// With the first ones.
    First,
    /// Behind this line.
    After(Timestamp, AuditId),
}

impl Admin<'_> {
    /// Lines of the audit trail that pass the filter, oldest first. Whoever has read some asks for those after the last.
    ///
    /// # Errors
    /// [`AdminError::NoSuchPool`] or [`AdminError::Failure`].
    pub async fn audit_trail(
        &self,
        pool: &str,
        filter: &AuditFilter,
        start: TrailStart,
        limit: u64,
    ) -> Result<Vec<AuditRow>, AdminError> {
        let pool = self.pool_named(pool).await?;
        let store = self.app.store().pool(pool.id);
        Ok(match start {
            TrailStart::Last => store.audit_last(filter, limit).await?,
            TrailStart::First => store.audit_after(filter, None, limit).await?,
            TrailStart::After(at, id) => store.audit_after(filter, Some((at, id)), limit).await?,
        })
    }
}
