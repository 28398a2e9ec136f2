//! Mails: one layout, one text for each occasion.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Arg, Locale, TextOverrides};

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
    /// The pool's own words.
    pub texts: Arc<TextOverrides>,
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
    /// Proves an address for an account that is there.
    AddressCode {
        /// What to type, in groups.
        code: String,
        /// Minutes it is good for.
        minutes: u32,
    },
    /// Somebody wants the address of an account for another one.
    AddressInUse,
    /// The account has another address now.
    AddressChanged {
        /// The link that takes it back, and how many days it is good for.
        undo: Option<(String, u32)>,
    },
    /// The account is gone.
    AccountDeleted,
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
    /// A password was switched off after too many wrong ones.
    PasswordDisabled {
        /// Reset the password, when the pool offers it.
        reset_link: Option<String>,
    },
    /// Somebody with the right password gave too many wrong answers at the second factor.
    WrongCodes {
        /// Translation key of its kind's name.
        title_key: String,
    },
    /// A factor was used whose owner is told of each use.
    FactorUsed {
        /// Prefix of its translation keys, such as `factor-recovery-used`.
        name: String,
        /// How many of the kind are left.
        left: u32,
    },
    /// New recovery codes were made; the old ones are void.
    RecoveryCodesRegenerated,
    /// Somebody signed in from a browser that the account had not seen before.
    NewDevice {
        /// Browser and system, as told by the browser.
        device: String,
        /// Where that was, when known; otherwise the address it came from.
        place: Option<String>,
    },
    /// An admin removed every second factor, because the user asked for help.
    FactorsReset,
    /// The second factor was switched off.
    MfaDisabled,
    /// A new password was set by a mailed link.
    PasswordResetDone,
    /// There was so much to tell that further notices are held back for a while.
    NoticesHeldBack {
        /// Where everything is listed.
        activity_link: String,
    },
    /// What a factor mails: its code.
    FactorMail {
        /// Prefix of its translation keys, such as `factor-email-mail`.
        name: String,
        /// Their arguments.
        args: BTreeMap<String, Arg>,
    },
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
    /// Prefix of its translation keys: `mail-…`, or a factor's own `factor-<kind>-…`.
    pub(crate) name: &'a str,
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
        let reset = link.clone();
        let (title_key, label) = ("factor-totp".to_owned(), "Phone".to_owned());
        vec![
            Self::VerifyRegistration { link: link.clone(), minutes: 30 },
            Self::AlreadyRegistered { login_link: link.clone(), reset_link: Some(link.clone()) },
            Self::AlreadyRegistered { login_link: link.clone(), reset_link: None },
            Self::AddressCode { code: "1234 5678".to_owned(), minutes: 30 },
            Self::AddressInUse,
            Self::AccountDeleted,
            Self::AddressChanged { undo: Some((link.clone(), 7)) },
            Self::AddressChanged { undo: None },
            Self::PasswordReset { link, minutes: 1 },
            Self::PasswordChanged,
            Self::FactorAdded { title_key: title_key.clone(), label: label.clone() },
            Self::FactorRemoved { title_key: title_key.clone(), label: label.clone() },
            Self::FactorDisabled { title_key: title_key.clone(), label },
            Self::PasswordDisabled { reset_link: Some(reset.clone()) },
            Self::PasswordDisabled { reset_link: None },
            Self::WrongCodes { title_key },
            Self::FactorUsed { name: "factor-recovery-used".to_owned(), left: 1 },
            Self::FactorUsed { name: "factor-recovery-low".to_owned(), left: 2 },
            Self::RecoveryCodesRegenerated,
            Self::NewDevice { device: "Firefox on Linux".to_owned(), place: Some("Oslo, Norway".to_owned()) },
            Self::NewDevice { device: "Firefox on Linux".to_owned(), place: None },
            Self::FactorsReset,
            Self::MfaDisabled,
            Self::PasswordResetDone,
            Self::NoticesHeldBack { activity_link: reset },
            Self::FactorMail {
                name: "factor-email-mail".to_owned(),
                args: BTreeMap::from([
                    ("code".to_owned(), "123456".into()),
                    ("minutes".to_owned(), 10_i64.into()),
                ]),
            },
        ]
    }

    /// Whether it tells of a change that somebody else may have made, so that it says what to do then.
    const fn tells_of_a_change(&self) -> bool {
        !matches!(
            self,
            Self::VerifyRegistration { .. }
                | Self::AlreadyRegistered { .. }
                | Self::AddressCode { .. }
                | Self::AddressInUse
                | Self::AccountDeleted
                | Self::PasswordReset { .. }
                | Self::FactorMail { .. }
        )
    }

    pub(crate) fn outline(&self) -> Outline<'_> {
        let mut args = BTreeMap::new();
        let mut put = |name: &str, value: Arg| {
            args.insert(name.to_owned(), value);
        };
        let (mut factor, mut links) = (None, Vec::new());
        let name: &str = match self {
            Self::VerifyRegistration { link, minutes } => {
                put("minutes", (*minutes).into());
                links.push(("mail-verify-action", link.as_str()));
                "mail-verify"
            }
            Self::AlreadyRegistered { login_link, reset_link } => {
                links.push(("mail-registered-action", login_link.as_str()));
                links.extend(reset_link.iter().map(|link| ("mail-reset-action", link.as_str())));
                "mail-registered"
            }
            Self::AddressCode { code, minutes } => {
                put("code", code.as_str().into());
                put("minutes", (*minutes).into());
                "mail-address-code"
            }
            Self::AddressInUse => "mail-address-in-use",
            Self::AccountDeleted => "mail-deleted",
            Self::AddressChanged { undo: Some((link, days)) } => {
                put("days", (*days).into());
                links.push(("mail-address-undo-action", link.as_str()));
                "mail-address-undo"
            }
            Self::AddressChanged { undo: None } => "mail-address-changed",
            Self::PasswordReset { link, minutes } => {
                put("minutes", (*minutes).into());
                links.push(("mail-reset-action", link.as_str()));
                "mail-reset"
            }
            Self::PasswordChanged => "mail-password-changed",
            Self::FactorAdded { title_key, label }
            | Self::FactorRemoved { title_key, label }
            | Self::FactorDisabled { title_key, label } => {
                put("label", label.as_str().into());
                factor = Some(title_key.as_str());
                match self {
                    Self::FactorAdded { .. } => "mail-factor-added",
                    Self::FactorRemoved { .. } => "mail-factor-removed",
                    _ => "mail-factor-disabled",
                }
            }
            Self::PasswordDisabled { reset_link } => {
                links.extend(reset_link.iter().map(|link| ("mail-reset-action", link.as_str())));
                "mail-password-disabled"
            }
            Self::WrongCodes { title_key } => {
                factor = Some(title_key.as_str());
                "mail-wrong-codes"
            }
            Self::FactorUsed { name, left } => {
                put("left", (*left).into());
                name
            }
            Self::RecoveryCodesRegenerated => "mail-codes-regenerated",
            Self::NewDevice { device, place } => {
                put("device", device.as_str().into());
                put("known", i64::from(place.is_some()).into());
                put("place", place.as_deref().unwrap_or_default().into());
                "mail-new-device"
            }
            Self::FactorsReset => "mail-factors-reset",
            Self::MfaDisabled => "mail-mfa-disabled",
            Self::PasswordResetDone => "mail-password-reset-done",
            Self::NoticesHeldBack { activity_link } => {
                links.push(("mail-held-back-action", activity_link.as_str()));
                "mail-held-back"
            }
            Self::FactorMail { name, args: given } => {
                given.iter().for_each(|(name, value)| put(name, value.clone()));
                name
            }
        };
        Outline { name, args, factor, links, change: self.tells_of_a_change() }
    }
}
