//! Registration by a mailed link.

use crate::{
    extract::{Asked, Posted},
    http::{
        form::Fields,
        reply::{Reply, Stop},
    },
    messages::{password_min, throttled, weak},
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
    let login_url = paths::login_for(query.request.as_deref());
    let page = RegisterPage { request: query.request, email: String::new(), error: None, login_url };
    Ok(visit.page(StatusCode::OK, &page, Frame::default()))
}

/// Sends the link.
pub(crate) async fn ask(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let request = fields.optional("request");
    let login_url = paths::login_for(request);
    let (status, error) =
        match visit.app().accounts().register(&visit.cx, request, fields.get("email")).await? {
            Ok(Some(LinkAsked::Taken)) => {
                let page = MailSentPage { purpose: MailPurpose::Register, login_url };
                return Ok(visit.page(StatusCode::OK, &page, Frame::default()));
            }
            Ok(Some(LinkAsked::TooMany { seconds })) => (StatusCode::TOO_MANY_REQUESTS, throttled(seconds)),
            Ok(None) => return Err(OFF),
            Err(_) => (StatusCode::BAD_REQUEST, Message::error(keys::EMAIL_INVALID)),
        };
    let page = RegisterPage {
        request: request.map(str::to_owned),
        email: fields.get("email").chars().take(254).collect(),
        error: Some(error),
        login_url,
    };
    Ok(visit.page(status, &page, Frame::default()))
}

/// The form behind the link.
pub(crate) async fn form(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    let email = visit.app().accounts().registration_address(&visit.cx, &query.token).await?;
    let page = RegisterCompletePage {
        token: query.token,
        email: email.ok_or(BAD_LINK)?,
        username: String::new(),
        name: String::new(),
        password_min: password_min(&visit),
        error: None,
    };
    Ok(visit.page(StatusCode::OK, &page, Frame::default()))
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
    let error = match visit.app().accounts().complete_registration(&visit.cx, form).await? {
        Registration::Done { request } => return Ok(done(&visit, keys::DONE_REGISTERED, &request)),
        Registration::Closed => return Err(OFF),
        Registration::BadLink => return Err(BAD_LINK),
        Registration::BadUsername => Message::error(keys::USERNAME_INVALID),
        Registration::UsernameTaken => Message::error(keys::USERNAME_TAKEN),
        Registration::BadName => Message::error(keys::NAME_INVALID),
        Registration::Weak(weakness) => weak(weakness),
        Registration::LinkUsedUp => {
            let error = Message::error(keys::LINK_USED_UP);
            return again(&visit, &fields, StatusCode::TOO_MANY_REQUESTS, error).await;
        }
    };
    again(&visit, &fields, StatusCode::BAD_REQUEST, error).await
}

/// The form behind the link once more.
async fn again(visit: &Visit, fields: &Fields, status: StatusCode, error: Message) -> Reply {
    let email = visit.app().accounts().registration_address(&visit.cx, fields.get("token")).await?;
    let page = RegisterCompletePage {
        token: fields.get("token").to_owned(),
        email: email.ok_or(BAD_LINK)?,
        username: fields.get("username").chars().take(64).collect(),
        name: fields.get("name").chars().take(128).collect(),
        password_min: password_min(visit),
        error: Some(error),
    };
    Ok(visit.page(status, &page, Frame::default()))
}

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
    visit.page(StatusCode::OK, &page, Frame::default())
}
