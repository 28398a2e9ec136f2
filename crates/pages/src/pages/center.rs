//! The user center at `/u`.

use serde::Serialize;

use super::{FactorChoice, MfaCard, MfaState, Page};
use crate::{Locale, Message, keys};

/// One language to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LocaleOption {
    /// Language tag, value of the field `locale`.
    pub tag: String,
    /// Its name in itself.
    pub name: String,
}

impl LocaleOption {
    /// Every language the product speaks.
    #[must_use]
    pub fn all() -> Vec<Self> {
        Locale::all().map(|l| Self { tag: l.tag().to_owned(), name: l.name().to_owned() }).collect()
    }
}

/// `/u/profile/address`; posts there (`email`).
#[derive(Debug, Clone, Default, Serialize)]
pub struct AddressPage {
    /// The address now.
    pub current: Option<String>,
    /// Whether it is proven.
    pub verified: bool,
    /// What was typed before; the present address where it is to be proven.
    pub email: String,
    /// Why the last attempt failed.
    pub error: Option<Message>,
}

impl Page for AddressPage {
    const TEMPLATE: &'static str = "pages/address.html";

    fn title_key(&self) -> &str {
        "address-title"
    }

    fn samples() -> Vec<Self> {
        let plain = Self { current: Some("ada@example.org".into()), verified: true, ..Self::default() };
        vec![
            plain.clone(),
            Self { email: "ada@example.org".into(), verified: false, ..plain.clone() },
            Self {
                email: "ada@example.org".into(),
                error: Some(Message::error(keys::EMAIL_UNCHANGED)),
                ..plain
            },
            Self {
                error: Some(Message::error(keys::EMAIL_INVALID)),
                email: "ada@".into(),
                ..Self::default()
            },
        ]
    }
}

/// `/u/password`; posts there (`current_password`, `new_password`).
#[derive(Debug, Clone, Default, Serialize)]
pub struct PasswordPage {
    /// For password managers: whose password this is.
    pub username: String,
    /// Least length of a password.
    pub password_min: u32,
    /// What was just done.
    pub notice: Option<Message>,
    /// Why the last attempt failed.
    pub error: Option<Message>,
}

impl Page for PasswordPage {
    const TEMPLATE: &'static str = "pages/password.html";

    fn title_key(&self) -> &str {
        "password-title"
    }

    fn samples() -> Vec<Self> {
        let plain = Self { username: "ada".into(), password_min: 12, notice: None, error: None };
        let mut all = vec![Self { notice: Some(Message::success(keys::PASSWORD_CHANGED)), ..plain.clone() }];
        let errors = [
            Message::error(keys::PASSWORD_CURRENT_WRONG),
            Message::error(keys::PASSWORD_TOO_SHORT).arg("min", 12),
            Message::error(keys::PASSWORD_TOO_LONG),
            Message::error(keys::PASSWORD_CONTAINS_IDENTITY),
            Message::error(keys::PASSWORD_UNCHANGED),
        ];
        all.extend(errors.into_iter().map(|error| Self { error: Some(error), ..plain.clone() }));
        all
    }
}

/// One factor that is set up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FactorRow {
    /// Value of the field `credential`.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Translation key of its kind's name.
    pub title_key: String,
    /// The name its owner gave it.
    pub label: String,
    /// When it was set up, Unix seconds.
    pub created: i64,
    /// When it was last used, Unix seconds.
    pub last_used: Option<i64>,
    /// Switched off after too many wrong codes.
    pub disabled: bool,
    /// Whether its owner may remove it.
    pub removable: bool,
    /// What else there is to know, such as "kept in step across your devices".
    pub detail: Option<Message>,
}

/// How many recovery codes are left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RecoveryStatus {
    /// Unused codes.
    pub left: u32,
    /// Codes made.
    pub total: u32,
    /// Few enough to ask for new ones.
    pub low: bool,
}

/// `/u/security`. Posts to `/u/security/enrol` (`kind`) and `…/rename` (`credential`, `label`); leads to the
/// confirmations `…/enable`, `…/disable`, `…/remove/{id}` and `…/regenerate`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SecurityPage {
    /// The pool's policy: `off`, `optional` or `required`.
    pub mfa_policy: String,
    /// Whether this person is asked for a second factor.
    pub mfa_active: bool,
    /// What is set up.
    pub factors: Vec<FactorRow>,
    /// What can be added.
    pub addable: Vec<FactorChoice>,
    /// How second factors stand.
    pub card: MfaCard,
    /// Whether this is `/u/security/manage`, where whatever a change asks for has been given.
    pub managing: bool,
    /// Whether the last factor has to stay.
    pub locked: bool,
    /// Recovery codes, once there are any.
    pub recovery: Option<RecoveryStatus>,
    /// What was just done.
    pub notice: Option<Message>,
    /// Why the last attempt failed.
    pub error: Option<Message>,
    /// What the pool's policy means here.
    pub policy_note: Option<Message>,
}

