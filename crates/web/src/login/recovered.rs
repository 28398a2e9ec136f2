//! After a recovery code.

use crate::{gate::enter, page::Frame, paths, visit::Visit};
use axum::{extract::Query, response::Response};
use http::StatusCode;
use serde::Deserialize;
use vestibule_domain::AccountPage;
use vestibule_flows::View;
use vestibule_pages::{DonePage, Message, keys};

/// Query of the page.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    request: Option<String>,
}

/// After a recovery code: what it means, and the way on.
pub(crate) async fn page(mut visit: Visit, Query(asked): Query<Asked>) -> Response {
    let account = match enter(&mut visit, View(AccountPage::Home)).await {
        Ok(account) => account,
        Err(response) => return response,
    };
    let security = match visit.app().accounts().security(&visit.cx, &account).await {
        Ok(security) => security,
        Err(cause) => return visit.failed(&cause),
    };
    let left = security.sets.first().map(|set| set.left);
    let page = DonePage {
        title: Message::success(keys::DONE_RECOVERED),
        detail: match left {
            Some(left) => Message::notice(keys::DONE_RECOVERED_LEFT).arg("left", left),
            None => Message::notice(keys::DONE_RECOVERED_DETAIL),
        },
        next_url: paths::resume(&asked.request.unwrap_or_default()),
        next_label: Message::notice(keys::NEXT_CONTINUE),
    };
    visit.page(StatusCode::OK, &page, Frame::default())
}
