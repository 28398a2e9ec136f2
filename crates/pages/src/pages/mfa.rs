//! How second factors stand, at a glance, and the question before a change of them.

use serde::Serialize;
use std::collections::BTreeMap;

use super::Page;
use crate::{Message, keys};

/// Whether somebody is asked for a second factor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MfaState {
    /// No.
    #[default]
    Off,
    /// Yes, by choice.
    On,
    /// Yes, because a rule asks for it.
    Required,
}

/// The card that tells how second factors stand; on the first page, the profile and the security page.
/// Leads to `/u/security/enable`, `/u/security` and `/u/security/disable`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct MfaCard {
    /// How it stands.
    pub state: MfaState,
    /// Whether it can no longer be switched off once it is on: said before and after.
    pub locked: bool,
    /// Whether it is marked as experimental, with the support address.
    pub experimental: bool,
    /// Whether the button that sets it up is shown (while it is off).
    pub can_enable: bool,
    /// Whether the button that switches it off is shown (while it is on and not locked).
    pub can_disable: bool,
    /// The one kind that can be set up again, in place of what is there, if that is how it is done here.
    pub replace: Option<String>,
    /// How many factors are set up.
    pub factor_count: u32,
}

impl MfaCard {
    /// One that shows everything a state can show.
    pub(crate) fn sample(state: MfaState) -> Self {
        let on = state != MfaState::Off;
        Self {
            state,
            locked: false,
            experimental: true,
            can_enable: !on,
            can_disable: state == MfaState::On,
            replace: None,
            factor_count: if on { 2 } else { 0 },
        }
    }
}

/// `/u`: a greeting, how second factors stand, and where else to go.
#[derive(Debug, Clone, Default, Serialize)]
pub struct HomePage {
    /// Whom to greet: the display name, or the user name.
    pub name: String,
    /// How second factors stand.
    pub card: MfaCard,
    /// What was just done, or what needs attention.
    pub notice: Option<Message>,
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "pages/home.html";

    fn title_key(&self) -> &str {
        "home-title"
    }

    fn samples() -> Vec<Self> {
        let plain = Self { name: "Ada Lovelace".into(), card: MfaCard::sample(MfaState::Off), notice: None };
        let replace = Some("totp".to_owned());
        let locked =
            MfaCard { locked: true, replace, experimental: false, ..MfaCard::sample(MfaState::Required) };
        vec![
            plain.clone(),
            Self {
                card: MfaCard::sample(MfaState::On),
                notice: Some(Message::success(keys::MFA_ENABLED)),
                ..plain.clone()
            },
            Self {
                card: locked,
                notice: Some(Message::error(keys::CODES_LOW).arg("left", 1)),
                ..plain.clone()
            },
            Self { card: MfaCard { locked: true, ..MfaCard::sample(MfaState::Off) }, ..plain },
        ]
    }
}

/// A factor that a confirmation is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConfirmItem {
    /// Translation key of its kind's name.
    pub title_key: String,
    /// The name its owner gave it; empty where it has none.
    pub label: String,
}

/// Shows how things stand, and asks before they change. Posts to `action` with `csrf` and `fields`.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmPage {
    /// Headline; takes no arguments.
    pub title: Message,
    /// What will happen.
    pub detail: Message,
    /// The factors it happens to.
    pub items: Vec<ConfirmItem>,
    /// Path the form posts to.
    pub action: String,
    /// What it posts besides `csrf`.
    pub fields: BTreeMap<String, String>,
    /// Text of the button.
    pub submit: Message,
    /// Whether something is taken away.
    pub danger: bool,
    /// Where "Cancel" leads.
    pub cancel_url: String,
    /// How things stand at this moment; nothing where it would be about somebody else.
    pub status: Option<Message>,
    /// Something to know before, such as that it cannot be undone.
    pub warning: Option<Message>,
    /// Why the last attempt failed.
    pub error: Option<Message>,
}

impl ConfirmPage {
    /// Before a first factor is set up; posts to `/u/security/enable`.
    #[must_use]
    pub fn enable(locked: bool) -> Self {
        Self {
            warning: locked.then(|| Message::warning(keys::MFA_LOCKED_WARNING)),
            status: Some(Message::notice(keys::MFA_OFF)),
            danger: false,
            ..Self::about(
                "/u/security/enable",
                keys::CONFIRM_ENABLE,
                keys::CONFIRM_ENABLE_DETAIL,
                keys::MFA_ENABLE,
            )
        }
    }

