//! Connected applications.

use crate::{
    extract::Posted, gate::enter, http::reply::Reply, messages::Said, page::Frame, paths, visit::Visit,
};
use http::StatusCode;
use vestibule_domain::AccountPage;
use vestibule_flows::{Account, AppView, View};
use vestibule_pages::{AppRow, AppsPage, Message, Nav, keys};

/// Connected applications.
pub(crate) async fn page(visit: Visit) -> Reply {
    let account = enter(&visit, View(AccountPage::Applications)).await?;
    show(&visit, &account, visit.said()).await
}

async fn show(visit: &Visit, account: &Account, said: Said) -> Reply {
    let apps = visit.app().accounts().apps(&visit.cx, account).await?;
    let row = |app: AppView| AppRow {
        client_id: app.client_id,
        name: app.name,
        scopes: app.scopes.iter().map(|scope| visit.scope_item(scope)).collect(),
        granted: app.granted_at.as_seconds(),
        last_used: Some(app.last_used_at.as_seconds()),
    };
    let page = AppsPage { apps: apps.into_iter().map(row).collect(), notice: said.notice, error: said.error };
    Ok(visit.page(said.status, &page, Frame::center(visit, account, Nav::Apps)))
}

/// Disconnects an application.
pub(crate) async fn revoke(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let account = enter(&visit, View(AccountPage::Applications)).await?;
    let revoked = visit.app().accounts().revoke_app(&visit.cx, &account, fields.get("client")).await?;
    let gone = || Said::wrong(StatusCode::OK, Message::error(keys::GONE));
    let said = if revoked { Said::done(keys::APP_REVOKED) } else { gone() };
    Ok(visit.say(paths::APPS, &said))
}
