//! After a recovery code.

use crate::{
    extract::{Asked, token},
    gate::enter,
    http::reply::{Reply, Stop},
    login::leave::over,
    page::Frame,
    paths,
    visit::Visit,
};
use http::StatusCode;
use serde::Deserialize;
use vestibule_domain::AccountPage;
use vestibule_flows::View;
use vestibule_pages::{Advice, DonePage, Message, keys};

/// Query of the page.
#[derive(Deserialize)]
pub(crate) struct Query {
    #[serde(default)]
    request: String,
}

/// After a recovery code: what it means, and the way on.
pub(crate) async fn page(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    let request = token(&query.request);
    let account = match enter(&visit, View(AccountPage::Home)).await {
        // Signed out meanwhile: on with what this was for, not with the user center.
        Err(Stop::First(_)) if !request.is_empty() => return over(&visit, request).await,
        entered => entered?,
    };
    let security = visit.app().accounts().security(&visit.cx, &account).await?;
    let left = security.sets.first().map(|set| set.left);
    // Whoever has the device that is lost could still answer with it.
    let advice = Advice {
        text: Message::notice(keys::DONE_RECOVERED_ADVICE),
        url: paths::SECURITY.to_owned(),
        label: Message::notice(keys::NEXT_REPLACE),
    };
    let page = DonePage {
        title: Message::success(keys::DONE_RECOVERED),
        detail: match left {
            Some(left) => Message::notice(keys::DONE_RECOVERED_LEFT).arg("left", left),
            None => Message::notice(keys::DONE_RECOVERED_DETAIL),
        },
        next_url: paths::resume(request),
        next_label: Message::notice(keys::NEXT_CONTINUE),
        advice: (!security.factors.is_empty()).then_some(advice),
    };
    Ok(visit.page(StatusCode::OK, &page, Frame::toward(true)))
}
