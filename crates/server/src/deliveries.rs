//! Sending what waits in the database: mails, and notices of sign-outs.
//!
//! Things leave side by side. How many of them are on their way is bounded: in all, for each pool, and for each destination
//! that a pool sends to. So a server that is slow, or says nothing, holds up neither what goes to others nor what other pools
//! send.

use crate::workers::{Health, SOON, until_stopped};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};
use vestibule_domain::PoolId;
use vestibule_flows::Failure;
use vestibule_store::Claim;

/// How many are on their way at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) all: u64,
    /// Of one pool: no more are claimed while more than half of these are on their way.
    pub(crate) of_pool: u64,
    /// Of one pool to one destination, in the same way.
    pub(crate) of_destination: u64,
}

/// Where something goes: what shares it may hold one another up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Destination {
    pub(crate) pool: PoolId,
    pub(crate) name: String,
}

/// Whoever sends one kind of thing.
pub(crate) trait Courier: Send + Sync + 'static {
    /// What is sent.
    type Item: Send + 'static;
    /// For the log.
    const NAME: &'static str;
    const BOUNDS: Bounds;

    /// Takes what is due.
    fn claim(&self, claim: &Claim) -> impl Future<Output = Result<Vec<Self::Item>, Failure>> + Send;
    fn destination(item: &Self::Item) -> Destination;
    /// Sends it and writes down what became of it.
    fn deliver(&self, item: Self::Item) -> impl Future<Output = ()> + Send;
}

/// How many are on their way.
struct UnderWay {
    bounds: Bounds,
    all: u64,
    by_pool: HashMap<PoolId, u64>,
    by_destination: HashMap<Destination, u64>,
}

impl UnderWay {
    fn new(bounds: Bounds) -> Self {
        Self { bounds, all: 0, by_pool: HashMap::new(), by_destination: HashMap::new() }
    }

    fn enter(&mut self, key: &Destination) {
        self.all += 1;
        *self.by_pool.entry(key.pool).or_default() += 1;
        *self.by_destination.entry(key.clone()).or_default() += 1;
    }

    fn leave(&mut self, key: &Destination) {
        self.all = self.all.saturating_sub(1);
        lower(&mut self.by_pool, &key.pool);
        lower(&mut self.by_destination, key);
    }

    /// What may be claimed now; nothing when all places are taken.
    fn claim(&self) -> Option<Claim> {
        let Bounds { all, of_pool, of_destination } = self.bounds;
        let most = all.checked_sub(self.all).filter(|free| *free > 0)?;
        let full = |count: &u64, limit: u64| *count > limit / 2;
        let pools = self.by_pool.iter().filter(|(_, count)| full(count, of_pool));
        let destinations = self.by_destination.iter().filter(|(_, count)| full(count, of_destination));
        Some(Claim {
            most,
            of_pool: of_pool / 2,
            of_destination: of_destination / 2,
            full_pools: pools.map(|(pool, _)| *pool).collect(),
            full_destinations: destinations.map(|(key, _)| (key.pool, key.name.clone())).collect(),
        })
    }
}

/// Counts one less, and forgets what has none.
fn lower<K: Eq + std::hash::Hash>(counts: &mut HashMap<K, u64>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(key);
        }
    }
}

/// A place among those on their way; given back when it is dropped, however the delivery ends.
struct Place {
    under_way: Arc<Mutex<UnderWay>>,
    key: Destination,
}

impl Place {
    fn take(under_way: &Arc<Mutex<UnderWay>>, key: Destination) -> Self {
        under_way.lock().unwrap_or_else(PoisonError::into_inner).enter(&key);
        Self { under_way: Arc::clone(under_way), key }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).leave(&self.key);
    }
}

/// Sends what is due until the server stops; what is on its way then is waited for.
pub(crate) async fn send_all<C: Courier>(courier: C, stopped: watch::Receiver<bool>) {
    let (health, courier) = (Health::default(), Arc::new(courier));
    let under_way = Arc::new(Mutex::new(UnderWay::new(C::BOUNDS)));
    let mut deliveries = JoinSet::new();
    let mut ticks = interval(SOON);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stop = until_stopped(stopped);
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            _ = ticks.tick() => {}
            // A place is free again.
            Some(_) = deliveries.join_next() => {}
        }
        let claim = under_way.lock().unwrap_or_else(PoisonError::into_inner).claim();
        let Some(claim) = claim else { continue };
        for item in health.note(C::NAME, courier.claim(&claim).await).unwrap_or_default() {
            let place = Place::take(&under_way, C::destination(&item));
            let courier = Arc::clone(&courier);
            deliveries.spawn(async move {
                let _place = place;
                courier.deliver(item).await;
            });
        }
    }
    while deliveries.join_next().await.is_some() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fault_u1_nothing_takes_all_places() {
        const BOUNDS: Bounds = Bounds { all: 64, of_pool: 16, of_destination: 8 };
        let mut under_way = UnderWay::new(BOUNDS);
        let pool = PoolId::from_uuid(uuid::Uuid::from_u128(1));
        let key = |name: &str| Destination { pool, name: name.to_owned() };
        for _ in 0..=BOUNDS.of_destination / 2 {
            under_way.enter(&key("silent.example"));
        }
        let claim = under_way.claim().unwrap();
        assert_eq!(claim.full_destinations, [(pool, "silent.example".to_owned())]);
        assert!(claim.full_pools.is_empty());
        for name in ["a.example", "b.example", "c.example", "d.example"] {
            under_way.enter(&key(name));
        }
        let claim = under_way.claim().unwrap();
        assert_eq!(claim.full_pools, [pool]);
        assert_eq!(claim.most, BOUNDS.all - under_way.all);
        // With the last claim on top, both limits hold.
        assert!(BOUNDS.of_destination / 2 + claim.of_destination <= BOUNDS.of_destination);
        assert!(BOUNDS.of_pool / 2 + claim.of_pool <= BOUNDS.of_pool);
        while under_way.all < BOUNDS.all {
            under_way.enter(&key("e.example"));
        }
        assert_eq!(under_way.claim(), None);
        for _ in 0..BOUNDS.all {
            under_way.leave(&key("e.example"));
        }
        assert!(!under_way.by_destination.contains_key(&key("e.example")), "what has none is forgotten");
    }
}
