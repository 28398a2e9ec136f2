//! Password sign-in and consent.

use serde::Serialize;
use serde_json::json;

use super::{FactorView, Page};
use crate::{Message, keys};

/// `GET /login`, posts to `/login` (`username`, `password`) and `/login/cancel`.
#[derive(Clone, Default, Serialize)]
pub struct LoginPage {
    /// Opaque handle of the authorization request, hidden field `request`.
    pub request: String,
    /// What was typed before, or the login hint.
    pub username: String,
    /// Why the last attempt failed.
    pub error: Option<Message>,
    /// Anything to say before, such as "your password is changed".
    pub notice: Option<Message>,
    /// The application that asked for the sign-in.
    pub client_name: Option<String>,
    /// Link to registration, when the pool offers it.
    pub register_url: Option<String>,
    /// Link to password reset, when the pool offers it.
    pub reset_url: Option<String>,
    /// The person who has to prove themselves again; the user name is then fixed.
    pub reauth_user: Option<String>,
    /// "Not you? Use another account."
    pub switch_url: String,
    /// Whether the application can be told that the person cancelled.
    pub cancel: bool,
    /// Ways in without a password, the preferred one first.
    pub passwordless: Vec<PasswordlessSignIn>,
}

/// A factor whose one answer says who the user is and proves it: a form of its own below the password, which posts to
/// `/login/passwordless` (`request`, `kind`, `ceremony`, and the factor's own fields).
///
/// The factor's template is the whole inside of the form, with its button. Of `view.data` the page itself reads two
/// fields: `scripted`, whether a script of the factor's shows the form once it finds that the browser can do it, and
/// `autocomplete`, what the field of the user name is marked with besides `username`.
#[derive(Clone, Default, PartialEq, Serialize)]
pub struct PasswordlessSignIn {
    /// Which factor, hidden field `kind`.
    pub kind: String,
    /// What it shows: `factors/<kind>/sign_in.html` and its data.
    pub view: FactorView,
    /// Opaque handle of the challenge, hidden field `ceremony`.
    pub ceremony: String,
}

impl Page for LoginPage {
    const TEMPLATE: &'static str = "pages/login.html";

    fn title_key(&self) -> &str {
        if self.reauth_user.is_some() { "login-again-title" } else { "login-title" }
    }

    fn samples() -> Vec<Self> {
        let plain = Self {
            request: "Zr8pXq1v".into(),
            client_name: Some("Atlas Travel".into()),
            register_url: Some("/login/register".into()),
            reset_url: Some("/login/reset".into()),
            switch_url: "/login/switch?request=Zr8pXq1v".into(),
            cancel: true,
            ..Self::default()
        };
        let options = r#"{"challenge":"q83vEjRWeJA","rpId":"fjord.example","allowCredentials":[]}"#;
        let passkey = PasswordlessSignIn {
            kind: "passkey".into(),
            view: FactorView {
                template: "factors/passkey/sign_in.html".into(),
                data: json!({ "options": options, "scripted": true, "autocomplete": "webauthn" }),
            },
            ceremony: "cy_1".into(),
        };
        vec![
            plain.clone(),
            Self { passwordless: vec![passkey], ..plain.clone() },
            Self {
                username: "ada".into(),
                error: Some(Message::error(keys::CREDENTIALS_WRONG)),
                notice: Some(Message::notice(keys::SIGN_IN_AGAIN)),
                ..plain.clone()
            },
            Self {
                username: "ada".into(),
                error: Some(Message::error(keys::THROTTLED).arg("minutes", 2)),
                client_name: None,
                register_url: None,
                reset_url: None,
                cancel: false,
                ..plain.clone()
            },
            Self { username: "ada".into(), reauth_user: Some("ada".into()), ..plain },
        ]
    }
}

/// `GET /login/consent`, posts to `/login/consent` with `decision` = `allow` or `deny`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ConsentPage {
    /// Opaque handle of the authorization request, hidden field `request`.
    pub request: String,
    /// The application's display name.
    pub client_name: String,
    /// Where the application comes from, if no administrator added it.
    pub origin: Option<OriginNotice>,
    /// Host the person will be sent to: what they can recognise even when the name lies. None for a device.
    pub client_host: Option<String>,
    /// The device that asks, where the application is on one.
    pub device: Option<DeviceFacts>,
    /// What the application asks for.
    pub scopes: Vec<ScopeItem>,
    /// Who would be sharing.
    pub username: String,
    /// "Not you? Use another account."
    pub switch_url: String,
}

/// Where an application comes from that no administrator added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OriginNotice {
    /// Translation key of what is said about it, and the name of the place on the page.
    pub key: &'static str,
    /// The host that the person judges it by.
    pub host: String,
    /// Whether nobody answers for it.
    pub doubtful: bool,
}

impl OriginNotice {
    /// It registered by itself, so that nobody vouches for its name; it answers at `host`.
    pub fn registered(host: &str) -> Self {
        Self { key: "consent-registered", host: host.to_owned(), doubtful: true }
    }

    /// A document at `host` describes it, which the pool trusts, or not.
    pub fn described(host: String, trusted: bool) -> Self {
        let key = if trusted { "consent-described" } else { "consent-described-untrusted" };
        Self { key, host, doubtful: !trusted }
    }
}

