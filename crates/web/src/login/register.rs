//! Registration by a mailed link.

use crate::{
    extract::{Asked, Posted, token},
    http::reply::{Reply, Stop},
    messages::{Ended, Said, password_min, too_many, weak},
    page::Frame,
    paths,
    visit::Visit,
};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use vestibule_flows::{LinkAsked, Registration, RegistrationForm};
use vestibule_pages::{
    DonePage, MailPurpose, MailSentPage, Message, RegisterCompletePage, RegisterPage, keys,
};

/// Query of these pages.
#[derive(Deserialize)]
pub(crate) struct Query {
    #[serde(default)]
    pub(crate) request: Option<String>,
    #[serde(default)]
    pub(crate) token: String,
}

/// The pool does not offer this.
pub(crate) const OFF: Stop = Stop::Problem(StatusCode::FORBIDDEN, keys::FEATURE_OFF);

/// The link is unknown, expired or used.
pub(crate) const BAD_LINK: Stop = Stop::Problem(StatusCode::GONE, keys::LINK_INVALID_OR_USED);

/// Asks for the address.
pub(crate) async fn page(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    if !visit.app().offers_registration(&visit.cx) {
        return Err(OFF);
    }
    let said = visit.said();
    let login_url = paths::login_for(query.request.as_deref());
    if said.ended == Some(Ended::Mailed) {
        let page = MailSentPage { purpose: MailPurpose::Register, login_url };
        return Ok(visit.page(StatusCode::OK, &page, Frame::default()));
    }
    let email = said.again("email").unwrap_or_default();
    let page = RegisterPage { request: query.request, email, error: said.error, login_url };
    Ok(visit.page(said.status, &page, Frame::default()))
}

/// Sends the link.
pub(crate) async fn ask(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let request = Some(token(fields.get("request"))).filter(|request| !request.is_empty());
    let said = match visit.app().accounts().register(&visit.cx, request, fields.get("email")).await? {
        Ok(Some(LinkAsked::Taken)) => Said::ended(Ended::Mailed),
        Ok(Some(LinkAsked::TooMany { seconds })) => too_many(seconds),
        Ok(None) => return Err(OFF),
        Err(_) => Said::wrong(StatusCode::BAD_REQUEST, Message::error(keys::EMAIL_INVALID)),
    };
    let page = request.map_or_else(|| paths::REGISTER.to_owned(), paths::register);
    Ok(visit.say(&page, &said.typed("email", fields.get("email"))))
}

/// The form behind the link.
pub(crate) async fn form(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    let said = visit.said();
    if let Some(Ended::Done(request)) = &said.ended {
        return Ok(done(&visit, keys::DONE_REGISTERED, request));
    }
    let email = visit.app().accounts().registration_address(&visit.cx, &query.token).await?;
    let page = RegisterCompletePage {
        token: query.token,
        email: email.ok_or(BAD_LINK)?,
        username: said.again("username").unwrap_or_default(),
        name: said.again("name").unwrap_or_default(),
        password_min: password_min(&visit),
        error: said.error,
    };
    Ok(visit.page(said.status, &page, Frame::default()))
}

/// Creates the account.
pub(crate) async fn complete(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let form = RegistrationForm {
        token: fields.get("token").to_owned(),
        username: fields.get("username").to_owned(),
        name: fields.get("name").to_owned(),
        password: fields.secret("password"),
    };
    let mut status = StatusCode::BAD_REQUEST;
    let error = match visit.app().accounts().complete_registration(&visit.cx, form).await? {
        Registration::Done { request } => {
            return Ok(visit.say(paths::REGISTER_COMPLETE, &Said::ended(Ended::Done(request))));
        }
        Registration::Closed => return Err(OFF),
        Registration::BadLink => return Err(BAD_LINK),
        Registration::BadUsername => Message::error(keys::USERNAME_INVALID),
        Registration::UsernameTaken => Message::error(keys::USERNAME_TAKEN),
        Registration::BadName => Message::error(keys::NAME_INVALID),
        Registration::Weak(weakness) => weak(weakness),
        Registration::LinkUsedUp => {
            status = StatusCode::TOO_MANY_REQUESTS;
            Message::error(keys::LINK_USED_UP)
        }
    };
    let said = Said::wrong(status, error)
        .typed("username", fields.get("username"))
        .typed("name", fields.get("name"));
    Ok(visit.say(&paths::of_link(paths::REGISTER_COMPLETE, token(fields.get("token"))), &said))
}

/// What a mailed link was for is done.
pub(crate) fn done(visit: &Visit, title: &'static str, request: &str) -> Response {
    let detail =
        if title == keys::DONE_RESET { keys::DONE_RESET_DETAIL } else { keys::DONE_REGISTERED_DETAIL };
    let request = Some(request).filter(|request| !request.is_empty());
    let page = DonePage {
        title: Message::success(title),
        detail: Message::notice(detail),
        next_url: paths::login_for(request),
        next_label: Message::notice(keys::NEXT_SIGN_IN),
        advice: None,
    };
    visit.page(StatusCode::OK, &page, Frame::toward(request.is_some()))
}
