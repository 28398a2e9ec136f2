//! How many requests run at once: in all, for one pool, and to one host.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Places by key. A key is kept only while somebody holds or awaits a place of it.
#[derive(Debug)]
pub(crate) struct Places {
    each: usize,
    by_key: Mutex<HashMap<String, Arc<Semaphore>>>,
}

impl Places {
    pub(crate) fn new(each: usize) -> Arc<Self> {
        Arc::new(Self { each, by_key: Mutex::default() })
    }

    /// Waits for a place.
    pub(crate) async fn enter(self: &Arc<Self>, key: &str) -> Option<Place> {
        // The guard is there before the wait: it cleans up as well when the wait is given up.
        let mut place =
            Place { key: key.to_owned(), permit: None, semaphore: None, places: Arc::clone(self) };
        let semaphore = {
            let mut by_key = self.by_key.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(by_key.entry(key.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(self.each))))
        };
        place.semaphore = Some(Arc::clone(&semaphore));
        place.permit = Some(semaphore.acquire_owned().await.ok()?);
        Some(place)
    }

    #[cfg(test)]
    pub(crate) fn keys(&self) -> usize {
        self.by_key.lock().unwrap().len()
    }
}

/// A place that is held until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    key: String,
    permit: Option<OwnedSemaphorePermit>,
    semaphore: Option<Arc<Semaphore>>,
    places: Arc<Places>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut by_key = self.places.by_key.lock().unwrap_or_else(PoisonError::into_inner);
        self.permit = None;
        self.semaphore = None;
        // Copies are made under this lock alone: one means that nobody else holds or awaits a place.
        if by_key.get(&self.key).is_some_and(|semaphore| Arc::strong_count(semaphore) == 1) {
            by_key.remove(&self.key);
        }
    }
}

/// The places of one request; given back together.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) _host: Place,
    pub(crate) _pool: Place,
    pub(crate) _all: OwnedSemaphorePermit,
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[tokio::test]
    async fn a_key_has_its_own_places_and_is_forgotten() {
        let places = Places::new(2);
        let (one, two) = (places.enter("a").await, places.enter("a").await);
        assert!(places.enter("a").now_or_never().is_none(), "the third waits");
        assert!(places.enter("b").now_or_never().is_some(), "others do not");
        assert_eq!(places.keys(), 1, "what was given up or used is forgotten");
        drop(one);
        assert!(places.enter("a").now_or_never().is_some());
        drop(two);
        assert_eq!(places.keys(), 0);
    }
}
