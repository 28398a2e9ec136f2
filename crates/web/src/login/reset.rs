//! Password reset by a mailed link.

use crate::{
    extract::{Asked, Posted, token},
    http::reply::Reply,
    login::register::{BAD_LINK, OFF, Query, done},
    messages::{Ended, Said, password_min, too_many, weak},
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
    let said = visit.said();
    let login_url = paths::login_for(query.request.as_deref());
    if said.ended == Some(Ended::Mailed) {
        let page = MailSentPage { purpose: MailPurpose::Reset, login_url };
        return Ok(visit.page(StatusCode::OK, &page, Frame::default()));
    }
    let identifier = said.again("identifier").unwrap_or_default();
    let page = ResetRequestPage { request: query.request, identifier, error: said.error, login_url };
    Ok(visit.page(said.status, &page, Frame::default()))
}

/// Sends the link.
pub(crate) async fn ask(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let request = Some(token(fields.get("request"))).filter(|request| !request.is_empty());
    let identifier = fields.get("identifier");
    let asked = visit.app().accounts().ask_reset(&visit.cx, request, identifier).await?.ok_or(OFF)?;
    let said = match asked {
        LinkAsked::Taken => Said::ended(Ended::Mailed),
        LinkAsked::TooMany { seconds } => too_many(seconds).typed("identifier", identifier),
    };
    let page = request.map_or_else(|| paths::RESET.to_owned(), paths::reset);
    Ok(visit.say(&page, &said))
}

/// The form behind the link.
pub(crate) async fn form(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    let said = visit.said();
    if let Some(Ended::Done(request)) = &said.ended {
        return Ok(done(&visit, keys::DONE_RESET, request));
    }
    if !visit.app().accounts().reset_link_is_good(&visit.cx, &query.token).await? {
        return Err(BAD_LINK);
    }
    let page = ResetFormPage { token: query.token, password_min: password_min(&visit), error: said.error };
    Ok(visit.page(said.status, &page, Frame::default()))
}

/// Sets the password.
pub(crate) async fn complete(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let link = token(fields.get("token"));
    let reset = visit.app().accounts().complete_reset(&visit.cx, link, fields.secret("password")).await?;
    let (status, error) = match reset {
        ResetOutcome::Done { request } => {
            return Ok(visit.say(paths::RESET_COMPLETE, &Said::ended(Ended::Done(request))));
        }
        ResetOutcome::Closed => return Err(OFF),
        ResetOutcome::BadLink => return Err(BAD_LINK),
        ResetOutcome::Weak(weakness) => (StatusCode::BAD_REQUEST, weak(weakness)),
        ResetOutcome::LinkUsedUp => (StatusCode::TOO_MANY_REQUESTS, Message::error(keys::LINK_USED_UP)),
    };
    Ok(visit.say(&paths::of_link(paths::RESET_COMPLETE, link), &Said::wrong(status, error)))
}
