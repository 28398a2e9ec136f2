//! A forgotten password. A reset proves the address and nothing else: it opens no session, removes no factor, and the
//! next sign-in asks for the second factor as before.

use crate::{
    account::{Accounts, password::personal},
    base::{
        audit::{AuditAction, Ended},
        budget::of_link,
        cx::Cx,
        failure::Failure,
        links::{ADDRESS_UNDO, LinkAsked, LinkBudgets, LinkMail, NOTHING},
        notice::{Letter, Notice},
        outbox::Notices,
        session_end::{SessionEnd, Sessions, end_sessions},
    },
    factor::address::mailbox_in_charge,
    sign_in::password::{forget_guesses, phantom},
};
use vestibule_domain::{
    Budget, UserStatus,
    password::{MAX_BYTES, Weakness},
    user::fold,
};
use vestibule_seal::sha256;
use zeroize::Zeroizing;

const PURPOSE: &str = "reset";

/// What became of a reset.
pub enum ResetOutcome {
    /// The password is new; every session, token and other link is dead. The user can sign in and go on with the sealed
    /// request.
    Done {
        /// For the login page.
        request: String,
    },
    /// The pool does not offer it.
    Closed,
    /// The link is unknown, expired or used.
    BadLink,
    /// The password is refused.
    Weak(Weakness),
    /// Too many were tried with this link.
    LinkUsedUp,
}

impl Accounts<'_> {
    /// Sends a reset link to the address of the account, if there is one with a proved address. The answer is the same
    /// when there is none. `None`: the pool does not offer resets.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn ask_reset(
        self,
        cx: &Cx,
        request: Option<&str>,
        identifier: &str,
    ) -> Result<Option<LinkAsked>, Failure> {
        if !self.app.offers_reset(cx) {
            return Ok(None);
        }
        let typed: String = identifier.chars().take(254).collect();
        let identifier = fold(&typed);
        let found = self.app.pool_store(cx).user_by_typed(&typed).await?.map(|found| found.user);
        let active = found.filter(|user| user.status == UserStatus::Active);
        let holder = active.as_ref().map_or_else(|| phantom(cx, &identifier), |user| user.id.as_uuid());
        // As long as a change of the address can be taken back, the mailbox that was given up has the say: whoever took an
        // account over does not get its password with the address that they gave it.
        let undo = self.app.pool_store(cx).mail_tokens_of(holder, ADDRESS_UNDO, cx.now).await?;
        let in_charge = active.as_ref().and_then(|user| mailbox_in_charge(user, &undo));
        let usable = active.filter(|_| in_charge.is_some());
        let subject = usable.as_ref().map_or_else(|| phantom(cx, &identifier), |user| user.id.as_uuid());
        let secret = self.app.secret();
        let minutes = cx.pool.pool.settings.lifetimes.mail_link / 60;
        let notice = Notice::PasswordReset { token: secret.clone(), minutes };
        let user = usable.as_ref().map(|user| user.id);
        let letter = usable.and_then(|user| Letter::in_answer(cx, &user, notice.clone()));
        let letter = letter.zip(in_charge).map(|(letter, to)| Letter { to, ..letter });
        let purpose = if letter.is_some() { PURPOSE } else { NOTHING };
        let nobody = || Letter { account: identifier.clone(), ..Letter::to_nobody(cx.now, notice) };
        let letter = letter.unwrap_or_else(nobody);
        let counted_by = if letter.to.is_empty() { identifier.clone() } else { fold(&letter.to) };
        let order = LinkMail {
            purpose,
            secret,
            counted_by,
            budgets: LinkBudgets {
                mailbox: Budget::ResetToMailbox,
                known_browser: Some((subject, Budget::ResetFromKnownBrowser)),
                source: Budget::ResetFromSource,
                pool: Budget::ResetAtPool,
            },
            user,
            data: self.carried_request(cx, request),
            letter,
            action: AuditAction::ResetAsked,
        };
        Ok(Some(self.app.send_link(cx, order).await?))
    }

    /// Whether a reset link is still good; nothing is spent by looking.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn reset_link_is_good(self, cx: &Cx, token: &str) -> Result<bool, Failure> {
        if !self.app.offers_reset(cx) {
            return Ok(false);
        }
        Ok(self.app.pool_store(cx).mail_token(&sha256(token.as_bytes()), PURPOSE, cx.now).await?.is_some())
    }

    /// Sets the new password. The link is spent in the same transaction, and only by success.
    ///
    /// # Errors
    /// [`Failure`] when the database fails or no hashing permit is free.
    pub async fn complete_reset(
        self,
        cx: &Cx,
        token: &str,
        password: Zeroizing<String>,
    ) -> Result<ResetOutcome, Failure> {
        if !self.app.offers_reset(cx) {
            return Ok(ResetOutcome::Closed);
        }
        let hash = sha256(token.as_bytes());
        let store = self.app.pool_store(cx);
        let link = store.mail_token(&hash, PURPOSE, cx.now).await?;
        let Some(link) = link else { return Ok(ResetOutcome::BadLink) };
        let Some(id) = link.user else { return Ok(ResetOutcome::BadLink) };
        let user = store.user(id).await?.filter(|user| user.status == UserStatus::Active);
        let Some(user) = user else { return Ok(ResetOutcome::BadLink) };
        if password.len() > MAX_BYTES {
            return Ok(ResetOutcome::Weak(Weakness::TooLong));
        }
        if self.spend(cx, of_link(&hash, Budget::PasswordByLink)).await?.is_some() {
            return Ok(ResetOutcome::LinkUsedUp);
        }
        let new = match self.hash_new(cx.source(), &cx.pool.pool, password, &personal(&user)).await? {
            Ok(hash) => hash,
            Err(weakness) => return Ok(ResetOutcome::Weak(weakness)),
        };
        let letter = Letter::in_answer(cx, &user, Notice::PasswordChanged);
        let audit = self.app.audit(cx, AuditAction::PasswordReset, Some(id), Ended::Done);
        let told = Notices { mails: self.app.letters(&cx.pool.pool, cx.now, letter)?, audit };
        let (now, mailed) = (cx.now, link.email.clone());
        let done = store
            .write(move |tx| async move {
                tx.lock_user(id).await?;
                if tx.spend_mail_token(&hash, PURPOSE, now).await?.is_none() {
                    return Ok(false);
                }
                // The link may have been asked for while the address was changed, and mailed to one that has no say now.
                let undo = tx.mail_tokens_of(id.as_uuid(), ADDRESS_UNDO, now).await?;
                let in_charge = tx.user(id).await?.and_then(|user| mailbox_in_charge(&user, &undo));
                if in_charge.as_deref().map(fold) != Some(fold(&mailed)) {
                    return Ok(false);
                }
                tx.set_password(id, &new, now).await?;
                forget_guesses(&tx, id).await?;
                end_sessions(&tx, id, SessionEnd::PasswordChanged(Sessions::All), now).await?;
                told.store(&tx).await?;
                Ok(true)
            })
            .await?;
        Ok(if done {
            ResetOutcome::Done { request: self.reopened(cx, &link.data) }
        } else {
            ResetOutcome::BadLink
        })
    }
}
