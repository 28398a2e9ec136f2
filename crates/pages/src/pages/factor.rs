//! Second factors: the frame is here, the middle comes from `templates/factors/<kind>/`.

use serde::Serialize;
use serde_json::{Value, json};

use super::Page;
use crate::{Message, keys};

/// What a factor wants to show: its own template and the data for it. Data always carries `ceremony`.
/// No `Debug`: the data of an enrolment holds a secret.
#[derive(Clone, Default, PartialEq, Serialize)]
pub struct FactorView {
    /// Template below `templates/`, such as `factors/totp/verify.html`. Comes from the program, never from a request.
    pub template: String,
    /// An object; what it holds is between the factor and its template.
    pub data: Value,
}

/// A factor to choose. Becomes a button that posts its `kind`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactorChoice {
    /// Value of the field `kind`.
    pub kind: String,
    /// Translation key of its name.
    pub title_key: String,
    /// Translation key of what it is good for.
    pub description_key: Option<String>,
    /// Whether it takes the place of what is there; on the security page.
    pub replaces: bool,
}

impl FactorChoice {
    /// The texts by convention: `factor-<kind>` and `factor-<kind>-description`.
    #[must_use]
    pub fn new(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            title_key: format!("factor-{kind}"),
            description_key: Some(format!("factor-{kind}-description")),
            replaces: false,
        }
    }
}

/// Asks for a second factor. Posts to `/login/factor` (`flow`, `kind`, `ceremony` and the factor's own fields),
/// `/login/factor/choose` (`flow`, `kind`), `/login/restart` and `/login/cancel` (`flow`).
#[derive(Clone, Default, Serialize)]
pub struct SecondFactorPage {
    /// Opaque handle of the flow, hidden field `flow`.
    pub flow: String,
    /// The factor's own part.
    pub view: FactorView,
    /// Its kind, hidden field `kind`.
    pub kind: String,
    /// Other factors the person could use instead.
    pub others: Vec<FactorChoice>,
    /// Why the last attempt failed.
    pub error: Option<Message>,
    /// Who is signing in.
    pub username: String,
    /// The application that asked for the sign-in.
    pub client_name: Option<String>,
    /// Why this challenge appeared.
    pub reason: Option<Message>,
    /// Whether the application can be told that the person cancelled.
    pub cancel: bool,
    /// For how many days this browser can be remembered (field `remember`); `None` does not offer it.
    pub remember_days: Option<u32>,
    /// What helps in addition to the error, such as that the phone's clock is off.
    pub hint: Option<Message>,
    /// Reference of this challenge, for the help desk.
    pub trace: Option<String>,
}

impl Page for SecondFactorPage {
    const TEMPLATE: &'static str = "pages/second_factor.html";

    fn title_key(&self) -> &str {
        "factor-title"
    }

    fn samples() -> Vec<Self> {
        let totp = Self {
            flow: "fl_1".into(),
            view: FactorView {
                template: "factors/totp/verify.html".into(),
                data: json!({ "ceremony": "cy_1" }),
            },
            kind: "totp".into(),
            others: vec![FactorChoice::new("recovery")],
            username: "ada".into(),
            client_name: Some("Atlas Travel".into()),
            reason: Some(Message::notice(keys::REASON_APP_REQUIRES).arg("client", "Atlas Travel")),
            cancel: true,
            remember_days: Some(30),
            hint: None,
            trace: Some(SAMPLE_TRACE.into()),
            error: None,
        };
        let keys = webauthn_samples("verify").map(|(kind, view)| {
            let error = Some(Message::error(keys::PASSKEY_WRONG));
            Self { view, kind: kind.into(), error, ..totp.clone() }
        });
        let mut samples = vec![
            totp.clone(),
            Self {
                error: Some(Message::error(keys::CODE_WRONG)),
                hint: Some(Message::warning(keys::SKIPS_USED)),
                reason: None,
                remember_days: None,
                trace: None,
                others: Vec::new(),
                client_name: None,
                cancel: false,
                ..totp.clone()
            },
            Self {
                view: FactorView {
                    template: "factors/recovery/verify.html".into(),
                    data: json!({ "ceremony": "cy_2" }),
                },
                kind: "recovery".into(),
                others: vec![FactorChoice::new("totp")],
                error: Some(Message::error(keys::FACTOR_RECOVERY_WRONG)),
                ..totp
            },
        ];
        samples.extend(keys);
        samples
    }
}