    /// Before the second factor is switched off; posts to `/u/security/disable`.
    #[must_use]
    pub fn disable() -> Self {
        Self::about(
            "/u/security/disable",
            keys::CONFIRM_DISABLE,
            keys::CONFIRM_DISABLE_DETAIL,
            keys::MFA_DISABLE,
        )
    }

    /// Before one factor is removed; posts to `/u/security/remove/{credential}`.
    #[must_use]
    pub fn remove(credential: &str) -> Self {
        let action = format!("/u/security/remove/{credential}");
        Self::about(&action, keys::CONFIRM_REMOVE, keys::CONFIRM_REMOVE_DETAIL, keys::MFA_REMOVE)
    }

    /// Before new recovery codes take the place of the old ones; posts to `/u/security/regenerate`.
    #[must_use]
    pub fn regenerate() -> Self {
        let action = "/u/security/regenerate";
        Self::about(action, keys::CONFIRM_REGENERATE, keys::CONFIRM_REGENERATE_DETAIL, keys::MFA_REGENERATE)
    }

    /// Before the second factor is switched for everybody; posts `mode` to `/u/settings/mfa`. `now` is the key that says what
    /// everybody has now, and so many users have no second factor.
    #[must_use]
    pub fn switch(required: bool, now: &'static str, without: u64) -> Self {
        let count = i64::try_from(without).unwrap_or(i64::MAX);
        let (mode, detail, submit) = if required {
            let detail = Message::notice(keys::SETTINGS_WOULD_ENROL).arg("count", count);
            ("required", detail, keys::SETTINGS_REQUIRE)
        } else {
            ("optional", Message::notice(keys::SETTINGS_RELAX_HINT), keys::SETTINGS_RELAX)
        };
        Self {
            detail,
            fields: BTreeMap::from([("mode".to_owned(), mode.to_owned())]),
            danger: !required,
            cancel_url: "/u/settings".to_owned(),
            status: Some(Message::notice(now)),
            ..Self::about("/u/settings/mfa", keys::SETTINGS_MFA_TOGGLE, keys::SETTINGS_RELAX_HINT, submit)
        }
    }

    /// Before all factors of a user are taken away; posts `username` to `/u/settings/reset-factors`.
    #[must_use]
    pub fn reset(username: &str) -> Self {
        let action = "/u/settings/reset-factors";
        let (title, detail) = (keys::SETTINGS_RESET_TITLE, keys::SETTINGS_RESET_LEAD);
        Self {
            fields: BTreeMap::from([("username".to_owned(), username.to_owned())]),
            cancel_url: "/u/settings".to_owned(),
            status: None,
            warning: Some(Message::warning(keys::CONFIRM_WHOM).arg("username", username)),
            ..Self::about(action, title, detail, keys::SETTINGS_RESET_SUBMIT)
        }
    }

    /// The same page about these factors.
    #[must_use]
    pub fn with_items(mut self, items: Vec<ConfirmItem>) -> Self {
        self.items = items;
        self
    }

    fn about(action: &str, title: &'static str, detail: &'static str, submit: &'static str) -> Self {
        Self {
            title: Message::notice(title),
            detail: Message::notice(detail),
            items: Vec::new(),
            action: action.to_owned(),
            fields: BTreeMap::new(),
            submit: Message::notice(submit),
            danger: true,
            cancel_url: "/u/security".to_owned(),
            status: Some(Message::success(keys::MFA_ON)),
            warning: None,
            error: None,
        }
    }
}

impl Page for ConfirmPage {
    const TEMPLATE: &'static str = "pages/confirm.html";

    fn title_key(&self) -> &str {
        &self.title.key
    }

    fn samples() -> Vec<Self> {
        let phone = ConfirmItem { title_key: keys::FACTOR_TOTP.into(), label: "Phone".into() };
        let codes = ConfirmItem { title_key: keys::FACTOR_RECOVERY.into(), label: String::new() };
        vec![
            Self::enable(true),
            Self::enable(false),
            Self { error: Some(Message::error(keys::CODE_WRONG)), ..Self::disable() }
                .with_items(vec![phone.clone(), codes]),
            Self {
                status: Some(Message::success(keys::MFA_REQUIRED)),
                warning: Some(Message::warning(keys::CONFIRM_LAST_WARNING)),
                ..Self::remove("cr_1")
            }
            .with_items(vec![phone]),
            Self::regenerate(),
            Self::switch(true, keys::SETTINGS_MFA_OPTIONAL, 3),
            Self::switch(false, keys::SETTINGS_MFA_REQUIRED, 0),
            Self::reset("jo"),
        ]
    }
}
