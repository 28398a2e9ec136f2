//! The profile.

use crate::{account::card::card_of, extract::Posted, gate::enter, page::Frame, visit::Visit};
use axum::response::Response;
use http::StatusCode;
use vestibule_domain::AccountPage;
use vestibule_flows::{Account, View};
use vestibule_pages::{LocaleOption, Message, Nav, ProfilePage, keys};

/// The profile.
pub(crate) async fn page(mut visit: Visit) -> Response {
    match enter(&mut visit, View(AccountPage::Profile)).await {
        Ok(account) => show(&visit, &account, (StatusCode::OK, None, None)).await,
        Err(response) => response,
    }
}

async fn show(
    visit: &Visit,
    account: &Account,
    (status, notice, error): (StatusCode, Option<Message>, Option<Message>),
) -> Response {
    let card = match card_of(visit, account).await {
        Ok(card) => card,
        Err(response) => return response,
    };
    let user = &account.live.user;
    let page = ProfilePage {
        card,
        username: user.username.clone(),
        email: user.email.clone(),
        email_verified: user.email_verified,
        name: user.name.clone().unwrap_or_default(),
        locale: user.locale.clone().unwrap_or_default(),
        locales: LocaleOption::all(),
        notice,
        error,
    };
    visit.page(status, &page, Frame::center(visit, account, Nav::Profile))
}

/// Saves name and language.
pub(crate) async fn save(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let account = match enter(&mut visit, View(AccountPage::Profile)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let name = fields.get("name").trim().to_owned();
    if name.chars().count() > 128 || name.chars().any(char::is_control) {
        let error = Some(Message::error(keys::NAME_INVALID));
        return show(&visit, &account, (StatusCode::BAD_REQUEST, None, error)).await;
    }
    let locale = fields.optional("locale").map(str::to_owned);
    if locale.as_deref().is_some_and(|tag| !LocaleOption::all().iter().any(|option| option.tag == tag)) {
        let error = Some(Message::error(keys::LOCALE_INVALID));
        return show(&visit, &account, (StatusCode::BAD_REQUEST, None, error)).await;
    }
    let name = Some(name).filter(|name| !name.is_empty());
    let account = match visit.app().accounts().update_profile(&visit.cx, account, name, locale).await {
        Ok(account) => account,
        Err(cause) => return visit.failed(&cause),
    };
    visit.speak_to(&account.live.user);
    show(&visit, &account, (StatusCode::OK, Some(Message::success(keys::PROFILE_SAVED)), None)).await
}
