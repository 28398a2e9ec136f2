//! The address of an account: proved by a mailed code, changed by proving another one, and the change taken back by the
//! mailbox that was given up.
//!
//! A code, and not a link: it counts in the account that asked for it alone, so nobody proves their address for somebody
//! else's account by following a link, and no mail scanner does it either.

use crate::{
    account::{Accounts, Unchanged},
    base::{
        app::App,
        audit::{AuditAction, Ended},
        budget::{of_mailbox, of_pool, of_source, of_user},
        cx::Cx,
        failure::Failure,
        links::ADDRESS_UNDO,
        notice::{Letter, Notice},
        outbox::Notices,
        session_end::{SessionEnd, end_sessions},
    },
    factor::address::{AddressWritten, NewAddress},
    sign_in::gate::{Account, Admitted, ChangeAddress, View},
};
use vestibule_domain::{Budget, Email, Timestamp, User, UserId, typed::code_chars, user::fold};
use vestibule_seal::{bytes, sha256};
use vestibule_store::{PoolTx, StoreError, records::MailTokenRow};

/// The purpose of a code that proves an address.
const PURPOSE: &str = "address";

/// Digits of a code.
const DIGITS: u8 = 8;

/// What became of the wish for another address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressAsked {
    /// A code was mailed, or it was not: somebody else has the address, or its mailbox has had enough. Nothing tells which.
    Taken,
    /// It is no address.
    Invalid,
    /// It is proved, and that of the account already.
    Same,
    /// Too many were asked for by this account, or from there.
    TooMany {
        /// Until the next.
        seconds: i64,
    },
    /// No mail can be sent.
    NoMail,
}

/// What became of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressProof {
    /// The address is proved, and that of the account.
    Done,
    /// The code is wrong, too old or used.
    Wrong,
    /// Somebody else got the address meanwhile.
    InUse,
    /// Too many were tried.
    TooMany {
        /// Until the next.
        seconds: i64,
    },
}

/// What became of taking a change back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressUndo {
    /// The old address is back, and everybody is out.
    Done,
    /// Somebody else has the old address by now. Everybody is out, and the new address counts as not proved.
    InUse,
    /// The link is unknown, expired or used.
    BadLink,
}

/// An address that waits for its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingAddress {
    /// The address.
    pub address: String,
    /// Until when its code is good.
    pub expires_at: Timestamp,
}

/// What is known of a code: worth nothing in another account.
fn digest(user: UserId, code: &str) -> [u8; 32] {
    sha256(&[user.as_bytes(), b"address", code.as_bytes()].concat())
}

