//! The machine's own clock and randomness.

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use vestibule_domain::{Clock, Entropy, Timestamp};

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_seconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }
}

/// The machine's randomness, through the cryptographic library.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buf: &mut [u8]) {
        if SystemRandom::new().fill(buf).is_err() {
            // A server without randomness must not answer anything at all, and nothing could be cleaned up safely.
            crate::console::complain("fatal: the system gives no random bytes");
            std::process::abort();
        }
    }
}

/// Where time and randomness come from; tests bring their own.
#[derive(Clone)]
pub struct Ambient {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

impl Default for Ambient {
    fn default() -> Self {
        Self { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy) }
    }
}
