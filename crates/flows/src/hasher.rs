//! Password hashing with argon2id, bounded: never more hashes at once than permits, never more waiting than a queue.

use crate::error::Failure;
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::{PasswordHash, Salt},
};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Semaphore;
use vestibule_domain::Entropy;
use zeroize::Zeroizing;

/// The cost of a hash (RFC 9106 §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes.
    pub iterations: u32,
    /// Lanes.
    pub parallelism: u32,
}

impl Default for HashCost {
    fn default() -> Self {
        Self { memory_kib: 19_456, iterations: 2, parallelism: 1 }
    }
}

/// Whether a password was right, and whether its hash is of an older cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Right.
    pub right: bool,
    /// The stored hash should be replaced by one of today's cost.
    pub outdated: bool,
}

/// Hashes and checks passwords.
pub struct Hasher {
    argon2: Argon2<'static>,
    cost: HashCost,
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
    dummy: String,
}

/// How many may wait for each permit before new ones are turned away.
const QUEUE_PER_PERMIT: usize = 600;

impl Hasher {
    /// A hasher of the given cost that runs `permits` hashes at once.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the cost is outside what argon2 allows.
    pub fn new(cost: HashCost, permits: usize, entropy: &dyn Entropy) -> Result<Self, Failure> {
        let params = Params::new(cost.memory_kib, cost.iterations, cost.parallelism, None)
            .map_err(Failure::internal)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut secret = [0_u8; 32];
        entropy.fill(&mut secret);
        let dummy = hash_now(&argon2, &secret, salt(entropy))?;
        let permits = permits.max(1);
        Ok(Self {
            argon2,
            cost,
            permits: Arc::new(Semaphore::new(permits)),
            waiting: AtomicUsize::new(0),
            queue: permits * QUEUE_PER_PERMIT,
            dummy,
        })
    }

    /// Hashes a new password, as a PHC string.
    ///
    /// # Errors
    /// [`Failure::Busy`] when the queue is full.
    pub async fn hash(&self, password: Zeroizing<String>, entropy: &dyn Entropy) -> Result<String, Failure> {
        let (argon2, salt) = (self.argon2.clone(), salt(entropy));
        self.run(move || hash_now(&argon2, password.as_bytes(), salt)).await?
    }

    /// Checks a password. Without a stored hash the same work is done and the answer is no.
    ///
    /// # Errors
    /// [`Failure::Busy`] when the queue is full; [`Failure::Internal`] when the stored hash is unreadable.
    pub async fn check(&self, password: Zeroizing<String>, stored: Option<&str>) -> Result<Checked, Failure> {
        let known = stored.is_some();
        let stored = stored.unwrap_or(&self.dummy).to_owned();
        let (argon2, cost) = (self.argon2.clone(), self.cost);
        self.run(move || {
            let hash = PasswordHash::new(&stored).map_err(Failure::internal)?;
            let right = argon2.verify_password(password.as_bytes(), &hash).is_ok() && known;
            let params = Params::try_from(&hash).map_err(Failure::internal)?;
            let today = (cost.memory_kib, cost.iterations, cost.parallelism);
            Ok(Checked { right, outdated: (params.m_cost(), params.t_cost(), params.p_cost()) != today })
        })
        .await?
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let _place = Place::take(&self.waiting, self.queue).ok_or(Failure::Busy)?;
        let permit = self.permits.clone().acquire_owned().await.map_err(Failure::internal)?;
        // The permit travels with the work: a caller that goes away must not free a permit whose hash still runs.
        let task = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        });
        task.await.map_err(Failure::internal)
    }
}

struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, queue: usize) -> Option<Self> {
        let before = waiting.fetch_add(1, Ordering::Relaxed);
        let place = Self(waiting);
        (before < queue).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn salt(entropy: &dyn Entropy) -> [u8; Salt::RECOMMENDED_LENGTH] {
    let mut bytes = [0_u8; Salt::RECOMMENDED_LENGTH];
    entropy.fill(&mut bytes);
    bytes
}

fn hash_now(
    argon2: &Argon2<'_>,
    password: &[u8],
    salt: [u8; Salt::RECOMMENDED_LENGTH],
) -> Result<String, Failure> {
    argon2.hash_password_with_salt(password, &salt).map(|hash| hash.to_string()).map_err(Failure::internal)
}
