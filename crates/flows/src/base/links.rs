//! Links that are mailed: for a registration, for a forgotten password.
//!
//! The answer, the statements and the rows are the same whether the address has an account or not.

use crate::base::{
    app::App,
    audit::{AuditAction, Ended},
    cx::Cx,
    failure::Failure,
    notice::Letter,
    outbox::Notices,
};
use vestibule_domain::UserId;
use vestibule_seal::sha256;
use vestibule_store::records::MailTokenRow;

/// Links that one address is sent in an hour at most; further requests are silently dropped.
const MOST_AN_HOUR: u64 = 5;

/// The purpose of a link that opens nothing: it is sent to nobody, but its row counts and costs as much as any other.
pub(crate) const NOTHING: &str = "none";

/// A link to be sent.
pub(crate) struct LinkMail {
    /// What the link opens.
    pub(crate) purpose: &'static str,
    /// Its secret.
    pub(crate) secret: String,
    /// The address that requests are counted by.
    pub(crate) counted_by: String,
    /// Whose it is, where there is somebody.
    pub(crate) user: Option<UserId>,
    /// Kept with the link.
    pub(crate) data: String,
    /// The mail. One to an empty address is queued like any other, and then dropped.
    pub(crate) letter: Letter,
    /// What the audit trail calls it.
    pub(crate) action: AuditAction,
}

impl App {
    /// Stores and mails a link, unless its address has had enough of them.
    pub(crate) async fn send_link(&self, cx: &Cx, order: LinkMail) -> Result<(), Failure> {
        let store = self.pool_store(cx);
        let since = cx.now - 3600;
        let recent = store.count_mail_tokens(&order.counted_by, since).await?;
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
        if recent >= MOST_AN_HOUR {
            return Ok(());
        }
        let job = move |tx: vestibule_store::PoolTx| async move {
            // Counted again where no other request can get in between.
            if !tx.admit_mail_token(&token, since, MOST_AN_HOUR).await? {
                return Ok(());
            }
            told.store(&tx).await
        };
        Ok(store.write(job).await?)
    }
}
