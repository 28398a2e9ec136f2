//! Registration and password reset by a mailed link.

use serde::Serialize;

use super::Page;
use crate::{Message, keys};

/// Asks for an address to register. Posts to `/login/register` (`email`).
#[derive(Debug, Clone, Default, Serialize)]
pub struct RegisterPage {
    /// Opaque handle of the authorization request, hidden field `request`, when one is waiting.
    pub request: Option<String>,
    /// What was typed before.
    pub email: String,
    /// Why the last attempt failed.
    pub error: Option<Message>,
    /// Back to the sign-in.
    pub login_url: String,
}

impl Page for RegisterPage {
    const TEMPLATE: &'static str = "pages/register.html";

    fn title_key(&self) -> &str {
        "register-title"
    }

    fn samples() -> Vec<Self> {
        let plain = Self { request: Some("Zr8pXq1v".into()), login_url: "/login".into(), ..Self::default() };
        vec![
            plain.clone(),
            Self {
                request: None,
                email: "ada@".into(),
                error: Some(Message::error(keys::EMAIL_INVALID)),
                ..plain
            },
        ]
    }
}

/// What a mail was sent for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailPurpose {
    /// Registration.
    Register,
    /// Password reset.
    Reset,
}

/// "Check your mail": the same for known and unknown accounts.
#[derive(Debug, Clone, Serialize)]
pub struct MailSentPage {
    /// What for.
    pub purpose: MailPurpose,
    /// Back to the sign-in.
    pub login_url: String,
}

impl Page for MailSentPage {
    const TEMPLATE: &'static str = "pages/mail_sent.html";

    fn title_key(&self) -> &str {
        "mail-sent-title"
    }

    fn samples() -> Vec<Self> {
        [MailPurpose::Register, MailPurpose::Reset]
            .into_iter()
            .map(|purpose| Self { purpose, login_url: "/login".into() })
            .collect()
    }
}

/// Completes a registration. Posts to `/login/register/complete` (`token`, `username`, `name`, `password`).
#[derive(Debug, Clone, Default, Serialize)]
pub struct RegisterCompletePage {
    /// Token of the mailed link, hidden field `token`.
    pub token: String,
    /// The proven address, shown only.
    pub email: String,
    /// What was typed before.
    pub username: String,
    /// What was typed before.
    pub name: String,
    /// Least length of a password.
    pub password_min: u32,
    /// Why the last attempt failed.
    pub error: Option<Message>,
}

impl Page for RegisterCompletePage {
    const TEMPLATE: &'static str = "pages/register_complete.html";

    fn title_key(&self) -> &str {
        "register-complete-title"
    }

    fn samples() -> Vec<Self> {
        let plain = Self {
            token: "tk_1".into(),
            email: "ada@example.org".into(),
            password_min: 12,
            ..Self::default()
        };
        let typed = Self { username: "ada".into(), name: "Ada Lovelace".into(), ..plain.clone() };
        let errors = [
            Message::error(keys::PASSWORD_TOO_SHORT).arg("min", 12),
            Message::error(keys::USERNAME_TAKEN),
            Message::error(keys::USERNAME_INVALID),
            Message::error(keys::NAME_INVALID),
        ];
        let mut all = vec![plain];
        all.extend(errors.into_iter().map(|error| Self { error: Some(error), ..typed.clone() }));
        all
    }
}

/// Asks whose password to reset. Posts to `/login/reset` (`identifier`).
#[derive(Debug, Clone, Default, Serialize)]
pub struct ResetRequestPage {
    /// Opaque handle of the authorization request, hidden field `request`, when one is waiting.
    pub request: Option<String>,
    /// What was typed before.
    pub identifier: String,
    /// Why the last attempt failed.
    pub error: Option<Message>,
    /// Back to the sign-in.
    pub login_url: String,
}

impl Page for ResetRequestPage {
    const TEMPLATE: &'static str = "pages/reset_request.html";

    fn title_key(&self) -> &str {
        "reset-title"
    }

    fn samples() -> Vec<Self> {
        let plain = Self { request: Some("q".into()), login_url: "/login".into(), ..Self::default() };
        vec![
            plain.clone(),
            Self {
                request: None,
                identifier: "ada".into(),
                error: Some(Message::error(keys::THROTTLED).arg("minutes", 1)),
                ..plain
            },
        ]
    }
}

