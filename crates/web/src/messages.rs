//! What several pages say in the same words.

use crate::visit::{NOTE, Visit};
use axum::response::Response;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vestibule_domain::password::Weakness;
use vestibule_flows::Revealed;
use vestibule_mfa::FactorView;
use vestibule_pages::{Message, RevealPage, keys};

/// What a page says about what was just tried, and with which status. It travels sealed in the page's address, from the
/// answer to a form to the page that the answer leads to.
#[derive(Clone, Default)]
pub(crate) struct Said {
    pub(crate) status: StatusCode,
    /// What was done, or how it can be done.
    pub(crate) notice: Option<Message>,
    /// What is wrong.
    pub(crate) error: Option<Message>,
    /// Further reasons.
    pub(crate) more: Vec<Message>,
    /// Something is over, and this is its last page.
    pub(crate) ended: Option<Ended>,
    /// What was typed, by field.
    pub(crate) typed: BTreeMap<String, String>,
}

/// What is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Ended {
    /// A mail is on its way.
    Mailed,
    /// What a mailed link was for is done; on with this sealed request, or with none.
    Done(String),
    /// Too many wrong answers; seconds until the next try.
    Locked(i64),
}

#[derive(Serialize, Deserialize)]
struct Note {
    status: u16,
    notice: Option<Message>,
    error: Option<Message>,
    more: Vec<Message>,
    ended: Option<Ended>,
    typed: BTreeMap<String, String>,
}

/// More of what was typed is not kept, in characters.
const LONGEST_TYPED: usize = 254;

impl Visit {
    /// Answers a form: the browser goes on to a page, which says what became of it. Whoever reloads that page, or goes back
    /// to it, sends nothing again.
    pub(crate) fn say(&self, page: &str, said: &Said) -> Response {
        let Said { notice, error, more, ended, typed, .. } = said.clone();
        let note = Note { status: said.status.as_u16(), notice, error, more, ended, typed };
        let note = serde_json::to_vec(&note).unwrap_or_default();
        let joint = if page.contains('?') { '&' } else { '?' };
        self.see_other(&format!("{page}{joint}{NOTE}={}", self.app().seal_note(&self.cx, &note)))
    }

    /// What the page of this address has to say.
    pub(crate) fn said(&self) -> Said {
        let note = self.note.as_deref().and_then(|note| self.app().open_note(&self.cx, note));
        let note = note.and_then(|note| serde_json::from_slice::<Note>(&note).ok());
        note.map_or_else(Said::default, |note| {
            let Note { status, notice, error, more, ended, typed } = note;
            let status = StatusCode::from_u16(status).unwrap_or_default();
            Said { status, notice, error, more, ended, typed }
        })
    }
}

impl Said {
    /// Something is over.
    pub(crate) fn ended(ended: Ended) -> Self {
        Self { ended: Some(ended), ..Self::default() }
    }

    /// Keeps what was typed into a field, for the page to show it again. Never a secret.
    pub(crate) fn typed(mut self, field: &str, text: &str) -> Self {
        self.typed.insert(field.to_owned(), text.chars().take(LONGEST_TYPED).collect());
        self
    }

    /// What was typed into a field before.
    pub(crate) fn again(&self, field: &str) -> Option<String> {
        self.typed.get(field).cloned()
    }

    /// Something was done.
    pub(crate) fn done(key: &'static str) -> Self {
        Self { notice: Some(Message::success(key)), ..Self::default() }
    }

    /// Something is wrong.
    pub(crate) fn wrong(status: StatusCode, error: Message) -> Self {
        Self { status, error: Some(error), ..Self::default() }
    }

    /// What was to be changed does not exist, or no longer.
    pub(crate) fn gone() -> Self {
        Self::wrong(StatusCode::NOT_FOUND, Message::error(keys::GONE))
    }
}

/// Too many attempts, and how long to wait.
pub(crate) fn too_many(seconds: i64) -> Said {
    Said::wrong(StatusCode::TOO_MANY_REQUESTS, throttled(seconds))
}

/// How long to wait, in the unit that people would use.
pub(crate) fn throttled(seconds: i64) -> Message {
    if seconds < 90 {
        Message::error(keys::THROTTLED_SECONDS).arg("seconds", seconds)
    } else {
        Message::error(keys::THROTTLED).arg("minutes", (seconds + 59) / 60)
    }
}

/// The challenge that was answered is not the one that waits.
pub(crate) fn stale() -> Said {
    Said::wrong(StatusCode::CONFLICT, Message::error(keys::CEREMONY_EXPIRED))
}

/// A factor says that the answer is wrong.
pub(crate) fn wrong_answer(kind: &vestibule_domain::FactorKind) -> Said {
    Said::wrong(StatusCode::OK, Message::error(format!("factor-{kind}-wrong")))
}

/// What is wrong with a new password.
pub(crate) fn weak(weakness: Weakness) -> Message {
    match weakness {
        Weakness::TooShort(min) => Message::error(keys::PASSWORD_TOO_SHORT).arg("min", min),
        Weakness::TooLong => Message::error(keys::PASSWORD_TOO_LONG),
        Weakness::Common => Message::error(keys::PASSWORD_COMMON),
        Weakness::Personal => Message::error(keys::PASSWORD_CONTAINS_IDENTITY),
    }
}

/// The least length of a password, for the page to say it.
pub(crate) fn password_min(visit: &Visit) -> u32 {
    u32::try_from(vestibule_flows::password_min(&visit.cx.pool.pool)).unwrap_or(0)
}

/// A factor's view as the pages know it.
pub(crate) fn shown(view: FactorView) -> vestibule_pages::FactorView {
    vestibule_pages::FactorView { template: view.template, data: view.data }
}

/// The view of a factor that is being enrolled, with the name that was typed for it before.
pub(crate) fn shown_again(view: FactorView, said: &Said) -> vestibule_pages::FactorView {
    let mut view = shown(view);
    if let (Some(label), Some(fields)) = (said.again("label"), view.data.as_object_mut()) {
        fields.insert("label_suggestion".to_owned(), label.into());
    }
    view
}

/// What is shown only once.
pub(crate) fn reveal(revealed: Revealed, action: &str, flow: Option<String>) -> RevealPage {
    let Revealed { kind, view, account } = revealed;
    let (kind, action) = (kind.to_string(), action.to_owned());
    RevealPage { view: shown(view), kind, action, flow, generated_for: account }
}
