//! Changing the password.

use crate::{
    extract::Posted,
    gate::enter,
    http::reply::Reply,
    messages::{Said, password_min, too_many, weak},
    page::Frame,
    paths,
    visit::Visit,
};
use axum::response::Response;
use http::StatusCode;
use vestibule_domain::AccountPage;
use vestibule_flows::{Account, PasswordChange, View};
use vestibule_pages::{Message, Nav, PasswordPage, keys};

fn show(visit: &Visit, account: &Account, said: Said) -> Response {
    let page = PasswordPage {
        username: account.live.user.username.clone(),
        password_min: password_min(visit),
        notice: said.notice,
        error: said.error,
    };
    visit.page(said.status, &page, Frame::center(visit, account, Nav::Password))
}

/// Leads a password manager to the page.
pub(crate) async fn well_known(visit: Visit) -> Response {
    visit.see_other(paths::PASSWORD)
}

/// The password form.
pub(crate) async fn page(visit: Visit) -> Reply {
    let account = enter(&visit, View(AccountPage::Password)).await?;
    Ok(show(&visit, &account, visit.said()))
}

/// Changes the password.
pub(crate) async fn change(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let account = enter(&visit, View(AccountPage::Password)).await?;
    let (current, new) = (fields.secret("current_password"), fields.secret("new_password"));
    let wrong = |error| Said::wrong(StatusCode::BAD_REQUEST, error);
    let said = match visit.app().accounts().change_password(&visit.cx, &account, current, new).await? {
        PasswordChange::Done { session } => {
            let page = visit.say(paths::PASSWORD, &Said::done(keys::PASSWORD_CHANGED));
            return Ok(visit.with_session(page, Some(&session)));
        }
        // The gate before the same page says what has to come first now.
        PasswordChange::SignedOut => return Ok(visit.see_other(paths::PASSWORD)),
        PasswordChange::Wrong => wrong(Message::error(keys::PASSWORD_CURRENT_WRONG)),
        PasswordChange::Throttled { seconds } => too_many(seconds),
        PasswordChange::Weak(weakness) => wrong(weak(weakness)),
    };
    Ok(visit.say(paths::PASSWORD, &said))
}
