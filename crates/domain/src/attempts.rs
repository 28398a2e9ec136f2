//! How failed attempts slow a guesser down and finally stop it (NIST SP 800-63B-4 §3.2.2).
//!
//! One counter for each (pool, user, kind of factor), the password included: never by session, address or typed
//! name, so that a new cookie or a forged header buys nothing. An attempt is counted before anybody is told how it
//! ended, and only a success of the same factor clears the count. A password is counted before it is compared; the
//! verdict on a second factor is computed first, and told after the transaction that counts the attempt.

use crate::time::Timestamp;

/// Wrong answers that cost nothing but the count.
pub const FREE_FAILURES: u32 = 5;

/// Consecutive failures after which the factor no longer answers until it is bound again.
pub const DISABLE_AT: u32 = 100;

/// The longest wait between two attempts, in seconds.
pub const LONGEST_DELAY: i64 = 3600;

/// The first wait, in seconds; each further failure doubles it.
pub const FIRST_DELAY: i64 = 30;

/// The counter of one user and one kind of factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Attempts {
    /// Consecutive failures, attempts under way included.
    pub failures: u32,
    /// No attempt counts before this moment.
    pub blocked_until: Timestamp,
}

/// Whether an attempt may count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Yes; store this state first, on the condition that the old one still stands.
    Admitted(Attempts),
    /// Not before this moment.
    Throttled {
        /// The end of the wait.
        until: Timestamp,
    },
    /// Never: the factor is disabled until it is bound again.
    Disabled,
}

impl Attempts {
    /// Counts one more attempt as failed; a right answer clears the count in the same transaction or a later one.
    pub fn admit(self, now: Timestamp) -> Admission {
        if self.failures >= DISABLE_AT {
            return Admission::Disabled;
        }
        if now < self.blocked_until {
            return Admission::Throttled { until: self.blocked_until };
        }
        let failures = self.failures + 1;
        Admission::Admitted(Self { failures, blocked_until: now + delay_after(failures) })
    }

    /// Whether the factor is disabled.
    pub const fn is_disabled(self) -> bool {
        self.failures >= DISABLE_AT
    }
}

/// The wait after so many consecutive failures, in seconds.
pub fn delay_after(failures: u32) -> i64 {
    if failures < FREE_FAILURES {
        return 0;
    }
    let doublings = (failures - FREE_FAILURES).min(16);
    FIRST_DELAY.saturating_mul(1_i64 << doublings).min(LONGEST_DELAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_are_free_then_the_wait_doubles_to_an_hour() {
        let waits: Vec<i64> = (1..=13).map(delay_after).collect();
        assert_eq!(waits, [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    }

    #[test]
    fn an_attempt_is_refused_inside_the_wait_and_admitted_at_its_end() {
        let mut state = Attempts::default();
        let now = Timestamp::from_seconds(1000);
        for _ in 0..5 {
            let Admission::Admitted(next) = state.admit(now) else { panic!("admitted") };
            state = next;
        }
        assert_eq!(state.admit(now), Admission::Throttled { until: now + 30 });
        assert_eq!(state.admit(now + 29), Admission::Throttled { until: now + 30 });
        assert!(matches!(state.admit(now + 30), Admission::Admitted(Attempts { failures: 6, .. })));
    }

    #[test]
    fn one_hundred_failures_disable_for_good() {
        let mut state = Attempts::default();
        let mut now = Timestamp::from_seconds(0);
        for _ in 0..100 {
            now = now.max(state.blocked_until);
            let Admission::Admitted(next) = state.admit(now) else { panic!("admitted") };
            state = next;
        }
        assert!(state.is_disabled());
        assert_eq!(state.admit(now + 1_000_000_000), Admission::Disabled);
    }
}
