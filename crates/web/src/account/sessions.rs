//! Sessions and remembered browsers.

use crate::{
    extract::Posted, gate::enter, http::reply::Reply, messages::Said, page::Frame, paths, visit::Visit,
};
use http::StatusCode;
use vestibule_domain::{AccountPage, Acr, Timestamp, assess};
use vestibule_flows::{Account, RememberedBrowser, SessionView, View};
use vestibule_pages::{Message, Nav, RememberedBrowserRow, SessionRow, SessionsPage, keys};

/// The living sessions.
pub(crate) async fn page(visit: Visit) -> Reply {
    let account = enter(&visit, View(AccountPage::Sessions)).await?;
    show(&visit, &account, visit.said()).await
}

async fn show(visit: &Visit, account: &Account, said: Said) -> Reply {
    let sessions = visit.app().accounts().sessions(&visit.cx, account).await?;
    let browsers = visit.app().accounts().remembered_browsers(&visit.cx, account).await?;
    let page = SessionsPage {
        sessions: sessions.into_iter().map(|view| row(view, visit.cx.now)).collect(),
        remembered_browsers: browsers.into_iter().map(remembered).collect(),
        notice: said.notice,
        error: said.error,
    };
    Ok(visit.page(said.status, &page, Frame::center(visit, account, Nav::Sessions)))
}

fn row(view: SessionView, now: Timestamp) -> SessionRow {
    let acr = assess(&view.session.events, Timestamp::EPOCH, now).map_or(Acr::OneFactor, |now| now.acr);
    SessionRow {
        id: view.session.id.to_string(),
        current: view.current,
        device: crate::device::name(view.session.user_agent.as_deref()),
        icon: crate::device::form(view.session.user_agent.as_deref()).icon(),
        ip: view.session.ip.unwrap_or_default(),
        place: None,
        started: view.session.created_at.as_seconds(),
        last_seen: view.session.last_seen_at.as_seconds(),
        acr_key: format!("acr-{}", acr.short()),
    }
}

fn remembered(browser: RememberedBrowser) -> RememberedBrowserRow {
    RememberedBrowserRow {
        id: browser.id.to_string(),
        label: crate::device::name(Some(browser.label.as_str()).filter(|label| !label.is_empty())),
        icon: crate::device::form(Some(&browser.label)).icon(),
        created: browser.created_at.as_seconds(),
        last_used: browser.last_used_at.as_seconds(),
        expires: browser.expires_at.as_seconds(),
    }
}

/// What became of a session or browser that was to go.
fn ended(found: bool, done: &'static str) -> Said {
    if found { Said::done(done) } else { Said::wrong(StatusCode::OK, Message::error(keys::GONE)) }
}

/// Ends one session.
pub(crate) async fn revoke(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let account = enter(&visit, View(AccountPage::Sessions)).await?;
    let found = match fields.get("session").parse() {
        Ok(id) => visit.app().accounts().revoke_session(&visit.cx, &account, id).await?,
        Err(_) => false,
    };
    Ok(visit.say(paths::SESSIONS, &ended(found, keys::SESSION_REVOKED)))
}

/// Ends all other sessions.
pub(crate) async fn revoke_others(posted: Posted) -> Reply {
    let Posted { visit, .. } = posted;
    let account = enter(&visit, View(AccountPage::Sessions)).await?;
    visit.app().accounts().revoke_other_sessions(&visit.cx, &account).await?;
    Ok(visit.say(paths::SESSIONS, &Said::done(keys::SESSIONS_REVOKED)))
}

/// Forgets a remembered browser.
pub(crate) async fn forget(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let account = enter(&visit, View(AccountPage::Sessions)).await?;
    let found = match fields.get("device").parse() {
        Ok(id) => visit.app().accounts().forget_remembered_browser(&visit.cx, &account, id).await?,
        Err(_) => false,
    };
    Ok(visit.say(paths::SESSIONS, &ended(found, keys::REMEMBERED_BROWSER_FORGOTTEN)))
}

/// Signs this browser out.
pub(crate) async fn sign_out(posted: Posted) -> Reply {
    let Posted { visit, .. } = posted;
    let farewell = visit.app().accounts().sign_out(&visit.cx).await?;
    // Nobody is signed in there now, and it says so.
    let to = farewell.map_or_else(|| paths::END_SESSION.to_owned(), |query| paths::signed_out(&query));
    Ok(visit.without_session(visit.see_other(&to)))
}
