//! What many use cases end with: who is told, what is written down, and what a change of the doors ends.

use vestibule_domain::{SessionId, Timestamp, UserId};
use vestibule_store::{
    PoolTx, StoreError,
    records::{AuditRow, MailRow},
};

/// The mails and the audit row of something that was done; written in its transaction.
pub(crate) struct Notices {
    pub(crate) mails: Vec<MailRow>,
    pub(crate) audit: AuditRow,
}

impl Notices {
    pub(crate) async fn store(&self, tx: &PoolTx) -> Result<(), StoreError> {
        queue(tx, &self.mails).await?;
        tx.insert_audit(&self.audit).await
    }
}

/// Queues mails.
pub(crate) async fn queue(tx: &PoolTx, mails: &[MailRow]) -> Result<(), StoreError> {
    for mail in mails {
        tx.queue_mail(mail).await?;
    }
    Ok(())
}

/// Ends everything that stood on the old password or the old factors: other sessions, tokens, remembered browsers. Says
/// how many sessions ended.
pub(crate) async fn end_all_else(
    tx: &PoolTx,
    user: UserId,
    keep: Option<SessionId>,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let sessions = tx.revoke_sessions(user, keep, now).await?;
    tx.revoke_grants(user, None, now).await?;
    tx.forget_remembered_browsers(user).await?;
    Ok(sessions)
}
