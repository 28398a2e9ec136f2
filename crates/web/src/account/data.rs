//! A copy of one's own data, and the end of one's account.

use crate::{
    extract::Posted,
    gate::enter,
    http::reply::{Reply, Stop},
    messages::Said,
    page::Frame,
    paths,
    visit::Visit,
};
use axum::response::IntoResponse as _;
use http::{HeaderValue, StatusCode, header};
use vestibule_domain::AccountPage;
use vestibule_flows::{AccountDeletion, DeleteAccount, ExportData, NoteReader, View};
use vestibule_pages::{DataPage, DeletePage, DonePage, Message, Nav, keys};

/// The pool does not offer this.
const OFF: Stop = Stop::Problem(StatusCode::FORBIDDEN, keys::FEATURE_OFF);

/// What can be had, and what can be done.
pub(crate) async fn page(visit: Visit) -> Reply {
    let account = enter(&visit, View(AccountPage::Data)).await?;
    let page = DataPage { can_delete: visit.cx.pool.pool.settings.offers_deletion() };
    Ok(visit.page(StatusCode::OK, &page, Frame::center(&visit, &account, Nav::Data)))
}

/// The copy, as a file.
pub(crate) async fn export(visit: Visit) -> Reply {
    let account = enter(&visit, ExportData).await?;
    let copy = visit.app().accounts().export(&visit.cx, &account).await?;
    let mut response = format!("{copy:#}\n").into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let file = HeaderValue::from_static("attachment; filename=\"account.json\"");
    headers.insert(header::CONTENT_DISPOSITION, file);
    Ok(visit.private(response))
}

/// Before an account goes: what goes with it.
pub(crate) async fn confirm(visit: Visit) -> Reply {
    let account = enter(&visit, DeleteAccount).await?;
    if !visit.cx.pool.pool.settings.offers_deletion() {
        return Err(OFF);
    }
    let holdings = visit.app().accounts().holdings(&visit.cx, &account).await?;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let said = visit.said();
    let page = DeletePage {
        username: account.live.user.username.clone(),
        typed: said.again("username").unwrap_or_default(),
        sessions: count(holdings.sessions),
        factors: count(holdings.factors),
        applications: holdings.applications,
        error: said.error,
    };
    Ok(visit.page(said.status, &page, Frame::center(&visit, &account, Nav::Data)))
}

/// Deletes the account.
pub(crate) async fn delete(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let account = enter(&visit, DeleteAccount).await?;
    let typed = fields.get("username");
    let wrong = |status, key| {
        Ok(visit.say(paths::DATA_DELETE, &Said::wrong(status, Message::error(key)).typed("username", typed)))
    };
    match visit.app().accounts().delete_account(&visit.cx, &account, typed).await? {
        AccountDeletion::Done => {
            let reader = NoteReader { page: paths::DELETED, user: None };
            let note = visit.app().seal_note(&visit.cx, &reader, b"");
            Ok(visit.without_session(visit.see_other(&paths::deleted(&note))))
        }
        AccountDeletion::Off => Err(OFF),
        AccountDeletion::Mistyped => wrong(StatusCode::BAD_REQUEST, keys::DELETE_MISTYPED),
        AccountDeletion::LastAdmin => wrong(StatusCode::CONFLICT, keys::DELETE_LAST_ADMIN),
    }
}

/// After that.
pub(crate) async fn deleted(visit: Visit) -> Reply {
    let reader = NoteReader { page: paths::DELETED, user: None };
    let open = |note| visit.app().open_note(&visit.cx, &reader, note);
    if visit.note.as_deref().and_then(open).is_none() {
        return Ok(visit.see_other(paths::LOGIN));
    }
    let page = DonePage {
        title: Message::success(keys::DONE_DELETED),
        detail: Message::notice(keys::DONE_DELETED_DETAIL),
        next_url: paths::LOGIN.to_owned(),
        next_label: Message::notice(keys::NEXT_SIGN_IN),
        advice: None,
    };
    Ok(visit.page(StatusCode::OK, &page, Frame::default()))
}
