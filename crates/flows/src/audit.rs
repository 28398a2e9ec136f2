//! The audit trail: who did what, from where, and how it ended. Rows are written in the transaction they tell about.

use crate::{app::App, context::Cx};
use serde_json::{Value, json};
use vestibule_domain::{SessionId, UserId};
use vestibule_store::records::AuditRow;

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
