//! Password hashing with argon2id, bounded: never more hashes at once than permits, never more waiting than a queue.

use crate::base::failure::Failure;
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Semaphore;
use vestibule_domain::{Entropy, precis::opaque_string};
use vestibule_seal::bytes;
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
pub struct PasswordMatch {
    /// Right.
    pub right: bool,
    /// The stored hash should be replaced by one of today's cost and form.
    pub outdated: bool,
}

/// Stands before the PHC string of a hash whose password was brought to its normal form (`OpaqueString`). Without it the
/// hash is from before there was one, and is compared with the very bytes that were typed.
const NORMALIZED: &str = "opaque";

/// A stored hash that a password has just matched and that was not outdated, as it would be stored today. The password
/// was its own normal form then, so the hash is that of the normal form.
pub(crate) fn todays_form(stored: &str) -> String {
    if stored.starts_with(NORMALIZED) { stored.to_owned() } else { format!("{NORMALIZED}{stored}") }
}

/// The working memory of hashes, used again by the next one. There is as much of it as hashes ever ran at once.
///
/// Memory of this size that is freed goes back to the heap of the thread that ran the hash, and stays there. Without this
/// type a busy server would hold a hash's memory for each of many threads. Fresh memory also costs a page fault a page.
#[derive(Default)]
struct Memory(Mutex<Vec<Vec<Block>>>);

impl Memory {
    /// Runs a hash of `params` on free memory, and keeps the memory unless it is more than `keep` blocks.
    fn run<T>(&self, params: &Params, keep: usize, hash: impl FnOnce(&mut [Block]) -> T) -> T {
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let (mut memory, blocks) = (free.unwrap_or_default(), params.block_count());
        if memory.len() < blocks {
            // All of it is written before it is read, so what an earlier hash left in it does not matter.
            memory = vec![Block::new(); blocks];
        }
        let done = hash(memory.get_mut(..blocks).unwrap_or_default());
        if memory.len() <= keep {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
        }
        done
    }
}

/// Hashes and checks passwords.
pub struct Hasher {
    params: Params,
    memory: Arc<Memory>,
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
        let dummy = unmatched(cost, entropy);
        let permits = permits.max(1);
        Ok(Self {
            params,
            memory: Arc::default(),
            cost,
            permits: Arc::new(Semaphore::new(permits)),
            waiting: AtomicUsize::new(0),
            queue: permits * QUEUE_PER_PERMIT,
            dummy,
        })
    }

    /// Hashes a new password: [`NORMALIZED`] and a PHC string.
    ///
    /// # Errors
    /// [`Failure::Busy`] when the queue is full.
    pub async fn hash(&self, password: Zeroizing<String>, entropy: &dyn Entropy) -> Result<String, Failure> {
        let (params, memory, salt) = (self.params.clone(), Arc::clone(&self.memory), salt(entropy));
        self.run(move || hash_now(&memory, &params, opaque_string(&password).as_bytes(), salt)).await?
    }

    /// Checks a password. Without a stored hash the same work is done and the answer is no.
    ///
    /// # Errors
    /// [`Failure::Busy`] when the queue is full; [`Failure::Internal`] when the stored hash is unreadable.
    pub async fn check(
        &self,
        password: Zeroizing<String>,
        stored: Option<&str>,
    ) -> Result<PasswordMatch, Failure> {
        let known = stored.is_some();
        let stored = stored.unwrap_or(&self.dummy).to_owned();
        let (memory, keep, cost) = (Arc::clone(&self.memory), self.params.block_count(), self.cost);
        self.run(move || {
            let normal = opaque_string(&password);
            let (phc, compared, form) = match stored.strip_prefix(NORMALIZED) {
                Some(phc) => (phc, &normal, true),
                None => (stored.as_str(), &password, *normal == *password),
            };
            let hash = PasswordHash::new(phc).map_err(Failure::internal)?;
            let params = Params::try_from(&hash).map_err(Failure::internal)?;
            let right = check_now(&memory, keep, &hash, &params, compared.as_bytes())? && known;
            let today = (cost.memory_kib, cost.iterations, cost.parallelism);
            let costs = (params.m_cost(), params.t_cost(), params.p_cost());
            Ok(PasswordMatch { right, outdated: !form || costs != today })
        })
        .await?
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        let _place = QueueSlot::take(&self.waiting, self.queue).ok_or(Failure::Busy)?;
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

struct QueueSlot<'a>(&'a AtomicUsize);

impl<'a> QueueSlot<'a> {
    fn take(waiting: &'a AtomicUsize, queue: usize) -> Option<Self> {
        let before = waiting.fetch_add(1, Ordering::Relaxed);
        let place = Self(waiting);
        (before < queue).then_some(place)
    }
}

impl Drop for QueueSlot<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A stored hash that belongs to no password. Checking against it costs as much as a real one; making it costs nothing.
fn unmatched(cost: HashCost, entropy: &dyn Entropy) -> String {
    let salt = STANDARD_NO_PAD.encode(salt(entropy));
    let output = STANDARD_NO_PAD.encode(bytes::<32>(entropy));
    let HashCost { memory_kib, iterations, parallelism } = cost;
    format!("{NORMALIZED}$argon2id$v=19$m={memory_kib},t={iterations},p={parallelism}${salt}${output}")
}

fn salt(entropy: &dyn Entropy) -> [u8; Salt::RECOMMENDED_LENGTH] {
    let mut bytes = [0_u8; Salt::RECOMMENDED_LENGTH];
    entropy.fill(&mut bytes);
    bytes
}