impl Accounts<'_> {
    /// Mails a code to an address that is to become that of the account, or that is it and was never proved. The answer is
    /// the same when somebody else has the address, who is told.
    ///
    /// # Errors
    /// [`Unchanged`].
    pub async fn ask_address(
        self,
        cx: &Cx,
        admitted: &Admitted<ChangeAddress>,
        typed: &str,
    ) -> Result<AddressAsked, Unchanged> {
        if !self.app.can_mail() {
            return Ok(AddressAsked::NoMail);
        }
        let user = &admitted.live.user;
        let Ok(email) = Email::parse(typed) else { return Ok(AddressAsked::Invalid) };
        if user.email_verified && user.email.as_deref().map(fold) == Some(email.key()) {
            return Ok(AddressAsked::Same);
        }
        let mut shared = of_source(cx, Budget::AddressFromSource);
        shared.extend([of_user(user.id, Budget::AddressByAccount), of_pool(Budget::AddressAtPool)]);
        let mailbox = of_mailbox(email.as_str(), Budget::AddressToMailbox);
        let found = self.app.pool_store(cx).user_by_identifier(&email.key()).await?.map(|found| found.user);
        let (letter, hash) = self.code_letter(cx, user, &email, found.filter(|other| other.id != user.id));
        let code = MailTokenRow {
            hash,
            purpose: PURPOSE.to_owned(),
            user: Some(user.id),
            email: email.as_str().to_owned(),
            data: String::new(),
            expires_at: cx.now + cx.pool.pool.settings.lifetimes.mail_link,
            created_at: cx.now,
        };
        let decoy = MailTokenRow { hash: sha256(self.app.secret().as_bytes()), ..code.clone() };
        let audit = self.app.audit(cx, AuditAction::AddressAsked, Some(user.id), Ended::Done);
        let told = Notices { mails: self.app.letters(&cx.pool.pool, cx.now, [letter])?, audit };
        let (id, now) = (user.id, cx.now);
        let job = move |tx: PoolTx, _| async move {
            if let Some(until) = tx.spend_budgets(&shared, now).await? {
                return Ok(Err(AddressAsked::TooMany { seconds: until.wait_from(now) }));
            }
            let waiting = tx.mail_tokens_of(id.as_uuid(), PURPOSE, now).await?;
            if tx.spend_budgets(&[mailbox], now).await?.is_some() {
                // A code that is in the mailbox already stays good; otherwise it looks as if there were one.
                if waiting.iter().all(|one| fold(&one.email) != fold(&decoy.email)) {
                    tx.delete_mail_tokens_since(id, PURPOSE, Timestamp::EPOCH).await?;
                    tx.insert_mail_token(&decoy).await?;
                }
                return Ok(Ok(()));
            }
            tx.delete_mail_tokens_since(id, PURPOSE, Timestamp::EPOCH).await?;
            tx.insert_mail_token(&code).await?;
            told.store(&tx).await?;
            Ok(Ok(()))
        };
        let asked = self.change(cx, admitted, job).await?;
        Ok(asked.map_or_else(|undone| undone, |()| AddressAsked::Taken))
    }

    /// The mail to an address that somebody wants, and what its code is known by.
    fn code_letter(self, cx: &Cx, user: &User, email: &Email, owner: Option<User>) -> (Letter, [u8; 32]) {
        if let Some(owner) = owner {
            let nobodys = sha256(self.app.secret().as_bytes());
            let (to, notice) = (email.as_str().to_owned(), Notice::AddressInUse);
            return (Letter::to_address(to, owner.username, owner.locale, cx.now, notice), nobodys);
        }
        let number = u64::from_be_bytes(bytes(self.app.entropy().as_ref())) % 10_u64.pow(DIGITS.into());
        let code = format!("{number:0width$}", width = DIGITS.into());
        let hash = digest(user.id, &code);
        let minutes = cx.pool.pool.settings.lifetimes.mail_link / 60;
        let notice = Notice::AddressCode { code, minutes };
        (Letter::code(cx, user, email.as_str(), notice), hash)
    }

    /// The address that waits for its code.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn pending_address(
        self,
        cx: &Cx,
        account: &Account,
    ) -> Result<Option<PendingAddress>, Failure> {
        let user = account.live.user.id.as_uuid();
        let waiting = self.app.pool_store(cx).mail_tokens_of(user, PURPOSE, cx.now).await?;
        let pending = |row: MailTokenRow| PendingAddress { address: row.email, expires_at: row.expires_at };
        Ok(waiting.into_iter().next_back().map(pending))
    }

    /// Forgets the address that waits for its code.
    ///
    /// # Errors
    /// [`Unchanged`].
    pub async fn cancel_address(self, cx: &Cx, admitted: &Admitted<View>) -> Result<(), Unchanged> {
        let user = admitted.live.user.id;
        let cancel = self.change_for_sure(cx, admitted, move |tx, _| async move {
            tx.delete_mail_tokens_since(user, PURPOSE, Timestamp::EPOCH).await
        });
        cancel.await.map(|_| ())
    }

    /// Proves an address by the code that was mailed to it: from now on it is that of the account. The address before, where
    /// it was proved, is told and can take it back.
    ///
    /// # Errors
    /// [`Unchanged`].
    pub async fn prove_address(
        self,
        cx: &Cx,
        admitted: &Admitted<View>,
        typed: &str,
    ) -> Result<AddressProof, Unchanged> {
        let user = &admitted.live.user;
        if let Some(until) = self.spend(cx, of_user(user.id, Budget::AddressCodeByAccount)).await? {
            return Ok(AddressProof::TooMany { seconds: until.wait_from(cx.now) });
        }
        let code: String = code_chars(typed).take(usize::from(DIGITS) + 1).collect();
        let hash = digest(user.id, &code);
        let waiting = self.app.pool_store(cx).mail_token(&hash, PURPOSE, cx.now).await?;
        let Some(waiting) = waiting.filter(|waiting| waiting.user == Some(user.id)) else {
            let audit = self.app.audit(cx, AuditAction::AddressChanged, Some(user.id), Ended::Refused);
            self.note(cx, audit).await?;
            return Ok(AddressProof::Wrong);
        };
        let new = NewAddress { user, to: Some(&waiting.email), verified: true, undo: true };
        let change = self.app.factors().address_change(&cx.pool.pool, new, cx.now)?;
        let audit = self.app.audit(cx, AuditAction::AddressChanged, Some(user.id), Ended::Done);
        let now = cx.now;
        let done = self.change(cx, admitted, move |tx, _| async move {
            if tx.spend_mail_token(&hash, PURPOSE, now).await?.is_none() {
                return Ok(Err(AddressProof::Wrong));
            }
            match change.run(&tx).await? {
                AddressWritten::Done => {}
                AddressWritten::Taken => return Ok(Err(AddressProof::InUse)),
                // With the address that it was asked for at, the code has gone.
                AddressWritten::Moved => return Ok(Err(AddressProof::Wrong)),
            }
            tx.insert_audit(&audit).await?;
            Ok(Ok(()))
        });
        match done.await {
            // Somebody else took the address at the same moment.
            Err(Unchanged::Failed(Failure::Store(StoreError::Conflict(_)))) => Ok(AddressProof::InUse),
            done => Ok(done?.map_or_else(|undone| undone, |()| AddressProof::Done)),
        }
    }

    /// The address that a link to take a change back restores, and the name of the account; `None` when the link is of no
    /// use. Nothing is spent by looking.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn undoes_address(self, cx: &Cx, token: &str) -> Result<Option<(String, String)>, Failure> {
        let store = self.app.pool_store(cx);
        let link = store.mail_token(&sha256(token.as_bytes()), ADDRESS_UNDO, cx.now).await?;
        let Some((email, user)) = link.and_then(|link| Some((link.email, link.user?))) else {
            return Ok(None);
        };
        Ok(store.user(user).await?.map(|user| (email, user.username)))
    }

    /// Takes a change of the address back: the old address is that of the account again, every session and token ends, and
    /// whatever was begun since is void. The link is spent in the same transaction.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn undo_address(self, cx: &Cx, token: &str) -> Result<AddressUndo, Failure> {
        let hash = sha256(token.as_bytes());
        let store = self.app.pool_store(cx);
        let Some(user) = store.mail_token(&hash, ADDRESS_UNDO, cx.now).await?.and_then(|link| link.user)
        else {
            return Ok(AddressUndo::BadLink);
        };
        let undo = Undo { app: self.app.clone(), cx: cx.clone(), user, hash };
        let job = move |tx: PoolTx| async move { undo.run(&tx).await };
        let mut done = store.write_or_undo(job.clone()).await;
        if matches!(done, Err(StoreError::Conflict(_))) {
            // Somebody else took the address at the same moment; by now it shows.
            done = store.write_or_undo(job).await;
        }
        match done? {
            Ok(done) => Ok(done),
            Err(Undone::BadLink) => Ok(AddressUndo::BadLink),
            Err(Undone::Failed(cause)) => Err(cause),
        }
    }
}

