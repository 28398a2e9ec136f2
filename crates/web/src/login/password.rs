//! The login page, and a user name with a password.

use crate::{
    extract::{Asked, EXPIRED, Posted},
    http::reply::Reply,
    messages::{Said, shown, too_many},
    page::Frame,
    paths,
    visit::Visit,
};
use http::StatusCode;
use serde::Deserialize;
use vestibule_flows::{PasswordAnswer, PasswordlessOption};
use vestibule_pages::{Locale, LoginPage, Message, PasswordlessSignIn, keys};

/// Query of the login page.
#[derive(Deserialize)]
pub(crate) struct Query {
    #[serde(default)]
    request: Option<String>,
    #[serde(default)]
    switch: Option<String>,
}

/// What the login page shows again.
#[derive(Default)]
pub(crate) struct Shown<'a> {
    /// The sealed request, if there is one.
    pub(crate) request: Option<&'a str>,
    /// For another user than the one who is signed in.
    pub(crate) switch: bool,
    /// What was typed.
    pub(crate) username: String,
}

/// The login page.
pub(crate) async fn page(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    let Query { request, switch } = query;
    let shown = Shown { request: request.as_deref(), switch: switch.is_some(), ..Shown::default() };
    show(&visit, shown, Said::default()).await
}

pub(crate) async fn show(visit: &Visit, shown: Shown<'_>, said: Said) -> Reply {
    let page = visit.app().sign_in().login_page(&visit.cx, shown.request, shown.switch).await?;
    let page = page.ok_or(EXPIRED)?;
    visit.speak(page.ui_locales.iter().map(String::as_str).find(|tag| Locale::parse(tag).is_some()));
    let frame = Frame::toward(page.client_name.is_some());
    let registers = visit.app().offers_registration(&visit.cx);
    let resets = visit.app().offers_reset(&visit.cx);
    let view = LoginPage {
        username: if shown.username.is_empty() { page.username } else { shown.username },
        error: said.error,
        notice: said.notice,
        client_name: page.client_name,
        register_url: registers.then(|| paths::register(&page.request)),
        reset_url: resets.then(|| paths::reset(&page.request)),
        reauth_user: page.reauthenticates,
        switch_url: paths::login_as_other(&page.request),
        cancel: page.can_cancel,
        passwordless: page.passwordless.into_iter().map(without_password).collect(),
        request: page.request,
    };
    Ok(visit.page(said.status, &view, frame))
}

fn without_password(option: PasswordlessOption) -> PasswordlessSignIn {
    let PasswordlessOption { kind, view, ceremony } = option;
    PasswordlessSignIn { kind: kind.to_string(), view: shown(view), ceremony }
}

/// A user name and a password.
pub(crate) async fn password(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let (request, username) = (fields.get("request"), fields.get("username"));
    let secret = fields.secret("password");
    let wrong = |status, key| Said::wrong(status, Message::error(key));
    let said = match visit.app().sign_in().password(&visit.cx, request, username, secret).await? {
        PasswordAnswer::Step(step) => return Ok(visit.step(&step)),
        PasswordAnswer::Wrong => wrong(StatusCode::OK, keys::CREDENTIALS_WRONG),
        PasswordAnswer::Throttled { seconds } => too_many(seconds),
        PasswordAnswer::TooLong => wrong(StatusCode::BAD_REQUEST, keys::PASSWORD_TOO_LONG),
        PasswordAnswer::Expired => wrong(StatusCode::BAD_REQUEST, keys::SIGN_IN_AGAIN),
    };
    let username = username.chars().take(254).collect();
    show(&visit, Shown { request: Some(request), switch: false, username }, said).await
}
