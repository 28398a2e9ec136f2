//! Mails to users: what they say is decided here, how they look is the renderer's.

use crate::base::cx::Cx;
use serde::{Deserialize, Serialize};
use std::fmt;
use vestibule_domain::{Budget, FactorKind, Pool, Timestamp, User, UserId};

/// What a mail tells.
#[derive(Clone, PartialEq, Eq)]
pub enum Notice {
    /// Somebody wants to register with this address.
    VerifyRegistration {
        /// The secret of the link that leads on.
        token: String,
        /// How long it is good for.
        minutes: i64,
    },
    /// Somebody wants to register with an address that has an account.
    AlreadyRegistered {
        /// Whether the pool lets users reset a password.
        can_reset: bool,
    },
    /// Somebody wants this address for an account.
    AddressCode {
        /// What proves that they read its mail.
        code: String,
        /// How long it is good for.
        minutes: i64,
    },
    /// Somebody wants the address of an account for another one.
    AddressInUse,
    /// The account has another address now.
    AddressChanged {
        /// The secret of the link that takes it back, and for how many days it is good.
        undo: Option<(String, i64)>,
    },
    /// The user deleted the account.
    AccountDeleted,
    /// Somebody wants to reset the password.
    PasswordReset {
        /// The secret of the link that leads on.
        token: String,
        /// How long it is good for.
        minutes: i64,
    },
    /// The password was changed.
    PasswordChanged,
    /// A factor was enrolled.
    FactorAdded {
        /// Which kind.
        kind: FactorKind,
        /// Its name.
        label: String,
    },
    /// A factor was removed.
    FactorRemoved {
        /// Which kind.
        kind: FactorKind,
        /// Its name.
        label: String,
    },
    /// A factor no longer answers, after too many wrong codes.
    FactorDisabled {
        /// Which kind.
        kind: FactorKind,
        /// Its name.
        label: String,
    },
    /// The password is no longer accepted in new browsers, after too many wrong ones.
    PasswordDisabled {
        /// Whether the pool lets users reset a password.
        can_reset: bool,
    },
    /// Somebody who knows the password gave too many wrong answers at the second factor.
    WrongCodes {
        /// Which kind was asked.
        kind: FactorKind,
    },
    /// What a factor has to say of its use.
    FactorUsed {
        /// Key of the texts.
        template: &'static str,
        /// How many of the kind are left.
        left: u32,
    },
    /// The recovery codes were replaced.
    RecoveryCodesRegenerated,
    /// The user switched the second factor off.
    MfaDisabled,
    /// An administrator took all factors away.
    FactorsReset,
    /// Somebody signed in from a browser that the user was never seen with.
    NewDevice {
        /// Its `User-Agent`.
        user_agent: Option<String>,
        /// From which address.
        ip: Option<String>,
    },
    /// There were so many notices that further ones are held back for a while.
    NoticesHeldBack,
    /// What a factor has to say: a code.
    FactorMail {
        /// Key of the texts.
        template: String,
        /// A JSON object to render them with.
        data: serde_json::Value,
    },
}

