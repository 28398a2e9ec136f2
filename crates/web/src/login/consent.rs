//! Consent.

use crate::{
    extract::{Asked, Posted, token},
    http::reply::Reply,
    login::leave::{go_on, over},
    page::Frame,
    paths,
    visit::Visit,
};
use http::StatusCode;
use serde::Deserialize;
use vestibule_flows::SelfMade;
use vestibule_pages::{ConsentPage, OriginNotice};

/// Query of the page.
#[derive(Deserialize)]
pub(crate) struct Query {
    #[serde(default)]
    request: String,
}

/// Asks the user for consent.
pub(crate) async fn page(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    let request = token(&query.request).to_owned();
    let Some(page) = visit.app().sign_in().consent_page(&visit.cx, &request).await? else {
        // The session does not meet the request, or not any more; what comes first is asked first.
        return over(&visit, &request).await;
    };
    visit.speak(page.locale.as_deref());
    let host = page.answered_at.split("://").last().unwrap_or_default().to_owned();
    let origin = page.origin.map(|origin| match origin {
        SelfMade::Registered => OriginNotice::registered(&host),
        SelfMade::Described { host, trusted } => OriginNotice::described(host, trusted),
    });
    let view = ConsentPage {
        client_name: page.client_name,
        client_host: host,
        origin,
        scopes: page.scopes.iter().map(|scope| visit.scope_item(scope)).collect(),
        username: page.username,
        switch_url: paths::login_as_other(&request),
        request,
    };
    Ok(visit.page(StatusCode::OK, &view, Frame::toward(true)))
}

/// The user's answer.
pub(crate) async fn decide(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let allow = fields.get("decision") == "allow";
    let request = token(fields.get("request"));
    let step = visit.app().sign_in().consent(&visit.cx, request, allow).await?;
    go_on(&visit, step, request).await
}
