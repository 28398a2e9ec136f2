//! Another address for an account, with everything that hangs on the old one: links, factors that write to it, and the way
//! back.

use crate::{
    base::{
        app::App,
        failure::Failure,
        links::{ADDRESS_UNDO, end_links},
        notice::{Letter, Notice},
        outbox::queue,
    },
    factor::Factors,
};
use vestibule_domain::{CredentialId, Email, Pool, Timestamp, User, credential::Public, user::fold};
use vestibule_seal::sha256;
use vestibule_store::{
    PoolTx, StoreError,
    records::{MailRow, MailTokenRow},
};

/// For how many days a change of the address can be taken back.
const UNDO_DAYS: i64 = 7;

/// What a change of the address is to be.
#[derive(Clone, Copy)]
pub(crate) struct NewAddress<'a> {
    /// The account as it was when the change was asked for.
    pub(crate) user: &'a User,
    /// The address to come.
    pub(crate) to: Option<&'a str>,
    /// Whether it is known to be the user's.
    pub(crate) verified: bool,
    /// Whether the mailbox that is given up, where it was proved, can take the change back.
    pub(crate) undo: bool,
}

/// Everything that a change of the address writes.
#[derive(Clone)]
pub(crate) struct AddressChange {
    app: App,
    user: User,
    to: Option<String>,
    verified: bool,
    undo: Option<MailTokenRow>,
    mails: Vec<MailRow>,
    now: Timestamp,
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
        // What was never proved may be anybody's: it can take nothing back.
        let undo = given_up.filter(|_| undo && user.email_verified).map(|old| MailTokenRow {
            hash: sha256(secret.as_bytes()),
            purpose: ADDRESS_UNDO.to_owned(),
            user: Some(user.id),
            email: old.to_owned(),
            data: String::new(),
            expires_at: now + UNDO_DAYS * 86_400,
            created_at: now,
        });
        let link = undo.as_ref().map(|_| (secret, UNDO_DAYS));
        let letter = given_up.and(Letter::to_user(user, now, Notice::AddressChanged { undo: link }));
        Ok(AddressChange {
            app: self.app.clone(),
            user: user.clone(),
            to: to.map(str::to_owned),
            verified,
            undo,
            mails: self.app.letters(pool, now, letter)?,
            now,
        })
    }
}

impl AddressChange {
    /// Makes it, in a transaction that holds the user; `false` when somebody else has the address, or when the account has
    /// another one by now than when the change was asked for.
    pub(crate) async fn run(mut self, tx: &PoolTx) -> Result<bool, StoreError> {
        let (id, now) = (self.user.id, self.now);
        let there = tx.user(id).await?;
        if there.is_none_or(|there| there.email != self.user.email) {
            return Ok(false);
        }
        if !tx.set_email(id, self.to.as_deref(), self.verified, now).await? {
            return Ok(false);
        }
        end_links(tx, id).await?;
        if let Some(undo) = &mut self.undo {
            // Each is younger than those before, so that a younger one never stands above an older one.
            let before = tx.mail_tokens_of(id.as_uuid(), ADDRESS_UNDO, now).await?;
            if let Some(last) = before.last() {
                undo.created_at = undo.created_at.max(last.created_at + 1);
            }
            tx.insert_mail_token(undo).await?;
        }
        for (credential, was, public) in self.moved(tx).await? {
            tx.set_public(credential, id, &was, &public).await?;
        }
        queue(tx, &self.mails).await?;
        Ok(true)
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
