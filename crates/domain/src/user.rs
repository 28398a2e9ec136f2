//! Users of a pool.

use crate::{ids::UserId, time::Timestamp};
use serde::{Deserialize, Serialize};

/// A user name: 1 to 64 characters, no spaces or control characters, no `@`. Compared without regard to case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

/// An email address as far as a sign-in needs to judge it. Compared without regard to case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

/// The text cannot be a user name or an email address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// See [`Username`].
    #[error("a user name has 1 to 64 letters, digits, '.', '_' or '-'")]
    Username,
    /// See [`Email`].
    #[error("an email address looks like name@example.com")]
    Email,
}

impl Username {
    /// Reads a user name; surrounding white space is dropped.
    ///
    /// # Errors
    /// [`NameError::Username`].
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        let fits = (1..=64).contains(&text.chars().count());
        let clean = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
        if fits && clean { Ok(Self(text.to_owned())) } else { Err(NameError::Username) }
    }

    /// As the user wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that is unique in a pool.
    pub fn key(&self) -> String {
        fold(&self.0)
    }
}

impl Email {
    /// Reads an address; surrounding white space is dropped. Only its shape is checked: a mail proves the rest.
    ///
    /// # Errors
    /// [`NameError::Email`].
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(NameError::Email)?;
        let printable =
            |part: &str| part.chars().all(|c| c.is_ascii_graphic() && !"<>()[]\\,;:\"@".contains(c));
        let host = domain.contains('.')
            && domain.split('.').all(|label| {
                !label.is_empty()
                    && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                    && !label.starts_with('-')
            });
        let fits = text.len() <= 254 && (1..=64).contains(&local.len());
        if fits && printable(local) && host { Ok(Self(text.to_owned())) } else { Err(NameError::Email) }
    }

    /// As the user wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that is unique in a pool.
    pub fn key(&self) -> String {
        fold(&self.0)
    }
}

/// The form under which a typed identifier, user name or address, is looked up.
pub fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Whether the account can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum UserStatus {
    /// Yes.
    Active,
    /// No: no sign-in, and every session and token is dead.
    Disabled,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Its identifier; the `sub` claim.
    pub id: UserId,
    /// Sign-in name; `preferred_username`.
    pub username: String,
    /// Address, also a sign-in name.
    pub email: Option<String>,
    /// Whether a mail to the address was answered.
    pub email_verified: bool,
    /// Display name.
    pub name: Option<String>,
    /// Preferred language, a BCP 47 tag.
    pub locale: Option<String>,
    /// Groups, for policy.
    pub groups: Vec<String>,
    /// Whether the account can be used.
    pub status: UserStatus,
    /// How often the user has postponed an enrolment that was proposed.
    pub mfa_skips: u32,
    /// When it was created.
    pub created_at: Timestamp,
    /// When a claim last changed; `updated_at` (OIDC Core §5.1).
    pub updated_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_have_a_shape() {
        for good in ["alice", "a.b_c-d", " Zoë "] {
            assert!(Username::parse(good).is_ok(), "{good}");
        }
        for bad in ["", " ", "a b", "a@b", "a\u{202e}b", "<b>", &"x".repeat(65)] {
            assert!(Username::parse(bad).is_err(), "{bad}");
        }
        for good in ["a@b.example", "A.b+c@x-y.example.test"] {
            assert!(Email::parse(good).is_ok(), "{good}");
        }
        for bad in
            ["", "a", "@b.c", "a@b", "a@.c", "a b@c.d", "a@b..c", "a\r\nBcc: x@y.z", "a@b.c\nx", "<a@b.c>"]
        {
            assert!(Email::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Email::parse("Alice@Example.Test").unwrap().key(), "alice@example.test");
    }
}
