//! The revocation endpoint.

use crate::{
    call::AppCall,
    http::reply::{Reply, Stop},
};
use http::StatusCode;

/// The revocation endpoint (RFC 7009 §2).
pub(crate) async fn revoke(call: AppCall) -> Reply {
    let AppCall { visit, headers, request } = call;
    let revoked = visit.app().oidc().revoke(&visit.cx, request).await?;
    revoked.map_err(|error| Stop::back_channel(&headers, error))?;
    Ok(visit.json(StatusCode::OK, "{}".to_owned()))
}
