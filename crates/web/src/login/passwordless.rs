//! A first factor without a password.

use crate::{
    extract::{Posted, token},
    http::reply::Reply,
    login::password::once_more,
    messages::{Said, stale, too_many},
};
use http::StatusCode;
use vestibule_domain::FactorKind;
use vestibule_flows::PasswordlessAnswer;
use vestibule_pages::{Message, keys};

/// An answer at a first factor without a password.
pub(crate) async fn answer(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let (request, ceremony) = (token(fields.get("request")).to_owned(), fields.get("ceremony").to_owned());
    let kind = FactorKind::from_text(fields.get("kind"));
    let input = fields.into_factor_input();
    let sign_in = visit.app().sign_in();
    let said = match sign_in.answer_passwordless(&visit.cx, &request, &kind, &ceremony, input).await? {
        PasswordlessAnswer::Step(step) => return Ok(visit.step(&step)),
        PasswordlessAnswer::Wrong => Said::wrong(StatusCode::OK, Message::error(keys::PASSKEY_WRONG)),
        PasswordlessAnswer::Throttled { seconds } => too_many(seconds),
        PasswordlessAnswer::Stale => stale(),
    };
    once_more(&visit, &request, "", said).await
}
