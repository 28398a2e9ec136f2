//! What is remembered of hosts that could not be reached.

use crate::OutboundError;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use vestibule_domain::Timestamp;

/// How many failures are remembered. When there are more, all that are over go, and then the memory begins anew: it saves
/// work and decides nothing.
const ENTRIES: usize = 4096;

/// Failures by who asked and what host, each until a moment.
#[derive(Debug, Default)]
pub(crate) struct Memory(Mutex<HashMap<(String, String), (OutboundError, Timestamp)>>);

impl Memory {
    /// The failure that is still remembered.
    pub(crate) fn failure(&self, key: &(String, String), now: Timestamp) -> Option<OutboundError> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.get(key).filter(|(_, until)| now < *until).map(|(failure, _)| failure.clone())
    }

    /// Remembers one, until a moment.
    pub(crate) fn keep(
        &self,
        key: (String, String),
        failure: OutboundError,
        now: Timestamp,
        until: Timestamp,
    ) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= ENTRIES {
            entries.retain(|_, (_, until)| now < *until);
        }
        if entries.len() >= ENTRIES {
            entries.clear();
        }
        entries.insert(key, (failure, until));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_forgotten_in_time_and_the_memory_is_bounded() {
        let memory = Memory::default();
        let failure = OutboundError::Connect { host: "example.com".into() };
        let at = Timestamp::from_seconds;
        let key = |host: usize| ("pool".to_owned(), host.to_string());
        memory.keep(key(0), failure.clone(), at(100), at(110));
        assert_eq!(memory.failure(&key(0), at(109)), Some(failure.clone()));
        assert_eq!(memory.failure(&key(0), at(110)), None);
        assert_eq!(memory.failure(&("other".to_owned(), "0".to_owned()), at(101)), None, "another pool's");
        for host in 0..3 * ENTRIES {
            memory.keep(key(host), failure.clone(), at(100), at(110));
            assert!(memory.0.lock().unwrap().len() <= ENTRIES);
        }
    }
}
