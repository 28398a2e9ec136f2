//! What several pages say in the same words.

use crate::visit::Visit;
use http::StatusCode;
use vestibule_domain::password::Weakness;
use vestibule_flows::Revealed;
use vestibule_mfa::FactorView;
use vestibule_pages::{Message, RevealPage, keys};

/// What a page says about what was just tried, and with which status.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) status: StatusCode,
    /// What was done, or how it can be done.
    pub(crate) notice: Option<Message>,
    /// What is wrong.
    pub(crate) error: Option<Message>,
}

impl Said {
    /// Something was done.
    pub(crate) fn done(key: &'static str) -> Self {
        Self { notice: Some(Message::success(key)), ..Self::default() }
    }

    /// Something is wrong.
    pub(crate) fn wrong(status: StatusCode, error: Message) -> Self {
        Self { status, notice: None, error: Some(error) }
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

/// What is shown only once.
pub(crate) fn reveal(revealed: Revealed, action: &str, flow: Option<String>) -> RevealPage {
    let Revealed { kind, view, account } = revealed;
    let (kind, action) = (kind.to_string(), action.to_owned());
    RevealPage { view: shown(view), kind, action, flow, generated_for: account }
}
