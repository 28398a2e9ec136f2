//! The user center: profile, password, sessions, connected applications.

use crate::{
    routes::{
        login::throttled,
        register::{password_min, weak},
        security,
    },
    visit::{Frame, Posted, Visit},
};
use axum::response::Response;
use http::StatusCode;
use vestibule_domain::{Acr, Timestamp, assess};
use vestibule_flows::{Account, Gate, Gated, PasswordChange};
use vestibule_pages::{
    AppRow, AppsPage, HomePage, LocaleOption, Message, Nav, PasswordPage, ProfilePage, RememberedBrowserRow,
    ScopeItem, SessionRow, SessionsPage, SignedOutPage, keys,
};

/// Comes in through the gate of `path`, or is sent where it has to go first.
pub(super) async fn enter(visit: &mut Visit, path: &str) -> Result<Account, Response> {
    match visit.app().gate(&visit.cx, Gate::of_path(path), path).await {
        Ok(Gated::Open(account)) => {
            visit.speak_to(&account.live.user);
            Ok(*account)
        }
        Ok(Gated::First(step)) => Err(visit.step(Ok(step))),
        Err(cause) => Err(visit.failed(&cause)),
    }
}

/// The pool's address alone.
pub(super) async fn root(visit: Visit) -> Response {
    visit.see_other("/u")
}

/// Where the user center begins.
pub(super) async fn home(mut visit: Visit) -> Response {
    let account = match enter(&mut visit, "/u").await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let card = match security::card_of(&visit, &account).await {
        Ok(card) => card,
        Err(response) => return response,
    };
    let user = &account.live.user;
    let name = user.name.clone().unwrap_or_else(|| user.username.clone());
    let page = HomePage { name, card, notice: None };
    visit.page(StatusCode::OK, &page, Frame::center(&visit, &account, Nav::Home))
}

/// The profile.
pub(super) async fn profile(mut visit: Visit) -> Response {
    match enter(&mut visit, "/u/profile").await {
        Ok(account) => show_profile(&visit, &account, (StatusCode::OK, None, None)).await,
        Err(response) => response,
    }
}

