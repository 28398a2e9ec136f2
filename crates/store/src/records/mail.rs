//! Mails on their way out.

use vestibule_domain::{MailId, Timestamp};
use vestibule_seal::Sealed;

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
