//! Places for connections: so many in all, and so many from one address.

use super::pulse::Pulse;
use crate::options::ConnectionLimits;
use ipnet::IpNet;
use std::{
    collections::{BTreeSet, HashMap},
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{sync::Notify, time::Instant};

/// How many connections are looked at for one that is silent: what one more connection costs is bounded.
const MOST_LOOKED_AT: usize = 64;

/// All places. Clones share them.
#[derive(Clone)]
pub(super) struct Places(Arc<Shared>);

struct Shared {
    limits: ConnectionLimits,
    /// Proxies, whose connections carry many people.
    exempt: Vec<IpNet>,
    taken: Mutex<Taken>,
}

/// The order in which connections fell silent, as it was when they were last looked at: the first one may have asked
/// something since, but none that comes later has been silent for longer.
type Order = BTreeSet<(Instant, u64)>;

#[derive(Default)]
struct Taken {
    next: u64,
    holders: HashMap<u64, Holder>,
    order: Order,
    by_address: HashMap<IpAddr, Order>,
}

struct Holder {
    address: IpAddr,
    /// Under which time it stands in both orders.
    listed: Instant,
    pulse: Pulse,
    evict: Arc<Notify>,
}

impl Places {
    pub(super) fn new(limits: ConnectionLimits, exempt: Vec<IpNet>) -> Self {
        Self(Arc::new(Shared { limits, exempt, taken: Mutex::default() }))
    }

    pub(super) fn limits(&self) -> ConnectionLimits {
        self.0.limits
    }

    /// A place for a connection from that address; `None` when requests are under way at all that it could have.
    pub(super) fn take(&self, peer: IpAddr, now: Instant) -> Option<Place> {
        let (limits, address) = (self.0.limits, source(peer));
        let is_exempt = self.0.exempt.iter().any(|net| net.contains(&peer.to_canonical()));
        let mut taken = self.0.taken();
        let own = taken.by_address.get(&address).map_or(0, BTreeSet::len);
        let made_room = if !is_exempt && own >= limits.of_address {
            taken.make_room(Some(address), now)
        } else if taken.holders.len() >= limits.most {
            taken.make_room(None, now)
        } else {
            true
        };
        if !made_room {
            tracing::debug!(client.ip = %peer, "a connection found no place");
            return None;
        }
        let (pulse, evict) = (Pulse::new(now), Arc::new(Notify::new()));
        let id =
            taken.enter(Holder { address, listed: now, pulse: pulse.clone(), evict: Arc::clone(&evict) });
        drop(taken);
        Some(Place { all: self.clone(), id, pulse, evict })
    }
}

impl Shared {
    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn enter(&mut self, holder: Holder) -> u64 {
        let id = self.next;
        self.next = self.next.wrapping_add(1);
        self.list(&holder, id);
        self.holders.insert(id, holder);
        id
    }

    fn list(&mut self, holder: &Holder, id: u64) {
        self.order.insert((holder.listed, id));
        self.by_address.entry(holder.address).or_default().insert((holder.listed, id));
    }

    fn leave(&mut self, id: u64) -> Option<Holder> {
        let holder = self.holders.remove(&id)?;
        let key = (holder.listed, id);
        self.order.remove(&key);
        if let Some(own) = self.by_address.get_mut(&holder.address) {
            own.remove(&key);
            if own.is_empty() {
                self.by_address.remove(&holder.address);
            }
        }
        Some(holder)
    }

    /// Ends the connection that has been silent longest: of that address, or of all.
    fn make_room(&mut self, address: Option<IpAddr>, now: Instant) -> bool {
        for _ in 0..MOST_LOOKED_AT {
            let order = match address {
                Some(address) => self.by_address.get(&address),
                None => Some(&self.order),
            };
            let Some((listed, id)) = order.and_then(BTreeSet::first).copied() else { return false };
            let Some(mut holder) = self.leave(id) else { return false };
            match holder.pulse.silent_since() {
                Some(since) if since <= listed => {
                    holder.evict.notify_one();
                    return true;
                }
                silent => {
                    // It asks now, or has asked since it was listed: it goes on, and stands where it belongs.
                    holder.listed = silent.unwrap_or(now);
                    self.list(&holder, id);
                    self.holders.insert(id, holder);
                }
            }
            if listed >= now {
                return false;
            }
        }
        false
    }
}

/// One connection's place; free again when it is dropped.
pub(super) struct Place {
    all: Places,
    id: u64,
    pulse: Pulse,
    evict: Arc<Notify>,
}

impl Place {
    /// What the connection is doing.
    pub(super) fn pulse(&self) -> Pulse {
        self.pulse.clone()
    }

    /// Completes when the connection has to make room.
    pub(super) async fn evicted(&self) {
        self.evict.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.all.0.taken().leave(self.id);
    }
}

/// Whom connections from an address are counted to: one customer of a network has a whole /64 of IPv6 addresses.
fn source(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn places(most: usize, of_address: usize) -> Places {
        let limits = ConnectionLimits { most, of_address, ..ConnectionLimits::default() };
        Places::new(limits, vec!["10.0.0.0/8".parse().unwrap()])
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// Whether it was told to go.
    async fn is_evicted(place: &Place) -> bool {
        tokio::time::timeout(Duration::ZERO, place.evicted()).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn the_one_that_was_silent_longest_makes_room() {
        let places = places(3, 9);
        let at = |seconds| Instant::now() + Duration::from_secs(seconds);
        let (busy, oldest, newer) = (
            places.take(ip("192.0.2.1"), at(0)).unwrap(),
            places.take(ip("192.0.2.2"), at(1)).unwrap(),
            places.take(ip("192.0.2.3"), at(2)).unwrap(),
        );
        let under_way = busy.pulse().begin();
        let third = places.take(ip("192.0.2.4"), at(3)).unwrap();
        assert!(is_evicted(&oldest).await && !is_evicted(&busy).await && !is_evicted(&newer).await);
        // An answer makes it silent from now on.
        tokio::time::advance(Duration::from_secs(10)).await;
        drop(under_way);
        let _fourth = places.take(ip("192.0.2.4"), at(0)).unwrap();
        assert!(is_evicted(&newer).await && !is_evicted(&busy).await && !is_evicted(&third).await);
        drop(third);
        assert!(places.0.taken().holders.len() < 3, "a place that is dropped is free");
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_has_only_so_many_places_and_a_proxy_all() {
        let places = places(100, 2);
        let now = Instant::now();
        let one = places.take(ip("2001:db8::1"), now).unwrap();
        let _two = places.take(ip("2001:db8::2"), now).unwrap();
        let _three = places.take(ip("2001:db8::ffff:1"), now + Duration::from_secs(1)).unwrap();
        assert!(is_evicted(&one).await, "one /64 is one address");
        let _other = places.take(ip("2001:db8:0:1::1"), now).unwrap();
        let proxied: Vec<Place> = (0..50).map(|_| places.take(ip("10.1.2.3"), now).unwrap()).collect();
        for place in &proxied {
            assert!(!is_evicted(place).await);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn where_everybody_asks_something_a_new_one_finds_no_place() {
        let places = places(2, 9);
        let held = [1, 2].map(|_| places.take(ip("192.0.2.1"), Instant::now()).unwrap());
        let under_way = held.each_ref().map(|place| place.pulse().begin());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(places.take(ip("192.0.2.2"), Instant::now()).is_none());
        drop(under_way);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(places.take(ip("192.0.2.2"), Instant::now()).is_some());
    }
}
