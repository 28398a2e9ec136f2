//! The audit trail: who did what, from where, and how it ended. Rows are written in the transaction they tell about.

use crate::base::{app::App, cx::Cx};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use vestibule_domain::{Acr, Because, Intent, LoginFlow, Requirement, SessionId, Stage, UserId};
use vestibule_store::records::AuditRow;

/// Action of the row that explains a challenge.
pub(crate) const CHALLENGE: &str = "challenge";

/// Action of the row that explains a refusal.
pub(crate) const REFUSAL: &str = "refusal";

/// How something ended.
#[derive(Clone, Copy)]
pub(crate) enum Ended {
    Done,
    Refused,
}

impl App {
    /// A row for the audit trail. `detail` never holds a secret.
    pub(crate) fn audit(&self, cx: &Cx, action: &str, user: Option<UserId>, ended: Ended) -> AuditRow {
        AuditRow {
            id: self.uuid(cx.now),
            at: cx.now,
            action: action.to_owned(),
            user,
            client_id: None,
            session: None,
            ip: cx.ip.clone(),
            request_id: Some(cx.request_id.clone()),
            outcome: match ended {
                Ended::Done => "done",
                Ended::Refused => "refused",
            }
            .to_owned(),
            detail: "{}".to_owned(),
        }
    }

    /// The row that explains why a challenge was put. Its identifier is the flow's, so that what the page shows as a
    /// reference leads to it.
    pub(crate) fn challenge_row(&self, cx: &Cx, flow: &LoginFlow) -> AuditRow {
        let requirement = flow.requirement();
        let mut row = self.audit(cx, CHALLENGE, Some(flow.user()), Ended::Done);
        row.id = flow.id().as_uuid();
        row.session = flow.base();
        row.client_id = client_of(flow.intent());
        row.detail = json!({ "stage": stage_name(flow), "why": Why::of(requirement) }).to_string();
        row
    }

    /// The row that explains why somebody was turned away.
    pub(crate) fn refusal_row(
        &self,
        cx: &Cx,
        (user, intent): (UserId, &Intent),
        requirement: Option<&Requirement>,
    ) -> AuditRow {
        let mut row = self.audit(cx, REFUSAL, Some(user), Ended::Refused);
        row.client_id = client_of(intent);
        row.detail = json!({ "why": requirement.map(Why::of) }).to_string();
        row
    }
}

/// The application that an intent is about.
fn client_of(intent: &Intent) -> Option<String> {
    let Intent::Authorize(asked) = intent else { return None };
    Some(asked.client_id.clone()).filter(|id| !id.is_empty())
}

fn stage_name(flow: &LoginFlow) -> &'static str {
    match flow.stage() {
        Stage::SecondFactor { .. } => "second-factor",
        Stage::Enrol { .. } => "enrol",
        Stage::Suggest { .. } => "suggest",
        Stage::SaveCodes | Stage::Authenticated | Stage::Refused(_) => "done",
    }
}

/// Which rules asked for what, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// The least class.
    pub acr: Acr,
    /// Reasons and their rules, the most important first.
    pub reasons: Vec<Because>,
    /// Version of the pool's settings.
    pub version: i64,
}

impl Why {
    pub(crate) fn of(requirement: &Requirement) -> Self {
        let (acr, reasons, version) = (requirement.acr, requirement.reasons.clone(), requirement.version);
        Self { acr, reasons, version }
    }
}

/// Fills in what else is known.
pub(crate) trait Detailed {
    fn client(self, id: &str) -> Self;
    fn in_session(self, id: SessionId) -> Self;
    fn why(self, key: &str, value: impl Into<Value>) -> Self;
}

impl Detailed for AuditRow {
    fn client(mut self, id: &str) -> Self {
        self.client_id = Some(id.to_owned());
        self
    }
    fn in_session(mut self, id: SessionId) -> Self {
        self.session = Some(id);
        self
    }
    fn why(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.detail = json!({ key: value.into() }).to_string();
        self
    }
}
