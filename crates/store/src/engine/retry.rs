//! How often a change that lost against another transaction is tried again, and how long it waits before.

use std::time::Duration;

/// Tries of one change at most.
pub(crate) const TRIES: u32 = 5;

/// The pause before the second try, without its jitter; each later one is twice as long.
const FIRST_PAUSE_MS: u64 = 8;

/// The pause after the try with this number (1 is the first): between once and twice a length that doubles with each
/// try. `ticket` is another for each pause of this process, so that two changes which met do not meet again; no
/// randomness is needed for that, as nobody gains by guessing it.
pub(crate) fn pause(tries: u32, ticket: u64) -> Duration {
    let length = FIRST_PAUSE_MS << tries.saturating_sub(1).min(TRIES);
    let jitter = mixed(ticket) % (length * 1000);
    Duration::from_micros(length * 1000 + jitter)
}

/// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): neighbouring tickets give numbers far apart.
const fn mixed(ticket: u64) -> u64 {
    let mut z = ticket.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_differ_and_are_short_in_all() {
        for tries in 1..TRIES {
            let (least, most) = (FIRST_PAUSE_MS << (tries - 1), FIRST_PAUSE_MS << tries);
            let pauses: Vec<_> = (0..100).map(|ticket| pause(tries, ticket)).collect();
            assert!(
                pauses.iter().all(|one| (least..=most).contains(&u64::try_from(one.as_millis()).unwrap()))
            );
            assert!(pauses.iter().collect::<std::collections::BTreeSet<_>>().len() > 90);
        }
        let longest: Duration = (1..TRIES).map(|tries| pause(tries, 7)).sum();
        assert!(longest < Duration::from_millis(300), "{longest:?}");
    }
}
