//! Sources, and networks around them, that have used up their wrong passwords, as this node has learned. The count itself is in the database; a node that
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
    /// The source of a request, or a network around it, has to wait.
    pub(crate) fn note(&self, cx: &Cx, guesser: Source, until: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, until| *until > cx.now);
        }
        if known.len() < MOST {
            known.insert((cx.pool.pool.id, guesser), until);
        }
    }

    /// For how many seconds the source of a request has to wait, if it or a network around it has to.
    pub(crate) fn wait(&self, cx: &Cx) -> Option<i64> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let networks = cx.source().with_networks();
        let waits = networks.filter_map(|(network, _)| known.get(&(cx.pool.pool.id, network)));
        waits.map(|until| until.since(cx.now)).filter(|seconds| *seconds > 0).max()
    }
}
