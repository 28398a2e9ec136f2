//! How often, and when, something is sent again that did not arrive: mails, and notices of sign-outs.

use vestibule_domain::Timestamp;

/// How often it is tried before it is given up: for about a day.
const MOST_TRIES: u32 = 10;

/// When what was tried so often is tried again: half a minute after the first failure, then four times as long each time, six
/// hours at most. `None`: it is given up.
#[must_use]
pub fn next_try(now: Timestamp, tries: u32) -> Option<Timestamp> {
    let wait = 30_i64.saturating_mul(4_i64.saturating_pow(tries.saturating_sub(1)));
    (tries < MOST_TRIES).then(|| now + wait.min(6 * 3600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_tried_for_about_a_day() {
        let waits: Vec<i64> =
            (1..).map_while(|tries| next_try(Timestamp::EPOCH, tries)).map(Timestamp::as_seconds).collect();
        assert_eq!(waits.get(..6).unwrap(), [30, 120, 480, 1920, 7680, 21_600]);
        let total: i64 = waits.iter().sum();
        assert!((20 * 3600..36 * 3600).contains(&total), "{total}");
    }
}
