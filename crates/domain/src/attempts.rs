//! How failed attempts slow a guesser down and finally stop it (NIST SP 800-63B-4 §3.2.2).
//!
//! One counter for each (pool, user, kind of factor), never by session or network, so that a new cookie or a forged header
//! buys nothing. The password has one for the user name and one for the mail address, and each guess counts for both: if one
//! lock held for both names, a stranger could tell that they belong together. An attempt is counted before anybody is told how it
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
    /// Consecutive failures, attempts under way included; an attempt that could hit any of several secrets counts for each.
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
        self.admit_for(1, now)
    }

    /// As [`Attempts::admit`], for an attempt that could hit any of so many secrets: it counts for each of them, so that more
    /// secrets are not more guesses. The wait is that of a single one.
    pub fn admit_for(self, secrets: u32, now: Timestamp) -> Admission {
        let secrets = secrets.max(1);
        if self.failures >= DISABLE_AT {
            return Admission::Disabled;
        }
        if now < self.blocked_until {
            return Admission::Throttled { until: self.blocked_until };
        }
        let failures = self.failures.saturating_add(secrets);
        Admission::Admitted(Self { failures, blocked_until: now + delay_after(failures.div_ceil(secrets)) })
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
    fn fault_s14_more_secrets_are_not_more_guesses() {
        for secrets in [1, 2, 8, 100] {
            let (mut state, mut now, mut guesses) = (Attempts::default(), Timestamp::from_seconds(0), 0);
            while let Admission::Admitted(next) = state.admit_for(secrets, now.max(state.blocked_until)) {
                (state, now, guesses) = (next, now.max(state.blocked_until), guesses + secrets);
            }
            assert!(state.is_disabled() && guesses < DISABLE_AT + secrets, "{secrets}: {guesses}");
        }
        // A slip of a finger locks nobody with many of them out.
        let Admission::Admitted(once) = Attempts::default().admit_for(8, Timestamp::EPOCH) else {
            panic!("admitted")
        };
        assert_eq!(once.blocked_until, Timestamp::EPOCH);
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
