//! The login page, and a user name with a password.

use crate::{extract::Posted, messages::throttled, page::Frame, paths, visit::Visit};
use axum::{extract::Query, response::Response};
use http::StatusCode;
use serde::Deserialize;
use vestibule_flows::{Next, PasswordAnswer, PasswordlessOption};
use vestibule_pages::{Locale, LoginPage, Message, PasskeySignIn, keys};

/// Query of the pages of a sign-in.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    request: Option<String>,
    #[serde(default)]
    switch: Option<String>,
}

/// The login page.
pub(crate) async fn page(visit: Visit, Query(asked): Query<Asked>) -> Response {
    show(visit, asked.request.as_deref(), asked.switch.is_some(), String::new(), (StatusCode::OK, None)).await
}

pub(crate) async fn show(
    mut visit: Visit,
    request: Option<&str>,
    switch: bool,
    username: String,
    (status, error): (StatusCode, Option<Message>),
) -> Response {
    let page = match visit.app().sign_in().login_page(&visit.cx, request, switch).await {
        Ok(Some(page)) => page,
        Ok(None) => return visit.next(&Next::Expired),
        Err(cause) => return visit.failed(&cause),
    };
    if let Some(locale) = page.ui_locales.iter().find_map(|tag| Locale::parse(tag)) {
        visit.locale = locale;
    }
    let registers = visit.app().offers_registration(&visit.cx);
    let resets = visit.app().offers_reset(&visit.cx);
    let view = LoginPage {
        username: if username.is_empty() { page.username } else { username },
        error,
        notice: None,
        client_name: page.client_name,
        register_url: registers.then(|| paths::register(&page.request)),
        reset_url: resets.then(|| paths::RESET.to_owned()),
        reauth_user: page.reauthenticates,
        switch_url: paths::login_as_other(&page.request),
        cancel: page.can_cancel,
        passkey: page.passwordless.first().and_then(door),
        request: page.request,
    };
    visit.page(status, &view, Frame::toward(page.form_target))
}

fn door(open: &PasswordlessOption) -> Option<PasskeySignIn> {
    let options = open.view.data.get("options")?;
    let options = options.as_str().map_or_else(|| options.to_string(), str::to_owned);
    Some(PasskeySignIn { kind: open.kind.to_string(), options, ceremony: open.ceremony.clone() })
}

/// A user name and a password.
pub(crate) async fn password(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let (request, username) = (fields.get("request"), fields.get("username"));
    let answer =
        visit.app().sign_in().password(&visit.cx, request, username, fields.secret("password")).await;
    let (status, error) = match answer {
        Ok(PasswordAnswer::Step(step)) => return visit.step(Ok(*step)),
        Ok(PasswordAnswer::Wrong) => (StatusCode::OK, Message::error(keys::CREDENTIALS_WRONG)),
        Ok(PasswordAnswer::Throttled { seconds }) => (StatusCode::TOO_MANY_REQUESTS, throttled(seconds)),
        Ok(PasswordAnswer::TooLong) => (StatusCode::BAD_REQUEST, Message::error(keys::PASSWORD_TOO_LONG)),
        Ok(PasswordAnswer::Expired) => (StatusCode::BAD_REQUEST, Message::error(keys::SIGN_IN_AGAIN)),
        Err(cause) => return visit.failed(&cause),
    };
    let (request, username) = (request.to_owned(), username.chars().take(254).collect());
    show(visit, Some(&request), false, username, (status, Some(error))).await
}
