//! What every use case stands on: the request, the outcome, the pool in memory, the audit trail, mail, sealing and hashing.
//!
//! Knows no other room.

pub(crate) mod app;
pub(crate) mod audit;
pub(crate) mod bound;
pub(crate) mod budget;
pub(crate) mod cx;
pub(crate) mod drift;
pub(crate) mod failure;
pub(crate) mod guessers;
pub(crate) mod hasher;
pub(crate) mod key_sets;
pub(crate) mod letters;
pub(crate) mod links;
pub(crate) mod notice;
pub(crate) mod outbox;
pub(crate) mod outcome;
pub(crate) mod places;
pub(crate) mod polls;
pub(crate) mod pools;
pub(crate) mod runtime;
pub(crate) mod sealed_request;
pub(crate) mod sectors;
pub(crate) mod session;
pub(crate) mod session_end;
pub(crate) mod slots;
pub(crate) mod subjects;
pub(crate) mod tries;
