//! Devices that ask again and again, and when each asked last, as this node has seen it. A write for every question would cost
//! more than the question: only one that comes too early is written down, in the row of its device.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use vestibule_domain::{PoolId, Timestamp};

/// The most devices that are remembered. A further one is answered as if it had not asked before.
const MOST: usize = 10_000;

/// After so many seconds without a question it does not matter when the last one was: no interval is longer.
const FORGOTTEN: i64 = 120;

/// Clocks count whole seconds, and an answer takes its time: so much earlier is not too early.
const LEEWAY: i64 = 1;

/// The devices, by pool and by the digest of their code.
#[derive(Default)]
pub(crate) struct Polls(Mutex<HashMap<(PoolId, [u8; 32]), Timestamp>>);

impl Polls {
    /// Notes a question, and says whether it came earlier than `interval` seconds after the last one.
    pub(crate) fn too_early(&self, pool: PoolId, device: [u8; 32], interval: i64, now: Timestamp) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, last| now.since(*last) < FORGOTTEN);
        }
        let last = known.get(&(pool, device)).copied();
        if last.is_some() || known.len() < MOST {
            known.insert((pool, device), now);
        }
        last.is_some_and(|last| now.since(last) < interval - LEEWAY)
    }

    /// The device has got its answer.
    pub(crate) fn forget(&self, pool: PoolId, device: [u8; 32]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(pool, device));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vestibule_domain::PoolId;

    fn pool(number: u128) -> PoolId {
        PoolId::from_uuid(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn threat_c42_a_crowd_of_devices_takes_no_more_memory_than_there_is_room_for() {
        let polls = Polls::default();
        let device = |number: usize| vestibule_seal::sha256(&number.to_be_bytes());
        let now = Timestamp::from_seconds(1_000);
        for number in 0..2 * MOST {
            assert!(!polls.too_early(pool(1), device(number), 5, now));
        }
        assert_eq!(polls.0.lock().unwrap().len(), MOST);
        assert!(polls.too_early(pool(1), device(0), 5, now + 3));
        assert!(!polls.too_early(pool(2), device(0), 5, now + 3), "of another pool");
        // Room comes back by itself.
        polls.too_early(pool(1), device(MOST), 5, now + FORGOTTEN + 3);
        assert!(polls.too_early(pool(1), device(MOST), 5, now + FORGOTTEN + 4));
        assert!(polls.0.lock().unwrap().len() < 3);
    }

    #[test]
    fn a_question_is_early_by_the_interval_and_a_second_of_leeway() {
        let polls = Polls::default();
        let at = |seconds| polls.too_early(pool(1), [7; 32], 5, Timestamp::from_seconds(seconds));
        assert_eq!([at(100), at(104), at(109), at(112), at(112)], [false, false, false, true, true]);
        polls.forget(pool(1), [7; 32]);
        assert!(!at(112));
    }
}
