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
use vestibule_flows::{Asker, ConsentView, DeviceAnswer, Next, SelfMade};
use vestibule_oidc::authorize::DeviceRequest;
use vestibule_pages::{ConsentPage, DeviceFacts, OriginNotice};

/// Query of the page.
#[derive(Deserialize)]
pub(crate) struct Query {
    #[serde(default)]
    request: String,
}

/// Asks the user for consent.
pub(crate) async fn page(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    let request = token(&query.request).to_owned();
    let page = match visit.app().sign_in().consent_page(&visit.cx, &request).await? {
        ConsentView::Ask(page) => *page,
        ConsentView::DeviceGone => return Ok(visit.next(&Next::Device(DeviceAnswer::Over))),
        // The session does not meet the request, or not any more; what comes first is asked first.
        ConsentView::NotNow => return over(&visit, &request).await,
    };
    visit.speak(page.locale.as_deref());
    let outside = matches!(page.asked_by, Asker::Application { .. });
    let (client_host, device) = match page.asked_by {
        Asker::Application { answered_at } => (answered_at.split("://").last().map(str::to_owned), None),
        Asker::Device(device) => (None, Some(facts(device))),
    };
    let origin = page.origin.map(|origin| match origin {
        SelfMade::Registered => OriginNotice::registered(client_host.as_deref().unwrap_or_default()),
        SelfMade::Described { host, trusted } => OriginNotice::described(host, trusted),
    });
    let view = ConsentPage {
        client_name: page.client_name,
        client_host,
        origin,
        device,
        scopes: page.scopes.iter().map(|scope| visit.scope_item(scope)).collect(),
        username: page.username,
        switch_url: paths::login_as_other(&request),
        request,
    };
    Ok(visit.page(StatusCode::OK, &view, Frame::toward(outside)))
}

/// What a device that asks is recognised by.
fn facts(device: DeviceRequest) -> DeviceFacts {
    let DeviceRequest { user_code, asked_at, asked_from, .. } = device;
    DeviceFacts { user_code, asked_at: asked_at.as_seconds(), asked_from }
}

/// The user's answer.
pub(crate) async fn decide(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let allow = fields.get("decision") == "allow";
    let request = token(fields.get("request"));
    let step = visit.app().sign_in().consent(&visit.cx, request, allow).await?;
    go_on(&visit, step, request).await
}
