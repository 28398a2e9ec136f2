//! Documents that are kept for as long as they are fresh.

use crate::{Fetched, Outbound, OutboundError, OutboundRules, freshness::LEAST};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{sync::Mutex as Gate, time::timeout};
use vestibule_domain::Timestamp;

/// Documents by address, fetched when they are first asked for and again when they are no longer fresh.
///
/// One request at a time runs for a document; whoever asks meanwhile waits for it and gets the same. A failure is kept
/// for some seconds and holds for all. There are at most `capacity` documents: the one that nobody asked for the longest
/// makes room.
#[derive(Debug)]
pub struct Cached {
    outbound: Outbound,
    capacity: usize,
    shelf: Mutex<Shelf>,
}

/// What makes a document another one. The rules are part of it: what one pool may read is not shown to another, and what a pool
/// may no longer reach is forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    rules: OutboundRules,
    url: String,
    accept: String,
}

#[derive(Debug, Default)]
struct Shelf {
    by_key: HashMap<Key, Entry>,
    /// Counts the uses.
    uses: u64,
}

#[derive(Debug)]
struct Entry {
    last_use: u64,
    slot: Arc<Gate<Slot>>,
}

/// What is known of one document.
#[derive(Debug, Default)]
struct Slot {
    document: Option<Fetched>,
    failure: Option<(OutboundError, Timestamp)>,
    asked: Option<Timestamp>,
}

impl Cached {
    /// With room for `capacity` documents, at least one.
    #[must_use]
    pub fn new(outbound: Outbound, capacity: usize) -> Self {
        Self { outbound, capacity: capacity.max(1), shelf: Mutex::default() }
    }

    /// The document, from memory as long as it is fresh.
    ///
    /// # Errors
    /// As for [`Outbound::get`]. A document that is no longer fresh is not given when the address fails.
    pub async fn get(
        &self,
        rules: &OutboundRules,
        url: &str,
        accept: &[&str],
    ) -> Result<Fetched, OutboundError> {
        self.enter(rules, url, accept, |slot, now| slot.fresh(now)).await
    }

    /// The document as it is now, since the kept one lacks something, such as a key. It is asked for at most once a minute;
    /// in between, and when the address fails, the kept one is given as long as it is fresh.
    ///
    /// # Errors
    /// As for [`Cached::get`].
    pub async fn refresh(
        &self,
        rules: &OutboundRules,
        url: &str,
        accept: &[&str],
    ) -> Result<Fetched, OutboundError> {
        let recently = |slot: &Slot, now: Timestamp| {
            slot.fresh(now).filter(|_| slot.asked.is_some_and(|asked| now < asked + LEAST))
        };
        self.enter(rules, url, accept, recently).await
    }

    async fn enter(
        &self,
        rules: &OutboundRules,
        url: &str,
        accept: &[&str],
        kept: impl Fn(&Slot, Timestamp) -> Option<Fetched>,
    ) -> Result<Fetched, OutboundError> {
        // Before anything is kept for it.
        let host = crate::target::Target::parse(url)?.host;
        let key = Key { rules: rules.clone(), url: url.to_owned(), accept: accept.join(", ") };
        let slot = self.slot(key);
        let gate = timeout(self.outbound.limits().total, slot.lock()).await;
        let mut slot = gate.map_err(|_| OutboundError::Busy { host })?;
        let now = self.outbound.now();
        if let Some(document) = kept(&slot, now) {
            return Ok(document);
        }
        if let Some(failure) = slot.failure(now) {
            return slot.fresh(now).ok_or(failure);
        }
        let outcome = self.outbound.get(rules, url, accept).await;
        slot.keep(outcome, now, self.outbound.limits().remember)
    }

    /// What is known of a document, and the least used one forgotten when there is no room.
    fn slot(&self, key: Key) -> Arc<Gate<Slot>> {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.uses += 1;
        let last_use = shelf.uses;
        if let Some(entry) = shelf.by_key.get_mut(&key) {
            entry.last_use = last_use;
            return Arc::clone(&entry.slot);
        }
        if shelf.by_key.len() >= self.capacity {
            let oldest =
                shelf.by_key.iter().min_by_key(|(_, entry)| entry.last_use).map(|(key, _)| key.clone());
            oldest.and_then(|oldest| shelf.by_key.remove(&oldest));
        }
        let slot = Arc::<Gate<Slot>>::default();
        shelf.by_key.insert(key, Entry { last_use, slot: Arc::clone(&slot) });
        slot
    }
}

impl Slot {
    fn fresh(&self, now: Timestamp) -> Option<Fetched> {
        self.document.clone().filter(|document| now < document.fresh_until)
    }

    fn failure(&self, now: Timestamp) -> Option<OutboundError> {
        self.failure.clone().filter(|(_, until)| now < *until).map(|(failure, _)| failure)
    }

    fn keep(
        &mut self,
        outcome: Result<Fetched, OutboundError>,
        now: Timestamp,
        remember: i64,
    ) -> Result<Fetched, OutboundError> {
        match outcome {
            Ok(document) => {
                *self = Self { document: Some(document.clone()), failure: None, asked: Some(now) };
                Ok(document)
            }
            // Nobody was asked: the next one may be luckier.
            Err(busy @ OutboundError::Busy { .. }) => self.fresh(now).ok_or(busy),
            Err(failure) => {
                self.failure = Some((failure.clone(), now + remember));
                self.asked = Some(now);
                self.fresh(now).ok_or(failure)
            }
        }
    }
}
