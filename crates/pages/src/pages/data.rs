//! What happened to an account, a copy of what is kept, and the end of it.

use serde::Serialize;

use super::Page;
use crate::{Message, keys};

/// Texts of what can have happened; `client` is the name of the application.
pub const ACTIVITIES: &[&str] = &[
    "activity-sign-in",
    "activity-sign-out",
    "activity-consent",
    "activity-registered",
    "activity-reset-asked",
    "activity-password-reset",
    "activity-password-change",
    "activity-profile",
    "activity-address-asked",
    "activity-address-changed",
    "activity-address-restored",
    "activity-data-exported",
    "activity-application-revoked",
    "activity-session-revoked",
    "activity-sessions-revoked",
    "activity-browser-forgotten",
    "activity-factor-enrolled",
    "activity-factor-replaced",
    "activity-factor-renamed",
    "activity-factor-removed",
    "activity-factors-chosen",
    "activity-factors-disabled",
    "activity-codes-regenerated",
    "activity-factors-reset",
    "activity-user-created",
    "activity-user-updated",
    "activity-user-disabled",
    "activity-user-enabled",
    "activity-password-set",
    "activity-code-replayed",
    "activity-refresh-token-reused",
    "activity-token-revoked",
    "activity-password-refused",
    "activity-passwordless-refused",
    "activity-second-factor-refused",
    "activity-password-change-refused",
    "activity-address-changed-refused",
    "activity-consent-refused",
    "activity-device-code-refused",
];

/// Something that happened.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ActivityRow {
    /// Translation key of what, one of [`ACTIVITIES`].
    pub key: String,
    /// Name of the application it concerns.
    pub client: String,
    /// Whether it was done; otherwise it was refused.
    pub done: bool,
    /// When, Unix seconds.
    pub at: i64,
    /// Browser and system, as told by the browser; empty where they are not known.
    pub device: String,
    /// The picture of the device, where it is known.
    pub icon: Option<&'static str>,
    /// Address it came from.
    pub ip: String,
    /// Where that is, when known.
    pub place: Option<String>,
    /// Whether an administrator did it.
    pub by_administrator: bool,
}

/// `/u/activity`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ActivityPage {
    /// What happened, newest first.
    pub rows: Vec<ActivityRow>,
    /// Back to the newest, on every other page.
    pub newest_url: Option<String>,
    /// On to what is older.
    pub older_url: Option<String>,
}

impl Page for ActivityPage {
    const TEMPLATE: &'static str = "pages/activity.html";

    fn title_key(&self) -> &str {
        "activity-title"
    }

    fn samples() -> Vec<Self> {
        let row = ActivityRow {
            key: "activity-sign-in".into(),
            done: true,
            at: 1_795_300_000,
            device: "Safari, iPhone".into(),
            icon: Some("phone"),
            ip: "203.0.113.7".into(),
            place: Some("Oslo, Norway".into()),
            ..ActivityRow::default()
        };
        let plain = ActivityRow { device: String::new(), icon: None, place: None, ..row.clone() };
        let all = ACTIVITIES.iter().map(|key| ActivityRow {
            key: (*key).into(),
            client: "Atlas Travel".into(),
            done: !key.ends_with("-refused"),
            by_administrator: key.contains("-user-"),
            ..plain.clone()
        });
        vec![
            Self {
                rows: std::iter::once(row).chain(all).collect(),
                newest_url: Some("/u/activity".into()),
                older_url: Some("/u/activity?before=1795300000.01ba60d3-0000-7000-8000-000000000000".into()),
            },
            Self::default(),
        ]
    }
}

/// `/u/data`; leads to `/u/data/export` and `/u/data/delete`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DataPage {
    /// Whether the pool lets people delete their account.
    pub can_delete: bool,
}

impl Page for DataPage {
    const TEMPLATE: &'static str = "pages/data.html";

    fn title_key(&self) -> &str {
        "data-title"
    }

    fn samples() -> Vec<Self> {
        vec![Self { can_delete: true }, Self::default()]
    }
}

/// `/u/data/delete`; posts there (`username`).
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeletePage {
    /// What has to be typed.
    pub username: String,
    /// What was typed before.
    pub typed: String,
    /// How many sessions end.
    pub sessions: u32,
    /// How many second factors go.
    pub factors: u32,
    /// Names of the applications that lose access.
    pub applications: Vec<String>,
    /// Why the last attempt failed.
    pub error: Option<Message>,
}

impl Page for DeletePage {
    const TEMPLATE: &'static str = "pages/delete.html";

    fn title_key(&self) -> &str {
        "delete-title"
    }

    fn samples() -> Vec<Self> {
        let plain = Self {
            username: "ada".into(),
            sessions: 2,
            factors: 11,
            applications: vec!["Atlas Travel".into(), "Ledger".into()],
            ..Self::default()
        };
        vec![
            plain.clone(),
            Self {
                typed: "adda".into(),
                error: Some(Message::error(keys::DELETE_MISTYPED)),
                ..plain.clone()
            },
            Self {
                applications: Vec::new(),
                sessions: 1,
                factors: 0,
                error: Some(Message::error(keys::DELETE_LAST_ADMIN)),
                ..plain
            },
        ]
    }
}