/// Sets a factor up, inside a sign-in (with `flow`) or from the user center (without).
/// Posts to `action` with `flow`, `kind`, `ceremony` and the factor's own fields.
#[derive(Clone, Default, Serialize)]
pub struct EnrolPage {
    /// Path the form posts to.
    pub action: String,
    /// Opaque handle of the flow, hidden field `flow`; `None` in the user center.
    pub flow: Option<String>,
    /// The factor's own part. The headline is `factor-<kind>-enrol-title`; data may name another one as `title_key`. A
    /// template that includes `components/device_name.html` reads the names that are taken from `taken_labels`.
    pub view: FactorView,
    /// Its kind, hidden field `kind`.
    pub kind: String,
    /// Why the last attempt failed.
    pub error: Option<Message>,
    /// What helps in addition to the error, such as that the phone's clock is off.
    pub hint: Option<Message>,
    /// Whether the sign-in cannot go on without it.
    pub forced: bool,
    /// Why it is asked for.
    pub reason: Option<Message>,
    /// Where "Cancel" leads: with a flow a form posting to `/login/cancel`, otherwise a link to `/u/security`.
    pub cancel: bool,
    /// Whether it can be postponed, in a second form that posts to `/login/skip` (`flow`); only with a flow.
    pub skip: Option<SkipOffer>,
    /// Whether to warn that it cannot be switched off again.
    pub locked_warning: bool,
    /// Whether it takes the place of the one that there is.
    pub replaces: bool,
    /// Reference of this request, for the help desk.
    pub trace: Option<String>,
}

/// An enrolment that may be postponed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SkipOffer {
    /// How often it can still be postponed, this time included; `None` where that is not counted.
    pub left: Option<u32>,
    /// From when it is required, Unix seconds; `None` where no date was set.
    pub from: Option<i64>,
}

/// The views of the two kinds of WebAuthn factor: `enrol` or `verify`.
fn webauthn_samples(step: &str) -> [(&'static str, FactorView); 2] {
    ["passkey", "security-key"].map(|kind| {
        let options = r#"{"challenge":"q83vEjRWeJA","rpId":"fjord.example"}"#;
        let data = json!({ "ceremony": "cy_5", "options": options, "taken_labels": [] });
        (kind, FactorView { template: format!("factors/{kind}/{step}.html"), data })
    })
}

/// What a reference looks like.
const SAMPLE_TRACE: &str = "019a8c2e-6f31-7c1a-9f0e-2b7c4d5e6f70";

/// A QR code small enough to read in a test and large enough to look like one.
const SAMPLE_QR: &str = include_str!("sample_qr.svg");

impl Page for EnrolPage {
    const TEMPLATE: &'static str = "pages/enrol.html";

    fn title_key(&self) -> &str {
        "enrol-title"
    }

    fn samples() -> Vec<Self> {
        let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
        let data = json!({
            "ceremony": "cy_3",
            "qr_svg": SAMPLE_QR,
            "secret": secret,
            "secret_groups": ["JBSW", "Y3DP", "EHPK", "3PXP", "JBSW", "Y3DP", "EHPK", "3PXP"],
            "otpauth_url": format!("otpauth://totp/Fjord%20Library:ada?secret={secret}&issuer=Fjord%20Library"),
            "account": "ada",
            "issuer": "Fjord Library",
            "taken_labels": ["Phone"],
            "show_secret": true,
            "open_secret": false,
            "authenticators": [
                { "name": "Open Door", "android": "https://store.example/a", "ios": "https://store.example/i" },
                { "name": "Side Door", "android": null, "ios": "https://store.example/s" },
            ],
        });
        let view = FactorView { template: "factors/totp/enrol.html".into(), data };
        let recovery = |replaced: u32| FactorView {
            template: "factors/recovery/enrol.html".into(),
            data: json!({ "ceremony": "cy_4", "count": 10, "replaced": replaced, "title_key": null }),
        };
        let center = Self {
            action: "/u/security/enrol/finish".into(),
            view,
            kind: "totp".into(),
            cancel: true,
            ..Self::default()
        };
        let keys = webauthn_samples("enrol").map(|(kind, view)| {
            let error = Some(Message::error(keys::FACTOR_MODEL_REFUSED));
            Self { view, kind: kind.into(), error, ..center.clone() }
        });
        let mut samples = vec![
            Self {
                action: "/login/enrol".into(),
                flow: Some("fl_1".into()),
                forced: true,
                reason: Some(Message::notice(keys::REASON_POLICY_REQUIRED).arg("pool", "Fjord Library")),
                locked_warning: true,
                replaces: true,
                trace: Some(SAMPLE_TRACE.into()),
                ..center.clone()
            },
            Self {
                action: "/login/enrol".into(),
                flow: Some("fl_1".into()),
                reason: Some(Message::notice(keys::REASON_SUGGESTED).arg("pool", "Fjord Library")),
                skip: Some(SkipOffer { left: Some(2), from: None }),
                ..center.clone()
            },
            Self { error: Some(Message::error(keys::CODE_WRONG)), ..center.clone() },
            Self { error: Some(Message::error(keys::LABEL_INVALID)), ..center.clone() },
            Self { view: recovery(0), kind: "recovery".into(), ..center.clone() },
            Self { view: recovery(4), kind: "recovery".into(), ..center },
        ];
        samples.extend(keys);
        samples
    }
}

/// Chooses what to set up. Posts to `/login/enrol/choose` with `flow` and `kind`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct EnrolChoicePage {
    /// Opaque handle of the flow, hidden field `flow`.
    pub flow: String,
    /// What can be set up.
    pub choices: Vec<FactorChoice>,
    /// Why it is asked for.
    pub reason: Option<Message>,
    /// Whether the application can be told that the person cancelled.
    pub cancel: bool,
    /// Whether it can be postponed, in a form that posts to `/login/skip` (`flow`).
    pub skip: Option<SkipOffer>,
    /// Whether to warn that it cannot be switched off again.
    pub locked_warning: bool,
    /// Reference of this request, for the help desk.
    pub trace: Option<String>,
}

