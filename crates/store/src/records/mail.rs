//! Mails on their way out.

use vestibule_domain::{MailId, PoolId, Timestamp};
use vestibule_seal::Sealed;

/// How long a mail that was claimed belongs to the claimer, in seconds.
pub const MAIL_LEASE: i64 = 120;

/// What a mail says. Its links sign people in.
#[derive(Clone, PartialEq, Eq)]
pub enum MailBody {
    /// As it is stored.
    Sealed(Sealed),
    /// As versions before schema 3 stored it. Never written any more.
    Plain {
        /// Subject.
        subject: String,
        /// The body as text.
        text: String,
        /// The body as HTML.
        html: String,
    },
}

/// Which mails may be claimed: those of nobody hold up those of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailClaim {
    /// How many in all.
    pub most: u64,
    /// How many of one pool.
    pub of_pool: u64,
    /// How many of one pool to one domain.
    pub of_destination: u64,
    /// Pools of which none is claimed.
    pub full_pools: Vec<PoolId>,
    /// Pools and domains of which none is claimed.
    pub full_destinations: Vec<(PoolId, String)>,
}

impl MailClaim {
    /// Whatever is due, up to so many.
    #[must_use]
    pub const fn any(most: u64) -> Self {
        Self {
            most,
            of_pool: most,
            of_destination: most,
            full_pools: Vec::new(),
            full_destinations: Vec::new(),
        }
    }
}

/// What waits in the outbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MailWaiting {
    /// How many mails.
    pub count: u64,
    /// When the oldest was queued; none waits without it.
    pub oldest: Option<Timestamp>,
}

/// The domain of an address, in small letters: where a mail to it goes.
#[must_use]
pub fn destination_of(address: &str) -> String {
    address.rsplit_once('@').map(|(_, domain)| domain.to_lowercase()).unwrap_or_default()
}

/// A mail on its way out.
#[derive(Clone, PartialEq, Eq)]
pub struct MailRow {
    /// Its identifier.
    pub id: MailId,
    /// To whom.
    pub to: String,
    /// What it says.
    pub body: MailBody,
    /// When it was queued; it is due at once.
    pub created_at: Timestamp,
    /// How often it was claimed.
    pub tries: u32,
}
