//! Another address for an account, with everything that hangs on the old one: links, factors that write to it, and the way
//! back.

use crate::{
    base::{
        app::App,
        failure::Failure,
        links::{ADDRESS_UNDO, end_links},
        notice::{Letter, Notice},
        outbox::{ReadyMail, queue},
    },
    factor::Factors,
};
use vestibule_domain::{CredentialId, Email, Pool, Timestamp, User, credential::Public, user::fold};
use vestibule_seal::sha256;
use vestibule_store::{PoolTx, StoreError, records::MailTokenRow};

/// For how many days a change of the address can be taken back.
const UNDO_DAYS: i64 = 7;

/// The mailbox that has the say over an account, for a mail that gives it away: the one that a change of the address has
/// taken it from, as long as the change can be taken back; otherwise the proved address.
pub(crate) fn mailbox_in_charge(user: &User, undo: &[MailTokenRow]) -> Option<String> {
    let given_up = undo.iter().map(|row| &row.email).find(|email| !email.is_empty());
    given_up.or_else(|| user.email.as_ref().filter(|_| user.email_verified)).cloned()
}

/// What a change of the address is to be.
#[derive(Clone, Copy)]
pub(crate) struct NewAddress<'a> {
    /// The account as it was when the change was asked for.
    pub(crate) user: &'a User,
    /// The address to come.
    pub(crate) to: Option<&'a str>,
    /// Whether it is known to be the user's.
    pub(crate) verified: bool,
    /// Whether the mailbox that is given up, where it was proved, can take the change back. Otherwise earlier changes cannot
    /// be taken back any more, either.
    pub(crate) undo: bool,
}

/// Everything that a change of the address writes.
#[derive(Clone)]
pub(crate) struct AddressChange {
    app: App,
    user: User,
    to: Option<String>,
    verified: bool,
    charge: Charge,
    /// The letter to the address that is given up, with the link to take it back.
    with_link: Vec<ReadyMail>,
    /// The same without one.
    without: Vec<ReadyMail>,
    now: Timestamp,
}

/// What became of a change of the address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum AddressWritten {
    /// It is made.
    Done,
    /// Somebody else has the address.
    Taken,
    /// The account has another address by now than when the change was asked for, or is gone.
    Moved,
}

/// What becomes of the right to take changes of the address back.
#[derive(Clone)]
enum Charge {
    /// Nobody has it any more.
    Ends,
    /// No mailbox is given up, so none gets it.
    Stays,
    /// The mailbox that is given up gets it, where no other has it. A row without an address is of one that was never proved: it
    /// can take nothing back, and only tells that the address has just changed.
    Passes(MailTokenRow),
}

impl Factors<'_> {
    /// Gets a change of an address ready. The old address is told.
    pub(crate) fn address_change(
        self,
        pool: &Pool,
        new: NewAddress<'_>,
        now: Timestamp,
    ) -> Result<AddressChange, Failure> {
        let NewAddress { user, to, verified, undo } = new;
        let given_up = user.email.as_deref().filter(|old| Some(fold(old)) != to.map(fold));
        let secret = self.app.secret();
        let charge = match given_up {
            _ if !undo => Charge::Ends,
            None => Charge::Stays,
            Some(old) => Charge::Passes(MailTokenRow {
                hash: sha256(secret.as_bytes()),
                purpose: ADDRESS_UNDO.to_owned(),
                user: Some(user.id),
                email: if user.email_verified { old.to_owned() } else { String::new() },
                data: String::new(),
                expires_at: now + UNDO_DAYS * 86_400,
                created_at: now,
            }),
        };
        let told = |undo| given_up.and(Letter::to_user(user, now, Notice::AddressChanged { undo }));
        let link = (undo && user.email_verified).then_some((secret, UNDO_DAYS));
        Ok(AddressChange {
            app: self.app.clone(),
            user: user.clone(),
            to: to.map(str::to_owned),
            verified,
            charge,
            with_link: self.app.letters(pool, now, told(link))?,
            without: self.app.letters(pool, now, told(None))?,
            now,
        })
    }
}

impl AddressChange {
    /// Whether the account gets another address, and not only another word on whether it is proved.
    pub(crate) fn is_another(&self) -> bool {
        self.user.email.as_deref().map(fold) != self.to.as_deref().map(fold)
    }

    /// Makes it, in a transaction that holds the user.
    pub(crate) async fn run(self, tx: &PoolTx) -> Result<AddressWritten, StoreError> {
        let (id, now) = (self.user.id, self.now);
        let there = tx.user(id).await?;
        if there.is_none_or(|there| there.email != self.user.email) {
            return Ok(AddressWritten::Moved);
        }
        if !tx.set_email(id, self.to.as_deref(), self.verified, now).await? {
            return Ok(AddressWritten::Taken);
        }
        end_links(tx, id).await?;
        let mails = if self.pass_on_charge(tx).await? { &self.with_link } else { &self.without };
        for (credential, was, public) in self.moved(tx).await? {
            tx.set_public(credential, id, &was, &public).await?;
        }
        queue(tx, mails).await?;
        Ok(AddressWritten::Done)
    }

    /// Decides which mailbox can take changes back from now on; `true` when it is the one that is given up with this change.
    ///
    /// A mailbox has that right only when it was the account's for as long as changes can be taken back: whoever took an account
    /// over would otherwise have it, too, as soon as the owner mends the account.
    async fn pass_on_charge(&self, tx: &PoolTx) -> Result<bool, StoreError> {
        let (id, now) = (self.user.id, self.now);
        let standing = tx.mail_tokens_of(id.as_uuid(), ADDRESS_UNDO, now).await?;
        let proved = self.to.as_deref().filter(|_| self.verified).map(fold);
        // The mailbox in charge has the account again, by its own proof.
        let is_back = standing.iter().any(|row| Some(fold(&row.email)) == proved);
        match &self.charge {
            Charge::Passes(undo) if standing.is_empty() => {
                tx.insert_mail_token(undo).await?;
                return Ok(true);
            }
            Charge::Passes(_) | Charge::Stays if !is_back => {}
            Charge::Passes(_) | Charge::Stays | Charge::Ends => {
                tx.delete_mail_tokens_since(id, ADDRESS_UNDO, Timestamp::EPOCH).await?;
            }
        }
        Ok(false)
    }

    /// What the user's factors keep from now on.
    async fn moved(&self, tx: &PoolTx) -> Result<Vec<(CredentialId, Public, Public)>, StoreError> {
        let proved = self.to.as_deref().filter(|_| self.verified);
        let Some(address) = proved.and_then(|to| Email::parse(to).ok()) else { return Ok(Vec::new()) };
        let own = tx.credentials(self.user.id).await?;
        let asked = self.app.registry().iter().filter(|factor| !factor.watched());
        let moved = asked.flat_map(|factor| factor.moved(&own, &address));
        let was = |id| own.iter().find(|one| one.id == id).map(|one| one.public.clone());
        Ok(moved.filter_map(|(id, public)| Some((id, was(id)?, public))).collect())
    }
}