impl Page for SecurityPage {
    const TEMPLATE: &'static str = "pages/security.html";

    fn title_key(&self) -> &str {
        if self.managing { keys::MFA_MANAGE } else { "security-title" }
    }

    fn samples() -> Vec<Self> {
        let phone = FactorRow {
            id: "cr_1".into(),
            kind: "totp".into(),
            title_key: "factor-totp".into(),
            label: "Phone".into(),
            created: 1_795_000_000,
            last_used: Some(1_795_300_000),
            disabled: false,
            removable: true,
            detail: None,
        };
        let key = FactorRow {
            id: "cr_3".into(),
            kind: "passkey".into(),
            title_key: "factor-passkey".into(),
            label: "Laptop".into(),
            detail: Some(Message::notice(keys::CREDENTIAL_SYNCED)),
            ..phone.clone()
        };
        let tablet = FactorRow {
            id: "cr_2".into(),
            label: "Old tablet".into(),
            last_used: None,
            disabled: true,
            ..phone.clone()
        };
        vec![
            Self {
                mfa_policy: "optional".into(),
                mfa_active: true,
                card: MfaCard::sample(MfaState::On),
                managing: true,
                locked: false,
                factors: vec![phone.clone(), key, tablet],
                addable: vec![FactorChoice::new("totp")],
                recovery: Some(RecoveryStatus { left: 7, total: 10, low: false }),
                notice: Some(Message::success(keys::FACTOR_ADDED)),
                error: None,
                policy_note: Some(Message::notice(keys::POLICY_REQUIRED)),
            },
            Self {
                mfa_policy: "optional".into(),
                addable: vec![FactorChoice::new("totp"), FactorChoice::new("recovery")],
                policy_note: Some(Message::notice(keys::POLICY_OPTIONAL)),
                card: MfaCard::sample(MfaState::Off),
                ..Self::default()
            },
            Self {
                mfa_policy: "required".into(),
                mfa_active: true,
                factors: vec![FactorRow { removable: false, ..phone }],
                addable: vec![FactorChoice::new("totp")],
                locked: true,
                card: MfaCard { locked: true, ..MfaCard::sample(MfaState::Required) },
                error: Some(Message::error(keys::MFA_LOCKED)),
                ..Self::default()
            },
            Self {
                mfa_policy: "off".into(),
                recovery: Some(RecoveryStatus { left: 1, total: 10, low: true }),
                error: Some(Message::error(keys::LABEL_INVALID)),
                card: MfaCard { can_enable: false, ..MfaCard::sample(MfaState::Off) },
                policy_note: Some(Message::notice(keys::POLICY_OFF)),
                ..Self::default()
            },
        ]
    }
}

/// One connected application.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AppRow {
    /// Value of the field `client`.
    pub client_id: String,
    /// Display name.
    pub name: String,
    /// What it may see.
    pub scopes: Vec<super::ScopeItem>,
    /// When access was given, Unix seconds.
    pub granted: i64,
    /// When it was last used, Unix seconds.
    pub last_used: Option<i64>,
}

/// `/u/apps`. Posts to `/u/apps/revoke` (`client`).
#[derive(Debug, Clone, Default, Serialize)]
pub struct AppsPage {
    /// Applications with access.
    pub apps: Vec<AppRow>,
    /// What was just done.
    pub notice: Option<Message>,
    /// Why the last attempt failed.
    pub error: Option<Message>,
}

impl Page for AppsPage {
    const TEMPLATE: &'static str = "pages/apps.html";

    fn title_key(&self) -> &str {
        "apps-title"
    }

    fn samples() -> Vec<Self> {
        let app = AppRow {
            client_id: "atlas".into(),
            name: "Atlas Travel".into(),
            scopes: ["openid", "email", "ledger.read"].into_iter().map(super::ScopeItem::new).collect(),
            granted: 1_795_000_000,
            last_used: Some(1_795_300_000),
        };
        let unused = AppRow {
            client_id: "led".into(),
            name: "Ledger".into(),
            scopes: Vec::new(),
            last_used: None,
            ..app.clone()
        };
        vec![
            Self { apps: vec![app, unused], notice: Some(Message::success(keys::APP_REVOKED)), error: None },
            Self { error: Some(Message::error(keys::GONE)), ..Self::default() },
        ]
    }
}
