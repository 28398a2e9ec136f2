//! Passwords: the rules for a new one, and the change of the old one.

use crate::{
    account::{Accounts, Unchanged},
    base::{
        audit::{AuditAction, Ended},
        cx::{Cx, SessionToken},
        notice::{Letter, Notice},
        outbox::Notices,
        session_end::{SessionEnd, Sessions, end_sessions},
    },
    sign_in::{
        gate::{Admitted, View},
        password::PasswordCheck,
    },
};
use vestibule_domain::{
    FactorKind, MfaMode, Pool,
    password::{MAX_BYTES, MIN_LENGTH, MIN_LENGTH_WITH_MFA, Weakness, judge},
};
use zeroize::Zeroizing;

/// What becomes of a password change.
pub enum PasswordChange {
    /// Changed; every other session and every token is dead.
    Done {
        /// The new secret of the session that changed it: whoever had a copy of the old one is out, too.
        session: SessionToken,
    },
    /// The session ended meanwhile; nothing was changed.
    SignedOut,
    /// The current password is wrong.
    Wrong,
    /// Too many tries.
    Throttled {
        /// Until the next.
        seconds: i64,
    },
    /// The new one is refused.
    Weak(Weakness),
}

impl Accounts<'_> {
    /// Changes the password. The current one is asked whatever the session has proved (ASVS 6.2.3).
    ///
    /// # Errors
    /// [`Failure`] when the database fails or no hashing permit is free.
    pub async fn change_password(
        self,
        cx: &Cx,
        account: &Admitted<View>,
        current: Zeroizing<String>,
        new: Zeroizing<String>,
    ) -> Result<PasswordChange, Unchanged> {
        let user = account.live.user.clone();
        if current.len() > MAX_BYTES {
            return Ok(PasswordChange::Wrong);
        }
        if let Err(weakness) = weakness(&cx.pool.pool, &new, &personal(&user)) {
            return Ok(PasswordChange::Weak(weakness));
        }
        let stored = self.app.pool_store(cx).password_hash(user.id).await?;
        match self.app.sign_in().check_password(cx, user.id.as_uuid(), current, stored.as_deref()).await? {
            PasswordCheck::Throttled { seconds } => return Ok(PasswordChange::Throttled { seconds }),
            PasswordCheck::Wrong => {
                let audit = self.app.audit(cx, AuditAction::PasswordChange, Some(user.id), Ended::Refused);
                self.note(cx, audit).await?;
                return Ok(PasswordChange::Wrong);
            }
            PasswordCheck::Right { .. } => {}
        }
        let hash = self.app.hasher().hash(new, self.app.entropy().as_ref()).await?;
        let audit = self.app.audit(cx, AuditAction::PasswordChange, Some(user.id), Ended::Done);
        let letter = Letter::in_answer(cx, &user, Notice::PasswordChanged);
        let told = Notices { mails: self.app.letters(&cx.pool.pool, cx.now, letter)?, audit };
        let (keep, now, token) = (account.live.session.id, cx.now, self.app.fresh_session_token());
        let (digest, stored) = (token.digest(), stored.unwrap_or_default());
        let done = self
            .change(cx, account, move |tx, _| async move {
                // Whatever was checked before may have changed while the new password was hashed: a reset by mail or by an
                // administrator must not be undone by somebody who knew the old password.
                if !tx.change_password(user.id, &stored, &hash, now).await? {
                    return Ok(Err(PasswordChange::Wrong));
                }
                if !tx.raise_session(keep, user.id, &[], &digest, now).await? {
                    return Ok(Err(PasswordChange::SignedOut));
                }
                tx.forget_attempts(user.id.as_uuid(), &FactorKind::PASSWORD).await?;
                end_sessions(&tx, user.id, SessionEnd::PasswordChanged(Sessions::AllBut(keep)), now).await?;
                tx.delete_mail_tokens(user.id).await?;
                told.store(&tx).await?;
                Ok(Ok(()))
            })
            .await;
        Ok(match done {
            Ok(Ok(())) => PasswordChange::Done { session: token },
            Ok(Err(undone)) => undone,
            Err(Unchanged::Ended) => PasswordChange::SignedOut,
            Err(failed) => return Err(failed),
        })
    }
}

/// The names that a user's password must not be made of.
pub(crate) fn personal(user: &vestibule_domain::User) -> Vec<&str> {
    let names = [Some(user.username.as_str()), user.email.as_deref(), user.name.as_deref()];
    names.into_iter().flatten().collect()
}

/// A password that takes fewer guesses than this counts as well known: every entry of the estimator's lists of leaked
/// and common passwords, names and words, with their usual variations.
const COMMON_GUESSES: u64 = 100_000;

/// Judges a new password for a pool (NIST SP 800-63B-4 §3.1.1.2).
///
/// # Errors
/// The [`Weakness`] to tell the user.
pub fn weakness(pool: &Pool, password: &str, personal: &[&str]) -> Result<(), Weakness> {
    judge(password, min_length(pool), &is_common, personal)
}

/// The least length of a password in a pool, in characters.
pub const fn min_length(pool: &Pool) -> usize {
    let ask = &pool.settings.mfa.everybody;
    // A second factor that can still be postponed protects nobody.
    match (ask.mode, ask.required_from, ask.skips) {
        (Some(MfaMode::Required), None, None) => MIN_LENGTH_WITH_MFA,
        _ => MIN_LENGTH,
    }
}

fn is_common(text: &str) -> bool {
    zxcvbn::zxcvbn(text, &[]).guesses() < COMMON_GUESSES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaked_passwords_are_common_and_phrases_are_not() {
        for common in ["password", "qwertyuiop", "iloveyou", "football", "letmein", "trustno1", "12345678"] {
            assert!(is_common(common), "{common}");
        }
        for fine in ["tulip over the moat", "correct horse battery staple", "пароль из четырёх слов"]
        {
            assert!(!is_common(fine), "{fine}");
        }
    }
}
