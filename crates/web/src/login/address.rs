//! Taking a change of the mail address back, by the link that the old address got.

use crate::{
    extract::{Asked, Posted},
    http::reply::Reply,
    login::register::{BAD_LINK, Query},
    messages::Said,
    page::Frame,
    paths,
    visit::Visit,
};
use http::StatusCode;
use vestibule_domain::user::shown_address;
use vestibule_flows::AddressUndo;
use vestibule_pages::{AddressUndoPage, DonePage, Message, keys};

/// What the link would do. Nothing is done by looking: mail scanners look, too.
pub(crate) async fn page(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    let found = visit.app().accounts().undoes_address(&visit.cx, &query.token).await?;
    let (address, account) = found.ok_or(BAD_LINK)?;
    let page = AddressUndoPage { token: query.token, email: shown_address(&address), account };
    Ok(visit.page(StatusCode::OK, &page, Frame::default()))
}

/// Takes the change back.
pub(crate) async fn undo(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let said = match visit.app().accounts().undo_address(&visit.cx, fields.get("token")).await? {
        AddressUndo::Done => Said::done(keys::DONE_ADDRESS_RESTORED),
        AddressUndo::InUse => Said::wrong(StatusCode::CONFLICT, Message::error(keys::DONE_ADDRESS_IN_USE)),
        AddressUndo::BadLink => return Err(BAD_LINK),
    };
    Ok(visit.say(paths::ADDRESS_UNDONE, &said))
}

/// After that.
pub(crate) async fn undone(visit: Visit) -> Reply {
    let said = visit.said();
    let sign_in = (paths::LOGIN.to_owned(), Message::notice(keys::NEXT_SIGN_IN));
    let (title, detail) = match (said.notice, said.error) {
        (Some(title), _) => (title, keys::DONE_ADDRESS_RESTORED_DETAIL),
        (None, Some(title)) => (title, keys::DONE_ADDRESS_IN_USE_DETAIL),
        // Somebody who came back later, or wrote the address by hand.
        (None, None) => return Ok(visit.see_other(paths::LOGIN)),
    };
    let restored = detail == keys::DONE_ADDRESS_RESTORED_DETAIL && visit.app().offers_reset(&visit.cx);
    let reset = (paths::RESET.to_owned(), Message::notice(keys::NEXT_NEW_PASSWORD));
    let (next_url, next_label) = if restored { reset } else { sign_in };
    let page = DonePage { title, detail: Message::notice(detail), next_url, next_label, advice: None };
    Ok(visit.page(said.status, &page, Frame::default()))
}
