//! Places for work that costs much processor time: few at once, waited for in turn.
//!
//! Each source waits in a line of its own, and the lines take turns. So however many requests one source sends, somebody
//! else waits for no more than one of them, and one for each further source that waits. When all lines together are too
//! long, it is the longest that loses its last.

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
        let before = self.waiting_of(source);
        let own = if before < limits.by_source { before } else { self.forget_gone(source) };
        if own >= limits.by_source || (self.waiting >= limits.in_all && !self.shorten_longest(own)) {
            return Err(Failure::Busy);
        }
        let (turn, waits) = oneshot::channel();
        let line = self.by_source.entry(source).or_default();
        if line.is_empty() {
            self.turns.push_back(source);
        }
        line.push_back(turn);
        self.waiting += 1;
        Ok(waits)
    }

    fn waiting_of(&self, source: Source) -> usize {
        self.by_source.get(&source).map_or(0, VecDeque::len)
    }

    /// Forgets those of a line that went away, and says how many are left.
    fn forget_gone(&mut self, source: Source) -> usize {
        let Some(line) = self.by_source.get_mut(&source) else { return 0 };
        let before = line.len();
        line.retain(|turn| !turn.is_closed());
        let left = line.len();
        self.waiting -= before - left;
        if left == 0 {
            self.by_source.remove(&source);
            self.turns.retain(|one| *one != source);
        }
        left
    }

    /// Turns the last of the longest line away, for one whose own line is shorter than that.
    fn shorten_longest(&mut self, own: usize) -> bool {
        let longest = self.by_source.iter().max_by_key(|(_, line)| line.len()).map(|(source, _)| *source);
        let Some(longest) = longest.filter(|longest| self.waiting_of(*longest) > own + 1) else {
            return false;
        };
        if let Some(line) = self.by_source.get_mut(&longest) {
            // The line had at least two, so it keeps its turn.
            line.pop_back();
            self.waiting -= 1;
        }
        true
    }

    /// The next in turn; where nobody waits, the place is free.
    fn next(&mut self) -> Option<Sender<Place>> {
        while let Some(source) = self.turns.pop_front() {
            let Some(line) = self.by_source.get_mut(&source) else { continue };
            let first = line.pop_front();
            if line.is_empty() {
                self.by_source.remove(&source);
            } else {
                self.turns.push_back(source);
            }
            if let Some(first) = first {
                self.waiting -= 1;
                if !first.is_closed() {
                    return Some(first);
                }
            }
        }
        self.free += 1;
        None
    }
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
