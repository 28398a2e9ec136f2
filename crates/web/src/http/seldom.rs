//! Lines of the log about what comes in crowds: the first is written, the others are counted.

use std::sync::{Mutex, PoisonError};
use vestibule_domain::Timestamp;

/// So many seconds pass between two lines.
const INTERVAL: i64 = 60;

/// Something that may happen any number of times a second.
pub(crate) struct Seldom(Mutex<Told>);

struct Told {
    next: Timestamp,
    untold: u64,
}

impl Seldom {
    pub(crate) const fn new() -> Self {
        Self(Mutex::new(Told { next: Timestamp::EPOCH, untold: 0 }))
    }

    /// It has happened. `Some`: a line is due, which tells how often it has happened without one since the last.
    pub(crate) fn happened(&self, now: Timestamp) -> Option<u64> {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back does not silence the log.
        if now < told.next && told.next.since(now) <= INTERVAL {
            told.untold += 1;
            return None;
        }
        told.next = now + INTERVAL;
        Some(std::mem::take(&mut told.untold))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fault_s5_a_crowd_is_told_once_a_minute_and_counted() {
        let at = Timestamp::from_seconds;
        let busy = Seldom::new();
        assert_eq!(busy.happened(at(1000)), Some(0), "the first at once");
        assert!((0..500).all(|number| busy.happened(at(1000 + number / 10)).is_none()));
        assert_eq!(busy.happened(at(1060)), Some(500));
        assert_eq!(busy.happened(at(1061)), None);
        assert_eq!(busy.happened(at(5000)), Some(1));
        assert_eq!(busy.happened(at(10)), Some(0), "the clock was set back");
    }
}
