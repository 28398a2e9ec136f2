//! Proofs that were seen (RFC 9449 §11.1).

use std::collections::HashMap;
use std::error::Error;
use std::fmt::{self, Debug};
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::digest::{Context, SHA256};

use crate::keys::BoxFuture;

/// Names one proof: a hash of its key's thumbprint and its `jti`, so that every name is equally long.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ProofId([u8; 32]);

impl ProofId {
    pub(crate) fn new(thumbprint: &str, jti: &str) -> Self {
        let mut hash = Context::new(&SHA256);
        // A thumbprint has 43 bytes, always: nothing has to stand between the two.
        hash.update(thumbprint.as_bytes());
        hash.update(jti.as_bytes());
        let mut id = [0; 32];
        id.copy_from_slice(hash.finish().as_ref());
        Self(id)
    }

    /// The hash.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Debug for ProofId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("ProofId(..)")
    }
}

/// Remembers proofs. Where several processes serve one API, a shared one keeps a proof from being used once at each.
pub trait ReplayCache: Send + Sync + 'static {
    /// Remembers a proof until the moment `until` has passed, and tells whether it is new. Looking and remembering
    /// must be one step: two requests with one proof may come at once. `until` and `now` are seconds since 1970.
    ///
    /// # Errors
    /// Whatever keeps the cache from knowing: the request is then answered with 503.
    fn is_new(
        &self,
        proof: ProofId,
        until: i64,
        now: i64,
    ) -> BoxFuture<'_, Result<bool, Box<dyn Error + Send + Sync>>>;
}

/// The proofs that this process has seen. When it is full of proofs that are still valid, it refuses new ones, rather
/// than forget one that could then be used again.
pub struct SeenProofs {
    most: usize,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    until: HashMap<ProofId, i64>,
    swept_at: i64,
}

/// The cache is full: more requests with proofs come than it was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the replay cache is full")]
pub struct Full;

impl SeenProofs {
    /// For at most `most` proofs at a time, each of some 60 bytes: those of about a minute.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most, seen: Mutex::default() }
    }

    fn insert(&self, proof: ProofId, until: i64, now: i64) -> Result<bool, Full> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let full = seen.until.len() >= self.most;
        // Sweeping costs time in proportion to the cache: at most once a second, and every ten when there is room.
        if now < seen.swept_at || now.saturating_sub(seen.swept_at) >= if full { 1 } else { 10 } {
            seen.until.retain(|_, until| *until >= now);
            seen.swept_at = now;
        }
        if seen.until.get(&proof).is_some_and(|until| *until >= now) {
            return Ok(false);
        }
        if seen.until.len() >= self.most {
            return Err(Full);
        }
        seen.until.insert(proof, until);
        Ok(true)
    }
}

impl Default for SeenProofs {
    /// For 100000 proofs, some 1500 requests a second.
    fn default() -> Self {
        Self::new(100_000)
    }
}

impl ReplayCache for SeenProofs {
    fn is_new(
        &self,
        proof: ProofId,
        until: i64,
        now: i64,
    ) -> BoxFuture<'_, Result<bool, Box<dyn Error + Send + Sync>>> {
        Box::pin(async move { Ok(self.insert(proof, until, now)?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_cache_refuses_and_forgets_only_what_has_passed() {
        let cache = SeenProofs::new(2);
        let id = |jti: &str| ProofId::new("thumbprint", jti);
        assert_eq!(cache.insert(id("a"), 110, 100), Ok(true));
        assert_eq!(cache.insert(id("a"), 110, 110), Ok(false), "until the last second");
        assert_eq!(cache.insert(id("b"), 120, 110), Ok(true));
        assert_eq!(cache.insert(id("c"), 120, 110), Err(Full));
        assert_eq!(cache.insert(id("b"), 120, 110), Ok(false), "a replay is known even then");
        assert_eq!(cache.insert(id("c"), 120, 111), Ok(true), "a has passed");
        assert_eq!(cache.insert(id("a"), 120, 111), Err(Full));
        assert_eq!(cache.insert(id("b"), 130, 5), Ok(false), "a clock that was set back forgets nothing");
        assert_ne!(id("a"), ProofId::new("another", "a"), "each key has names of its own");
    }
}
