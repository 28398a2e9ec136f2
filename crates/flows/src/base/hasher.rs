//! Password hashing with argon2id, and other work as dear: never more at once than permits, never more waiting than lines.
//!
//! Whoever needs a hash takes a [`Place`] first, and only then counts the attempt: an overloaded server turns people away
//! before anything is held against them. With a place in hand the hash is certain.

use crate::base::{
    failure::Failure,
    places::{Place, PlaceLimits, Places},
};
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};
use tokio::sync::Semaphore;
use vestibule_domain::{Entropy, Source, precis::opaque_string};
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

impl HashCost {
    /// The cost of a stored hash.
    fn of(params: &Params) -> Self {
        Self { memory_kib: params.m_cost(), iterations: params.t_cost(), parallelism: params.p_cost() }
    }
}

/// Whether a password was right, and what to store of it instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordMatch {
    /// Right.
    pub right: bool,
    /// A hash of today's cost and form, where the password was right and its stored hash is of another.
    pub renewed: Option<String>,
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
    places: Arc<Places>,
    /// The work of the dearest hash that was met.
    dearest: Arc<AtomicU64>,
    dummy: String,
}

/// Places for each permit: one hashes, and the next one counts its attempt meanwhile, so that no permit waits for a disk.
const PLACES_PER_PERMIT: usize = 2;

/// How many requests of one source may wait for each permit: about four seconds at the usual cost.
const WAITING_BY_SOURCE: usize = 150;

/// How many requests may wait for each permit in all: about fifteen seconds, as long as a request may take.
const WAITING_IN_ALL: usize = 600;

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
            dearest: Arc::new(AtomicU64::new(work_of(&params))),
            params,
            memory: Arc::default(),
            cost,
            permits: Arc::new(Semaphore::new(permits)),
            places: Places::new(PlaceLimits {
                places: permits * PLACES_PER_PERMIT,
                by_source: permits * WAITING_BY_SOURCE,
                in_all: permits * WAITING_IN_ALL,
            }),
            dummy,
        })
    }

    /// Waits for a place, in the line of a source.
    ///
    /// # Errors
    /// [`Failure::Busy`] when too many wait; nothing has been done yet.
    pub async fn place(&self, source: Source) -> Result<Place, Failure> {
        self.places.take(source).await
    }

    /// Hashes a new password: the mark of a normalised one, and a PHC string.
    ///
    /// # Errors
    /// [`Failure::Internal`].
    pub async fn hash(
        &self,
        place: Place,
        password: Zeroizing<String>,
        entropy: &dyn Entropy,
    ) -> Result<String, Failure> {
        let unjudged = self.hash_if(place, password, entropy, |_| Ok::<(), std::convert::Infallible>(()));
        let Ok(hash) = unjudged.await?;
        Ok(hash)
    }

    /// Hashes a new password unless `judge` refuses it. The judgement costs time, so it has the same permit.
    ///
    /// # Errors
    /// [`Failure::Internal`].
    pub(crate) async fn hash_if<E: Send + 'static>(
        &self,
        place: Place,
        password: Zeroizing<String>,
        entropy: &dyn Entropy,
        judge: impl FnOnce(&str) -> Result<(), E> + Send + 'static,
    ) -> Result<Result<String, E>, Failure> {
        let (params, memory, salt) = (self.params.clone(), Arc::clone(&self.memory), salt(entropy));
        let work = move || match judge(&password) {
            Ok(()) => hash_now(&memory, &params, opaque_string(&password).as_bytes(), salt).map(Ok),
            Err(refusal) => Ok(Err(refusal)),
        };
        self.run(place, work).await?
    }

    /// Checks a password. Without a stored hash the answer is no. Every no takes as much work, whoever was asked about: that of
    /// the dearest hash that was met, or of today's cost.
    ///
    /// # Errors
    /// [`Failure::Internal`] when the stored hash is unreadable.
    pub async fn check(
        &self,
        place: Place,
        password: Zeroizing<String>,
        stored: Option<&str>,
        entropy: &dyn Entropy,
    ) -> Result<PasswordMatch, Failure> {
        let known = stored.is_some();
        let stored = stored.unwrap_or(&self.dummy).to_owned();
        let (memory, today, salt) = (Arc::clone(&self.memory), self.params.clone(), salt(entropy));
        let (cost, dearest) = (self.cost, Arc::clone(&self.dearest));
        let work = move || {
            let normal = opaque_string(&password);
            let (phc, compared, is_normal) = match stored.strip_prefix(NORMALIZED) {
                Some(phc) => (phc, &normal, true),
                None => (stored.as_str(), &password, *normal == *password),
            };
            let hash = PasswordHash::new(phc).map_err(Failure::internal)?;
            let params = Params::try_from(&hash).map_err(Failure::internal)?;
            let keep = today.block_count();
            let right = check_now(&memory, keep, &hash, &params, compared.as_bytes())? && known;
            let outdated = !is_normal || cost != HashCost::of(&params);
            let dearest = dearest.fetch_max(work_of(&params), Ordering::Relaxed).max(work_of(&params));
            if !right {
                spend(&memory, &today, dearest - work_of(&params), &salt)?;
            }
            let renew = || hash_now(&memory, &today, normal.as_bytes(), salt);
            let renewed = (right && outdated).then(renew).transpose()?;
            Ok(PasswordMatch { right, renewed })
        };
        self.run(place, work).await?
    }

    async fn run<T: Send + 'static>(
        &self,
        place: Place,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let permit = self.permits.clone().acquire_owned().await.map_err(Failure::internal)?;
        // Both travel with the work: a caller that goes away must not free what a hash still uses.
        let task = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((permit, place));
            done
        });
        task.await.map_err(Failure::internal)
    }
}