/// Sets the new password. Posts to `/login/reset/complete` (`token`, `password`).
#[derive(Debug, Clone, Default, Serialize)]
pub struct ResetFormPage {
    /// Token of the mailed link, hidden field `token`.
    pub token: String,
    /// Least length of a password.
    pub password_min: u32,
    /// Why the last attempt failed.
    pub error: Option<Message>,
}

impl Page for ResetFormPage {
    const TEMPLATE: &'static str = "pages/reset_form.html";

    fn title_key(&self) -> &str {
        "reset-form-title"
    }

    fn samples() -> Vec<Self> {
        let plain = Self { token: "tk_2".into(), password_min: 12, error: None };
        vec![plain.clone(), Self { error: Some(Message::error(keys::PASSWORD_COMMON)), ..plain }]
    }
}

/// Asks before a change of the address is taken back. Posts to `/login/address` (`token`).
#[derive(Debug, Clone, Default, Serialize)]
pub struct AddressUndoPage {
    /// Token of the mailed link, hidden field `token`.
    pub token: String,
    /// The address that comes back.
    pub email: String,
    /// User name of the account.
    pub account: String,
}

impl Page for AddressUndoPage {
    const TEMPLATE: &'static str = "pages/address_undo.html";

    fn title_key(&self) -> &str {
        "address-undo-title"
    }

    fn samples() -> Vec<Self> {
        vec![Self { token: "tk_3".into(), email: "ada@example.org".into(), account: "ada".into() }]
    }
}

/// Something is done; one way on.
#[derive(Debug, Clone, Serialize)]
pub struct DonePage {
    /// Headline.
    pub title: Message,
    /// What it means.
    pub detail: Message,
    /// Where to go on.
    pub next_url: String,
    /// Text of that link.
    pub next_label: Message,
    /// What else is worth doing.
    pub advice: Option<Advice>,
}

/// Something worth doing, and the way there.
#[derive(Debug, Clone, Serialize)]
pub struct Advice {
    /// Why.
    pub text: Message,
    /// Where.
    pub url: String,
    /// Text of that link.
    pub label: Message,
}

impl Page for DonePage {
    const TEMPLATE: &'static str = "pages/done.html";

    fn title_key(&self) -> &str {
        &self.title.key
    }

    fn samples() -> Vec<Self> {
        [
            (keys::DONE_RESET, keys::DONE_RESET_DETAIL, keys::NEXT_SIGN_IN),
            (keys::DONE_REGISTERED, keys::DONE_REGISTERED_DETAIL, keys::NEXT_ACCOUNT),
            (keys::DONE_CANCELLED, keys::DONE_CANCELLED_DETAIL, keys::NEXT_SIGN_IN),
            (keys::DONE_RECOVERED, keys::DONE_RECOVERED_DETAIL, keys::NEXT_SECURITY),
            (keys::DONE_ENROLLED, keys::DONE_ENROLLED_DETAIL, keys::NEXT_CONTINUE),
            (keys::DONE_RECOVERED, keys::DONE_RECOVERED_LEFT, keys::NEXT_CONTINUE),
            (keys::DONE_ADDRESS_RESTORED, keys::DONE_ADDRESS_RESTORED_DETAIL, keys::NEXT_NEW_PASSWORD),
            (keys::DONE_DELETED, keys::DONE_DELETED_DETAIL, keys::NEXT_SIGN_IN),
            (keys::DONE_ADDRESS_IN_USE, keys::DONE_ADDRESS_IN_USE_DETAIL, keys::NEXT_SIGN_IN),
        ]
        .into_iter()
        .map(|(title, detail, next)| Self {
            title: Message::success(title),
            detail: Message::notice(detail).arg("left", 2),
            next_url: "/login".into(),
            next_label: Message::notice(next),
            advice: (title == keys::DONE_RECOVERED).then(|| Advice {
                text: Message::notice(keys::DONE_RECOVERED_ADVICE),
                url: "/u/security".into(),
                label: Message::notice(keys::NEXT_REPLACE),
            }),
        })
        .collect()
    }
}
