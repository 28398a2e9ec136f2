//! The device authorization endpoint.

use crate::{
    call::AppCall,
    http::reply::{Reply, Stop},
    paths,
};
use http::StatusCode;
use serde_json::json;

/// The device authorization endpoint (RFC 8628 §3.1 and §3.2).
pub(crate) async fn ask(call: AppCall) -> Reply {
    let AppCall { visit, headers, request } = call;
    let asked = visit.app().oidc().device(&visit.cx, request).await?;
    let asked = asked.map_err(|error| Stop::back_channel(&headers, error))?;
    let origin = &visit.cx.pool.pool.origin;
    let body = json!({
        "device_code": asked.device_code,
        "user_code": asked.user_code,
        "verification_uri": origin.url(paths::DEVICE),
        "verification_uri_complete": origin.url(&paths::device(&asked.user_code)),
        "expires_in": asked.expires_in,
        "interval": asked.interval,
    });
    Ok(visit.json(StatusCode::OK, body.to_string()))
}
