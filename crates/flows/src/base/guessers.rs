//! Sources that have used up their wrong passwords, as this node has learned. The count itself is in the database; a node that
//! does not know yet learns it with the next wrong password.

use crate::base::cx::Cx;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use vestibule_domain::{PoolId, Source, Timestamp};

/// The most sources that are remembered. Whatever a further one is let try is still counted.
const MOST: usize = 10_000;

/// The sources, by pool, and until when each has to wait.
#[derive(Default)]
pub(crate) struct Guessers(Mutex<HashMap<(PoolId, Source), Timestamp>>);

impl Guessers {
    /// The source of a request has to wait.
    pub(crate) fn note(&self, cx: &Cx, until: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, until| *until > cx.now);
        }
        if known.len() < MOST {
            known.insert((cx.pool.pool.id, cx.source()), until);
        }
    }

    /// For how many seconds the source of a request has to wait, if it has to.
    pub(crate) fn wait(&self, cx: &Cx) -> Option<i64> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let until = *known.get(&(cx.pool.pool.id, cx.source()))?;
        Some(until.since(cx.now)).filter(|seconds| *seconds > 0)
    }
}
