//! A forgotten password. A reset proves the address and nothing else: it opens no session, removes no factor, and the
//! next sign-in asks for the second factor as ever.

use crate::{
    account::personal,
    app::App,
    audit::Ended,
    context::Cx,
    error::Failure,
    notice::{Letter, Notice},
    register::MOST_LINKS_AN_HOUR,
};
use vestibule_domain::{Email, FactorKind, UserStatus, password::Weakness, user::fold};
use vestibule_seal::sha256;
use vestibule_store::records::MailTokenRow;
use zeroize::Zeroizing;

const PURPOSE: &str = "reset";

/// What became of a reset.
pub enum ResetOutcome {
    /// The password is new; every session, token and other link is dead.
    Done,
    /// The pool does not offer it.
    Closed,
    /// The link is unknown, expired or used.
    BadLink,
    /// The password will not do.
    Weak(Weakness),
}

impl App {
    /// Sends a reset link to the address of the account, if there is one with a proved address. The answer is the same
    /// when there is none. `false`: the pool does not offer resets.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn ask_reset(&self, cx: &Cx, identifier: &str) -> Result<bool, Failure> {
        let settings = &cx.pool.pool.settings;
        if !self.offers_reset(cx) {
            return Ok(false);
        }
        let store = self.pool_store(cx);
        let identifier: String = fold(identifier).chars().take(254).collect();
        let found = store.user_by_identifier(&identifier).await?.map(|found| found.user);
        let usable = found.filter(|user| user.status == UserStatus::Active && user.email_verified);
        let address = usable.as_ref().and_then(|user| user.email.clone());
        // The same statements for everybody: an unknown name is counted under itself.
        let key = address.as_deref().and_then(|address| Email::parse(address).ok()).map(|email| email.key());
        let recent = store.count_mail_tokens(key.as_deref().unwrap_or(&identifier), cx.now - 3600).await?;
        let secret = self.secret();
        let minutes = settings.lifetimes.mail_link / 60;
        let link = cx.pool.pool.origin.url(&format!("/login/reset/complete?token={secret}"));
        let letter = usable
            .as_ref()
            .and_then(|user| Letter::to_user(user, cx.now, Notice::PasswordReset { link, minutes }));
        let mails = self.letters(&cx.pool.pool, cx.now, letter)?;
        let token = MailTokenRow {
            hash: sha256(secret.as_bytes()),
            purpose: if usable.is_some() { PURPOSE.to_owned() } else { "none".to_owned() },
            user: usable.as_ref().map(|user| user.id),
            email: address.unwrap_or(identifier),
            data: String::new(),
            expires_at: cx.now + settings.lifetimes.mail_link,
            created_at: cx.now,
        };
        let audit = self.audit(cx, "reset-asked", usable.map(|user| user.id), Ended::Done);
        if recent < MOST_LINKS_AN_HOUR {
            store
                .write(move |tx| async move {
                    tx.insert_mail_token(&token).await?;
                    for mail in &mails {
                        tx.queue_mail(mail).await?;
                    }
                    tx.insert_audit(&audit).await
                })
                .await?;
        }
        Ok(true)
    }

    /// Whether a reset link is still good; nothing is spent by looking.
    ///
    /// # Errors
    /// [`Failure`] when the database fails.
    pub async fn reset_link_is_good(&self, cx: &Cx, token: &str) -> Result<bool, Failure> {
        if !self.offers_reset(cx) {
            return Ok(false);
        }
        Ok(self.pool_store(cx).mail_token(&sha256(token.as_bytes()), PURPOSE, cx.now).await?.is_some())
    }

    /// Sets the new password. The link is spent in the same transaction, and only by success.
    ///
    /// # Errors
    /// [`Failure`] when the database fails or no hashing permit is to be had.
    pub async fn complete_reset(
        &self,
        cx: &Cx,
        token: &str,
        password: Zeroizing<String>,
    ) -> Result<ResetOutcome, Failure> {
        if !self.offers_reset(cx) {
            return Ok(ResetOutcome::Closed);
        }
        let hash = sha256(token.as_bytes());
        let store = self.pool_store(cx);
        let link = store.mail_token(&hash, PURPOSE, cx.now).await?;
        let Some(id) = link.and_then(|link| link.user) else { return Ok(ResetOutcome::BadLink) };
        let user = store.user(id).await?.filter(|user| user.status == UserStatus::Active);
        let Some(user) = user else { return Ok(ResetOutcome::BadLink) };
        if let Err(weakness) = crate::password::weakness(&cx.pool.pool, &password, &personal(&user)) {
            return Ok(ResetOutcome::Weak(weakness));
        }
        let new = self.hasher.hash(password, self.entropy.as_ref()).await?;
        let letter = Letter::to_user(&user, cx.now, Notice::PasswordChanged);
        let mails = self.letters(&cx.pool.pool, cx.now, letter)?;
        let audit = self.audit(cx, "password-reset", Some(id), Ended::Done);
        let now = cx.now;
        let done = store
            .write(move |tx| async move {
                if tx.spend_mail_token(&hash, PURPOSE, now).await?.is_none() {
                    return Ok(false);
                }
                tx.set_password(id, &new, now).await?;
                tx.clear_attempts(id.as_uuid(), &FactorKind::PASSWORD).await?;
                tx.revoke_sessions(id, None, now).await?;
                tx.revoke_grants(id, None, now).await?;
                tx.delete_mail_tokens(id).await?;
                for mail in &mails {
                    tx.queue_mail(mail).await?;
                }
                tx.insert_audit(&audit).await?;
                Ok(true)
            })
            .await?;
        Ok(if done { ResetOutcome::Done } else { ResetOutcome::BadLink })
    }
}
