//! Consent.

use crate::{extract::Posted, page::Frame, paths, visit::Visit};
use axum::{extract::Query, response::Response};
use http::StatusCode;
use serde::Deserialize;
use vestibule_pages::{ConsentPage, Message, ScopeItem, keys};

/// Query of the page.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    request: Option<String>,
}

/// Asks whether the application may.
pub(crate) async fn page(visit: Visit, Query(asked): Query<Asked>) -> Response {
    let request = asked.request.unwrap_or_default();
    match visit.app().sign_in().consent_page(&visit.cx, &request).await {
        Ok(Some(page)) => {
            let host = page.form_target.split("://").last().unwrap_or_default().to_owned();
            let view = ConsentPage {
                client_name: page.client_name,
                client_host: host,
                scopes: page.scopes.iter().map(|scope| ScopeItem::new(scope)).collect(),
                username: page.username,
                switch_url: paths::login_as_other(&request),
                request,
            };
            visit.page(StatusCode::OK, &view, Frame::toward(Some(page.form_target)))
        }
        Ok(None) => visit.problem(StatusCode::FORBIDDEN, Message::error(keys::FLOW_EXPIRED)),
        Err(cause) => visit.failed(&cause),
    }
}

/// The user's answer.
pub(crate) async fn decide(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let allow = fields.get("decision") == "allow";
    let step = visit.app().sign_in().consent(&visit.cx, fields.get("request"), allow).await;
    visit.step(step)
}
