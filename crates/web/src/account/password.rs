//! Changing the password.

use crate::{
    extract::Posted,
    gate::enter,
    messages::{password_min, throttled, weak},
    page::Frame,
    visit::Visit,
};
use axum::response::Response;
use http::StatusCode;
use vestibule_domain::AccountPage;
use vestibule_flows::{Account, PasswordChange, View};
use vestibule_pages::{Message, Nav, PasswordPage, keys};

fn show(
    visit: &Visit,
    account: &Account,
    (status, notice, error): (StatusCode, Option<Message>, Option<Message>),
) -> Response {
    let user = &account.live.user;
    let page =
        PasswordPage { username: user.username.clone(), password_min: password_min(visit), notice, error };
    visit.page(status, &page, Frame::center(visit, account, Nav::Password))
}

/// The password form.
pub(crate) async fn page(mut visit: Visit) -> Response {
    match enter(&mut visit, View(AccountPage::Password)).await {
        Ok(account) => show(&visit, &account, (StatusCode::OK, None, None)),
        Err(response) => response,
    }
}

/// Changes the password.
pub(crate) async fn change(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let account = match enter(&mut visit, View(AccountPage::Password)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let (current, new) = (fields.secret("current_password"), fields.secret("new_password"));
    let answer = match visit.app().accounts().change_password(&visit.cx, &account, current, new).await {
        Ok(PasswordChange::Done) => (StatusCode::OK, Some(Message::success(keys::PASSWORD_CHANGED)), None),
        Ok(PasswordChange::Wrong) => {
            (StatusCode::BAD_REQUEST, None, Some(Message::error(keys::PASSWORD_CURRENT_WRONG)))
        }
        Ok(PasswordChange::Throttled { seconds }) => {
            (StatusCode::TOO_MANY_REQUESTS, None, Some(throttled(seconds)))
        }
        Ok(PasswordChange::Weak(weakness)) => (StatusCode::BAD_REQUEST, None, Some(weak(weakness))),
        Err(cause) => return visit.failed(&cause),
    };
    show(&visit, &account, answer)
}
