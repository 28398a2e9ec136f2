//! Password reset by a mailed link.

use crate::{
    extract::{Asked, Posted},
    http::reply::Reply,
    login::register::{BAD_LINK, OFF, Query, done},
    messages::{password_min, throttled, weak},
    page::Frame,
    paths,
    visit::Visit,
};
use http::StatusCode;
use vestibule_flows::{LinkAsked, ResetOutcome};
use vestibule_pages::{MailPurpose, MailSentPage, Message, ResetFormPage, ResetRequestPage, keys};

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
    let (request, identifier) = (fields.optional("request"), fields.get("identifier"));
    let asked = visit.app().accounts().ask_reset(&visit.cx, request, identifier).await?.ok_or(OFF)?;
    let login_url = paths::login_for(request);
    if let LinkAsked::TooMany { seconds } = asked {
        let page = ResetRequestPage {
            request: request.map(str::to_owned),
            identifier: identifier.chars().take(254).collect(),
            error: Some(throttled(seconds)),
            login_url,
        };
        return Ok(visit.page(StatusCode::TOO_MANY_REQUESTS, &page, Frame::default()));
    }
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
    let reset = visit.app().accounts().complete_reset(&visit.cx, token, fields.secret("password")).await?;
    let (status, error) = match reset {
        ResetOutcome::Done { request } => return Ok(done(&visit, keys::DONE_RESET, &request)),
        ResetOutcome::Closed => return Err(OFF),
        ResetOutcome::BadLink => return Err(BAD_LINK),
        ResetOutcome::Weak(weakness) => (StatusCode::BAD_REQUEST, weak(weakness)),
        ResetOutcome::LinkUsedUp => (StatusCode::TOO_MANY_REQUESTS, Message::error(keys::LINK_USED_UP)),
    };
    let page =
        ResetFormPage { token: token.to_owned(), password_min: password_min(&visit), error: Some(error) };
    Ok(visit.page(status, &page, Frame::default()))
}
