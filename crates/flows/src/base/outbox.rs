//! What many use cases end with: who is told, and what is written down.

use vestibule_store::{
    BudgetKey, PoolTx, StoreError,
    records::{AuditRow, MailRow},
};

/// A mail that is ready for the outbox, with what it is taken from.
#[derive(Clone)]
pub(crate) struct ReadyMail {
    pub(crate) row: MailRow,
    /// The budgets of a notice. Other mails are counted where they are asked for, or by what they tell of.
    pub(crate) counted: Option<Counted>,
}

/// What a notice is taken from. When that is used up, it is not lost silently: the trail names it, and its user gets one mail
/// for all that are held back.
#[derive(Clone)]
pub(crate) struct Counted {
    pub(crate) budgets: Vec<BudgetKey>,
    /// The mail that tells of it, and what that is taken from.
    pub(crate) instead: Option<(MailRow, Vec<BudgetKey>)>,
    pub(crate) held_back: AuditRow,
}

impl ReadyMail {
    async fn queue(&self, tx: &PoolTx) -> Result<(), StoreError> {
        let now = self.row.created_at;
        let Some(Counted { budgets, instead, held_back }) = &self.counted else {
            return tx.queue_mail(&self.row).await;
        };
        if tx.spend_budgets(budgets, now).await?.is_none() {
            return tx.queue_mail(&self.row).await;
        }
        tx.insert_audit(held_back).await?;
        if let Some((mail, budgets)) = instead
            && tx.spend_budgets(budgets, now).await?.is_none()
        {
            tx.queue_mail(mail).await?;
        }
        Ok(())
    }
}

/// The mails and the audit row of something that was done; written in its transaction.
#[derive(Clone)]
pub(crate) struct Notices {
    pub(crate) mails: Vec<ReadyMail>,
    pub(crate) audit: AuditRow,
}

impl Notices {
    pub(crate) async fn store(&self, tx: &PoolTx) -> Result<(), StoreError> {
        queue(tx, &self.mails).await?;
        tx.insert_audit(&self.audit).await
    }
}

/// Queues mails, as far as their budgets go. Nothing else does.
pub(crate) async fn queue(tx: &PoolTx, mails: &[ReadyMail]) -> Result<(), StoreError> {
    for mail in mails {
        mail.queue(tx).await?;
    }
    Ok(())
}
