//! Where random bytes come from.

use std::sync::Arc;

/// A source of random bytes fit for keys, codes and tokens. Production code receives the operating system's;
/// tests pass [`crate::testing::SeededEntropy`]. Nothing else in the product may make randomness.
pub trait Entropy: Send + Sync {
    /// Overwrites all of `buf`. A source that cannot do so must not return.
    fn fill(&self, buf: &mut [u8]);
}

impl<T: Entropy + ?Sized> Entropy for &T {
    fn fill(&self, buf: &mut [u8]) {
        (**self).fill(buf);
    }
}

impl<T: Entropy + ?Sized> Entropy for Arc<T> {
    fn fill(&self, buf: &mut [u8]) {
        (**self).fill(buf);
    }
}

/// `N` random bytes: a free function, so that [`Entropy`] stays usable as `dyn`.
#[must_use]
pub fn bytes<const N: usize>(entropy: &dyn Entropy) -> [u8; N] {
    let mut out = [0; N];
    entropy.fill(&mut out);
    out
}