async fn show_profile(
    visit: &Visit,
    account: &Account,
    (status, notice, error): (StatusCode, Option<Message>, Option<Message>),
) -> Response {
    let card = match security::card_of(visit, account).await {
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
pub(super) async fn save_profile(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let mut account = match enter(&mut visit, "/u/profile").await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let name = fields.get("name").trim().to_owned();
    if name.chars().count() > 128 || name.chars().any(char::is_control) {
        let error = Some(Message::error(keys::NAME_INVALID));
        return show_profile(&visit, &account, (StatusCode::BAD_REQUEST, None, error)).await;
    }
    let locale = fields.optional("locale").map(str::to_owned);
    if locale.as_deref().is_some_and(|tag| !LocaleOption::all().iter().any(|option| option.tag == tag)) {
        let error = Some(Message::error(keys::LOCALE_INVALID));
        return show_profile(&visit, &account, (StatusCode::BAD_REQUEST, None, error)).await;
    }
    let name = Some(name).filter(|name| !name.is_empty());
    if let Err(cause) = visit.app().update_profile(&visit.cx, &account, name.clone(), locale.clone()).await {
        return visit.failed(&cause);
    }
    account.live.user.name = name;
    account.live.user.locale = locale;
    visit.speak_to(&account.live.user);
    show_profile(&visit, &account, (StatusCode::OK, Some(Message::success(keys::PROFILE_SAVED)), None)).await
}

fn show_password(
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
pub(super) async fn password(mut visit: Visit) -> Response {
    match enter(&mut visit, "/u/password").await {
        Ok(account) => show_password(&visit, &account, (StatusCode::OK, None, None)),
        Err(response) => response,
    }
}

/// Changes the password.
pub(super) async fn change_password(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let account = match enter(&mut visit, "/u/password").await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let (current, new) = (fields.secret("current_password"), fields.secret("new_password"));
    let answer = match visit.app().change_password(&visit.cx, &account, current, new).await {
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
    show_password(&visit, &account, answer)
}

/// The living sessions.
pub(super) async fn sessions(mut visit: Visit) -> Response {
    match enter(&mut visit, "/u/sessions").await {
        Ok(account) => show_sessions(&visit, &account, None, None).await,
        Err(response) => response,
    }
}

async fn show_sessions(
    visit: &Visit,
    account: &Account,
    notice: Option<Message>,
    error: Option<Message>,
) -> Response {
    let sessions = match visit.app().sessions(&visit.cx, account).await {
        Ok(sessions) => sessions,
        Err(cause) => return visit.failed(&cause),
    };
    let row = |view: vestibule_flows::SessionView| SessionRow {
        id: view.session.id.to_string(),
        current: view.current,
        device: crate::device::name(view.session.user_agent.as_deref()),
        ip: view.session.ip.clone().unwrap_or_default(),
        place: None,
        started: view.session.created_at.as_seconds(),
        last_seen: view.session.last_seen_at.as_seconds(),
        acr_key: acr_key(assess(&view.session.events, Timestamp::EPOCH, visit.cx.now).map(|now| now.acr)),
    };
    let remembered_browsers = match visit.app().remembered_browsers(&visit.cx, account).await {
        Ok(browsers) => browsers,
        Err(cause) => return visit.failed(&cause),
    };
    let remembered = |browser: vestibule_flows::RememberedBrowser| RememberedBrowserRow {
        id: browser.id.to_string(),
        label: crate::device::name(Some(browser.label.as_str()).filter(|label| !label.is_empty())),
        created: browser.created_at.as_seconds(),
        last_used: browser.last_used_at.as_seconds(),
        expires: browser.expires_at.as_seconds(),
    };
    let remembered_browsers = remembered_browsers.into_iter().map(remembered).collect();
    let page = SessionsPage {
        sessions: sessions.into_iter().map(row).collect(),
        remembered_browsers,
        notice,
        error,
    };
    visit.page(StatusCode::OK, &page, Frame::center(visit, account, Nav::Sessions))
}

fn acr_key(acr: Option<Acr>) -> String {
    format!("acr-{}", acr.unwrap_or(Acr::OneFactor).short())
}

/// Ends one session.
pub(super) async fn revoke_session(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let account = match enter(&mut visit, "/u/sessions").await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let revoked = match fields.get("session").parse() {
        Ok(id) => visit.app().revoke_session(&visit.cx, &account, id).await,
        Err(_) => Ok(false),
    };
    match revoked {
        Ok(true) => {
            show_sessions(&visit, &account, Some(Message::success(keys::SESSION_REVOKED)), None).await
        }
        Ok(false) => show_sessions(&visit, &account, None, Some(Message::error(keys::GONE))).await,
        Err(cause) => visit.failed(&cause),
    }
}

/// Ends all other sessions.
pub(super) async fn revoke_others(posted: Posted) -> Response {
    let Posted { mut visit, .. } = posted;
    let account = match enter(&mut visit, "/u/sessions").await {
        Ok(account) => account,
        Err(response) => return response,
    };
    match visit.app().revoke_other_sessions(&visit.cx, &account).await {
        Ok(_) => show_sessions(&visit, &account, Some(Message::success(keys::SESSIONS_REVOKED)), None).await,
        Err(cause) => visit.failed(&cause),
    }
}

/// Forgets a remembered browser.
pub(super) async fn forget_remembered_browser(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let account = match enter(&mut visit, "/u/sessions").await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let forgotten = match fields.get("device").parse() {
        Ok(id) => visit.app().forget_remembered_browser(&visit.cx, &account, id).await,
        Err(_) => Ok(false),
    };
    match forgotten {
        Ok(true) => {
            show_sessions(&visit, &account, Some(Message::success(keys::REMEMBERED_BROWSER_FORGOTTEN)), None)
                .await
        }
        Ok(false) => show_sessions(&visit, &account, None, Some(Message::error(keys::GONE))).await,
        Err(cause) => visit.failed(&cause),
    }
}

/// Connected applications.
pub(super) async fn apps(mut visit: Visit) -> Response {
    match enter(&mut visit, "/u/apps").await {
        Ok(account) => show_apps(&visit, &account, None, None).await,
        Err(response) => response,
    }
}

async fn show_apps(
    visit: &Visit,
    account: &Account,
    notice: Option<Message>,
    error: Option<Message>,
) -> Response {
    let apps = match visit.app().apps(&visit.cx, account).await {
        Ok(apps) => apps,
        Err(cause) => return visit.failed(&cause),
    };
    let row = |app: vestibule_flows::AppView| AppRow {
        client_id: app.client_id,
        name: app.name,
        scopes: app.scopes.iter().map(|scope| ScopeItem::new(scope)).collect(),
        granted: app.granted_at.as_seconds(),
        last_used: Some(app.last_used_at.as_seconds()),
    };
    let page = AppsPage { apps: apps.into_iter().map(row).collect(), notice, error };
    visit.page(StatusCode::OK, &page, Frame::center(visit, account, Nav::Apps))
}

/// Disconnects an application.
pub(super) async fn revoke_app(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let account = match enter(&mut visit, "/u/apps").await {
        Ok(account) => account,
        Err(response) => return response,
    };
    match visit.app().revoke_app(&visit.cx, &account, fields.get("client")).await {
        Ok(true) => show_apps(&visit, &account, Some(Message::success(keys::APP_REVOKED)), None).await,
        Ok(false) => show_apps(&visit, &account, None, Some(Message::error(keys::GONE))).await,
        Err(cause) => visit.failed(&cause),
    }
}

/// Signs this browser out.
pub(super) async fn sign_out(posted: Posted) -> Response {
    let Posted { visit, .. } = posted;
    if let Err(cause) = visit.app().sign_out(&visit.cx).await {
        return visit.failed(&cause);
    }
    let page = SignedOutPage { client_name: None, back_url: Some("/u".to_owned()) };
    visit.without_session(visit.page(StatusCode::OK, &page, Frame::default()))
}
