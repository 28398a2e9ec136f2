//! Password reset by a mailed link.

use crate::{
    extract::Posted,
    login::register::{Asked, bad_link, done, off},
    messages::{password_min, weak},
    page::Frame,
    paths,
    visit::Visit,
};
use axum::{extract::Query, response::Response};
use http::StatusCode;
use vestibule_flows::ResetOutcome;
use vestibule_pages::{MailPurpose, MailSentPage, ResetFormPage, ResetRequestPage, keys};

/// Asks for the account.
pub(crate) async fn page(visit: Visit, Query(asked): Query<Asked>) -> Response {
    if !visit.app().offers_reset(&visit.cx) {
        return off(&visit);
    }
    let login_url = paths::login_for(asked.request.as_deref());
    let page = ResetRequestPage { request: asked.request, identifier: String::new(), error: None, login_url };
    visit.page(StatusCode::OK, &page, Frame::default())
}

/// Sends the link.
pub(crate) async fn ask(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    match visit.app().accounts().ask_reset(&visit.cx, fields.get("identifier")).await {
        Ok(true) => {
            let login_url = paths::login_for(fields.optional("request"));
            let page = MailSentPage { purpose: MailPurpose::Reset, login_url };
            visit.page(StatusCode::OK, &page, Frame::default())
        }
        Ok(false) => off(&visit),
        Err(cause) => visit.failed(&cause),
    }
}

/// The form behind the link.
pub(crate) async fn form(visit: Visit, Query(asked): Query<Asked>) -> Response {
    match visit.app().accounts().reset_link_is_good(&visit.cx, &asked.token).await {
        Ok(true) => {
            let page = ResetFormPage { token: asked.token, password_min: password_min(&visit), error: None };
            visit.page(StatusCode::OK, &page, Frame::default())
        }
        Ok(false) => bad_link(&visit),
        Err(cause) => visit.failed(&cause),
    }
}

/// Sets the password.
pub(crate) async fn complete(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let token = fields.get("token");
    match visit.app().accounts().complete_reset(&visit.cx, token, fields.secret("password")).await {
        Ok(ResetOutcome::Done) => done(&visit, keys::DONE_RESET, ""),
        Ok(ResetOutcome::Closed) => off(&visit),
        Ok(ResetOutcome::BadLink) => bad_link(&visit),
        Ok(ResetOutcome::Weak(weakness)) => {
            let (token, password_min) = (token.to_owned(), password_min(&visit));
            let page = ResetFormPage { token, password_min, error: Some(weak(weakness)) };
            visit.page(StatusCode::BAD_REQUEST, &page, Frame::default())
        }
        Err(cause) => visit.failed(&cause),
    }
}
