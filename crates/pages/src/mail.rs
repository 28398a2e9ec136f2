//! Mails: one layout, one text for each occasion.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Arg, Locale};

/// What surrounds every mail.
#[derive(Debug, Clone, Default)]
pub struct MailFrame {
    /// Language.
    pub locale: Locale,
    /// Name of the user pool.
    pub pool_name: String,
    /// Where people find help.
    pub support_email: Option<String>,
    /// Account the mail is about: its user name, or the address when there is none yet.
    pub account: String,
    /// When the thing happened, Unix seconds.
    pub at: i64,
    /// Address of the user center, to put in notices about changes: what to do if it was somebody else.
    pub account_url: Option<String>,
}

/// An occasion to write. Serialisable, so an outbox can hold it until it is sent.
///
/// No `Debug`: links carry tokens.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mail", rename_all = "snake_case")]
pub enum Mail {
    /// Proves an address for a registration.
    VerifyRegistration {
        /// The link.
        link: String,
        /// Minutes it is good for.
        minutes: u32,
    },
    /// Somebody registered with an address that already has an account.
    AlreadyRegistered {
        /// Sign in.
        login_link: String,
        /// Reset the password, when the pool offers it.
        reset_link: Option<String>,
    },
    /// Resets a password.
    PasswordReset {
        /// The link.
        link: String,
        /// Minutes it is good for.
        minutes: u32,
    },
    /// The password was changed.
    PasswordChanged,
    /// A second factor was added.
    FactorAdded {
        /// Translation key of its kind's name.
        title_key: String,
        /// The name its owner gave it.
        label: String,
    },
    /// A second factor was removed.
    FactorRemoved {
        /// Translation key of its kind's name.
        title_key: String,
        /// The name its owner gave it.
        label: String,
    },
    /// A second factor was switched off after too many wrong codes.
    FactorDisabled {
        /// Translation key of its kind's name.
        title_key: String,
        /// The name its owner gave it.
        label: String,
    },
    /// A recovery code was used to sign in.
    RecoveryCodeUsed {
        /// Codes left.
        left: u32,
    },
    /// Few recovery codes are left.
    RecoveryCodesLow {
        /// Codes left.
        left: u32,
    },
    /// New recovery codes were made; the old ones are void.
    RecoveryCodesRegenerated,
}

/// A mail to send.
///
/// No `Debug`: the text holds links with tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct RenderedMail {
    /// One line, without control characters.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// What the layout needs to know of an occasion.
pub(crate) struct Outline<'a> {
    /// Prefix of its translation keys, after `mail-`.
    pub(crate) name: &'static str,
    pub(crate) args: BTreeMap<String, Arg>,
    /// Key of the factor's name, to become the argument `factor`.
    pub(crate) factor: Option<&'a str>,
    /// Keys of the labels and the links themselves, most important first.
    pub(crate) links: Vec<(&'static str, &'a str)>,
    /// Tells about a change, so it says what to do if it was somebody else.
    pub(crate) change: bool,
}

impl Mail {
    /// One of each, for tests and previews.
    #[must_use]
    pub fn samples() -> Vec<Self> {
        let link = "https://login.example/login/x?token=Zm9vYmFy&a=b".to_owned();
        let (title_key, label) = ("factor-totp".to_owned(), "Phone".to_owned());
        vec![
            Self::VerifyRegistration { link: link.clone(), minutes: 30 },
            Self::AlreadyRegistered { login_link: link.clone(), reset_link: Some(link.clone()) },
            Self::AlreadyRegistered { login_link: link.clone(), reset_link: None },
            Self::PasswordReset { link, minutes: 1 },
            Self::PasswordChanged,
            Self::FactorAdded { title_key: title_key.clone(), label: label.clone() },
            Self::FactorRemoved { title_key: title_key.clone(), label: label.clone() },
            Self::FactorDisabled { title_key, label },
            Self::RecoveryCodeUsed { left: 1 },
            Self::RecoveryCodesLow { left: 2 },
            Self::RecoveryCodesRegenerated,
        ]
    }

    pub(crate) fn outline(&self) -> Outline<'_> {
        let mut args = BTreeMap::new();
        let mut put = |name: &str, value: Arg| {
            args.insert(name.to_owned(), value);
        };
        let (mut factor, mut links, mut change) = (None, Vec::new(), true);
        let name = match self {
            Self::VerifyRegistration { link, minutes } => {
                put("minutes", (*minutes).into());
                links.push(("mail-verify-action", link.as_str()));
                change = false;
                "verify"
            }
            Self::AlreadyRegistered { login_link, reset_link } => {
                links.push(("mail-registered-action", login_link.as_str()));
                links.extend(reset_link.iter().map(|link| ("mail-reset-action", link.as_str())));
                change = false;
                "registered"
            }
            Self::PasswordReset { link, minutes } => {
                put("minutes", (*minutes).into());
                links.push(("mail-reset-action", link.as_str()));
                change = false;
                "reset"
            }
            Self::PasswordChanged => "password-changed",
            Self::FactorAdded { title_key, label } => {
                put("label", label.as_str().into());
                factor = Some(title_key.as_str());
                "factor-added"
            }
            Self::FactorRemoved { title_key, label } => {
                put("label", label.as_str().into());
                factor = Some(title_key.as_str());
                "factor-removed"
            }
            Self::FactorDisabled { title_key, label } => {
                put("label", label.as_str().into());
                factor = Some(title_key.as_str());
                "factor-disabled"
            }
            Self::RecoveryCodeUsed { left } => {
                put("left", (*left).into());
                "code-used"
            }
            Self::RecoveryCodesLow { left } => {
                put("left", (*left).into());
                "codes-low"
            }
            Self::RecoveryCodesRegenerated => "codes-regenerated",
        };
        Outline { name, args, factor, links, change }
    }
}