/// A device that asks to be let in (RFC 8628).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DeviceFacts {
    /// The code that it shows.
    pub user_code: String,
    /// When it asked, Unix seconds.
    pub asked_at: i64,
    /// Address it asked from, where that is known.
    pub asked_from: Option<String>,
}

/// `GET /device`, posts to `/device` (`user_code`): the code that a device shows.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DevicePage {
    /// What was typed before, or came with the address.
    pub user_code: String,
    /// Whether it came with the address: the person has to compare it (RFC 8628 §3.3.1).
    pub prefilled: bool,
    /// Why the last one did not do.
    pub error: Option<Message>,
    /// Who is signed in.
    pub username: String,
}

impl Page for DevicePage {
    const TEMPLATE: &'static str = "pages/device.html";

    fn title_key(&self) -> &str {
        "device-title"
    }

    fn samples() -> Vec<Self> {
        let plain = Self { username: "ada".into(), ..Self::default() };
        vec![
            plain.clone(),
            Self { user_code: "WDJB-MJHT".into(), prefilled: true, ..plain.clone() },
            Self {
                user_code: "WDJB-MJHX".into(),
                error: Some(Message::error(keys::DEVICE_CODE_WRONG)),
                ..plain
            },
        ]
    }
}

/// One requested scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScopeItem {
    /// The scope value itself, shown as it is when no text exists for it.
    pub scope: String,
    /// The name of an API that is to be used; nothing for a scope.
    pub api: Option<String>,
    /// Translation key of its short name; `None` for a scope the product knows nothing of.
    pub title_key: Option<String>,
    /// Translation key of what it gives away.
    pub description_key: Option<String>,
    /// Names of what the pool itself knows of its users and gives away with it.
    pub own: Vec<String>,
}

/// The scopes that there are words for.
pub const SCOPES: [&str; 8] =
    ["openid", "profile", "email", "address", "phone", "groups", "roles", "offline_access"];

impl ScopeItem {
    /// The texts for a standard scope; any other scope is shown by its value.
    #[must_use]
    pub fn new(scope: &str) -> Self {
        let known = SCOPES.contains(&scope);
        Self {
            scope: scope.to_owned(),
            api: None,
            title_key: known.then(|| format!("scope-{scope}")),
            description_key: known.then(|| format!("scope-{scope}-description")),
            own: Vec::new(),
        }
    }

    /// With names of what the pool itself gives away with it.
    #[must_use]
    pub fn with_own(self, own: Vec<String>) -> Self {
        Self { own, ..self }
    }

    /// The use of an API, by its name for people.
    #[must_use]
    pub fn of_api(name: &str) -> Self {
        let (scope, api) = (name.to_owned(), Some(name.to_owned()));
        Self { scope, api, title_key: None, description_key: None, own: Vec::new() }
    }
}

impl Page for ConsentPage {
    const TEMPLATE: &'static str = "pages/consent.html";

    fn title_key(&self) -> &str {
        if self.device.is_some() { "device-consent-title" } else { "consent-title" }
    }

    fn samples() -> Vec<Self> {
        let described = |name: &str, host: &str, trusted| Self {
            client_name: name.into(),
            client_host: Some("127.0.0.1".into()),
            origin: Some(OriginNotice::described(host.into(), trusted)),
            scopes: vec![ScopeItem::new("openid")],
            username: "ada".into(),
            switch_url: "/login/switch".into(),
            request: "q".into(),
            device: None,
        };
        vec![
            Self {
                request: "Zr8pXq1v".into(),
                client_name: "Atlas Travel".into(),
                origin: None,
                client_host: Some("atlas.example".into()),
                device: None,
                scopes: SCOPES.into_iter().map(ScopeItem::new).collect(),
                username: "ada".into(),
                switch_url: "/login/switch?request=Zr8pXq1v".into(),
            },
            Self {
                client_name: "Ledger".into(),
                origin: Some(OriginNotice::registered("127.0.0.1")),
                client_host: Some("127.0.0.1".into()),
                device: None,
                scopes: vec![
                    ScopeItem::new("openid"),
                    ScopeItem::new("profile").with_own(vec!["Department".into()]),
                    ScopeItem::new("ledger.read"),
                    ScopeItem::new("staff").with_own(vec!["Cost centre".into(), "Badge".into()]),
                    ScopeItem::of_api("Ledger archive"),
                ],
                username: "ada".into(),
                switch_url: "/login/switch".into(),
                request: "q".into(),
            },
            described("Code Editor", "editor.example", false),
            described("Assistant", "assistant.example", true),
            Self {
                client_name: "Atlas TV".into(),
                origin: None,
                device: Some(DeviceFacts {
                    user_code: "WDJB-MJHT".into(),
                    asked_at: 1_795_300_000,
                    asked_from: Some("203.0.113.7".into()),
                }),
                client_host: None,
                scopes: vec![ScopeItem::new("openid"), ScopeItem::new("offline_access")],
                username: "ada".into(),
                switch_url: "/login/switch".into(),
                request: "q".into(),
            },
        ]
    }
}
