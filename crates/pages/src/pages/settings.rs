//! What the pool's admins see: the switch, helping somebody who is stuck, and why somebody was asked.

use serde::Serialize;

use super::Page;
use crate::{Message, keys};

/// Why a challenge was shown, from its reference.
#[derive(Debug, Clone, Serialize)]
pub struct Explained {
    /// When, Unix seconds.
    pub when: i64,
    /// User name.
    pub user: String,
    /// Name of the application; `None` for the user center.
    pub application: Option<String>,
    /// What was asked for.
    pub asked: Message,
    /// Translation keys of the factors it was asked of.
    pub factors: Vec<String>,
    /// Name of the rule that decided.
    pub rule: String,
    /// Version of the pool's settings at the time.
    pub version: i64,
    /// The class that was needed, as in the claim `acr`.
    pub acr: String,
    /// Every reason, the most important first.
    pub reasons: Vec<ExplainedReason>,
    /// What came of it.
    pub outcome: Message,
}

/// One reason, and the rule behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExplainedReason {
    /// What the user read.
    pub text: Message,
    /// Name of the rule.
    pub rule: String,
}

/// `/u/settings`. Posts to `/u/settings/mfa` (`mode` = `required` or `optional`), `/u/settings/reset-factors`
/// (`username`) and `/u/settings/address` (`username`, `email`); gets `/u/settings/explain` (`trace`).
#[derive(Debug, Clone, Default, Serialize)]
pub struct SettingsPage {
    /// The pool's mode: `off`, `optional` or `required`.
    pub mode: String,
    /// Whether it is locked: then there is no switch.
    pub locked: bool,
    /// How many users will be asked to enrol once it is required, or still will be if it is.
    pub will_enrol: u64,
    /// Who would be locked out by what was tried, and how to mend it.
    pub blocked: Vec<Message>,
    /// What was typed before into the reset form.
    pub username: String,
    /// What was typed before into the form for an address: whose.
    pub address_username: String,
    /// What was typed before into that form: which.
    pub address_email: String,
    /// What was typed before into the explain form.
    pub trace: String,
    /// The answer to it.
    pub explained: Option<Explained>,
    /// What was just done.
    pub notice: Option<Message>,
    /// Why the last attempt failed.
    pub error: Option<Message>,
}

impl Page for SettingsPage {
    const TEMPLATE: &'static str = "pages/settings.html";

    fn title_key(&self) -> &str {
        "settings-title"
    }

    fn samples() -> Vec<Self> {
        let reason = |key, name: &str, value: &str, rule: &str| ExplainedReason {
            text: Message::notice(key).arg(name, value),
            rule: rule.to_owned(),
        };
        let explained = Explained {
            when: 1_795_000_000,
            user: "ada".into(),
            application: Some("Atlas Travel".into()),
            asked: Message::notice(keys::EXPLAIN_ASKED_FACTOR),
            factors: vec![keys::FACTOR_TOTP.into(), keys::FACTOR_RECOVERY.into()],
            rule: "application atlas".into(),
            version: 7,
            acr: "urn:example:mfa".into(),
            reasons: vec![
                reason(keys::REASON_APP_REQUIRES, "client", "Atlas Travel", "application atlas"),
                reason(keys::REASON_POLICY_REQUIRED, "pool", "Fjord Library", "pool"),
            ],
            outcome: Message::notice(keys::EXPLAIN_PASSED),
        };
        let lockout = Message::error(keys::LOCKOUT).arg("count", 12).arg("names", "ada, grace, linus");
        vec![
            Self { mode: "optional".into(), will_enrol: 1_204, ..Self::default() },
            Self { mode: "required".into(), locked: true, ..Self::default() },
            Self {
                mode: "optional".into(),
                address_username: "ada".into(),
                address_email: "ada@example.net".into(),
                error: Some(Message::error(keys::EMAIL_IN_USE)),
                ..Self::default()
            },
            Self {
                mode: "optional".into(),
                notice: Some(
                    Message::success(keys::ADDRESS_SET)
                        .arg("username", "ada")
                        .arg("email", "ada@example.net"),
                ),
                ..Self::default()
            },
            Self {
                mode: "required".into(),
                will_enrol: 1,
                notice: Some(Message::success(keys::SETTINGS_SAVED)),
                trace: "019a8c2e-6f31-7c1a-9f0e-2b7c4d5e6f70".into(),
                explained: Some(explained.clone()),
                ..Self::default()
            },
            Self {
                mode: "required".into(),
                error: Some(Message::error(keys::USER_UNKNOWN)),
                username: "nobody".into(),
                explained: Some(Explained {
                    application: None,
                    factors: Vec::new(),
                    reasons: Vec::new(),
                    asked: Message::notice(keys::EXPLAIN_ASKED_ENROL),
                    outcome: Message::notice(keys::EXPLAIN_OPEN),
                    ..explained
                }),
                ..Self::default()
            },
            Self {
                mode: "off".into(),
                blocked: vec![lockout, Message::error(keys::LOCKOUT_LAST_ADMIN).arg("names", "ada")],
                error: Some(Message::error(keys::NOTHING_CHANGED)),
                ..Self::default()
            },
        ]
    }
}
