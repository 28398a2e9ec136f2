//! Giving up, starting again, and going on with a request.

use crate::{
    extract::{Asked, FlowPosted, Posted},
    http::reply::Reply,
    paths,
    visit::Visit,
};
use serde::Deserialize;
use vestibule_domain::FlowId;
use vestibule_flows::Next;

/// Query of the page.
#[derive(Deserialize)]
pub(crate) struct Query {
    #[serde(default)]
    request: String,
}

/// Gives up, at either factor.
pub(crate) async fn cancel(posted: Posted) -> Reply {
    let Posted { visit, fields } = posted;
    let next = match fields.get("flow").parse::<FlowId>() {
        Ok(flow) => visit.app().sign_in().leave_flow(&visit.cx, flow, false).await?,
        Err(_) => visit.app().sign_in().cancel_request(&visit.cx, fields.get("request")),
    };
    Ok(visit.next(&next))
}

/// "Not you?": back to the first factor with an empty name.
pub(crate) async fn restart(posted: FlowPosted) -> Reply {
    let FlowPosted { visit, flow, .. } = posted;
    Ok(match visit.app().sign_in().leave_flow(&visit.cx, flow, true).await? {
        Next::Login { request } => visit.see_other(&paths::login_as_other(&request)),
        next => visit.next(&next),
    })
}

/// Goes on with a request after something was done for it.
pub(crate) async fn resume(visit: Visit, Asked(query): Asked<Query>) -> Reply {
    let step = visit.app().sign_in().resume(&visit.cx, &query.request).await?;
    Ok(visit.step(&step))
}
