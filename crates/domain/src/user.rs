//! Users of a pool.

use crate::{field::Fault, ids::UserId, precis, profile::UserProfile, time::Timestamp};
use idna::{
    AsciiDenyList,
    uts46::{DnsLength, Hyphens, Uts46},
};
use serde::{Deserialize, Serialize};

/// A user name: 1 to 64 letters, digits and marks of any script, and `.`, `_` and `-`. Kept as `UsernameCasePreserved`
/// (RFC 8265 §3.4), compared as `UsernameCaseMapped` (§3.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username {
    shown: String,
    key: String,
}

/// An email address as far as a sign-in needs to judge it. Compared without regard to case, and the domain by UTS 46.
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
        let plain = |c: char| !c.is_ascii() || c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let fits =
            |name: &String| (1..=LONGEST_USERNAME).contains(&name.chars().count()) && name.chars().all(plain);
        // Whatever is longer before it is composed cannot fit; nobody makes the server compose a book.
        if text.len() > LONGEST_USERNAME * 16 {
            return Err(NameError::Username);
        }
        let shown = precis::username_preserved(text).filter(fits).ok_or(NameError::Username)?;
        let key = precis::username_mapped(text).filter(fits).ok_or(NameError::Username)?;
        Ok(Self { shown, key })
    }

    /// Checks that a text is one, without white space around it.
    ///
    /// # Errors
    /// A [`Fault`] that says what a user name looks like.
    pub fn check(text: &str) -> Result<(), Fault> {
        let fits = Self::parse(text).is_ok() && text.trim() == text;
        fits.then_some(()).ok_or_else(|| {
            Fault::new("not a username")
                .expected("1 to 64 letters, digits, '.', '_' or '-'")
                .found(format!("{text:?}"))
                .hint("choose another; the email address can be used to sign in as well")
        })
    }

    /// As the user wrote it, in composed characters.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// The form that is unique in a pool.
    pub fn key(&self) -> String {
        self.key.clone()
    }
}

/// Longest user name, in characters.
const LONGEST_USERNAME: usize = 64;

impl Email {
    /// Reads an address; surrounding white space is dropped. Only its shape is checked: a mail proves the rest.
    /// An internationalised domain is kept as DNS and mail servers know it, in A-labels (UTS 46 ToASCII); see
    /// [`shown_address`].
    ///
    /// # Errors
    /// [`NameError::Email`].
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        if text.len() > LONGEST_ADDRESS * 4 {
            return Err(NameError::Email);
        }
        let text = if text.is_ascii() { text.to_owned() } else { precis::narrow(text) };
        let (local, domain) = text.rsplit_once('@').ok_or(NameError::Email)?;
        let printable =
            |part: &str| part.chars().all(|c| c.is_ascii_graphic() && !"<>()[]\\,;:\"@".contains(c));
        let domain = if domain.is_ascii() {
            domain.to_owned()
        } else {
            let read = Uts46::new().to_ascii(
                domain.as_bytes(),
                AsciiDenyList::STD3,
                Hyphens::CheckFirstLast,
                DnsLength::Verify,
            );
            read.map_err(|_| NameError::Email)?.into_owned()
        };
        let host = domain.contains('.')
            && domain.split('.').all(|label| {
                !label.is_empty()
                    && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                    && !label.starts_with('-')
            });
        let fits = local.len() + 1 + domain.len() <= LONGEST_ADDRESS && (1..=64).contains(&local.len());
        if fits && printable(local) && host {
            Ok(Self(format!("{local}@{domain}")))
        } else {
            Err(NameError::Email)
        }
    }

    /// Checks that a text is one, without white space around it.
    ///
    /// # Errors
    /// A [`Fault`] that says what an address looks like.
    pub fn check(address: &str) -> Result<(), Fault> {
        let fits = Self::parse(address).is_ok() && address.trim() == address;
        fits.then_some(()).ok_or_else(|| {
            Fault::new("not an email address")
                .expected("name@example.com")
                .found(format!("{address:?}"))
                .hint("correct the address")
        })
    }

    /// As the user wrote it, an internationalised domain in A-labels.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form that is unique in a pool.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

/// Longest address, in bytes (RFC 5321 §4.5.3.1.3).
const LONGEST_ADDRESS: usize = 254;

/// An address for people to read: the domain in its own script (UTS 46 ToUnicode). What is no address stays as it is.
pub fn shown_address(address: &str) -> String {
    let Some((local, domain)) = address.rsplit_once('@').filter(|(_, domain)| domain.contains("xn--")) else {
        return address.to_owned();
    };
    let (shown, read) = Uts46::new().to_unicode(domain.as_bytes(), AsciiDenyList::STD3, Hyphens::Allow);
    if read.is_ok() { format!("{local}@{shown}") } else { address.to_owned() }
}

/// The form under which a typed identifier, user name or address, is looked up. What is neither is looked up as it was
/// typed, without regard to case, and not found.
pub fn fold(text: &str) -> String {
    let read = if text.contains(['@', '＠']) {
        Email::parse(text).map(|email| email.key())
    } else {
        Username::parse(text).map(|username| username.key())
    };
    read.unwrap_or_else(|_| plain_fold(text))
}

/// The form under which identifiers were looked up before there was a normal form for every script. A user name that was
/// stored in it and has the same normal form as another one keeps it, so that nobody loses an account.
pub fn plain_fold(text: &str) -> String {
    text.trim().to_lowercase()
}

/// What a user name looks like (UTS 39 §4): two names with the same skeleton can be taken for one another.
pub fn skeleton(username: &str) -> String {
    unicode_security::confusable_detection::skeleton(&fold(username)).collect()
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
    /// What applications are told beside name and address.
    pub profile: UserProfile,
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
