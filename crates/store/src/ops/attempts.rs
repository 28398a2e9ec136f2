//! Counters of failed attempts.

use crate::{
    engine::{sql::Change, values},
    entity::{attempts, select},
    error::StoreError,
    handles::{PoolReads, PoolTx},
    text::to_count,
};
use std::sync::LazyLock;
use uuid::Uuid;
use vestibule_domain::{
    FactorKind, Timestamp,
    attempts::{Admission, Attempts},
};

/// How often a count is tried again when another attempt was faster. Each round one succeeds, so this many can run at once.
const RETRIES: usize = 256;

/// A counter as it was seen, none when there was none, and as it is to be.
struct Step {
    seen: Option<Attempts>,
    next: Attempts,
}

impl attempts::Model {
    pub(super) fn to_attempts(&self) -> Result<Attempts, StoreError> {
        Ok(Attempts {
            failures: to_count(self.failures, "attempts", "failures")?,
            blocked_until: Timestamp::from_seconds(self.blocked_until),
        })
    }
}

impl PoolReads {
    /// The counters of a subject: a user, or a name that nobody has.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn attempts(&self, subject: Uuid) -> Result<Vec<(FactorKind, Attempts)>, StoreError> {
        static SQL: LazyLock<String> =
            LazyLock::new(|| select::<attempts::Entity>("pool_id = $1 AND subject = $2 ORDER BY kind"));
        let rows: Vec<attempts::Model> = self.exec.all(&SQL, values![self.pool.as_uuid(), subject]).await?;
        rows.iter().map(|row| Ok((FactorKind::from_text(row.kind.clone()), row.to_attempts()?))).collect()
    }
}

impl PoolTx {
    /// Counts an attempt, unless the subject has to wait. [`Admission::Admitted`] means that it is counted. Nobody may
    /// be told how the attempt ended before this is committed.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when other attempts kept overtaking this one.
    pub async fn admit_attempt(
        &self,
        subject: Uuid,
        kind: &FactorKind,
        now: Timestamp,
    ) -> Result<Admission, StoreError> {
        self.admit_attempt_for(1, subject, kind, now).await
    }

    /// As [`PoolTx::admit_attempt`], for an attempt that could hit any of so many secrets.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when other attempts kept overtaking this one.
    pub async fn admit_attempt_for(
        &self,
        secrets: u32,
        subject: Uuid,
        kind: &FactorKind,
        now: Timestamp,
    ) -> Result<Admission, StoreError> {
        static READ: LazyLock<String> =
            LazyLock::new(|| select::<attempts::Entity>("pool_id = $1 AND subject = $2 AND kind = $3"));
        // Most subjects have no failures: theirs is one statement, which fails to insert where there are some.
        let first = Attempts::default().admit_for(secrets, now);
        if let Admission::Admitted(next) = first
            && self.count(subject, kind, Step { seen: None, next }, now).await?
        {
            return Ok(first);
        }
        for _ in 0..RETRIES {
            let key = values![self.pool.as_uuid(), subject, kind.as_str()];
            let row: Option<attempts::Model> = self.exec.one(&READ, key).await?;
            let seen = row.as_ref().map(attempts::Model::to_attempts).transpose()?;
            let admission = seen.unwrap_or_default().admit_for(secrets, now);
            let Admission::Admitted(next) = admission else { return Ok(admission) };
            if self.count(subject, kind, Step { seen, next }, now).await? {
                return Ok(admission);
            }
        }
        Err(StoreError::Conflict("too many attempts at once; try again".to_owned()))
    }

    /// Stores the next state of a counter on the condition that the one that was seen still stands.
    async fn count(
        &self,
        subject: Uuid,
        kind: &FactorKind,
        Step { seen, next }: Step,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let Some(seen) = seen else {
            let row = attempts::Model {
                pool_id: self.pool.as_uuid(),
                subject,
                kind: kind.as_str().to_owned(),
                failures: i64::from(next.failures),
                blocked_until: next.blocked_until.as_seconds(),
                last_at: now.as_seconds(),
            };
            let added = Change::insert_if_absent::<attempts::Entity>(row);
            return self.exec.hit_change(added).await;
        };
        let sql = "UPDATE attempts SET failures = $4, blocked_until = $5, last_at = $6 \
                   WHERE pool_id = $1 AND subject = $2 AND kind = $3 AND failures = $7 AND blocked_until = $8";
        let values = values![
            self.pool.as_uuid(),
            subject,
            kind.as_str(),
            i64::from(next.failures),
            next.blocked_until.as_seconds(),
            now.as_seconds(),
            i64::from(seen.failures),
            seen.blocked_until.as_seconds()
        ];
        self.exec.hit(sql, values).await
    }

    /// Forgets the failures of one kind: that factor gave a right answer, or was bound again. Costs no trip of its own.
    ///
    /// # Errors
    /// When the database fails; that may show only in the next statement, or at the end.
    pub async fn forget_attempts(&self, subject: Uuid, kind: &FactorKind) -> Result<(), StoreError> {
        let condition = [
            (attempts::Column::PoolId, self.pool.as_uuid().into()),
            (attempts::Column::Subject, subject.into()),
            (attempts::Column::Kind, kind.as_str().into()),
        ];
        self.exec.defer(Change::delete::<attempts::Entity>(condition)).await
    }

    /// Forgets the failures of all kinds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clear_all_attempts(&self, subject: Uuid) -> Result<u64, StoreError> {
        let sql = "DELETE FROM attempts WHERE pool_id = $1 AND subject = $2";
        self.exec.run(sql, values![self.pool.as_uuid(), subject]).await
    }
}
