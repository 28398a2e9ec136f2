//! A first factor without a password.

use crate::{extract::Posted, login::password::show, messages::throttled};
use axum::response::Response;
use http::StatusCode;
use vestibule_domain::FactorKind;
use vestibule_flows::PasswordlessAnswer;
use vestibule_pages::{Message, keys};

/// An answer at a first factor without a password.
pub(crate) async fn answer(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let (request, kind) = (fields.get("request"), FactorKind::from_text(fields.get("kind")));
    let asked = (&kind, fields.get("ceremony"));
    let answer =
        visit.app().sign_in().answer_passwordless(&visit.cx, request, asked, fields.for_factor()).await;
    let (status, error) = match answer {
        Ok(PasswordlessAnswer::Step(step)) => return visit.step(Ok(*step)),
        Ok(PasswordlessAnswer::Wrong) => (StatusCode::OK, Message::error(keys::PASSKEY_WRONG)),
        Ok(PasswordlessAnswer::Throttled { seconds }) => (StatusCode::TOO_MANY_REQUESTS, throttled(seconds)),
        Ok(PasswordlessAnswer::Stale) => (StatusCode::CONFLICT, Message::error(keys::CEREMONY_EXPIRED)),
        Err(cause) => return visit.failed(&cause),
    };
    let request = request.to_owned();
    show(visit, Some(&request), false, String::new(), (status, Some(error))).await
}
