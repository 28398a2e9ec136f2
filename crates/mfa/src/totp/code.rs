//! Codes and steps.

use totp_rs::{Algorithm, Builder, Secret};
use vestibule_domain::Timestamp;
use vestibule_seal::ct_eq;
use zeroize::Zeroizing;

/// Bytes of a secret: 160 bits (RFC 4226 §4, R6).
pub(super) const SECRET_LEN: usize = 20;
/// Digits of a code.
pub(super) const DIGITS: u8 = 6;
/// Seconds of a step.
pub(super) const PERIOD: i64 = 30;

/// The codes of one secret.
pub(super) struct Generator(totp_rs::Totp);

impl Generator {
    pub(super) fn new(secret: &[u8; SECRET_LEN]) -> Self {
        // "Noncompliant" only skips checks of lengths that are constants here.
        let builder = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_step_duration(PERIOD.unsigned_abs())
            .with_secret(Secret::new_stack(*secret));
        Self(builder.build_noncompliant())
    }

    /// The code of a step; `None` for a step before the epoch or past the end of time.
    pub(super) fn code(&self, step: i64) -> Option<Zeroizing<String>> {
        let time = u64::try_from(step.checked_mul(PERIOD)?).ok()?;
        Some(Zeroizing::new(self.0.generate(time).to_string()))
    }

    /// Whether `typed` is the code of that step.
    pub(super) fn has(&self, step: i64, typed: &str) -> bool {
        self.code(step).is_some_and(|code| ct_eq(code.as_bytes(), typed.as_bytes()))
    }

    /// The earliest step within one of `now` that has this code and is later than `used`.
    pub(super) fn matching_step(&self, typed: &str, now: Timestamp, used: i64) -> Option<i64> {
        let current = now.as_seconds().div_euclid(PERIOD);
        // RFC 6238 §5.2: one step of delay, and one of a clock that is ahead. No early return from the comparison.
        (current.saturating_sub(1)..=current.saturating_add(1)).fold(None, |found, step| {
            let equal = self.has(step, typed);
            found.or((equal && step > used).then_some(step))
        })
    }
}
