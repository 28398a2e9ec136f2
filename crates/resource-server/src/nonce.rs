//! Nonces for proofs (RFC 9449 §9): they show that a proof was made now, and not ahead of time.

use aws_lc_rs::{constant_time, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Seconds after which the nonce changes. The one before stays good.
const LIFETIME: i64 = 300;

/// Makes and knows nonces without keeping any: each is the number of its five minutes under a MAC.
pub struct Nonces(hmac::Key);

impl Nonces {
    /// From 32 random bytes. Processes that serve one API share them.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    pub(crate) fn current(&self, now: i64) -> String {
        self.of(now.div_euclid(LIFETIME))
    }

    pub(crate) fn accepts(&self, nonce: &str, now: i64) -> bool {
        let period = now.div_euclid(LIFETIME);
        let is = |period| {
            constant_time::verify_slices_are_equal(self.of(period).as_bytes(), nonce.as_bytes()).is_ok()
        };
        is(period) || is(period.saturating_sub(1))
    }

    fn of(&self, period: i64) -> String {
        let message = [b"dpop-nonce".as_slice(), &period.to_be_bytes()].concat();
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, &message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_good_for_its_period_and_the_next() {
        let nonces = Nonces::new(&[7; 32]);
        let nonce = nonces.current(900);
        for (now, good) in [(900, true), (1199, true), (1499, true), (1500, false), (899, false)] {
            assert_eq!(nonces.accepts(&nonce, now), good, "{now}");
        }
        assert!(!nonces.accepts("", 900) && !nonces.accepts(&nonce[1..], 900));
        assert!(!Nonces::new(&[8; 32]).accepts(&nonce, 900), "of another secret");
        assert!(nonces.accepts(&nonces.current(-1), 0));
    }
}
