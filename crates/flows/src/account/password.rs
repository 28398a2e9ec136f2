//! Passwords: the rules for a new one, and the change of the old one.

use crate::{
    account::{Accounts, Unchanged},
    base::{
        audit::{AuditAction, Ended},
        budget::of_user,
        cx::{Cx, SessionToken},
        failure::Failure,
        notice::{Letter, Notice},
        outbox::Notices,
        session_end::{SessionEnd, Sessions, end_sessions},
    },
    sign_in::{
        gate::{Admitted, View},
        password::{Guessed, PasswordCheck, forget_guesses},
    },
};
use vestibule_domain::{
    Budget, MfaMode, Pool, Source, Timestamp,
    password::{MAX_BYTES, MIN_LENGTH, MIN_LENGTH_WITH_MFA, Weakness, judge},
};
use vestibule_store::BudgetKey;
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
        if new.len() > MAX_BYTES {
            return Ok(PasswordChange::Weak(Weakness::TooLong));
        }
        if let Some(until) = self.spend(cx, of_user(user.id, Budget::PasswordByAccount)).await? {
            return Ok(PasswordChange::Throttled { seconds: until.wait_from(cx.now) });
        }
        if let Err(weakness) = judge(&new, min_length(&cx.pool.pool), &personal(&user)) {
            return Ok(PasswordChange::Weak(weakness));
        }
        let stored = self.app.pool_store(cx).password_hash(user.id).await?;
        match self
            .app
            .sign_in()
            .check_password(cx, Guessed::Inside(user.id), current, stored.as_deref())
            .await?
        {
            PasswordCheck::Throttled { seconds } => return Ok(PasswordChange::Throttled { seconds }),
            PasswordCheck::Wrong { .. } => {
                let audit = self.app.audit(cx, AuditAction::PasswordChange, Some(user.id), Ended::Refused);
                self.note(cx, audit).await?;
                return Ok(PasswordChange::Wrong);
            }
            PasswordCheck::Right { .. } => {}
        }
        let hash = match self.hash_new(cx.source(), &cx.pool.pool, new, &personal(&user)).await? {
            Ok(hash) => hash,
            Err(weakness) => return Ok(PasswordChange::Weak(weakness)),
        };
        let audit = self.app.audit(cx, AuditAction::PasswordChange, Some(user.id), Ended::Done);
        let letter = Letter::in_answer(cx, &user, Notice::PasswordChanged);
        let told = Notices { mails: self.app.letters(&cx.pool.pool, cx.now, letter)?, audit };
        let (keep, now, token) = (account.live.session.id, cx.now, self.app.fresh_session_token());
        let (digest, stored, browser) = (token.digest(), stored.unwrap_or_default(), cx.browser);
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
                forget_guesses(&tx, user.id).await?;
                end_sessions(&tx, user.id, SessionEnd::PasswordChanged(Sessions::AllBut(keep)), now).await?;
                // This one goes on being the user's.
                tx.know_browser(user.id, &browser, now).await?;
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

impl Accounts<'_> {
    /// Takes one from a budget; says until when it is used up.
    pub(super) async fn spend(self, cx: &Cx, budget: BudgetKey) -> Result<Option<Timestamp>, Failure> {
        let (store, now) = (self.app.pool_store(cx), cx.now);
        if let Some(until) = store.used_up(&[budget], now).await? {
            return Ok(Some(until));
        }
        Ok(store.write(move |tx| async move { tx.spend_budgets(&[budget], now).await }).await?)
    }

    /// Judges a new password for a pool (NIST SP 800-63B-4 §3.1.1.2) and hashes it. What is cheap to judge is judged at once;
    /// the estimate has its place among the hashes.
    ///
    /// # Errors
    /// [`Failure::Busy`] when too many passwords are being hashed. The inner error is the [`Weakness`] to tell the user.
    pub(crate) async fn hash_new(
        self,
        source: Source,
        pool: &Pool,
        password: Zeroizing<String>,
        personal: &[&str],
    ) -> Result<Result<String, Weakness>, Failure> {
        if let Err(weakness) = judge(&password, min_length(pool), personal) {
            return Ok(Err(weakness));
        }
        let place = self.app.hasher().place(source).await?;
        let judge = |password: &str| if is_guessable(password) { Err(Weakness::Common) } else { Ok(()) };
        self.app.hasher().hash_if(place, password, self.app.entropy().as_ref(), judge).await
    }
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

/// A password that takes fewer guesses than this counts as well known: every entry of the estimator's lists of common
/// passwords, names and words, with their usual variations.
const COMMON_GUESSES: u64 = 100_000;

/// The longest text whose guesses are estimated, in characters. Of a longer one only [`judge`] says something: with that many
/// characters only a repetition is guessed soon.
const LONGEST_ESTIMATE: usize = 40;

/// Whether a guesser who knows the usual words and tricks finds it soon. Costs less than a hash, whatever was typed.
fn is_guessable(password: &str) -> bool {
    let folded = password.to_lowercase();
    if folded.chars().count() > LONGEST_ESTIMATE {
        return false;
    }
    let bare = folded.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation());
    let is_common = |text: &str| {
        !text.is_empty() && zxcvbn::zxcvbn(&without_disguise(text), &[]).guesses() < COMMON_GUESSES
    };
    is_common(&folded) || (bare.len() < folded.len() && bare.len() + 4 >= folded.len() && is_common(bare))
}

/// The text without the signs that the estimator would take for letters: it tries every reading of each, and the time for
/// that doubles with each further sign. [`vestibule_domain::password::is_leaked`] has tried them already.
fn without_disguise(text: &str) -> String {
    text.chars().map(|c| if DISGUISES.contains(c) { '_' } else { c }).collect()
}

/// The signs that the estimator reads as letters. Digits are left as they are: they make numbers and dates, too.
const DISGUISES: &str = "@([{<!|$+%";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_passwords_are_guessable_and_phrases_are_not() {
        for common in ["password", "qwertyuiop", "iloveyou", "football", "letmein", "trustno1", "12345678"] {
            assert!(is_guessable(common), "{common}");
        }
        for fine in ["tulip over the moat", "correct horse battery staple", "пароль из четырёх слов"]
        {
            assert!(!is_guessable(fine), "{fine}");
        }
    }
}
