//! Where somebody is signed in, and which browsers are remembered.

use serde::Serialize;

use super::Page;
use crate::{Message, keys};

/// One session.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SessionRow {
    /// Value of the field `session`.
    pub id: String,
    /// Whether it is the one in use.
    pub current: bool,
    /// Browser and system, as told by the browser.
    pub device: String,
    /// The picture of the device.
    pub icon: &'static str,
    /// Address it came from.
    pub ip: String,
    /// Where that is, when known.
    pub place: Option<String>,
    /// Start, Unix seconds.
    pub started: i64,
    /// Last use, Unix seconds.
    pub last_seen: i64,
    /// Translation key of how it was proven, such as `acr-1fa`.
    pub acr_key: String,
}

/// A browser that is remembered: it is asked for the second factor less often.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RememberedBrowserRow {
    /// Value of the field `device`.
    pub id: String,
    /// Browser and system, as told by the browser.
    pub label: String,
    /// The picture of the device.
    pub icon: &'static str,
    /// Since when it is remembered, Unix seconds.
    pub created: i64,
    /// When that last stood in for a second factor, Unix seconds.
    pub last_used: i64,
    /// When it is forgotten by itself, Unix seconds.
    pub expires: i64,
}

/// `/u/sessions`. Posts to `/u/sessions/revoke` (`session`), `/u/sessions/revoke-others` and `/u/sessions/forget`
/// (`device`).
#[derive(Debug, Clone, Default, Serialize)]
pub struct SessionsPage {
    /// The person's sessions, the current one first.
    pub sessions: Vec<SessionRow>,
    /// Browsers that are remembered.
    pub remembered_browsers: Vec<RememberedBrowserRow>,
    /// What was just done.
    pub notice: Option<Message>,
    /// Why the last attempt failed.
    pub error: Option<Message>,
}

impl Page for SessionsPage {
    const TEMPLATE: &'static str = "pages/sessions.html";

    fn title_key(&self) -> &str {
        "sessions-title"
    }

    fn samples() -> Vec<Self> {
        let current = SessionRow {
            id: "se_1".into(),
            current: true,
            device: "Firefox on Linux".into(),
            icon: "sessions",
            ip: "203.0.113.7".into(),
            place: Some("Oslo, Norway".into()),
            started: 1_795_000_000,
            last_seen: 1_795_300_000,
            acr_key: "acr-mfa".into(),
        };
        let other = SessionRow {
            id: "se_2".into(),
            current: false,
            device: "Safari on iPhone".into(),
            icon: "phone",
            ip: "2001:db8:85a3::8a2e:370:7334".into(),
            place: None,
            acr_key: "acr-1fa".into(),
            ..current.clone()
        };
        let browser = RememberedBrowserRow {
            id: "rd_1".into(),
            label: "Firefox on Linux".into(),
            icon: "tablet",
            created: 1_795_000_000,
            last_used: 1_795_300_000,
            expires: 1_797_592_000,
        };
        vec![
            Self {
                sessions: vec![current.clone(), other],
                remembered_browsers: vec![browser],
                notice: Some(Message::success(keys::SESSION_REVOKED)),
                error: None,
            },
            Self { sessions: vec![current], error: Some(Message::error(keys::GONE)), ..Self::default() },
        ]
    }
}
