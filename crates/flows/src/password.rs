//! The rules for a new password, with the well-known ones looked up.

use vestibule_domain::{
    MfaMode, Pool,
    password::{MIN_LENGTH, MIN_LENGTH_WITH_MFA, Weakness, judge},
};

/// Below so many guesses a password counts as well known: every entry of the estimator's lists of leaked and common
/// passwords, names and words, with their usual variations.
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
    // A second factor that is still put off protects nobody.
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
