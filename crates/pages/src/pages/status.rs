//! Pages that end something: errors and signing out.

use serde::Serialize;

use super::Page;
use crate::{Message, keys};

/// Tells that something cannot go on, why, and what to do. Never holds an internal cause.
#[derive(Debug, Clone, Serialize)]
pub struct ErrorPage {
    /// HTTP status.
    pub status: u16,
    /// Short headline.
    pub title: Message,
    /// What happened and what to do next.
    pub detail: Message,
    /// Machine text such as `invalid_redirect_uri`, shown in `#error-code`.
    pub code: Option<String>,
    /// What arrived, in an application's own words.
    pub facts: Vec<ErrorFact>,
    /// What the developer of that application can do.
    pub advice: Option<Message>,
    /// Where the person can go on.
    pub back_url: Option<String>,
    /// What the way on is called.
    pub back_label: Message,
}

/// Something that arrived. It is shown as it is: it may hold anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorFact {
    /// What it is.
    pub label: Message,
    /// The text.
    pub value: String,
}

impl ErrorPage {
    /// The page for a detail key under the usual headline of its status.
    #[must_use]
    pub fn new(status: u16, detail: Message) -> Self {
        let title = match status {
            404 => keys::TITLE_NOT_FOUND,
            410 => keys::TITLE_LINK,
            429 => keys::TITLE_TOO_MANY,
            500.. => keys::TITLE_OUR_FAULT,
            _ => keys::TITLE_CANNOT_CONTINUE,
        };
        Self {
            status,
            title: Message::error(title),
            detail,
            code: None,
            facts: Vec::new(),
            advice: None,
            back_url: None,
            back_label: Message::notice("error-back"),
        }
    }

    /// The same page with a machine-readable code.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// The same page with a way to the user center.
    #[must_use]
    pub fn with_back(mut self, url: impl Into<String>) -> Self {
        self.back_url = Some(url.into());
        self
    }

    /// The same page with a way on, and the key of what it is called.
    #[must_use]
    pub fn with_way(self, url: impl Into<String>, label: &'static str) -> Self {
        Self { back_label: Message::notice(label), ..self.with_back(url) }
    }

    /// The same page with what arrived, and advice to the developer who sent it.
    #[must_use]
    pub fn with_advice(mut self, facts: Vec<ErrorFact>, advice: &'static str) -> Self {
        self.facts = facts;
        self.advice = Some(Message::notice(advice));
        self
    }
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "pages/error.html";

    fn title_key(&self) -> &str {
        &self.title.key
    }

    fn samples() -> Vec<Self> {
        let mut all: Vec<Self> = keys::ERROR_DETAILS
            .iter()
            .zip([400_u16, 404, 429, 500].into_iter().cycle())
            .map(|(key, status)| {
                Self::new(status, Message::error(*key).arg("parameter", "nonce").arg("minutes", 3))
            })
            .collect();
        all.push(
            Self::new(400, Message::error(keys::REDIRECT_URI_INVALID))
                .with_code("invalid_redirect_uri")
                .with_advice(
                    vec![
                        ErrorFact { label: Message::notice(keys::ARRIVED_CLIENT), value: "atlas".into() },
                        ErrorFact {
                            label: Message::notice(keys::ARRIVED_ADDRESS),
                            value: "https://atlas.example/<cb>".into(),
                        },
                    ],
                    keys::ADVICE_REGISTER,
                )
                .with_way("/login", keys::NEXT_START_AGAIN),
        );
        all
    }
}

/// Asks whether to sign out. Posts to `/oidc/session/end/confirm` with `decision` = `confirm` or `stay`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LogoutPage {
    /// The application that asked.
    pub client_name: Option<String>,
    /// Who is signed in.
    pub username: String,
    /// Further hidden fields.
    pub hidden: Vec<(String, String)>,
}

impl Page for LogoutPage {
    const TEMPLATE: &'static str = "pages/logout.html";

    fn title_key(&self) -> &str {
        "logout-title"
    }

    fn samples() -> Vec<Self> {
        vec![
            Self {
                client_name: Some("Atlas Travel".into()),
                username: "ada".into(),
                hidden: vec![("state".into(), "x1".into())],
            },
            Self { username: "ada".into(), ..Self::default() },
        ]
    }
}

/// An answer that the browser posts to the application (OAuth 2.0 Form Post Response Mode §2); by itself, where scripts run.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AnswerPage {
    /// The application.
    pub client_name: Option<String>,
    /// Its address.
    pub action: String,
    /// Names and values.
    pub fields: Vec<(String, String)>,
}

impl Page for AnswerPage {
    const TEMPLATE: &'static str = "pages/answer.html";

    fn title_key(&self) -> &str {
        "answer-title"
    }

    fn samples() -> Vec<Self> {
        let fields = vec![("code".into(), "SplxlOBeZQQYbYS6WxSbIA".into()), ("state".into(), "x1".into())];
        let client_name = Some("Atlas Travel".into());
        vec![
            Self { client_name, action: "https://atlas.example/callback".into(), fields },
            Self { action: "http://127.0.0.1:3000/callback".into(), ..Self::default() },
        ]
    }
}

/// Says that the person is signed out.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SignedOutPage {
    /// The application that asked.
    pub client_name: Option<String>,
    /// Where to go on.
    pub back_url: Option<String>,
    /// Whether the browser goes on by itself after some seconds.
    pub leads_on: bool,
    /// Pages of applications that it loads, hidden, so that they sign out, too.
    pub frames: Vec<String>,
}

impl Page for SignedOutPage {
    const TEMPLATE: &'static str = "pages/signed_out.html";

    fn title_key(&self) -> &str {
        "signed-out-title"
    }

    fn samples() -> Vec<Self> {
        vec![
            Self {
                client_name: Some("Atlas Travel".into()),
                back_url: Some("https://atlas.example/".into()),
                ..Self::default()
            },
            Self {
                client_name: Some("Atlas Travel".into()),
                back_url: Some("https://atlas.example/".into()),
                leads_on: true,
                frames: vec![
                    "https://atlas.example/signed-out?sid=1".into(),
                    "https://mail.example/bye".into(),
                ],
            },
            Self { back_url: Some("/login".into()), ..Self::default() },
            Self::default(),
        ]
    }
}
