//! Connected applications.

use crate::{extract::Posted, gate::enter, page::Frame, visit::Visit};
use axum::response::Response;
use http::StatusCode;
use vestibule_domain::AccountPage;
use vestibule_flows::{Account, View};
use vestibule_pages::{AppRow, AppsPage, Message, Nav, ScopeItem, keys};

/// Connected applications.
pub(crate) async fn page(mut visit: Visit) -> Response {
    match enter(&mut visit, View(AccountPage::Applications)).await {
        Ok(account) => show(&visit, &account, None, None).await,
        Err(response) => response,
    }
}

async fn show(visit: &Visit, account: &Account, notice: Option<Message>, error: Option<Message>) -> Response {
    let apps = match visit.app().accounts().apps(&visit.cx, account).await {
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
pub(crate) async fn revoke(posted: Posted) -> Response {
    let Posted { mut visit, fields } = posted;
    let account = match enter(&mut visit, View(AccountPage::Applications)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    match visit.app().accounts().revoke_app(&visit.cx, &account, fields.get("client")).await {
        Ok(true) => show(&visit, &account, Some(Message::success(keys::APP_REVOKED)), None).await,
        Ok(false) => show(&visit, &account, None, Some(Message::error(keys::GONE))).await,
        Err(cause) => visit.failed(&cause),
    }
}
