//! Clocks that are off. When one user's clock differs, it is the user's; when many differ alike, it is ours.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};
use vestibule_domain::{Timestamp, UserId};

/// For how long a user's drift is remembered, in seconds.
const WINDOW: i64 = 3600;

/// So many users drifting alike within the window mean that it is not their clocks.
const SUSPICIOUS: usize = 5;

/// Drifts this close are alike, in seconds: two steps of a one-time code.
const ALIKE: i64 = 60;

/// The most drifts that are remembered.
const MOST: usize = 256;

/// The drifts that users of this node were told of lately. Kept by node and not stored: a node's clock is its own.
#[derive(Default)]
pub(crate) struct Drifts(Mutex<VecDeque<Seen>>);

#[derive(Clone, Copy)]
struct Seen {
    user: UserId,
    drift: i64,
    at: Timestamp,
}

impl Drifts {
    /// A user's clock was found to be off by so many seconds.
    pub(crate) fn note(&self, user: UserId, drift: i64, at: Timestamp) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|one| one.user != user && at.since(one.at) < WINDOW);
        if seen.len() >= MOST {
            seen.pop_front();
        }
        seen.push_back(Seen { user, drift, at });
    }

    /// How far this node's clock seems to be off: many users' clocks differ from it by the same. Negative when it is
    /// ahead of theirs.
    pub(crate) fn suspicion(&self, now: Timestamp) -> Option<i64> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let recent: Vec<Seen> = seen.iter().filter(|one| now.since(one.at) < WINDOW).copied().collect();
        let alike =
            |one: &Seen| recent.iter().filter(|other| (other.drift - one.drift).abs() <= ALIKE).count();
        recent.iter().find(|one| alike(one) >= SUSPICIOUS).map(|one| one.drift)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vestibule_seal::testing::SeededEntropy;

    #[test]
    fn many_users_drifting_alike_and_nothing_else_is_suspicious() {
        let (entropy, now) = (SeededEntropy::new(1), Timestamp::from_seconds(1_000_000));
        let user = || UserId::new(now, &entropy);
        let drifts = Drifts::default();
        let one = user();
        for _ in 0..20 {
            drifts.note(one, 300, now);
        }
        assert_eq!(drifts.suspicion(now), None, "one user, however often");
        for drift in [-600, -300, 120, 600] {
            drifts.note(user(), drift, now);
        }
        assert_eq!(drifts.suspicion(now), None, "each by another amount");
        for drift in [290, 300, 310, 330] {
            drifts.note(user(), drift, now);
        }
        assert!(drifts.suspicion(now).is_some_and(|drift| (drift - 300).abs() <= ALIKE));
        assert_eq!(drifts.suspicion(now + WINDOW), None, "it passes");
    }
}