/// Why a change of the address was not taken back.
enum Undone {
    BadLink,
    Failed(Failure),
}

/// Taking a change of the address back. Everything is read in its transaction, which holds the user: whatever somebody else
/// does to the account at the same moment, the link works, or it was used.
#[derive(Clone)]
struct Undo {
    app: App,
    cx: Cx,
    user: UserId,
    hash: [u8; 32],
}

impl Undo {
    /// What becomes of it. A refusal undoes the change.
    async fn run(self, tx: &PoolTx) -> Result<Result<AddressUndo, Undone>, StoreError> {
        let Self { app, cx, user: id, hash } = self;
        let now = cx.now;
        let Some((user, _)) = tx.locked_user(id, cx.pool.pool.version).await? else {
            return Ok(Err(Undone::BadLink));
        };
        let Some(link) = tx.spend_mail_token(&hash, ADDRESS_UNDO, now).await? else {
            return Ok(Err(Undone::BadLink));
        };
        let change = |to, verified| {
            let new = NewAddress { user: &user, to, verified, undo: false };
            app.factors().address_change(&cx.pool.pool, new, now)
        };
        let (back, unproved) = match (change(Some(&link.email), true), change(user.email.as_deref(), false)) {
            (Ok(back), Ok(unproved)) => (back, unproved),
            (Err(cause), _) | (_, Err(cause)) => return Ok(Err(Undone::Failed(cause))),
        };
        let restored = back.run(tx).await? == AddressWritten::Done;
        if restored {
            // Whoever changed the address may have brought factors of their own.
            for credential in tx.credentials(id).await? {
                if credential.created_at >= link.created_at {
                    tx.delete_credential(credential.id, id).await?;
                }
            }
        } else {
            unproved.run(tx).await?;
            // The mailbox keeps the say, and can try again when the address is free.
            tx.insert_mail_token(&link).await?;
        }
        end_sessions(tx, id, SessionEnd::AddressRestored, now).await?;
        tx.insert_audit(&app.audit(&cx, AuditAction::AddressRestored, Some(id), Ended::Done)).await?;
        Ok(Ok(if restored { AddressUndo::Done } else { AddressUndo::InUse }))
    }
}
