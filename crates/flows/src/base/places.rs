//! Places for work that costs much processor time: few at once, waited for in turn.
//!
//! Each source waits in a line of its own, and the lines take turns. So however many requests one source sends, somebody
//! else waits for no more than one of them, and one for each further source that waits. Sources of one network of IPv6, of which
//! whoever has it has 65536, share the turns of one. When all lines together are too long, it is the network that waits most
//! whose longest line loses its last.

use crate::base::failure::Failure;
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::oneshot::{self, Sender};
use vestibule_domain::Source;

/// How many may wait, and for how many places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlaceLimits {
    /// Places taken at once.
    pub(crate) places: usize,
    /// Waiting from one source at most.
    pub(crate) by_source: usize,
    /// Waiting in all at most.
    pub(crate) in_all: usize,
}

/// The places, and the lines before them.
pub(crate) struct Places {
    lines: Mutex<Lines>,
    limits: PlaceLimits,
}

#[derive(Default)]
struct Lines {
    free: usize,
    /// By the widest network around each source.
    by_network: BTreeMap<Source, Network>,
    /// Whose turn is next; every network in which somebody waits is in it once.
    turns: VecDeque<Source>,
    waiting: usize,
}

/// The lines of the sources of one network.
#[derive(Default)]
struct Network {
    by_source: BTreeMap<Source, VecDeque<Sender<Place>>>,
    /// Whose turn is next; every source that has a line is in it once.
    turns: VecDeque<Source>,
    waiting: usize,
}

/// A place that is held. It is free again when this is dropped, so it has to travel with the work.
pub struct Place(Option<Arc<Places>>);

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(places) = self.0.take() {
            places.hand_on();
        }
    }
}

impl Places {
    pub(crate) fn new(limits: PlaceLimits) -> Arc<Self> {
        let lines = Mutex::new(Lines { free: limits.places, ..Lines::default() });
        Arc::new(Self { lines, limits })
    }

    /// Waits for a place.
    ///
    /// # Errors
    /// [`Failure::Busy`] when the line is too long: nothing was done for the caller.
    pub(crate) async fn take(self: &Arc<Self>, source: Source) -> Result<Place, Failure> {
        let turn = {
            let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(free) = lines.free.checked_sub(1) {
                lines.free = free;
                return Ok(Place(Some(Arc::clone(self))));
            }
            lines.queue(source, self.limits)?
        };
        // The line lost its last to a shorter one.
        turn.await.map_err(|_| Failure::Busy)
    }

    /// Gives a place that became free to the next in turn.
    fn hand_on(self: &Arc<Self>) {
        loop {
            let next = self.lines.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(next) = next else { return };
            match next.send(Place(Some(Arc::clone(self)))) {
                Ok(()) => return,
                // It went away meanwhile: the place is still to be handed on, and not twice.
                Err(mut place) => drop(place.0.take()),
            }
        }
    }
}

impl Lines {
    fn queue(&mut self, source: Source, limits: PlaceLimits) -> Result<oneshot::Receiver<Place>, Failure> {
        let network = widest(source);
        let before = self.by_network.get(&network).map_or(0, |one| one.waiting_of(source));
        let own = if before < limits.by_source { before } else { self.forget_gone(network, source) };
        if own >= limits.by_source || (self.waiting >= limits.in_all && !self.shorten_longest(network, own)) {
            return Err(Failure::Busy);
        }
        let (turn, waits) = oneshot::channel();
        let lines = self.by_network.entry(network).or_default();
        if lines.waiting == 0 {
            self.turns.push_back(network);
        }
        lines.queue(source, turn);
        self.waiting += 1;
        Ok(waits)
    }

    /// Forgets those of a line that went away, and says how many are left.
    fn forget_gone(&mut self, network: Source, source: Source) -> usize {
        let Some(lines) = self.by_network.get_mut(&network) else { return 0 };
        let before = lines.waiting;
        let left = lines.forget_gone(source);
        self.waiting -= before - lines.waiting;
        self.forget_empty(network);
        left
    }