impl Page for EnrolChoicePage {
    const TEMPLATE: &'static str = "pages/enrol_choice.html";

    fn title_key(&self) -> &str {
        "enrol-choice-title"
    }

    fn samples() -> Vec<Self> {
        vec![
            Self {
                flow: "fl_1".into(),
                choices: vec![FactorChoice::new("totp"), FactorChoice::new("recovery")],
                reason: Some(Message::notice(keys::REASON_POLICY_REQUIRED).arg("pool", "Fjord Library")),
                cancel: true,
                skip: None,
                locked_warning: true,
                trace: Some(SAMPLE_TRACE.into()),
            },
            Self {
                flow: "fl_1".into(),
                skip: Some(SkipOffer { left: None, from: Some(1_797_592_000) }),
                choices: vec![FactorChoice {
                    kind: "totp".into(),
                    title_key: "factor-totp".into(),
                    description_key: None,
                    replaces: false,
                }],
                ..Self::default()
            },
        ]
    }
}

/// Shows what a factor reveals only once, such as fresh recovery codes. "Next" posts to `action`, within a
/// sign-in with `flow`, and says that it is saved.
#[derive(Clone, Default, Serialize)]
pub struct RevealPage {
    /// The factor's own part. Its data needs no `ceremony`.
    pub view: FactorView,
    /// Its kind, for the headline `factor-<kind>-reveal-title`; data may name another one as `title_key`.
    pub kind: String,
    /// Path the form posts to.
    pub action: String,
    /// Opaque handle of the flow, hidden field `flow`; `None` in the user center.
    pub flow: Option<String>,
    /// Account it belongs to; printed on the sheet and written into the file.
    pub generated_for: String,
}

impl Page for RevealPage {
    const TEMPLATE: &'static str = "pages/reveal.html";

    fn title_key(&self) -> &str {
        "reveal-title"
    }

    fn samples() -> Vec<Self> {
        let codes: Vec<String> = (0..10).map(|n| format!("K7QM-{n}XT2-9WBD-4HFR-{n}ZNC-6PJV")).collect();
        let flow = Self {
            view: FactorView {
                template: "factors/recovery/codes.html".into(),
                data: json!({ "codes": codes }),
            },
            kind: "recovery".into(),
            action: "/login/codes".into(),
            flow: Some("fl_1".into()),
            generated_for: "ada".into(),
        };
        vec![flow.clone(), Self { flow: None, action: "/u/security".into(), ..flow }]
    }
}
