//! What many use cases end with: who is told, and what is written down.

use vestibule_store::{
    PoolTx, StoreError,
    records::{AuditRow, MailRow},
};

/// The mails and the audit row of something that was done; written in its transaction.
#[derive(Clone)]
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
