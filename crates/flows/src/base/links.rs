//! Links that are mailed: for a registration, for a forgotten password, to take a change of the address back.
//!
//! The answer, the statements and the rows are the same whether the address has an account or not.

use crate::base::{
    app::App,
    audit::{AuditAction, Ended},
    budget::{of_known_browser, of_mailbox, of_pool, of_source},
    cx::Cx,
    failure::Failure,
    notice::Letter,
    outbox::Notices,
};
use uuid::Uuid;
use vestibule_domain::{Budget, UserId};
use vestibule_seal::sha256;
use vestibule_store::{BudgetKey, PoolTx, StoreError, records::MailTokenRow};

/// The purpose of a link that opens nothing: it is sent to nobody, but its row counts and costs as much as any other.
pub(crate) const NOTHING: &str = "none";

/// The purpose of a link that takes a change of the address back. Nobody but the mailbox that was given up has it, so it
/// outlives whatever somebody else does to the account.
pub(crate) const ADDRESS_UNDO: &str = "address-undo";

/// Makes the links of a user useless, and codes that prove an address: after a change of the password or the address. What
/// takes a change of the address back stays, or whoever took an account over would be rid of its owner by the next change.
pub(crate) async fn end_links(tx: &PoolTx, user: UserId) -> Result<u64, StoreError> {
    tx.delete_mail_tokens_but(user, ADDRESS_UNDO).await
}

/// A link to be sent.
pub(crate) struct LinkMail {
    /// What the link opens.
    pub(crate) purpose: &'static str,
    /// Its secret.
    pub(crate) secret: String,
    /// The address, or the name, that requests are counted by.
    pub(crate) counted_by: String,
    /// What requests are counted as.
    pub(crate) budgets: LinkBudgets,
    /// Whose it is, where there is somebody.
    pub(crate) user: Option<UserId>,
    /// Kept with the link.
    pub(crate) data: String,
    /// The mail. One to an empty address is queued like any other, and then dropped.
    pub(crate) letter: Letter,
    /// What the audit trail calls it.
    pub(crate) action: AuditAction,
}

/// The budgets of a kind of link.
pub(crate) struct LinkBudgets {
    pub(crate) mailbox: Budget,
    /// Where the mailbox has had enough: that of a browser which the subject is known in.
    pub(crate) known_browser: Option<(Uuid, Budget)>,
    pub(crate) source: Budget,
    pub(crate) pool: Budget,
}

/// What became of the wish to be mailed a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkAsked {
    /// It was mailed, or it was not: the address has had enough of them, or nobody has it. Nothing tells which.
    Taken,
    /// Nothing was done: too many came from there, or to the pool.
    TooMany {
        /// Until the next.
        seconds: i64,
    },
}

impl App {
    /// Stores and mails a link, unless its address has had enough of them.
    pub(crate) async fn send_link(&self, cx: &Cx, order: LinkMail) -> Result<LinkAsked, Failure> {
        let store = self.pool_store(cx);
        let Some(mailbox) = self.mailbox_budget(cx, &order).await? else { return Ok(LinkAsked::Taken) };
        let mut shared = of_source(cx, order.budgets.source);
        shared.push(of_pool(order.budgets.pool));
        let too_many =
            |until: vestibule_domain::Timestamp| LinkAsked::TooMany { seconds: until.wait_from(cx.now) };
        // Asked first: a flood costs no more than this.
        if let Some(until) = store.used_up(&shared, cx.now).await? {
            return Ok(too_many(until));
        }
        let email = if order.letter.to.is_empty() { order.counted_by } else { order.letter.to.clone() };
        let token = MailTokenRow {
            hash: sha256(order.secret.as_bytes()),
            purpose: order.purpose.to_owned(),
            user: order.user,
            email,
            data: order.data,
            expires_at: cx.now + cx.pool.pool.settings.lifetimes.mail_link,
            created_at: cx.now,
        };
        let audit = self.audit(cx, order.action, order.user, Ended::Done);
        let told = Notices { mails: self.letters(&cx.pool.pool, cx.now, [order.letter])?, audit };
        let now = cx.now;
        let job = move |tx: PoolTx| async move {
            if tx.spend_budgets(&[mailbox], now).await?.is_some() {
                return Ok(Err(LinkAsked::Taken));
            }
            if let Some(until) = tx.spend_budgets(&shared, now).await? {
                return Ok(Err(LinkAsked::TooMany { seconds: until.wait_from(now) }));
            }
            tx.insert_mail_token(&token).await?;
            told.store(&tx).await?;
            Ok(Ok(()))
        };
        Ok(store.write_or_undo(job).await?.map_or_else(|undone| undone, |()| LinkAsked::Taken))
    }

    /// The budget that a mail to this address is taken from; `None` where it has had enough. What strangers ask for does not use
    /// up what somebody has in their own browser.
    async fn mailbox_budget(&self, cx: &Cx, order: &LinkMail) -> Result<Option<BudgetKey>, Failure> {
        let store = self.pool_store(cx);
        let mailbox = of_mailbox(&order.counted_by, order.budgets.mailbox);
        if store.used_up(&[mailbox], cx.now).await?.is_none() {
            return Ok(Some(mailbox));
        }
        let Some((subject, budget)) = order.budgets.known_browser else { return Ok(None) };
        if !store.knows_browser(subject, &cx.browser).await? {
            return Ok(None);
        }
        let own = of_known_browser(cx, subject, budget);
        Ok(store.used_up(&[own], cx.now).await?.is_none().then_some(own))
    }
}
