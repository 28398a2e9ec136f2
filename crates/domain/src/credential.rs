//! Enrolled second factors, as every factor and the store see them.

use crate::{
    field::Fault,
    ids::{CredentialId, UserId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, fmt};
use vestibule_seal::Sealed;

/// The name of a kind of factor. Opaque: nobody matches on it, the registry looks it up.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FactorKind(Cow<'static, str>);

impl FactorKind {
    /// The first factor's own kind, for its attempts and events.
    pub const PASSWORD: Self = Self(Cow::Borrowed("password"));

    /// The kind of the event that a remembered browser stands for. No credential has it.
    pub const REMEMBERED: Self = Self(Cow::Borrowed("remembered"));

    /// The kind of the event that a postponed enrolment leaves. No credential has it.
    pub const POSTPONED: Self = Self(Cow::Borrowed("postponed"));

    /// A kind known at compile time.
    pub const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// A kind read from a form or the database; only the registry knows whether there is such a factor.
    pub fn from_text(name: impl Into<String>) -> Self {
        Self(Cow::Owned(name.into()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Checks the shape of the name.
    ///
    /// # Errors
    /// A [`Fault`] that says what a kind looks like.
    pub fn check(&self) -> Result<(), Fault> {
        let mut letters = self.0.chars();
        let fits = letters.next().is_some_and(|first| first.is_ascii_lowercase())
            && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        fits.then_some(()).ok_or_else(|| {
            Fault::new("not a kind of factor")
                .expected("lower-case letters, digits and hyphens, such as \"totp\" or \"security-key\"")
                .found(format!("{:?}", self.0))
                .hint("correct the name")
        })
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for FactorKind {
    fn schema_name() -> Cow<'static, str> {
        "FactorKind".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[a-z][a-z0-9-]*$" })
    }
}

impl fmt::Display for FactorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One enrolled second factor of a user. A recovery code is one, too: ten codes are ten credentials.
#[derive(Clone)]
pub struct Credential {
    /// Its identifier within the pool.
    pub id: CredentialId,
    /// Whose it is.
    pub user: UserId,
    /// Which factor reads it.
    pub kind: FactorKind,
    /// The name the user gave it; empty where the kind has no names.
    pub label: String,
    /// What may be stored in the clear, in the factor's own form.
    pub public: Public,
    /// What may not, sealed.
    pub secret: Option<Sealed>,
    /// Only ever raised: TOTP's last step, WebAuthn's signature counter.
    pub counter: i64,
    /// Whether the user enrolled it of their own accord; otherwise a rule had forced them to.
    pub chosen: bool,
    /// When it was enrolled.
    pub created_at: Timestamp,
    /// When it last gave a right answer.
    pub last_used_at: Option<Timestamp>,
}

/// A factor's public data: JSON text in the factor's own form. Text, so that the domain needs no JSON library and
/// the store no schema.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Public(pub String);
