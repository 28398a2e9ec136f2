//! Sessions and remembered browsers.

use crate::{extract::Posted, gate::enter, page::Frame, paths, visit::Visit};
use axum::response::Response;
use http::StatusCode;
use vestibule_domain::{AccountPage, Acr, Timestamp, assess};
use vestibule_flows::{Account, View};
use vestibule_pages::{Message, Nav, RememberedBrowserRow, SessionRow, SessionsPage, SignedOutPage, keys};

/// The living sessions.
pub(crate) async fn page(mut visit: Visit) -> Response {
    match enter(&mut visit, View(AccountPage::Sessions)).await {
        Ok(account) => show(&visit, &account, None, None).await,
        Err(response) => response,
    }
}

async fn show(visit: &Visit, account: &Account, notice: Option<Message>, error: Option<Message>) -> Response {
    let sessions = match visit.app().accounts().sessions(&visit.cx, account).await {
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
    let remembered_browsers = match visit.app().accounts().remembered_browsers(&visit.cx, account).await {
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
pub(crate) async fn revoke(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let account = match enter(&mut visit, View(AccountPage::Sessions)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let revoked = match fields.get("session").parse() {
        Ok(id) => visit.app().accounts().revoke_session(&visit.cx, &account, id).await,
        Err(_) => Ok(false),
    };
    match revoked {
        Ok(true) => show(&visit, &account, Some(Message::success(keys::SESSION_REVOKED)), None).await,
        Ok(false) => show(&visit, &account, None, Some(Message::error(keys::GONE))).await,
        Err(cause) => visit.failed(&cause),
    }
}

/// Ends all other sessions.
pub(crate) async fn revoke_others(posted: Posted) -> Response {
    let Posted { mut visit, .. } = posted;
    let account = match enter(&mut visit, View(AccountPage::Sessions)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    match visit.app().accounts().revoke_other_sessions(&visit.cx, &account).await {
        Ok(_) => show(&visit, &account, Some(Message::success(keys::SESSIONS_REVOKED)), None).await,
        Err(cause) => visit.failed(&cause),
    }
}

/// Forgets a remembered browser.
pub(crate) async fn forget(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let account = match enter(&mut visit, View(AccountPage::Sessions)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let forgotten = match fields.get("device").parse() {
        Ok(id) => visit.app().accounts().forget_remembered_browser(&visit.cx, &account, id).await,
        Err(_) => Ok(false),
    };
    match forgotten {
        Ok(true) => {
            show(&visit, &account, Some(Message::success(keys::REMEMBERED_BROWSER_FORGOTTEN)), None).await
        }
        Ok(false) => show(&visit, &account, None, Some(Message::error(keys::GONE))).await,
        Err(cause) => visit.failed(&cause),
    }
}

/// Signs this browser out.
pub(crate) async fn sign_out(posted: Posted) -> Response {
    let Posted { visit, .. } = posted;
    if let Err(cause) = visit.app().accounts().sign_out(&visit.cx).await {
        return visit.failed(&cause);
    }
    let page = SignedOutPage { client_name: None, back_url: Some(paths::ACCOUNT.to_owned()) };
    visit.without_session(visit.page(StatusCode::OK, &page, Frame::default()))
}
