//! Letters on their way into the outbox, and out of it. In between they are sealed: their links sign people in.

use crate::base::{
    app::App,
    audit::{AuditAction, Detailed as _, Ended},
    budget::{of_mailbox, of_pool, of_user},
    failure::Failure,
    notice::{About, CountedBy, Letter, Notice, Rendered},
    outbox::{Counted, ReadyMail},
};
use vestibule_domain::{Budget, MailId, Pool, PoolId, Timestamp};
use vestibule_seal::AssociatedData;
use vestibule_store::records::{Claim, MailBody, MailRow, MailWaiting};

/// A mail that is to be sent now.
#[derive(Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    /// Whose it is.
    pub pool: PoolId,
    /// Its identifier.
    pub id: MailId,
    /// To whom; empty for a mail that was queued for a name that nobody has.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// The body as text.
    pub text: String,
    /// The body as HTML.
    pub html: String,
    /// When it was queued.
    pub created_at: Timestamp,
    /// How often it was claimed.
    pub tries: u32,
}

/// A mail that was claimed.
pub enum ClaimedMail {
    /// It can be sent.
    Ready(OutgoingMail),
    /// It is sealed under a key that is not in the ring.
    Unreadable {
        /// Whose it is.
        pool: PoolId,
        /// Its identifier.
        id: MailId,
        /// How often it was claimed.
        tries: u32,
    },
}

/// What the body of a mail is bound to.
pub(crate) fn mail_ad(pool: PoolId, id: MailId, to: &str) -> AssociatedData {
    AssociatedData::new("outgoing-mail").with(pool.as_bytes()).with(id.as_uuid().as_bytes()).with(to)
}

impl App {
    /// Renders letters for the outbox and seals them; they are queued in the transaction of what they tell about.
    pub(crate) fn letters(
        &self,
        pool: &Pool,
        now: Timestamp,
        letters: impl IntoIterator<Item = Letter>,
    ) -> Result<Vec<ReadyMail>, Failure> {
        let ready = |letter: Letter| {
            let counted = match (letter.notice.counted_by(), letter.about) {
                (CountedBy::Account(budget, name), Some(about)) => {
                    Some(self.counted(pool, &letter, about, budget, name)?)
                }
                _ => None,
            };
            Ok(ReadyMail { row: self.sealed(pool, now, &letter)?, counted })
        };
        letters.into_iter().map(ready).collect()
    }

    fn sealed(&self, pool: &Pool, now: Timestamp, letter: &Letter) -> Result<MailRow, Failure> {
        let mail = self.shared.renderer.render(pool, letter).map_err(Failure::internal)?;
        let id = MailId::new(now, self.entropy().as_ref());
        let plain = serde_json::to_vec(&mail).map_err(Failure::internal)?;
        let ad = mail_ad(pool.id, id, &letter.to);
        let body = MailBody::Sealed(self.keys().seal(self.entropy().as_ref(), &ad, &plain));
        Ok(MailRow { id, to: letter.to.clone(), body, created_at: now, tries: 0 })
    }

    /// What a notice is taken from, and what is done when that is used up.
    fn counted(
        &self,
        pool: &Pool,
        letter: &Letter,
        about: About,
        budget: Budget,
        name: &str,
    ) -> Result<Counted, Failure> {
        let (About { user, proved }, now) = (about, letter.at);
        let unproved = (!proved).then(|| of_mailbox(&letter.to, Budget::NoticeToUnproved));
        let with_address = |key| std::iter::once(key).chain(unproved).collect::<Vec<_>>();
        let mut budgets = with_address(of_user(user, budget));
        budgets.push(of_pool(Budget::NoticeAtPool));
        // Of an attack that goes on, one mail a day is enough.
        let instead = if budget == Budget::NoticeToAccount {
            None
        } else {
            let told = Letter { notice: Notice::NoticesHeldBack, ..letter.clone() };
            Some((self.sealed(pool, now, &told)?, with_address(of_user(user, Budget::NoticesHeldBack))))
        };
        let row = self.row(now, AuditAction::NoticeHeldBack, Some(user), Ended::Refused);
        Ok(Counted { budgets, instead, held_back: row.why("notice", name) })
    }

    /// Takes mails of all pools that are due, opened. Those who claim them have to say what became of them within
    /// [`LEASE`](vestibule_store::LEASE), or they are due again.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn claim_mail(&self, claim: &Claim) -> Result<Vec<ClaimedMail>, Failure> {
        let claimed = self.store().platform().claim_mail(self.now(), claim).await?;
        Ok(claimed.into_iter().map(|(pool, row)| self.opened(pool, row)).collect())
    }

    /// What waits to be sent.
    ///
    /// # Errors
    /// [`Failure::Store`].
    pub async fn waiting_mail(&self) -> Result<MailWaiting, Failure> {
        Ok(self.store().platform().waiting_mail().await?)
    }

    fn opened(&self, pool: PoolId, row: MailRow) -> ClaimedMail {
        let MailRow { id, to, body, created_at, tries } = row;
        let mail = match body {
            MailBody::Plain { subject, text, html } => Some(Rendered { subject, text, html }),
            MailBody::Sealed(sealed) => {
                let plain = self.keys().open(&mail_ad(pool, id, &to), &sealed).ok();
                plain.and_then(|plain| serde_json::from_slice(&plain).ok())
            }
        };
        match mail {
            Some(Rendered { subject, text, html }) => {
                ClaimedMail::Ready(OutgoingMail { pool, id, to, subject, text, html, created_at, tries })
            }
            None => ClaimedMail::Unreadable { pool, id, tries },
        }
    }
}