fn hash_now(
    memory: &Memory,
    params: &Params,
    password: &[u8],
    salt: [u8; Salt::RECOMMENDED_LENGTH],
) -> Result<String, Failure> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let mut output = [0_u8; Params::DEFAULT_OUTPUT_LEN];
    let hashed = memory.run(params, params.block_count(), |memory| {
        argon2.hash_password_into_with_memory(password, &salt, &mut output, memory)
    });
    hashed.map_err(Failure::internal)?;
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(params).map_err(Failure::internal)?,
        salt: Some(Salt::new(&salt).map_err(Failure::internal)?),
        hash: Some(Output::new(&output).map_err(Failure::internal)?),
    };
    Ok(format!("{NORMALIZED}{hash}"))
}

/// Whether a password has this hash, at the hash's own cost.
fn check_now(
    memory: &Memory,
    keep: usize,
    stored: &PasswordHash,
    params: &Params,
    password: &[u8],
) -> Result<bool, Failure> {
    let unreadable = || Failure::internal("the stored password hash has no salt or no digest");
    let (salt, digest) = stored.salt.zip(stored.hash).ok_or_else(unreadable)?;
    let algorithm = Algorithm::try_from(stored.algorithm.as_str()).map_err(Failure::internal)?;
    let version = stored.version.map_or(Ok(Version::default()), Version::try_from);
    let argon2 = Argon2::new(algorithm, version.map_err(Failure::internal)?, params.clone());
    let mut output = [0_u8; Output::MAX_LENGTH];
    let output = output.get_mut(..digest.len()).ok_or_else(unreadable)?;
    let hashed = memory
        .run(params, keep, |memory| argon2.hash_password_into_with_memory(password, &salt, output, memory));
    hashed.map_err(Failure::internal)?;
    Ok(vestibule_seal::ct_eq(output, digest.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use vestibule_seal::testing::SeededEntropy;

    fn hasher(memory_kib: u32, permits: usize) -> Hasher {
        let cost = HashCost { memory_kib, iterations: 1, parallelism: 1 };
        Hasher::new(cost, permits, &SeededEntropy::new(7)).unwrap()
    }

    fn secret(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test]
    async fn memory_that_another_hash_used_gives_the_same_verdicts() {
        let (hasher, entropy) = (hasher(64, 1), SeededEntropy::new(8));
        let one = hasher.hash(secret("one"), &entropy).await.unwrap();
        let two = hasher.hash(secret("two"), &entropy).await.unwrap();
        for (typed, stored, right) in
            [("one", &one, true), ("two", &one, false), ("two", &two, true), ("one", &two, false)]
        {
            let checked = hasher.check(secret(typed), Some(stored)).await.unwrap();
            assert_eq!(checked, PasswordMatch { right, outdated: false }, "{typed} {stored}");
        }
        assert!(!hasher.check(secret("one"), None).await.unwrap().right);
        assert_eq!(hasher.memory.0.lock().unwrap().len(), 1, "one permit needs one memory");
        // As the crate's own implementation sees it.
        let phc = one.strip_prefix(NORMALIZED).unwrap();
        argon2::PasswordVerifier::verify_password(&Argon2::default(), b"one", phc).unwrap();
        assert!(argon2::PasswordVerifier::verify_password(&Argon2::default(), b"two", phc).is_err());
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_is_checked_and_called_outdated() {
        let entropy = SeededEntropy::new(9);
        let (small, large) = (hasher(32, 1), hasher(128, 1));
        let (from_small, from_large) = (
            small.hash(secret("x"), &entropy).await.unwrap(),
            large.hash(secret("x"), &entropy).await.unwrap(),
        );
        let outdated = PasswordMatch { right: true, outdated: true };
        assert_eq!(large.check(secret("x"), Some(&from_small)).await.unwrap(), outdated);
        assert_eq!(small.check(secret("x"), Some(&from_large)).await.unwrap(), outdated);
        let kept: Vec<usize> = small.memory.0.lock().unwrap().iter().map(Vec::len).collect();
        assert!(kept.iter().all(|blocks| *blocks <= 32), "the larger memory is given back: {kept:?}");
    }

    #[tokio::test]
    async fn fault_u9_a_password_is_the_same_in_every_composition_and_an_old_hash_still_fits() {
        let (hasher, entropy) = (hasher(64, 1), SeededEntropy::new(10));
        let check =
            async |typed: &str, stored: &str| hasher.check(secret(typed), Some(stored)).await.unwrap();
        let stored = hasher.hash(secret("Zoe\u{308}\u{a0}pass"), &entropy).await.unwrap();
        let right = PasswordMatch { right: true, outdated: false };
        assert_eq!(check("Zo\u{eb} pass", &stored).await, right);
        assert_eq!(check("Zoe\u{308}\u{3000}pass", &stored).await, right);
        assert!(!check("zo\u{eb} pass", &stored).await.right);
        // From before: the bytes that were typed, and nothing else.
        let params = &hasher.params;
        let old = |typed: &str| {
            let hash = hash_now(&hasher.memory, params, typed.as_bytes(), salt(&entropy)).unwrap();
            hash.strip_prefix(NORMALIZED).unwrap().to_owned()
        };
        let before = old("Zoe\u{308} pass");
        assert_eq!(check("Zoe\u{308} pass", &before).await, PasswordMatch { right: true, outdated: true });
        assert!(!check("Zo\u{eb} pass", &before).await.right);
        let before = old("Zo\u{eb} pass");
        assert_eq!(check("Zo\u{eb} pass", &before).await, right);
        // As it is stored when it was right, it fits every composition.
        assert_eq!(check("Zoe\u{308} pass", &todays_form(&before)).await, right);
        assert_eq!(todays_form(&stored), stored);
    }
}
