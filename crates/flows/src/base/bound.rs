//! What a challenge belongs to, and what is shown only once: a sign-in under way, or a session.

use vestibule_domain::{FlowId, SessionId};
use vestibule_seal::sha256;

/// What a ceremony belongs to; no other flow or session can answer it.
#[derive(Clone, Copy)]
pub(crate) enum Bound {
    Flow(FlowId),
    Session(SessionId),
}

impl Bound {
    pub(crate) fn digest(self) -> [u8; 32] {
        let (label, id) = match self {
            Self::Flow(id) => ("flow", id.as_uuid()),
            Self::Session(id) => ("session", id.as_uuid()),
        };
        sha256(&[label.as_bytes(), id.as_bytes()].concat())
    }
}

/// The purpose of the row that keeps what is shown only once, among the challenges of the same sign-in or session.
pub(crate) const REVEAL: &str = "reveal";
