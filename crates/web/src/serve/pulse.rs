//! What a connection is doing, and since when.

use crate::options::ConnectionLimits;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// How soon a connection is looked at again at the latest.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

/// What a connection is doing. Clones share it.
#[derive(Clone)]
pub(super) struct Pulse(Arc<Mutex<State>>);

#[derive(Clone, Copy)]
struct State {
    doing: Doing,
    /// Since when nothing has been asked: since it was accepted, or since the last answer. Bytes alone do not count.
    silent_since: Instant,
    has_asked: bool,
}

#[derive(Clone, Copy)]
enum Doing {
    /// Nothing has arrived yet.
    Nothing,
    /// Something has, but no whole head of a request.
    Head { since: Instant },
    /// So many requests are under way.
    Asking(u32),
    /// Every answer was given.
    Idle,
}

impl Pulse {
    pub(super) fn new(now: Instant) -> Self {
        Self(Arc::new(Mutex::new(State { doing: Doing::Nothing, silent_since: now, has_asked: false })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes arrived.
    pub(super) fn heard(&self) {
        let mut state = self.state();
        if matches!(state.doing, Doing::Nothing) {
            state.doing = Doing::Head { since: Instant::now() };
        }
    }

    /// A request is under way until the value that this returns is dropped.
    pub(super) fn begin(&self) -> UnderWay {
        let mut state = self.state();
        let others = if let Doing::Asking(count) = state.doing { count } else { 0 };
        state.doing = Doing::Asking(others.saturating_add(1));
        state.has_asked = true;
        drop(state);
        UnderWay(self.clone())
    }

    /// Whether there was a request at all.
    pub(super) fn has_asked(&self) -> bool {
        self.state().has_asked
    }

    /// Since when it has been silent; `None` while a request is under way.
    pub(super) fn silent_since(&self) -> Option<Instant> {
        let state = self.state();
        (!matches!(state.doing, Doing::Asking(_))).then_some(state.silent_since)
    }

    /// When its time is up, or when to look at it again: what it is doing may change meanwhile, and another limit count.
    pub(super) fn look(&self, limits: ConnectionLimits, now: Instant) -> Instant {
        let state = *self.state();
        let again = now + limits.first_byte.min(limits.head).min(limits.idle).min(LOOK_AGAIN);
        let due = match state.doing {
            Doing::Nothing => state.silent_since + limits.first_byte,
            Doing::Head { since } => since + limits.head,
            Doing::Asking(_) => again,
            Doing::Idle => state.silent_since + limits.idle,
        };
        due.min(again)
    }
}

/// A request under way.
pub(super) struct UnderWay(Pulse);

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.doing = match state.doing {
            Doing::Asking(count @ 2..) => Doing::Asking(count - 1),
            _ => {
                state.silent_since = Instant::now();
                Doing::Idle
            }
        };
    }
}
