//! Places for calls of factors on threads of their own.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};
use vestibule_domain::FactorKind;

/// Calls of one factor under way at once on threads of their own; one that never returns keeps its place.
const MOST_CALLS: usize = 64;

/// Places for calls on threads of their own, by factor: one that stalls takes none from another.
#[derive(Default)]
pub(crate) struct Calls(Mutex<BTreeMap<FactorKind, Arc<Semaphore>>>);

impl Calls {
    pub(crate) fn place(&self, kind: FactorKind) -> Result<OwnedSemaphorePermit, TryAcquireError> {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let places = places.entry(kind).or_insert_with(|| Arc::new(Semaphore::new(MOST_CALLS)));
        Arc::clone(places).try_acquire_owned()
    }
}
