//! Applications that are to be told that a session has ended.

use vestibule_domain::{SessionId, Timestamp};

/// How long a notice is kept, in seconds: it is tried for about a day, and can be looked up for some days more.
pub const LOGOUT_KEPT: i64 = 4 * 86_400;

/// What names a notice within its pool: a session ends once, and each application hears of it once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LogoutKey {
    /// The session that has ended: `sid`.
    pub session: SessionId,
    /// The application that is told.
    pub client_id: String,
}

/// A notice for one application that one session has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogoutNotice {
    /// What names it.
    pub key: LogoutKey,
    /// Whose session it was: `sub`.
    pub subject: String,
    /// When the session ended; the notice is due at once.
    pub created_at: Timestamp,
    /// How often it was claimed.
    pub tries: u32,
    /// What became of it.
    pub state: LogoutState,
}

/// What became of a notice so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogoutState {
    /// It is due, or claimed, or will be tried again.
    Waiting {
        /// When it is due.
        next_try_at: Timestamp,
        /// Why the last try failed, if one did.
        last_error: Option<String>,
    },
    /// The application has it.
    Delivered {
        /// Since when.
        at: Timestamp,
    },
    /// The application refused it, or could not be reached for too long.
    GivenUp {
        /// Why the last try failed.
        error: String,
    },
}

/// How a try ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogoutOutcome {
    /// The application has it.
    Delivered,
    /// It is tried again.
    Failed {
        /// Why.
        error: String,
        /// When.
        next_try_at: Timestamp,
    },
    /// It is not tried again.
    GivenUp {
        /// Why.
        error: String,
    },
}
