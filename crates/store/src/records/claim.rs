//! Taking what is due to be sent: mails, and notices of sign-outs.

use vestibule_domain::PoolId;

/// How long what was claimed belongs to the claimer, in seconds.
pub const LEASE: i64 = 120;

/// Which mails or notices may be claimed: those of nobody hold up those of others. The destination of a mail is the domain of
/// its address, that of a notice its application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// How many in all.
    pub most: u64,
    /// How many of one pool.
    pub of_pool: u64,
    /// How many of one pool to one destination.
    pub of_destination: u64,
    /// Pools of which none is claimed.
    pub full_pools: Vec<PoolId>,
    /// Pools and destinations of which none is claimed.
    pub full_destinations: Vec<(PoolId, String)>,
}

impl Claim {
    /// Whatever is due, up to so many.
    #[must_use]
    pub const fn any(most: u64) -> Self {
        Self {
            most,
            of_pool: most,
            of_destination: most,
            full_pools: Vec::new(),
            full_destinations: Vec::new(),
        }
    }
}
