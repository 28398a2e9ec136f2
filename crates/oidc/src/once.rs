//! What may count once: the identifiers of assertions and proofs, and of pushed requests.

use vestibule_domain::Timestamp;
use vestibule_seal::sha256;

/// Something that counts once. Whoever accepts it stores its digest until it would not be accepted any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneTime {
    /// What is stored: nobody can tell the identifier from it.
    pub digest: [u8; 32],
    /// From then on it is refused for its age.
    pub expires_at: Timestamp,
}

impl OneTime {
    /// `id`, as `owner` uses it for `kind`: two owners may use the same one.
    pub fn new(kind: &str, owner: &str, id: &str, expires_at: Timestamp) -> Self {
        let parts = [kind, owner, id].map(|part| sha256(part.as_bytes()));
        Self { digest: sha256(parts.as_flattened()), expires_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_do_not_run_together() {
        let of = |kind, owner, id| OneTime::new(kind, owner, id, Timestamp::from_seconds(0)).digest;
        assert_ne!(of("a", "bc", "d"), of("a", "b", "cd"));
        assert_ne!(of("a", "b", "c"), of("b", "a", "c"));
        assert_eq!(of("a", "b", "c"), of("a", "b", "c"));
    }
}
