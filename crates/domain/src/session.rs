//! Browser sessions at the identity provider.

use crate::{
    assurance::{AuthEvent, EventKind},
    ids::{SessionId, UserId},
    pool::Lifetimes,
    time::Timestamp,
};

/// A session: whose it is and every proof given in it. What it is worth is computed, never stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Its identifier; the `sid` claim. Stays the same when the session is raised.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// The proofs, oldest first.
    pub events: Vec<AuthEvent>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends whatever happens.
    pub expires_at: Timestamp,
    /// Address it was last used from.
    pub ip: Option<String>,
    /// `User-Agent` it was last used with.
    pub user_agent: Option<String>,
}

impl Session {
    /// Whether the session is alive (absolute and idle limit; ASVS 7.3).
    pub fn is_alive(&self, lifetimes: &Lifetimes, now: Timestamp) -> bool {
        self.is_open(now) && now < self.last_seen_at + lifetimes.session_idle
    }

    /// Whether there is something to end: a session that was left alone for too long lets nobody in, but what it gave to
    /// applications goes on until it is over.
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}

/// Whether an enrolment was postponed in the session of these events.
pub fn has_postponed(events: &[AuthEvent], now: Timestamp) -> bool {
    events.iter().any(|event| event.kind == EventKind::Postponed && now < event.expires_at)
}

/// Adds new events; of each (factor, credential) only the new one is kept, so that a long session does not grow without
/// end.
pub fn merge_events(old: &[AuthEvent], new: &[AuthEvent]) -> Vec<AuthEvent> {
    let mut merged: Vec<AuthEvent> = old.to_vec();
    for event in new {
        merged.retain(|one| one.factor != event.factor || one.credential != event.credential);
        merged.push(event.clone());
    }
    merged.sort_by_key(|event| event.at);
    merged
}
