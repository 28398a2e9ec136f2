//! What goes into a factor and what comes out of it: plain data.

use serde_json::Value;
use std::{collections::BTreeMap, fmt};
use vestibule_domain::{CredentialId, Email, Evidence, credential::Public};
use vestibule_seal::Sealed;
use zeroize::Zeroizing;

/// What a factor is, as far as flows and pages have to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorTraits {
    /// The best a right answer is worth. A single answer may be worth less, never more.
    pub evidence: Evidence,
    /// Whether a user may have more than one.
    pub several: bool,
    /// Whether the user gives each one a name.
    pub named: bool,
    /// Whether a user can start its enrolment.
    pub enrollable: bool,
    /// Whether it is issued together with the first factor that a user enrols, without being asked for.
    pub automatic: bool,
    /// The user is told when so few are left, or fewer.
    pub low_water: Option<u32>,
    /// The mails that tell its owner of its use; none for a factor whose use is nothing out of the ordinary.
    pub use_mails: Option<UseMails>,
    /// Whether it may be used in a pool whose rules name no factors.
    pub on_by_default: bool,
    /// Whether a right answer shows no more than that the user reads the mailbox of the account: a pool whose passwords
    /// are reset by mail must not take it together with the password.
    pub mailbox: bool,
}

impl FactorTraits {
    /// One that users enrol themselves, a single one without a name, in pools that name it.
    #[must_use]
    pub const fn of(evidence: Evidence) -> Self {
        Self {
            evidence,
            several: false,
            named: false,
            enrollable: true,
            automatic: false,
            low_water: None,
            use_mails: None,
            on_by_default: false,
            mailbox: false,
        }
    }
}

/// The mails that tell the owner of a factor of its use. Each is the prefix of three translation keys of the factor's own
/// (`factor-<kind>-…` with `-subject`, `-lead` and `-after`); the argument `left` says how many of the kind are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UseMails {
    /// Sent after each use.
    pub used: &'static str,
    /// Sent in addition when no more than [`FactorTraits::low_water`] are left.
    pub low: Option<&'static str>,
}

/// What a page shows of a factor: a template and the data it is rendered with. May hold secrets that are for the
/// user's eyes only, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct FactorView {
    /// Path of the template below `templates/`, such as `factors/totp/verify.html`.
    pub template: String,
    /// A JSON object.
    pub data: Value,
}

/// What a factor has to remember between a challenge and its answer: opaque bytes, possibly none. A factor seals
/// what is secret in it, bound to the pool and the user.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct CeremonyState(pub Vec<u8>);

impl fmt::Debug for CeremonyState {
    /// The length only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CeremonyState({} bytes)", self.0.len())
    }
}

/// A message that has to be sent before the user can answer.
#[derive(Clone, PartialEq, Eq)]
pub struct OutboundMessage {
    /// Prefix of three translation keys of the factor's own: `factor-<kind>-…` with `-subject`, `-lead` and `-after`.
    pub template: String,
    /// A JSON object to render it with.
    pub data: Value,
    /// Where to.
    pub to: Email,
}

/// A challenge: what to remember, what to show, what to send.
#[derive(Clone, PartialEq, Eq)]
pub struct Ceremony {
    /// Handed back with the answer, once.
    pub state: CeremonyState,
    /// What the user sees.
    pub view: FactorView,
    /// What is mailed.
    pub outbox: Vec<OutboundMessage>,
}

/// The fields of a form that the user filled in. Holds codes, so it has no `Debug`, and every value is wiped when it is
/// dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FactorInput(BTreeMap<String, Zeroizing<String>>);

impl FactorInput {
    /// The value of a field, as it was typed.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.as_str())
    }

    /// The same form with one field filled in differently.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.clone();
        changed.0.insert(name.to_owned(), Zeroizing::new(value.to_owned()));
        changed
    }

    /// The names of the fields.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for FactorInput {
    /// Of two fields with one name the later counts.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(fields: I) -> Self {
        Self(fields.into_iter().map(|(name, value)| (name.into(), Zeroizing::new(value.into()))).collect())
    }
}

impl From<BTreeMap<String, Zeroizing<String>>> for FactorInput {
    /// Takes the values as they are, without a copy.
    fn from(fields: BTreeMap<String, Zeroizing<String>>) -> Self {
        Self(fields)
    }
}

/// What follows a wrong answer besides the count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aftermath {
    /// What the challenge remembers from now on, where that changes.
    pub state: Option<CeremonyState>,
    /// What the user is told in addition to "wrong".
    pub hint: Option<Hint>,
}

/// Something that helps a user whose answer was wrong and tells a guesser nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Translation key.
    pub key: String,
    /// Its whole-number arguments.
    pub args: BTreeMap<String, i64>,
    /// How far the user's clock is ahead of the server's, in seconds; negative when it is behind.
    pub drift: Option<i64>,
}

/// A credential to be written; the caller adds its identifier, owner, kind and time.
#[derive(Clone, PartialEq, Eq)]
pub struct NewCredential {
    /// The name the user gave it; empty where the kind has no names.
    pub label: String,
    /// What may be stored in the clear.
    pub public: Public,
    /// What may not.
    pub secret: Option<Sealed>,
    /// Where its counter begins.
    pub counter: i64,
}

/// What new credentials do to older ones of their kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replaces {
    /// They are added to them.
    Nothing,
    /// They take their place, all of them, in one transaction.
    AllOfKind,
}

/// A finished enrolment.
#[derive(Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// What to write.
    pub credentials: Vec<NewCredential>,
    /// What to remove with the same stroke.
    pub replaces: Replaces,
    /// What the enrolment itself proves, where the user answered a challenge with the new credential.
    pub evidence: Option<Evidence>,
    /// What is shown once, now, and never again.
    pub reveal: Option<FactorView>,
    /// The name under which it appears in messages; empty where the kind has no names.
    pub label: String,
}

/// A right answer. It counts only when `effect` could be applied: a conditional update that touches no row means
/// that somebody else used the answer first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Which credential answered.
    pub credential: CredentialId,
    /// What to write before the answer counts.
    pub effect: Effect,
    /// What it is worth.
    pub evidence: Evidence,
}

/// What a right answer does to its credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Sets the counter, provided it is still lower.
    RaiseCounter {
        /// The new value.
        to: i64,
    },
    /// Removes the credential, provided it is still there.
    Spend,
    /// Writes new data, provided the credential is as it was read.
    Replace {
        /// What was stored in the clear when the answer was judged.
        was: Public,
        /// What may be stored in the clear.
        public: Public,
        /// What may not.
        secret: Option<Sealed>,
    },
}
