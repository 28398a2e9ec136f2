//! Password reset by a mailed link.

use crate::{
    extract::{Asked, Posted},
    http::reply::Reply,
    login::register::{BAD_LINK, OFF, Query, done},
    messages::{password_min, weak},
    page::Frame,
    paths,
    visit::Visit,
};
use http::StatusCode;
use vestibule_flows::ResetOutcome;
use vestibule_pages::{MailPurpose, MailSentPage, ResetFormPage, ResetRequestPage, keys};

/// Asks for the account.
pub(crate) async fn page(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    if !visit.app().offers_reset(&visit.cx) {
        return Err(OFF);
    }
    let login_url = paths::login_for(query.request.as_deref());
    let page = ResetRequestPage { request: query.request, identifier: String::new(), error: None, login_url };
    Ok(visit.page(StatusCode::OK, &page, Frame::default()))
}

/// Sends the link.
pub(crate) async fn ask(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let request = fields.optional("request");
    if !visit.app().accounts().ask_reset(&visit.cx, request, fields.get("identifier")).await? {
        return Err(OFF);
    }
    let login_url = paths::login_for(request);
    let page = MailSentPage { purpose: MailPurpose::Reset, login_url };
    Ok(visit.page(StatusCode::OK, &page, Frame::default()))
}

/// The form behind the link.
pub(crate) async fn form(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    if !visit.app().accounts().reset_link_is_good(&visit.cx, &query.token).await? {
        return Err(BAD_LINK);
    }
    let page = ResetFormPage { token: query.token, password_min: password_min(&visit), error: None };
    Ok(visit.page(StatusCode::OK, &page, Frame::default()))
}

/// Sets the password.
pub(crate) async fn complete(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let token = fields.get("token");
    match visit.app().accounts().complete_reset(&visit.cx, token, fields.secret("password")).await? {
        ResetOutcome::Done { request } => Ok(done(&visit, keys::DONE_RESET, &request)),
        ResetOutcome::Closed => Err(OFF),
        ResetOutcome::BadLink => Err(BAD_LINK),
        ResetOutcome::Weak(weakness) => {
            let (token, password_min) = (token.to_owned(), password_min(&visit));
            let page = ResetFormPage { token, password_min, error: Some(weak(weakness)) };
            Ok(visit.page(StatusCode::BAD_REQUEST, &page, Frame::default()))
        }
    }
}
