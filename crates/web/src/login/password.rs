//! The login page, and a user name with a password.

use crate::{
    extract::{Asked, EXPIRED, Posted, token},
    http::reply::Reply,
    messages::{Ended, Said, shown, throttled, too_many},
    page::Frame,
    paths,
    visit::Visit,
};
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use vestibule_flows::{PasswordAnswer, PasswordlessOption, RequestOwner};
use vestibule_pages::{DonePage, Locale, LoginPage, Message, PasswordlessSignIn, keys};

/// Query of the login page.
#[derive(Deserialize)]
pub(crate) struct Query {
    #[serde(default)]
    request: Option<String>,
    #[serde(default)]
    switch: Option<String>,
}

/// The login page.
pub(crate) async fn page(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    let Query { request, switch } = query;
    let said = visit.said();
    if let Some(Ended::Locked(seconds)) = said.ended {
        return Ok(locked(&visit, seconds, request.as_deref().map(token)));
    }
    if switch.is_none()
        && let Some(step) = visit.app().sign_in().beyond_login(&visit.cx, request.as_deref()).await?
    {
        return Ok(visit.step(&step));
    }
    let page = visit.app().sign_in().login_page(&visit.cx, request.as_deref(), switch.is_some()).await?;
    let page = page.ok_or(EXPIRED)?;
    visit.speak(page.ui_locales.iter().map(String::as_str).find(|tag| Locale::parse(tag).is_some()));
    let frame = Frame::toward(page.client_name.is_some());
    let registers = visit.app().offers_registration(&visit.cx);
    let resets = visit.app().offers_reset(&visit.cx);
    // A name that cannot be changed cannot be wrong.
    let username = said.again("username").unwrap_or(page.username);
    let error = said.error.map(|error| match page.reauthenticates {
        Some(_) if error.key == keys::CREDENTIALS_WRONG => Message::error(keys::PASSWORD_CURRENT_WRONG),
        _ => error,
    });
    let view = LoginPage {
        username,
        error,
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

/// One wrong answer too many: that sign-in is over, and another one can begin.
fn locked(visit: &Visit, seconds: i64, request: Option<&str>) -> Response {
    let page = DonePage {
        title: Message::error(keys::TITLE_TOO_MANY),
        detail: throttled(seconds),
        next_url: paths::login_for(request),
        next_label: Message::notice(keys::NEXT_SIGN_IN),
        advice: None,
    };
    visit.page(StatusCode::TOO_MANY_REQUESTS, &page, Frame::toward(true))
}

/// The login page once more, which says what is wrong and keeps the name. Who is signed in and types the name of
/// somebody else is not asked to confirm their own password.
pub(crate) async fn once_more(visit: &Visit, request: &str, username: &str, said: Said) -> Reply {
    if visit.app().sign_in().request_owner(&visit.cx, request) == RequestOwner::Nobody {
        return Err(EXPIRED);
    }
    let live = visit.app().live(&visit.cx).await?;
    let switches = !username.is_empty() && live.is_some_and(|live| live.user.username != username);
    let page = if switches { paths::login_as_other(request) } else { paths::login(request) };
    let said = if username.is_empty() { said } else { said.typed("username", username) };
    Ok(visit.say(&page, &said))
}

fn without_password(option: PasswordlessOption) -> PasswordlessSignIn {
    let PasswordlessOption { kind, view, ceremony } = option;
    PasswordlessSignIn { kind: kind.to_string(), view: shown(view), ceremony }
}

/// A user name and a password.
pub(crate) async fn password(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let (request, username) = (token(fields.get("request")), fields.get("username"));
    let secret = fields.secret("password");
    let wrong = |status, key| Said::wrong(status, Message::error(key));
    let said = match visit.app().sign_in().password(&visit.cx, request, username, secret).await? {
        PasswordAnswer::Step(step) => return Ok(visit.step(&step)),
        PasswordAnswer::Wrong => wrong(StatusCode::OK, keys::CREDENTIALS_WRONG),
        PasswordAnswer::Throttled { seconds } => too_many(seconds),
        PasswordAnswer::TooLong => wrong(StatusCode::BAD_REQUEST, keys::PASSWORD_TOO_LONG),
        PasswordAnswer::Expired => wrong(StatusCode::BAD_REQUEST, keys::SIGN_IN_AGAIN),
    };
    once_more(&visit, request, username, said).await
}
