//! Giving up, starting again, and going on with a request.

use crate::{extract::Posted, paths, visit::Visit};
use axum::{extract::Query, response::Response};
use serde::Deserialize;
use vestibule_domain::FlowId;
use vestibule_flows::Next;

/// Query of the page.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    request: Option<String>,
}

/// Gives up, at either factor.
pub(crate) async fn cancel(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let Ok(flow) = fields.get("flow").parse::<FlowId>() else {
        return visit.next(&visit.app().sign_in().cancel_request(&visit.cx, fields.get("request")));
    };
    match visit.app().sign_in().leave_flow(&visit.cx, flow, false).await {
        Ok(next) => visit.next(&next),
        Err(cause) => visit.failed(&cause),
    }
}

/// "Not you?": back to the first factor with an empty name.
pub(crate) async fn restart(posted: Posted) -> Response {
    let Posted { visit, fields } = posted;
    let Ok(flow) = fields.get("flow").parse::<FlowId>() else { return visit.next(&Next::Expired) };
    match visit.app().sign_in().leave_flow(&visit.cx, flow, true).await {
        Ok(Next::Login { request }) => visit.see_other(&paths::login_as_other(&request)),
        Ok(next) => visit.next(&next),
        Err(cause) => visit.failed(&cause),
    }
}

/// Goes on with a request after something was done for it.
pub(crate) async fn resume(visit: Visit, Query(asked): Query<Asked>) -> Response {
    let step = visit.app().sign_in().resume(&visit.cx, asked.request.as_deref().unwrap_or_default()).await;
    visit.step(step)
}
