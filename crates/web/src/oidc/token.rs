//! The token endpoint.

use crate::{
    call::AppCall,
    http::reply::{Reply, Stop},
};
use http::StatusCode;

/// The token endpoint (RFC 6749 §3.2).
pub(crate) async fn token(call: AppCall) -> Reply {
    let AppCall { visit, headers, request } = call;
    let tokens = visit.app().oidc().token(&visit.cx, request).await?;
    let tokens = tokens.map_err(|error| Stop::back_channel(&headers, error))?;
    Ok(visit.json(StatusCode::OK, tokens.to_json().to_string()))
}
