//! The pushed authorization request endpoint.

use crate::{
    call::AppCall,
    http::reply::{Reply, Stop},
};
use http::StatusCode;
use serde_json::json;

/// The pushed authorization request endpoint (RFC 9126 §2).
pub(crate) async fn push(call: AppCall) -> Reply {
    let AppCall { mut visit, headers, request } = call;
    let known = visit.acquaint(request.form.client_id()).await?;
    known.map_err(|error| Stop::back_channel(&headers, error))?;
    let pushed = visit.app().oidc().push(&visit.cx, request).await?;
    let pushed = pushed.map_err(|error| Stop::back_channel(&headers, error))?;
    let body = json!({ "request_uri": pushed.request_uri, "expires_in": pushed.expires_in });
    Ok(visit.json(StatusCode::CREATED, body.to_string()))
}