/// The work of a hash: blocks of memory that are filled.
fn work_of(params: &Params) -> u64 {
    u64::from(params.m_cost()) * u64::from(params.t_cost())
}

/// Does so much more work, in hashes that nobody needs.
fn spend(memory: &Memory, today: &Params, work: u64, salt: &[u8]) -> Result<(), Failure> {
    let passes = u32::try_from(work / u64::from(today.m_cost())).unwrap_or(u32::MAX);
    let rest = u32::try_from(work % u64::from(today.m_cost())).unwrap_or_default();
    for (blocks, passes) in [(today.m_cost(), passes), (rest, 1)] {
        if passes == 0 || blocks < Params::MIN_M_COST {
            continue;
        }
        let params = Params::new(blocks, passes, 1, None).map_err(Failure::internal)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let mut output = [0_u8; Params::DEFAULT_OUTPUT_LEN];
        let done = memory.run(&params, today.block_count(), |memory| {
            argon2.hash_password_into_with_memory(b"nobody", salt, &mut output, memory)
        });
        done.map_err(Failure::internal)?;
    }
    Ok(())
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

    async fn place(hasher: &Hasher) -> Place {
        hasher.place(Source::Unknown).await.unwrap()
    }

    #[tokio::test]
    async fn memory_that_another_hash_used_gives_the_same_verdicts() {
        let (hasher, entropy) = (hasher(64, 1), SeededEntropy::new(8));
        let one = hasher.hash(place(&hasher).await, secret("one"), &entropy).await.unwrap();
        let two = hasher.hash(place(&hasher).await, secret("two"), &entropy).await.unwrap();
        for (typed, stored, right) in
            [("one", &one, true), ("two", &one, false), ("two", &two, true), ("one", &two, false)]
        {
            let checked =
                hasher.check(place(&hasher).await, secret(typed), Some(stored), &entropy).await.unwrap();
            assert_eq!(checked, PasswordMatch { right, renewed: None }, "{typed} {stored}");
        }
        assert!(!hasher.check(place(&hasher).await, secret("one"), None, &entropy).await.unwrap().right);
        assert_eq!(hasher.memory.0.lock().unwrap().len(), 1, "one permit needs one memory");
        // As the crate's own implementation sees it.
        let phc = one.strip_prefix(NORMALIZED).unwrap();
        argon2::PasswordVerifier::verify_password(&Argon2::default(), b"one", phc).unwrap();
        assert!(argon2::PasswordVerifier::verify_password(&Argon2::default(), b"two", phc).is_err());
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_is_checked_and_renewed() {
        let entropy = SeededEntropy::new(9);
        let (small, large) = (hasher(32, 1), hasher(128, 1));
        let (from_small, from_large) = (
            small.hash(place(&small).await, secret("x"), &entropy).await.unwrap(),
            large.hash(place(&large).await, secret("x"), &entropy).await.unwrap(),
        );
        for (hasher, stored, memory) in [(&large, &from_small, "m=128"), (&small, &from_large, "m=32")] {
            let checked =
                hasher.check(place(hasher).await, secret("x"), Some(stored), &entropy).await.unwrap();
            let renewed = checked.renewed.filter(|_| checked.right).unwrap();
            assert!(renewed.contains(memory), "{renewed}");
            let again =
                hasher.check(place(hasher).await, secret("x"), Some(&renewed), &entropy).await.unwrap();
            assert_eq!(again, PasswordMatch { right: true, renewed: None });
        }
        let kept: Vec<usize> = small.memory.0.lock().unwrap().iter().map(Vec::len).collect();
        assert!(kept.iter().all(|blocks| *blocks <= 32), "the larger memory is given back: {kept:?}");
    }

    #[tokio::test]
    async fn fault_u9_a_password_is_the_same_in_every_composition_and_an_old_hash_still_fits() {
        let (hasher, entropy) = (hasher(64, 1), SeededEntropy::new(10));
        let check = async |typed: &str, stored: &str| {
            hasher.check(place(&hasher).await, secret(typed), Some(stored), &entropy).await.unwrap()
        };
        let typed = secret("Zoe\u{308}\u{a0}pass");
        let stored = hasher.hash(place(&hasher).await, typed, &entropy).await.unwrap();
        let right = PasswordMatch { right: true, renewed: None };
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
        let renewed = check("Zoe\u{308} pass", &before).await.renewed.unwrap();
        assert_eq!(check("Zo\u{eb} pass", &renewed).await, right);
        assert!(!check("Zo\u{eb} pass", &before).await.right);
        let before = old("Zo\u{eb} pass");
        assert_eq!(check("Zo\u{eb} pass", &before).await, right);
        // As it is stored when it was right, it fits every composition.
        assert_eq!(check("Zoe\u{308} pass", &todays_form(&before)).await, right);
        assert_eq!(todays_form(&stored), stored);
    }
}
