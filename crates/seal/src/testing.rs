//! Deterministic randomness, for tests only.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Entropy, sha256};

/// The same bytes for the same seed and order of calls: SHA-256 over the seed and a counter. Predictable by
/// design, so never for production.
pub struct SeededEntropy {
    seed: u64,
    counter: AtomicU64,
}

impl SeededEntropy {
    /// A source that starts from `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, counter: AtomicU64::new(0) }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buf: &mut [u8]) {
        for chunk in buf.chunks_mut(32) {
            let counter = self.counter.fetch_add(1, Ordering::Relaxed);
            let mut input = [0; 16];
            let (seed_half, counter_half) = input.split_at_mut(8);
            seed_half.copy_from_slice(&self.seed.to_be_bytes());
            counter_half.copy_from_slice(&counter.to_be_bytes());
            for (out, byte) in chunk.iter_mut().zip(sha256(&input)) {
                *out = byte;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SeededEntropy;
    use crate::bytes;

    #[test]
    fn repeats_for_a_seed_and_never_within_one() {
        let (one, same, other) = (SeededEntropy::new(1), SeededEntropy::new(1), SeededEntropy::new(2));
        let first = bytes::<40>(&one);
        assert_eq!(first, bytes::<40>(&same));
        assert_ne!(first, bytes::<40>(&other));
        assert_ne!(first, bytes::<40>(&one));
    }
}