    /// Turns the last of the longest line away, in the network that waits most, for one whose own network waits less. Where that
    /// is the same network, for one whose own line is shorter.
    fn shorten_longest(&mut self, network: Source, own: usize) -> bool {
        let waits = |one: Source| self.by_network.get(&one).map_or(0, |lines| lines.waiting);
        let most = self.by_network.iter().max_by_key(|(_, lines)| lines.waiting).map(|(most, _)| *most);
        let Some(most) = most else { return false };
        let least = if waits(most) > waits(network) + 1 { 0 } else { own + 1 };
        let from = if least == 0 { most } else { network };
        let shortened = self.by_network.get_mut(&from).is_some_and(|lines| lines.shorten_longest(least));
        self.waiting -= usize::from(shortened);
        self.forget_empty(from);
        shortened
    }

    fn forget_empty(&mut self, network: Source) {
        if self.by_network.get(&network).is_some_and(|lines| lines.waiting == 0) {
            self.by_network.remove(&network);
            self.turns.retain(|one| *one != network);
        }
    }

    /// The next in turn; where nobody waits, the place is free.
    fn next(&mut self) -> Option<Sender<Place>> {
        while let Some(network) = self.turns.pop_front() {
            let Some(lines) = self.by_network.get_mut(&network) else { continue };
            let first = lines.next();
            self.waiting -= usize::from(first.is_some());
            if lines.waiting == 0 {
                self.by_network.remove(&network);
            } else {
                self.turns.push_back(network);
            }
            if let Some(first) = first.filter(|first| !first.is_closed()) {
                return Some(first);
            }
        }
        self.free += 1;
        None
    }
}

impl Network {
    fn waiting_of(&self, source: Source) -> usize {
        self.by_source.get(&source).map_or(0, VecDeque::len)
    }

    fn queue(&mut self, source: Source, turn: Sender<Place>) {
        let line = self.by_source.entry(source).or_default();
        if line.is_empty() {
            self.turns.push_back(source);
        }
        line.push_back(turn);
        self.waiting += 1;
    }

    fn forget_gone(&mut self, source: Source) -> usize {
        let Some(line) = self.by_source.get_mut(&source) else { return 0 };
        let before = line.len();
        line.retain(|turn| !turn.is_closed());
        let left = line.len();
        self.waiting -= before - left;
        self.forget_empty(source);
        left
    }

    /// Turns the last of the longest line away, if that is longer than `least`.
    fn shorten_longest(&mut self, least: usize) -> bool {
        let longest = self.by_source.iter().max_by_key(|(_, line)| line.len()).map(|(source, _)| *source);
        let Some(longest) = longest.filter(|longest| self.waiting_of(*longest) > least) else {
            return false;
        };
        if let Some(line) = self.by_source.get_mut(&longest) {
            line.pop_back();
            self.waiting -= 1;
        }
        self.forget_empty(longest);
        true
    }

    fn forget_empty(&mut self, source: Source) {
        if self.by_source.get(&source).is_some_and(VecDeque::is_empty) {
            self.by_source.remove(&source);
            self.turns.retain(|one| *one != source);
        }
    }

    /// The next in turn, who may have gone away.
    fn next(&mut self) -> Option<Sender<Place>> {
        let source = self.turns.pop_front()?;
        let line = self.by_source.get_mut(&source)?;
        let first = line.pop_front();
        self.waiting -= usize::from(first.is_some());
        if line.is_empty() {
            self.by_source.remove(&source);
        } else {
            self.turns.push_back(source);
        }
        first
    }
}