/// What a mail is counted by. Every mail has a budget, or something else that bounds it.
pub(crate) enum CountedBy {
    /// By whoever asked for it: their use case spends the budgets, since it has to say when one is used up.
    Asker,
    /// By what it tells of, which cannot happen often. So it is never held back.
    Cause,
    /// By the account that it is about. The audit trail calls it this when it is held back.
    Account(Budget, &'static str),
}

impl Notice {
    /// What it is counted by.
    pub(crate) const fn counted_by(&self) -> CountedBy {
        use Budget::{NoticeOfChange, NoticeOfSignIn, NoticeToAccount};
        match self {
            Self::VerifyRegistration { .. }
            | Self::AlreadyRegistered { .. }
            | Self::AddressCode { .. }
            | Self::AddressInUse
            | Self::PasswordReset { .. }
            | Self::FactorMail { .. } => CountedBy::Asker,
            // One mailbox of an account has a way back at a time, and an account is deleted once.
            Self::AddressChanged { undo: Some(_) } | Self::AccountDeleted => CountedBy::Cause,
            // Behind a hundred wrong answers, each of which takes longer than the one before, and once until a reset.
            Self::FactorDisabled { .. } | Self::PasswordDisabled { .. } => CountedBy::Cause,
            // Queued in place of another, with a budget of its own.
            Self::NoticesHeldBack => CountedBy::Cause,
            Self::WrongCodes { .. } => CountedBy::Account(NoticeToAccount, "wrong-codes"),
            Self::NewDevice { .. } => CountedBy::Account(NoticeOfSignIn, "new-browser"),
            Self::FactorUsed { .. } => CountedBy::Account(NoticeOfChange, "factor-used"),
            Self::AddressChanged { undo: None } => CountedBy::Account(NoticeOfChange, "address-changed"),
            Self::PasswordChanged => CountedBy::Account(NoticeOfChange, "password-changed"),
            Self::FactorAdded { .. } => CountedBy::Account(NoticeOfChange, "factor-added"),
            Self::FactorRemoved { .. } => CountedBy::Account(NoticeOfChange, "factor-removed"),
            Self::RecoveryCodesRegenerated => CountedBy::Account(NoticeOfChange, "codes-regenerated"),
            Self::MfaDisabled => CountedBy::Account(NoticeOfChange, "factors-disabled"),
            Self::FactorsReset => CountedBy::Account(NoticeOfChange, "factors-reset"),
        }
    }
}

impl fmt::Debug for Notice {
    /// Nothing of it: links and codes are secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Notice")
    }
}

/// A mail to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Address.
    pub to: String,
    /// The account it is about, as the user knows it.
    pub account: String,
    /// The user's language, if known.
    pub locale: Option<String>,
    /// When it happened.
    pub at: Timestamp,
    /// What it tells.
    pub notice: Notice,
    /// Whom it is about, where it goes to the owner of an account.
    pub about: Option<About>,
}

/// The account that a mail is about, as far as its budget goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// Whose it is.
    pub user: UserId,
    /// Whether the address is known to be the user's.
    pub proved: bool,
}

impl Letter {
    /// To a user who has an address, about what their request did: in their own language, or in that of the request.
    pub(crate) fn in_answer(cx: &Cx, user: &User, notice: Notice) -> Option<Self> {
        let letter = Self::to_user(user, cx.now, notice)?;
        let locale = letter.locale.or_else(|| cx.language.known().map(str::to_owned));
        Some(Self { locale, ..letter })
    }

    /// To a user who has an address.
    pub fn to_user(user: &User, at: Timestamp, notice: Notice) -> Option<Self> {
        let to = user.email.clone()?;
        let about = About { user: user.id, proved: user.email_verified };
        let letter = Self::to_address(to, user.username.clone(), user.locale.clone(), at, notice);
        Some(Self { about: Some(about), ..letter })
    }

    /// To an address that somebody typed; `account` is what the mail calls the account.
    pub const fn to_address(
        to: String,
        account: String,
        locale: Option<String>,
        at: Timestamp,
        notice: Notice,
    ) -> Self {
        Self { to, account, locale, at, notice, about: None }
    }

    /// A code to an address. It calls the account by that address: whoever reads it by mistake learns no name, and nobody's name
    /// is told to a mailbox that may be a stranger's.
    pub(crate) fn code(cx: &Cx, user: &User, to: &str, notice: Notice) -> Self {
        let locale = user.locale.clone().or_else(|| cx.language.known().map(str::to_owned));
        Self::to_address(to.to_owned(), to.to_owned(), locale, cx.now, notice)
    }

    /// To nobody: queued like any other, and then dropped.
    pub const fn to_nobody(at: Timestamp, notice: Notice) -> Self {
        Self::to_address(String::new(), String::new(), None, at, notice)
    }
}

/// A mail ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
}

/// Turns letters into text; `flows` knows no templates.
pub trait MailRenderer: Send + Sync {
    /// Renders a letter in the user's language and the pool's name.
    ///
    /// # Errors
    /// The cause, for the log.
    fn render(&self, pool: &Pool, letter: &Letter) -> Result<Rendered, String>;
}
