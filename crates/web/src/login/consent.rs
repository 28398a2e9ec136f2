//! Consent.

use crate::{
    extract::{Asked, Posted},
    http::reply::{Reply, Stop},
    page::Frame,
    paths,
    visit::Visit,
};
use http::StatusCode;
use serde::Deserialize;
use vestibule_pages::{ConsentPage, ScopeItem, keys};

/// Query of the page.
#[derive(Deserialize)]
pub(crate) struct Query {
    #[serde(default)]
    request: String,
}

/// Asks the user for consent.
pub(crate) async fn page(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    let request = query.request;
    let page = visit.app().sign_in().consent_page(&visit.cx, &request).await?;
    let page = page.ok_or(Stop::Problem(StatusCode::FORBIDDEN, keys::FLOW_EXPIRED))?;
    visit.speak(page.locale.as_deref());
    let host = page.answered_at.split("://").last().unwrap_or_default().to_owned();
    let view = ConsentPage {
        client_name: page.client_name,
        client_host: host,
        scopes: page.scopes.iter().map(|scope| ScopeItem::new(scope)).collect(),
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
    let step = visit.app().sign_in().consent(&visit.cx, fields.get("request"), allow).await?;
    Ok(visit.step(&step))
}
