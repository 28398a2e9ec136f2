//! Where the user center begins.

use crate::{account::card::card_of, gate::enter, http::reply::Reply, page::Frame, paths, visit::Visit};
use axum::response::Response;
use http::StatusCode;
use vestibule_domain::AccountPage;
use vestibule_flows::View;
use vestibule_pages::{HomePage, Nav};

/// The pool's address alone.
pub(crate) async fn root(visit: Visit) -> Response {
    visit.see_other(paths::ACCOUNT)
}

/// Where the user center begins.
pub(crate) async fn page(visit: Visit) -> Reply {
    let account = enter(&visit, View(AccountPage::Home)).await?;
    let card = card_of(&visit, &account).await?;
    let user = &account.live.user;
    let name = user.name.clone().unwrap_or_else(|| user.username.clone());
    let page = HomePage { name, card, notice: None };
    Ok(visit.page(StatusCode::OK, &page, Frame::center(&visit, &account, Nav::Home)))
}
