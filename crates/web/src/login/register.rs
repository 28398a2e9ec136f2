//! Registration by a mailed link.

use crate::{
    extract::Posted,
    messages::{password_min, weak},
    page::Frame,
    paths,
    visit::Visit,
};
use axum::{extract::Query, response::Response};
use http::StatusCode;
use serde::Deserialize;
use vestibule_flows::{Registration, RegistrationForm};
use vestibule_pages::{
    DonePage, MailPurpose, MailSentPage, Message, RegisterCompletePage, RegisterPage, keys,
};

/// Query of these pages.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    pub(crate) request: Option<String>,
    #[serde(default)]
    pub(crate) token: String,
}

pub(crate) fn off(visit: &Visit) -> Response {
    visit.problem(StatusCode::FORBIDDEN, Message::error(keys::FEATURE_OFF))
}

pub(crate) fn bad_link(visit: &Visit) -> Response {
    visit.problem(StatusCode::GONE, Message::error(keys::LINK_INVALID_OR_USED))
}

/// Asks for the address.
pub(crate) async fn page(visit: Visit, Query(asked): Query<Asked>) -> Response {
    if !visit.app().offers_registration(&visit.cx) {
        return off(&visit);
    }
    let login_url = paths::login_for(asked.request.as_deref());
    let page = RegisterPage { request: asked.request, email: String::new(), error: None, login_url };
    visit.page(StatusCode::OK, &page, Frame::default())
}

/// Sends the link.
pub(crate) async fn ask(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let request = fields.optional("request");
    match visit.app().accounts().register(&visit.cx, request, fields.get("email")).await {
        Ok(Ok(true)) => {
            let page = MailSentPage { purpose: MailPurpose::Register, login_url: paths::login_for(request) };
            visit.page(StatusCode::OK, &page, Frame::default())
        }
        Ok(Ok(false)) => off(&visit),
        Ok(Err(_)) => {
            let page = RegisterPage {
                request: request.map(str::to_owned),
                email: fields.get("email").chars().take(254).collect(),
                error: Some(Message::error(keys::EMAIL_INVALID)),
                login_url: paths::login_for(request),
            };
            visit.page(StatusCode::BAD_REQUEST, &page, Frame::default())
        }
        Err(cause) => visit.failed(&cause),
    }
}

/// The form behind the link.
pub(crate) async fn form(visit: Visit, Query(asked): Query<Asked>) -> Response {
    match visit.app().accounts().registration_address(&visit.cx, &asked.token).await {
        Ok(Some(email)) => {
            let page = RegisterCompletePage {
                token: asked.token,
                email,
                username: String::new(),
                name: String::new(),
                password_min: password_min(&visit),
                error: None,
            };
            visit.page(StatusCode::OK, &page, Frame::default())
        }
        Ok(None) => bad_link(&visit),
        Err(cause) => visit.failed(&cause),
    }
}

/// Creates the account.
pub(crate) async fn complete(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let form = RegistrationForm {
        token: fields.get("token").to_owned(),
        username: fields.get("username").to_owned(),
        name: fields.get("name").to_owned(),
        password: fields.secret("password"),
    };
    let error = match visit.app().accounts().complete_registration(&visit.cx, form).await {
        Ok(Registration::Done { request }) => return done(&visit, keys::DONE_REGISTERED, &request),
        Ok(Registration::Closed) => return off(&visit),
        Ok(Registration::BadLink) => return bad_link(&visit),
        Ok(Registration::BadUsername) => Message::error(keys::USERNAME_INVALID),
        Ok(Registration::UsernameTaken) => Message::error(keys::USERNAME_TAKEN),
        Ok(Registration::Weak(weakness)) => weak(weakness),
        Err(cause) => return visit.failed(&cause),
    };
    let email = match visit.app().accounts().registration_address(&visit.cx, fields.get("token")).await {
        Ok(Some(email)) => email,
        Ok(None) => return bad_link(&visit),
        Err(cause) => return visit.failed(&cause),
    };
    let page = RegisterCompletePage {
        token: fields.get("token").to_owned(),
        email,
        username: fields.get("username").chars().take(64).collect(),
        name: fields.get("name").chars().take(128).collect(),
        password_min: password_min(&visit),
        error: Some(error),
    };
    visit.page(StatusCode::BAD_REQUEST, &page, Frame::default())
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
    };
    visit.page(StatusCode::OK, &page, Frame::default())
}