/// The widest network around a source.
fn widest(source: Source) -> Source {
    source.with_networks().last().map_or(source, |(network, _)| network)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{future::Future, pin::pin, task::Poll};

    fn source(number: u8) -> Source {
        Source::V4([192, 0, 2, number])
    }

    fn places(by_source: usize, in_all: usize) -> Arc<Places> {
        Places::new(PlaceLimits { places: 1, by_source, in_all })
    }

    /// What a line gives without waiting.
    fn poll<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match pin!(future).poll(&mut context) {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        }
    }

    macro_rules! waiting {
        ($places:expr, $source:expr) => {{
            let mut turn = Box::pin($places.take($source));
            assert!(poll(&mut turn).is_none(), "nobody waits");
            turn
        }};
    }

    #[tokio::test]
    async fn fault_s5_waiting_is_fair_by_source() {
        let places = places(100, 1000);
        let held = places.take(source(1)).await.unwrap();
        let mut crowd: Vec<_> = (0..50).map(|_| waiting!(places, source(1))).collect();
        let mut person = waiting!(places, source(2));
        drop(held);
        let first = poll(&mut crowd[0]).unwrap().unwrap();
        assert!(poll(&mut person).is_none());
        drop(first);
        assert!(poll(&mut crowd[1]).is_none(), "the crowd has had its turn");
        let mine = poll(&mut person).unwrap().unwrap();
        drop(mine);
        assert!(poll(&mut crowd[1]).unwrap().is_ok());
    }

    #[tokio::test]
    async fn fault_s5_a_line_has_an_end_and_the_longest_gives_way() {
        let places = places(3, 4);
        let held = places.take(source(1)).await.unwrap();
        let mut crowd: Vec<_> = (0..3).map(|_| waiting!(places, source(1))).collect();
        assert!(matches!(places.take(source(1)).await, Err(Failure::Busy)), "its own line is full");
        let mut second = waiting!(places, source(2));
        let mut third = waiting!(places, source(3));
        assert!(matches!(poll(&mut crowd[2]), Some(Err(Failure::Busy))), "the last of the longest line");
        let fourth = waiting!(places, source(4));
        assert!(matches!(poll(&mut crowd[1]), Some(Err(Failure::Busy))));
        assert!(matches!(places.take(source(5)).await, Err(Failure::Busy)), "nobody has more than one");
        drop((held, fourth));
        drop(poll(&mut crowd[0]).unwrap().unwrap());
        drop(poll(&mut second).unwrap().unwrap());
        drop(poll(&mut third).unwrap().unwrap());
        assert!(poll(&mut Box::pin(places.take(source(9)))).unwrap().is_ok(), "all places are free again");
    }

    #[tokio::test]
    async fn fault_s5_all_sources_of_a_network_together_are_one_among_others() {
        let places = places(3, 6);
        let in_network = |number: u8| Source::V6([0x20, 1, 0x0d, 0xb8, 0, 7, 0, number]);
        let held = places.take(source(1)).await.unwrap();
        let mut crowd: Vec<_> = (0..6).map(|number| waiting!(places, in_network(number))).collect();
        assert!(
            matches!(places.take(in_network(9)).await, Err(Failure::Busy)),
            "nobody there has more than one"
        );
        let mut person = waiting!(places, source(2));
        let told: Vec<_> = crowd.iter_mut().filter_map(poll).collect();
        assert!(matches!(told.as_slice(), [Err(Failure::Busy)]), "one of the network gave way");
        drop(held);
        let first = crowd.iter_mut().take(5).find_map(poll).unwrap().unwrap();
        assert!(poll(&mut person).is_none());
        drop(first);
        assert!(poll(&mut person).unwrap().is_ok(), "the network has had its turn");
        drop((person, crowd));
        assert!(poll(&mut Box::pin(places.take(source(9)))).unwrap().is_ok(), "all places are free again");
    }

    #[tokio::test]
    async fn a_place_is_never_lost_with_those_who_go_away() {
        let places = places(3, 100);
        let held = places.take(source(1)).await.unwrap();
        for _ in 0..50 {
            let gone: Vec<_> = (0..3).map(|_| waiting!(places, source(1))).collect();
            drop(gone);
        }
        let stays = waiting!(places, source(1));
        let got_and_gone = waiting!(places, source(2));
        drop(held);
        drop((got_and_gone, stays));
        assert!(poll(&mut Box::pin(places.take(source(3)))).unwrap().is_ok());
    }
}
